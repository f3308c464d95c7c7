//! What is asked of a segment, in the terms that it can answer for many numbers at a time.

use crate::domain::number::{Features, NumberType};
use crate::domain::pattern::Pattern;

/// Patterns of one question at the most: four of the filter, its exchange, and where a word shall stand.
pub const PATTERNS: usize = 6;

/// Conditions that must all hold.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Of which no more than [`PATTERNS`] are read.
    pub patterns: Vec<Pattern>,
    /// For each place whether it will do; none when all do.
    pub places: Option<Vec<bool>>,
    /// For each offer whether it will do; none when all do.
    pub offers: Option<Vec<bool>>,
    pub number_type: Option<NumberType>,
    /// All of these.
    pub features: Features,
}

impl Question {
    /// Does every number answer it?
    pub const fn is_open(&self) -> bool {
        let Self { patterns, places, offers, number_type, features } = self;
        patterns.is_empty() && places.is_none() && offers.is_none() && number_type.is_none() && features.is_empty()
    }

    /// The same with one more pattern.
    pub fn with(&self, pattern: Pattern) -> Self {
        let mut more = self.clone();
        more.patterns.push(pattern);
        more
    }

    /// The same in other places.
    pub fn in_places(&self, will_do: Vec<bool>) -> Self {
        Self { places: Some(will_do), ..self.clone() }
    }
}

/// What will do as a list of answers, none when everything does.
pub fn unless_all(will_do: Vec<bool>) -> Option<Vec<bool>> {
    (!will_do.iter().all(|will_do| *will_do)).then_some(will_do)
}
