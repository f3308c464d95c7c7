//! Counts behind every filter, and what dropping one filter alone would give. One scan each.

use std::collections::HashMap;

use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::number::{Features, NumberType};
use crate::domain::place::{country_name, state_name};
use crate::domain::search::{Filter, FilterName};

use super::plan::{self, AREA, CITY, COUNTRY, DISTANCES, KIND, MAX_MONTHLY, Misses, Plan, RATE_CENTER, STATE};
use super::table::{Place, as_index};
use super::{Claims, Stock};

/// Values of one filter at the most (R60).
const VALUES: usize = 50;
/// The map shows every state and territory, so their filter may have more values.
const STATE_VALUES: usize = 64;
/// Upper bounds of the monthly cost that are offered.
const PRICE_BOUNDS: [i64; 3] = [2, 5, 10];

/// A value of a filter with how many numbers it would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub value: String,
    pub label: String,
    pub count: u64,
}

/// Counts behind each filter; each leaves that filter itself out, and those of places also leave out the places within.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub countries: Vec<Count>,
    pub states: Vec<Count>,
    pub cities: Vec<Count>,
    pub area_codes: Vec<Count>,
    pub kinds: Vec<Count>,
    pub features: Vec<Count>,
    /// The first value is empty: any price.
    pub prices: Vec<Count>,
}

/// What one filter alone keeps away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    pub filter: FilterName,
    /// The one feature, where the filter is one of several.
    pub feature: Option<Features>,
    pub count: u64,
}

/// What each group of counts leaves out.
const IN_COUNTRY: Misses = COUNTRY | STATE | CITY | RATE_CENTER;
const IN_STATE: Misses = STATE | CITY | RATE_CENTER;
const IN_CITY: Misses = CITY | RATE_CENTER;

/// Raw counts by index; made into names afterwards.
struct Tally {
    countries: Vec<u64>,
    states: Vec<u64>,
    cities: Vec<u64>,
    area_codes: Vec<u64>,
    kinds: [u64; NumberType::ALL.len()],
    /// Types that are in stock at all: the others are not offered.
    stocked: [bool; NumberType::ALL.len()],
    features: [u64; Features::TABLE.len()],
    prices: Vec<u64>,
}

impl Stock {
    /// Counts behind each filter, exactly as of now.
    #[must_use]
    pub fn facets(&self, claims: &Claims, filter: &Filter, currency: &str) -> Facets {
        let table = self.table();
        let (hidden, _) = claims.mask(&table, false);
        let plan = Plan::new(filter, &table);
        let places = table.places.values().len();
        let zeros = || vec![0; places];
        let mut tally = Tally {
            countries: zeros(),
            states: zeros(),
            cities: zeros(),
            area_codes: zeros(),
            kinds: [0; NumberType::ALL.len()],
            stocked: [false; NumberType::ALL.len()],
            features: [0; Features::TABLE.len()],
            prices: vec![0; table.prices.values().len()],
        };
        for (at, row) in table.rows().iter().enumerate() {
            if let Some(stocked) = tally.stocked.get_mut(kind_index(row.number_type)) {
                *stocked = true;
            }
            let misses = plan.facts(row) & !DISTANCES;
            let counted = [IN_COUNTRY, AREA, KIND, MAX_MONTHLY].iter().any(|left_out| misses & !left_out == 0);
            if counted && !hidden.has(at) && plan.texts(row) == 0 {
                tally.add(misses, as_index(row.place), as_index(row.price), row.number_type, row.features);
            }
        }
        tally.name(table.places.values(), |index| table.prices.values().get(index).map(|price| price.monthly), filter, currency)
    }

    /// For each part of the filter how many numbers there would be without it. Most first.
    #[must_use]
    pub fn explain(&self, claims: &Claims, filter: &Filter) -> Vec<Dropped> {
        let table = self.table();
        let (hidden, _) = claims.mask(&table, false);
        let plan = Plan::new(filter, &table);
        let mut drops = droppable(filter);
        for (at, row) in table.rows().iter().enumerate() {
            let facts = plan.facts(row) & !DISTANCES;
            // With two facts missing no single drop helps, unless they belong to one part, which features never do.
            if facts.count_ones() > 1 || hidden.has(at) {
                continue;
            }
            let misses = facts | plan.texts(row);
            for (dropped, bits) in &mut drops {
                if misses & !*bits == 0 {
                    dropped.count += 1;
                }
            }
        }
        let mut drops: Vec<Dropped> = drops.into_iter().map(|(dropped, _)| dropped).collect();
        drops.sort_by_key(|dropped| std::cmp::Reverse(dropped.count));
        drops
    }
}

/// The parts that somebody chose; several features are one part each.
fn droppable(filter: &Filter) -> Vec<(Dropped, Misses)> {
    let mut drops = Vec::new();
    for name in filter.active() {
        if name == FilterName::Features {
            let asked = Features::TABLE.iter().map(|(feature, ..)| *feature).filter(|feature| filter.features.contains(*feature));
            drops.extend(asked.map(|feature| (Dropped { filter: name, feature: Some(feature), count: 0 }, plan::feature_bits(feature))));
        } else {
            drops.push((Dropped { filter: name, feature: None, count: 0 }, plan::bits_of(name)));
        }
    }
    drops
}

