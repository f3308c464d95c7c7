//! Patterns against a naive matcher that tries every stretch of digits, and by example.

use super::*;
use proptest::prelude::*;

fn parsed(text: &str, placement: Placement) -> Pattern {
    Pattern::parse(text, placement).expect("a pattern")
}

fn found(text: &str, placement: Placement, digits: &str) -> Option<(usize, usize)> {
    parsed(text, placement).matches(digits.as_bytes()).map(|span| (span.start, span.len))
}

fn fault_at(text: &str, placement: Placement) -> usize {
    Pattern::parse(text, placement).expect_err("no pattern").position
}

#[test]
fn words_and_digits_stand_where_they_are_asked_for() {
    use Placement::{Anywhere, Ends, Exact, Starts};
    assert_eq!(found("CAFE", Anywhere, "4155552233"), Some((6, 4)));
    assert_eq!(found("cafe", Anywhere, "4155223384"), Some((4, 4)));
    assert_eq!(found("555", Anywhere, "5555552233"), Some((0, 3)));
    assert_eq!(found("555", Ends, "5555552555"), Some((7, 3)));
    assert_eq!(found("CAFE", Ends, "4152233014"), None);
    assert_eq!(found("415", Starts, "4154152233"), Some((0, 3)));
    assert_eq!(found("415", Starts, "2124152233"), None);
    assert_eq!(found("(415) 555-2233", Exact, "4155552233"), Some((0, 10)));
    assert_eq!(found("415555????", Exact, "4155552233"), Some((0, 10)));
    assert_eq!(found("415*33", Exact, "4155552233"), Some((0, 10)));
    assert_eq!(found("415*33", Exact, "4155552234"), None);
}

#[test]
fn wildcards_and_anchors() {
    use Placement::{Anywhere, Ends, Starts};
    assert_eq!(found("5?2", Anywhere, "4155552233"), Some((4, 3)));
    assert_eq!(found("^415*33$", Anywhere, "4155552233"), Some((0, 10)));
    assert_eq!(found("^55", Anywhere, "4155552233"), None);
    assert_eq!(found("55*33", Anywhere, "4155552233"), Some((2, 8)));
    assert_eq!(found("5*3", Ends, "4155552233"), Some((5, 5)));
    assert_eq!(found("55*", Ends, "4155552233"), Some((2, 2)));
    assert_eq!(found("*33", Starts, "4155552233"), Some((8, 2)));
    assert_eq!(found("4*5*3", Anywhere, "4155552233"), Some((0, 9)));
    assert_eq!(found("^4**3", Anywhere, "4155552233"), Some((0, 9)));
}

#[test]
fn a_leading_one_goes_only_where_it_cannot_be_meant() {
    use Placement::{Anywhere, Ends, Starts};
    assert_eq!(found("1-800-FLOWERS", Anywhere, "8003569377"), Some((0, 10)));
    assert_eq!(found("+1415", Anywhere, "2124152233"), Some((3, 3)));
    assert_eq!(found("1415", Starts, "4155552233"), Some((0, 3)));
    assert_eq!(found("^1415", Anywhere, "4155552233"), Some((0, 3)));
    assert_eq!(found("1415", Anywhere, "4155552233"), None);
    assert_eq!(found("1415", Anywhere, "2125551415"), Some((6, 4)));
    assert_eq!(found("15", Ends, "2125551415"), Some((8, 2)));
    assert_eq!(parsed("1415", Ends).translation(), "1415");
    assert_eq!(fault_at("1", Starts), 0);
    assert_eq!(found("+442079", Starts, "442079460958"), Some((0, 6)));
}

#[test]
fn shapes_repeat() {
    use Placement::{Anywhere, Starts};
    assert_eq!(found("=AABB", Anywhere, "4155552233"), Some((6, 4)));
    assert_eq!(found("=aabb", Anywhere, "4155552222"), None);
    assert_eq!(found("=AABB", Anywhere, "4152233014"), None);
    assert_eq!(found("=^ABC", Anywhere, "4155552233"), Some((0, 3)));
    assert_eq!(found("^=ABA", Anywhere, "4145552233"), Some((0, 3)));
    assert_eq!(found("=ABC", Starts, "4155552233"), Some((0, 3)));
    assert_eq!(found("=ABAB-CDCD", Anywhere, "4112123434"), Some((2, 8)));
    assert_eq!(found("=ABAB-CDCD", Anywhere, "4112121212"), None);
    assert_eq!(
        (parsed("=AABB", Anywhere).letters(), parsed("=AABB", Anywhere).translation()),
        (Some(String::from("    ")), String::from("AABB"))
    );
    assert_eq!(parsed("=AABB", Anywhere).describe(), "AABB at the end");
    assert_eq!(fault_at("=AAEE", Anywhere), 3);
    assert_eq!(fault_at("=A", Anywhere), 2);
    assert_eq!(fault_at(" =AB1", Anywhere), 4);
    assert_eq!(fault_at("=^AABB$", Anywhere), 0);
}

#[test]
fn faults_name_their_character() {
    use Placement::{Anywhere, Exact};
    for (text, position) in [
        ("", 0),
        ("  ", 0),
        ("??", 0),
        ("*", 0),
        ("[0-9]", 0),
        ("55#", 2),
        ("5^5", 1),
        ("^^5", 1),
        ("5$5", 2),
        ("5=A", 1),
        ("\u{e9}55", 0),
        ("5*5*5*5", 5),
    ] {
        assert_eq!(fault_at(text, Anywhere), position, "{text}");
    }
    assert_eq!(fault_at("2345678901234567", Anywhere), 15);
    assert_eq!(fault_at("5552233", Exact), 7);
    assert!(Pattern::parse("234567890123456", Anywhere).is_ok());
}

