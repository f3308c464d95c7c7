//! Parameters and body fields: declared once, and both read and documented from that declaration.
//!
//! Every fault of a request is told at once, each with the field's name. Where the texts come from is in [`super::query`] and
//! [`super::body`].

use std::collections::BTreeMap;

use crate::domain::money::Micros;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::time::Timestamp;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of so many characters at the most.
    Text(usize),
    /// A reason of 10 to 500 characters for the audit log. Whether a shorter one is refused is up to the service.
    Reason,
    /// A telephone number with its country code.
    Phone,
    /// An amount as a decimal number with at most six places, zero or more.
    Money,
    /// True or false.
    Flag,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// An instant in RFC 3339.
    Time,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Several of these words; in a query separated by commas or repeated.
    Choices(&'static [&'static str]),
    /// Up to so many texts of so many characters each.
    Texts(usize, usize),
}

/// A parameter or a member of a body.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// It must be there.
    pub required: bool,
    /// It may be `null`, which clears what it names.
    pub nullable: bool,
    /// What it means, in one sentence.
    pub text: &'static str,
    /// How one looks, as JSON.
    pub example: &'static str,
}

impl Field {
    /// One that must be there.
    #[must_use]
    pub const fn required(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Self { name, kind, required: true, nullable: false, text, example: "" }
    }

    /// One that may be missing.
    #[must_use]
    pub const fn optional(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Self { required: false, ..Self::required(name, kind, text) }
    }

    /// The same, with `null` allowed.
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// The same, with an example in JSON. Only fields with one stand in the example of a body.
    #[must_use]
    pub const fn like(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

/// Characters of a reason at the most.
pub const LONGEST_REASON: usize = 500;
/// Characters of the shortest telephone number: a plus sign and eight digits.
pub const SHORTEST_PHONE: usize = 9;
/// The characters that `E164::parse` knows.
pub const PHONE_PATTERN: &str = r"^[0-9A-Za-z+%:().\/\s\u200b\u2010-\u2015\u2212-]+$";

/// The page size of lists.
pub const LIMIT: Field = Field::optional("limit", Kind::Integer(1, 100), "Rows of a page, 20 when it is not given.");
/// Where a page begins.
pub const CURSOR: Field = Field::optional("cursor", Kind::Text(512), "`pagination.nextCursor` of the page before.");

/// Whose rows a list shows.
pub const SUB_ACCOUNT: Field = Field::optional("subAccountId", Kind::Text(64), "Only rows of that sub-account; `none` for those of none.");

/// A value that fits its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Money(Micros),
    Flag(bool),
    Integer(i64),
    Time(Timestamp),
    Texts(Vec<String>),
    Null,
}

/// The values of a request, by their names. Each was checked against its field.
#[derive(Debug, Clone, Default)]
pub struct Values(pub(super) BTreeMap<&'static str, Value>);

impl Values {
    /// A text; none where it was not sent, or was `null`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// The text of a required field: empty only for a field that is not required.
    #[must_use]
    pub fn required(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// A text that may be set, cleared by `null`, or left alone.
    #[must_use]
    pub fn change(&self, name: &str) -> Option<Option<String>> {
        self.0.get(name).map(|_| self.text(name))
    }

    /// An amount.
    #[must_use]
    pub fn money(&self, name: &str) -> Option<Micros> {
        match self.0.get(name) {
            Some(Value::Money(amount)) => Some(*amount),
            _ => None,
        }
    }

    /// True or false.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A whole number.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Value::Integer(integer)) => Some(*integer),
            _ => None,
        }
    }

    /// An instant.
    #[must_use]
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        match self.0.get(name) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    }

    /// Several texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        match self.0.get(name) {
            Some(Value::Texts(texts)) => Some(texts.clone()),
            _ => None,
        }
    }

    /// Whether the field was sent, `null` included.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// `limit`, or 20.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.integer("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(20)
    }
}

/// Collects values and what is wrong with the rest.
#[derive(Debug)]
pub(super) struct Reader {
    fields: &'static [Field],
    values: Values,
    faults: Vec<FieldError>,
    /// What an unknown name is called: `parameter` or `field`.
    word: &'static str,
}

