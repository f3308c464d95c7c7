//! A segment: numbers of one country and one length, in order, as planes of bits. It is built once and never changes, but that its rows
//! are taken out one by one when their numbers are sold.
//!
//! The digits of a number are cut in two. The head is what many numbers share, in NANP at ten million numbers the area code and the
//! exchange; it stands once for all of them (see [`super::heads`]). The tail is the rest. Each digit of the tail has ten planes, one for each value, and each
//! two digits of the tail have a plane that says whether they are equal, for repeat shapes.
//!
//! ```text
//!  heads            rows    tail planes: digit 6 is    …    digit 9 is      6=7  6=8 …  8=9
//!  number  from             0 1 2 3 4 5 6 7 8 9        …    0 1 2 … 9
//!  415356     0 ──▶ 415356 2233   . . 1 . . . . . . .       . . . 1 …  .     1    .  …   1
//!                   415356 9377   . . . . . . . . . 1       . . . . …  .     .    .  …   1
//!  415357     2 ──▶ 415357 0012   1 . . . . . . . . .       . . 1 . …  .     1    .  …   .
//!                   415357 4500   . . . . 1 . . . . .       1 . . . …  .     .    .  …   1
//!  415559     4 ──▶ …
//!
//!  the same rows beside:  live · kinds · features · tails · offers · traits · unmemorable   one bit or value a row
//!                         by_tail  the rows of each tail
//!                         places   one entry for each run of rows in the same place
//!                         price, memorability   the rows in that order, with bands (see ranking)
//! ```
//!
//! A pattern is read along the heads once (see `domain::pattern::walk`); what it then asks of the tails are a few ANDs and ORs of
//! planes, for 64 numbers at a time.

use std::ops::Range;
use std::sync::Arc;

use super::bits::{self, Planes};
use super::build;
use super::heads::{Heads, power_of_ten};
use super::hits::Hits;
use super::ranking::Ranking;
use super::tails::ByTail;
use crate::domain::number::{Features, NumberType};
use crate::server::search::catalog::{Ranks, as_index};
use crate::server::search::row::{Row, base};

/// Values of a digit.
pub const VALUES: usize = 10;

/// Rows around the place where a tail is guessed to be that are looked at first.
const NEAR: usize = 24;

/// Rows in the same place that stand one behind the other.
#[derive(Debug, Default)]
pub struct PlaceRuns {
    /// The first row of each run; one more at the end.
    pub starts: Vec<u32>,
    /// The place of each run.
    pub places: Vec<u32>,
    /// The runs by city and state, then by number.
    pub by_locality: Vec<u32>,
}

/// What never changes.
#[derive(Debug, Default)]
pub struct Columns {
    pub rows: usize,
    /// Digits of a number as it is searched.
    pub length: usize,
    pub is_nanp: bool,
    pub heads: Heads,
    /// Digit planes, then planes of equal digits.
    pub tail: Planes,
    /// One plane for each type.
    pub kinds: Planes,
    /// One plane for each feature.
    pub features: Planes,
    pub places: PlaceRuns,
    /// The tail of each row as a number.
    pub tails: Vec<u32>,
    /// The rows of each tail.
    pub by_tail: ByTail,
    pub offers: Vec<u32>,
    /// Features in the low five bits, the type above them.
    pub traits: Vec<u8>,
    pub unmemorable: Vec<u8>,
    pub price: Ranking,
    /// For each step of the setup's cost the rows that cost no more.
    pub setups: Planes,
    /// The offers that are in each band of `price`.
    pub band_offers: Vec<Vec<u32>>,
    pub memorability: Ranking,
}

impl PlaceRuns {
    /// From and behind-last row of a run.
    #[inline]
    pub fn rows(&self, run: usize) -> (usize, usize) {
        let at = |index: usize| self.starts.get(index).map_or(0, |start| as_index(*start));
        (at(run), at(run + 1))
    }
}

impl Columns {
    /// Digits of a tail.
    pub const fn tail_length(&self) -> usize {
        self.length - self.heads.length
    }

