//! The numbers that are available, in compact rows. Places, prices and carriers stand once in tables of their own, so that a filter on
//! them is one look-up a row. Holds and orders are not known here.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::e164::E164;
use crate::domain::memorability::{score_digits, word_score};
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType};
use crate::domain::pattern::MAX_POSITIONS;
use crate::server::store::inventory::Change;

use super::words::{self, Spelled};

/// A place, with its area code because that belongs to a place too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    pub country: String,
    /// Empty outside NANP.
    pub area_code: String,
    pub administrative_area: String,
    pub locality: String,
    pub rate_center: String,
}

/// What a number costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Price {
    pub setup: Micros,
    pub monthly: Micros,
}

/// One number.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// All digits with the country code; E.164 has no leading zero.
    pub number: u64,
    digits: [u8; MAX_POSITIONS],
    length: u8,
    pub place: u32,
    pub price: u32,
    pub provider: u32,
    pub number_type: NumberType,
    pub features: Features,
    pub score: u8,
    pub word: words::WordId,
    pub word_start: u8,
}

impl Row {
    /// The national digits in ASCII.
    pub fn national(&self) -> &[u8] {
        self.digits.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The number in E.164 form.
    pub fn e164(&self) -> String {
        format!("+{}", self.number)
    }

    /// The best word it spells.
    pub fn spelled(&self) -> Option<Spelled> {
        (self.word != words::NONE).then_some(Spelled { word: self.word, start: self.word_start })
    }
}

/// Values that stand once and are spoken of by their index.
#[derive(Debug)]
pub struct Interned<T> {
    values: Vec<T>,
    index: HashMap<T, u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { values: Vec::new(), index: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    fn id(&mut self, value: T) -> u32 {
        if let Some(id) = self.index.get(&value) {
            return *id;
        }
        let id = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value.clone());
        self.index.insert(value, id);
        id
    }

    /// All values, in the order of their indexes.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The value with that index.
    pub fn get(&self, id: u32) -> Option<&T> {
        self.values.get(as_index(id))
    }
}

/// An index of a table as the machine counts.
pub fn as_index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

/// Every available number.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    index: HashMap<u64, u32>,
    pub places: Interned<Place>,
    pub prices: Interned<Price>,
    pub providers: Interned<String>,
    /// For each place its rank by city and state; places without a city come last.
    locality_ranks: Vec<u32>,
}

impl Table {
    /// Takes over how a row of the database is now.
    pub fn apply(&mut self, row: Change) {
        let Some(number) = number_of(&row.e164) else { return };
        if row.available {
            if let Some(compact) = self.compact(number, row) {
                self.put(compact);
            }
        } else {
            self.remove(number);
        }
    }

    fn compact(&mut self, number: u64, row: Change) -> Option<Row> {
        let e164 = E164::parse(&row.e164).ok()?;
        let national = e164.national().as_bytes();
        let mut digits = [0; MAX_POSITIONS];
        digits.get_mut(..national.len())?.copy_from_slice(national);
        let spelled = words::best(national);
        let word = spelled.and_then(words::hit).map_or(0, |hit| word_score(national.len(), hit.start, hit.len));
        let place = Place {
            country: row.country,
            area_code: e164.area_code().unwrap_or_default().to_owned(),
            administrative_area: row.administrative_area,
            locality: row.locality,
            rate_center: row.rate_center,
        };
        Some(Row {
            number,
            digits,
            length: u8::try_from(national.len()).ok()?,
            place: self.places.id(place),
            price: self.prices.id(Price { setup: row.setup, monthly: row.monthly }),
            provider: self.providers.id(row.provider),
            number_type: row.number_type,
            features: row.features,
            score: score_digits(national).0.max(word),
            word: spelled.map_or(words::NONE, |spelled| spelled.word),
            word_start: spelled.map_or(0, |spelled| spelled.start),
        })
    }

    fn put(&mut self, row: Row) {
        if let Some(known) = self.index.get(&row.number).and_then(|at| self.rows.get_mut(as_index(*at))) {
            *known = row;
            return;
        }
        let Ok(at) = u32::try_from(self.rows.len()) else { return };
        self.index.insert(row.number, at);
        self.rows.push(row);
    }

    fn remove(&mut self, number: u64) {
        let Some(at) = self.index.remove(&number) else { return };
        self.rows.swap_remove(as_index(at));
        if let Some(moved) = self.rows.get(as_index(at)) {
            self.index.insert(moved.number, at);
        }
    }

    /// Brings what is derived from the rows up to date; to be called after a run of [`Self::apply`].
    pub fn settle(&mut self) {
        if self.locality_ranks.len() == self.places.values.len() {
            return;
        }
        let mut order: Vec<usize> = (0..self.places.values.len()).collect();
        order.sort_by(|one, other| locality_key(&self.places.values[*one]).cmp(&locality_key(&self.places.values[*other])));
        self.locality_ranks = vec![0; order.len()];
        let mut rank = 2;
        for (position, place) in order.iter().enumerate() {
            if position > 0 && locality_key(&self.places.values[order[position - 1]]) != locality_key(&self.places.values[*place]) {
                rank += 2;
            }
            self.locality_ranks[*place] = rank;
        }
    }

    /// All numbers, in no order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Where a number stands among the rows.
    pub fn position(&self, number: u64) -> Option<usize> {
        self.index.get(&number).map(|at| as_index(*at))
    }

    /// The rank of a place by its city and state: even, so that a city that is not there has a rank between two others.
    pub fn locality_rank(&self, place: u32) -> u32 {
        self.locality_ranks.get(as_index(place)).copied().unwrap_or(u32::MAX)
    }

    /// The rank of a city and state: that of their places, or the odd one before the next, as an old cursor may ask.
    pub fn rank_of_locality(&self, locality: &str, administrative_area: &str) -> u32 {
        let asked = (locality.is_empty(), locality, administrative_area);
        let places = self.places.values.iter().zip(&self.locality_ranks);
        let next = places.filter(|(place, _)| locality_key(place) >= asked).min_by_key(|(_, rank)| **rank);
        match next {
            Some((place, rank)) if locality_key(place) == asked => *rank,
            Some((_, rank)) => rank.saturating_sub(1),
            None => u32::MAX,
        }
    }
}

fn locality_key(place: &Place) -> (bool, &str, &str) {
    (place.locality.is_empty(), &place.locality, &place.administrative_area)
}

/// The digits of an E.164 number as one number.
pub fn number_of(e164: &str) -> Option<u64> {
    e164.strip_prefix('+').unwrap_or(e164).parse().ok()
}
