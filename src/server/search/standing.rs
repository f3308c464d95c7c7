//! How well a word that was asked for stands in a number: exactly where people write a group of digits, at the end, or elsewhere.

use crate::domain::pattern::{Pattern, Span};

/// The groups in which a number of ten NANP digits is written and read out: area code, exchange, line, the local seven, all ten.
const GROUPS: [Span; 5] = [
    Span { start: 6, len: 4 },
    Span { start: 3, len: 7 },
    Span { start: 3, len: 3 },
    Span { start: 0, len: 10 },
    Span { start: 0, len: 3 },
];
/// Digits of a number that is written in those groups.
const GROUPED: usize = 10;

/// How well a word stands, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It fills a written group, such as 415-555-CAFE.
    Group,
    /// It ends the number, such as 415-55-PIZZA.
    Ending,
    /// It stands elsewhere.
    Inside,
}

/// The places where a word of `letters` fills a written group of a number of `digits` digits.
pub fn group_starts(letters: usize, digits: usize) -> impl Iterator<Item = usize> {
    let grouped = GROUPS.iter().filter(move |group| digits == GROUPED && group.len == letters).map(|group| group.start);
    grouped.chain((digits != GROUPED && digits == letters).then_some(0))
}

/// How well a pattern stands in a number and where; none when it does not match. What is no word stands where it is found first.
pub fn stand(asked: &Pattern, digits: &[u8]) -> Option<(Standing, Span)> {
    let first = asked.matches(digits)?;
    if !asked.is_word() {
        return Some((Standing::Inside, first));
    }
    let at = |start: usize| asked.matches_at(digits, start);
    if let Some(span) = group_starts(first.len, digits.len()).find_map(at) {
        return Some((Standing::Group, span));
    }
    let ending = digits.len().checked_sub(first.len).and_then(at);
    Some(ending.map_or((Standing::Inside, first), |span| (Standing::Ending, span)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pattern::Placement;

    #[test]
    fn a_word_is_seen_where_it_stands_best() {
        let standing = |word: &str, digits: &str| {
            let asked = Pattern::parse(word, Placement::Anywhere).expect("a word");
            stand(&asked, digits.as_bytes()).map(|(standing, span)| (standing, span.start))
        };
        assert_eq!(standing("CAFE", "2233552233"), Some((Standing::Group, 6)));
        assert_eq!(standing("PIZZA", "4155574992"), Some((Standing::Ending, 5)));
        assert_eq!(standing("CAT", "4152281234"), Some((Standing::Group, 3)));
        assert_eq!(standing("CAFE", "4155223384"), Some((Standing::Inside, 4)));
        assert_eq!(standing("CAFE", "442079462233"), Some((Standing::Ending, 8)));
        assert_eq!(standing("CAFE", "4155555555"), None);
        assert_eq!(standing("2?33", "2233552233"), Some((Standing::Inside, 0)), "no word");
    }
}
