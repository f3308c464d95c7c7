//! The letters on telephone keys (E.161) and what a word dials. Which words exist does not live here.

/// The digit (2 to 9) whose key carries `letter`, in upper or lower case; nothing for all other characters.
#[must_use]
pub const fn digit_for(letter: char) -> Option<u8> {
    match letter.to_ascii_uppercase() {
        'A'..='C' => Some(2),
        'D'..='F' => Some(3),
        'G'..='I' => Some(4),
        'J'..='L' => Some(5),
        'M'..='O' => Some(6),
        'P'..='S' => Some(7),
        'T'..='V' => Some(8),
        'W'..='Z' => Some(9),
        _ => None,
    }
}

/// The letters on a key, in upper case. Takes the digit as a value (2) or as its ASCII byte (`b'2'`); 0 and 1 carry none.
#[must_use]
pub const fn letters_of(digit: u8) -> &'static str {
    let value = if digit.is_ascii_digit() { digit - b'0' } else { digit };
    match value {
        2 => "ABC",
        3 => "DEF",
        4 => "GHI",
        5 => "JKL",
        6 => "MNO",
        7 => "PQRS",
        8 => "TUV",
        9 => "WXYZ",
        _ => "",
    }
}

/// What a text dials: digits stay, letters become their keys, everything else is dropped.
#[must_use]
pub fn to_digits(text: &str) -> String {
    text.chars().filter_map(dialled).collect()
}

/// The digit that one character dials, as a character.
#[must_use]
pub fn dialled(character: char) -> Option<char> {
    if character.is_ascii_digit() {
        return Some(character);
    }
    digit_for(character).map(|digit| char::from(b'0' + digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_dial_what_the_keys_say() {
        assert_eq!(to_digits("CAFE"), "2233");
        assert_eq!(to_digits("1-800 Flowers!"), "18003569377");
        assert_eq!(to_digits("\u{e9}\u{661}"), "");
        assert_eq!(letters_of(7), "PQRS");
        assert_eq!(letters_of(b'7'), "PQRS");
        assert_eq!(letters_of(1), "");
    }

    #[test]
    fn every_letter_is_on_exactly_one_key() {
        for letter in 'A'..='Z' {
            let keys: Vec<u8> = (0..=9).filter(|digit| letters_of(*digit).contains(letter)).collect();
            assert_eq!(keys, [digit_for(letter).expect("a letter has a key")]);
            assert_eq!(digit_for(letter), digit_for(letter.to_ascii_lowercase()));
        }
    }

    proptest! {
        #[test]
        fn digits_stay_as_they_are(digits in "[0-9]{0,15}") {
            prop_assert_eq!(to_digits(&digits), digits);
        }

        #[test]
        fn any_text_gives_digits_only(text in "\\PC{0,40}") {
            prop_assert!(to_digits(&text).bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
