//! What heads ask of their tails: for each pattern any of a few choices, of each choice all its conditions.
//!
//! Many heads ask the same; what is asked stands here once, and heads speak of it by its index. Choices and conditions stand one
//! behind the other in one list each, so that thousands of them cost no memory of their own.

use std::ops::Range;

use super::heads::power_of_ten;
use super::segment::{Columns, VALUES};
use crate::domain::pattern::walk::{Condition, Conditions};
use crate::server::search::catalog::as_index;

/// The index of what heads ask with which no number can match.
pub const NEVER: u32 = u32::MAX;
/// The index of asking nothing.
pub const NOTHING: u32 = 0;

/// One plane that must be on, or off.
#[derive(Debug, Clone, Copy)]
pub struct Literal<'a> {
    pub plane: &'a [u64],
    /// All bits, where the plane must be off.
    pub invert: u64,
}

/// Everything that is asked of tails in one question.
#[derive(Debug)]
pub struct Residues<'a> {
    columns: &'a Columns,
    conditions: Vec<Condition>,
    literals: Vec<Literal<'a>>,
    /// For each choice its conditions.
    choices: Vec<Range<u32>>,
    /// For each pattern that asks something its choices.
    any_of: Vec<Range<u32>>,
    /// For each residue its patterns.
    residues: Vec<Range<u32>>,
}

fn indexes(range: &Range<u32>) -> Range<usize> {
    as_index(range.start)..as_index(range.end)
}

impl<'a> Residues<'a> {
    /// Only [`NOTHING`] so far.
    pub fn new(columns: &'a Columns) -> Self {
        let mut residues = Vec::with_capacity(16);
        residues.push(0..0);
        Self { columns, conditions: Vec::new(), literals: Vec::new(), choices: Vec::new(), any_of: Vec::new(), residues }
    }

    /// Takes in what several patterns ask, of each any of these choices.
    pub fn add(&mut self, patterns: impl Iterator<Item = Vec<Conditions>>) -> u32 {
        let first_pattern = self.any_of.len() as u32;
        let mut is_never = false;
        for choices in patterns {
            is_never |= choices.is_empty();
            // Who asks nothing is content.
            if choices.iter().any(Vec::is_empty) {
                continue;
            }
            let first_choice = self.choices.len() as u32;
            for choice in choices {
                let first = self.conditions.len() as u32;
                self.literals.extend(choice.iter().map(|condition| literal(self.columns, condition)));
                self.conditions.extend(choice);
                self.choices.push(first..self.conditions.len() as u32);
            }
            self.any_of.push(first_choice..self.choices.len() as u32);
        }
        let asked = first_pattern..self.any_of.len() as u32;
        if is_never {
            return NEVER;
        }
        if asked.is_empty() {
            return NOTHING;
        }
        self.residues.push(asked);
        (self.residues.len() - 1) as u32
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.residues.len()
    }

    /// For each pattern of a residue its choices, of each its literals.
    #[inline(always)]
    pub fn each(&self, residue: u32) -> impl Iterator<Item = impl Iterator<Item = &[Literal<'a>]>> {
        let asked = self.residues.get(as_index(residue)).map_or(0..0, indexes);
        self.any_of.get(asked).unwrap_or_default().iter().map(move |choices| {
            let choices = self.choices.get(indexes(choices)).unwrap_or_default().iter();
            choices.map(move |literals| self.literals.get(indexes(literals)).unwrap_or_default())
        })
    }

    /// The same as conditions.
    fn conditions(&self, residue: u32) -> impl Iterator<Item = impl Iterator<Item = &[Condition]>> {
        let asked = self.residues.get(as_index(residue)).map_or(0..0, indexes);
        self.any_of.get(asked).unwrap_or_default().iter().map(move |choices| {
            let choices = self.choices.get(indexes(choices)).unwrap_or_default().iter();
            choices.map(move |conditions| self.conditions.get(indexes(conditions)).unwrap_or_default())
        })
    }

