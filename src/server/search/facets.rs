//! Counts behind every filter. Few hits are looked at one by one; of many, the bits are counted for 64 numbers at a time.

mod counting;
mod exchanges;

use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::number::{Features, NumberType};
use crate::domain::place::{country_name, state_name};
use crate::domain::search::Filter;

use super::catalog::{Catalog, MONTHLY_STEPS, Names, SETUP_STEPS, as_index};
use super::index::segment::kind_index;
use super::plan::{AREA, CITY, COUNTRY, Misses, Plan, RATE_CENTER, STATE};
use super::{Claims, Stock};
use counting::Counting;

/// Values of one filter at the most (R60).
const VALUES: usize = 50;
/// The map shows every state and territory, so their filter may have more values.
const STATE_VALUES: usize = 64;
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
    pub rate_centers: Vec<Count>,
    pub area_codes: Vec<Count>,
    /// Within the area code that is asked for; none where none is.
    pub exchanges: Vec<Count>,
    pub kinds: Vec<Count>,
    pub features: Vec<Count>,
    /// By what a month costs at the most. The first value is empty: any price.
    pub prices: Vec<Count>,
    /// The same for the setup.
    pub setups: Vec<Count>,
}

/// What each group of counts leaves out.
const IN_COUNTRY: Misses = COUNTRY | STATE | CITY | RATE_CENTER;
const IN_STATE: Misses = STATE | CITY | RATE_CENTER;
const IN_CITY: Misses = CITY | RATE_CENTER;

/// Raw counts by index; made into names afterwards.
struct Tally {
    countries: Vec<u64>,
    states: Vec<u64>,
    /// Of each place both for its city and for its rate center.
    cities: Vec<u64>,
    area_codes: Vec<u64>,
    exchanges: Vec<(String, u64)>,
    kinds: [u64; NumberType::ALL.len()],
    /// Types that are in stock at all: the others are not offered.
    stocked: [bool; NumberType::ALL.len()],
    features: [u64; Features::TABLE.len()],
    /// Any price, then those up to each bound.
    prices: [u64; MONTHLY_STEPS.len() + 1],
    setups: [u64; SETUP_STEPS.len() + 1],
}

impl Stock {
    /// Counts behind each filter, exactly as of now.
    #[must_use]
    pub fn facets(&self, claims: &Claims, filter: &Filter, currency: &str) -> Facets {
        let index = self.index();
        let counting = Counting::new(Plan::new(filter, &index.catalog), &index.catalog);
        let mut tally = Tally::new(&index.catalog);
        for shard in &index.shards {
            tally.note_stocked(shard.segments.iter().map(|segment| segment.of_kind));
            for row in shard.fresh.values() {
                tally.stocked[kind_index(row.number_type)] = true;
            }
            if counting.reaches(shard) {
                counting.count(shard, claims, &mut tally);
            }
        }
        tally.exchanges = exchanges::exchanges(&index, claims, filter);
        tally.name(&index.catalog, filter, currency)
    }
}

impl Tally {
    fn new(catalog: &Catalog) -> Self {
        let zeros = || vec![0; catalog.place_count()];
        Self {
            countries: zeros(),
            states: zeros(),
            cities: zeros(),
            area_codes: zeros(),
            exchanges: Vec::new(),
            kinds: [0; NumberType::ALL.len()],
            stocked: [false; NumberType::ALL.len()],
            features: [0; Features::TABLE.len()],
            prices: [0; MONTHLY_STEPS.len() + 1],
            setups: [0; SETUP_STEPS.len() + 1],
        }
    }

    fn note_stocked(&mut self, segments: impl Iterator<Item = [usize; NumberType::ALL.len()]>) {
        for of_kind in segments {
            for (stocked, rows) in self.stocked.iter_mut().zip(of_kind) {
                *stocked |= rows > 0;
            }
        }
    }

    /// Counts numbers of one place in the groups that leave out what the place misses.
    fn add_places(&mut self, place: u32, misses: Misses, numbers: u64) {
        let groups =
            [(&mut self.countries, IN_COUNTRY), (&mut self.states, IN_STATE), (&mut self.cities, IN_CITY), (&mut self.area_codes, AREA)];
        for (counts, left_out) in groups {
            if misses & !left_out == 0
                && let Some(count) = counts.get_mut(as_index(place))
            {
                *count += numbers;
            }
        }
    }

