//! The search filter: read from what was typed, with every senseless field told at once. Finding numbers lives in the server.

mod parse;

#[cfg(test)]
mod tests;

pub use super::place::{STATES, State, country_name, find_state, state_name};
pub use parse::RawFilter;

use super::money::Micros;
use super::number::{Features, NumberType};
use super::pattern::Pattern;

/// The country that is searched when none is asked for.
pub const DEFAULT_COUNTRY: &str = "US";

/// What the numbers must have. Every part is required; what is absent or empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The one box of the page, or the `pattern` and `shape` of REST.
    pub pattern: Option<Pattern>,
    /// What the national digits begin with.
    pub starts_with: Option<Pattern>,
    /// What they end with.
    pub ends_with: Option<Pattern>,
    /// What stands somewhere in them.
    pub contains: Option<Pattern>,
    /// Two-letter codes; any of them. Empty: all countries.
    pub countries: Vec<String>,
    /// NANP area code.
    pub area_code: Option<String>,
    /// NANP exchange.
    pub exchange: Option<String>,
    /// Code of the state or province; free text outside the United States and Canada.
    pub state: Option<String>,
    /// City, compared without regard to case.
    pub locality: Option<String>,
    /// Rate center, in capitals.
    pub rate_center: Option<String>,
    /// What kind of number.
    pub number_type: Option<NumberType>,
    /// All of these.
    pub features: Features,
    /// The highest monthly cost.
    pub max_monthly: Option<Micros>,
    /// The highest setup cost.
    pub max_setup: Option<Micros>,
}

macro_rules! filter_names {
    ($($variant:ident, $name:literal, $label:literal;)+) => {
        /// One part of the filter, by the name of its field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FilterName { $(#[doc = $label] $variant,)+ }

        impl FilterName {
            /// Every part, in the order in which the page shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The field's name on the page.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)+ } }

            /// For people.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label,)+ } }
        }
    };
}

filter_names! {
    Q, "q", "Number";
    StartsWith, "starts_with", "Starts with";
    EndsWith, "ends_with", "Ends with";
    Contains, "contains", "Contains";
    Country, "country", "Country";
    State, "state", "State";
    City, "city", "City";
    RateCenter, "rate_center", "Rate center";
    Area, "area", "Area code";
    Exchange, "exchange", "Exchange";
    Features, "features", "Must have";
    MaxMonthly, "max_monthly", "Monthly price";
    MaxSetup, "max_setup", "Setup price";
    Kind, "kind", "Type";
}

impl FilterName {
    /// The part with that field name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|filter| filter.name() == name)
    }
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Best first.
    #[default]
    Memorability,
    /// Cheapest month first.
    Price,
    /// By digits.
    Number,
    /// By city.
    Locality,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Memorability, Self::Price, Self::Number, Self::Locality];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memorability => "memorability",
            Self::Price => "price",
            Self::Number => "number",
            Self::Locality => "locality",
        }
    }

    /// The order with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Memorability => "Most memorable",
            Self::Price => "Lowest price",
            Self::Number => "Number",
            Self::Locality => "City",
        }
    }
}

impl Filter {
    /// The patterns that the national digits must all match.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        [&self.pattern, &self.starts_with, &self.ends_with, &self.contains].into_iter().flatten()
    }

    /// The parts that somebody chose, in the order of the page. The default countries are not chosen.
    #[must_use]
    pub fn active(&self) -> Vec<FilterName> {
        FilterName::ALL.iter().copied().filter(|name| self.is_active(*name)).collect()
    }

    fn is_active(&self, name: FilterName) -> bool {
        match name {
            FilterName::Q => self.pattern.is_some(),
            FilterName::StartsWith => self.starts_with.is_some(),
            FilterName::EndsWith => self.ends_with.is_some(),
            FilterName::Contains => self.contains.is_some(),
            FilterName::Country => self.countries.iter().any(|country| country != "US" && country != "CA") || self.countries == ["CA"],
            FilterName::State => self.state.is_some(),
            FilterName::City => self.locality.is_some(),
            FilterName::RateCenter => self.rate_center.is_some(),
            FilterName::Area => self.area_code.is_some(),
            FilterName::Exchange => self.exchange.is_some(),
            FilterName::Features => !self.features.is_empty(),
            FilterName::MaxMonthly => self.max_monthly.is_some(),
            FilterName::MaxSetup => self.max_setup.is_some(),
            FilterName::Kind => self.number_type.is_some(),
        }
    }

    /// The same filter without one part.
    #[must_use]
    pub fn without(&self, name: FilterName) -> Self {
        let mut rest = self.clone();
        match name {
            FilterName::Q => rest.pattern = None,
            FilterName::StartsWith => rest.starts_with = None,
            FilterName::EndsWith => rest.ends_with = None,
            FilterName::Contains => rest.contains = None,
            FilterName::Country => rest.countries.clear(),
            FilterName::State => rest.state = None,
            FilterName::City => rest.locality = None,
            FilterName::RateCenter => rest.rate_center = None,
            FilterName::Area => rest.area_code = None,
            FilterName::Exchange => rest.exchange = None,
            FilterName::Features => rest.features = Features::NONE,
            FilterName::MaxMonthly => rest.max_monthly = None,
            FilterName::MaxSetup => rest.max_setup = None,
            FilterName::Kind => rest.number_type = None,
        }
        rest
    }

    /// What one part asks for, in words such as `Vermont`, `MAPLE at the end` or `Up to $2.00`; empty for a part that is not there.
    #[must_use]
    pub fn value_text(&self, name: FilterName, currency: &str) -> String {
        let described = |pattern: &Option<Pattern>| pattern.as_ref().map(Pattern::describe);
        let text = |value: &Option<String>| value.clone();
        let up_to = |amount: &Option<Micros>| amount.map(|amount| format!("Up to {}", amount.display(currency)));
        let value = match name {
            FilterName::Q => described(&self.pattern),
            FilterName::StartsWith => described(&self.starts_with),
            FilterName::EndsWith => described(&self.ends_with),
            FilterName::Contains => described(&self.contains),
            FilterName::Country => Some(self.countries.iter().map(|code| country_name(code)).collect::<Vec<_>>().join(", ")),
            FilterName::State => self.state.as_ref().map(|code| state_name(code).map_or_else(|| code.clone(), str::to_owned)),
            FilterName::City => text(&self.locality),
            FilterName::RateCenter => text(&self.rate_center),
            FilterName::Area => text(&self.area_code),
            FilterName::Exchange => text(&self.exchange),
            FilterName::Features => Some(self.features.labels().join(", ")),
            FilterName::MaxMonthly => up_to(&self.max_monthly),
            FilterName::MaxSetup => up_to(&self.max_setup),
            FilterName::Kind => self.number_type.map(|number_type| number_type.label().to_owned()),
        };
        value.unwrap_or_default()
    }

    /// What kind of thing one part is, for people: the one box is called by what stands in it (`Word`, `Digits`, `Pattern`, `Shape`).
    #[must_use]
    pub fn part_label(&self, name: FilterName) -> &'static str {
        match (name, &self.pattern) {
            (FilterName::Q, Some(pattern)) => pattern.kind_label(),
            _ => name.label(),
        }
    }
}
