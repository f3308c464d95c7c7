//! Reading a pattern as people type it, and saying which character is wrong.

use super::{ANY, Body, Cells, MAX_POSITIONS, MAX_RUNS, Pattern, PatternFault, Placement, Shape};
use crate::domain::keypad;

/// The fewest digits that a number has; a whole number cannot be shorter.
const MIN_POSITIONS: usize = 8;

/// One thing that was typed, with its place in the text.
#[derive(Clone, Copy)]
enum Token {
    /// A digit or a letter in upper case.
    Literal(u8),
    One,
    Run,
}

#[derive(Default)]
struct Reading {
    tokens: Vec<(usize, Token)>,
    at_start: bool,
    at_end: bool,
    /// The text begins with `+1`, which is the country code.
    plus_one: bool,
}

impl Pattern {
    /// Reads digits, keypad letters, `?` for one digit, `*` for any run (at most two), `^` and `$` for start and end. A text that
    /// begins with `=` is a repeat shape of the letters A to D, at the end of the number unless `^` stands in front. Spaces and the
    /// usual punctuation are dropped, and a leading 1 where it can only be the country code (R2).
    ///
    /// # Errors
    /// The first character that makes no sense, a text without a digit or letter, and one that is too long.
    pub fn parse(text: &str, placement: Placement) -> Result<Self, PatternFault> {
        if let Some(at) = text.char_indices().position(|(_, character)| !is_dropped(character))
            && let Some(shape) = shape_text(text, at)
        {
            return parse_shape(shape, at, placement);
        }
        let mut reading = read(text)?;
        reading.at_start |= matches!(placement, Placement::Starts | Placement::Exact);
        reading.at_end |= matches!(placement, Placement::Ends | Placement::Exact);
        drop_leading_one(&mut reading);
        trim_runs(&mut reading);
        let (at_start, at_end) = (reading.at_start, reading.at_end);
        let cells = compile(&reading.tokens)?;
        if at_start && at_end && cells.stretches == 1 && cells.len() < MIN_POSITIONS {
            let message = "A whole number has more digits. Add ? for each that is open, or * for any run, such as 415555????.";
            return Err(fault(text.chars().count(), message));
        }
        Ok(Self { body: Body::Cells(cells), at_start, at_end })
    }
}

fn fault(position: usize, message: impl Into<String>) -> PatternFault {
    PatternFault { position, message: message.into() }
}

/// What people put between digits, and what a copied text brings along.
fn is_dropped(character: char) -> bool {
    matches!(character, '-' | '.' | '(' | ')' | '/' | ',' | '\'' | '"' | '!' | ':' | ';' | '&' | '_' | '+')
        || matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2018}'..='\u{201f}' | '\u{200b}')
        || character.is_whitespace()
}

fn read(text: &str) -> Result<Reading, PatternFault> {
    let mut reading = Reading::default();
    let mut plus = false;
    for (position, character) in text.chars().enumerate() {
        if is_dropped(character) {
            plus |= character == '+' && reading.tokens.is_empty();
            continue;
        }
        if reading.at_end {
            return Err(fault(position, "$ is the end of the number; nothing can stand behind it."));
        }
        let token = match character {
            '?' => Token::One,
            '*' => Token::Run,
            '$' => {
                reading.at_end = true;
                continue;
            }
            '^' if reading.tokens.is_empty() && !reading.at_start => {
                reading.at_start = true;
                continue;
            }
            '^' => return Err(fault(position, "^ is the start of the number; nothing can stand before it.")),
            '=' => return Err(fault(position, "= begins a repeat shape and stands alone, such as =AABB.")),
            _ if keypad::dialled(character).is_some() => Token::Literal(u8::try_from(character.to_ascii_uppercase()).unwrap_or(b'0')),
            _ => {
                let message = format!("\u{201c}{character}\u{201d} is on no key. Use digits, letters, ? for one digit and * for any run.");
                return Err(fault(position, message));
            }
        };
        reading.plus_one |= plus && reading.tokens.is_empty() && matches!(token, Token::Literal(b'1'));
        // Two runs side by side are one.
        if !(matches!(token, Token::Run) && matches!(reading.tokens.last(), Some((_, Token::Run)))) {
            reading.tokens.push((position, token));
        }
    }
    Ok(reading)
}

