//! The search in memory says what a look at every row would say, and follows holds, sales and restocking.

mod following;
mod large;
#[path = "../support/mod.rs"]
mod support;
mod truth;
mod worst;

use std::collections::BTreeSet;

use dialyard::domain::code::Code;
use dialyard::domain::e164::E164;
use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, NumberType, StockState};
use dialyard::domain::search::{Filter, FilterName, RawFilter};
use dialyard::server::carriers::Carriers;
use dialyard::server::config::SearchAccess;
use dialyard::server::ids::Ids;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::holds;
use dialyard::server::services::inventory;
use dialyard::server::services::purchase::{self, Buy};
use dialyard::server::services::search::{self, Found, Query, Seeker};
use dialyard::server::store;
use dialyard::server::store::inventory::bulk::{self, NewStock};
use support::{START, TestApp, stock_row};

/// Country, area code, state, city, rate center.
const PLACES: [[&str; 5]; 8] = [
    ["US", "415", "CA", "San Francisco", "SAN FRNCSC"],
    ["US", "628", "CA", "San Francisco", "SAN FRNCSC"],
    ["US", "510", "CA", "Oakland", "OAKLAND"],
    ["US", "408", "CA", "San Jose", "SAN JOSE"],
    ["US", "775", "NV", "Reno", "RENO"],
    ["US", "702", "NV", "Las Vegas", "LAS VEGAS"],
    ["CA", "416", "ON", "Toronto", "TORONTO"],
    ["US", "800", "", "", ""],
];

fn row(ids: &Ids) -> NewStock {
    let pick = |bound: u64| usize::try_from(ids.below(bound)).expect("a small number");
    let [country, area_code, state, city, rate_center] = PLACES[pick(8)];
    let line = if ids.below(4) == 0 { String::from("2233") } else { format!("{:04}", ids.below(10_000)) };
    NewStock {
        country: country.into(),
        number_type: if area_code == "800" { NumberType::TollFree } else { NumberType::Local },
        locality: city.into(),
        administrative_area: state.into(),
        rate_center: rate_center.into(),
        features: Features::from_bits(u8::try_from(ids.below(32)).expect("five bits")),
        setup: Micros(1_000_000 * i64::try_from(ids.below(4)).expect("small")),
        monthly: Micros(500_000 * i64::try_from(ids.below(8)).expect("small")),
        state: match ids.below(20) {
            0 => StockState::Withdrawn { aging_until: None },
            1 => StockState::Aging { until: START.plus_days(9) },
            _ => StockState::Available,
        },
        ..stock_row(&format!("+1{area_code}{}{line}", 220 + ids.below(70)), &carrier_name())
    }
}

fn carrier_name() -> String {
    String::from("acme")
}

/// An installation with 900 numbers that differ in everything, and those numbers.
async fn shop() -> (TestApp, Vec<NewStock>) {
    shop_with(Carriers::default(), SearchAccess::Open).await
}

async fn shop_with(carriers: Carriers, access: SearchAccess) -> (TestApp, Vec<NewStock>) {
    let app = TestApp::with(carriers, |settings| settings.search_access = access).await;
    let ids = Ids::seeded(11);
    let mut seen = BTreeSet::new();
    let rows: Vec<NewStock> = std::iter::repeat_with(|| row(&ids))
        .filter(|row| E164::parse(&row.e164).is_ok() && seen.insert(row.e164.clone()))
        .take(900)
        .collect();
    put(&app, rows.clone()).await;
    (app, rows)
}

async fn put(app: &TestApp, rows: Vec<NewStock>) {
    let name = carrier_name();
    let write = app.state.db.write(async move |connection| {
        bulk::carrier(connection, &name, &name, START).await?;
        bulk::insert(connection, &rows, START).await
    });
    write.await.expect("stock");
}

async fn found(app: &TestApp, seeker: Seeker<'_>, query: Query<'_>) -> Found {
    search::search(&app.state, seeker, &query).await.expect("an answer")
}

