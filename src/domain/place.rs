//! Countries, states, provinces and territories that the search knows by name. Cities and rate centers come from the stock.

/// A state, province or territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Two letters, as the post writes them.
    pub code: &'static str,
    /// For people.
    pub name: &'static str,
    /// `US` or `CA`.
    pub country: &'static str,
}

const fn state(code: &'static str, name: &'static str, country: &'static str) -> State {
    State { code, name, country }
}

/// The states, the District of Columbia and the territories of the United States, then the provinces and territories of Canada.
pub const STATES: &[State] = &[
    state("AL", "Alabama", "US"),
    state("AK", "Alaska", "US"),
    state("AZ", "Arizona", "US"),
    state("AR", "Arkansas", "US"),
    state("CA", "California", "US"),
    state("CO", "Colorado", "US"),
    state("CT", "Connecticut", "US"),
    state("DE", "Delaware", "US"),
    state("DC", "District of Columbia", "US"),
    state("FL", "Florida", "US"),
    state("GA", "Georgia", "US"),
    state("HI", "Hawaii", "US"),
    state("ID", "Idaho", "US"),
    state("IL", "Illinois", "US"),
    state("IN", "Indiana", "US"),
    state("IA", "Iowa", "US"),
    state("KS", "Kansas", "US"),
    state("KY", "Kentucky", "US"),
    state("LA", "Louisiana", "US"),
    state("ME", "Maine", "US"),
    state("MD", "Maryland", "US"),
    state("MA", "Massachusetts", "US"),
    state("MI", "Michigan", "US"),
    state("MN", "Minnesota", "US"),
    state("MS", "Mississippi", "US"),
    state("MO", "Missouri", "US"),
    state("MT", "Montana", "US"),
    state("NE", "Nebraska", "US"),
    state("NV", "Nevada", "US"),
    state("NH", "New Hampshire", "US"),
    state("NJ", "New Jersey", "US"),
    state("NM", "New Mexico", "US"),
    state("NY", "New York", "US"),
    state("NC", "North Carolina", "US"),
    state("ND", "North Dakota", "US"),
    state("OH", "Ohio", "US"),
    state("OK", "Oklahoma", "US"),
    state("OR", "Oregon", "US"),
    state("PA", "Pennsylvania", "US"),
    state("RI", "Rhode Island", "US"),
    state("SC", "South Carolina", "US"),
    state("SD", "South Dakota", "US"),
    state("TN", "Tennessee", "US"),
    state("TX", "Texas", "US"),
    state("UT", "Utah", "US"),
    state("VT", "Vermont", "US"),
    state("VA", "Virginia", "US"),
    state("WA", "Washington", "US"),
    state("WV", "West Virginia", "US"),
    state("WI", "Wisconsin", "US"),
    state("WY", "Wyoming", "US"),
    state("AS", "American Samoa", "US"),
    state("GU", "Guam", "US"),
    state("MP", "Northern Mariana Islands", "US"),
    state("PR", "Puerto Rico", "US"),
    state("VI", "U.S. Virgin Islands", "US"),
    state("AB", "Alberta", "CA"),
    state("BC", "British Columbia", "CA"),
    state("MB", "Manitoba", "CA"),
    state("NB", "New Brunswick", "CA"),
    state("NL", "Newfoundland and Labrador", "CA"),
    state("NS", "Nova Scotia", "CA"),
    state("NT", "Northwest Territories", "CA"),
    state("NU", "Nunavut", "CA"),
    state("ON", "Ontario", "CA"),
    state("PE", "Prince Edward Island", "CA"),
    state("QC", "Quebec", "CA"),
    state("SK", "Saskatchewan", "CA"),
    state("YT", "Yukon", "CA"),
];

/// The state with that code or name, in upper or lower case.
#[must_use]
pub fn find_state(text: &str) -> Option<&'static State> {
    STATES.iter().find(|state| state.code.eq_ignore_ascii_case(text) || state.name.eq_ignore_ascii_case(text))
}

/// The name behind a code such as `VT`.
#[must_use]
pub fn state_name(code: &str) -> Option<&'static str> {
    STATES.iter().find(|state| state.code == code).map(|state| state.name)
}

/// The name behind a country's two letters; the letters themselves where no name is known.
#[must_use]
pub fn country_name(code: &str) -> &str {
    match code {
        "US" => "United States",
        "CA" => "Canada",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_own_code_and_name() {
        assert_eq!(STATES.len(), 51 + 5 + 13);
        for state in STATES {
            assert_eq!(find_state(state.code), Some(state));
            assert_eq!(find_state(&state.name.to_lowercase()), Some(state));
            assert_eq!(state_name(state.code), Some(state.name));
        }
        assert_eq!(find_state("ZZ"), None);
        assert_eq!((country_name("CA"), country_name("GB")), ("Canada", "GB"));
    }
}
