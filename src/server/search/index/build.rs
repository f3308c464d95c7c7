//! Making the columns of a segment from its rows. Everything is sorted by counting, so that ten million rows take seconds.

use super::bits::{Planes, WORD};
use super::heads::{Heads, LONGEST_TAIL, power_of_ten};
use super::ranking::{Between, Ranking};
use super::segment::{Columns, PlaceRuns, VALUES, kind_index, traits_of};
use super::tails::ByTail;
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType};
use crate::server::search::catalog::{MONTHLY_STEPS, Ranks, SETUP_STEPS, as_index};
use crate::server::search::row::{Row, base, is_nanp, searched_length};

/// The columns of rows that are sorted by number, no number twice.
pub fn columns(rows: &[Row], ranks: &Ranks) -> Columns {
    let Some(first) = rows.first() else { return Columns::default() };
    let (is_nanp, length) = (is_nanp(first.number), searched_length(first.number));
    let heads = Heads::new(rows, is_nanp, length);
    let power = power_of_ten(length - heads.length);
    let tails: Vec<u32> = rows.iter().map(|row| ((row.number - base(is_nanp)) % power) as u32).collect();
    let tail_length = length - heads.length;
    // The digits and the orders have nothing to do with each other, and take about as long.
    let ((tail, by_tail), orders) = std::thread::scope(|scope| {
        let digits = scope.spawn(|| (tail_planes(&tails, tail_length), ByTail::new(&tails, tail_length)));
        let orders = Orders::new(rows, ranks);
        (digits.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), orders)
    });
    Columns {
        rows: rows.len(),
        length,
        is_nanp,
        tail,
        by_tail,
        kinds: planes_of(rows, NumberType::ALL.len(), |row| 1 << kind_index(row.number_type)),
        features: planes_of(rows, Features::TABLE.len(), |row| row.features.bits()),
        setups: planes_of(rows, SETUP_STEPS.len(), |row| setup_steps(ranks, row.offer)),
        places: place_runs(rows, ranks),
        offers: rows.iter().map(|row| row.offer).collect(),
        traits: rows.iter().map(traits_of).collect(),
        unmemorable: orders.unmemorable,
        band_offers: orders.band_offers,
        memorability: orders.memorability,
        price: orders.price,
        heads,
        tails,
    }
}

/// The orders of rows.
struct Orders {
    unmemorable: Vec<u8>,
    price: Ranking,
    band_offers: Vec<Vec<u32>>,
    memorability: Ranking,
}

impl Orders {
    fn new(rows: &[Row], ranks: &Ranks) -> Self {
        let classes = PriceClasses::new(rows, ranks);
        // In lists of their own: these are read in other orders than that of the rows.
        let class: Vec<u32> = rows.iter().map(|row| classes.of_offer[as_index(row.offer)]).collect();
        let unmemorable: Vec<u8> = rows.iter().map(|row| row.unmemorable).collect();
        let class_of = |row: u32| as_index(class[as_index(row)]);
        let all: Vec<u32> = (0..row_id(rows.len())).collect();
        let by_price = counting_sort(&all, classes.first_of_class.len(), class_of);
        let by_memorability = counting_sort(&by_price, usize::from(u8::MAX) + 1, |row| usize::from(unmemorable[as_index(row)]));
        let price = Ranking::new(by_price, |one, other| classes.between(ranks, class_of(one), class_of(other)));
        let key = |row: u32| (unmemorable[as_index(row)], class_of(row));
        let differ = |one, other| if key(one) == key(other) { Between::Equal } else { Between::Unequal };
        let band_offers = classes.offers_by_band(&price, class_of);
        Self { memorability: Ranking::new(by_memorability, differ), price, band_offers, unmemorable }
    }
}

/// An index of a row as it is stored.
fn row_id(row: usize) -> u32 {
    row as u32
}

/// For each digit of the tails ten planes, then for each two digits one.
fn tail_planes(tails: &[u32], length: usize) -> Planes {
    let pairs = length * length.saturating_sub(1) / 2;
    let mut planes = Planes::new(length * VALUES + pairs, tails.len());
    for (word, tails) in tails.chunks(WORD).enumerate() {
        let mut digits = [[0_u64; VALUES]; LONGEST_TAIL];
        for (bit, tail) in tails.iter().enumerate() {
            let mut rest = *tail;
            for of_place in digits.iter_mut().take(length).rev() {
                of_place[as_index(rest % 10)] |= 1 << bit;
                rest /= 10;
            }
        }
        for (place, of_place) in digits.iter().take(length).enumerate() {
            for (digit, bits) in of_place.iter().enumerate() {
                planes.set(place * VALUES + digit, word, *bits);
            }
            for (earlier, of_earlier) in digits.iter().take(place).enumerate() {
                let equal = of_place.iter().zip(of_earlier).fold(0, |equal, (one, other)| equal | (one & other));
                planes.set(length * VALUES + place * (place - 1) / 2 + earlier, word, equal);
            }
        }
    }
    planes
}

