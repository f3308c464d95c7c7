//! Counting for the facets. Few hits are looked at one by one; of many, the bits are counted, for one plane after the other.

use super::{IN_COUNTRY, Tally};
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType};
use crate::server::search::Claims;
use crate::server::search::catalog::{Catalog, MONTHLY_STEPS, Offer, SETUP_STEPS, as_index};
use crate::server::search::index::bits::{WORD, within};
use crate::server::search::index::hits::Hits;
use crate::server::search::index::kernel::{self, Work};
use crate::server::search::index::prices::Prices;
use crate::server::search::index::question::{Question, unless_all};
use crate::server::search::index::segment::{Segment, features_of, kind_index, kind_of};
use crate::server::search::index::shard::Shard;
use crate::server::search::plan::{AREA, DISTANCES, KIND, MAX_MONTHLY, MAX_SETUP, Misses, Plan};
use crate::server::search::row::Row;

/// Up to so many hits are looked at one by one.
const FEW: u64 = 50_000;
/// Words that are counted at a time.
const CHUNK: usize = 64;

/// What is counted: all that misses no more than what some group of counts leaves out.
pub(super) struct Counting<'a> {
    plan: Plan<'a>,
    question: Question,
    /// For each offer whether it costs no more a month than was asked for, and the same for the setup.
    monthly: Vec<bool>,
    setup: Vec<bool>,
    /// For each step of a price the offers that cost no more.
    monthly_steps: [Vec<bool>; MONTHLY_STEPS.len()],
    setup_steps: [Vec<bool>; SETUP_STEPS.len()],
}

impl<'a> Counting<'a> {
    pub fn new(plan: Plan<'a>, catalog: &Catalog) -> Self {
        let counted = |misses: &Misses| [IN_COUNTRY, AREA].iter().any(|left_out| misses & !(left_out | DISTANCES) == 0);
        let places = unless_all(plan.places.iter().map(counted).collect());
        let question = Question { places, offers: None, number_type: None, ..plan.question() };
        let keeping = |bit: Misses| plan.offers.iter().map(|misses| misses & bit == 0).collect();
        let within = |step: Micros, cost: fn(&Offer) -> Micros| catalog.offers.values().iter().map(|offer| cost(offer) <= step).collect();
        Self {
            monthly: keeping(MAX_MONTHLY),
            setup: keeping(MAX_SETUP),
            monthly_steps: MONTHLY_STEPS.map(|step| within(step, |offer| offer.monthly)),
            setup_steps: SETUP_STEPS.map(|step| within(step, |offer| offer.setup)),
            plan,
            question,
        }
    }

    /// Can anything in a shard be counted?
    pub fn reaches(&self, shard: &Shard) -> bool {
        self.plan.reaches(shard)
    }

    /// Counts the numbers of a shard.
    pub fn count(&self, shard: &Shard, claims: &Claims, tally: &mut Tally) {
        for segment in &shard.segments {
            let hits = claims.visible(segment, segment.hits(&self.question));
            if hits.count <= FEW {
                self.one_by_one(segment, &hits, tally);
            } else {
                kernel::run(ByPlanes { planes: Planes::new(self, segment), counting: self, hits: &hits, tally });
            }
        }
        let shown = shard.fresh.values().filter(|row| !claims.hides(row.number));
        for row in shown.filter(|row| self.counts(row)) {
            self.add(tally, row.place, row.offer, row.number_type, row.features);
        }
    }

    fn counts(&self, row: &Row) -> bool {
        let facts = self.plan.facts(row) & !(DISTANCES | KIND | MAX_MONTHLY | MAX_SETUP);
        [IN_COUNTRY, AREA].iter().any(|left_out| facts & !left_out == 0) && self.plan.reads(&row.digits())
    }

