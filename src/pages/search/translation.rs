//! What is typed, as keys of a telephone and in words. Reading patterns is `domain::pattern`'s.

use crate::domain::keypad;
use crate::domain::pattern::{Pattern, Placement};

/// At most so many keys are drawn.
const MOST_KEYS: usize = 12;

/// One key under the search box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What stands large on it: a digit, or the sign of a wildcard.
    pub face: String,
    /// What stands small under it, cut around the letter that was typed.
    pub before: String,
    pub lit: String,
    pub after: String,
}

/// A text that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    pub keys: Vec<Key>,
    /// What was typed, in capitals.
    pub typed: String,
    /// What it dials, where that is something else.
    pub dials: Option<String>,
    /// The rest of the sentence.
    pub place: String,
}

/// Where a query looks.
#[must_use]
pub fn placement(at: &str) -> Placement {
    match at {
        "starts" => Placement::Starts,
        "ends" => Placement::Ends,
        "pattern" => Placement::Exact,
        _ => Placement::Anywhere,
    }
}

/// What `query` means; nothing when it is empty, and the fault in words when it means nothing.
pub fn translate(query: &str, at: &str) -> Result<Option<Translation>, String> {
    if query.trim().is_empty() {
        return Ok(None);
    }
    let pattern = Pattern::parse(query, placement(at)).map_err(|fault| fault.message)?;
    let typed = pattern.text();
    let shape = pattern.kind_label() == "Shape";
    let dials = Some(pattern.translation()).filter(|dials| !shape && *dials != typed);
    let place = match (pattern.place(), shape) {
        ("as the whole number", _) => String::from("as the whole number."),
        ("anywhere", false) => String::from("anywhere in the number."),
        ("anywhere", true) => String::from("anywhere in the number; each letter is one digit."),
        (place, false) => format!("{place} of the number."),
        (place, true) => format!("{place} of the number; each letter is one digit."),
    };
    let keys = typed.chars().take(MOST_KEYS).map(|character| if shape { shape_key(character) } else { key(character) }).collect();
    Ok(Some(Translation { keys, typed, dials, place }))
}

fn key(character: char) -> Key {
    let plain = |face: String, under: &str| Key { face, before: under.to_owned(), lit: String::new(), after: String::new() };
    match character {
        '?' => plain("?".into(), "any"),
        '*' => plain("*".into(), "run"),
        digit if digit.is_ascii_digit() => plain(digit.into(), keypad::letters_of(u8::try_from(digit).unwrap_or_default())),
        letter => {
            let digit = keypad::digit_for(letter).unwrap_or_default();
            let letters = keypad::letters_of(digit);
            let (before, after) = letters.split_once(letter).unwrap_or((letters, ""));
            Key { face: digit.to_string(), before: before.into(), lit: letter.into(), after: after.into() }
        }
    }
}

fn shape_key(letter: char) -> Key {
    Key { face: letter.into(), before: "same".into(), lit: String::new(), after: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_lights_its_letters() {
        let cafe = translate("cafe", "").expect("a word").expect("not empty");
        assert_eq!((cafe.typed.as_str(), cafe.dials.as_deref(), cafe.place.as_str()), ("CAFE", Some("2233"), "anywhere in the number."));
        let faces: Vec<(&str, &str)> = cafe.keys.iter().map(|key| (key.face.as_str(), key.lit.as_str())).collect();
        assert_eq!(faces, [("2", "C"), ("2", "A"), ("3", "F"), ("3", "E")]);
        assert_eq!((cafe.keys[3].before.as_str(), cafe.keys[3].after.as_str()), ("D", "F"));
    }

    #[test]
    fn digits_dial_themselves() {
        let digits = translate("55-12", "ends").expect("digits").expect("not empty");
        assert_eq!((digits.typed.as_str(), digits.dials, digits.place.as_str()), ("5512", None, "at the end of the number."));
    }

    #[test]
    fn nothing_is_no_fault_and_nonsense_is() {
        assert_eq!(translate("  ", ""), Ok(None));
        assert!(translate("#", "").is_err());
    }
}
