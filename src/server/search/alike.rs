//! Free numbers that are close to a given one: what is offered when somebody else was faster.

use std::collections::{BinaryHeap, HashMap};

use crate::domain::e164::E164;
use crate::domain::pattern::{Pattern, Placement};
use crate::domain::search::Filter;

use super::found::FoundRow;
use super::index::Index;
use super::index::bits::ones_in;
use super::index::heads::power_of_ten;
use super::index::question::Question;
use super::index::segment::Segment;
use super::row::{Digits, Row, is_nanp, number_of};
use super::words::{self, WordId};
use super::{Claims, Stock};

/// Digits of an area code.
const AREA: usize = 3;
/// The shortest word whose numbers are alike.
const WORD_LETTERS: usize = 4;
/// So many numbers of a segment with the same word are looked at.
const LOOKED_AT: usize = 10_000;
/// Digits in which a number may differ and still be close.
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
    SameArea,
}

impl Likeness {
    const ALL: [Self; 7] =
        [Self::OneDigit, Self::SameLastSeven, Self::SameWord, Self::TwoDigits, Self::SameWordElsewhere, Self::ThreeDigits, Self::SameArea];

    const fn text(self) -> &'static str {
        match self {
            Self::OneDigit => "One digit off",
            Self::SameLastSeven => "Same last seven",
            Self::SameWord => "Same word, other spot",
            Self::TwoDigits => "Two digits off",
            Self::SameWordElsewhere => "Same word, other area",
            Self::ThreeDigits => "Three digits off",
            Self::SameArea => "Same area code",
        }
    }
}

/// The number that was asked for.
struct Wanted {
    number: u64,
    digits: Digits,
    is_nanp: bool,
    word: Option<WordId>,
}

impl Stock {
    /// Up to `limit` free numbers that are close to `e164`, whether that is in stock or not. The caller's own holds are not free.
    #[must_use]
    pub fn alike(&self, claims: &Claims, e164: &E164, limit: usize) -> Vec<Alike> {
        let index = self.index();
        let number = number_of(e164.as_str()).unwrap_or_default();
        let digits = Digits::of(number);
        let word = words::best(digits.as_bytes()).map(|spelled| spelled.word);
        let wanted = Wanted { number, digits, is_nanp: e164.is_nanp(), word };
        let mut kinds: Vec<BinaryHeap<(u32, u64)>> = Likeness::ALL.iter().map(|_| BinaryHeap::new()).collect();
        let mut rows: HashMap<u64, Row> = HashMap::new();
        for row in candidates(&index, &wanted).into_iter().filter(|row| !claims.takes(row.number)) {
            let Some((likeness, distance)) = wanted.likeness(&row) else { continue };
            if rows.insert(row.number, row).is_none()
                && let Some(heap) = Likeness::ALL.iter().position(|known| *known == likeness).and_then(|index| kinds.get_mut(index))
            {
                heap.push((distance, row.number));
                if heap.len() > limit {
                    heap.pop();
                }
            }
        }
        let kinds: Vec<Vec<u64>> =
            kinds.into_iter().map(|heap| heap.into_sorted_vec().into_iter().map(|(_, number)| number).collect()).collect();
        let filter = Filter::default();
        let alike = |(likeness, number): (Likeness, u64)| {
            let row = rows.get(&number)?;
            let found = FoundRow::new(&index.catalog, row, claims, &filter, None);
            Some(Alike { row: found, differing: wanted.differing(row, likeness), why: likeness.text() })
        };
        mixed(&kinds, limit).into_iter().filter_map(alike).collect()
    }
}

/// Numbers that may be close: those with few other digits, those with the same end, those with the same word.
fn candidates(index: &Index, wanted: &Wanted) -> Vec<Row> {
    let national = wanted.digits.text();
    let same_end = national.get(AREA..).filter(|_| wanted.is_nanp).and_then(|end| Pattern::parse(end, Placement::Ends).ok());
    let word = wanted.word.and_then(words::text).filter(|word| word.len() >= WORD_LETTERS);
    let same_word = word.and_then(|word| Pattern::parse(word, Placement::Anywhere).ok());
    let mut rows = Vec::new();
    for shard in index.shards.iter().filter(|shard| shard.is_nanp == wanted.is_nanp && shard.length == national.len()) {
        rows.extend(shard.fresh.values());
        for segment in &shard.segments {
            rows.extend(near(segment, wanted));
            for pattern in same_end.iter().chain(&same_word) {
                let hits = segment.hits(&Question { patterns: vec![pattern.clone()], ..Question::default() });
                rows.extend(segment.columns.rows_in_order(hits.rows().take(LOOKED_AT)));
            }
        }
    }
    rows
}

