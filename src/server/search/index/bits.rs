//! Bits in words of 64: a plane has one bit for each row. Nothing here knows what a row is.

/// Bits of a word.
pub const WORD: usize = 64;

/// Several planes over the same rows, one behind the other.
#[derive(Debug, Default)]
pub struct Planes {
    words_each: usize,
    words: Vec<u64>,
}

impl Planes {
    /// So many planes over so many rows, all bits off.
    pub fn new(planes: usize, rows: usize) -> Self {
        let words_each = rows.div_ceil(WORD);
        Self { words_each, words: vec![0; planes * words_each] }
    }

    /// One plane; empty when there is none of that index.
    #[inline]
    pub fn plane(&self, index: usize) -> &[u64] {
        self.words.get(index * self.words_each..(index + 1) * self.words_each).unwrap_or_default()
    }

    /// Turns bits of one word on.
    #[inline]
    pub fn set(&mut self, index: usize, word: usize, bits: u64) {
        if let Some(known) = self.words.get_mut(index * self.words_each + word) {
            *known |= bits;
        }
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
    }
}

/// All rows on; bits behind the last one are off.
pub fn full(rows: usize) -> Vec<u64> {
    let mut words = vec![u64::MAX; rows.div_ceil(WORD)];
    if let Some(last) = words.last_mut().filter(|_| !rows.is_multiple_of(WORD)) {
        *last = (1 << (rows % WORD)) - 1;
    }
    words
}

/// The bits of the word `word` that lie in the rows `from..to`.
#[inline]
pub fn within(word: usize, from: usize, to: usize) -> u64 {
    let first = word * WORD;
    let low = if from > first { u64::MAX << (from - first).min(WORD - 1) } else { u64::MAX };
    let high = if to < first + WORD { (1_u64 << to.saturating_sub(first)) - 1 } else { u64::MAX };
    low & high
}

/// Turns the bits of the rows `from..to` on, in words of which the first one holds the rows from `offset` words on.
#[inline]
pub fn fill(words: &mut [u64], offset: usize, from: usize, to: usize) {
    let (first, behind) = (from / WORD, to.div_ceil(WORD));
    let Some(words) = words.get_mut(first - offset..behind - offset) else { return };
    match words {
        [] => {}
        [only] => *only |= within(first, from, to),
        [start, whole @ .., end] => {
            *start |= within(first, from, to);
            whole.fill(u64::MAX);
            *end |= within(behind - 1, from, to);
        }
    }
}

/// The rows whose bits are on in one word.
#[inline]
pub fn ones(word: usize, mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if bits == 0 {
            return None;
        }
        let row = word * WORD + bits.trailing_zeros() as usize;
        bits &= bits - 1;
        Some(row)
    })
}

/// The rows from `from` on (and before `to`) whose bits are on, in their order.
pub fn ones_in(words: &[u64], from: usize, to: usize) -> impl Iterator<Item = usize> {
    let (first, last) = (from / WORD, to.div_ceil(WORD).min(words.len()));
    let some = words.get(first..last).unwrap_or_default().iter().enumerate().filter(|(_, bits)| **bits != 0);
    some.flat_map(move |(word, bits)| ones(first + word, bits & within(first + word, from, to)))
}

/// Is the bit of this row on?
#[inline]
pub fn has(words: &[u64], row: usize) -> bool {
    words.get(row / WORD).is_some_and(|word| (word >> (row % WORD)) & 1 == 1)
}

/// Turns the bit of a row off; false when it was off already.
pub fn clear(words: &mut [u64], row: usize) -> bool {
    let Some(word) = words.get_mut(row / WORD) else { return false };
    let bit = 1 << (row % WORD);
    let was = *word & bit != 0;
    *word &= !bit;
    was
}

/// How many bits are on.
pub fn count(words: &[u64]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_within_are_those_between(rows in 1_usize..300, from in 0_usize..300, to in 0_usize..300) {
            let (from, to) = (from.min(rows), to.min(rows));
            let words = full(rows);
            prop_assert_eq!(count(&words), u64::try_from(rows).expect("small"));
            let expected: Vec<usize> = (from..to).collect();
            prop_assert_eq!(ones_in(&words, from, to).collect::<Vec<_>>(), expected);
        }
    }

    proptest! {
        #[test]
        fn a_run_of_rows_is_filled(from in 0_usize..300, len in 0_usize..200, offset in 0_usize..3) {
            let (from, mut words) = (from + offset * WORD, vec![0; 10]);
            fill(&mut words, offset, from, from + len);
            let rows: Vec<usize> = ones_in(&words, 0, words.len() * WORD).collect();
            prop_assert_eq!(rows, (from - offset * WORD..from + len - offset * WORD).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_bit_is_cleared_once() {
        let mut words = full(70);
        assert!(has(&words, 69) && clear(&mut words, 69) && !clear(&mut words, 69) && !has(&words, 69));
        assert_eq!((count(&words), has(&words, 500)), (69, false));
        let mut planes = Planes::new(2, 70);
        planes.set(1, 1, 0b101);
        assert_eq!((count(planes.plane(0)), count(planes.plane(1)), planes.plane(2)), (0, 2, &[][..]));
    }
}
