//! How easily a number is kept in mind: a score, five bars and a reason in words; and a number written with the word it spells.
//!
//! The score goes from 0 to 100. It is the best of what the digits do and of the word they spell:
//!
//! | what | score before the bonus |
//! |---|---|
//! | last seven equal, last six, five, four, three equal | 94, 92, 90, 86, 62 |
//! | last four or more count up (0123 … 6789), count down | 80, 76 |
//! | last eight are the same four twice, last six the same three twice | 84, 72 |
//! | last four AABB, ABAB, ABBA | 74, 70, 66 |
//! | ends in 000, ends in 00 | 78, 48 |
//! | last seven have two different digits, three | 82, 46 |
//! | the exchange repeats the area code | 44 |
//! | last two equal | 28 |
//! | none of these | 12 |
//!
//! The bonus is one point for each digit by which the last seven have fewer different ones than seven. A word of seven letters
//! gives 100, of six 96, five 92, four 86, three 55; away from the end it loses 8 in front of the local number and 24 elsewhere.
//! Which words a number spells is found elsewhere.

/// Length of a local number in NANP, and of the part of other numbers that people keep in mind.
const LOCAL: usize = 7;

/// How easily a number is kept in mind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memorability {
    /// 0 to 100.
    pub score: u8,
    /// 1 to 5.
    pub bars: u8,
    /// What makes it so, for people.
    pub reason: String,
}

/// A word that a number spells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordHit {
    /// Index of its first national digit.
    pub start: u8,
    /// Number of letters.
    pub len: u8,
    /// In upper case.
    pub word: String,
}

/// What the digits alone do for memory, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// The last seven are equal.
    SevenEqual,
    /// The last six are equal.
    SixEqual,
    /// The last five are equal.
    FiveEqual,
    /// The last four are equal.
    FourEqual,
    /// The last eight are four digits and the same four again.
    SameFourTwice,
    /// The last seven have two different digits.
    TwoDigits,
    /// At least the last four count up.
    CountsUp,
    /// It ends in 000.
    ThreeZeros,
    /// At least the last four count down.
    CountsDown,
    /// The last four are two pairs.
    TwoPairs,
    /// The last six are three digits and the same three again.
    SameThreeTwice,
    /// The last four alternate.
    Rhythm,
    /// The last four read the same from behind.
    Mirror,
    /// The last three are equal.
    ThreeEqual,
    /// It ends in 00.
    Round,
    /// The last seven have three different digits.
    ThreeDigits,
    /// The exchange is the area code again.
    AreaTwice,
    /// The last two are equal.
    Pair,
    /// None of these.
    Nothing,
}

impl ReasonKind {
    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::SevenEqual => "Seven equal digits",
            Self::SixEqual => "Ends in six equal digits",
            Self::FiveEqual => "Ends in five equal digits",
            Self::FourEqual => "Ends in four equal digits",
            Self::SameFourTwice => "Same four twice",
            Self::TwoDigits => "Only two different digits",
            Self::CountsUp => "Counts up",
            Self::ThreeZeros | Self::Round => "Round ending",
            Self::CountsDown => "Counts down",
            Self::TwoPairs => "Two pairs",
            Self::SameThreeTwice => "Same three twice",
            Self::Rhythm => "Easy rhythm",
            Self::Mirror => "Mirrored ending",
            Self::ThreeEqual => "Ends in three equal digits",
            Self::ThreeDigits => "Only three different digits",
            Self::AreaTwice => "Area code twice",
            Self::Pair => "Ends in a pair",
            Self::Nothing => "Nothing special",
        }
    }

    /// The score before the bonus.
    const fn base(self) -> u8 {
        match self {
            Self::SevenEqual => 94,
            Self::SixEqual => 92,
            Self::FiveEqual => 90,
            Self::FourEqual => 86,
            Self::SameFourTwice => 84,
            Self::TwoDigits => 82,
            Self::CountsUp => 80,
            Self::ThreeZeros => 78,
            Self::CountsDown => 76,
            Self::TwoPairs => 74,
            Self::SameThreeTwice => 72,
            Self::Rhythm => 70,
            Self::Mirror => 66,
            Self::ThreeEqual => 62,
            Self::Round => 48,
            Self::ThreeDigits => 46,
            Self::AreaTwice => 44,
            Self::Pair => 28,
            Self::Nothing => 12,
        }
    }
}

