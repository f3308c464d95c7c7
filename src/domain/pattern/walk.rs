//! A pattern read from the left, digit by digit: how far it has come, and what the digits to come must be.
//!
//! An index that keeps numbers in order reads the digits that many numbers share only once. What is left to ask of their other digits
//! is a choice of few conditions, which it can answer for many numbers at a time. Matching one number is in [`super::matching`].

use super::{ANY, Body, Cells, Pattern, Shape};

/// How far a pattern has come. Equal values ask the same of the digits to come.
///
/// For digits and wildcards bit `n` says that the first `n` positions of the pattern have been met, the last of them by the digit just
/// read or by one before it where a `*` or an open end stands behind: the way of reading that is known as Shift-And. For a repeat
/// shape four bits a letter say which digit it stands for, or that none is known yet.
pub type Progress = u16;

/// No digits that may come can make it a match.
pub const DEAD: Progress = 0;
/// No letter of a shape stands for a digit yet.
const UNBOUND: Progress = 0xFFFF;
/// The four bits of a letter that stands for no digit yet.
const OPEN: Progress = 0xF;

/// What one digit to come must be. `at` and `other` count digits from the first of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// The digit at this place is this one.
    Is { at: usize, digit: u8 },
    /// The digit at this place is another one.
    IsNot { at: usize, digit: u8 },
    /// The digits at these two places, `at` before `other`, are equal.
    Same { at: usize, other: usize },
    /// The digits at these two places differ.
    Different { at: usize, other: usize },
}

/// Conditions that must all hold. None at all always hold.
pub type Conditions = Vec<Condition>;

/// A pattern made ready to be read along numbers of one length.
#[derive(Debug, Clone)]
pub struct Walk {
    length: usize,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Cells(CellWalk),
    /// The shape and where it stands; no place when it is longer than the number.
    Shape(Shape, Option<usize>),
}

#[derive(Debug, Clone)]
struct CellWalk {
    masks: Vec<u16>,
    /// For each digit the positions of the pattern that it fits.
    fits: [Progress; 10],
    /// How far one may have come and yet stay there for any number of digits.
    resting: Progress,
    at_end: bool,
}

impl Pattern {
    /// Ready to be read along numbers of `length` digits.
    #[must_use]
    pub fn walk(&self, length: usize) -> Walk {
        let way = match &self.body {
            Body::Cells(cells) => Way::Cells(CellWalk::new(cells, self.at_start, self.at_end)),
            Body::Shape(shape) => {
                let start = if self.at_start { Some(0) } else { length.checked_sub(shape.len) };
                let fits = start.filter(|start| start + shape.len <= length && (!self.at_end || start + shape.len == length));
                Way::Shape(*shape, fits)
            }
        };
        Walk { length, way }
    }
}

impl Walk {
    /// Before the first digit.
    #[must_use]
    pub const fn start(&self) -> Progress {
        match self.way {
            Way::Cells(_) => 1,
            Way::Shape(_, Some(_)) => UNBOUND,
            Way::Shape(_, None) => DEAD,
        }
    }

    /// Behind the digit `digit` (0 to 9) at the place `at`.
    #[inline]
    #[must_use]
    pub fn step(&self, progress: Progress, at: usize, digit: u8) -> Progress {
        match &self.way {
            Way::Cells(cells) => {
                let fits = cells.fits.get(usize::from(digit)).copied().unwrap_or(DEAD);
                (progress & cells.resting) | ((progress & fits) << 1)
            }
            Way::Shape(shape, Some(start)) if progress != DEAD => shape.step(progress, at.checked_sub(*start), digit),
            Way::Shape(..) => DEAD,
        }
    }

    /// The same progress in front of the place `at`, without what makes no difference any more.
    #[must_use]
    pub fn settle(&self, progress: Progress, at: usize) -> Progress {
        match &self.way {
            Way::Cells(cells) => cells.settle(progress, self.length.saturating_sub(at)),
            Way::Shape(..) => progress,
        }
    }

    /// What the digits from the place `at` on must be for a match: any one of these.
    #[must_use]
    pub fn choices(&self, progress: Progress, at: usize) -> Vec<Conditions> {
        let mut choices = Vec::new();
        match &self.way {
            Way::Cells(cells) => {
                for met in (0..=cells.masks.len()).filter(|met| progress & (1 << met) != 0) {
                    cells.choose(met, at, self.length, &mut Vec::new(), &mut choices);
                }
            }
            Way::Shape(shape, Some(start)) if progress != DEAD => return vec![shape.conditions(progress, *start, at)],
            Way::Shape(..) => {}
        }
        without_supersets(choices)
    }
}

impl CellWalk {
    fn new(cells: &Cells, at_start: bool, at_end: bool) -> Self {
        let masks: Vec<u16> = cells.masks.get(..cells.len()).unwrap_or_default().to_vec();
        let mut fits = [DEAD; 10];
        for (digit, fits) in fits.iter_mut().enumerate() {
            for (position, mask) in masks.iter().enumerate() {
                *fits |= ((mask >> digit) & 1) << position;
            }
        }
        let behind_stretches = cells.ends.iter().take(cells.stretches - 1).fold(0, |bits, end| bits | 1 << end);
        let open_start = u16::from(!at_start);
        let open_end = if at_end { 0 } else { 1 << masks.len() };
        Self { masks, fits, resting: behind_stretches | open_start | open_end, at_end }
    }

    /// Leaves out what cannot be met by the digits that are left, and what a later resting place makes superfluous.
    fn settle(&self, progress: Progress, left: usize) -> Progress {
        let whole = self.masks.len();
        let mut settled = 0;
        for met in (0..=whole).filter(|met| progress & (1 << met) != 0) {
            let missing = whole - met;
            // With a fixed end the digits must come out even, unless there is a place to rest on the way.
            let rests_later = self.resting >> met != 0;
            if missing == left || (missing < left && (!self.at_end || rests_later)) {
                settled |= 1 << met;
            }
        }
        match settled & self.resting {
            0 => settled,
            resting => settled & !((1 << (15 - resting.leading_zeros())) - 1),
        }
    }

