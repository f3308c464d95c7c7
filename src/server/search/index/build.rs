//! Making the columns of a segment from its rows. Everything is sorted by counting, so that ten million rows take seconds.

use super::bits::{Planes, WORD};
use super::ranking::Ranking;
use super::segment::{Columns, Heads, LONGEST_TAIL, PlaceRuns, VALUES, kind_index, traits_of};
use crate::domain::number::{Features, NumberType};
use crate::domain::pattern::MAX_POSITIONS;
use crate::server::search::catalog::{Ranks, as_index};
use crate::server::search::row::{Row, base, is_nanp, searched_length};

/// Rows that a head shall have on average: as many as a word has bits.
const ROWS_A_HEAD: usize = WORD;

/// Ten to the power of so many digits.
pub const fn power_of_ten(digits: usize) -> u64 {
    10_u64.pow(digits as u32)
}

/// The columns of rows that are sorted by number, no number twice.
pub fn columns(rows: &[Row], ranks: &Ranks) -> Columns {
    let Some(first) = rows.first() else { return Columns::default() };
    let (is_nanp, length) = (is_nanp(first.number), searched_length(first.number));
    let heads = heads(rows, is_nanp, length);
    let power = power_of_ten(length - heads.length);
    let tails: Vec<u32> = rows.iter().map(|row| ((row.number - base(is_nanp)) % power) as u32).collect();
    let classes = PriceClasses::new(rows, ranks);
    let by_price = counting_sort(&(0..row_id(rows.len())).collect::<Vec<_>>(), classes.classes, |row| classes.of_row(rows, row));
    let by_memorability = counting_sort(&by_price, usize::from(u8::MAX) + 1, |row| usize::from(rows[as_index(row)].unmemorable));
    let price = Ranking::new(by_price, |one, other| classes.of_row(rows, one) == classes.of_row(rows, other));
    let key = |row: u32| (rows[as_index(row)].unmemorable, classes.of_row(rows, row));
    Columns {
        rows: rows.len(),
        length,
        is_nanp,
        tail: tail_planes(&tails, length - heads.length),
        kinds: planes_of(rows, NumberType::ALL.len(), |row| 1 << kind_index(row.number_type)),
        features: planes_of(rows, Features::TABLE.len(), |row| row.features.bits()),
        places: place_runs(rows, ranks),
        offers: rows.iter().map(|row| row.offer).collect(),
        traits: rows.iter().map(traits_of).collect(),
        unmemorable: rows.iter().map(|row| row.unmemorable).collect(),
        band_offers: classes.offers_by_band(rows, &price),
        memorability: Ranking::new(by_memorability, |one, other| key(one) == key(other)),
        price,
        heads,
        tails,
    }
}

/// An index of a row as it is stored.
fn row_id(row: usize) -> u32 {
    row as u32
}

/// Cuts numbers into heads and tails: the longest heads that still have enough rows each.
fn heads(rows: &[Row], is_nanp: bool, length: usize) -> Heads {
    let searched = |row: &Row| row.number - base(is_nanp);
    let shared = |one: u64, other: u64| {
        let mut digits = length;
        let (mut one, mut other) = (one, other);
        while one != other {
            (one, other, digits) = (one / 10, other / 10, digits - 1);
        }
        digits
    };
    let mut breaks = [0_usize; MAX_POSITIONS + 1];
    for pair in rows.windows(2) {
        breaks[shared(searched(&pair[0]), searched(&pair[1]))] += 1;
    }
    let heads_of = |digits: usize| 1 + breaks.iter().take(digits).sum::<usize>();
    let shortest = length.saturating_sub(LONGEST_TAIL);
    let head_length = (shortest..length).rev().find(|digits| heads_of(*digits) * ROWS_A_HEAD <= rows.len()).unwrap_or(shortest);
    let power = power_of_ten(length - head_length);
    let mut heads = Heads { length: head_length, ..Heads::default() };
    for (at, row) in rows.iter().enumerate() {
        let value = searched(row) / power;
        let last = heads.values.last().copied();
        if last != Some(value) {
            let alike = last.map_or(0, |last| shared(last, value).saturating_sub(length - head_length));
            heads.shared.push(alike as u8);
            heads.values.push(value);
            heads.digits.extend((0..head_length).rev().map(|digit| (value / power_of_ten(digit) % 10) as u8));
            heads.starts.push(row_id(at));
        }
    }
    heads.starts.push(row_id(rows.len()));
    heads
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
    classes: usize,
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
        let (mut classes, mut last) = (0, None);
        for offer in &offers {
            if last != Some(price(*offer)) {
                classes += 1;
                last = Some(price(*offer));
            }
            of_offer[as_index(*offer)] = row_id(classes - 1);
        }
        Self { of_offer, offers, classes }
    }

    fn of_row(&self, rows: &[Row], row: u32) -> usize {
        as_index(self.of_offer[as_index(rows[as_index(row)].offer)])
    }

    fn offers_by_band(&self, rows: &[Row], price: &Ranking) -> Vec<Vec<u32>> {
        let last_class = |to: usize| price.order().get(to - 1).map_or(0, |row| self.of_row(rows, *row));
        let last_classes: Vec<usize> = price.bands().iter().map(|band| last_class(band.to)).collect();
        let mut by_band = vec![Vec::new(); last_classes.len()];
        for offer in &self.offers {
            let class = as_index(self.of_offer[as_index(*offer)]);
            by_band[last_classes.partition_point(|last| *last < class)].push(*offer);
        }
        by_band
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::Features;

    #[test]
    fn heads_are_as_long_as_they_have_rows_enough() {
        let row =
            |number: u64| Row { number, place: 0, offer: 0, number_type: NumberType::Local, features: Features::NONE, unmemorable: 0 };
        let few: Vec<Row> = (0..20).map(|at| row(14_153_560_000 + at * 13)).collect();
        let cut = heads(&few, true, 10);
        assert_eq!((cut.length, cut.values.as_slice(), cut.starts.as_slice()), (1, &[4][..], &[0, 20][..]));
        let many: Vec<Row> = [415_356_u64, 415_357, 628_356]
            .iter()
            .flat_map(|head| (0..200).map(move |at| (head, at * 37)))
            .map(|(head, at)| row(10_000_000_000 + head * 10_000 + at))
            .collect();
        let cut = heads(&many, true, 10);
        assert_eq!((cut.length, cut.values.as_slice(), cut.shared.as_slice()), (6, &[415_356, 415_357, 628_356][..], &[0, 5, 0][..]));
    }
}
