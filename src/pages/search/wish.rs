//! A query drawn as the number it asks for, with dots where anything may stand. No view lives here.

use super::translation::placement;
use crate::domain::pattern::Pattern;
use crate::rpc::search::{Mark, SearchInput};

/// National digits of a number in the numbering plan that is drawn.
const DIGITS: usize = 10;
const OPEN: char = '\u{2022}';

/// The number as text, and the part that was asked for. Nothing when there is no query, or one that has no fixed length.
#[must_use]
pub fn draw(input: &SearchInput) -> Option<(String, Vec<Mark>)> {
    let pattern = Pattern::parse(&input.q, placement(&input.at)).ok()?;
    let asked: Vec<char> = pattern.translation().chars().collect();
    let letters = pattern.letters()?;
    if asked.len() > DIGITS || asked.iter().any(|character| !character.is_ascii_digit()) {
        return None;
    }
    let start = if matches!(pattern.place(), "at the start" | "as the whole number") { 0 } else { DIGITS - asked.len() };
    let mut cells = [OPEN; DIGITS];
    for (cell, digit) in cells.iter_mut().skip(start).zip(&asked) {
        *cell = *digit;
    }
    if start >= 3 && input.area.len() == 3 {
        for (cell, digit) in cells.iter_mut().zip(input.area.chars().filter(char::is_ascii_digit)) {
            *cell = digit;
        }
    }
    let before = cells.iter().take(start).filter(|cell| cell.is_ascii_digit()).count();
    let mark = Mark { start: u8::try_from(before).ok()?, letters };
    Some((formatted(&cells), vec![mark]))
}

/// `(802) ••6-2753`; without an area code that nobody named.
fn formatted(cells: &[char; DIGITS]) -> String {
    let part = |range: std::ops::Range<usize>| cells.get(range).unwrap_or_default().iter().collect::<String>();
    let (area, exchange, line) = (part(0..3), part(3..6), part(6..DIGITS));
    if area.contains(|character: char| character.is_ascii_digit()) {
        format!("({area}) {exchange}-{line}")
    } else {
        format!("{exchange}-{line}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(q: &str, at: &str, area: &str) -> Option<(String, u8)> {
        let input = SearchInput { q: q.into(), at: at.into(), area: area.into(), ..SearchInput::default() };
        draw(&input).map(|(text, marks)| (text, marks[0].start))
    }

    #[test]
    fn a_word_stands_where_it_was_asked_for() {
        assert_eq!(drawn("MAPLE", "ends", "802"), Some(("(802) \u{2022}\u{2022}6-2753".into(), 3)));
        assert_eq!(drawn("MAPLE", "", ""), Some(("\u{2022}\u{2022}6-2753".into(), 0)));
        assert_eq!(drawn("415555", "starts", ""), Some(("(415) 555-\u{2022}\u{2022}\u{2022}\u{2022}".into(), 0)));
    }

    #[test]
    fn what_has_no_fixed_length_is_not_drawn() {
        assert_eq!(drawn("4*2", "", ""), None);
        assert_eq!(drawn("=AABB", "", ""), None);
        assert_eq!(drawn("", "", ""), None);
    }
}