    /// The plane of the rows whose digit at `at` (from the first of the number) is `digit`.
    pub fn digit_plane(&self, at: usize, digit: u8) -> usize {
        (at - self.heads.length) * VALUES + usize::from(digit)
    }

    /// The plane of the rows whose digits at `at` and `other`, which comes later, are equal.
    pub fn equal_plane(&self, at: usize, other: usize) -> usize {
        let (at, other) = (at - self.heads.length, other - self.heads.length);
        self.tail_length() * VALUES + other * (other - 1) / 2 + at
    }

    /// The number of a row, with its country code.
    pub fn number(&self, row: usize) -> u64 {
        self.number_in(self.heads.of_row(row), row)
    }

    /// The same where its head is known.
    fn number_in(&self, head: usize, row: usize) -> u64 {
        let value = self.heads.values.get(head).copied().unwrap_or_default();
        let tail = self.tails.get(row).copied().unwrap_or_default();
        base(self.is_nanp) + value * power_of_ten(self.tail_length()) + u64::from(tail)
    }

    /// Where a number stands; none when it is not there.
    pub fn find(&self, number: u64) -> Option<usize> {
        let row = self.first_from(number);
        (row < self.rows && self.number(row) == number).then_some(row)
    }

    /// The first row whose number is not below `number`.
    pub fn first_from(&self, number: u64) -> usize {
        let Some(searched) = number.checked_sub(base(self.is_nanp)) else { return 0 };
        let power = power_of_ten(self.tail_length());
        let (value, tail) = (searched / power, searched % power);
        let head = self.heads.values.partition_point(|head| *head < value);
        let (from, to) = self.heads.rows(head);
        if self.heads.values.get(head) != Some(&value) {
            return if head < self.heads.values.len() { from } else { self.rows };
        }
        from + self.tails.get(from..to).unwrap_or_default().partition_point(|known| u64::from(*known) < tail)
    }

    /// Calls `take` with each part of the hits' numbers, which is a number without its last digits, and its rows from its first hit on. `alike` is how
    /// many numbers share a part.
    pub fn each_part(&self, hits: &Hits<'_>, alike: u64, mut take: impl FnMut(u64, Range<usize>)) {
        let mut from = 0;
        // From the first row of a part straight to the first row behind it.
        while let Some(row) = hits.rows_in(from, self.rows).next() {
            let part = self.number(row) / alike;
            from = self.first_from((part + 1) * alike);
            take(part, row..from);
        }
    }

    /// Where a tail stands among rows of one head. Tails mostly lie evenly between the first and the last one that there can be, so it
    /// is looked for around the place where it would then be: that reads one or two lines of memory instead of one for each halving.
    #[inline]
    pub fn row_of_tail(&self, from: usize, to: usize, tail: u32) -> Option<usize> {
        let tails = self.tails.get(from..to)?;
        let guess = (u64::from(tail) * tails.len() as u64 / power_of_ten(self.tail_length())) as usize;
        let (first, behind) = (guess.saturating_sub(NEAR), (guess + NEAR).min(tails.len()));
        let is_near =
            tails.get(first).is_some_and(|low| *low <= tail) && tails.get(behind.wrapping_sub(1)).is_some_and(|high| tail <= *high);
        let (first, behind) = if is_near { (first, behind) } else { (0, tails.len()) };
        let found = first + tails.get(first..behind)?.partition_point(|known| *known < tail);
        (tails.get(found) == Some(&tail)).then_some(from + found)
    }

    /// A row as it went in.
    pub fn row(&self, row: usize) -> Row {
        let head = self.heads.of_row(row);
        let run = self.places.starts.partition_point(|start| as_index(*start) <= row).saturating_sub(1);
        self.row_in(head, run, row)
    }

