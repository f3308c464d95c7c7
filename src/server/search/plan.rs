//! A filter made ready for a scan: for each row one set of bits says which parts of the filter it misses.
//!
//! All of the search is made of these bits. No bit: a strict match. One bit: the row would match if that part were dropped. What to
//! count and what to show is decided by the modules beside this one.

use crate::domain::number::Features;
use crate::domain::pattern::Pattern;
use crate::domain::search::{Filter, FilterName};

use super::table::{Place, Price, Row, Table, as_index};

/// A set of missed parts.
pub type Misses = u32;

pub const COUNTRY: Misses = 1;
pub const STATE: Misses = 1 << 1;
pub const CITY: Misses = 1 << 2;
pub const RATE_CENTER: Misses = 1 << 3;
pub const AREA: Misses = 1 << 4;
pub const EXCHANGE: Misses = 1 << 5;
pub const MAX_MONTHLY: Misses = 1 << 6;
pub const MAX_SETUP: Misses = 1 << 7;
pub const KIND: Misses = 1 << 8;
/// The first of five bits, one for each feature in the order of its bit in the database.
const FEATURES_AT: u32 = 9;
const FEATURES: Misses = 0x1F << FEATURES_AT;
pub const Q: Misses = 1 << 14;
pub const STARTS_WITH: Misses = 1 << 15;
pub const ENDS_WITH: Misses = 1 << 16;
pub const CONTAINS: Misses = 1 << 17;

/// Not a part of the filter: the row is in no state that the asked city is in.
pub const FAR_FROM_CITY: Misses = 1 << 24;
/// Not a part of the filter: the row is in no state that the asked area code is in.
pub const FAR_FROM_AREA: Misses = 1 << 25;
/// Not a part of the filter: the row has no place, so it is near none.
pub const NOWHERE: Misses = 1 << 26;
/// The bits that only say how far away a row is.
pub const DISTANCES: Misses = FAR_FROM_CITY | FAR_FROM_AREA | NOWHERE;

/// The bits of one feature set.
pub fn feature_bits(features: Features) -> Misses {
    Misses::from(features.bits()) << FEATURES_AT
}

/// The bits that belong to one part of the filter.
pub fn bits_of(name: FilterName) -> Misses {
    match name {
        FilterName::Q => Q,
        FilterName::StartsWith => STARTS_WITH,
        FilterName::EndsWith => ENDS_WITH,
        FilterName::Contains => CONTAINS,
        FilterName::Country => COUNTRY,
        FilterName::State => STATE,
        FilterName::City => CITY,
        FilterName::RateCenter => RATE_CENTER,
        FilterName::Area => AREA,
        FilterName::Exchange => EXCHANGE,
        FilterName::Features => FEATURES,
        FilterName::MaxMonthly => MAX_MONTHLY,
        FilterName::MaxSetup => MAX_SETUP,
        FilterName::Kind => KIND,
    }
}

