//! Numbers that miss little, those that miss least first. One filter at a time is given up: city, rate center, area code within its
//! states, state, then the last letters of the word.

use crate::domain::pattern::Pattern;
use crate::domain::search::{Filter, FilterName};

use super::cursor;
use super::found::FoundRow;
use super::index::question::Question;
use super::index::top::{Position, Wanted};
use super::page::Search;
use super::plan::{AREA, CITY, DISTANCES, FAR_FROM_AREA, FAR_FROM_CITY, Misses, NOWHERE, RATE_CENTER, STATE, place_bit};
use super::row::Row;

/// What may be given up, in this order; the word comes last and is shortened, not given up.
const RELAXABLE: [FilterName; 4] = [FilterName::City, FilterName::RateCenter, FilterName::Area, FilterName::State];

/// The steps of place: 1 another city of the same state, 2 a city elsewhere, 3 rate center, 4 area code, 5 state.
const STATE_STEP: u8 = 5;

impl Search<'_> {
    /// Up to `room` numbers that come close.
    pub fn close(&self, room: usize) -> Vec<FoundRow> {
        let words = words(&self.ask.filter);
        let places: Vec<Option<u8>> = self.plan.places.iter().map(|misses| place_step(*misses, self.ask.filter.state.is_some())).collect();
        let relaxes = self.ask.filter.active().iter().any(|name| RELAXABLE.contains(name));
        let strict = self.plan.question();
        let mut found = Vec::new();
        for letters in 0..words.len().max(1) {
            let word = words.get(letters);
            for step in u8::from(letters == 0)..=if relaxes { STATE_STEP } else { 0 } {
                if found.len() == room {
                    return found;
                }
                let in_step: Vec<bool> = places.iter().map(|place| *place == Some(step)).collect();
                if !in_step.contains(&true) {
                    continue;
                }
                let question = Question { patterns: with_word(&strict, word), ..strict.in_places(in_step) };
                let rows = self.close_rows(&question, step, &words, letters, room - found.len());
                found.extend(rows.iter().map(|(_, row)| self.close_row(row, word, letters)));
            }
        }
        found
    }

    /// The first rows of one step whose word has to be cut by so many letters, no fewer.
    fn close_rows(&self, question: &Question, step: u8, words: &[Pattern], letters: usize, room: usize) -> Vec<(Position, Row)> {
        let word = words.get(letters);
        let position = |row: &Row| cursor::position(&self.index.catalog, row, self.ask.sort, word);
        let wanted = Wanted { catalog: &self.index.catalog, sort: self.ask.sort, after: None, room, position: &position };
        let longer = words.get(..letters).unwrap_or_default();
        let mut found = Vec::new();
        for shard in self.index.shards.iter().filter(|shard| self.plan.is_about(shard)) {
            for segment in &shard.segments {
                let mut hits = self.claims.visible(segment, segment.hits(question));
                for longer in longer {
                    if hits.count == 0 {
                        break;
                    }
                    hits = hits.and_not(&segment.hits(&Question { patterns: with_word(question, Some(longer)), ..question.clone() }));
                }
                found.extend(super::page::first_of_segment(segment, &hits, &wanted, word));
            }
            let fresh = self.fresh(shard).filter(|row| self.is_close(row, step, word, longer));
            found.extend(wanted.first_of(fresh));
        }
        found.sort_unstable_by_key(|(position, _)| *position);
        found.truncate(room);
        found
    }

    fn is_close(&self, row: &Row, step: u8, word: Option<&Pattern>, longer: &[Pattern]) -> bool {
        let digits = row.digits();
        let reads = |pattern: &Pattern| pattern.matches(digits.as_bytes()).is_some();
        let filter = &self.ask.filter;
        let others = [&filter.starts_with, &filter.ends_with, &filter.contains].into_iter().flatten();
        place_step(self.plan.facts(row), filter.state.is_some()) == Some(step)
            && word.is_none_or(reads)
            && !longer.iter().any(reads)
            && others.into_iter().all(reads)
    }

    fn close_row(&self, row: &Row, word: Option<&Pattern>, letters: usize) -> FoundRow {
        let misses = self.plan.of_place(row.place);
        let missed = |name: &&FilterName| misses & place_bit(**name) != 0 || (**name == FilterName::Q && letters > 0);
        let relaxed = RELAXABLE.iter().chain(&[FilterName::Q]).filter(missed).copied().collect();
        let asked = word.or(self.ask.filter.pattern.as_ref());
        self.row(row, asked).relaxed(relaxed, &self.ask.filter, word.filter(|_| letters > 0))
    }
}

/// The word that was asked for, then the same without its last letters, down to three. Empty when the box is empty.
fn words(filter: &Filter) -> Vec<Pattern> {
    std::iter::successors(filter.pattern.clone(), Pattern::shortened).collect()
}

/// The patterns of a question with another one in the place of what the one box asks for, which is the first.
fn with_word(question: &Question, word: Option<&Pattern>) -> Vec<Pattern> {
    let mut patterns = question.patterns.clone();
    if let (Some(first), Some(word)) = (patterns.first_mut(), word) {
        *first = word.clone();
    }
    patterns
}

/// How far a row's place is from the one that was asked for; 0 when it is that one, none when it is out of reach.
fn place_step(facts: Misses, state_asked: bool) -> Option<u8> {
    if facts & !(CITY | RATE_CENTER | AREA | STATE | DISTANCES) != 0 {
        return None;
    }
    let missed = facts & !DISTANCES;
    // A number without a place is near to none, and an area code is given up for those of its own states only.
    if (missed != 0 && facts & NOWHERE != 0) || (facts & FAR_FROM_AREA != 0 && !state_asked) {
        return None;
    }
    Some(match missed {
        missed if missed & STATE != 0 || facts & FAR_FROM_AREA != 0 => STATE_STEP,
        missed if missed & AREA != 0 => 4,
        missed if missed & RATE_CENTER != 0 => 3,
        missed if missed & CITY != 0 && facts & FAR_FROM_CITY != 0 => 2,
        missed if missed & CITY != 0 => 1,
        _ => 0,
    })
}
