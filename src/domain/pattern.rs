//! What somebody looks for in a number: digits, a word, a pattern with wildcards, or a repeat shape (R2, R25).
//!
//! A pattern is compiled once and matched against hundreds of thousands of numbers, so matching allocates nothing. Reading the
//! text lives in [`parse`]; which numbers there are does not live here.

mod matching;
mod parse;
pub mod walk;

#[cfg(test)]
mod tests;

/// The most digits that a number, and so a pattern, can have.
pub const MAX_POSITIONS: usize = 15;
/// The most `*` in one pattern.
pub const MAX_RUNS: usize = 2;
/// Any digit.
const ANY: u16 = 0x3FF;

/// Where the text is looked for, unless it has anchors of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Somewhere in the number.
    #[default]
    Anywhere,
    /// From its first national digit on.
    Starts,
    /// Up to its last digit.
    Ends,
    /// The text is the whole number.
    Exact,
}

/// A run of national digits: where it begins and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Index of the first digit.
    pub start: usize,
    /// Number of digits.
    pub len: usize,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternFault {
    /// Which character is wrong, counted from 0 in the text as it was typed.
    pub position: usize,
    /// What is wrong and what would be right, for people.
    pub message: String,
}

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    body: Body,
    /// A match begins at the first national digit.
    at_start: bool,
    /// A match ends at the last digit.
    at_end: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    Cells(Cells),
    Shape(Shape),
}

/// Digits, letters and single wildcards, cut into stretches wherever a `*` stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cells {
    /// One bit for each digit that fits the position.
    masks: [u16; MAX_POSITIONS],
    /// What was typed at each position: a digit, a letter in upper case, or `?`.
    typed: [u8; MAX_POSITIONS],
    /// Index behind the last position of each stretch.
    ends: [usize; MAX_RUNS + 1],
    stretches: usize,
}

/// A repeat shape: equal letters are equal digits, different letters different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    /// 0 to 3 for A to D.
    letters: [u8; MAX_POSITIONS],
    len: usize,
}

impl Cells {
    const fn len(&self) -> usize {
        self.ends[self.stretches - 1]
    }

    /// What was typed, without `*`.
    fn typed(&self) -> &[u8] {
        self.typed.get(..self.len()).unwrap_or_default()
    }

    /// First and behind-last position of a stretch.
    const fn stretch(&self, index: usize) -> (usize, usize) {
        (if index == 0 { 0 } else { self.ends[index - 1] }, self.ends[index])
    }

    /// The typed characters with `*` between the stretches, each turned by `turn`.
    fn text(&self, turn: impl Fn(u8) -> char) -> String {
        let stretch = |index| {
            let (from, to) = self.stretch(index);
            self.typed.get(from..to).unwrap_or_default().iter().map(|typed| turn(*typed)).collect::<String>()
        };
        (0..self.stretches).map(stretch).collect::<Vec<_>>().join("*")
    }
}

impl Pattern {
    /// What stands under the matched digits: the letters that were typed, and a space where a digit or a wildcard was. None for a
    /// pattern with a `*` inside, whose matches differ in length.
    #[must_use]
    pub fn letters(&self) -> Option<String> {
        match &self.body {
            Body::Cells(cells) if cells.stretches == 1 => {
                Some(cells.typed().iter().map(|typed| if typed.is_ascii_alphabetic() { char::from(*typed) } else { ' ' }).collect())
            }
            Body::Cells(_) => None,
            Body::Shape(shape) => Some(" ".repeat(shape.len)),
        }
    }

    /// What it dials: letters as their keys, wildcards as they were typed, a shape as its letters. Anchors are left out.
    #[must_use]
    pub fn translation(&self) -> String {
        match &self.body {
            Body::Cells(cells) => cells.text(|typed| super::keypad::dialled(char::from(typed)).unwrap_or('?')),
            Body::Shape(shape) => shape.text(),
        }
    }

    /// What was typed, in upper case and without punctuation, anchors and what was dropped.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.body {
            Body::Cells(cells) => cells.text(char::from),
            Body::Shape(shape) => shape.text(),
        }
    }

    /// Letters and nothing else.
    #[must_use]
    pub fn is_word(&self) -> bool {
        matches!(&self.body, Body::Cells(cells) if cells.stretches == 1 && cells.typed().iter().all(u8::is_ascii_alphabetic))
    }

    /// What kind of wish it is: `Word`, `Digits`, `Pattern` or `Shape`.
    #[must_use]
    pub fn kind_label(&self) -> &'static str {
        match &self.body {
            Body::Shape(_) => "Shape",
            Body::Cells(_) if self.is_word() => "Word",
            Body::Cells(cells) if cells.stretches == 1 && cells.typed().iter().all(u8::is_ascii_digit) => "Digits",
            Body::Cells(_) => "Pattern",
        }
    }

    /// Where it must stand: `anywhere`, `at the start`, `at the end` or `as the whole number`.
    #[must_use]
    pub const fn place(&self) -> &'static str {
        match (self.at_start, self.at_end) {
            (false, false) => "anywhere",
            (true, false) => "at the start",
            (false, true) => "at the end",
            (true, true) => "as the whole number",
        }
    }

    /// The wish in words, such as `MAPLE at the end`.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{} {}", self.text(), self.place())
    }

    /// The same word without its last letter, for numbers that come close; none when fewer than three letters would be left.
    #[must_use]
    pub fn shortened(&self) -> Option<Self> {
        let Body::Cells(cells) = &self.body else { return None };
        if !self.is_word() || cells.len() <= 3 {
            return None;
        }
        let mut cells = cells.clone();
        cells.ends[0] -= 1;
        Some(Self { body: Body::Cells(cells), ..self.clone() })
    }

    /// The same word with its first letter at the digit `start`; none for what is no word, and where it cannot begin there.
    #[must_use]
    pub fn pinned(&self, start: usize) -> Option<Self> {
        let Body::Cells(cells) = &self.body else { return None };
        let len = cells.len();
        if !self.is_word() || start + len > MAX_POSITIONS || (self.at_start && start > 0) {
            return None;
        }
        let mut pinned = Cells { masks: [ANY; MAX_POSITIONS], typed: [b'?'; MAX_POSITIONS], ends: [0; MAX_RUNS + 1], stretches: 1 };
        pinned.masks.get_mut(start..start + len)?.copy_from_slice(cells.masks.get(..len)?);
        pinned.typed.get_mut(start..start + len)?.copy_from_slice(cells.typed());
        pinned.ends[0] = start + len;
        Some(Self { body: Body::Cells(pinned), at_start: true, at_end: self.at_end })
    }

    /// Positions that a match takes up; none for a pattern with a `*` inside, whose matches differ in length.
    #[must_use]
    pub fn fixed_len(&self) -> Option<usize> {
        match &self.body {
            Body::Cells(cells) => (cells.stretches == 1).then(|| cells.len()),
            Body::Shape(shape) => Some(shape.len),
        }
    }
}

impl Shape {
    fn text(&self) -> String {
        self.letters.iter().take(self.len).map(|letter| char::from(b'A' + letter)).collect()
    }
}