#[test]
fn says_what_it_is() {
    let word = parsed("MAPLE", Placement::Ends);
    assert_eq!((word.letters().as_deref(), word.translation().as_str()), (Some("MAPLE"), "62753"));
    assert_eq!((word.kind_label(), word.describe().as_str()), ("Word", "MAPLE at the end"));
    assert_eq!(word.shortened().map(|shorter| shorter.describe()).as_deref(), Some("MAPL at the end"));
    assert_eq!(word.shortened().and_then(|shorter| shorter.shortened()).and_then(|shorter| shorter.shortened()), None);
    let mixed = parsed("c?fe5", Placement::Anywhere);
    assert_eq!((mixed.letters().as_deref(), mixed.translation().as_str(), mixed.kind_label()), (Some("C FE "), "2?335", "Pattern"));
    let run = parsed("CA*FE", Placement::Anywhere);
    assert_eq!((run.letters(), run.translation().as_str(), run.text().as_str()), (None, "22*33", "CA*FE"));
    assert_eq!((parsed("2233", Placement::Anywhere).kind_label(), parsed("2233", Placement::Anywhere).shortened()), ("Digits", None));
    assert_eq!(parsed("^2233", Placement::Anywhere).place(), "at the start");
}

/// Does the text of a pattern (digits, letters, `?`, `*`) fit the digits as a whole? As slow and as plain as can be.
fn fits(pattern: &[u8], digits: &[u8]) -> bool {
    match (pattern.split_first(), digits.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => fits(rest, digits) || digits.split_first().is_some_and(|(_, digits)| fits(pattern, digits)),
        (Some((b'?', rest)), Some((_, digits))) => fits(rest, digits),
        (Some((typed, rest)), Some((digit, digits))) => {
            crate::domain::keypad::dialled(char::from(*typed)) == Some(char::from(*digit)) && fits(rest, digits)
        }
        _ => false,
    }
}

/// Every stretch of digits, leftmost start first and shortest first; rightmost start first where only the end is fixed.
fn naive(body: &str, at_start: bool, at_end: bool, digits: &[u8]) -> Option<(usize, usize)> {
    let (at_start, at_end) = (at_start && !body.starts_with('*'), at_end && !body.ends_with('*'));
    let body = body.trim_matches('*').as_bytes();
    let mut spans: Vec<(usize, usize)> = (0..=digits.len()).flat_map(|start| (start..=digits.len()).map(move |end| (start, end))).collect();
    if at_end && !at_start {
        spans.reverse();
    }
    let placed = |(start, end): &(usize, usize)| (!at_start || *start == 0) && (!at_end || *end == digits.len());
    spans.into_iter().filter(placed).find(|(start, end)| fits(body, &digits[*start..*end])).map(|(start, end)| (start, end - start))
}

proptest! {
    #[test]
    fn agrees_with_the_naive_matcher(
        body in "[2-5A-Fa-f?]{0,3}\\*?[2-5A-Fa-f?]{0,3}\\*?[2-5A-Fa-f?]{0,3}",
        digits in "[2-5]{7,15}",
        starts in any::<bool>(),
        ends in any::<bool>(),
        typed_anchors in any::<bool>(),
    ) {
        let placement = match (typed_anchors, starts, ends) {
            (true, ..) | (_, false, false) => Placement::Anywhere,
            (_, true, false) => Placement::Starts,
            (_, false, true) => Placement::Ends,
            (_, true, true) => Placement::Exact,
        };
        let text = format!("{}{body}{}", if typed_anchors && starts { "^" } else { "" }, if typed_anchors && ends { "$" } else { "" });
        match Pattern::parse(&text, placement) {
            Ok(pattern) => {
                let span = pattern.matches(digits.as_bytes()).map(|span| (span.start, span.len));
                prop_assert_eq!(span, naive(&body, starts, ends, digits.as_bytes()), "{} in {}", text, digits);
                if let (Some((_, len)), Some(letters)) = (span, pattern.letters()) {
                    prop_assert_eq!(letters.len(), len);
                }
            }
            Err(fault) => {
                let whole_but_short = starts && ends && !body.contains('*');
                prop_assert!(whole_but_short || !body.bytes().any(|byte| byte.is_ascii_alphanumeric()), "{}: {}", text, fault);
            }
        }
    }

    #[test]
    fn shapes_agree_with_comparing_every_pair(shape in "[A-D]{2,8}", digits in "[0-3]{8,12}", start in any::<bool>()) {
        let pattern = parsed(&format!("={}{shape}", if start { "^" } else { "" }), Placement::Anywhere);
        let from = if start { 0 } else { digits.len() - shape.len() };
        let (letters, part) = (shape.as_bytes(), &digits.as_bytes()[from..from + shape.len()]);
        let fits = (0..shape.len()).all(|one| (0..shape.len()).all(|other| (letters[one] == letters[other]) == (part[one] == part[other])));
        prop_assert_eq!(pattern.matches(digits.as_bytes()).is_some(), fits);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}", digits in "[0-9]{0,15}") {
        for placement in [Placement::Anywhere, Placement::Starts, Placement::Ends, Placement::Exact] {
            match Pattern::parse(&text, placement) {
                Ok(pattern) => {
                    let _ = (pattern.matches(digits.as_bytes()), pattern.describe(), pattern.translation(), pattern.letters());
                }
                Err(fault) => prop_assert!(fault.position <= text.chars().count() && !fault.message.is_empty()),
            }
        }
    }
}
