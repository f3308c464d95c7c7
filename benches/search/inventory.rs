//! Numbers to be searched: the real area codes, exchanges and cities of `data/nanp.csv` with made-up last digits, prices and features.
//! The same size gives the same numbers.

use std::collections::HashSet;

use dialyard::domain::memorability::score_digits;
use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, NumberType};
use dialyard::server::ids::Ids;
use dialyard::server::store::inventory::Change;

static CITIES: &str = include_str!("../../data/nanp.csv");
/// Toll-free area codes, and how many of a hundred numbers have one.
const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];
const TOLL_FREE_PERCENT: u64 = 3;

/// So many numbers, sorted, none twice.
pub fn inventory(size: usize) -> Vec<Change> {
    let ids = Ids::seeded(7);
    let exchanges: Vec<(Vec<&str>, &str)> = CITIES
        .lines()
        .skip(1)
        .flat_map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let exchanges: Vec<&str> = fields[5].split(' ').collect();
            exchanges.into_iter().map(move |exchange| (fields.clone(), exchange))
        })
        .collect();
    let mut taken = HashSet::with_capacity(size);
    let mut rows = Vec::with_capacity(size);
    while rows.len() < size {
        let line = ids.below(10_000);
        let row = if ids.below(100) < TOLL_FREE_PERCENT {
            let exchange = 200 + ids.below(800);
            row(TOLL_FREE[below(&ids, TOLL_FREE.len())], exchange, line, ["", "", "", "US"], &ids)
        } else {
            let (fields, exchange) = &exchanges[below(&ids, exchanges.len())];
            row(fields[0], exchange.parse().expect("three digits"), line, [fields[1], fields[2], fields[3], fields[4]], &ids)
        };
        if row.e164.get(6..7) != Some("11") && taken.insert(row.e164[1..].parse::<u64>().expect("digits")) {
            rows.push(row);
        }
    }
    rows.sort_unstable_by(|one, other| one.e164.cmp(&other.e164));
    rows
}

fn below(ids: &Ids, bound: usize) -> usize {
    usize::try_from(ids.below(u64::try_from(bound).expect("small"))).expect("small")
}

fn row(area_code: &str, exchange: u64, line: u64, place: [&str; 4], ids: &Ids) -> Change {
    let national = format!("{area_code}{exchange:03}{line:04}");
    let [locality, administrative_area, rate_center, country] = place;
    let (setup, monthly) = price(&national, ids);
    Change {
        e164: format!("+1{national}"),
        available: true,
        country: country.to_owned(),
        number_type: if locality.is_empty() { NumberType::TollFree } else { NumberType::Local },
        locality: locality.to_owned(),
        administrative_area: administrative_area.to_owned(),
        rate_center: rate_center.to_owned(),
        features: features(ids),
        setup,
        monthly,
        provider: format!("c-{}", 1 + ids.below(3)),
        changed_seq: 1,
    }
}

/// What is easy to keep in mind costs more, and carriers differ by a few cents.
fn price(national: &str, ids: &Ids) -> (Micros, Micros) {
    let (setup, monthly) = match score_digits(national.as_bytes()).0 {
        92.. => (1_200, 650),
        86.. => (900, 450),
        76.. => (400, 275),
        66.. => (200, 190),
        46.. => (100, 145),
        _ => (100, 115),
    };
    let spread = i64::try_from(ids.below(3)).expect("small");
    (Micros(setup * 10_000), Micros((monthly + 10 * spread) * 10_000))
}

fn features(ids: &Ids) -> Features {
    let with = |set: Features, feature: Features, percent: u64| if ids.below(100) < percent { set.with(feature) } else { set };
    let set = with(Features::VOICE, Features::SMS, 92);
    let set = with(set, Features::MMS, 66);
    let set = with(set, Features::FAX, 34);
    with(set, Features::EMERGENCY, 90)
}
