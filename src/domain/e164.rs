//! A telephone number in E.164 form: reading what people and programs write, and its parts.
//!
//! Formatting after each country's own habit needs a large table and lives in the server; here are NANP and a plain grouping.

use serde::{Deserialize, Serialize};

use super::keypad;

/// Area codes whose calls are free for the caller.
pub const TOLL_FREE_CODES: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// A number with `+`, country code and 8 to 15 digits in all. In NANP area code and exchange are possible ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(String);

/// Why a text is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum E164Fault {
    /// Nothing was written.
    #[error("Write a number such as +1 415 555 2233.")]
    Empty,
    /// A character that no telephone number has.
    #[error("\u{201c}{0}\u{201d} has no place in a telephone number. Write one such as +1 415 555 2233.")]
    Character(char),
    /// Neither NANP nor led by a country code.
    #[error("Start with + and the country code, or write ten digits for the United States and Canada.")]
    NoCountryCode,
    /// Fewer than 8 or more than 15 digits.
    #[error("A number has 8 to 15 digits with its country code, such as +1 415 555 2233.")]
    Length,
    /// `+1` with other than ten digits behind it.
    #[error("After +1 come ten digits, such as +1 415 555 2233.")]
    NanpLength,
    /// The area code cannot exist.
    #[error("There is no area code {0:03}. It starts with 2 to 9 and does not end in 11.")]
    AreaCode(u16),
    /// The exchange cannot exist.
    #[error("{0:03} cannot follow an area code. The three digits there start with 2 to 9 and do not end in 11.")]
    Exchange(u16),
    /// The country with that code gives out no such number.
    #[error("No country gives out such a number. Check its digits.")]
    Impossible,
}

impl E164 {
    /// Reads a number as people write it: `+` or its URL form `%2B`, keypad letters, spaces and the usual punctuation. Ten bare
    /// digits, and eleven that begin with 1, are NANP; eleven to fifteen others begin with a country code.
    ///
    /// # Errors
    /// Whatever cannot be a telephone number; the fault reads as a sentence for people.
    pub fn parse(text: &str) -> Result<Self, E164Fault> {
        let text = text.trim();
        let text = text.strip_prefix("tel:").unwrap_or(text);
        let (plus, rest) = match text.strip_prefix('+').or_else(|| text.strip_prefix("%2B")).or_else(|| text.strip_prefix("%2b")) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut digits = String::with_capacity(16);
        for character in rest.chars() {
            match keypad::dialled(character) {
                Some(digit) => digits.push(digit),
                None if is_separator(character) => {}
                None => return Err(E164Fault::Character(character)),
            }
        }
        let digits = match (plus, digits.len(), digits.as_bytes().first()) {
            (_, 0, _) => return Err(E164Fault::Empty),
            (false, 10, _) => format!("1{digits}"),
            (true, _, Some(b'0')) | (false, 11..=15, Some(b'0')) | (false, 0..=9, _) => return Err(E164Fault::NoCountryCode),
            _ => digits,
        };
        check(&digits)?;
        Ok(Self(format!("+{digits}")))
    }

    /// With `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without `+`.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }

    /// The digits that are searched and shown: ten in NANP, elsewhere all of them with the country code.
    #[must_use]
    pub fn national(&self) -> &str {
        self.0.strip_prefix("+1").unwrap_or_else(|| self.digits())
    }

    /// A number of the North American Numbering Plan.
    #[must_use]
    pub fn is_nanp(&self) -> bool {
        self.0.starts_with("+1")
    }

    /// The first three of the ten NANP digits.
    #[must_use]
    pub fn area_code(&self) -> Option<&str> {
        self.nanp_part(0, 3)
    }

    /// The middle three of the ten NANP digits.
    #[must_use]
    pub fn exchange(&self) -> Option<&str> {
        self.nanp_part(3, 6)
    }

    /// The last four of the ten NANP digits.
    #[must_use]
    pub fn line(&self) -> Option<&str> {
        self.nanp_part(6, 10)
    }

    /// The last four digits, which people type to confirm.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or(&self.0)
    }

    /// Free for the caller.
    #[must_use]
    pub fn is_toll_free(&self) -> bool {
        self.area_code().is_some_and(is_toll_free_code)
    }

    /// The country calling code, without `+`.
    #[must_use]
    pub fn country_code(&self) -> &str {
        let digits = self.digits();
        digits.get(..country_code_length(digits)).unwrap_or(digits)
    }

    /// For people: `(415) 356-9377` in NANP, elsewhere the country code and groups of three and four digits.
    #[must_use]
    pub fn formatted(&self) -> String {
        if let (Some(area_code), Some(exchange), Some(line)) = (self.area_code(), self.exchange(), self.line()) {
            return format!("({area_code}) {exchange}-{line}");
        }
        let code = self.country_code();
        let mut text = format!("+{code}");
        let mut rest = self.digits().get(code.len()..).unwrap_or_default();
        while !rest.is_empty() {
            let group = if rest.len() <= 4 { rest.len() } else { 3.min(rest.len() - 2) };
            let (head, tail) = rest.split_at(group);
            text.push(' ');
            text.push_str(head);
            rest = tail;
        }
        text
    }

    fn nanp_part(&self, from: usize, to: usize) -> Option<&str> {
        if self.is_nanp() { self.national().get(from..to) } else { None }
    }
}

/// An area code whose calls are free for the caller.
#[must_use]
pub fn is_toll_free_code(area_code: &str) -> bool {
    TOLL_FREE_CODES.contains(&area_code)
}

