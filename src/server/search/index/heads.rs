//! The heads of a segment: what many numbers share in their first digits, once for all of them.
//!
//! ```text
//!  upper   415            415            415            628
//!  low        356            357            559            687      the last three digits, looked up in a table
//!  starts  0              210            455            700         the first row of each
//!  groups  0                                            3           the first head of each upper
//! ```

use super::bits::WORD;
use crate::domain::pattern::MAX_POSITIONS;
use crate::server::search::catalog::as_index;
use crate::server::search::row::{Row, base};

/// Rows that a head shall have on average: as many as a word has bits.
const ROWS_A_HEAD: usize = WORD;
/// Digits of a tail at the most, so that a tail fits into 32 bits.
pub const LONGEST_TAIL: usize = 9;
/// Digits of a head that are looked up in a table, at the most.
const LONGEST_LOW: usize = 3;

/// Ten to the power of so many digits.
pub const fn power_of_ten(digits: usize) -> u64 {
    10_u64.pow(digits as u32)
}

/// Numbers that are alike in their first digits.
#[derive(Debug, Default)]
pub struct Heads {
    /// Digits of a head.
    pub length: usize,
    /// Its last digits, which are looked up in a table.
    pub low_length: usize,
    /// The head as a number, ascending.
    pub values: Vec<u64>,
    /// The low digits of each as a number.
    pub low: Vec<u16>,
    /// The first row of each; one more at the end.
    pub starts: Vec<u32>,
    /// The first head of each run of heads that differ in their low digits only; one more at the end.
    pub groups: Vec<u32>,
}

impl Heads {
    /// Cuts numbers of `length` digits, which are sorted, into heads and tails: the longest heads that still have enough rows each.
    pub fn new(rows: &[Row], is_nanp: bool, length: usize) -> Self {
        let searched = |row: &Row| row.number - base(is_nanp);
        let mut breaks = [0_usize; MAX_POSITIONS + 1];
        for pair in rows.windows(2) {
            breaks[shared(searched(&pair[0]), searched(&pair[1]), length)] += 1;
        }
        let heads_of = |digits: usize| 1 + breaks.iter().take(digits).sum::<usize>();
        let shortest = length.saturating_sub(LONGEST_TAIL);
        let head_length = (shortest..length).rev().find(|digits| heads_of(*digits) * ROWS_A_HEAD <= rows.len()).unwrap_or(shortest);
        let low_length = head_length.min(LONGEST_LOW);
        let (power, low_power) = (power_of_ten(length - head_length), power_of_ten(low_length));
        let mut heads = Self { length: head_length, low_length, ..Self::default() };
        for (at, row) in rows.iter().enumerate() {
            let value = searched(row) / power;
            let last = heads.values.last().copied();
            if last == Some(value) {
                continue;
            }
            if last.is_none_or(|last| last / low_power != value / low_power) {
                heads.groups.push(heads.values.len() as u32);
            }
            heads.values.push(value);
            heads.low.push((value % low_power) as u16);
            heads.starts.push(at as u32);
        }
        heads.groups.push(heads.values.len() as u32);
        heads.starts.push(rows.len() as u32);
        heads
    }

    /// From and behind-last row of a head.
    #[inline]
    pub fn rows(&self, head: usize) -> (usize, usize) {
        let at = |index: usize| self.starts.get(index).map_or(0, |start| as_index(*start));
        (at(head), at(head + 1))
    }

    /// From and behind-last head of a group.
    #[inline]
    pub fn group(&self, group: usize) -> (usize, usize) {
        let at = |index: usize| self.groups.get(index).map_or(0, |first| as_index(*first));
        (at(group), at(group + 1))
    }

    /// The head that a row belongs to.
    pub fn of_row(&self, row: usize) -> usize {
        self.starts.partition_point(|start| as_index(*start) <= row).saturating_sub(1)
    }

    /// The group that a head belongs to.
    pub fn group_of(&self, head: usize) -> usize {
        self.groups.partition_point(|first| as_index(*first) <= head).saturating_sub(1)
    }

    /// The digits of a group that are not low, 0 to 9.
    pub fn upper_digits(&self, group: usize) -> impl Iterator<Item = u8> {
        let upper = self.values.get(self.group(group).0).map_or(0, |value| value / power_of_ten(self.low_length));
        (0..self.length - self.low_length).rev().map(move |place| (upper / power_of_ten(place) % 10) as u8)
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        size_of_val(self.values.as_slice())
            + size_of_val(self.low.as_slice())
            + size_of_val(self.starts.as_slice())
            + size_of_val(self.groups.as_slice())
    }
}

/// How many first digits two numbers of so many digits share.
fn shared(mut one: u64, mut other: u64, length: usize) -> usize {
    let mut digits = length;
    while one != other {
        (one, other, digits) = (one / 10, other / 10, digits - 1);
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::{Features, NumberType};

    #[test]
    fn heads_are_as_long_as_they_have_rows_enough() {
        let row =
            |number: u64| Row { number, place: 0, offer: 0, number_type: NumberType::Local, features: Features::NONE, unmemorable: 0 };
        let few: Vec<Row> = (0..20).map(|at| row(14_153_560_000 + at * 13)).collect();
        let cut = Heads::new(&few, true, 10);
        assert_eq!((cut.length, cut.values.as_slice(), cut.starts.as_slice()), (1, &[4][..], &[0, 20][..]));
        assert_eq!((cut.low.as_slice(), cut.groups.as_slice(), cut.upper_digits(0).count()), (&[4][..], &[0, 1][..], 0));
        let many: Vec<Row> = [415_356_u64, 415_357, 628_356]
            .iter()
            .flat_map(|head| (0..200).map(move |at| (head, at * 37)))
            .map(|(head, at)| row(10_000_000_000 + head * 10_000 + at))
            .collect();
        let cut = Heads::new(&many, true, 10);
        assert_eq!((cut.length, cut.values.as_slice()), (6, &[415_356, 415_357, 628_356][..]));
        assert_eq!((cut.low.as_slice(), cut.groups.as_slice()), (&[356, 357, 356][..], &[0, 2, 3][..]));
        assert_eq!((cut.upper_digits(1).collect::<Vec<_>>(), cut.of_row(399), cut.group_of(1)), (vec![6, 2, 8], 1, 0));
    }
}
