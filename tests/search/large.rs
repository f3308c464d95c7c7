//! The index with so many numbers that it counts bits, reads lists of rows and goes along its orders, beside a plain look at every
//! number. No database: what is compared is the index alone.

use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, NumberType};
use dialyard::domain::search::{Filter, FilterName, RawFilter, Sort};
use dialyard::server::ids::Ids;
use dialyard::server::search::facets::{Count, Facets};
use dialyard::server::search::page::Ask;
use dialyard::server::search::{Claims, Cursor, Stock};
use dialyard::server::store::inventory::Change;

/// Area code, city, state: few enough that many numbers share their first digits.
const PLACES: [[&str; 3]; 7] = [
    ["212", "New York", "NY"],
    ["223", "Reading", "PA"],
    ["415", "San Francisco", "CA"],
    ["510", "Oakland", "CA"],
    ["628", "San Francisco", "CA"],
    ["775", "Reno", "NV"],
    ["800", "", ""],
];
/// Numbers of each area code and exchange, of which there are nine each.
const LINES: usize = 1_050;

const PATTERNS: [&str; 26] = [
    "7",
    "22",
    "777",
    "2233",
    "CAFE",
    "CAT",
    "FLOWERS",
    "2?3",
    "2?3*9",
    "1*2*3",
    "^4",
    "^415*7",
    "^4*2*3$",
    "00$",
    "*2?$",
    "415???2233",
    "=AABB",
    "=ABAB",
    "=ABCD",
    "=ABCABC",
    "=AABBCCDD",
    "=ABCDABCD",
    "=^AAB",
    "5*?7",
    "22*22",
    "4152222222",
];

fn numbers() -> Vec<Change> {
    let ids = Ids::seeded(17);
    let below = |bound: u64| ids.below(bound);
    let mut rows = Vec::new();
    for [area_code, city, state] in PLACES {
        for exchange in [222, 223, 228, 272, 356, 415, 422, 577, 912] {
            let mut lines: Vec<u64> = (0..LINES).map(|_| below(10_000)).collect();
            lines.sort_unstable();
            lines.dedup();
            rows.extend(lines.into_iter().map(|line| Change {
                e164: format!("+1{area_code}{exchange}{line:04}"),
                available: true,
                country: String::from("US"),
                number_type: if city.is_empty() { NumberType::TollFree } else { NumberType::Local },
                // One exchange of each area code belongs to another city.
                locality: String::from(if exchange == 356 && !city.is_empty() { "Elsewhere" } else { city }),
                administrative_area: state.to_owned(),
                rate_center: city.to_uppercase(),
                features: Features::from_bits(u8::try_from(below(32)).expect("five bits")),
                setup: Micros(1_000_000 * i64::try_from(below(12)).expect("small")),
                monthly: Micros(500_000 * i64::try_from(below(24)).expect("small")),
                provider: format!("c-{}", below(2)),
                changed_seq: 1,
            }));
        }
    }
    rows
}

/// The stock, and what is left of it after some numbers were sold.
fn stock() -> (Stock, Vec<Change>) {
    let rows = numbers();
    let stock = Stock::new();
    stock.fill(rows.iter().cloned());
    let (sold, left): (Vec<_>, Vec<_>) = rows.into_iter().enumerate().partition(|(at, _)| at % 97 == 0);
    for (_, row) in sold {
        stock.apply(Change { available: false, ..row });
    }
    (stock, left.into_iter().map(|(_, row)| row).collect())
}

/// The plain way: every rule of the filter on one row. What is cheap comes first, because this is asked very often.
fn fits(row: &Change, filter: &Filter) -> bool {
    let national = &row.e164[2..];
    let same = |asked: &Option<String>, value: &str| asked.as_ref().is_none_or(|asked| asked.eq_ignore_ascii_case(value));
    row.features.contains(filter.features)
        && filter.max_monthly.is_none_or(|limit| row.monthly <= limit)
        && filter.max_setup.is_none_or(|limit| row.setup <= limit)
        && filter.number_type.is_none_or(|asked| asked == row.number_type)
        && same(&filter.area_code, &national[..3])
        && same(&filter.exchange, &national[3..6])
        && same(&filter.state, &row.administrative_area)
        && same(&filter.locality, &row.locality)
        && same(&filter.rate_center, &row.rate_center)
        && filter.patterns().all(|pattern| pattern.matches(national.as_bytes()).is_some())
}

fn count(rows: &[Change], filter: &Filter) -> u64 {
    rows.iter().filter(|row| fits(row, filter)).count() as u64
}

/// Two pages in each order hold the numbers that come first among all that fit, and the total is theirs.
fn compare_pages(stock: &Stock, rows: &[Change], filter: &Filter) {
    let fitting: Vec<&Change> = rows.iter().filter(|row| fits(row, filter)).collect();
    for sort in Sort::ALL {
        let mut cursor: Option<Cursor> = None;
        let mut seen = Vec::new();
        for _ in 0..2 {
            let ask = Ask { filter: filter.clone(), sort, after: cursor, limit: 12, deepest: None, widen: false };
            let page = stock.page(&Claims::default(), &ask);
            assert_eq!(page.total, fitting.len() as u64, "{filter:?}");
            seen.extend(page.rows);
            let Some(next) = page.next else { break };
            cursor = Some(Cursor::decode(&next, sort).expect("a cursor"));
        }
        assert_eq!(seen.len(), fitting.len().min(24), "{sort:?} {filter:?}");
        let mut expected: Vec<_> = match sort {
            Sort::Number => fitting.iter().map(|row| (0, 0, String::new(), row.e164.clone())).collect(),
            Sort::Price => fitting.iter().map(|row| (row.monthly.0, row.setup.0, String::new(), row.e164.clone())).collect(),
            Sort::Locality => fitting
                .iter()
                .map(|row| {
                    (i64::from(row.locality.is_empty()), 0, format!("{} {}", row.locality, row.administrative_area), row.e164.clone())
                })
                .collect(),
            // What the index ranks by is not known here: the scores that are shown must fall.
            Sort::Memorability => {
                let is_word = filter.pattern.as_ref().is_some_and(|pattern| pattern.is_word());
                assert!(is_word || seen.is_sorted_by_key(|row| std::cmp::Reverse(row.memorability.score)), "{filter:?}");
                continue;
            }
        };
        expected.sort_unstable();
        let expected: Vec<&str> = expected.iter().take(24).map(|(.., e164)| e164.as_str()).collect();
        assert_eq!(seen.iter().map(|row| row.e164.as_str()).collect::<Vec<_>>(), expected, "{sort:?} {filter:?}");
    }
}

