//! A filter made ready for the stock: what each place and each offer misses, the question for the index, and the same for one row.
//!
//! All of the search is made of these misses. None: a strict match. One part: the row would match if that part were dropped. What to
//! count and what to show is decided by the modules beside this one.

use std::collections::HashSet;

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

/// Which names of one kind will do, and the name of each place.
struct Asked<'a> {
    will_do: Vec<bool>,
    of_place: &'a [u32],
}

impl<'a> Asked<'a> {
    /// Of names that are compared without regard to case; none when nothing is asked.
    fn name(asked: &Option<String>, names: &'a Names) -> Option<Self> {
        let folded = asked.as_deref()?.to_lowercase();
        Some(Self::of(names, |name| same(name, &folded)))
    }

    fn of(names: &'a Names, will_do: impl Fn(&str) -> bool) -> Self {
        Self { will_do: names.values.values().iter().map(|name| will_do(name)).collect(), of_place: names.of_place() }
    }

    fn has(&self, place: usize) -> bool {
        self.of_place.get(place).and_then(|name| self.will_do.get(as_index(*name))) == Some(&true)
    }
}

/// What each place misses of the parts of a filter that are about places. A name is compared once, not once for each place that has it.
fn place_misses(filter: &Filter, catalog: &Catalog) -> Vec<Misses> {
    let is_asked = |country: &str| filter.countries.iter().any(|asked| asked == country);
    let country = (!filter.countries.is_empty()).then(|| Asked::of(&catalog.countries, is_asked));
    let state = Asked::name(&filter.state, &catalog.states);
    let rate_center = Asked::name(&filter.rate_center, &catalog.rate_centers);
    let city = Asked::name(&filter.locality, &catalog.localities);
    let area = Asked::name(&filter.area_code, &catalog.area_codes);
    let (no_city, no_state) = (Asked::of(&catalog.localities, str::is_empty), Asked::of(&catalog.states, str::is_empty));
    let state_of = |place: usize| (catalog.countries.of_place().get(place), catalog.states.of_place().get(place));
    // The states, with their countries, that the asked city or area code is in.
    let states_of = |asked: &Option<Asked<'_>>| -> HashSet<_> {
        let places = (0..catalog.place_count()).filter(|place| asked.as_ref().is_some_and(|asked| asked.has(*place)));
        places.map(state_of).collect()
    };
    let (city_states, area_states) = (states_of(&city), states_of(&area));
    let misses_of = |place: usize| {
        let lacks = |asked: &Option<Asked<'_>>| asked.as_ref().is_some_and(|asked| !asked.has(place));
        let mut misses = 0;
        let mut miss = |missed: bool, bits: Misses| misses |= if missed { bits } else { 0 };
        miss(lacks(&country), COUNTRY);
        miss(lacks(&state), STATE);
        miss(lacks(&rate_center), RATE_CENTER);
        if lacks(&city) {
            miss(true, CITY);
            miss(!city_states.contains(&state_of(place)), FAR_FROM_CITY);
        }
        if lacks(&area) {
            miss(true, AREA);
            miss(!area_states.contains(&state_of(place)), FAR_FROM_AREA);
        }
        miss(no_city.has(place) && no_state.has(place), NOWHERE);
        misses
    };
    (0..catalog.place_count()).map(misses_of).collect()
}

/// Equal without regard to case; `folded` is in small letters already.
fn same(name: &str, folded: &str) -> bool {
    if name.is_ascii() { name.eq_ignore_ascii_case(folded) } else { name.to_lowercase() == folded }
}
