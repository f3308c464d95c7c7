//! Which offers will do, by the planes of the price order.

use super::bits::{self, WORD};
use super::segment::Columns;
use crate::server::search::catalog::as_index;

/// Which offers will do, by bands of the price order: most bands do as a whole or not at all.
pub struct Prices<'a> {
    columns: &'a Columns,
    will_do: &'a [bool],
    /// Bands that do as a whole, from and behind-last.
    whole: Vec<(usize, usize)>,
    /// Bands of which a part does.
    partly: Vec<usize>,
}

impl<'a> Prices<'a> {
    /// For each offer of the catalog `will_do` tells whether it does.
    pub fn new(columns: &'a Columns, will_do: &'a [bool]) -> Self {
        let does = |offer: &u32| will_do.get(as_index(*offer)) == Some(&true);
        let (mut whole, mut partly): (Vec<(usize, usize)>, Vec<usize>) = (Vec::new(), Vec::new());
        for (band, offers) in columns.band_offers.iter().enumerate() {
            match (offers.iter().all(does), whole.last_mut()) {
                (true, Some(last)) if last.1 == band => last.1 = band + 1,
                (true, _) => whole.push((band, band + 1)),
                (false, _) if offers.iter().any(does) => partly.push(band),
                (false, _) => {}
            }
        }
        Self { columns, will_do, whole, partly }
    }

    /// The plane of the rows that will do, where there is one: all bands up to one do as a whole, and no other does.
    pub fn plane(&self) -> Option<&'a [u64]> {
        match (self.whole.as_slice(), self.partly.is_empty()) {
            ([(0, behind)], true) => Some(self.columns.price.up_to(behind - 1)),
            _ => None,
        }
    }

    /// Those of the rows `found` in one word whose offers will do.
    #[inline(always)]
    pub fn keep(&self, word: usize, found: u64) -> u64 {
        let up_to = |band: usize| self.columns.price.up_to(band).get(word).copied().unwrap_or_default();
        let between = |from: usize, to: usize| up_to(to - 1) & !from.checked_sub(1).map_or(0, up_to);
        let mut kept = self.whole.iter().fold(0, |kept, (from, to)| kept | between(*from, *to)) & found;
        for band in &self.partly {
            for row in bits::ones(word, between(*band, band + 1) & found) {
                let offer = self.columns.offers.get(row).copied().unwrap_or(u32::MAX);
                if self.will_do.get(as_index(offer)) == Some(&true) {
                    kept |= 1 << (row % WORD);
                }
            }
        }
        kept
    }
}
