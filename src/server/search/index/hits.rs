//! The rows of a segment that answer a question, as bits.

use std::ops::Range;

use super::bits::{self, WORD, ones_in};
use super::buffer::Buffer;

/// So few hits are looked at one by one.
const FEW: u64 = 2_048;

/// The rows of a segment that answer a question.
#[derive(Debug, Default, Clone)]
pub struct Hits<'a> {
    /// Every row that is still there; none where it is some of them.
    all: Option<&'a [u64]>,
    some: Buffer,
    pub count: u64,
}

impl<'a> Hits<'a> {
    /// Rows that were counted.
    pub const fn new(words: Buffer, count: u64) -> Self {
        Self { all: None, some: words, count }
    }

    /// Every row that is still there.
    pub fn all(live: &'a [u64], count: u64) -> Self {
        Self { all: Some(live), some: Buffer::default(), count }
    }

    /// So few that they are better looked at one by one.
    pub const fn is_few(&self) -> bool {
        Self::are_few(self.count)
    }

    /// Are so many hits better looked at one by one?
    pub const fn are_few(count: u64) -> bool {
        count <= FEW
    }

    /// One bit for each row.
    #[inline]
    pub fn words(&self) -> &[u64] {
        self.all.unwrap_or(&self.some)
    }

    /// The parts of the words between two in which bits may be on.
    fn parts(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        // Where all rows are hits, no block of their own was touched.
        let all = self.all.map(|live| range.start..range.end.min(live.len()));
        all.into_iter().chain(self.some.blocks(range))
    }

    /// The rows in their order.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.words();
        self.parts(0..words.len()).flat_map(|part| ones_in(words, part.start * WORD, part.end * WORD))
    }

    /// The same between two rows.
    pub fn rows_in(&self, from: usize, to: usize) -> impl Iterator<Item = usize> + '_ {
        let parts = self.parts(from / WORD..to.div_ceil(WORD));
        parts.flat_map(move |part| ones_in(self.words(), from.max(part.start * WORD), to.min(part.end * WORD)))
    }

    /// Takes rows out.
    pub fn without(mut self, rows: impl Iterator<Item = usize>) -> Self {
        let gone: Vec<usize> = rows.filter(|row| bits::has(self.words(), *row)).collect();
        for row in gone {
            self.count -= u64::from(bits::clear(self.own().touch(row / WORD..row / WORD + 1), row % WORD));
        }
        self
    }

    /// Those that are in either.
    pub fn or(mut self, others: &Self) -> Self {
        if self.words().is_empty() {
            self.some = Buffer::zeroed(others.words().len());
        }
        for part in others.parts(0..others.words().len()) {
            let other = others.words().get(part.clone()).unwrap_or_default();
            self.own().touch(part).iter_mut().zip(other).for_each(|(word, other)| *word |= other);
        }
        self.counted()
    }

    /// Those that are in both.
    pub fn and(self, others: &Self) -> Self {
        self.narrowed(others, |word, other| word & other)
    }

    /// Those that are not among the others.
    pub fn and_not(self, others: &Self) -> Self {
        self.narrowed(others, |word, other| word & !other)
    }

    /// Word by word; others without words have no rows.
    fn narrowed(mut self, others: &Self, narrow: impl Fn(u64, u64) -> u64) -> Self {
        for part in self.own().all_blocks() {
            let others = others.words().get(part.clone()).unwrap_or_default().iter().copied().chain(std::iter::repeat(0));
            self.own().touch(part).iter_mut().zip(others).for_each(|(word, other)| *word = narrow(*word, other));
        }
        self.counted()
    }

    fn counted(mut self) -> Self {
        let words = self.words();
        self.count = self.parts(0..words.len()).map(|part| bits::count(words.get(part).unwrap_or_default())).sum();
        self
    }

    /// The words to be changed, copied where they are those of all rows.
    fn own(&mut self) -> &mut Buffer {
        if let Some(live) = self.all.take() {
            self.some = Buffer::copy_of(live);
        }
        &mut self.some
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(rows: &[usize]) -> Hits<'static> {
        let mut words = Buffer::zeroed(4);
        for row in rows {
            words.touch(row / WORD..row / WORD + 1)[0] |= 1 << (row % WORD);
        }
        Hits::new(words, rows.len() as u64)
    }

    fn said(hits: &Hits<'_>) -> Vec<usize> {
        let rows: Vec<usize> = hits.rows().collect();
        assert_eq!(hits.count, rows.len() as u64);
        rows
    }

    #[test]
    fn hits_are_put_together() {
        let (one, other) = (hits(&[1, 70, 200]), hits(&[70, 130]));
        assert_eq!(said(&one.clone().or(&other)), [1, 70, 130, 200]);
        assert_eq!(said(&Hits::default().or(&other)), [70, 130]);
        assert_eq!(said(&one.clone().and(&other)), [70]);
        assert_eq!(said(&other.clone().and_not(&one)), [130]);
        assert_eq!(said(&one.clone().without([70, 71].into_iter())), [1, 200]);
        assert_eq!(one.rows_in(2, 200).collect::<Vec<_>>(), [70]);
        assert_eq!(said(&Hits::default().and(&one)), [0_usize; 0]);
    }

    #[test]
    fn taking_out_of_all_rows_leaves_those_that_are_there() {
        let live = [0b111_u64, 0b1];
        let all = Hits::all(&live, 4);
        assert_eq!(said(&all.clone().without([1].into_iter())), [0, 2, 64]);
        assert_eq!(said(&all.and_not(&hits(&[0]))), [1, 2, 64]);
    }
}