    fn name(&self, catalog: &Catalog, filter: &Filter, currency: &str) -> Facets {
        let plain = |value: &str| value.to_owned();
        let state = |value: &str| state_name(value).map_or_else(|| value.to_owned(), str::to_owned);
        let country = |value: &str| country_name(value).to_owned();
        let exchanges: Vec<(&str, u64)> = self.exchanges.iter().map(|(exchange, count)| (exchange.as_str(), *count)).collect();
        Facets {
            countries: largest(&sums(&self.countries, &catalog.countries), &country, None, VALUES),
            states: largest(&sums(&self.states, &catalog.states), &state, filter.state.as_deref(), STATE_VALUES),
            cities: largest(&sums(&self.cities, &catalog.localities), &plain, filter.locality.as_deref(), VALUES),
            rate_centers: largest(&sums(&self.cities, &catalog.rate_centers), &plain, filter.rate_center.as_deref(), VALUES),
            area_codes: largest(&sums(&self.area_codes, &catalog.area_codes), &plain, filter.area_code.as_deref(), VALUES),
            exchanges: largest(&exchanges, &plain, filter.exchange.as_deref(), VALUES),
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
            prices: up_to(&MONTHLY_STEPS, &self.prices, currency),
            setups: up_to(&SETUP_STEPS, &self.setups, currency),
        }
    }
}

/// Any price, then each step with the numbers that cost no more.
fn up_to(steps: &[Micros], counts: &[u64], currency: &str) -> Vec<Count> {
    let steps = steps.iter().map(|step| ((step.0 / MICROS_PER_UNIT).to_string(), format!("Up to {}", whole(*step, currency))));
    let any = (String::new(), String::from("Any price"));
    std::iter::once(any).chain(steps).zip(counts).map(|((value, label), count)| Count { value, label, count: *count }).collect()
}

/// Whole units without their zero decimals.
fn whole(amount: Micros, currency: &str) -> String {
    amount.display(currency).replacen(".00", "", 1)
}

/// The counts of places added up by their names; names without a number, and what has no name, are left out.
fn sums<'a>(counts: &[u64], names: &'a Names) -> Vec<(&'a str, u64)> {
    let mut sums = vec![0; names.values.values().len()];
    for (name, count) in names.of_place().iter().zip(counts) {
        sums[as_index(*name)] += count;
    }
    let named = names.values.values().iter().map(String::as_str).zip(sums);
    named.filter(|(name, count)| *count > 0 && !name.is_empty()).collect()
}

/// The values with the largest counts, and the chosen one even where others have more.
fn largest(sums: &[(&str, u64)], label: &dyn Fn(&str) -> String, chosen: Option<&str>, limit: usize) -> Vec<Count> {
    let mut counts = sums.to_vec();
    let order = |(one, one_count): &(&str, u64), (other, other_count): &(&str, u64)| other_count.cmp(one_count).then(one.cmp(other));
    let is_chosen = |(value, _): &&(&str, u64)| chosen.is_some_and(|chosen| value.eq_ignore_ascii_case(chosen));
    if counts.len() > limit && limit > 0 {
        counts.select_nth_unstable_by(limit - 1, order);
        counts.truncate(limit);
    }
    counts.sort_unstable_by(order);
    let is_missing = !counts.iter().any(|count| is_chosen(&count));
    if let (true, Some(chosen), Some(last)) = (is_missing, sums.iter().find(is_chosen), counts.last_mut()) {
        *last = *chosen;
    }
    counts.into_iter().map(|(value, count)| Count { value: value.to_owned(), label: label(value), count }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_value_is_among_the_largest() {
        let names: Vec<String> = (0..60).map(|at| format!("{at:02}")).collect();
        let sums: Vec<(&str, u64)> = names.iter().zip(1_u64..).map(|(name, count)| (name.as_str(), count)).collect();
        let plain = |value: &str| value.to_owned();
        let counts = largest(&sums, &plain, Some("00"), 50);
        assert_eq!((counts.len(), counts[0].value.as_str(), counts[49].value.as_str()), (50, "59", "00"));
        assert!(largest(&sums, &plain, None, 50).iter().all(|count| count.value != "00"));
    }
}
