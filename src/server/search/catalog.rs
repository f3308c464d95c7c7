//! What many numbers have in common stands here once: places, and offers (what a number costs and whose it is). Numbers speak of them by
//! their index, so that a filter is asked of each place and each offer, not of each number.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::money::{MICROS_PER_UNIT, Micros};

/// Upper bounds of the monthly cost that are offered, ascending.
pub const MONTHLY_STEPS: [Micros; 3] = [Micros(2 * MICROS_PER_UNIT), Micros(5 * MICROS_PER_UNIT), Micros(10 * MICROS_PER_UNIT)];
/// The same for the setup.
pub const SETUP_STEPS: [Micros; 3] = [Micros(MICROS_PER_UNIT), Micros(5 * MICROS_PER_UNIT), Micros(10 * MICROS_PER_UNIT)];

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

/// What a number costs and who supplies it. Cheaper months come first, then cheaper setups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offer {
    pub monthly: Micros,
    pub setup: Micros,
    /// The carrier's opaque public label.
    pub provider: String,
}

/// Values that stand once and are spoken of by their index.
#[derive(Debug)]
pub struct Interned<T> {
    values: Vec<T>,
    index: HashMap<T, u32>,
    /// The index that was asked for last: numbers come in order, and neighbours have much in common.
    last: u32,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { values: Vec::new(), index: HashMap::new(), last: 0 }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// The index of a value, which is taken in when it is new.
    pub fn id(&mut self, value: T) -> u32 {
        if self.get(self.last) == Some(&value) {
            return self.last;
        }
        if let Some(id) = self.index.get(&value) {
            self.last = *id;
            return *id;
        }
        let id = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.last = id;
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

/// An index as the machine counts.
#[inline]
pub fn as_index(id: u32) -> usize {
    id as usize
}

/// The names of one kind, such as all cities, and which of them each place has.
#[derive(Debug, Default)]
pub struct Names {
    pub values: Interned<String>,
    of_place: Vec<u32>,
    /// The names that are equal without regard to case, by how they look in small letters.
    folded: HashMap<String, Vec<u32>>,
}

impl Names {
    fn note(&mut self, name: &str) {
        let known = self.values.values().len();
        let id = self.values.id(name.to_owned());
        if self.values.values().len() > known {
            self.folded.entry(name.to_lowercase()).or_default().push(id);
        }
        self.of_place.push(id);
    }

    /// For each place the index of its name.
    pub fn of_place(&self) -> &[u32] {
        &self.of_place
    }

    /// The indexes of a name, whatever its case.
    pub fn find(&self, name: &str) -> &[u32] {
        self.folded.get(&name.to_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Places and offers.
#[derive(Debug, Default)]
pub struct Catalog {
    places: Interned<Place>,
    pub countries: Names,
    pub states: Names,
    pub localities: Names,
    pub rate_centers: Names,
    pub area_codes: Names,
    /// The states and provinces with their countries.
    pub regions: Names,
    pub offers: Interned<Offer>,
    /// For each place its rank by city and state; places without a city come last.
    locality_ranks: Vec<u32>,
}

impl Catalog {
    /// The index of a place, which is taken in when it is new.
    pub fn place_id(&mut self, place: Place) -> u32 {
        let known = self.places.values().len();
        let id = self.places.id(place);
        if let Some(place) = self.places.values().get(known) {
            self.countries.note(&place.country);
            self.states.note(&place.administrative_area);
            self.localities.note(&place.locality);
            self.rate_centers.note(&place.rate_center);
            self.area_codes.note(&place.area_code);
            self.regions.note(&format!("{} {}", place.country, place.administrative_area));
        }
        id
    }

    /// The place with that index.
    pub fn place(&self, id: u32) -> Option<&Place> {
        self.places.get(id)
    }

    /// All places, in the order of their indexes.
    pub fn places(&self) -> &[Place] {
        self.places.values()
    }

    /// How many places there are.
    pub fn place_count(&self) -> usize {
        self.places.values().len()
    }

    /// Ranks the places that came in; to be called before they are ranked by.
    pub fn settle(&mut self) {
        let places = self.places.values();
        if self.locality_ranks.len() == places.len() {
            return;
        }
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by(|one, other| locality_key(&places[*one]).cmp(&locality_key(&places[*other])));
        self.locality_ranks = vec![0; order.len()];
        let mut rank = 2;
        for (position, place) in order.iter().enumerate() {
            if position > 0 && locality_key(&places[order[position - 1]]) != locality_key(&places[*place]) {
                rank += 2;
            }
            self.locality_ranks[*place] = rank;
        }
    }

    /// What segments are put in order by, as it is now.
    pub fn ranks(&self) -> Ranks {
        let prices = self.offers.values().iter().map(|offer| (offer.monthly, offer.setup)).collect();
        Ranks { localities: self.locality_ranks.clone(), prices }
    }

    /// The rank of a place by its city and state: even, so that a city that is not there has a rank between two others. New places
    /// change ranks, but never the order of two places.
    pub fn locality_rank(&self, place: u32) -> u32 {
        self.locality_ranks.get(as_index(place)).copied().unwrap_or(u32::MAX)
    }

    /// The rank of a city and state: that of their places, or the odd one before the next, as an old cursor may ask.
    pub fn rank_of_locality(&self, locality: &str, administrative_area: &str) -> u32 {
        let asked = (locality.is_empty(), locality, administrative_area);
        let places = self.places.values().iter().zip(&self.locality_ranks);
        let next = places.filter(|(place, _)| locality_key(place) >= asked).min_by_key(|(_, rank)| **rank);
        match next {
            Some((place, rank)) if locality_key(place) == asked => *rank,
            Some((_, rank)) => rank.saturating_sub(1),
            None => u32::MAX,
        }
    }
}

/// A copy of what segments are put in order by, so that they can be built while the catalog grows.
#[derive(Debug, Clone, Default)]
pub struct Ranks {
    /// For each place its rank by city and state.
    pub localities: Vec<u32>,
    /// For each offer what it costs: the month, then the setup.
    pub prices: Vec<(Micros, Micros)>,
}

fn locality_key(place: &Place) -> (bool, &str, &str) {
    (place.locality.is_empty(), &place.locality, &place.administrative_area)
}
