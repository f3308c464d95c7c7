//! Matching a compiled pattern against the digits of one number. Nothing here allocates.

use super::{Body, Cells, Pattern, Shape, Span};

impl Pattern {
    /// The match in a number's national digits, given as ASCII. Of several the leftmost; one that must stand at the end is found from
    /// there. Every `*` takes as few digits as it can.
    #[must_use]
    pub fn matches(&self, national_digits: &[u8]) -> Option<Span> {
        match &self.body {
            Body::Cells(cells) if cells.stretches == 1 => {
                let len = cells.len();
                self.scan(national_digits.len(), len, |start| cells.fits(0, len, national_digits, start))
            }
            Body::Cells(cells) if self.at_end => self.match_backward(cells, national_digits),
            Body::Cells(cells) => self.match_forward(cells, national_digits),
            Body::Shape(shape) => self.scan(national_digits.len(), shape.len, |start| shape.fits(national_digits, start)),
        }
    }

    /// The match that begins at the digit `start`, for a pattern of fixed length; none for one with a `*` inside.
    #[must_use]
    pub fn matches_at(&self, national_digits: &[u8], start: usize) -> Option<Span> {
        let (len, fits) = match &self.body {
            Body::Cells(cells) if cells.stretches == 1 => (cells.len(), cells.fits(0, cells.len(), national_digits, start)),
            Body::Cells(_) => return None,
            Body::Shape(shape) => (shape.len, shape.fits(national_digits, start)),
        };
        let placed = (!self.at_start || start == 0) && (!self.at_end || start + len == national_digits.len());
        (fits && placed).then_some(Span { start, len })
    }

    /// Tries the places where a run of fixed length may stand.
    #[inline]
    fn scan(&self, digits: usize, len: usize, fits: impl Fn(usize) -> bool) -> Option<Span> {
        let last = digits.checked_sub(len)?;
        let (first, last) = match (self.at_start, self.at_end) {
            (true, true) if last > 0 => return None,
            (true, _) => (0, 0),
            (false, true) => (last, last),
            (false, false) => (0, last),
        };
        (first..=last).find(|start| fits(*start)).map(|start| Span { start, len })
    }

    /// Each stretch at its first place behind the one before.
    fn match_forward(&self, cells: &Cells, digits: &[u8]) -> Option<Span> {
        let (mut start, mut next) = (0, 0);
        for index in 0..cells.stretches {
            let (from, to) = cells.stretch(index);
            let last = digits.len().checked_sub(to - from)?;
            let last = if index == 0 && self.at_start { 0 } else { last };
            let place = (next..=last).find(|place| cells.fits(from, to, digits, *place))?;
            if index == 0 {
                start = place;
            }
            next = place + to - from;
        }
        Some(Span { start, len: next - start })
    }

    /// The last stretch at the end, each other at its last place before the one behind; the first at the start where it must.
    fn match_backward(&self, cells: &Cells, digits: &[u8]) -> Option<Span> {
        let mut limit = digits.len();
        for index in (0..cells.stretches).rev() {
            let (from, to) = cells.stretch(index);
            let last = limit.checked_sub(to - from)?;
            let first = if index + 1 == cells.stretches { last } else { 0 };
            let last = if index == 0 && self.at_start { 0 } else { last };
            limit = (first..=last).rev().find(|place| cells.fits(from, to, digits, *place))?;
        }
        Some(Span { start: limit, len: digits.len() - limit })
    }
}

impl Cells {
    /// Do the positions `from..to` fit the digits from `place` on?
    #[inline]
    fn fits(&self, from: usize, to: usize, digits: &[u8], place: usize) -> bool {
        let (Some(masks), Some(digits)) = (self.masks.get(from..to), digits.get(place..place + (to - from))) else {
            return false;
        };
        // The low four bits of an ASCII digit are its value.
        masks.iter().zip(digits).all(|(mask, digit)| (mask >> (digit & 15)) & 1 == 1)
    }
}

impl Shape {
    /// Does the shape fit the digits from `start` on?
    fn fits(&self, digits: &[u8], start: usize) -> bool {
        let (Some(letters), Some(digits)) = (self.letters.get(..self.len), digits.get(start..start + self.len)) else {
            return false;
        };
        let mut bound = [None; 4];
        letters.iter().zip(digits).all(|(letter, digit)| {
            let slot = usize::from(letter & 3);
            match bound[slot] {
                Some(known) => known == *digit,
                None if bound.contains(&Some(*digit)) => false,
                None => {
                    bound[slot] = Some(*digit);
                    true
                }
            }
        })
    }
}
