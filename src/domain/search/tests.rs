//! The search filter by example: what it reads, what it tells, and what it says about itself.

use super::*;
use proptest::prelude::*;

fn raw<'a>() -> RawFilter<'a> {
    RawFilter::default()
}

fn parsed(raw: RawFilter<'_>) -> Filter {
    Filter::parse(&raw).expect("a filter")
}

fn wrong_fields(raw: RawFilter<'_>) -> Vec<String> {
    Filter::parse(&raw).expect_err("no filter").into_iter().map(|error| error.field).collect()
}

#[test]
fn reads_a_whole_form() {
    let filter = parsed(RawFilter {
        q: "MAPLE",
        at: "ends",
        state: "vermont",
        city: " Burlington ",
        rate_center: "brlngtn",
        kind: "local",
        features: "voice,fax",
        max_monthly: "$2",
        max_setup: "9.50",
        ..raw()
    });
    assert_eq!(filter.countries, ["US"]);
    assert_eq!(
        (filter.state.as_deref(), filter.locality.as_deref(), filter.rate_center.as_deref()),
        (Some("VT"), Some("Burlington"), Some("BRLNGTN"))
    );
    assert_eq!((filter.number_type, filter.features), (Some(NumberType::Local), Features::VOICE.with(Features::FAX)));
    assert_eq!((filter.max_monthly, filter.max_setup), (Some(Micros(2_000_000)), Some(Micros(9_500_000))));
    let said: Vec<String> =
        filter.active().into_iter().map(|name| format!("{}: {}", filter.part_label(name), filter.value_text(name, "USD"))).collect();
    assert_eq!(
        said,
        [
            "Word: MAPLE at the end",
            "State: Vermont",
            "City: Burlington",
            "Rate center: BRLNGTN",
            "Must have: Voice, Fax",
            "Monthly price: Up to $2.00",
            "Setup price: Up to $9.50",
            "Type: Local"
        ]
    );
}

#[test]
fn tells_every_senseless_field_at_once() {
    let fields = wrong_fields(RawFilter {
        q: "#",
        at: "middle",
        starts_with: "?",
        ends_with: "5$5",
        contains: "*",
        country: "USA",
        area: "9",
        exchange: "911",
        state: "Atlantis",
        city: "a\u{7}b",
        rate_center: &"X".repeat(65),
        kind: "satellite",
        features: "voice,video",
        max_monthly: "abc",
        max_setup: "-1",
    });
    let expected = [
        "at",
        "q",
        "starts_with",
        "ends_with",
        "contains",
        "area",
        "exchange",
        "country",
        "state",
        "city",
        "rate_center",
        "kind",
        "features",
        "max_monthly",
        "max_setup",
    ];
    assert_eq!(fields, expected);
    let errors = Filter::parse(&RawFilter { max_monthly: "abc", ..raw() }).expect_err("no price");
    assert_eq!(errors[0].message, "This is no price: write an amount such as 12.50.");
    assert!(Sort::parse("colour").is_err_and(|error| error.field == "sort"));
    assert_eq!((Sort::parse(""), Sort::parse("price")), (Ok(Sort::Memorability), Ok(Sort::Price)));
}

#[test]
fn area_codes_drop_a_leading_one_and_search_both_countries() {
    for area in ["415", "1415", "+1 (415)", "41K"] {
        let filter = parsed(RawFilter { area, ..raw() });
        assert_eq!(filter.area_code.as_deref(), Some("415"));
        assert_eq!(filter.countries, ["US", "CA"]);
        assert_eq!(filter.active(), [FilterName::Area]);
    }
    assert_eq!(parsed(RawFilter { exchange: "1-555", ..raw() }).exchange.as_deref(), Some("555"));
    for area in ["9", "115", "411", "4155", "41#", "abc d"] {
        assert_eq!(wrong_fields(RawFilter { area, ..raw() }), ["area"], "{area}");
    }
}

#[test]
fn states_and_countries_fit_each_other() {
    assert_eq!(parsed(RawFilter { state: "ON", ..raw() }).countries, ["CA"]);
    assert_eq!(parsed(RawFilter { country: "ca, us", state: "CA", ..raw() }).state.as_deref(), Some("CA"));
    assert_eq!(wrong_fields(RawFilter { country: "CA", state: "CA", ..raw() }), ["state"]);
    let abroad = parsed(RawFilter { country: "GB", state: "Kent", ..raw() });
    assert_eq!((abroad.state.as_deref(), abroad.active()), (Some("Kent"), vec![FilterName::Country, FilterName::State]));
    assert_eq!(abroad.value_text(FilterName::State, "USD"), "Kent");
    assert_eq!(parsed(raw()).active(), []);
    assert_eq!(parsed(RawFilter { country: "CA", ..raw() }).active(), [FilterName::Country]);
}

#[test]
fn the_one_box_reads_shapes_and_whole_numbers() {
    let shape = parsed(RawFilter { q: "=AABB", ..raw() });
    assert_eq!((shape.part_label(FilterName::Q), shape.value_text(FilterName::Q, "USD").as_str()), ("Shape", "AABB at the end"));
    let whole = parsed(RawFilter { q: "415555????", at: "pattern", ..raw() });
    assert_eq!(whole.value_text(FilterName::Q, "USD"), "415555???? as the whole number");
    assert_eq!(wrong_fields(RawFilter { q: "555", at: "pattern", ..raw() }), ["q"]);
}

#[test]
fn dropping_a_part_drops_only_it() {
    let full = parsed(RawFilter {
        q: "CAFE",
        starts_with: "4",
        ends_with: "3",
        contains: "5",
        country: "GB",
        area: "415",
        exchange: "555",
        state: "Kent",
        city: "Dover",
        rate_center: "DVR",
        kind: "local",
        features: "voice",
        max_monthly: "5",
        max_setup: "5",
        ..raw()
    });
    assert_eq!(full.active(), FilterName::ALL);
    assert_eq!(full.patterns().count(), 4);
    for name in FilterName::ALL {
        let rest: Vec<FilterName> = FilterName::ALL.iter().copied().filter(|other| other != name).collect();
        assert_eq!(full.without(*name).active(), rest);
        assert_eq!(FilterName::from_name(name.name()), Some(*name));
        assert!(!full.value_text(*name, "USD").is_empty());
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,24}") {
        let all = RawFilter {
            q: &text, at: &text, starts_with: &text, ends_with: &text, contains: &text, country: &text, area: &text, exchange: &text,
            state: &text, city: &text, rate_center: &text, kind: &text, features: &text, max_monthly: &text, max_setup: &text,
        };
        if let Err(errors) = Filter::parse(&all) {
            prop_assert!(errors.iter().all(|error| !error.message.is_empty()));
        }
    }
}
