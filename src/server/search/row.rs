//! One number of the stock as the search keeps it before it is built into the index, and its digits.

use crate::domain::memorability::{score_digits, word_score};
use crate::domain::number::{Features, NumberType};
use crate::domain::pattern::MAX_POSITIONS;

use super::words;

/// What stands in front of the ten national digits of NANP, as a number.
const NANP: u64 = 10_000_000_000;
/// Digits of a NANP number that are searched.
const NANP_LENGTH: usize = 10;

/// One available number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// All digits with the country code; E.164 has no leading zero.
    pub number: u64,
    /// In the catalog of places.
    pub place: u32,
    /// In the catalog of offers.
    pub offer: u32,
    pub number_type: NumberType,
    pub features: Features,
    /// How hard it is to keep in mind: see [`unmemorable`].
    pub unmemorable: u8,
}

impl Row {
    /// The number in E.164 form.
    pub fn e164(&self) -> String {
        format!("+{}", self.number)
    }

    /// The digits that are searched.
    pub fn digits(&self) -> Digits {
        Digits::of(self.number)
    }
}

/// The digits that are searched, in ASCII: ten in NANP, elsewhere all of them (as `E164::national` has it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits {
    bytes: [u8; MAX_POSITIONS],
    length: usize,
}

impl Digits {
    /// The digits of a number with its country code.
    pub fn of(number: u64) -> Self {
        let (mut rest, length) = if is_nanp(number) { (number - NANP, NANP_LENGTH) } else { (number, decimal_length(number)) };
        let mut bytes = [b'0'; MAX_POSITIONS];
        for slot in bytes.iter_mut().take(length).rev() {
            // What is left over from a division by ten is one digit.
            *slot = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self { bytes, length }
    }

    /// As text in ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// As text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.as_bytes()).into_owned()
    }
}

/// A number of the North American Numbering Plan: +1 and ten digits.
pub const fn is_nanp(number: u64) -> bool {
    number >= NANP && number < 2 * NANP
}

/// What to add to the searched digits, read as a number, to get the number with its country code.
pub const fn base(is_nanp: bool) -> u64 {
    if is_nanp { NANP } else { 0 }
}

/// How many of a number's digits are searched.
pub fn searched_length(number: u64) -> usize {
    if is_nanp(number) { NANP_LENGTH } else { decimal_length(number) }
}

fn decimal_length(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1).min(MAX_POSITIONS)
}

/// The digits of an E.164 number as one number.
pub fn number_of(e164: &str) -> Option<u64> {
    e164.strip_prefix('+').unwrap_or(e164).parse().ok()
}

/// How hard a number is to keep in mind, the smaller the easier: twice what its score lacks to 100, and one more where it spells none of
/// the words that businesses look for. So of two that score the same the sought-after word comes first.
pub fn unmemorable(national: &[u8]) -> u8 {
    let spelled = words::best(national);
    let word = spelled.map_or(0, |spelled| word_score(national.len(), spelled.start, spelled.letters));
    let score = score_digits(national).0.max(word).min(100);
    let common = spelled.is_none_or(|spelled| !words::is_sought_after(spelled.word));
    (100 - score) * 2 + u8::from(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_that_are_searched() {
        assert_eq!(Digits::of(14_153_569_377).text(), "4153569377");
        assert_eq!(Digits::of(442_079_460_958).text(), "442079460958");
        assert_eq!(Digits::of(999_999_999_999_999).text(), "999999999999999");
        assert_eq!((searched_length(12_025_550_100), searched_length(33_123_456_789)), (10, 11));
        assert_eq!(Digits::of(20_000_000_000).text(), "20000000000");
    }

    #[test]
    fn easier_numbers_come_first() {
        assert!(unmemorable(b"4155555555") < unmemorable(b"4155552233"));
        assert!(unmemorable(b"4155552233") < unmemorable(b"4152727193"));
    }
}
