//! A filter made ready for the stock: what each place and each offer misses, the question for the index, and the same for one row.
//!
//! All of the search is made of these misses. None: a strict match. One part: the row would match if that part were dropped. What to
//! count and what to show is decided by the modules beside this one.

use crate::domain::pattern::{Pattern, Placement};
use crate::domain::search::{Filter, FilterName};

use super::catalog::{Catalog, Offer, Place, as_index};
use super::index::question::{Question, unless_all};
use super::index::shard::Shard;
use super::row::{Digits, Row, is_nanp};

/// A set of missed parts.
pub type Misses = u32;

pub const COUNTRY: Misses = 1;
pub const STATE: Misses = 1 << 1;
pub const CITY: Misses = 1 << 2;
pub const RATE_CENTER: Misses = 1 << 3;
pub const AREA: Misses = 1 << 4;
pub const MAX_MONTHLY: Misses = 1 << 5;
pub const MAX_SETUP: Misses = 1 << 6;
pub const KIND: Misses = 1 << 7;
const FEATURES: Misses = 1 << 8;
const EXCHANGE: Misses = 1 << 9;

/// Not a part of the filter: the row is in no state that the asked city is in.
pub const FAR_FROM_CITY: Misses = 1 << 24;
/// Not a part of the filter: the row is in no state that the asked area code is in.
pub const FAR_FROM_AREA: Misses = 1 << 25;
/// Not a part of the filter: the row has no place, so it is near none.
pub const NOWHERE: Misses = 1 << 26;
/// The bits that only say how far away a row is.
pub const DISTANCES: Misses = FAR_FROM_CITY | FAR_FROM_AREA | NOWHERE;

/// The bit of a part of the filter that is about places; none for the others.
pub const fn place_bit(name: FilterName) -> Misses {
    match name {
        FilterName::Country => COUNTRY,
        FilterName::State => STATE,
        FilterName::City => CITY,
        FilterName::RateCenter => RATE_CENTER,
        FilterName::Area => AREA,
        _ => 0,
    }
}

/// A filter made ready for one catalog.
#[derive(Debug)]
pub struct Plan<'a> {
    pub filter: &'a Filter,
    /// For each place what it misses.
    pub places: Vec<Misses>,
    /// For each offer what it misses.
    pub offers: Vec<Misses>,
    exchange: Option<Pattern>,
}

impl<'a> Plan<'a> {
    pub fn new(filter: &'a Filter, catalog: &Catalog) -> Self {
        let reader = PlaceReader::new(filter, catalog.places.values());
        let exchange = filter.exchange.as_ref();
        Self {
            places: catalog.places.values().iter().map(|place| reader.misses(place)).collect(),
            offers: catalog.offers.values().iter().map(|offer| offer_misses(filter, offer)).collect(),
            exchange: exchange.and_then(|exchange| Pattern::parse(&format!("???{exchange}"), Placement::Starts).ok()),
            filter,
        }
    }

    /// The question for the index of what matches strictly.
    pub fn question(&self) -> Question {
        Question {
            patterns: self.filter.patterns().chain(&self.exchange).cloned().collect(),
            places: unless_all(self.places.iter().map(|misses| misses & !DISTANCES == 0).collect()),
            offers: unless_all(self.offers.iter().map(|misses| *misses == 0).collect()),
            number_type: self.filter.number_type,
            features: self.filter.features,
        }
    }

    /// Can numbers of a shard match, if the country does not matter?
    pub const fn reaches(&self, shard: &Shard) -> bool {
        self.exchange.is_none() || shard.is_nanp
    }

    /// Can numbers of a shard match strictly?
    pub fn is_about(&self, shard: &Shard) -> bool {
        self.reaches(shard) && (self.filter.countries.is_empty() || self.filter.countries.contains(&shard.country))
    }

    /// What a place misses.
    pub fn of_place(&self, place: u32) -> Misses {
        self.places.get(as_index(place)).copied().unwrap_or(COUNTRY)
    }

    /// What a row misses, its digits left aside, except for the exchange.
    pub fn facts(&self, row: &Row) -> Misses {
        let offer = self.offers.get(as_index(row.offer)).copied().unwrap_or(MAX_MONTHLY);
        let kind = if self.filter.number_type.is_some_and(|asked| asked != row.number_type) { KIND } else { 0 };
        let features = if row.features.contains(self.filter.features) { 0 } else { FEATURES };
        let exchange = match &self.exchange {
            Some(exchange) if !is_nanp(row.number) || exchange.matches(row.digits().as_bytes()).is_none() => EXCHANGE,
            _ => 0,
        };
        self.of_place(row.place) | offer | kind | features | exchange
    }

    /// Do a row's digits match all patterns?
    pub fn reads(&self, digits: &Digits) -> bool {
        self.filter.patterns().all(|pattern| pattern.matches(digits.as_bytes()).is_some())
    }

    /// A match of every part of the filter.
    pub fn is_match(&self, row: &Row) -> bool {
        self.facts(row) & !DISTANCES == 0 && self.reads(&row.digits())
    }
}

fn offer_misses(filter: &Filter, offer: &Offer) -> Misses {
    let monthly = if filter.max_monthly.is_some_and(|limit| offer.monthly > limit) { MAX_MONTHLY } else { 0 };
    let setup = if filter.max_setup.is_some_and(|limit| offer.setup > limit) { MAX_SETUP } else { 0 };
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
