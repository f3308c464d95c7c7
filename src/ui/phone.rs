//! A phone number as people read it: area code light, matched digits in one band with the letter asked for under each.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::rpc::search::Mark;
use crate::rpc::shapes::PhoneView;
use crate::ui::view::view;

/// A number. Sizes: `hero xl lg md2 md tb sm xs`. `marks` draws the matched band, `differing` underlines national digits,
/// `spells` is added for screen readers, `struck` crosses it out.
#[component]
pub fn Phone(
    phone: PhoneView,
    #[prop(default = "tb")] size: &'static str,
    #[prop(optional)] marks: Vec<Mark>,
    #[prop(optional)] differing: Vec<u8>,
    #[prop(optional, into)] spells: String,
    #[prop(optional)] struck: bool,
) -> impl IntoView {
    let runs = runs(&phone.formatted, &marks, &differing).into_iter().map(run_view).collect_view();
    let spoken = (!spells.is_empty()).then(|| view! { <span class="sr-only">{format!(", spells {spells}")}</span> });
    view! {
        <span class=format!("phone phone-{size}") class:phone-struck=struck class:phone-marked=!marks.is_empty()>
            {runs}
            {spoken}
        </span>
    }
}

fn run_view(run: Run) -> AnyView {
    match run {
        Run::Area(text) => view! { <span class="phone-area">{text}</span> },
        Run::Rest(text) => view! { <span class="phone-rest">{text}</span> },
        Run::Joint(text) => view! { <span class="phone-joint">{text}</span> },
        Run::Differing(text) => view! { <span class="phone-differing">{text}</span> },
        Run::Marked(parts) => view! { <span class="phone-band">{parts.into_iter().map(marked_view).collect_view()}</span> },
    }
}

fn marked_view(part: MarkedPart) -> AnyView {
    match part {
        // The letter is drawn from the attribute by the style sheet, so that the text stays a number that can be copied and read out.
        MarkedPart::Digit(digit, Some(letter)) => view! { <span class="phone-key" data-letter=letter>{digit}</span> },
        MarkedPart::Digit(digit, None) => view! { <span class="phone-key">{digit}</span> },
        MarkedPart::Joint(text) => view! { <span class="phone-joint">{text}</span> },
    }
}