#[test]
fn many_numbers_are_found_as_by_a_look_at_each() {
    let (stock, rows) = stock();
    let none = RawFilter::default();
    let beside = [
        none,
        RawFilter { state: "CA", ..none },
        RawFilter { city: "san francisco", features: "sms", ..none },
        RawFilter { max_monthly: "2", kind: "local", ..none },
        RawFilter { max_setup: "3", max_monthly: "3.25", contains: "2", ..none },
    ];
    for (round, pattern) in PATTERNS.into_iter().enumerate() {
        let raw = RawFilter { q: pattern, ..beside[round % beside.len()] };
        compare_pages(&stock, &rows, &Filter::parse(&raw).expect("a filter"));
        compare_pages(&stock, &rows, &Filter::parse(&RawFilter { q: pattern, ..none }).expect("a filter"));
    }
    for raw in beside {
        compare_pages(&stock, &rows, &Filter::parse(&raw).expect("a filter"));
    }
}

#[test]
fn the_best_word_is_the_one_that_stands_best() {
    let (stock, rows) = stock();
    let filter = Filter::parse(&RawFilter { q: "CAT", ..RawFilter::default() }).expect("a filter");
    let ask = Ask { filter, sort: Sort::Memorability, after: None, limit: 50, deepest: None, widen: false };
    let page = stock.page(&Claims::default(), &ask);
    assert!(page.total > 2_048, "so many that they are not looked at one by one");
    // The exchange 228 is CAT, and the cheapest of its numbers come first.
    let mut best: Vec<_> = rows.iter().filter(|row| &row.e164[5..8] == "228").map(|row| (row.monthly, row.setup, &row.e164)).collect();
    best.sort_unstable();
    let best: Vec<&str> = best.iter().take(50).map(|(.., e164)| e164.as_str()).collect();
    assert_eq!(page.rows.iter().map(|row| row.e164.as_str()).collect::<Vec<_>>(), best);
}

/// Each count is what one would find with that value in the place of the filter's own.
fn compare_facets(facets: &Facets, rows: &[Change], filter: &Filter) {
    let without = |names: &[FilterName]| names.iter().fold(filter.clone(), |rest, name| rest.without(*name));
    let each = |counts: &[Count], rest: &Filter, with: &dyn Fn(&mut Filter, &str)| {
        assert!(!counts.is_empty(), "{filter:?}");
        for found in counts.iter().take(6) {
            let mut asked = rest.clone();
            with(&mut asked, &found.value);
            assert_eq!(found.count, count(rows, &asked), "{} in {filter:?}", found.value);
        }
    };
    let price = |text: &str| Micros::parse(text, 6).ok();
    let (state, city) =
        (without(&[FilterName::State, FilterName::City, FilterName::RateCenter]), without(&[FilterName::City, FilterName::RateCenter]));
    each(&facets.states, &state, &|asked, value| asked.state = Some(value.to_owned()));
    each(&facets.cities, &city, &|asked, value| asked.locality = Some(value.to_owned()));
    each(&facets.rate_centers, &city, &|asked, value| asked.rate_center = Some(value.to_owned()));
    each(&facets.area_codes, filter, &|asked, value| asked.area_code = Some(value.to_owned()));
    assert_eq!(facets.exchanges.is_empty(), filter.area_code.is_none());
    if filter.area_code.is_some() {
        each(&facets.exchanges, filter, &|asked, value| asked.exchange = Some(value.to_owned()));
    }
    each(&facets.kinds, filter, &|asked, value| asked.number_type = NumberType::from_name(value));
    each(&facets.features, filter, &|asked, value| asked.features = asked.features.with(Features::parse_list(value, ',').expect("one")));
    each(&facets.prices, filter, &|asked, value| asked.max_monthly = price(value));
    each(&facets.setups, filter, &|asked, value| asked.max_setup = price(value));
}

#[test]
fn bits_are_counted_as_numbers_are() {
    let (stock, rows) = stock();
    assert!(rows.len() > 55_000, "more than are counted one by one");
    let none = RawFilter::default();
    for raw in [
        none,
        RawFilter { kind: "local", ..none },
        RawFilter { max_monthly: "5", ..none },
        RawFilter { max_setup: "2", features: "voice", max_monthly: "7.25", ..none },
        RawFilter { state: "CA", city: "San Francisco", ..none },
        RawFilter { q: "7", rate_center: "RENO", ..none },
        RawFilter { q: "=ABCD", area: "415", ..none },
        RawFilter { area: "415", exchange: "356", kind: "local", ..none },
    ] {
        let filter = Filter::parse(&raw).expect("a filter");
        compare_facets(&stock.facets(&Claims::default(), &filter, "USD"), &rows, &filter);
    }
}
