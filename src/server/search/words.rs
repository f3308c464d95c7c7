//! Which words a number spells. Built once from `data/words.txt`: a table for each length, indexed by the digits of the keys.
//!
//! Only the last seven digits are read: a word across the area code is hard to see. How much a word is worth is decided in
//! `domain::memorability`.

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::domain::keypad;
use crate::domain::memorability::{WordHit, word_score};

/// Words, the most useful first; the line is the rank.
static LIST: &str = include_str!("../../../data/words.txt");
/// Digits at the end of a number that people read as one thing.
const LOCAL: usize = 7;
/// The shortest word that is worth showing.
pub const SHORTEST: usize = 3;

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(LIST));

/// A word by its line.
pub type WordId = u16;

/// The words before this one are those that businesses buy numbers for.
pub const SOUGHT_AFTER: WordId = 379;
/// What it is worth to be one of them: CAFE is seen before LACED.
const SOUGHT_AFTER_BONUS: u8 = 8;

/// No word.
pub const NONE: WordId = WordId::MAX;

/// Where a number spells which word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled {
    pub word: WordId,
    /// Index of its first national digit.
    pub start: u8,
    pub letters: u8,
}

struct Words {
    text: Vec<&'static str>,
    /// For each length from [`SHORTEST`] to [`LOCAL`] the best word of each run of keys 2 to 9, read as a number to the base 8.
    tables: Vec<Vec<WordId>>,
}

impl Words {
    fn read(list: &'static str) -> Self {
        let text: Vec<&'static str> = list.lines().map(str::trim).filter(|word| !word.is_empty()).take(usize::from(NONE)).collect();
        let mut tables: Vec<Vec<WordId>> = (SHORTEST..=LOCAL).map(|len| vec![NONE; 1 << (3 * len)]).collect();
        // From the last to the first, so that the earlier of two words on the same keys stays.
        for (rank, word) in text.iter().enumerate().rev() {
            let digits = keypad::to_digits(word);
            let table = digits.len().checked_sub(SHORTEST).and_then(|index| tables.get_mut(index));
            if let (Some(table), Some(keys), Ok(rank)) = (table, keys(digits.as_bytes()), WordId::try_from(rank))
                && let Some(slot) = table.get_mut(keys)
            {
                *slot = rank;
            }
        }
        Self { text, tables }
    }

    fn at(&self, digits: &[u8]) -> Option<WordId> {
        let table = self.tables.get(digits.len().checked_sub(SHORTEST)?)?;
        let word = *table.get(keys(digits)?)?;
        (word != NONE).then_some(word)
    }
}

/// A run of keys as an index; none when a key carries no letter.
fn keys(digits: &[u8]) -> Option<usize> {
    digits.iter().try_fold(0_usize, |index, digit| match digit {
        b'2'..=b'9' => Some((index << 3) | usize::from(digit - b'2')),
        _ => None,
    })
}

/// How good a word is for a number: what it does for memory, its letters, its line.
type Rank = (u8, usize, Reverse<WordId>);

/// The word that a number is best kept in mind by: the one that makes it most memorable, with something added for words that
/// businesses look for; of equal ones the longer, then the earlier in the list.
#[must_use]
pub fn best(national: &[u8]) -> Option<Spelled> {
    let local = national.len().saturating_sub(LOCAL);
    let mut best: Option<(Rank, Spelled)> = None;
    for len in SHORTEST..=LOCAL {
        for start in local..=national.len().saturating_sub(len) {
            let Some(word) = national.get(start..start + len).and_then(|digits| WORDS.at(digits)) else { continue };
            let (Ok(place), Ok(letters)) = (u8::try_from(start), u8::try_from(len)) else { continue };
            let bonus = if is_sought_after(word) { SOUGHT_AFTER_BONUS } else { 0 };
            let rank: Rank = (word_score(national.len(), place, letters) + bonus, len, Reverse(word));
            if best.as_ref().is_none_or(|(known, _)| *known < rank) {
                best = Some((rank, Spelled { word, start: place, letters }));
            }
        }
    }
    best.map(|(_, spelled)| spelled)
}

/// Do businesses buy numbers for this word?
#[must_use]
pub const fn is_sought_after(word: WordId) -> bool {
    word < SOUGHT_AFTER
}

/// A word by its line.
#[must_use]
pub fn text(word: WordId) -> Option<&'static str> {
    WORDS.text.get(usize::from(word)).copied()
}

/// The word with its place, as the domain speaks of it.
#[must_use]
pub fn hit(spelled: Spelled) -> Option<WordHit> {
    let word = WORDS.text.get(usize::from(spelled.word))?;
    Some(WordHit { start: spelled.start, len: u8::try_from(word.len()).ok()?, word: (*word).to_owned() })
}

/// The best word among the last seven of these national digits.
#[must_use]
pub fn spells(national: &str) -> Option<WordHit> {
    best(national.as_bytes()).and_then(hit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(national: &str) -> Option<String> {
        spells(national).map(|hit| format!("{}@{}", hit.word, hit.start))
    }

    #[test]
    fn finds_what_businesses_buy_numbers_for() {
        let cases = [
            ("4153569377", Some("FLOWERS@3")),
            ("4155552233", Some("CAFE@6")),
            ("6282233014", Some("CAFE@3")),
            ("4157322330", Some("PEACE@3")),
            ("7024388294", Some("TAXI@6")),
            ("442079462233", Some("GOBBED@6")),
            ("2255180101", None),
            ("41", None),
            ("", None),
        ];
        for (national, expected) in cases {
            assert_eq!(spelled(national).as_deref(), expected, "{national}");
        }
    }

    #[test]
    fn a_word_that_businesses_want_beats_a_longer_one() {
        assert_eq!(spelled("4151572233").as_deref(), Some("CAFE@6"));
        assert!(Words::read(LIST).text.contains(&"RACED"), "which is longer and on the same keys");
    }

    #[test]
    fn the_list_is_as_the_index_needs_it() {
        let words = Words::read(LIST);
        assert!(words.text.len() > 20_000 && words.text.len() < usize::from(NONE));
        assert!(words.text.iter().all(|word| (3..=10).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())));
    }
}
