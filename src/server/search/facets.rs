//! Counts behind every filter. Few hits are looked at one by one; of many, the bits are counted for 64 numbers at a time.

use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::number::{Features, NumberType};
use crate::domain::place::{country_name, state_name};
use crate::domain::search::Filter;

use super::catalog::{Catalog, Names, as_index};
use super::index::bits::{WORD, ones_in, within};
use super::index::kernel::{self, Work};
use super::index::question::{Question, unless_all};
use super::index::scan::{Hits, Prices};
use super::index::segment::{Columns, Segment, features_of, kind_index, kind_of};
use super::plan::{AREA, CITY, COUNTRY, DISTANCES, KIND, MAX_MONTHLY, MAX_SETUP, Misses, Plan, RATE_CENTER, STATE};
use super::row::Row;
use super::{Claims, Stock};

/// Values of one filter at the most (R60).
const VALUES: usize = 50;
/// The map shows every state and territory, so their filter may have more values.
const STATE_VALUES: usize = 64;
/// Upper bounds of the monthly cost that are offered, in whole units.
const PRICE_BOUNDS: [i64; 3] = [2, 5, 10];
/// Up to so many hits are looked at one by one.
const FEW: u64 = 50_000;

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
    /// Any price, then those up to each bound.
    prices: [u64; PRICE_BOUNDS.len() + 1],
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
            if !counting.plan.reaches(shard) {
                continue;
            }
            for segment in &shard.segments {
                let hits = claims.visible(segment, segment.hits(&counting.question));
                if hits.count <= FEW {
                    counting.one_by_one(segment, &hits, &mut tally);
                } else {
                    kernel::run(ByWords { counting: &counting, columns: &segment.columns, hits: &hits, tally: &mut tally });
                }
            }
            let shown = shard.fresh.values().filter(|row| !claims.hides(row.number));
            for row in shown.filter(|row| counting.counts(row)) {
                counting.add(&mut tally, row.place, row.offer, row.number_type, row.features);
            }
        }
        tally.name(&index.catalog, filter, currency)
    }
}

/// What is counted: all that misses no more than what some group of counts leaves out.
struct Counting<'a> {
    plan: Plan<'a>,
    question: Question,
    /// For each offer the bounds of the price that it keeps, the first bound being none.
    within_bound: [Vec<bool>; PRICE_BOUNDS.len() + 1],
    /// For each offer whether it costs no more a month than was asked for.
    monthly: Vec<bool>,
}

impl<'a> Counting<'a> {
    fn new(plan: Plan<'a>, catalog: &Catalog) -> Self {
        let counted = |misses: &Misses| [IN_COUNTRY, AREA].iter().any(|left_out| misses & !(left_out | DISTANCES) == 0);
        let question = Question {
            places: unless_all(plan.places.iter().map(counted).collect()),
            offers: unless_all(plan.offers.iter().map(|misses| misses & MAX_SETUP == 0).collect()),
            number_type: None,
            ..plan.question()
        };
        let bounds = [None, Some(PRICE_BOUNDS[0]), Some(PRICE_BOUNDS[1]), Some(PRICE_BOUNDS[2])];
        let within_bound = bounds.map(|units| {
            let keeps = |monthly: Micros| units.is_none_or(|units| monthly <= Micros(units * MICROS_PER_UNIT));
            catalog.offers.values().iter().map(|offer| keeps(offer.monthly)).collect()
        });
        let monthly = plan.offers.iter().map(|misses| misses & MAX_MONTHLY == 0).collect();
        Self { plan, question, within_bound, monthly }
    }

    fn counts(&self, row: &Row) -> bool {
        let facts = self.plan.facts(row) & !(DISTANCES | KIND | MAX_MONTHLY);
        [IN_COUNTRY, AREA].iter().any(|left_out| facts & !left_out == 0) && self.plan.reads(&row.digits())
    }

    fn one_by_one(&self, segment: &Segment, hits: &Hits, tally: &mut Tally) {
        let columns = &*segment.columns;
        let mut run = 0;
        for row in ones_in(&hits.words, 0, columns.rows) {
            while columns.places.rows(run).1 <= row {
                run += 1;
            }
            let at = |values: &[u32], index: usize| values.get(index).copied().unwrap_or_default();
            let traits = columns.traits.get(row).copied().unwrap_or_default();
            let (place, offer) = (at(&columns.places.places, run), at(&columns.offers, row));
            self.add(tally, place, offer, kind_of(traits), features_of(traits));
        }
    }