    /// All ways on from `met` positions in front of the place `at`.
    fn choose(&self, met: usize, at: usize, length: usize, so_far: &mut Conditions, choices: &mut Vec<Conditions>) {
        let rests = self.resting & (1 << met) != 0;
        if met == self.masks.len() {
            if rests || at == length {
                choices.push(so_far.clone());
            }
            return;
        }
        if at >= length {
            return;
        }
        if rests {
            self.choose(met, at + 1, length, so_far, choices);
        }
        let mask = self.masks.get(met).copied().unwrap_or(ANY);
        if mask == ANY {
            self.choose(met + 1, at + 1, length, so_far, choices);
        } else {
            let digit = u8::try_from(mask.trailing_zeros()).unwrap_or_default();
            so_far.push(Condition::Is { at, digit });
            self.choose(met + 1, at + 1, length, so_far, choices);
            so_far.pop();
        }
    }
}

impl Shape {
    /// `index` is the place within the shape; none in front of it.
    fn step(&self, progress: Progress, index: Option<usize>, digit: u8) -> Progress {
        let Some(letter) = index.filter(|index| *index < self.len).and_then(|index| self.letters.get(index)) else { return progress };
        let (shift, digit) = (4 * Progress::from(*letter), Progress::from(digit));
        match (progress >> shift) & OPEN {
            OPEN if (0..4).any(|other| (progress >> (4 * other)) & OPEN == digit) => DEAD,
            OPEN => progress & !(OPEN << shift) | (digit << shift),
            known if known == digit => progress,
            _ => DEAD,
        }
    }

    fn conditions(&self, progress: Progress, start: usize, at: usize) -> Conditions {
        let known = |letter: u8| u8::try_from((progress >> (4 * Progress::from(letter))) & OPEN).ok().filter(|digit| *digit < 10);
        let mut first: [Option<usize>; 4] = [None; 4];
        let mut conditions = Vec::new();
        for (index, letter) in self.letters.iter().take(self.len).enumerate() {
            let place = start + index;
            if place < at {
                continue;
            }
            if let Some(digit) = known(*letter) {
                conditions.push(Condition::Is { at: place, digit });
                continue;
            }
            let slot = usize::from(letter & 3);
            if let Some(earlier) = first[slot] {
                conditions.push(Condition::Same { at: earlier, other: place });
                continue;
            }
            first[slot] = Some(place);
            conditions.extend((0..4).filter_map(known).map(|digit| Condition::IsNot { at: place, digit }));
            let others = first.iter().flatten().filter(|other| **other != place);
            conditions.extend(others.map(|other| Condition::Different { at: *other, other: place }));
        }
        conditions
    }
}

/// A choice that asks more than another one adds nothing to it.
fn without_supersets(mut choices: Vec<Conditions>) -> Vec<Conditions> {
    for choice in &mut choices {
        choice.sort_unstable();
    }
    choices.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    choices.dedup();
    let mut kept: Vec<Conditions> = Vec::new();
    for choice in choices {
        if !kept.iter().any(|known| known.iter().all(|condition| choice.contains(condition))) {
            kept.push(choice);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pattern::Placement;
    use proptest::prelude::*;

    fn holds(condition: &Condition, digits: &[u8]) -> bool {
        match *condition {
            Condition::Is { at, digit } => digits[at] - b'0' == digit,
            Condition::IsNot { at, digit } => digits[at] - b'0' != digit,
            Condition::Same { at, other } => digits[at] == digits[other],
            Condition::Different { at, other } => digits[at] != digits[other],
        }
    }

    fn agrees(text: &str, placement: Placement, digits: &str) -> Result<(), TestCaseError> {
        let Ok(pattern) = Pattern::parse(text, placement) else { return Ok(()) };
        let expected = pattern.matches(digits.as_bytes()).is_some();
        let walk = pattern.walk(digits.len());
        let mut progress = walk.start();
        for at in 0..=digits.len() {
            let settled = walk.settle(progress, at);
            let found = walk.choices(settled, at).iter().any(|all| all.iter().all(|one| holds(one, digits.as_bytes())));
            prop_assert_eq!(found, expected, "{} {:?} in {} at {}", text, placement, digits, at);
            if let Some(digit) = digits.as_bytes().get(at) {
                progress = walk.step(progress, at, digit - b'0');
            }
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn a_number_split_anywhere_matches_as_a_whole_one_does(
            text in "[\\^]?[2-3?*]{1,9}[$]?",
            shape in "=[\\^]?[A-D]{2,9}",
            placement in prop_oneof![Just(Placement::Anywhere), Just(Placement::Starts), Just(Placement::Ends), Just(Placement::Exact)],
            digits in "[2-4]{8,15}",
        ) {
            agrees(&text, placement, &digits)?;
            agrees(&shape, placement, &digits)?;
        }
    }

    #[test]
    fn little_is_asked_of_the_last_digits() {
        let pattern = Pattern::parse("2233", Placement::Anywhere).expect("a pattern");
        let walk = pattern.walk(10);
        let mut progress = walk.start();
        for (at, digit) in [4, 1, 5, 3, 5, 2].into_iter().enumerate() {
            progress = walk.step(progress, at, digit);
        }
        let choices = walk.choices(walk.settle(progress, 6), 6);
        assert_eq!(choices.iter().map(Vec::len).collect::<Vec<_>>(), [3, 4], "233 behind the 2, or all of 2233");
    }
}
