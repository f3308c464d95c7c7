//! Which words a number spells. Built once from the operator's own list and `data/words.txt`: for words of up to seven letters a table
//! for each length, indexed by the digits of the keys; for longer ones, of which few numbers spell any, one table by those digits.
//!
//! Words of up to seven letters are read in the last seven digits: across the area code they are hard to see. How much a word is worth
//! is decided in `domain::memorability`.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::domain::keypad;
use crate::domain::memorability::{WordHit, word_score};

/// Words, the most useful first; the line is the rank.
static LIST: &str = include_str!("../../../data/words.txt");
/// Digits at the end of a number that people read as one thing.
const LOCAL: usize = 7;
/// The shortest word that is worth showing.
pub const SHORTEST: usize = 3;
/// The longest: as long as a number is in NANP.
pub const LONGEST: usize = 10;
/// Words of the operator's own at the most.
pub const OWN_WORDS: usize = 40_000;

static WORDS: OnceLock<Words> = OnceLock::new();

/// A word by its rank.
pub type WordId = u16;

/// So many words at the head of the list are those that businesses buy numbers for.
pub const SOUGHT_AFTER: WordId = 379;
/// What it is worth to be one of them: CAFE is seen before LACED.
const SOUGHT_AFTER_BONUS: u8 = 8;

/// No word.
const NONE: WordId = WordId::MAX;

/// Where a number spells which word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled {
    pub word: WordId,
    /// Index of its first national digit.
    pub start: u8,
    pub letters: u8,
}

/// Why a list of the operator's own is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsFault {
    /// A line, counted from 1, that is no word.
    #[error("line {0}: \u{201c}{1}\u{201d} is no word of 3 to 10 letters A to Z.")]
    NoWord(usize, String),
    /// More than [`OWN_WORDS`].
    #[error("The list has more than 40,000 words.")]
    TooMany,
    /// Some number was read with the list as it was before.
    #[error("Words are in use already; a list is read before anything else.")]
    TooLate,
}

/// Puts the operator's own words in front of all others: they count as words that businesses look for. One word a line; empty lines
/// and lines that begin with # are not read.
///
/// # Errors
/// The first line that is no word, a list that is too long, and one that comes too late.
pub fn add_own(list: &str) -> Result<usize, WordsFault> {
    let own = read_own(list)?;
    let count = own.len();
    WORDS.set(Words::new(own)).map_err(|_| WordsFault::TooLate)?;
    Ok(count)
}

fn read_own(list: &str) -> Result<Vec<String>, WordsFault> {
    let mut own: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    let lines = list.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    for (at, line) in lines {
        let word = line.to_ascii_uppercase();
        if !(SHORTEST..=LONGEST).contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(WordsFault::NoWord(at + 1, line.chars().take(20).collect()));
        }
        if known.insert(word.clone()) {
            own.push(word);
        }
        if own.len() > OWN_WORDS {
            return Err(WordsFault::TooMany);
        }
    }
    Ok(own)
}

fn words() -> &'static Words {
    WORDS.get_or_init(|| Words::new(Vec::new()))
}

struct Words {
    text: Vec<Cow<'static, str>>,
    /// The words before this one are sought after.
    sought_after: WordId,
    /// For each length from [`SHORTEST`] to [`LOCAL`] the best word of each run of keys 2 to 9, read as a number to the base 8.
    tables: Vec<Vec<WordId>>,
    /// The best word of each longer run, read the same way with a 1 in front, which tells the length.
    long: HashMap<usize, WordId>,
}

impl Words {
    fn new(own: Vec<String>) -> Self {
        let sought_after = WordId::try_from(own.len()).unwrap_or(NONE).saturating_add(SOUGHT_AFTER);
        let list = LIST.lines().map(str::trim).filter(|word| !word.is_empty()).map(Cow::Borrowed);
        let text: Vec<Cow<'static, str>> = own.into_iter().map(Cow::Owned).chain(list).take(usize::from(NONE)).collect();
        let mut tables: Vec<Vec<WordId>> = (SHORTEST..=LOCAL).map(|len| vec![NONE; 1 << (3 * len)]).collect();
        let mut long = HashMap::new();
        // From the last to the first, so that the earlier of two words on the same keys stays.
        for (rank, word) in text.iter().enumerate().rev() {
            let digits = keypad::to_digits(word);
            let (Some(keys), Ok(rank)) = (keys(digits.as_bytes()), WordId::try_from(rank)) else { continue };
            match digits.len().checked_sub(SHORTEST).and_then(|index| tables.get_mut(index)).and_then(|table| table.get_mut(keys)) {
                Some(slot) => *slot = rank,
                None => {
                    long.insert(long_key(keys, digits.len()), rank);
                }
            }
        }
        Self { text, sought_after, tables, long }
    }