    /// Counts one number.
    fn add(&self, tally: &mut Tally, place: u32, offer: u32, number_type: NumberType, features: Features) {
        let of_place = self.plan.of_place(place) & !DISTANCES;
        let keeps = |bound: &Vec<bool>| bound.get(as_index(offer)) == Some(&true);
        let (is_kind, is_priced) = (self.plan.filter.number_type.is_none_or(|asked| asked == number_type), keeps(&self.monthly));
        if is_kind && is_priced {
            tally.add_places(place, of_place, 1);
        }
        if of_place != 0 {
            return;
        }
        if is_priced {
            tally.kinds[kind_index(number_type)] += 1;
        }
        if is_kind {
            for (count, bound) in tally.prices.iter_mut().zip(&self.within_bound) {
                *count += u64::from(keeps(bound));
            }
        }
        if is_kind && is_priced {
            for (count, (feature, ..)) in tally.features.iter_mut().zip(Features::TABLE) {
                *count += u64::from(features.contains(feature));
            }
        }
    }

    /// Counts the hits of a segment by the planes of their bits, one run of rows in the same place after the other.
    #[inline(always)]
    fn by_words(&self, columns: &Columns, hits: &Hits, tally: &mut Tally) {
        let kind = self.plan.filter.number_type.map(|number_type| columns.kinds.plane(kind_index(number_type)));
        let monthly = self.monthly.contains(&false).then(|| Prices::new(columns, &self.monthly));
        let bounds: Vec<Prices<'_>> = self.within_bound.iter().skip(1).map(|bound| Prices::new(columns, bound)).collect();
        let kinds: Vec<&[u64]> = (0..NumberType::ALL.len()).map(|kind| columns.kinds.plane(kind)).collect();
        let features: Vec<&[u64]> = (0..Features::TABLE.len()).map(|feature| columns.features.plane(feature)).collect();
        let ones = |word: u64| u64::from(word.count_ones());
        let at = |plane: &[u64], word: usize| plane.get(word).copied().unwrap_or_default();
        for (run, place) in columns.places.places.iter().enumerate() {
            let of_place = self.plan.of_place(*place) & !DISTANCES;
            let (from, to) = columns.places.rows(run);
            let mut in_run = 0;
            for word in from / WORD..to.div_ceil(WORD) {
                let all = at(&hits.words, word) & within(word, from, to);
                if all == 0 {
                    continue;
                }
                let of_kind = kind.map_or(all, |kind| all & at(kind, word));
                let priced = monthly.as_ref().map_or(all, |monthly| monthly.keep(word, all));
                in_run += ones(of_kind & priced);
                if of_place != 0 {
                    continue;
                }
                for (count, plane) in tally.kinds.iter_mut().zip(&kinds) {
                    *count += ones(priced & at(plane, word));
                }
                for (count, plane) in tally.features.iter_mut().zip(&features) {
                    *count += ones(of_kind & priced & at(plane, word));
                }
                tally.prices[0] += ones(of_kind);
                for (count, bound) in tally.prices.iter_mut().skip(1).zip(&bounds) {
                    *count += ones(bound.keep(word, of_kind));
                }
            }
            tally.add_places(*place, of_place, in_run);
        }
    }
}

/// The work of [`Counting::by_words`].
struct ByWords<'a> {
    counting: &'a Counting<'a>,
    columns: &'a Columns,
    hits: &'a Hits,
    tally: &'a mut Tally,
}

impl Work for ByWords<'_> {
    type Answer = ();

    #[inline(always)]
    fn run(self) {
        self.counting.by_words(self.columns, self.hits, self.tally);
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
            kinds: [0; NumberType::ALL.len()],
            stocked: [false; NumberType::ALL.len()],
            features: [0; Features::TABLE.len()],
            prices: [0; PRICE_BOUNDS.len() + 1],
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
        Facets {
            countries: largest(&sums(&self.countries, &catalog.countries), &country, None, VALUES),
            states: largest(&sums(&self.states, &catalog.states), &state, filter.state.as_deref(), STATE_VALUES),
            cities: largest(&sums(&self.cities, &catalog.localities), &plain, filter.locality.as_deref(), VALUES),
            area_codes: largest(&sums(&self.area_codes, &catalog.area_codes), &plain, filter.area_code.as_deref(), VALUES),
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
            prices: self.prices(currency),
        }
    }

    /// Any price, then each bound with the numbers that cost no more.
    fn prices(&self, currency: &str) -> Vec<Count> {
        let bounds = PRICE_BOUNDS.map(|units| (units.to_string(), format!("Up to {}", whole(Micros(units * MICROS_PER_UNIT), currency))));
        let any = (String::new(), String::from("Any price"));
        std::iter::once(any).chain(bounds).zip(self.prices).map(|((value, label), count)| Count { value, label, count }).collect()
    }
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