/// The rows of the same area code, so that there is something to offer as long as it has one; outside NANP those of the whole segment
/// that differ in few digits.
fn near(segment: &Segment, wanted: &Wanted) -> Vec<Row> {
    let columns = &*segment.columns;
    let (heads, digits) = (&columns.heads, wanted.digits.as_bytes());
    let (fixed, few) = if wanted.is_nanp { (AREA, usize::MAX) } else { (0, FEW) };
    let value = |digits: &[u8]| digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
    let (head, tail) = digits.split_at_checked(heads.length).unwrap_or_default();
    let (head, tail) = (value(head), value(tail));
    // What stands behind the digits that may not differ.
    let free = power_of_ten(heads.length.saturating_sub(fixed));
    let mut found = Vec::new();
    for (index, known) in heads.values.iter().enumerate() {
        if head / free != known / free {
            continue;
        }
        let different = differing_digits(head, *known);
        if different > few {
            continue;
        }
        let (from, to) = heads.rows(index);
        let in_tail = |row: &usize| columns.tails.get(*row).map_or(usize::MAX, |known| differing_digits(tail, u64::from(*known)));
        let close = ones_in(&segment.live, from, to).filter(|row| in_tail(row) <= few - different);
        found.extend(close.map(|row| columns.row(row)));
    }
    found
}

/// How many digits of two numbers differ.
fn differing_digits(mut one: u64, mut other: u64) -> usize {
    let mut different = 0;
    while one != other {
        different += usize::from(one % 10 != other % 10);
        (one, other) = (one / 10, other / 10);
    }
    different
}

/// A few of each kind first, the closest kind first; then what is left. The answer stands in the order of closeness.
fn mixed(kinds: &[Vec<u64>], limit: usize) -> Vec<(Likeness, u64)> {
    let in_turn = |from: usize, to: usize| {
        Likeness::ALL
            .iter()
            .zip(kinds)
            .flat_map(move |(likeness, numbers)| numbers.iter().skip(from).take(to - from).map(move |number| (*likeness, *number)))
    };
    let mut chosen: Vec<(Likeness, u64)> = in_turn(0, OF_A_KIND).chain(in_turn(OF_A_KIND, usize::MAX)).take(limit).collect();
    // The sort is stable: within a kind the closer one stays in front.
    chosen.sort_by_key(|(likeness, _)| *likeness);
    chosen
}

impl Wanted {
    /// What makes a row close, with how far apart the keys are that differ.
    fn likeness(&self, row: &Row) -> Option<(Likeness, u32)> {
        let (digits, mine) = (row.digits(), self.digits.as_bytes());
        let national = digits.as_bytes();
        if row.number == self.number || national.len() != mine.len() || is_nanp(row.number) != self.is_nanp {
            return None;
        }
        let (mut different, mut distance) = (0, 0);
        for (one, other) in mine.iter().zip(national) {
            if one != other {
                different += 1;
                distance += key_distance(*one, *other);
            }
        }
        let same_area = !self.is_nanp || mine.get(..AREA) == national.get(..AREA);
        let same_word = self.word.is_some() && words::best(national).map(|spelled| spelled.word) == self.word;
        let likeness = match (same_area, different) {
            (true, 1) => Likeness::OneDigit,
            (false, _) if mine.get(AREA..) == national.get(AREA..) => Likeness::SameLastSeven,
            (true, _) if same_word => Likeness::SameWord,
            (true, 2) => Likeness::TwoDigits,
            (false, _) if same_word => Likeness::SameWordElsewhere,
            (true, FEW) => Likeness::ThreeDigits,
            (true, _) if self.is_nanp => Likeness::SameArea,
            _ => return None,
        };
        Some((likeness, distance))
    }

    fn differing(&self, row: &Row, likeness: Likeness) -> Vec<u8> {
        if matches!(likeness, Likeness::SameWord | Likeness::SameWordElsewhere) {
            return Vec::new();
        }
        let digits = row.digits();
        let pairs = self.digits.as_bytes().iter().zip(digits.as_bytes()).enumerate();
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
        let kinds = vec![vec![1, 2, 3, 4], vec![5], Vec::new(), vec![6, 7, 8], Vec::new(), Vec::new(), Vec::new()];
        let chosen: Vec<u64> = mixed(&kinds, 5).into_iter().map(|(_, at)| at).collect();
        assert_eq!(chosen, [1, 2, 5, 6, 7]);
        assert_eq!(mixed(&kinds, 7).len(), 7);
    }
}
