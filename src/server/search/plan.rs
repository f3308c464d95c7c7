//! A filter made ready for the stock: what each place and each offer misses, the question for the index, and the same for one row.
//!
//! All of the search is made of these misses. None: a strict match. One part: the row would match if that part were dropped. What to
//! count and what to show is decided by the modules beside this one.

use crate::domain::pattern::{Pattern, Placement};
use crate::domain::search::{Filter, FilterName};

use super::catalog::{Catalog, Names, Offer, as_index};
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
        let exchange = filter.exchange.as_ref();
        Self {
            places: place_misses(filter, catalog),
            offers: catalog.offers.values().iter().map(|offer| offer_misses(filter, offer)).collect(),
            exchange: exchange.and_then(|exchange| Pattern::parse(&format!("???{exchange}"), Placement::Starts).ok()),
            filter,
        }
    }

    /// The question for the index of what matches strictly.
    pub fn question(&self) -> Question {
        Question {
            patterns: self.filter.patterns().chain(&self.exchange).cloned().collect(),
            // Numbers of another country are in another shard, see `is_about`.
            places: unless_all(self.places.iter().map(|misses| misses & !(DISTANCES | COUNTRY) == 0).collect()),
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

/// What each place misses of the parts of a filter that are about places. A name is looked up once, not for each place that has it.
fn place_misses(filter: &Filter, catalog: &Catalog) -> Vec<Misses> {
    let mut misses = vec![0; catalog.place_count()];
    let countries: Vec<u32> = filter.countries.iter().flat_map(|country| catalog.countries.find(country)).copied().collect();
    let asked = (!filter.countries.is_empty()).then_some(countries);
    note(&mut misses, &catalog.countries, asked.as_deref(), COUNTRY);
    for (asked, names, bit) in [(&filter.state, &catalog.states, STATE), (&filter.rate_center, &catalog.rate_centers, RATE_CENTER)] {
        note(&mut misses, names, asked.as_deref().map(|asked| names.find(asked)), bit);
    }
    for (asked, names, bit, far) in
        [(&filter.locality, &catalog.localities, CITY, FAR_FROM_CITY), (&filter.area_code, &catalog.area_codes, AREA, FAR_FROM_AREA)]
    {
        let Some(asked) = asked.as_deref().map(|asked| names.find(asked)) else { continue };
        note(&mut misses, names, Some(asked), bit);
        // The states, with their countries, that the asked city or area code is in.
        let mut regions: Vec<u32> = named(names, asked).filter_map(|place| catalog.regions.of_place().get(place)).copied().collect();
        regions.sort_unstable();
        regions.dedup();
        note(&mut misses, &catalog.regions, Some(&regions), far);
    }
    let (no_city, no_state) = (catalog.localities.find(""), catalog.states.find(""));
    for place in named(&catalog.localities, no_city) {
        if catalog.states.of_place().get(place).is_some_and(|state| no_state.contains(state)) {
            misses[place] |= NOWHERE;
        }
    }
    misses
}

/// The places that have one of these names.
fn named<'a>(names: &'a Names, asked: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
    names.of_place().iter().enumerate().filter(|(_, name)| asked.contains(name)).map(|(place, _)| place)
}

/// Notes a miss for each place that has none of these names.
fn note(misses: &mut [Misses], names: &Names, asked: Option<&[u32]>, bit: Misses) {
    let Some(asked) = asked else { return };
    for (misses, name) in misses.iter_mut().zip(names.of_place()) {
        if !asked.contains(name) {
            *misses |= bit;
        }
    }
}
