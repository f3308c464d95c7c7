//! The demo's stock: numbers on real area codes, exchanges and cities, with made-up last digits, prices and features. The same seed
//! gives the same stock, but for the ends of aging, which lie in the days after the first start.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domain::e164::{E164, TOLL_FREE_CODES, is_possible_code};
use crate::domain::keypad;
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType, StockState};
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::server::ids::Ids;
use crate::server::search::words::SOUGHT_AFTER;
use crate::server::store::inventory::bulk::NewStock;

use super::nanp::{City, cities};
use super::price::{features, price};

static FIXED: &str = include_str!("../../../data/fixed.csv");
static WORDS: &str = include_str!("../../../data/words.txt");

/// One number in so many is toll-free, rests after a release, or was taken out.
const TOLL_FREE_SHARE: usize = 33;
const AGING_SHARE: u64 = 600;
const WITHDRAWN_SHARE: u64 = 1_500;
/// How often another number is tried where one is taken.
const TRIES: usize = 24;
/// Cities that are well stocked, and how many times more than their exchanges would give them.
const WELL_STOCKED: [(&str, &str, u64); 12] = [
    ("San Francisco", "CA", 10),
    ("New York", "NY", 8),
    ("Los Angeles", "CA", 6),
    ("Seattle", "WA", 6),
    ("Chicago", "IL", 4),
    ("Oakland", "CA", 4),
    ("San Jose", "CA", 3),
    ("Boston", "MA", 3),
    ("Austin", "TX", 3),
    ("Denver", "CO", 3),
    ("Miami", "FL", 3),
    ("Toronto", "ON", 3),
];

/// The whole stock of `size` numbers, sorted by number; at least the fixed ones.
pub fn make(size: usize, seed: u64, carrier_id: Arc<str>, present: Timestamp) -> Vec<NewStock> {
    let mut maker = Maker::new(seed, carrier_id, present);
    maker.fixed();
    maker.toll_free(size / TOLL_FREE_SHARE);
    maker.local(size);
    maker.rows.sort_unstable_by(|one, other| one.e164.cmp(&other.e164));
    maker.rows
}

struct Maker {
    ids: Ids,
    carrier_id: Arc<str>,
    present: Timestamp,
    taken: HashSet<u64>,
    rows: Vec<NewStock>,
    /// The last four digits of words of four letters.
    endings: Vec<String>,
    /// By exchange the last four digits of words of seven letters.
    wholes: HashMap<String, Vec<String>>,
}

