//! What is typed into the box above a list of owned numbers: digits, a word, a pattern, or part of a label.

use crate::domain::keypad;
use crate::server::store::numbers::TextFilter;

/// Reads the box; none when nothing is asked for. `?` is one digit, `*` any run, `^` and `$` the ends of the number; a letter is
/// its key. Whatever it is, it is looked for in labels too.
#[must_use]
pub fn text_filter(text: &str) -> Option<TextFilter> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let (digits, national) = digit_patterns(text).unzip();
    Some(TextFilter { digits, national, words: containing(text) })
}

/// A LIKE pattern for a text somewhere inside of one in lower case; `!` escapes.
#[must_use]
pub fn containing(text: &str) -> String {
    format!("%{}%", exactly(text))
}

/// A LIKE pattern for a whole text in lower case; `!` escapes.
#[must_use]
pub fn exactly(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.to_lowercase().chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern
}

/// The patterns on the E.164, with what was typed read as the whole number and as its national part; none for what is no number.
fn digit_patterns(text: &str) -> Option<(String, String)> {
    let international = text.starts_with('+');
    let (from_start, rest) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (international, text),
    };
    let (to_end, rest) = rest.strip_suffix('$').map_or((false, rest), |rest| (true, rest));
    let mut pattern = String::with_capacity(rest.len());
    for character in rest.chars() {
        match (character, keypad::dialled(character)) {
            (_, Some(digit)) => pattern.push(digit),
            ('?', _) => pattern.push('_'),
            ('*', _) => pattern.push('%'),
            ('+' | ' ' | '-' | '.' | '(' | ')', _) => {}
            _ => return None,
        }
    }
    if !pattern.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_') {
        return None;
    }
    let end = if to_end { "" } else { "%" };
    Some(match (from_start, international) {
        (true, true) => (format!("+{pattern}{end}"), format!("+{pattern}{end}")),
        (true, false) => (format!("+{pattern}{end}"), format!("+1{pattern}{end}")),
        (false, _) => (format!("%{pattern}{end}"), format!("%{pattern}{end}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Option<(String, String)> {
        text_filter(text).and_then(|filter| filter.digits.zip(filter.national))
    }

    fn both(first: &str, second: &str) -> Option<(String, String)> {
        Some((first.to_owned(), second.to_owned()))
    }

    #[test]
    fn reads_what_people_type() {
        assert_eq!(text_filter("   "), None);
        assert_eq!(digits("(415) 555-01"), both("%41555501%", "%41555501%"));
        assert_eq!(digits("CAFE"), both("%2233%", "%2233%"));
        assert_eq!(digits("^415"), both("+415%", "+1415%"));
        assert_eq!(digits("+1 415"), both("+1415%", "+1415%"));
        assert_eq!(digits("^415*0?$"), both("+415%0_", "+1415%0_"));
        assert_eq!(digits("00$"), both("%00", "%00"));
        assert_eq!(digits("Zürich"), None);
        assert_eq!(digits("---"), None);
    }

    #[test]
    fn labels_are_looked_through_as_typed() {
        assert_eq!(text_filter(" 100%_Sure! ").map(|filter| filter.words), Some(String::from("%100!%!_sure!!%")));
    }
}