    fn one_by_one(&self, segment: &Segment, hits: &Hits<'_>, tally: &mut Tally) {
        let columns = &*segment.columns;
        let mut run = 0;
        for row in hits.rows() {
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
        let keeps = |will_do: &Vec<bool>| will_do.get(as_index(offer)) == Some(&true);
        let is_kind = self.plan.filter.number_type.is_none_or(|asked| asked == number_type);
        let (is_monthly, is_setup) = (keeps(&self.monthly), keeps(&self.setup));
        if is_kind && is_monthly && is_setup {
            tally.add_places(place, of_place, 1);
        }
        if of_place != 0 {
            return;
        }
        if is_monthly && is_setup {
            tally.kinds[kind_index(number_type)] += 1;
        }
        if is_kind && is_setup {
            add_steps(&mut tally.prices, self.monthly_steps.iter().map(keeps));
        }
        if is_kind && is_monthly {
            add_steps(&mut tally.setups, self.setup_steps.iter().map(keeps));
        }
        if is_kind && is_monthly && is_setup {
            for (count, (feature, ..)) in tally.features.iter_mut().zip(Features::TABLE) {
                *count += u64::from(features.contains(feature));
            }
        }
    }
}

/// One number of any price, and of each step that it keeps.
fn add_steps(counts: &mut [u64], keeps: impl Iterator<Item = bool>) {
    for (count, keeps) in counts.iter_mut().zip(std::iter::once(true).chain(keeps)) {
        *count += u64::from(keeps);
    }
}

/// The planes of a segment that are counted, and those that something is left out by.
struct Planes<'a> {
    segment: &'a Segment,
    kind: Option<&'a [u64]>,
    monthly: Option<Prices<'a>>,
    setup: Option<Prices<'a>>,
    kinds: Vec<(usize, &'a [u64])>,
    features: [&'a [u64]; Features::TABLE.len()],
    /// For each step of a price the rows that cost no more.
    monthly_steps: [&'a [u64]; MONTHLY_STEPS.len()],
    setup_steps: [&'a [u64]; SETUP_STEPS.len()],
}

impl<'a> Planes<'a> {
    fn new(counting: &'a Counting<'_>, segment: &'a Segment) -> Self {
        let columns = &*segment.columns;
        let asked = |will_do: &'a [bool]| will_do.contains(&false).then(|| Prices::new(columns, will_do));
        let in_stock = (0..NumberType::ALL.len()).filter(|kind| segment.of_kind[*kind] > 0);
        Self {
            segment,
            kind: counting.plan.filter.number_type.map(|asked| columns.kinds.plane(kind_index(asked))),
            monthly: asked(&counting.monthly),
            setup: asked(&counting.setup),
            kinds: in_stock.map(|kind| (kind, columns.kinds.plane(kind))).collect(),
            features: std::array::from_fn(|feature| columns.features.plane(feature)),
            // The bands of the price order end at each of these steps.
            monthly_steps: counting.monthly_steps.each_ref().map(|will_do| Prices::new(columns, will_do).plane().unwrap_or_default()),
            setup_steps: std::array::from_fn(|step| columns.setups.plane(step)),
        }
    }

    /// Keeps the rows of the asked type.
    #[inline(always)]
    fn of_kind(&self, mut words: [u64; CHUNK], at: usize) -> [u64; CHUNK] {
        if let Some(plane) = self.kind {
            words.iter_mut().zip(part(plane, at)).for_each(|(word, plane)| *word &= plane);
        }
        words
    }
}

/// Keeps the rows that cost no more than was asked for.
#[inline(always)]
fn priced(prices: Option<&Prices<'_>>, mut words: [u64; CHUNK], at: usize) -> [u64; CHUNK] {
    if let Some(prices) = prices {
        words.iter_mut().enumerate().filter(|(_, word)| **word != 0).for_each(|(index, word)| *word = prices.keep(at + index, *word));
    }
    words
}

/// The words of a plane from one on.
#[inline(always)]
fn part(plane: &[u64], at: usize) -> &[u64] {
    plane.get(at..(at + CHUNK).min(plane.len())).unwrap_or_default()
}

#[inline(always)]
fn ones(words: &[u64; CHUNK]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}

#[inline(always)]
fn ones_of(words: &[u64; CHUNK], plane: &[u64], at: usize) -> u64 {
    words.iter().zip(part(plane, at)).map(|(word, plane)| u64::from((word & plane).count_ones())).sum()
}

/// The work of counting many hits.
struct ByPlanes<'a> {
    planes: Planes<'a>,
    counting: &'a Counting<'a>,
    hits: &'a Hits<'a>,
    tally: &'a mut Tally,
}

impl Work for ByPlanes<'_> {
    type Answer = ();

    #[inline(always)]
    fn run(mut self) {
        let runs = &self.planes.segment.columns.places;
        // The rows that lie one behind the other in places that miss nothing.
        let mut open: Option<(usize, usize)> = None;
        for (run, place) in runs.places.iter().enumerate() {
            let of_place = self.counting.plan.of_place(*place) & !DISTANCES;
            let (from, to) = runs.rows(run);
            match &mut open {
                _ if of_place != 0 => {}
                Some(last) if last.1 == from => last.1 = to,
                _ => {
                    if let Some(done) = open.replace((from, to)) {
                        self.count_rows(done);
                    }
                }
            }
            let shown = self.shown(from, to);
            self.tally.add_places(*place, of_place, shown);
        }
        if let Some(done) = open {
            self.count_rows(done);
        }
    }
}

impl ByPlanes<'_> {
    /// How many hits of a run of rows keep everything that is asked of type and price.
    #[inline(always)]
    fn shown(&self, from: usize, to: usize) -> u64 {
        let planes = &self.planes;
        let words = self.hits.words();
        let (first, behind) = (from / WORD, to.div_ceil(WORD));
        let mut count = 0;
        for word in first..behind {
            let mut found = words[word] & within(word, from, to);
            if found == 0 {
                continue;
            }
            found &= planes.kind.map_or(u64::MAX, |plane| plane[word]);
            for prices in [&planes.monthly, &planes.setup].into_iter().flatten() {
                found = prices.keep(word, found);
            }
            count += u64::from(found.count_ones());
        }
        count
    }

    /// Counts the hits of a run of rows, whose places miss nothing, by what they are and cost.
    #[inline(always)]
    fn count_rows(&mut self, (from, to): (usize, usize)) {
        let all = self.hits.words();
        for at in (from / WORD..to.div_ceil(WORD)).step_by(CHUNK) {
            let mut words = [0; CHUNK];
            words.iter_mut().zip(part(all, at)).for_each(|(word, all)| *word = *all);
            if at * WORD < from || (at + CHUNK) * WORD > to {
                words.iter_mut().enumerate().for_each(|(index, word)| *word &= within(at + index, from, to));
            }
            if words.iter().any(|word| *word != 0) {
                self.count_chunk(words, at);
            }
        }
    }

    #[inline(always)]
    fn count_chunk(&mut self, words: [u64; CHUNK], at: usize) {
        let (planes, tally) = (&self.planes, &mut *self.tally);
        let (monthly, setup) = (planes.monthly.as_ref(), planes.setup.as_ref());
        let of_price = priced(setup, priced(monthly, words, at), at);
        let mut others = ones(&of_price);
        // Every number has one type; the last one is what is left.
        for (index, (kind, plane)) in planes.kinds.iter().enumerate() {
            let count = if index + 1 == planes.kinds.len() { others } else { ones_of(&of_price, plane, at) };
            others -= count;
            tally.kinds[*kind] += count;
        }
        let shown = planes.of_kind(of_price, at);
        for (count, plane) in tally.features.iter_mut().zip(planes.features) {
            *count += ones_of(&shown, plane, at);
        }
        let of_kind = planes.of_kind(words, at);
        count_steps(&mut tally.prices, &planes.monthly_steps, &priced(setup, of_kind, at), at);
        count_steps(&mut tally.setups, &planes.setup_steps, &priced(monthly, of_kind, at), at);
    }
}

/// Counts rows of any price, and those of each step.
#[inline(always)]
fn count_steps(counts: &mut [u64], steps: &[&[u64]], words: &[u64; CHUNK], at: usize) {
    let Some((any, counts)) = counts.split_first_mut() else { return };
    *any += ones(words);
    for (count, plane) in counts.iter_mut().zip(steps) {
        *count += ones_of(words, plane, at);
    }
}
