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
const TOLL_FREE: [u64; 7] = [800, 833, 844, 855, 866, 877, 888];
const TOLL_FREE_PERCENT: u64 = 3;

/// Numbers in few bytes each, so that ten million of them leave room for what is measured.
pub struct Inventory {
    /// City, state, rate center, country.
    places: Vec<[&'static str; 4]>,
    rows: Vec<Compact>,
}

#[derive(Clone, Copy)]
struct Compact {
    national: u64,
    place: u32,
    features: u8,
    provider: u8,
    setup: Micros,
    monthly: Micros,
}

impl Inventory {
    /// So many numbers, sorted, none twice.
    pub fn new(size: usize) -> Self {
        let ids = Ids::seeded(7);
        let mut places = vec![["", "", "", "US"]];
        let mut exchanges = Vec::new();
        for line in CITIES.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            places.push([fields[1], fields[2], fields[3], fields[4]]);
            let place = u32::try_from(places.len() - 1).expect("few");
            exchanges.extend(fields[5].split(' ').map(|exchange| (number(fields[0]), number(exchange), place)));
        }
        let mut taken = HashSet::with_capacity(size);
        let mut rows = Vec::with_capacity(size);
        while rows.len() < size {
            let line = ids.below(10_000);
            let (area_code, exchange, place) = if ids.below(100) < TOLL_FREE_PERCENT {
                (TOLL_FREE[below(&ids, TOLL_FREE.len())], 200 + ids.below(800), 0)
            } else {
                exchanges[below(&ids, exchanges.len())]
            };
            let national = (area_code * 1_000 + exchange) * 10_000 + line;
            if exchange % 100 != 11 && taken.insert(national) {
                let (setup, monthly) = price(national, &ids);
                let provider = 1 + u8::try_from(ids.below(3)).expect("small");
                rows.push(Compact { national, place, features: features(&ids).bits(), provider, setup, monthly });
            }
        }
        rows.sort_unstable_by_key(|row| row.national);
        Self { places, rows }
    }

    /// All rows as the database would tell them, or each so-many-th.
    pub fn changes(&self, step: usize) -> impl Iterator<Item = Change> + '_ {
        self.rows.iter().step_by(step.max(1)).map(|row| {
            let [locality, administrative_area, rate_center, country] = self.places[row.place as usize];
            Change {
                e164: format!("+1{}", row.national),
                available: true,
                country: country.to_owned(),
                number_type: if locality.is_empty() { NumberType::TollFree } else { NumberType::Local },
                locality: locality.to_owned(),
                administrative_area: administrative_area.to_owned(),
                rate_center: rate_center.to_owned(),
                features: Features::from_bits(row.features),
                setup: row.setup,
                monthly: row.monthly,
                provider: format!("c-{}", row.provider),
                changed_seq: 1,
            }
        })
    }

    /// The ten digits of each number, in their order.
    pub fn nationals(&self) -> impl Iterator<Item = u64> + '_ {
        self.rows.iter().map(|row| row.national)
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("digits")
}

fn below(ids: &Ids, bound: usize) -> usize {
    usize::try_from(ids.below(u64::try_from(bound).expect("small"))).expect("small")
}

/// What is easy to keep in mind costs more, and carriers differ by a few cents.
fn price(national: u64, ids: &Ids) -> (Micros, Micros) {
    let (setup, monthly) = match score_digits(national.to_string().as_bytes()).0 {
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