    fn at(&self, digits: &[u8]) -> Option<WordId> {
        let keys = keys(digits)?;
        match self.tables.get(digits.len().checked_sub(SHORTEST)?) {
            Some(table) => table.get(keys).copied().filter(|word| *word != NONE),
            None => self.long.get(&long_key(keys, digits.len())).copied(),
        }
    }
}

/// A run of keys as an index; none when a key carries no letter.
fn keys(digits: &[u8]) -> Option<usize> {
    digits.iter().try_fold(0_usize, |index, digit| match digit {
        b'2'..=b'9' => Some((index << 3) | usize::from(digit - b'2')),
        _ => None,
    })
}

const fn long_key(keys: usize, letters: usize) -> usize {
    (1 << (3 * letters)) | keys
}

/// How good a word is for a number: what it does for memory, its letters, its line.
type Rank = (u8, usize, Reverse<WordId>);

/// The word that a number is best kept in mind by: the one that makes it most memorable, with something added for words that
/// businesses look for; of equal ones the longer, then the earlier in the list.
#[must_use]
pub fn best(national: &[u8]) -> Option<Spelled> {
    let words = words();
    let mut best: Option<(Rank, Spelled)> = None;
    for len in SHORTEST..=LONGEST {
        let first = national.len().saturating_sub(if len <= LOCAL { LOCAL } else { LONGEST });
        for start in first..(national.len() + 1).saturating_sub(len) {
            let Some(word) = national.get(start..start + len).and_then(|digits| words.at(digits)) else { continue };
            let (Ok(place), Ok(letters)) = (u8::try_from(start), u8::try_from(len)) else { continue };
            let bonus = if word < words.sought_after { SOUGHT_AFTER_BONUS } else { 0 };
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
pub fn is_sought_after(word: WordId) -> bool {
    word < words().sought_after
}

/// A word by its rank.
#[must_use]
pub fn text(word: WordId) -> Option<&'static str> {
    words().text.get(usize::from(word)).map(|word| &**word)
}

/// The word with its place, as the domain speaks of it.
#[must_use]
pub fn hit(spelled: Spelled) -> Option<WordHit> {
    Some(WordHit { start: spelled.start, len: spelled.letters, word: text(spelled.word)?.to_owned() })
}

/// The best word that these national digits spell.
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
        assert!(Words::new(Vec::new()).text.iter().any(|word| word == "RACED"), "which is longer and on the same keys");
    }

    #[test]
    fn the_list_is_as_the_index_needs_it() {
        let words = Words::new(Vec::new());
        assert!(words.text.len() > 20_000 && words.text.len() < usize::from(NONE));
        assert!(words.text.iter().all(|word| (3..=10).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())));
    }

    #[test]
    fn long_words_are_read_across_the_area_code() {
        // A word of ten letters fills the whole number.
        let word = Words::new(Vec::new()).text.iter().find(|word| word.len() == LONGEST).map(|word| word.to_string()).expect("a long word");
        assert_eq!(spelled(&keypad::to_digits(&word)), Some(format!("{word}@0")));
    }

    #[test]
    fn own_words_come_first() {
        let own = read_own("# our brands\nzyxo\n\n  Badge \nBADGE\n").expect("words");
        assert_eq!(own, ["ZYXO", "BADGE"]);
        let words = Words::new(own);
        assert_eq!((words.at(b"9996"), words.at(b"22343"), words.sought_after), (Some(0), Some(1), SOUGHT_AFTER + 2));
        assert_eq!(read_own("ok-no").expect_err("no word"), WordsFault::NoWord(1, String::from("ok-no")));
        assert_eq!(read_own("CAFE\nAB").expect_err("too short"), WordsFault::NoWord(2, String::from("AB")));
        assert_eq!(read_own(&many(OWN_WORDS + 1)).expect_err("too many"), WordsFault::TooMany);
        assert_eq!(read_own(&many(OWN_WORDS)).map(|own| own.len()), Ok(OWN_WORDS));
    }

    fn many(words: usize) -> String {
        let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).expect("a letter"));
        (0..words).map(|at| [letter(at), letter(at / 26), letter(at / 676), letter(at / 17_576), '\n'].iter().collect::<String>()).collect()
    }
}