    /// Rows as they went in, which are asked for in their order: so heads and places need not be looked for.
    pub fn rows_in_order(&self, rows: impl Iterator<Item = usize>) -> impl Iterator<Item = Row> {
        let (mut head, mut run) = (0, 0);
        rows.map(move |row| {
            while self.heads.rows(head).1 <= row {
                head += 1;
            }
            while self.places.rows(run).1 <= row {
                run += 1;
            }
            self.row_in(head, run, row)
        })
    }

    fn row_in(&self, head: usize, run: usize, row: usize) -> Row {
        let traits = self.traits.get(row).copied().unwrap_or_default();
        Row {
            number: self.number_in(head, row),
            place: self.places.places.get(run).copied().unwrap_or_default(),
            offer: self.offers.get(row).copied().unwrap_or_default(),
            number_type: kind_of(traits),
            features: features_of(traits),
            unmemorable: self.unmemorable.get(row).copied().unwrap_or_default(),
        }
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        let words = (self.places.starts.len() * 3 + self.tails.len() + self.offers.len()) * size_of::<u32>();
        let planes = self.tail.bytes() + self.kinds.bytes() + self.features.bytes() + self.setups.bytes();
        words + planes + self.heads.bytes() + self.by_tail.bytes() + self.traits.len() * 2 + self.price.bytes() + self.memorability.bytes()
    }
}

/// Type and features in one byte.
pub fn traits_of(row: &Row) -> u8 {
    let kind = kind_index(row.number_type) as u8;
    (kind << FEATURE_BITS) | row.features.bits()
}

const FEATURE_BITS: u32 = Features::TABLE.len() as u32;

/// The features of a row by its traits.
#[inline]
pub const fn features_of(traits: u8) -> Features {
    Features::from_bits(traits)
}

/// The type of a row by its traits.
#[inline]
pub fn kind_of(traits: u8) -> NumberType {
    NumberType::ALL.get(usize::from(traits >> FEATURE_BITS)).copied().unwrap_or(NumberType::Local)
}

/// A type as the index of its plane.
pub fn kind_index(number_type: NumberType) -> usize {
    NumberType::ALL.iter().position(|known| *known == number_type).unwrap_or_default()
}

/// A built part of the stock.
#[derive(Debug, Clone, Default)]
pub struct Segment {
    pub columns: Arc<Columns>,
    /// The rows that are still there.
    pub live: Vec<u64>,
    /// Rows that were taken out.
    pub removed: usize,
    /// For each type the rows that are still there.
    pub of_kind: [usize; NumberType::ALL.len()],
}

impl Segment {
    /// Builds a segment of numbers of one country and one length; `ranks` tells of all their places and offers. Of two
    /// rows with the same number the first one counts.
    pub fn new(mut rows: Vec<Row>, ranks: &Ranks) -> Self {
        rows.sort_by_key(|row| row.number);
        rows.dedup_by_key(|row| row.number);
        let mut of_kind = [0; NumberType::ALL.len()];
        for row in &rows {
            of_kind[kind_index(row.number_type)] += 1;
        }
        Self { live: bits::full(rows.len()), columns: Arc::new(build::columns(&rows, ranks)), removed: 0, of_kind }
    }

    /// Rows that are still there.
    pub fn len(&self) -> usize {
        self.columns.rows - self.removed
    }

    /// Where a number stands that is still there.
    pub fn find(&self, number: u64) -> Option<usize> {
        self.columns.find(number).filter(|row| bits::has(&self.live, *row))
    }

    /// Takes a number out; false when it is not there.
    pub fn remove(&mut self, number: u64) -> bool {
        let Some(row) = self.columns.find(number).filter(|row| bits::clear(&mut self.live, *row)) else { return false };
        self.removed += 1;
        let traits = self.columns.traits.get(row).copied().unwrap_or_default();
        let of_kind = &mut self.of_kind[kind_index(kind_of(traits))];
        *of_kind = of_kind.saturating_sub(1);
        true
    }

    /// The rows that are still there, as they went in.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.columns.rows_in_order(bits::ones_in(&self.live, 0, self.columns.rows))
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.columns.bytes() + size_of_val(self.live.as_slice())
    }
}
