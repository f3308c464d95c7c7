//! The rows of each tail. Where a question asks for few tails of very many heads, such as 2233 at the end, its rows are read here, and
//! no plane is.

use crate::server::search::catalog::as_index;

/// Digits of the tails whose rows are listed, at the most: with longer ones there are too few rows for each.
const LONGEST: usize = 5;

/// The rows of a segment by their tails.
#[derive(Debug, Default)]
pub struct ByTail {
    /// For each tail where its rows begin in `rows`; one more at the end. Empty where tails are too long for it.
    starts: Vec<u32>,
    /// Those of one tail ascending.
    rows: Vec<u32>,
}

impl ByTail {
    /// Of the tail of each row; `length` are its digits.
    pub fn new(tails: &[u32], length: usize) -> Self {
        if length > LONGEST {
            return Self::default();
        }
        let mut starts = vec![0_u32; 10_usize.pow(length as u32) + 1];
        for tail in tails {
            starts[as_index(*tail) + 1] += 1;
        }
        for tail in 1..starts.len() {
            starts[tail] += starts[tail - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; tails.len()];
        for (row, tail) in tails.iter().enumerate() {
            let slot = &mut next[as_index(*tail)];
            rows[as_index(*slot)] = row as u32;
            *slot += 1;
        }
        Self { starts, rows }
    }

    /// Can it be asked?
    pub fn is_there(&self) -> bool {
        !self.starts.is_empty()
    }

    /// The rows with that tail, ascending.
    #[inline]
    pub fn rows(&self, tail: u32) -> &[u32] {
        let at = |tail: usize| self.starts.get(tail).map_or(0, |start| as_index(*start));
        self.rows.get(at(as_index(tail))..at(as_index(tail) + 1)).unwrap_or_default()
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        size_of_val(self.starts.as_slice()) + size_of_val(self.rows.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_under_their_tails() {
        let by_tail = ByTail::new(&[7, 12, 7, 0, 99], 2);
        assert!(by_tail.is_there());
        assert_eq!((by_tail.rows(7), by_tail.rows(12), by_tail.rows(99), by_tail.rows(50)), (&[0, 2][..], &[1][..], &[4][..], &[][..]));
        assert!(!ByTail::new(&[1], 9).is_there() && ByTail::new(&[1], 9).rows(1).is_empty());
    }
}
