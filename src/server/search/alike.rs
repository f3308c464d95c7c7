//! Free numbers that are close to a given one: what is offered when somebody else was faster.

use std::collections::BinaryHeap;

use crate::domain::e164::E164;
use crate::domain::search::Filter;

use super::found::FoundRow;
use super::table::Row;
use super::words::{self, WordId};
use super::{Claims, Stock};

/// Digits in which a number of the same area code may differ and still be close.
const FEW: usize = 3;
/// Of one kind so many come before others get their turn.
const OF_A_KIND: usize = 2;

/// A free number that is close to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    pub row: FoundRow,
    /// Indexes of the national digits that differ; empty where the likeness is not in the digits' places.
    pub differing: Vec<u8>,
    /// What makes it close, for people.
    pub why: &'static str,
}

/// What makes a number close to another one, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    OneDigit,
    SameLastSeven,
    SameWord,
    TwoDigits,
    SameWordElsewhere,
    ThreeDigits,
}

impl Likeness {
    const ALL: [Self; 6] =
        [Self::OneDigit, Self::SameLastSeven, Self::SameWord, Self::TwoDigits, Self::SameWordElsewhere, Self::ThreeDigits];

    const fn text(self) -> &'static str {
        match self {
            Self::OneDigit => "One digit off",
            Self::SameLastSeven => "Same last seven",
            Self::SameWord => "Same word, other spot",
            Self::TwoDigits => "Two digits off",
            Self::SameWordElsewhere => "Same word, other area",
            Self::ThreeDigits => "Three digits off",
        }
    }
}

/// The number that was asked for.
struct Wanted<'a> {
    number: u64,
    national: &'a [u8],
    is_nanp: bool,
    word: Option<WordId>,
}

impl Stock {
    /// Up to `limit` free numbers that are close to `e164`, whether that is in stock or not. The caller's own holds are not free.
    #[must_use]
    pub fn alike(&self, claims: &Claims, e164: &E164, limit: usize) -> Vec<Alike> {
        let table = self.table();
        let (taken, _) = claims.mask(&table, true);
        let national = e164.national().as_bytes();
        let wanted = Wanted {
            number: super::table::number_of(e164.as_str()).unwrap_or_default(),
            national,
            is_nanp: e164.is_nanp(),
            word: words::best(national).map(|spelled| spelled.word),
        };
        let mut kinds: Vec<BinaryHeap<(u32, u64, usize)>> = Likeness::ALL.iter().map(|_| BinaryHeap::new()).collect();
        for (at, row) in table.rows().iter().enumerate() {
            let Some((likeness, distance)) = wanted.likeness(row) else { continue };
            if taken.has(at) {
                continue;
            }
            if let Some(heap) = Likeness::ALL.iter().position(|known| *known == likeness).and_then(|index| kinds.get_mut(index)) {
                heap.push((distance, row.number, at));
                if heap.len() > limit {
                    heap.pop();
                }
            }
        }
        let kinds: Vec<Vec<usize>> =
            kinds.into_iter().map(|heap| heap.into_sorted_vec().into_iter().map(|(.., at)| at).collect()).collect();
        let filter = Filter::default();
        let alike = |(likeness, at): (Likeness, usize)| {
            let row = table.rows().get(at)?;
            let found = FoundRow::new(&table, row, claims, &filter, None);
            Some(Alike { row: found, differing: wanted.differing(row, likeness), why: likeness.text() })
        };
        mixed(&kinds, limit).into_iter().filter_map(alike).collect()
    }
}

/// A few of each kind first, the closest kind first; then what is left. The answer stands in the order of closeness.
fn mixed(kinds: &[Vec<usize>], limit: usize) -> Vec<(Likeness, usize)> {
    let in_turn = |from: usize, to: usize| {
        Likeness::ALL
            .iter()
            .zip(kinds)
            .flat_map(move |(likeness, rows)| rows.iter().skip(from).take(to - from).map(move |at| (*likeness, *at)))
    };
    let mut chosen: Vec<(Likeness, usize)> = in_turn(0, OF_A_KIND).chain(in_turn(OF_A_KIND, usize::MAX)).take(limit).collect();
    // The sort is stable: within a kind the closer one stays in front.
    chosen.sort_by_key(|(likeness, _)| *likeness);
    chosen
}

impl Wanted<'_> {
    /// What makes a row close, with how far apart the keys are that differ.
    fn likeness(&self, row: &Row) -> Option<(Likeness, u32)> {
        let national = row.national();
        if row.number == self.number || national.len() != self.national.len() {
            return None;
        }
        let (mut different, mut distance) = (0, 0);
        for (one, other) in self.national.iter().zip(national) {
            if one != other {
                different += 1;
                distance += key_distance(*one, *other);
            }
        }
        let same_area = !self.is_nanp || self.national.get(..3) == national.get(..3);
        let same_word = self.word.is_some_and(|word| word == row.word);
        let likeness = match (same_area, different) {
            (true, 1) => Likeness::OneDigit,
            (false, _) if self.national.get(3..) == national.get(3..) => Likeness::SameLastSeven,
            (true, _) if same_word => Likeness::SameWord,
            (true, 2) => Likeness::TwoDigits,
            (false, _) if same_word => Likeness::SameWordElsewhere,
            (true, FEW) => Likeness::ThreeDigits,
            _ => return None,
        };
        Some((likeness, distance))
    }

    fn differing(&self, row: &Row, likeness: Likeness) -> Vec<u8> {
        if matches!(likeness, Likeness::SameWord | Likeness::SameWordElsewhere) {
            return Vec::new();
        }
        let pairs = self.national.iter().zip(row.national()).enumerate();
        pairs.filter(|(_, (one, other))| one != other).filter_map(|(at, _)| u8::try_from(at).ok()).collect()
    }
}

/// Steps from key to key, up, down and sideways; 0 lies under 8.
fn key_distance(one: u8, other: u8) -> u32 {
    let place = |digit: u8| match digit {
        b'0' => (1, 3),
        _ => ((digit.wrapping_sub(b'1') % 3), (digit.wrapping_sub(b'1') / 3)),
    };
    let ((one_x, one_y), (other_x, other_y)) = (place(one), place(other));
    u32::from(one_x.abs_diff(other_x)) + u32::from(one_y.abs_diff(other_y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_as_far_apart_as_on_the_pad() {
        assert_eq!(
            [(b'1', b'2'), (b'1', b'9'), (b'0', b'8'), (b'0', b'1'), (b'5', b'5')].map(|(one, other)| key_distance(one, other)),
            [1, 4, 1, 4, 0]
        );
    }

    #[test]
    fn kinds_take_turns() {
        let kinds = vec![vec![1, 2, 3, 4], vec![5], Vec::new(), vec![6, 7, 8], Vec::new(), Vec::new()];
        let chosen: Vec<usize> = mixed(&kinds, 5).into_iter().map(|(_, at)| at).collect();
        assert_eq!(chosen, [1, 2, 5, 6, 7]);
        assert_eq!(mixed(&kinds, 7).len(), 7);
    }
}
