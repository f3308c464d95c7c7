//! The rows of a segment in one order, cut into bands, so that the first rows among many hits are found without looking at all of them.
//!
//! ```text
//! order   | row 7 | row 2 | row 9 | row 1 | row 0 | row 4 | …      best first, equal ones by number
//! bands   |---- band 0 ---|------- band 1 --------|-- …            a sixteenth of the rows each, cut between classes
//! planes  band 0: bits 2, 7, 9      band 1: bits 0, 1, 2, 4, 7, 9  each with those before it
//! ```

use super::bits::{self, Planes, WORD};
use crate::server::search::catalog::as_index;

/// Bands at the most, but for those that end where rows are apart.
const BANDS: usize = 16;

/// How two rows that follow each other in an order differ, their numbers left aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    Equal,
    Unequal,
    /// So much that a band ends between them.
    Apart,
}

/// A run of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Its first place in the order.
    pub from: usize,
    /// Behind its last.
    pub to: usize,
    /// All its rows are equal but for their numbers.
    pub uniform: bool,
}

/// One order of the rows.
#[derive(Debug, Default)]
pub struct Ranking {
    order: Vec<u32>,
    bands: Vec<Band>,
    /// For each band its rows and those of the bands before it.
    planes: Planes,
}

impl Ranking {
    /// Of rows in their order; `between` tells how two of them differ.
    pub fn new(order: Vec<u32>, between: impl Fn(u32, u32) -> Between) -> Self {
        let mut bands: Vec<Band> = Vec::new();
        let (mut from, mut classes) = (0, 0);
        let enough = order.len().div_ceil(BANDS);
        for to in 1..=order.len() {
            let end = match (order.get(to - 1), order.get(to)) {
                (Some(one), Some(next)) => between(*one, *next),
                _ => Between::Apart,
            };
            if end == Between::Equal {
                continue;
            }
            classes += 1;
            if to - from >= enough || end == Between::Apart {
                bands.push(Band { from, to, uniform: classes == 1 });
                (from, classes) = (to, 0);
            }
        }
        let mut planes = Planes::new(bands.len(), order.len());
        let mut so_far = vec![0_u64; order.len().div_ceil(WORD)];
        for (index, band) in bands.iter().enumerate() {
            for row in order.get(band.from..band.to).unwrap_or_default() {
                let row = as_index(*row);
                if let Some(word) = so_far.get_mut(row / WORD) {
                    *word |= 1 << (row % WORD);
                }
            }
            for (word, bits) in so_far.iter().enumerate() {
                planes.set(index, word, *bits);
            }
        }
        Self { order, bands, planes }
    }

    /// Best first.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The rows of this band and of all before it.
    #[inline]
    pub fn up_to(&self, band: usize) -> &[u64] {
        self.planes.plane(band)
    }

    /// Those of `hits` that lie in one band, word by word.
    pub fn in_band<'a>(&'a self, band: usize, hits: &'a [u64]) -> impl Iterator<Item = u64> + 'a {
        let below = band.checked_sub(1).map(|below| self.up_to(below));
        self.up_to(band).iter().zip(hits).enumerate().map(move |(word, (upper, hits))| {
            let lower = below.and_then(|below| below.get(word)).copied().unwrap_or_default();
            upper & !lower & hits
        })
    }

    /// Those of `hits` that lie in one band, with how many they are.
    pub fn hits_in_band(&self, band: usize, hits: &[u64]) -> (Vec<u64>, u64) {
        let words: Vec<u64> = self.in_band(band, hits).collect();
        let count = bits::count(&words);
        (words, count)
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.order.len() * size_of::<u32>() + self.planes.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_cut_between_classes() {
        let class = |row: u32| row / 100;
        let ranking = Ranking::new(
            (0..1_000).rev().collect(),
            |one, other| if class(one) == class(other) { Between::Equal } else { Between::Unequal },
        );
        assert_eq!(ranking.bands().len(), 10);
        assert!(ranking.bands().iter().all(|band| band.uniform && band.to - band.from == 100));
        let hits = bits::full(1_000);
        assert_eq!(ranking.hits_in_band(0, &hits).1, 100);
        assert!(bits::has(&ranking.hits_in_band(0, &hits).0, 999) && !bits::has(&ranking.hits_in_band(1, &hits).0, 999));
        let distinct = Ranking::new((0..1_000).collect(), |_, _| Between::Unequal);
        let apart = Ranking::new((0..1_000).collect(), |one, _| if one == 9 { Between::Apart } else { Between::Unequal });
        assert_eq!((apart.bands()[0].to, apart.bands()[1].from), (10, 10));
        assert!(distinct.bands().len() <= BANDS && distinct.bands().iter().all(|band| !band.uniform));
        assert!(Ranking::new(Vec::new(), |_, _| Between::Equal).bands().is_empty());
    }
}