/// Three digits that may stand as an area code or as an exchange: 2 to 9, then any two but `11`.
#[must_use]
pub fn is_possible_code(code: &str) -> bool {
    matches!(code.as_bytes(), [b'2'..=b'9', middle @ b'0'..=b'9', last @ b'0'..=b'9'] if (*middle, *last) != (b'1', b'1'))
}

fn check(digits: &str) -> Result<(), E164Fault> {
    let Some(national) = digits.strip_prefix('1') else {
        return if (8..=15).contains(&digits.len()) { Ok(()) } else { Err(E164Fault::Length) };
    };
    let (Some(area_code), Some(exchange), 10) = (national.get(..3), national.get(3..6), national.len()) else {
        return Err(E164Fault::NanpLength);
    };
    if !is_possible_code(area_code) {
        return Err(E164Fault::AreaCode(area_code.parse().unwrap_or_default()));
    }
    if !is_possible_code(exchange) {
        return Err(E164Fault::Exchange(exchange.parse().unwrap_or_default()));
    }
    Ok(())
}

/// What people put between digits, with the dashes and spaces that editors make of them.
const fn is_separator(character: char) -> bool {
    matches!(character, '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2000}'..='\u{200b}' | '\u{202f}')
        || character.is_ascii_whitespace()
}

/// ITU's country codes have one digit for 1 and 7, two for those listed here, three for the rest.
fn country_code_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

impl TryFrom<String> for E164 {
    type Error = E164Fault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<E164> for String {
    fn from(number: E164) -> Self {
        number.0
    }
}

impl std::str::FromStr for E164 {
    type Err = E164Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl std::fmt::Display for E164 {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> String {
        E164::parse(text).expect("a number").as_str().to_owned()
    }

    #[test]
    fn reads_what_people_write() {
        for text in [
            "+14153569377",
            "%2B14153569377",
            "%2b14153569377",
            "4153569377",
            "1 415 356 9377",
            "(415) 356-9377",
            "415.FLOWERS",
            " tel:+1-415-356-9377 ",
        ] {
            assert_eq!(parsed(text), "+14153569377", "{text}");
        }
        assert_eq!(parsed("+44 20 7946 0958"), "+442079460958");
        assert_eq!(parsed("919876543210"), "+919876543210");
        assert_eq!(parsed("+6531234567"), "+6531234567");
    }

    #[test]
    fn refuses_what_cannot_be_dialled() {
        let cases = [
            ("", E164Fault::Empty),
            ("+", E164Fault::Empty),
            ("+1 415#", E164Fault::Character('#')),
            ("5552233", E164Fault::NoCountryCode),
            ("+0123456789", E164Fault::NoCountryCode),
            ("01234567890", E164Fault::NoCountryCode),
            ("+1415555223", E164Fault::NanpLength),
            ("+141555522333", E164Fault::NanpLength),
            ("+4420794", E164Fault::Length),
            ("+4420794609581234", E164Fault::Length),
            ("1155552233", E164Fault::AreaCode(115)),
            ("4115552233", E164Fault::AreaCode(411)),
            ("4151552233", E164Fault::Exchange(155)),
            ("4159112233", E164Fault::Exchange(911)),
        ];
        for (text, fault) in cases {
            assert_eq!(E164::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn has_its_parts() {
        let number = E164::parse("+14153569377").expect("a number");
        assert_eq!((number.area_code(), number.exchange(), number.line()), (Some("415"), Some("356"), Some("9377")));
        assert_eq!((number.national(), number.digits(), number.last_four()), ("4153569377", "14153569377", "9377"));
        assert_eq!(number.formatted(), "(415) 356-9377");
        assert!(!number.is_toll_free() && E164::parse("8005552233").is_ok_and(|free| free.is_toll_free()));
        let abroad = E164::parse("+442079460958").expect("a number");
        assert_eq!((abroad.area_code(), abroad.national(), abroad.country_code()), (None, "442079460958", "44"));
        assert_eq!(abroad.formatted(), "+44 207 946 0958");
        assert_eq!(E164::parse("+35312345678").expect("a number").formatted(), "+353 123 456 78");
    }

    #[test]
    fn the_wire_is_checked_too() {
        assert_eq!(serde_json::from_str::<E164>("\"+14153569377\"").expect("a number").as_str(), "+14153569377");
        assert!(serde_json::from_str::<E164>("\"+1415\"").is_err());
        assert_eq!(serde_json::to_string(&E164::parse("4153569377").expect("a number")).expect("text"), "\"+14153569377\"");
    }

    proptest! {
        #[test]
        fn never_panics_and_keeps_its_shape(text in "\\PC{0,24}") {
            if let Ok(number) = E164::parse(&text) {
                prop_assert!((8..=15).contains(&number.digits().len()));
                prop_assert!(number.digits().bytes().all(|byte| byte.is_ascii_digit()));
                prop_assert_eq!(E164::parse(number.as_str()), Ok(number.clone()));
                prop_assert_eq!(E164::parse(&number.formatted()), Ok(number));
            }
        }

        #[test]
        fn possible_nanp_numbers_are_taken_in_every_form(area in "[2-9][02-9][0-9]", exchange in "[2-9][02-9][0-9]", line in "[0-9]{4}") {
            let expected = format!("+1{area}{exchange}{line}");
            for text in [format!("({area}) {exchange}-{line}"), format!("1{area}{exchange}{line}"), expected.clone()] {
                prop_assert_eq!(E164::parse(&text).map(String::from), Ok(expected.clone()));
            }
        }
    }
}