/// Score, bars and reason of a number, with the best word it spells.
#[must_use]
pub fn memorability(national: &str, word: Option<&WordHit>) -> Memorability {
    let (digits_score, kind) = score_digits(national.as_bytes());
    match word.map(|hit| score_word(national.len(), hit.start, hit.len)) {
        Some((score, reason)) if score >= digits_score => Memorability { score, bars: bars(score), reason: reason.to_owned() },
        _ => Memorability { score: digits_score, bars: bars(digits_score), reason: kind.text().to_owned() },
    }
}

/// Bars for a score: five from 85, four from 65, three from 45, two from 25.
#[must_use]
pub const fn bars(score: u8) -> u8 {
    match score {
        85.. => 5,
        65.. => 4,
        45.. => 3,
        25.. => 2,
        _ => 1,
    }
}

/// What the digits alone give. Allocates nothing, so that an index can keep it for every number.
#[must_use]
pub fn score_digits(national: &[u8]) -> (u8, ReasonKind) {
    let local = tail(national, LOCAL);
    let different = different_digits(local);
    let kind = best_kind(national, local, different);
    let bonus = LOCAL.saturating_sub(different).min(6);
    (kind.base().saturating_add(u8::try_from(bonus).unwrap_or_default()).min(100), kind)
}

fn best_kind(national: &[u8], local: &[u8], different: usize) -> ReasonKind {
    let last = tail(national, 4);
    let pairs = match last {
        [a, b, c, d] if a == b && c == d => Some(ReasonKind::TwoPairs),
        [a, b, c, d] if a == c && b == d => Some(ReasonKind::Rhythm),
        [a, b, c, d] if a == d && b == c => Some(ReasonKind::Mirror),
        _ => None,
    };
    let equal = equal_at_end(national);
    let rules = [
        (equal >= 7, ReasonKind::SevenEqual),
        (equal == 6, ReasonKind::SixEqual),
        (equal == 5, ReasonKind::FiveEqual),
        (equal == 4, ReasonKind::FourEqual),
        (twice(tail(national, 8), 4), ReasonKind::SameFourTwice),
        (local.len() == LOCAL && different == 2, ReasonKind::TwoDigits),
        (last.len() == 4 && last.is_sorted_by(|one, next| one.wrapping_add(1) == *next), ReasonKind::CountsUp),
        (national.ends_with(b"000"), ReasonKind::ThreeZeros),
        (last.len() == 4 && last.is_sorted_by(|one, next| one.wrapping_sub(1) == *next), ReasonKind::CountsDown),
        (pairs == Some(ReasonKind::TwoPairs), ReasonKind::TwoPairs),
        (twice(tail(national, 6), 3), ReasonKind::SameThreeTwice),
        (pairs == Some(ReasonKind::Rhythm), ReasonKind::Rhythm),
        (pairs == Some(ReasonKind::Mirror), ReasonKind::Mirror),
        (equal == 3, ReasonKind::ThreeEqual),
        (national.ends_with(b"00"), ReasonKind::Round),
        (local.len() == LOCAL && different == 3, ReasonKind::ThreeDigits),
        (national.len() == 10 && national.get(..3) == national.get(3..6), ReasonKind::AreaTwice),
        (equal == 2, ReasonKind::Pair),
    ];
    rules.into_iter().find(|(applies, _)| *applies).map_or(ReasonKind::Nothing, |(_, kind)| kind)
}

/// What a word of `len` letters from the digit `start` on does for a number of `digits` digits.
#[must_use]
pub fn word_score(digits: usize, start: u8, len: u8) -> u8 {
    score_word(digits, start, len).0
}

fn score_word(digits: usize, start: u8, len: u8) -> (u8, &'static str) {
    let (start, len) = (usize::from(start), usize::from(len));
    let base: u8 = match len {
        0..=2 => 20,
        3 => 55,
        4 => 86,
        5 => 92,
        6 => 96,
        _ => 100,
    };
    let at_end = start + len == digits;
    let in_front = start + LOCAL == digits;
    let score = match (at_end, in_front) {
        (true, _) => base,
        (false, true) => base - 8,
        (false, false) => base.saturating_sub(24),
    };
    let reason = match (at_end, in_front, len) {
        (true, true, _) => "The whole number is a word",
        (true, ..) => "Word at the end",
        (_, _, 5) => "Five letters",
        (_, _, 6) => "Six letters",
        (_, _, 7..) => "Seven letters or more",
        (_, true, _) => "Word up front",
        _ => "Word inside",
    };
    (score, reason)
}