/// All strict matches, page by page.
async fn all(app: &TestApp, seeker: Seeker<'_>, filter: RawFilter<'_>, sort: &str) -> (u64, Vec<String>) {
    let (mut numbers, mut cursor, mut total) = (Vec::new(), String::new(), 0);
    loop {
        let query = Query { filter, sort, cursor: &cursor, limit: Some(50), strict: true };
        let page = found(app, seeker, query).await;
        assert!(page.errors.is_empty() && page.widened.is_empty(), "{:?}", page.errors);
        total = page.total.max(total);
        numbers.extend(page.rows.into_iter().map(|row| row.e164));
        match page.next_cursor {
            Some(next) => cursor = next,
            None => return (total, numbers),
        }
    }
}

/// The plain way: every rule of the filter on one row.
fn fits(row: &NewStock, filter: &Filter) -> bool {
    let e164 = E164::parse(&row.e164).expect("a number");
    let same = |asked: &Option<String>, value: &str| asked.as_ref().is_none_or(|asked| asked.eq_ignore_ascii_case(value));
    row.state == StockState::Available
        && filter.patterns().all(|pattern| pattern.matches(e164.national().as_bytes()).is_some())
        && (filter.countries.is_empty() || filter.countries.iter().any(|country| *country == row.country))
        && same(&filter.area_code, e164.area_code().unwrap_or_default())
        && same(&filter.exchange, e164.exchange().unwrap_or_default())
        && same(&filter.state, &row.administrative_area)
        && same(&filter.locality, &row.locality)
        && same(&filter.rate_center, &row.rate_center)
        && filter.number_type.is_none_or(|asked| asked == row.number_type)
        && row.features.contains(filter.features)
        && filter.max_monthly.is_none_or(|limit| row.monthly <= limit)
        && filter.max_setup.is_none_or(|limit| row.setup <= limit)
}

fn count(rows: &[NewStock], filter: &Filter) -> u64 {
    u64::try_from(rows.iter().filter(|row| fits(row, filter)).count()).expect("a count")
}

/// A filter of which each part is there or not.
fn random_filter<'a>(ids: &Ids) -> RawFilter<'a> {
    let pick = |values: &[&'a str]| {
        let at = usize::try_from(ids.below(3 * u64::try_from(values.len()).expect("few"))).expect("small");
        values.get(at).copied().unwrap_or("")
    };
    RawFilter {
        q: pick(&["CAFE", "22", "2?3", "=AABB", "^415", "2*3$", "5551234567"]),
        at: pick(&["ends", "starts"]),
        starts_with: pick(&["4", "1415"]),
        ends_with: pick(&["3", "33"]),
        contains: pick(&["7", "22"]),
        country: pick(&["US", "CA", "US,CA"]),
        area: pick(&["415", "702", "800"]),
        exchange: pick(&["225", "260"]),
        state: pick(&["CA", "NV"]),
        city: pick(&["san francisco", "Reno", "Nowhere"]),
        rate_center: pick(&["OAKLAND"]),
        kind: pick(&["local", "toll_free"]),
        features: pick(&["voice", "sms,fax", "emergency"]),
        max_monthly: pick(&["1", "2.5"]),
        max_setup: pick(&["1"]),
    }
}

#[tokio::test]
async fn the_index_says_what_a_look_at_every_row_says() {
    let (app, rows) = shop().await;
    let ids = Ids::seeded(5);
    let (mut empty, mut full) = (0, 0);
    for round in 0..150 {
        let raw = random_filter(&ids);
        // A state of another country makes no sense; that is another test.
        let Ok(filter) = Filter::parse(&raw) else { continue };
        let sort = ["memorability", "price", "number", "locality"][round % 4];
        let expected: BTreeSet<String> = rows.iter().filter(|row| fits(row, &filter)).map(|row| row.e164.clone()).collect();
        let (total, numbers) = all(&app, Seeker::Person, raw, sort).await;
        assert_eq!(total, u64::try_from(expected.len()).expect("a count"), "{raw:?}");
        assert_eq!(numbers.len(), expected.len(), "{raw:?}");
        assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), expected, "{raw:?}");
        if total > 0 {
            full += 1
        } else {
            empty += 1
        }
        for dropped in search::explain(&app.state, Seeker::Person, &raw).await.expect("an explanation") {
            let without = match dropped.filter.strip_prefix("features:") {
                Some(name) => {
                    let dropped = Features::parse_list(name, ',').expect("a feature");
                    Filter { features: Features::from_bits(filter.features.bits() & !dropped.bits()), ..filter.clone() }
                }
                None => filter.without(FilterName::from_name(&dropped.filter).expect("a filter")),
            };
            assert_eq!(dropped.count, count(&rows, &without), "{} of {raw:?}", dropped.filter);
        }
    }
    assert!(empty > 10 && full > 10, "{empty} empty, {full} full");
}

