//! The search as it stands in the URL: reading it, writing it, and the filters that are on. No view and no request lives here.

use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::domain::money::Micros;
use crate::domain::place::{country_name, state_name};
use crate::rpc::search::SearchInput;
use crate::ui::urls::with_param;

/// The country whose numbers are shown when the URL names none.
pub const HOME_COUNTRY: &str = "US";

/// The parameters of an address, from the text behind its question mark.
#[must_use]
pub fn parameters(query: &str) -> ParamsMap {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), Url::unescape(value))).collect()
}

/// A filter that is on, with the address of the same search without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnFilter {
    /// What kind of filter it is; empty where the value says it (`Fax`).
    pub kind: &'static str,
    pub value: String,
    pub href: String,
}

/// The search in these query parameters. Check boxes repeat their name, so `features` is every value of it.
#[must_use]
pub fn read(params: &ParamsMap) -> SearchInput {
    let text = |name: &str| params.get(name).unwrap_or_default().trim().to_owned();
    SearchInput {
        q: text("q"),
        at: text("at"),
        country: text("country"),
        area: text("area"),
        state: text("state"),
        city: text("city"),
        rate_center: text("rate_center"),
        kind: text("kind"),
        features: params.get_all("features").unwrap_or_default().join(","),
        max_monthly: text("max_monthly"),
        max_setup: text("max_setup"),
        sort: text("sort"),
        strict: text("strict"),
        cursor: text("cursor"),
    }
}

/// The address of a search. What is empty or says the default is left out.
#[must_use]
pub fn href(input: &SearchInput) -> String {
    let fields = [
        ("q", &input.q, ""),
        ("at", &input.at, "anywhere"),
        ("country", &input.country, HOME_COUNTRY),
        ("area", &input.area, ""),
        ("state", &input.state, ""),
        ("city", &input.city, ""),
        ("rate_center", &input.rate_center, ""),
        ("kind", &input.kind, ""),
        ("features", &input.features, ""),
        ("max_monthly", &input.max_monthly, ""),
        ("max_setup", &input.max_setup, ""),
        ("sort", &input.sort, "memorability"),
        ("strict", &input.strict, "0"),
        ("cursor", &input.cursor, ""),
    ];
    fields
        .into_iter()
        .filter(|(_, value, default)| !value.is_empty() && value.as_str() != *default)
        .fold(String::from("/"), |address, (name, value, _)| with_param(&address, name, Some(value)))
}

/// The address of this search after `edit`, from its first page.
pub fn edited(input: &SearchInput, edit: impl FnOnce(&mut SearchInput)) -> String {
    href(&edit_of(input, edit))
}

/// This search after `edit`, from its first page.
pub fn edit_of(input: &SearchInput, edit: impl FnOnce(&mut SearchInput)) -> SearchInput {
    let mut next = input.clone();
    next.cursor.clear();
    edit(&mut next);
    next
}

/// The names in the comma-joined list of features.
pub fn feature_names(features: &str) -> impl Iterator<Item = &str> {
    features.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// The list without `name` if it is there, else with it.
#[must_use]
pub fn toggled_feature(features: &str, name: &str) -> String {
    let mut names: Vec<&str> = feature_names(features).collect();
    match names.iter().position(|present| *present == name) {
        Some(index) => {
            names.remove(index);
        }
        None => names.push(name),
    }
    names.join(",")
}

/// A feature's name for people.
#[must_use]
pub fn feature_label(name: &str) -> String {
    match name {
        "voice" => "Voice".into(),
        "sms" => "SMS".into(),
        "mms" => "MMS".into(),
        "fax" => "Fax".into(),
        "emergency" => "Emergency (E911)".into(),
        other => other.to_owned(),
    }
}

/// A number type's name for people.
#[must_use]
pub fn kind_label(name: &str) -> String {
    match name {
        "local" => "Local".into(),
        "toll_free" => "Toll-free".into(),
        "national" => "National".into(),
        "mobile" => "Mobile".into(),
        other => other.to_owned(),
    }
}

/// `Up to $5`, or the raw text when it is no amount. Whole units are written without decimals.
#[must_use]
pub fn price_label(decimal: &str, currency: &str) -> String {
    match Micros::parse(decimal, 6) {
        Ok(amount) => format!("Up to {}", without_zero_cents(&amount.display(currency))),
        Err(_) => format!("Up to {decimal}"),
    }
}

fn without_zero_cents(amount: &str) -> String {
    amount.replacen(".00", "", 1)
}

/// Every filter that is on, in the order of the panel. The query itself is no filter: its box shows it.
#[must_use]
pub fn filters_on(input: &SearchInput, currency: &str) -> Vec<OnFilter> {
    let mut on = Vec::new();
    let mut add = |kind: &'static str, value: String, edit: &dyn Fn(&mut SearchInput)| {
        if !value.is_empty() {
            on.push(OnFilter { kind, value, href: edited(input, edit) });
        }
    };
    let country = if input.country == HOME_COUNTRY { "" } else { country_name(&input.country) };
    add("Country", country.to_owned(), &|next| next.country.clear());
    add("State", state_name(&input.state).map_or_else(|| input.state.clone(), str::to_owned), &|next| {
        // A city is named within its state: without the state it would mean every city of that name.
        next.state.clear();
        next.city.clear();
    });
    add("City", input.city.clone(), &|next| next.city.clear());
    add("Rate center", input.rate_center.clone(), &|next| next.rate_center.clear());
    add("Area code", input.area.clone(), &|next| next.area.clear());
    for name in feature_names(&input.features) {
        add("", feature_label(name), &|next| next.features = toggled_feature(&next.features, name));
    }
    if !input.max_monthly.is_empty() {
        add("", price_label(&input.max_monthly, currency), &|next| next.max_monthly.clear());
    }
    if !input.max_setup.is_empty() {
        add("Setup", price_label(&input.max_setup, currency).to_ascii_lowercase(), &|next| next.max_setup.clear());
    }
    add("", kind_label(&input.kind), &|next| next.kind.clear());
    on
}

