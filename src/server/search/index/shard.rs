//! All numbers of one country and one length: segments, and beside them the rows that came in last.
//!
//! New rows are kept apart until there are enough for a segment. Small segments are built into larger ones by a thread of its own while
//! questions are being answered ([`Rebuild`]), so that there are never many. A number is in one place only: what comes in again is
//! first taken out where it was.

use std::collections::BTreeMap;

use super::bits::ones;
use super::segment::Segment;
use crate::server::search::catalog::Ranks;
use crate::server::search::row::Row;

/// Rows that are kept apart at the most.
const FRESH: usize = 512;
/// The same while very many come one after the other.
const FRESH_OF_MANY: usize = 1 << 20;
/// A segment is built together with smaller ones when they have at least one in so many of its rows.
const RATIO: usize = 4;
/// So many segments are worth building one from.
const WORTH_WHILE: usize = 4;

/// The numbers of one country and one length.
#[derive(Debug, Default)]
pub struct Shard {
    pub country: String,
    pub is_nanp: bool,
    /// Digits of a number as it is searched.
    pub length: usize,
    pub segments: Vec<Segment>,
    /// Rows that are in no segment yet.
    pub fresh: BTreeMap<u64, Row>,
    /// Rows that were never seen before and that no question sees yet: so many come when the stock is read for the first time.
    pub waiting: Vec<Row>,
}

impl Shard {
    /// Numbers in it.
    pub fn len(&self) -> usize {
        self.segments.iter().map(Segment::len).sum::<usize>() + self.fresh.len()
    }

    /// Is this number in it?
    pub fn contains(&self, number: u64) -> bool {
        self.fresh.contains_key(&number) || self.segments.iter().any(|segment| segment.find(number).is_some())
    }

    /// Takes a number out, if it is in it.
    pub fn remove(&mut self, number: u64) {
        self.waiting.retain(|row| row.number != number);
        if self.fresh.remove(&number).is_none() {
            // `any` stops at the segment that had it.
            self.segments.iter_mut().any(|segment| segment.remove(number));
        }
    }

    /// Makes a segment of the rows that came in last when there are more of them than `most`. `more` are about to come.
    pub fn settle(&mut self, ranks: impl FnOnce() -> Ranks, more: bool) {
        let most = if more { FRESH_OF_MANY } else { FRESH };
        if self.fresh.len() + self.waiting.len() > most {
            let mut rows = std::mem::take(&mut self.waiting);
            rows.extend(std::mem::take(&mut self.fresh).into_values());
            self.segments.push(Segment::new(rows, &ranks()));
        } else if !more {
            self.fresh.extend(self.waiting.drain(..).map(|row| (row.number, row)));
        }
    }

    /// The segments that should become one, if any: as many small ones as are worth while, or one that has lost many of its rows.
    fn overdue(&self) -> Vec<usize> {
        let mut by_size: Vec<usize> = (0..self.segments.len()).collect();
        by_size.sort_by_key(|index| self.segments[*index].len());
        let (mut chosen, mut rows) = (Vec::new(), 0);
        for index in by_size {
            let len = self.segments[index].len();
            if !chosen.is_empty() && len > RATIO * rows {
                break;
            }
            chosen.push(index);
            rows += len;
        }
        if chosen.len() >= WORTH_WHILE {
            return chosen;
        }
        let worn = self.segments.iter().position(|segment| segment.removed * RATIO > segment.columns.rows);
        worn.into_iter().collect()
    }

    /// What should be built anew, as it is now.
    pub fn rebuild(&self) -> Option<Rebuild> {
        let chosen = self.overdue();
        (!chosen.is_empty()).then(|| Rebuild {
            country: self.country.clone(),
            length: self.length,
            is_nanp: self.is_nanp,
            parts: chosen.into_iter().map(|index| self.segments[index].clone()).collect(),
        })
    }
}

/// Segments that are built into one, as they were when that began. The columns are shared, only the bits of the live rows are copied.
#[derive(Debug)]
pub struct Rebuild {
    country: String,
    length: usize,
    is_nanp: bool,
    parts: Vec<Segment>,
}

impl Rebuild {
    /// Is it made of segments of this shard?
    pub fn is_of(&self, shard: &Shard) -> bool {
        shard.country == self.country && shard.length == self.length && shard.is_nanp == self.is_nanp
    }

    /// All their rows.
    pub fn rows(&self) -> Vec<Row> {
        self.parts.iter().flat_map(Segment::rows).collect()
    }

    /// Puts the built segment in the place of its parts, without the rows that were taken out of them in the meantime. Where those are
    /// no longer there, because everything was read anew, neither is it.
    pub fn finish(self, built: Segment, shard: &mut Shard) {
        let mut built = built;
        let is_there = |part: &Segment| shard.segments.iter().any(|segment| std::sync::Arc::ptr_eq(&segment.columns, &part.columns));
        if !self.parts.iter().all(is_there) {
            return;
        }
        for part in &self.parts {
            let same = |segment: &Segment| std::sync::Arc::ptr_eq(&segment.columns, &part.columns);
            let Some(at) = shard.segments.iter().position(same) else { continue };
            let now = shard.segments.swap_remove(at);
            for (word, (was, is)) in part.live.iter().zip(&now.live).enumerate() {
                for row in ones(word, was & !is) {
                    built.remove(now.columns.number(row));
                }
            }
        }
        shard.segments.push(built);
    }
}