/// The number with its word, such as `555-CAFE` or `5-CAFE-84`. Only the last seven digits are shown, unless the word begins before them.
#[must_use]
pub fn vanity_format(national: &str, hit: &WordHit) -> String {
    let (start, end) = (usize::from(hit.start), usize::from(hit.start) + usize::from(hit.len));
    let local = national.len().saturating_sub(LOCAL);
    let from = if start < local { 0 } else { local };
    let (Some(before), Some(after)) = (national.get(from..start), national.get(end..)) else {
        return national.to_owned();
    };
    [before, hit.word.as_str(), after].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn tail(digits: &[u8], len: usize) -> &[u8] {
    digits.get(digits.len().saturating_sub(len)..).unwrap_or(digits)
}

fn equal_at_end(digits: &[u8]) -> usize {
    digits.last().map_or(0, |last| digits.iter().rev().take_while(|digit| *digit == last).count())
}

fn different_digits(digits: &[u8]) -> usize {
    let seen = digits.iter().fold(0_u16, |seen, digit| seen | 1 << (digit & 15));
    usize::try_from(seen.count_ones()).unwrap_or_default()
}

fn twice(digits: &[u8], len: usize) -> bool {
    digits.len() == 2 * len && digits.get(..len) == digits.get(len..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hit(word: &str, start: u8) -> WordHit {
        WordHit { start, len: u8::try_from(word.len()).expect("a short word"), word: word.to_owned() }
    }

    #[test]
    fn digits_have_their_reason() {
        let reasons = [
            ("4155555555", ReasonKind::SevenEqual),
            ("4152888888", ReasonKind::SixEqual),
            ("4153588888", ReasonKind::FiveEqual),
            ("4153528888", ReasonKind::FourEqual),
            ("4135683568", ReasonKind::SameFourTwice),
            ("4155225252", ReasonKind::TwoDigits),
            ("4153561234", ReasonKind::CountsUp),
            ("4153568000", ReasonKind::ThreeZeros),
            ("4153569876", ReasonKind::CountsDown),
            ("4153562288", ReasonKind::TwoPairs),
            ("4153746746", ReasonKind::SameThreeTwice),
            ("4153562828", ReasonKind::Rhythm),
            ("4153562882", ReasonKind::Mirror),
            ("4153561888", ReasonKind::ThreeEqual),
            ("4153567200", ReasonKind::Round),
            ("4152722753", ReasonKind::Nothing),
            ("4152722757", ReasonKind::ThreeDigits),
            ("4154156872", ReasonKind::AreaTwice),
            ("4153569377", ReasonKind::Pair),
            ("4153569371", ReasonKind::Nothing),
        ];
        for (national, kind) in reasons {
            assert_eq!(score_digits(national.as_bytes()).1, kind, "{national}");
        }
    }

    #[test]
    fn words_count_where_they_stand() {
        let cases = [
            ("4155552233", hit("CAFE", 6), 5, "Word at the end"),
            ("6282233014", hit("CAFE", 3), 4, "Word up front"),
            ("4157322330", hit("PEACE", 3), 4, "Five letters"),
            ("4155223384", hit("CAFE", 4), 3, "Word inside"),
            ("4153569377", hit("FLOWERS", 3), 5, "The whole number is a word"),
        ];
        for (national, word, bars, reason) in cases {
            let found = memorability(national, Some(&word));
            assert_eq!((found.bars, found.reason.as_str()), (bars, reason), "{national}");
        }
        assert_eq!(memorability("4155558888", Some(&hit("TUT", 7))).reason, "Ends in four equal digits");
    }

    #[test]
    fn the_word_is_written_into_the_number() {
        let cases = [
            ("4155552233", hit("CAFE", 6), "555-CAFE"),
            ("4155223384", hit("CAFE", 4), "5-CAFE-84"),
            ("4153569377", hit("FLOWERS", 3), "FLOWERS"),
            ("6282233014", hit("CAFE", 3), "CAFE-014"),
            ("4122335678", hit("CAFE", 2), "41-CAFE-5678"),
            ("442079462233", hit("CAFE", 8), "946-CAFE"),
            ("4155552233", hit("CAFE", 9), "4155552233"),
        ];
        for (national, word, expected) in cases {
            assert_eq!(vanity_format(national, &word), expected);
        }
    }

    proptest! {
        #[test]
        fn every_number_has_a_score(national in "[0-9]{0,15}", start in 0_u8..20, len in 0_u8..20) {
            let word = WordHit { start, len, word: "A".repeat(usize::from(len)) };
            let plain = memorability(&national, None);
            let spelled = memorability(&national, Some(&word));
            prop_assert!(plain.score <= spelled.score && spelled.score <= 100);
            prop_assert!((1..=5).contains(&plain.bars) && plain.bars <= spelled.bars);
            prop_assert!(!spelled.reason.is_empty() && !vanity_format(&national, &word).is_empty() | national.is_empty());
        }
    }
}