#[tokio::test]
async fn counts_leave_their_own_filter_out() {
    let (app, rows) = shop().await;
    let raw = RawFilter {
        q: "3",
        state: "CA",
        city: "San Francisco",
        kind: "local",
        features: "voice",
        max_monthly: "2",
        ..RawFilter::default()
    };
    let filter = Filter::parse(&raw).expect("a filter");
    let facets = search::facets(&app.state, Seeker::Visitor, &raw).await.expect("counts");
    let in_state = filter.without(FilterName::City).without(FilterName::State);
    for state in &facets.states {
        assert_eq!(state.count, count(&rows, &Filter { state: Some(state.value.clone()), ..in_state.clone() }), "{}", state.value);
    }
    assert_eq!(facets.states.iter().map(|state| state.label.as_str()).collect::<BTreeSet<_>>(), ["California", "Nevada"].into());
    for city in &facets.cities {
        assert_eq!(city.count, count(&rows, &Filter { locality: Some(city.value.clone()), ..filter.clone() }), "{}", city.value);
    }
    assert_eq!(facets.cities.len(), 3);
    for area in &facets.area_codes {
        assert_eq!(area.count, count(&rows, &Filter { area_code: Some(area.value.clone()), ..filter.clone() }), "{}", area.value);
    }
    for price in facets.prices.iter().filter(|price| !price.value.is_empty()) {
        let limit = Micros::parse(&price.value, 6).expect("a price");
        assert_eq!(price.count, count(&rows, &Filter { max_monthly: Some(limit), ..filter.clone() }), "{}", price.label);
    }
    assert_eq!(facets.prices[0].count, count(&rows, &filter.without(FilterName::MaxMonthly)));
    for feature in &facets.features {
        let more = filter.features.with(Features::parse_list(&feature.value, ',').expect("a feature"));
        assert_eq!(feature.count, count(&rows, &Filter { features: more, ..filter.clone() }), "{}", feature.value);
    }
    assert_eq!(facets.kinds.iter().map(|kind| kind.value.as_str()).collect::<Vec<_>>(), ["local", "toll_free"]);
}

#[tokio::test]
async fn orders_are_kept() {
    let (app, _) = shop().await;
    let rows = async |sort| {
        let query = Query { sort, limit: Some(50), strict: true, ..Query::default() };
        found(&app, Seeker::Person, query).await.rows
    };
    assert!(rows("price").await.is_sorted_by_key(|row| (row.monthly, row.setup)));
    assert!(rows("number").await.is_sorted_by_key(|row| row.e164.clone()));
    assert!(rows("locality").await.is_sorted_by_key(|row| (row.locality.clone(), row.e164.clone())));
    assert!(rows("memorability").await.is_sorted_by_key(|row| std::cmp::Reverse(row.memorability.score)));
}