/// A stretch of a number that looks the same.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Run {
    /// Area code with its parentheses, or country code.
    Area(String),
    Rest(String),
    /// What stands between digits.
    Joint(String),
    Differing(String),
    /// A matched band.
    Marked(Vec<MarkedPart>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum MarkedPart {
    Digit(String, Option<String>),
    Joint(String),
}

/// How one national digit is marked.
#[derive(Debug, Clone, Copy)]
struct Marking {
    band: usize,
    letter: Option<char>,
    last: bool,
}

fn markings(marks: &[Mark]) -> HashMap<usize, Marking> {
    let mut by_digit = HashMap::new();
    for (band, mark) in marks.iter().enumerate() {
        let length = mark.letters.chars().count();
        for (offset, letter) in mark.letters.chars().enumerate() {
            let letter = (!letter.is_whitespace()).then_some(letter);
            by_digit.insert(usize::from(mark.start) + offset, Marking { band, letter, last: offset + 1 == length });
        }
    }
    by_digit
}

/// Digits of a country code in front, which are not national digits.
fn country_digits(formatted: &str) -> usize {
    match formatted.strip_prefix('+') {
        Some(rest) => rest.chars().take_while(char::is_ascii_digit).count(),
        None => 0,
    }
}

fn runs(formatted: &str, marks: &[Mark], differing: &[u8]) -> Vec<Run> {
    let markings = markings(marks);
    let country = country_digits(formatted);
    // The light part: the country code, or the area code up to its closing parenthesis.
    let light = if country > 0 { country + 1 } else { formatted.find(')').map_or(0, |at| at + 1) };
    let mut runs: Vec<Run> = Vec::new();
    let mut band: Option<usize> = None;
    let mut digits = 0;
    for (at, character) in formatted.chars().enumerate() {
        if !character.is_ascii_digit() {
            push_joint(&mut runs, band.is_some(), at < light, character);
            continue;
        }
        let national = digits.max(country) - country;
        let marking = if digits < country { None } else { markings.get(&national).copied() };
        let differs = digits >= country && differing.iter().any(|index| usize::from(*index) == national);
        digits += 1;
        match marking {
            Some(marking) => {
                let part = MarkedPart::Digit(character.to_string(), marking.letter.map(String::from));
                match runs.last_mut() {
                    Some(Run::Marked(parts)) if band == Some(marking.band) => parts.push(part),
                    _ => runs.push(Run::Marked(vec![part])),
                }
                band = (!marking.last).then_some(marking.band);
            }
            None if differs => runs.push(Run::Differing(character.to_string())),
            None if at < light => extend(&mut runs, Run::Area(character.to_string())),
            None => extend(&mut runs, Run::Rest(character.to_string())),
        }
    }
    runs
}

fn push_joint(runs: &mut Vec<Run>, in_band: bool, light: bool, character: char) {
    match runs.last_mut() {
        Some(Run::Marked(parts)) if in_band => parts.push(MarkedPart::Joint(character.to_string())),
        _ if light => extend(runs, Run::Area(character.to_string())),
        _ => extend(runs, Run::Joint(character.to_string())),
    }
}

/// Appends to the last run when it is of the same kind.
fn extend(runs: &mut Vec<Run>, run: Run) {
    match (runs.last_mut(), &run) {
        (Some(Run::Area(text)), Run::Area(more))
        | (Some(Run::Rest(text)), Run::Rest(more))
        | (Some(Run::Joint(text)), Run::Joint(more)) => {
            text.push_str(more);
        }
        _ => runs.push(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(runs: &[Run]) -> String {
        runs.iter()
            .map(|run| match run {
                Run::Area(text) => format!("a[{text}]"),
                Run::Rest(text) => format!("r[{text}]"),
                Run::Joint(text) => format!("j[{text}]"),
                Run::Differing(text) => format!("d[{text}]"),
                Run::Marked(parts) => format!("m[{}]", parts.iter().map(marked_text).collect::<String>()),
            })
            .collect()
    }

    fn marked_text(part: &MarkedPart) -> String {
        match part {
            MarkedPart::Digit(digit, letter) => format!("{digit}{}", letter.as_deref().unwrap_or_default()),
            MarkedPart::Joint(text) => text.clone(),
        }
    }

    fn mark(start: u8, letters: &str) -> Mark {
        Mark { start, letters: letters.to_owned() }
    }

    #[test]
    fn a_plain_number_has_a_light_area_code() {
        assert_eq!(text(&runs("(415) 555-0123", &[], &[])), "a[(415)]j[ ]r[555]j[-]r[0123]");
        assert_eq!(text(&runs("+44 20 7946 0018", &[], &[])), "a[+44]j[ ]r[20]j[ ]r[7946]j[ ]r[0018]");
    }

    #[test]
    fn a_band_runs_through_the_hyphen_and_keeps_asked_digits_bare() {
        assert_eq!(text(&runs("(628) 223-3014", &[mark(3, "CAFE")], &[])), "a[(628)]j[ ]m[2C2A3F-3E]r[014]");
        assert_eq!(text(&runs("(415) 525-2233", &[mark(3, " A ")], &[])), "a[(415)]j[ ]m[52A5]j[-]r[2233]");
    }

    #[test]
    fn two_bands_and_differing_digits_stay_apart() {
        assert_eq!(text(&runs("(415) 555-2233", &[mark(6, "CA"), mark(8, "FE")], &[])), "a[(415)]j[ ]r[555]j[-]m[2C2A]m[3F3E]");
        assert_eq!(text(&runs("(415) 555-2333", &[], &[7])), "a[(415)]j[ ]r[555]j[-]r[2]d[3]r[33]");
    }
}