/// One plane for each bit of what `of` says of a row.
fn planes_of(rows: &[Row], count: usize, of: impl Fn(&Row) -> u8) -> Planes {
    let mut planes = Planes::new(count, rows.len());
    for (word, rows) in rows.chunks(WORD).enumerate() {
        let mut bits = [0_u64; 8];
        for (bit, row) in rows.iter().enumerate() {
            let of_row = of(row);
            for (plane, bits) in bits.iter_mut().take(count).enumerate() {
                *bits |= u64::from((of_row >> plane) & 1) << bit;
            }
        }
        for (plane, bits) in bits.iter().take(count).enumerate() {
            planes.set(plane, word, *bits);
        }
    }
    planes
}

/// A bit for each step of the setup's cost that an offer keeps.
fn setup_steps(ranks: &Ranks, offer: u32) -> u8 {
    let setup = ranks.prices.get(as_index(offer)).map(|(_, setup)| *setup);
    let keeps = |step: &Micros| setup.is_some_and(|setup| setup <= *step);
    SETUP_STEPS.iter().enumerate().fold(0, |bits, (index, step)| bits | u8::from(keeps(step)) << index)
}

fn place_runs(rows: &[Row], ranks: &Ranks) -> PlaceRuns {
    let mut runs = PlaceRuns::default();
    for (at, row) in rows.iter().enumerate() {
        if runs.places.last() != Some(&row.place) {
            runs.places.push(row.place);
            runs.starts.push(row_id(at));
        }
    }
    runs.starts.push(row_id(rows.len()));
    runs.by_locality = (0..row_id(runs.places.len())).collect();
    // Stable: runs of the same city stay in the order of their numbers.
    runs.by_locality.sort_by_key(|run| ranks.localities.get(as_index(runs.places[as_index(*run)])));
    runs
}

/// The rows in the order of their classes; rows of one class keep the order that they have in `rows`.
fn counting_sort(rows: &[u32], classes: usize, class_of: impl Fn(u32) -> usize) -> Vec<u32> {
    let mut next = vec![0_u32; classes + 1];
    for row in rows {
        next[class_of(*row) + 1] += 1;
    }
    for class in 1..next.len() {
        next[class] += next[class - 1];
    }
    let mut sorted = vec![0; rows.len()];
    for row in rows {
        let slot = &mut next[class_of(*row)];
        sorted[as_index(*slot)] = *row;
        *slot += 1;
    }
    sorted
}

/// Offers that cost the same are of one class, whoever makes them; the cheapest class is 0.
struct PriceClasses {
    /// For each offer of the catalog its class.
    of_offer: Vec<u32>,
    /// The offers that occur here, cheapest first.
    offers: Vec<u32>,
    /// For each class one of its offers.
    first_of_class: Vec<u32>,
}

impl PriceClasses {
    fn new(rows: &[Row], ranks: &Ranks) -> Self {
        let mut of_offer = vec![0; ranks.prices.len()];
        for row in rows {
            of_offer[as_index(row.offer)] = 1;
        }
        let mut offers: Vec<u32> = (0..row_id(of_offer.len())).filter(|offer| of_offer[as_index(*offer)] == 1).collect();
        let price = |offer: u32| ranks.prices.get(as_index(offer));
        offers.sort_by_key(|offer| price(*offer));
        let mut first_of_class: Vec<u32> = Vec::new();
        for offer in &offers {
            if first_of_class.last().is_none_or(|last| price(*last) != price(*offer)) {
                first_of_class.push(*offer);
            }
            of_offer[as_index(*offer)] = row_id(first_of_class.len() - 1);
        }
        Self { of_offer, offers, first_of_class }
    }

    /// How two classes that follow each other differ.
    fn between(&self, ranks: &Ranks, one: usize, other: usize) -> Between {
        if one == other {
            return Between::Equal;
        }
        let monthly = |class: usize| {
            let offer = self.first_of_class.get(class).map(|offer| as_index(*offer));
            offer.and_then(|offer| ranks.prices.get(offer)).map(|(monthly, _)| *monthly)
        };
        let steps = |class: usize| MONTHLY_STEPS.iter().filter(|step| monthly(class).is_some_and(|monthly| monthly <= **step)).count();
        if steps(one) == steps(other) { Between::Unequal } else { Between::Apart }
    }

    fn offers_by_band(&self, price: &Ranking, class_of: impl Fn(u32) -> usize) -> Vec<Vec<u32>> {
        let last_class = |to: usize| price.order().get(to - 1).map_or(0, |row| class_of(*row));
        let last_classes: Vec<usize> = price.bands().iter().map(|band| last_class(band.to)).collect();
        let mut by_band = vec![Vec::new(); last_classes.len()];
        for offer in &self.offers {
            let class = as_index(self.of_offer[as_index(*offer)]);
            by_band[last_classes.partition_point(|last| *last < class)].push(*offer);
        }
        by_band
    }
}