#[tokio::test]
async fn a_hold_hides_a_number_from_others_and_marks_it_for_its_owner() {
    let app = TestApp::new().await;
    put(&app, vec![stock_row("+14153562233", "acme"), stock_row("+14153562234", "acme")]).await;
    let (mara, priya) = (app.organization("Mara", 50).await, app.organization("Priya", 50).await);
    let numbers = async |seeker: Seeker<'_>| {
        let page = found(&app, seeker, Query { sort: "number", ..Query::default() }).await;
        assert_eq!((page.total, page.stock_total), (page.rows.len() as u64, page.rows.len() as u64));
        page.rows.into_iter().map(|row| (row.e164, row.hold.is_some())).collect::<Vec<_>>()
    };
    let (first, second) = (String::from("+14153562233"), String::from("+14153562234"));
    holds::place(&app.state, &mara, &first).await.expect("a hold");
    assert_eq!(numbers(Seeker::Caller(&mara)).await, [(first.clone(), true), (second.clone(), false)]);
    assert_eq!(numbers(Seeker::Caller(&priya)).await, [(second.clone(), false)]);
    assert_eq!(numbers(Seeker::Visitor).await, [(second.clone(), false)]);
    let in_sub_account = Caller { sub_account_id: Some(String::from("elsewhere")), ..mara.clone() };
    assert_eq!(numbers(Seeker::Caller(&in_sub_account)).await, [(second.clone(), false)]);
    // Free again at the very second, whether or not a sweep has run.
    app.clock.set(START.plus_seconds(1_800));
    assert_eq!(numbers(Seeker::Visitor).await, [(first.clone(), false), (second.clone(), false)]);
    purchase::buy(&app.state, &priya, Buy { e164: first, ..Buy::default() }).await.expect("a purchase");
    assert_eq!(numbers(Seeker::Caller(&priya)).await, [(second, false)]);
}

#[tokio::test]
async fn the_index_follows_every_change_of_the_stock() {
    let app = TestApp::new().await;
    put(&app, vec![stock_row("+14153562233", "acme")]).await;
    let mara = app.organization("Mara", 50).await;
    let total = async || found(&app, Seeker::Visitor, Query::default()).await.total;
    assert_eq!(total().await, 1);
    let order = purchase::buy(&app.state, &mara, Buy { e164: String::from("+14153562233"), ..Buy::default() }).await.expect("a purchase");
    assert_eq!(total().await, 0);
    let (organization, until) = (order.organization_id.clone(), START.plus_days(45));
    let aging = app
        .state
        .db
        .write(async move |connection| store::inventory::start_aging(connection, "+14153562233", &organization, None, until, START).await);
    assert!(aging.await.expect("aging"));
    assert_eq!(total().await, 0);
    let ended = app.state.db.write(async move |connection| store::inventory::end_aging(connection, until, 10).await);
    assert_eq!(ended.await.expect("aging ends"), 1);
    assert_eq!(total().await, 1);
    put(&app, vec![stock_row("+14153562234", "acme")]).await;
    assert_eq!(total().await, 2);
    let withdrawn = app.state.db.write(async move |connection| store::inventory::withdraw(connection, "+14153562234", START).await);
    assert!(withdrawn.await.expect("withdrawn"));
    assert_eq!(total().await, 1);
}

#[tokio::test]
async fn pages_neither_repeat_nor_lose_a_number_while_others_are_sold() {
    let (app, rows) = shop().await;
    for sort in ["memorability", "price", "number", "locality"] {
        let left: BTreeSet<String> = all(&app, Seeker::Person, RawFilter::default(), sort).await.1.into_iter().collect();
        let (mut seen, mut sold) = (Vec::new(), BTreeSet::new());
        let mut cursor = String::new();
        loop {
            let page = found(&app, Seeker::Person, Query { sort, cursor: &cursor, limit: Some(40), ..Query::default() }).await;
            seen.extend(page.rows.iter().map(|row| row.e164.clone()));
            let Some(next) = page.next_cursor else { break };
            cursor = next;
            // The row that the cursor stands on goes, and one that nobody has seen yet.
            let unseen = left.iter().find(|e164| !seen.contains(e164) && !sold.contains(*e164)).cloned();
            for e164 in [seen.last().cloned(), unseen].into_iter().flatten() {
                let gone = e164.clone();
                app.state
                    .db
                    .write(async move |connection| store::inventory::withdraw(connection, &gone, START).await)
                    .await
                    .expect("withdrawn");
                sold.insert(e164);
            }
        }
        let distinct: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(distinct.len(), seen.len(), "{sort} repeats a number");
        let missed: Vec<&String> = left.iter().filter(|e164| !distinct.contains(*e164) && !sold.contains(*e164)).collect();
        assert!(missed.is_empty(), "{sort} lost {missed:?}");
    }
    assert!(rows.len() > 800);
    let foreign = found(&app, Seeker::Person, Query { cursor: "nonsense", ..Query::default() }).await;
    assert_eq!((foreign.errors[0].field.as_str(), foreign.total, foreign.rows.len()), ("cursor", 0, 0));
}