    /// About which part of all tails will do, and how many literals are read for it.
    pub fn estimate(&self, residue: u32) -> (f64, usize) {
        let (mut part, mut literals) = (1.0, 0);
        for choices in self.conditions(residue) {
            let mut any: f64 = 0.0;
            for conditions in choices {
                literals += conditions.len();
                any += conditions.iter().map(likelihood).product::<f64>();
            }
            part *= any.min(1.0);
        }
        (part, literals)
    }

    /// The tail of the residue where there is but one, because each of its digits is told.
    pub fn only_tail(&self, residue: u32) -> Option<u32> {
        let mut patterns = self.conditions(residue);
        let (mut choices, None) = (patterns.next()?, patterns.next()) else { return None };
        let (conditions, None) = (choices.next()?, choices.next()) else { return None };
        let (mut tail, mut told) = (0, 0);
        for condition in conditions {
            let Condition::Is { at, digit } = *condition else { return None };
            tail += u64::from(digit) * power_of_ten(self.columns.length - 1 - at);
            told |= 1_u32 << at;
        }
        let all = told.count_ones() as usize == self.columns.tail_length() && conditions.len() == self.columns.tail_length();
        all.then_some(tail as u32)
    }

    /// Every tail of the residue, as a number, ascending. To be asked where they are few.
    pub fn tails(&self, residue: u32) -> Vec<u32> {
        let mut tails = Vec::new();
        // What the pattern with the fewest tails leaves open is tried; the others only say no.
        let Some(choices) = self.conditions(residue).next() else { return tails };
        let mut digits = vec![0; self.columns.length];
        for choice in choices {
            self.extend(residue, choice, self.columns.heads.length, &mut digits, &mut tails);
        }
        tails.sort_unstable();
        tails.dedup();
        tails
    }

    /// Tries the digits from the place `at` on.
    fn extend(&self, residue: u32, choice: &[Condition], at: usize, digits: &mut [u8], tails: &mut Vec<u32>) {
        if at == digits.len() {
            if self.conditions(residue).skip(1).all(|mut choices| choices.any(|all| all.iter().all(|one| holds(one, digits)))) {
                let tail = digits.iter().skip(self.columns.heads.length).fold(0, |tail, digit| tail * 10 + u32::from(*digit));
                tails.push(tail);
            }
            return;
        }
        for digit in 0..VALUES as u8 {
            digits[at] = digit;
            if choice.iter().filter(|condition| decided_at(condition) == at).all(|condition| holds(condition, digits)) {
                self.extend(residue, choice, at + 1, digits, tails);
            }
        }
    }
}

fn literal<'a>(columns: &'a Columns, condition: &Condition) -> Literal<'a> {
    let (plane, invert) = match *condition {
        Condition::Is { at, digit } => (columns.digit_plane(at, digit), 0),
        Condition::IsNot { at, digit } => (columns.digit_plane(at, digit), u64::MAX),
        Condition::Same { at, other } => (columns.equal_plane(at, other), 0),
        Condition::Different { at, other } => (columns.equal_plane(at, other), u64::MAX),
    };
    Literal { plane: columns.tail.plane(plane), invert }
}

const fn likelihood(condition: &Condition) -> f64 {
    match condition {
        Condition::Is { .. } | Condition::Same { .. } => 0.1,
        Condition::IsNot { .. } | Condition::Different { .. } => 0.9,
    }
}

/// The place of the last digit that a condition is about.
const fn decided_at(condition: &Condition) -> usize {
    match *condition {
        Condition::Is { at, .. } | Condition::IsNot { at, .. } => at,
        Condition::Same { other, .. } | Condition::Different { other, .. } => other,
    }
}

fn holds(condition: &Condition, digits: &[u8]) -> bool {
    let at = |place: usize| digits.get(place).copied().unwrap_or(u8::MAX);
    match *condition {
        Condition::Is { at: place, digit } => at(place) == digit,
        Condition::IsNot { at: place, digit } => at(place) != digit,
        Condition::Same { at: one, other } => at(one) == at(other),
        Condition::Different { at: one, other } => at(one) != at(other),
    }
}