impl Maker {
    fn new(seed: u64, carrier_id: Arc<str>, present: Timestamp) -> Self {
        let sought: Vec<String> = WORDS.lines().take(usize::from(SOUGHT_AFTER)).map(keypad::to_digits).collect();
        let mut wholes: HashMap<String, Vec<String>> = HashMap::new();
        for word in sought.iter().filter(|word| word.len() == 7) {
            let (exchange, line) = word.split_at(3);
            wholes.entry(exchange.to_owned()).or_default().push(line.to_owned());
        }
        let endings = sought.into_iter().filter(|word| word.len() == 4).collect();
        Self { ids: Ids::seeded(seed), carrier_id, present, taken: HashSet::new(), rows: Vec::new(), endings, wholes }
    }

    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.ids.below(u64::try_from(bound).unwrap_or(u64::MAX))).unwrap_or_default()
    }

    fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// The numbers of `data/fixed.csv`, which are always available.
    fn fixed(&mut self) {
        for line in FIXED.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [e164, number_type, locality, administrative_area, rate_center, features, setup, monthly] = fields[..] else { continue };
            let (Some(number_type), Ok(features)) = (NumberType::from_name(number_type), Features::parse_list(features, '|')) else {
                continue;
            };
            let (Ok(setup), Ok(monthly)) = (Micros::parse(setup, 6), Micros::parse(monthly, 6)) else { continue };
            self.taken.extend(e164.trim_start_matches('+').parse::<u64>());
            self.rows.push(NewStock {
                e164: e164.to_owned(),
                country: Cow::Borrowed("US"),
                carrier_id: Arc::clone(&self.carrier_id),
                number_type,
                locality: Cow::Borrowed(locality),
                administrative_area: Cow::Borrowed(administrative_area),
                rate_center: Cow::Borrowed(rate_center),
                features,
                setup,
                monthly,
                state: StockState::Available,
            });
        }
    }

    fn toll_free(&mut self, count: usize) {
        let nowhere = City { area_code: "", locality: "", administrative_area: "", rate_center: "", country: "US", exchanges: Vec::new() };
        for _ in 0..count {
            for _ in 0..TRIES {
                let Some(area_code) = self.pick(&TOLL_FREE_CODES) else { return };
                let exchange = format!("{}", 200 + self.below(800));
                if is_possible_code(&exchange) && exchange != "555" && self.add(&City { area_code, ..nowhere.clone() }, &exchange) {
                    break;
                }
            }
        }
    }

    /// Spreads what is left over the cities by the square root of their exchanges, so that small ones have something too.
    fn local(&mut self, size: usize) {
        let cities = cities();
        let weights: Vec<u64> = cities.iter().map(weight).collect();
        let total: u64 = weights.iter().sum::<u64>().max(1);
        let room = u64::try_from(size.saturating_sub(self.rows.len())).unwrap_or_default();
        for (city, weight) in cities.iter().zip(&weights) {
            for _ in 0..room * weight / total {
                self.add_somewhere(city);
            }
        }
        while self.rows.len() < size {
            let Some(city) = self.pick(&cities) else { return };
            self.add_somewhere(city);
        }
    }

    fn add_somewhere(&mut self, city: &City) {
        for _ in 0..TRIES {
            let Some(exchange) = self.pick(&city.exchanges).copied() else { return };
            if self.add(city, exchange) {
                return;
            }
        }
    }

    /// Adds one number of that exchange; false when it is there already.
    fn add(&mut self, city: &City, exchange: &str) -> bool {
        let national = format!("{}{exchange}{}", city.area_code, self.line(exchange));
        let Ok(e164) = E164::parse(&national) else { return false };
        let Ok(number) = e164.digits().parse() else { return false };
        if !self.taken.insert(number) {
            return false;
        }
        let toll_free = e164.is_toll_free();
        let (setup, monthly) = price(&national, toll_free, &self.ids);
        self.rows.push(NewStock {
            e164: e164.as_str().to_owned(),
            country: Cow::Borrowed(city.country),
            carrier_id: Arc::clone(&self.carrier_id),
            number_type: if toll_free { NumberType::TollFree } else { NumberType::Local },
            locality: Cow::Borrowed(city.locality),
            administrative_area: Cow::Borrowed(city.administrative_area),
            rate_center: Cow::Borrowed(city.rate_center),
            features: features(toll_free, &self.ids),
            setup,
            monthly,
            state: self.state(),
        });
        true
    }

    /// The last four digits: mostly any, sometimes a word or something that is easy to keep in mind.
    fn line(&self, exchange: &str) -> String {
        match self.ids.below(100) {
            0..=2 => self.wholes.get(exchange).and_then(|lines| self.pick(lines)).cloned(),
            3..=8 => self.pick(&self.endings).cloned(),
            9..=11 => Some(self.pattern()),
            _ => None,
        }
        .unwrap_or_else(|| format!("{:04}", self.ids.below(10_000)))
    }

    fn pattern(&self) -> String {
        let (one, other) = (self.ids.below(10), self.ids.below(10));
        match self.ids.below(8) {
            0 => format!("{one}{one}{one}{one}"),
            1 => format!("{one}{one}{other}{other}"),
            2 => format!("{one}{other}{one}{other}"),
            3 => format!("{one}{other}{other}{one}"),
            4 => format!("{one}000"),
            5 => format!("{one}{one}{one}{other}"),
            6 => format!("{one}{other}00"),
            _ => (0..4).map(|step| ((one % 7) + step).to_string()).collect(),
        }
    }

    fn state(&self) -> StockState {
        if self.ids.below(AGING_SHARE) == 0 {
            let seconds = i64::try_from(self.ids.below(44)).unwrap_or_default() * SECONDS_PER_DAY;
            return StockState::Aging { until: self.present.plus_days(1).plus_seconds(seconds + 3_600) };
        }
        if self.ids.below(WITHDRAWN_SHARE) == 0 { StockState::Withdrawn { aging_until: None } } else { StockState::Available }
    }
}

fn weight(city: &City) -> u64 {
    let exchanges = u64::try_from(city.exchanges.len()).unwrap_or_default();
    let boost = WELL_STOCKED
        .iter()
        .find(|(locality, state, _)| *locality == city.locality && *state == city.administrative_area)
        .map_or(1, |(.., boost)| *boost);
    (exchanges * 256).isqrt() * boost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Vec<NewStock> {
        make(20_000, 7, Arc::from("carrier"), Timestamp::from_seconds(0))
    }

    #[test]
    fn the_stock_is_as_large_as_asked_and_without_twins() {
        let rows = made();
        assert_eq!(rows.len(), 20_000);
        assert!(rows.windows(2).all(|pair| pair[0].e164 < pair[1].e164));
        assert_eq!(rows, made());
    }

    #[test]
    fn the_fixed_numbers_are_available() {
        let rows = made();
        let flowers = rows.iter().find(|row| row.e164 == "+14153569377").expect("the bargain is there");
        assert_eq!((flowers.state, flowers.setup, flowers.monthly), (StockState::Available, Micros(1_000_000), Micros(1_250_000)));
        let fixed = FIXED.lines().skip(1).filter_map(|line| line.split(',').next());
        assert!(fixed.into_iter().all(|e164| rows.iter().any(|row| row.e164 == e164 && row.state == StockState::Available)));
    }

    #[test]
    fn it_is_mixed_as_a_carrier_would() {
        let rows = made();
        let share = |wanted: &dyn Fn(&NewStock) -> bool| rows.iter().filter(|row| wanted(row)).count() * 1_000 / rows.len();
        let of = |locality: &str| rows.iter().filter(|row| row.locality == locality).count();
        assert!((25..40).contains(&share(&|row| row.number_type == NumberType::TollFree)));
        assert!((60..120).contains(&share(&|row| !row.features.contains(Features::EMERGENCY))));
        assert!((990..=999).contains(&share(&|row| row.state == StockState::Available)));
        assert!(of("San Francisco") > of("Reno") && of("San Francisco") > 50);
        assert!(rows.iter().all(|row| row.number_type == NumberType::TollFree || !row.rate_center.is_empty()));
    }
}