fn placed(e164: &str, place: [&'static str; 5]) -> NewStock {
    let [country, _, state, city, rate_center] = place;
    NewStock {
        country: country.into(),
        administrative_area: state.into(),
        locality: city.into(),
        rate_center: rate_center.into(),
        ..stock_row(e164, "acme")
    }
}

#[tokio::test]
async fn a_short_answer_is_filled_with_numbers_that_say_what_they_miss() {
    let app = TestApp::new().await;
    let toll_free = NewStock { number_type: NumberType::TollFree, ..placed("+18003562233", PLACES[7]) };
    put(
        &app,
        vec![
            placed("+14153562233", PLACES[0]),
            placed("+15103562233", PLACES[2]),
            placed("+17753562233", PLACES[4]),
            placed("+14163562233", PLACES[6]),
            placed("+14153722331", PLACES[0]),
            placed("+14153560000", PLACES[0]),
            toll_free,
        ],
    )
    .await;
    let query = |strict| Query {
        filter: RawFilter { q: "CAFE", at: "ends", state: "CA", city: "San Francisco", ..RawFilter::default() },
        strict,
        ..Query::default()
    };
    let page = found(&app, Seeker::Visitor, query(false)).await;
    assert_eq!((page.total, page.rows.len()), (1, 1));
    assert!(page.rows[0].relaxed.is_empty() && page.rows[0].relaxed_text.is_empty());
    assert_eq!(
        (page.rows[0].vanity.as_str(), page.rows[0].marks[0].start, page.rows[0].marks[0].letters.as_str()),
        ("356-CAFE", 6, "CAFE")
    );
    let close: Vec<(&str, &str)> = page.widened.iter().map(|row| (row.e164.as_str(), row.relaxed_text.as_str())).collect();
    // Toronto is in another country, and a toll-free number is near to no city.
    assert_eq!(close, [("+15103562233", "City relaxed, not San Francisco"), ("+17753562233", "City and state relaxed"),]);
    assert_eq!(page.widened[0].relaxed, [FilterName::City]);
    assert!(found(&app, Seeker::Visitor, query(true)).await.widened.is_empty());

    let area = RawFilter { area: "415", q: "2233", at: "ends", ..RawFilter::default() };
    let page = found(&app, Seeker::Visitor, Query { filter: area, ..Query::default() }).await;
    let close: Vec<(&str, &str)> = page.widened.iter().map(|row| (row.e164.as_str(), row.relaxed_text.as_str())).collect();
    assert_eq!(close, [("+15103562233", "Area code relaxed, not 415")], "an area code is widened within its state only");

    let word = RawFilter { q: "CAFES", state: "NV", ..RawFilter::default() };
    let page = found(&app, Seeker::Visitor, Query { filter: word, ..Query::default() }).await;
    assert_eq!(page.total, 0);
    assert_eq!(page.widened[0].e164, "+17753562233");
    assert_eq!(page.widened[0].relaxed_text, "Word shortened to CAFE");
    assert_eq!(page.widened[0].relaxed, [FilterName::Q]);
}

#[tokio::test]
async fn widening_is_for_the_first_page_that_is_not_full() {
    let (app, _) = shop().await;
    let filter = RawFilter { city: "Reno", ..RawFilter::default() };
    let first = found(&app, Seeker::Person, Query { filter, limit: Some(10), ..Query::default() }).await;
    assert!(first.total > 10 && first.widened.is_empty() && first.next_cursor.is_some());
    let mut cursor = first.next_cursor;
    while let Some(at) = cursor {
        let page = found(&app, Seeker::Person, Query { filter, cursor: &at, limit: Some(10), ..Query::default() }).await;
        assert!(page.widened.is_empty());
        assert_eq!(page.total, first.total);
        cursor = page.next_cursor;
    }
}

#[tokio::test]
async fn visitors_see_no_provider_and_two_hundred_rows() {
    let (app, _) = shop().await;
    let (total, numbers) = all(&app, Seeker::Visitor, RawFilter::default(), "number").await;
    assert_eq!((total > 200, numbers.len()), (true, 200));
    let rows = async |seeker: Seeker<'_>| found(&app, seeker, Query::default()).await.rows;
    assert!(rows(Seeker::Visitor).await.iter().all(|row| row.provider.is_none()));
    assert!(rows(Seeker::Person).await.iter().all(|row| row.provider.as_deref() == Some("c-1")));

    let (closed, _) = shop_with(Carriers::default(), SearchAccess::SignedIn).await;
    let refused = search::search(&closed.state, Seeker::Visitor, &Query::default()).await.expect_err("visitors are kept out");
    assert_eq!(refused.refusal().map(|refusal| refusal.code()), Some(Code::Unauthenticated));
    assert!(found(&closed, Seeker::Person, Query::default()).await.total > 0);
}

#[tokio::test]
async fn a_senseless_field_is_told_and_nothing_is_searched() {
    let (app, _) = shop().await;
    let filter = RawFilter { q: "#", area: "9", ..RawFilter::default() };
    let page = found(&app, Seeker::Visitor, Query { filter, sort: "colour", ..Query::default() }).await;
    let fields: Vec<&str> = page.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["q", "area", "sort"]);
    assert!(page.total == 0 && page.rows.is_empty() && page.widened.is_empty() && page.stock_total > 0);
    assert!(search::explain(&app.state, Seeker::Visitor, &filter).await.is_err());
    assert!(search::facets(&app.state, Seeker::Visitor, &filter).await.expect("no counts").states.is_empty());
}