/// R2: no area code begins with 1, so a leading 1 is the country code after `+`, at the start, and in front of ten digits.
fn drop_leading_one(reading: &mut Reading) {
    let leads = matches!(reading.tokens.first(), Some((_, Token::Literal(b'1'))));
    let eleven = reading.tokens.len() == 11 && !reading.tokens.iter().any(|(_, token)| matches!(token, Token::Run));
    if leads && (reading.plus_one || reading.at_start || eleven) {
        reading.tokens.remove(0);
    }
}

/// A run at an end only says that the number may go on there.
fn trim_runs(reading: &mut Reading) {
    if let Some((_, Token::Run)) = reading.tokens.first() {
        reading.tokens.remove(0);
        reading.at_start = false;
    }
    if let Some((_, Token::Run)) = reading.tokens.last() {
        reading.tokens.pop();
        reading.at_end = false;
    }
}

fn compile(tokens: &[(usize, Token)]) -> Result<Cells, PatternFault> {
    if !tokens.iter().any(|(_, token)| matches!(token, Token::Literal(_))) {
        let position = tokens.first().map_or(0, |(position, _)| *position);
        return Err(fault(position, "Write at least one digit or letter, such as 2233 or CAFE."));
    }
    let mut cells = Cells { masks: [0; MAX_POSITIONS], typed: [0; MAX_POSITIONS], ends: [0; MAX_RUNS + 1], stretches: 1 };
    let mut len = 0;
    for (position, token) in tokens {
        let (mask, typed) = match token {
            Token::Run if cells.stretches > MAX_RUNS => return Err(fault(*position, "At most two * can stand in a pattern.")),
            Token::Run => {
                cells.stretches += 1;
                cells.ends[cells.stretches - 1] = len;
                continue;
            }
            Token::One => (ANY, b'?'),
            Token::Literal(typed) => (mask_of(*typed), *typed),
        };
        if len == MAX_POSITIONS {
            return Err(fault(*position, "A number has at most 15 digits; leave some out."));
        }
        cells.masks[len] = mask;
        cells.typed[len] = typed;
        len += 1;
        cells.ends[cells.stretches - 1] = len;
    }
    Ok(cells)
}

fn mask_of(typed: u8) -> u16 {
    let digit = keypad::dialled(char::from(typed)).and_then(|digit| digit.to_digit(10)).unwrap_or_default();
    1 << digit
}

/// The text behind the `=` of a shape; `=^AABB` and `^=AABB` are the same.
fn shape_text(text: &str, at: usize) -> Option<&str> {
    let start = text.char_indices().nth(at).map(|(index, _)| index)?;
    let rest = text.get(start..)?;
    (rest.starts_with('=') || rest.starts_with("^=")).then_some(rest)
}

fn parse_shape(text: &str, offset: usize, placement: Placement) -> Result<Pattern, PatternFault> {
    let (mut letters, mut len) = ([0; MAX_POSITIONS], 0);
    let (mut starts, mut ends, mut equals) =
        (matches!(placement, Placement::Starts | Placement::Exact), placement == Placement::Exact, false);
    for (index, character) in text.chars().enumerate() {
        let position = offset + index;
        match character.to_ascii_uppercase() {
            '=' if !equals => equals = true,
            '^' if len == 0 => starts = true,
            '$' if len > 0 && text.chars().skip(index + 1).all(is_dropped) => ends = true,
            letter @ 'A'..='D' if len < MAX_POSITIONS => {
                letters[len] = u8::try_from(letter).unwrap_or(b'A') - b'A';
                len += 1;
            }
            'A'..='D' => return Err(fault(position, "A number has at most 15 digits; leave some out.")),
            _ if is_dropped(character) => {}
            _ => return Err(fault(position, "A repeat shape has the letters A to D only, each for one digit, such as =AABB.")),
        }
    }
    if len < 2 {
        return Err(fault(offset + text.chars().count(), "A repeat shape has at least two letters, such as =AABB."));
    }
    if starts && ends && len < MIN_POSITIONS {
        return Err(fault(offset, "A whole number has more digits. Leave the $ or the ^ out."));
    }
    Ok(Pattern { body: Body::Shape(Shape { letters, len }), at_start: starts, at_end: ends || !starts })
}