impl Reader {
    pub(super) fn new(fields: &'static [Field], word: &'static str) -> Self {
        Self { fields, values: Values::default(), faults: Vec::new(), word }
    }

    /// The field of that name; an unknown one is a fault.
    pub(super) fn field(&mut self, name: &str) -> Option<&'static Field> {
        let found = self.fields.iter().find(|field| field.name == name);
        if found.is_none() {
            self.fault(name, format!("There is no {} of that name here.", self.word));
        }
        found
    }

    pub(super) fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.push(FieldError::new(name, message));
    }

    /// Takes a value that was sent, or notes what is wrong with it.
    pub(super) fn put(&mut self, field: &'static Field, value: Result<Value, String>) {
        match value {
            Ok(_) if self.values.has(field.name) => self.fault(field.name, "Send it once."),
            Ok(value) => {
                self.values.0.insert(field.name, value);
            }
            Err(message) => self.fault(field.name, message),
        }
    }

    /// The values, once everything that must be there is there and nothing is wrong.
    pub(super) fn finish(mut self) -> Result<Values, Refusal> {
        for field in self.fields.iter().filter(|field| field.required) {
            let told = self.faults.iter().any(|fault| fault.field == field.name);
            if !told && !self.values.has(field.name) {
                self.faults.push(FieldError::new(field.name, "This is required."));
            }
        }
        if self.faults.is_empty() { Ok(self.values) } else { Err(Refusal::Validation { errors: self.faults }) }
    }
}

/// Reads a text as what its field holds.
pub(super) fn read_text(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Reason => read_text(Kind::Text(LONGEST_REASON), text),
        Kind::Text(longest) if text.chars().count() > longest => Err(format!("At most {longest} characters.")),
        Kind::Text(_) if text.chars().any(|character| character == '\0') => Err(String::from("No zero characters.")),
        Kind::Text(_) => Ok(Value::Text(text.to_owned())),
        Kind::Phone if text.is_empty() || text.chars().count() > 32 => Err(String::from("Write a number such as +14155550123.")),
        Kind::Phone => Ok(Value::Text(text.to_owned())),
        Kind::Time => match text.parse::<jiff::Timestamp>() {
            Ok(instant) => Ok(Value::Time(Timestamp::from_micros(instant.as_microsecond()))),
            Err(_) => Err(String::from("Write an instant such as 2026-11-22T12:00:00Z.")),
        },
        Kind::Choice(words) if words.contains(&text) => Ok(Value::Text(text.to_owned())),
        Kind::Choice(words) => Err(format!("One of {}.", words.join(", "))),
        Kind::Choices(_) | Kind::Texts(..) => read_texts(kind, &[text.to_owned()]),
        Kind::Money | Kind::Flag | Kind::Integer(..) => Err(String::from("This is no text.")),
    }
}

/// Reads several texts as what their field holds.
pub(super) fn read_texts(kind: Kind, texts: &[String]) -> Result<Value, String> {
    match kind {
        Kind::Choices(words) => match texts.iter().find(|text| !words.contains(&text.as_str())) {
            Some(text) => Err(format!("{text} is none of {}.", words.join(", "))),
            None => Ok(Value::Texts(texts.to_vec())),
        },
        Kind::Texts(most, _) if texts.len() > most => Err(format!("At most {most}.")),
        Kind::Texts(_, longest) if texts.iter().any(|text| text.chars().count() > longest) => {
            Err(format!("At most {longest} characters each."))
        }
        Kind::Texts(..) => Ok(Value::Texts(texts.to_vec())),
        _ => Err(String::from("This is no list.")),
    }
}

/// Reads the decimal digits of an amount as they were sent (R47).
pub(super) fn read_money(text: &str) -> Result<Value, String> {
    Micros::parse(text, 6).map(Value::Money).map_err(|fault| format!("Write a number such as 12.50: {fault}."))
}

/// Reads a whole number within bounds.
pub(super) fn read_integer(text: &str, least: i64, most: i64) -> Result<Value, String> {
    match text.parse::<i64>() {
        Ok(integer) if (least..=most).contains(&integer) => Ok(Value::Integer(integer)),
        _ => Err(format!("A whole number from {least} to {most}.")),
    }
}