#[tokio::test]
async fn an_empty_answer_says_which_filter_keeps_everything_away() {
    let app = TestApp::new().await;
    put(&app, vec![placed("+14153562233", PLACES[0]), placed("+14153562244", PLACES[0]), placed("+17753562233", PLACES[4])]).await;
    let filter = RawFilter { q: "CAFE", at: "ends", state: "NV", city: "San Francisco", ..RawFilter::default() };
    let drops = search::explain(&app.state, Seeker::Visitor, &filter).await.expect("an explanation");
    let said: Vec<(&str, &str, u64)> = drops.iter().map(|drop| (drop.filter.as_str(), drop.value.as_str(), drop.count)).collect();
    assert_eq!(said, [("state", "Nevada", 1), ("city", "San Francisco", 1), ("q", "CAFE at the end", 0)]);
}

#[tokio::test]
async fn look_alikes_are_close_and_free() {
    let app = TestApp::new().await;
    put(
        &app,
        vec![
            placed("+14152212233", PLACES[0]),
            placed("+14152212234", PLACES[0]),
            placed("+14152212333", PLACES[0]),
            placed("+15102212233", PLACES[2]),
            placed("+14152233014", PLACES[0]),
            placed("+14082212233", PLACES[3]),
            placed("+17757777777", PLACES[4]),
        ],
    )
    .await;
    let mara = app.organization("Mara", 50).await;
    let close = async |limit| {
        let alike = inventory::look_alikes(&app.state, Seeker::Caller(&mara), "+14152212233", limit).await.expect("look-alikes");
        alike.into_iter().map(|alike| (alike.row.e164, alike.why, alike.differing)).collect::<Vec<_>>()
    };
    let all = close(9).await;
    // The nearer on the keypad, the nearer.
    let said: Vec<(&str, &str, &[u8])> = all.iter().map(|(e164, why, differing)| (e164.as_str(), *why, differing.as_slice())).collect();
    assert_eq!(
        said,
        [
            ("+14152212333", "One digit off", &[7][..]),
            ("+14152212234", "One digit off", &[9][..]),
            ("+15102212233", "Same last seven", &[0, 2][..]),
            ("+14082212233", "Same last seven", &[1, 2][..]),
            ("+14152233014", "Same word, other spot", &[][..]),
        ]
    );
    holds::place(&app.state, &mara, "+14152212234").await.expect("a hold");
    assert!(close(9).await.iter().all(|(e164, ..)| e164 != "+14152212234"), "what is held is not free, not even for its holder");
    assert_eq!(close(2).await.len(), 2);
}