impl Tally {
    #[inline]
    fn add(&mut self, misses: Misses, place: usize, price: usize, number_type: NumberType, features: Features) {
        let one = |counts: &mut [u64], at: usize, left_out: Misses| {
            if misses & !left_out == 0
                && let Some(count) = counts.get_mut(at)
            {
                *count += 1;
            }
        };
        one(&mut self.countries, place, IN_COUNTRY);
        one(&mut self.states, place, IN_STATE);
        one(&mut self.cities, place, IN_CITY);
        one(&mut self.area_codes, place, AREA);
        one(&mut self.kinds, kind_index(number_type), KIND);
        one(&mut self.prices, price, MAX_MONTHLY);
        for (at, (feature, ..)) in Features::TABLE.iter().enumerate() {
            if features.contains(*feature) {
                one(&mut self.features, at, 0);
            }
        }
    }

    fn name(&self, places: &[Place], monthly: impl Fn(usize) -> Option<Micros>, filter: &Filter, currency: &str) -> Facets {
        let by = |counts: &[u64], value: &dyn Fn(&Place) -> &str, label: &dyn Fn(&str) -> String, chosen: Option<&str>, limit: usize| {
            let mut sums: HashMap<&str, u64> = HashMap::new();
            for (place, count) in places.iter().zip(counts).filter(|(place, count)| **count > 0 && !value(place).is_empty()) {
                *sums.entry(value(place)).or_default() += count;
            }
            largest(sums, label, chosen, limit)
        };
        let plain = |value: &str| value.to_owned();
        let state = |value: &str| state_name(value).map_or_else(|| value.to_owned(), str::to_owned);
        let country = |value: &str| country_name(value).to_owned();
        Facets {
            countries: by(&self.countries, &|place| &place.country, &country, None, VALUES),
            states: by(&self.states, &|place| &place.administrative_area, &state, filter.state.as_deref(), STATE_VALUES),
            cities: by(&self.cities, &|place| &place.locality, &plain, filter.locality.as_deref(), VALUES),
            area_codes: by(&self.area_codes, &|place| &place.area_code, &plain, filter.area_code.as_deref(), VALUES),
            kinds: NumberType::ALL
                .iter()
                .zip(self.kinds)
                .zip(self.stocked)
                .filter(|(_, stocked)| *stocked)
                .map(|((kind, count), _)| Count { value: kind.name().to_owned(), label: kind.label().to_owned(), count })
                .collect(),
            features: Features::TABLE
                .iter()
                .zip(self.features)
                .map(|((_, name, label), count)| Count { value: (*name).to_owned(), label: (*label).to_owned(), count })
                .collect(),
            prices: self.prices(monthly, currency),
        }
    }

    /// Any price, then each bound with the numbers that cost no more.
    fn prices(&self, monthly: impl Fn(usize) -> Option<Micros>, currency: &str) -> Vec<Count> {
        let up_to = |bound: Micros| {
            self.prices.iter().enumerate().filter(|(at, _)| monthly(*at).is_some_and(|cost| cost <= bound)).map(|(_, count)| count).sum()
        };
        let mut prices = vec![Count { value: String::new(), label: String::from("Any price"), count: self.prices.iter().sum() }];
        for units in PRICE_BOUNDS {
            let bound = Micros(units * MICROS_PER_UNIT);
            prices.push(Count { value: units.to_string(), label: format!("Up to {}", whole(bound, currency)), count: up_to(bound) });
        }
        prices
    }
}

fn kind_index(number_type: NumberType) -> usize {
    NumberType::ALL.iter().position(|known| *known == number_type).unwrap_or_default()
}

/// Whole units without their zero decimals.
fn whole(amount: Micros, currency: &str) -> String {
    amount.display(currency).replacen(".00", "", 1)
}

/// The values with the largest counts, and the chosen one even where others have more.
fn largest(sums: HashMap<&str, u64>, label: &dyn Fn(&str) -> String, chosen: Option<&str>, limit: usize) -> Vec<Count> {
    let mut counts: Vec<(&str, u64)> = sums.into_iter().collect();
    counts.sort_unstable_by(|(one, one_count), (other, other_count)| other_count.cmp(one_count).then(one.cmp(other)));
    if let Some(at) = counts.iter().position(|(value, _)| chosen.is_some_and(|chosen| value.eq_ignore_ascii_case(chosen)))
        && at >= limit
    {
        counts.swap(at, limit - 1);
    }
    counts.truncate(limit);
    counts.into_iter().map(|(value, count)| Count { value: value.to_owned(), label: label(value), count }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_value_is_among_the_largest() {
        let names: Vec<String> = (0..60).map(|at| format!("{at:02}")).collect();
        let sums = || names.iter().zip(1_u64..).map(|(name, count)| (name.as_str(), count)).collect::<HashMap<_, _>>();
        let plain = |value: &str| value.to_owned();
        let counts = largest(sums(), &plain, Some("00"), 50);
        assert_eq!((counts.len(), counts[0].value.as_str(), counts[49].value.as_str()), (50, "59", "00"));
        assert!(largest(sums(), &plain, None, 50).iter().all(|count| count.value != "00"));
    }

    #[test]
    fn each_feature_is_dropped_alone() {
        let filter = Filter { features: Features::VOICE.with(Features::FAX), locality: Some(String::from("Reno")), ..Filter::default() };
        let drops = droppable(&filter);
        assert_eq!(
            drops.iter().map(|(dropped, _)| dropped.feature).collect::<Vec<_>>(),
            [None, Some(Features::VOICE), Some(Features::FAX)]
        );
        assert!(drops.iter().all(|(_, bits)| bits.count_ones() == 1));
    }
}