/// A filter made ready for one table.
#[derive(Debug)]
pub struct Plan<'a> {
    filter: &'a Filter,
    /// For each place what it misses.
    places: Vec<Misses>,
    /// For each price what it misses.
    prices: Vec<Misses>,
    patterns: [(Option<&'a Pattern>, Misses); 4],
    exchange: Option<&'a [u8]>,
}

impl<'a> Plan<'a> {
    pub fn new(filter: &'a Filter, table: &Table) -> Self {
        let reader = PlaceReader::new(filter, table.places.values());
        Self {
            places: table.places.values().iter().map(|place| reader.misses(place)).collect(),
            prices: table.prices.values().iter().map(|price| price_misses(filter, price)).collect(),
            patterns: [
                (filter.pattern.as_ref(), Q),
                (filter.starts_with.as_ref(), STARTS_WITH),
                (filter.ends_with.as_ref(), ENDS_WITH),
                (filter.contains.as_ref(), CONTAINS),
            ],
            exchange: filter.exchange.as_deref().map(str::as_bytes),
            filter,
        }
    }

    /// What a row misses, its digits left aside, except for the exchange.
    #[inline]
    pub fn facts(&self, row: &Row) -> Misses {
        let place = self.places.get(as_index(row.place)).copied().unwrap_or(COUNTRY);
        let price = self.prices.get(as_index(row.price)).copied().unwrap_or(MAX_MONTHLY);
        let kind = if self.filter.number_type.is_some_and(|asked| asked != row.number_type) { KIND } else { 0 };
        let features = feature_bits(Features::from_bits(self.filter.features.bits() & !row.features.bits()));
        let exchange = match self.exchange {
            Some(asked) if row.national().len() != 10 || row.national().get(3..6) != Some(asked) => EXCHANGE,
            _ => 0,
        };
        place | price | kind | features | exchange
    }

    /// Which of the patterns a row's digits do not match.
    #[inline]
    pub fn texts(&self, row: &Row) -> Misses {
        let mut misses = 0;
        for (pattern, bit) in &self.patterns {
            if let Some(pattern) = pattern
                && pattern.matches(row.national()).is_none()
            {
                misses |= bit;
            }
        }
        misses
    }

    /// A match of every part of the filter.
    #[inline]
    pub fn is_match(&self, row: &Row) -> bool {
        self.facts(row) & !DISTANCES == 0 && self.texts(row) == 0
    }
}

fn price_misses(filter: &Filter, price: &Price) -> Misses {
    let monthly = if filter.max_monthly.is_some_and(|limit| price.monthly > limit) { MAX_MONTHLY } else { 0 };
    let setup = if filter.max_setup.is_some_and(|limit| price.setup > limit) { MAX_SETUP } else { 0 };
    monthly | setup
}

/// The parts of a filter that are about places.
struct PlaceReader<'a> {
    filter: &'a Filter,
    /// City and rate center as they are compared: without regard to case.
    city: Option<String>,
    rate_center: Option<String>,
    /// States that the asked city is in, with their country.
    city_states: Vec<(&'a str, &'a str)>,
    /// States that the asked area code is in.
    area_states: Vec<(&'a str, &'a str)>,
}

impl<'a> PlaceReader<'a> {
    fn new(filter: &'a Filter, places: &'a [Place]) -> Self {
        let city = filter.locality.as_deref().map(str::to_lowercase);
        let states = |wanted: &dyn Fn(&Place) -> bool| {
            let mut states: Vec<(&str, &str)> = places
                .iter()
                .filter(|place| wanted(place))
                .map(|place| (place.country.as_str(), place.administrative_area.as_str()))
                .collect();
            states.sort_unstable();
            states.dedup();
            states
        };
        Self {
            city_states: city.as_ref().map(|city| states(&|place| same(&place.locality, city))).unwrap_or_default(),
            area_states: filter.area_code.as_ref().map(|area| states(&|place| place.area_code == *area)).unwrap_or_default(),
            rate_center: filter.rate_center.as_deref().map(str::to_lowercase),
            city,
            filter,
        }
    }

    fn misses(&self, place: &Place) -> Misses {
        let filter = self.filter;
        let state = (place.country.as_str(), place.administrative_area.as_str());
        let mut misses = 0;
        let mut miss = |missed: bool, bits: Misses| misses |= if missed { bits } else { 0 };
        miss(!filter.countries.is_empty() && !filter.countries.contains(&place.country), COUNTRY);
        miss(filter.state.as_ref().is_some_and(|asked| !asked.eq_ignore_ascii_case(&place.administrative_area)), STATE);
        miss(self.rate_center.as_ref().is_some_and(|asked| !same(&place.rate_center, asked)), RATE_CENTER);
        if self.city.as_ref().is_some_and(|asked| !same(&place.locality, asked)) {
            miss(true, CITY);
            miss(!self.city_states.contains(&state), FAR_FROM_CITY);
        }
        if filter.area_code.as_ref().is_some_and(|asked| *asked != place.area_code) {
            miss(true, AREA);
            miss(!self.area_states.contains(&state), FAR_FROM_AREA);
        }
        miss(place.locality.is_empty() && place.administrative_area.is_empty(), NOWHERE);
        misses
    }
}

/// Equal without regard to case; `folded` is in small letters already.
fn same(name: &str, folded: &str) -> bool {
    if name.is_ascii() { name.eq_ignore_ascii_case(folded) } else { name.to_lowercase() == folded }
}