/// The same query without any filter.
#[must_use]
pub fn without_filters(input: &SearchInput) -> String {
    href(&SearchInput {
        q: input.q.clone(),
        at: input.at.clone(),
        sort: input.sort.clone(),
        strict: input.strict.clone(),
        ..SearchInput::default()
    })
}

/// The search without the field that the explanation of an empty answer names.
#[must_use]
pub fn without_field(input: &SearchInput, field: &str) -> String {
    edited(input, |next| match field {
        "q" => next.q.clear(),
        "country" => next.country.clear(),
        "area" => next.area.clear(),
        "state" => next.state.clear(),
        "city" => next.city.clear(),
        "rate_center" => next.rate_center.clear(),
        "kind" => next.kind.clear(),
        "max_monthly" => next.max_monthly.clear(),
        "max_setup" => next.max_setup.clear(),
        "features" => next.features.clear(),
        // One feature of several is named `features:fax`.
        other => {
            if let Some(name) = other.strip_prefix("features:") {
                next.features = feature_names(&input.features).filter(|present| *present != name).collect::<Vec<_>>().join(",");
            }
        }
    })
}

/// A number from the URL. A plus sign that nobody escaped arrives as a space.
#[must_use]
pub fn number_param(params: &ParamsMap, name: &str) -> Option<String> {
    let digits: String = params.get(name)?.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn check_boxes_that_repeat_their_name_are_one_list() {
        let input = read(&params(&[("q", " cafe "), ("features", "voice"), ("features", "sms")]));
        assert_eq!((input.q.as_str(), input.features.as_str()), ("cafe", "voice,sms"));
    }

    #[test]
    fn defaults_stay_out_of_the_address() {
        let input = SearchInput { at: "anywhere".into(), country: "US".into(), sort: "price".into(), ..SearchInput::default() };
        assert_eq!(href(&input), "/?sort=price");
        assert_eq!(href(&SearchInput::default()), "/");
    }

    #[test]
    fn an_edit_goes_back_to_the_first_page() {
        let input = SearchInput { q: "cafe".into(), cursor: "abc".into(), ..SearchInput::default() };
        assert_eq!(edited(&input, |next| next.kind = "local".into()), "/?q=cafe&kind=local");
    }

    #[test]
    fn every_filter_that_is_on_can_be_taken_off_alone() {
        let input = SearchInput {
            state: "CA".into(),
            city: "San Francisco".into(),
            features: "voice,sms".into(),
            max_monthly: "5".into(),
            ..SearchInput::default()
        };
        let on = filters_on(&input, "USD");
        let texts: Vec<(&str, &str)> = on.iter().map(|filter| (filter.kind, filter.value.as_str())).collect();
        assert_eq!(texts, [("State", "California"), ("City", "San Francisco"), ("", "Voice"), ("", "SMS"), ("", "Up to $5")]);
        assert!(on[2].href.contains("features=sms") && on[2].href.contains("state=CA"), "{}", on[2].href);
        assert!(!on[0].href.contains("city"), "{}", on[0].href);
    }

    #[test]
    fn a_plus_sign_that_became_a_space_still_names_the_number() {
        assert_eq!(number_param(&params(&[("buy", " 14155550123")]), "buy").as_deref(), Some("+14155550123"));
        assert_eq!(number_param(&params(&[("buy", "")]), "buy"), None);
    }
}
