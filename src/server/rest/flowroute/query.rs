//! Query parameters: unknown ones are ignored (R57), senseless ones refused by name. What is kept is written into the links again, in the
//! form that it was understood in.

use std::collections::BTreeMap;

use crate::domain::money::Micros;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::error::{Error, Result};
use crate::server::rest::query::pairs;

/// Rows of a page when nobody asks for another number.
const DEFAULT_LIMIT: usize = 10;
/// Digits of a number at the most.
const MOST_DIGITS: usize = 15;

/// Which rows of a list are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub limit: usize,
    pub offset: usize,
}

/// The parameters of a request, read one after the other.
#[derive(Debug)]
pub struct Asked {
    sent: BTreeMap<String, String>,
    understood: Vec<(&'static str, String)>,
    faults: Vec<FieldError>,
}

impl Asked {
    /// Takes the parameters apart; of one that was sent twice the first counts.
    pub fn new(query: &str) -> Self {
        let mut sent = BTreeMap::new();
        let mut faults = Vec::new();
        for (name, text) in pairs(query) {
            match (name, text) {
                (Some(name), Some(text)) => {
                    sent.entry(name).or_insert(text);
                }
                _ => faults.push(FieldError::new("query", "Parameters are UTF-8, encoded with per cent signs.")),
            }
        }
        Self { sent, understood: Vec::new(), faults }
    }

    /// A text without the spaces around it; none where it is empty.
    fn sent(&self, name: &str) -> Option<String> {
        self.sent.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A parameter as `read` understands it, which gives what it means and how it is written.
    fn read<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> std::result::Result<(T, String), &'static str>) -> Option<T> {
        let text = self.sent(name)?;
        match read(&text) {
            Ok((value, written)) => {
                self.understood.push((name, written));
                Some(value)
            }
            Err(message) => {
                self.faults.push(FieldError::new(name, message));
                None
            }
        }
    }

    /// A text as it is; empty where it was not sent.
    pub fn text(&mut self, name: &'static str) -> String {
        self.read(name, |text| Ok((text.to_owned(), text.to_owned()))).unwrap_or_default()
    }

    /// Digits; empty where they were not sent.
    pub fn digits(&mut self, name: &'static str) -> String {
        self.read(name, |text| match is_digits(text) {
            true => Ok((text.to_owned(), text.to_owned())),
            false => Err("Write digits, such as 206."),
        })
        .unwrap_or_default()
    }

    /// What a whole number begins with, country code included; empty where it was not sent. Without a plus sign the country is 1, whether
    /// or not it is written.
    pub fn start(&mut self, name: &'static str) -> String {
        self.read(name, |text| {
            let digits = match text.strip_prefix('+') {
                Some(digits) => digits.to_owned(),
                None if text.starts_with('1') => text.to_owned(),
                None => format!("1{text}"),
            };
            if !is_digits(&digits) {
                return Err("Write digits, such as 206, or +44 for another country.");
            }
            let written = if digits.starts_with('1') { digits.clone() } else { format!("+{digits}") };
            Ok((digits, written))
        })
        .unwrap_or_default()
    }

    /// One of these words, each with its usual form.
    pub fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, &str, T)], message: &'static str) -> Option<T> {
        self.read(name, |text| {
            let found = words.iter().find(|(word, ..)| word.eq_ignore_ascii_case(text));
            found.map(|(_, usual, value)| (*value, (*usual).to_owned())).ok_or(message)
        })
    }

    /// A field to order by, and a direction behind a comma. True is descending.
    pub fn order<T: Copy>(&mut self, name: &'static str, fields: &[(&str, T)]) -> Option<(T, bool)> {
        self.read(name, |text| {
            let (field, direction) = text.split_once(',').unwrap_or((text, "asc"));
            let by = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(field.trim()));
            let descending = match direction.trim() {
                "asc" => Some(false),
                "desc" => Some(true),
                _ => None,
            };
            match by.zip(descending) {
                Some(((field, by), descending)) => Ok(((*by, descending), format!("{field},{}", if descending { "desc" } else { "asc" }))),
                None => Err("Write a field and a direction, such as monthly_cost,asc."),
            }
        })
    }

    /// An amount, as a decimal text; empty where it was not sent.
    pub fn amount(&mut self, name: &'static str) -> String {
        self.read(name, |text| match Micros::parse(text, 6) {
            Ok(_) => Ok((text.to_owned(), text.to_owned())),
            Err(_) => Err("Write an amount, such as 1.25."),
        })
        .unwrap_or_default()
    }

    /// The rows that are asked for, and the parameters for the links.
    ///
    /// # Errors
    /// `validation` with every fault, also of what was read before.
    pub fn window(mut self, most: usize) -> Result<(Window, Vec<(&'static str, String)>)> {
        let (limit, offset) = (self.sent.get("limit").cloned(), self.sent.get("offset").cloned());
        let mut number = |name: &str, sent: Option<String>, default: usize, least: usize, most: usize| match sent {
            None => default,
            Some(text) => match text.trim().parse::<usize>() {
                Ok(number) if (least..=most).contains(&number) => number,
                _ => {
                    let range = if most == usize::MAX { format!("{least} up") } else { format!("{least} to {most}") };
                    self.faults.push(FieldError::new(name, format!("Write a whole number from {range}.")));
                    default
                }
            },
        };
        let window = Window { limit: number("limit", limit, DEFAULT_LIMIT, 1, most), offset: number("offset", offset, 0, 0, usize::MAX) };
        if self.faults.is_empty() { Ok((window, self.understood)) } else { Err(Refusal::Validation { errors: self.faults }.into()) }
    }
}

fn is_digits(text: &str) -> bool {
    (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A refusal whose fields are called as the dialect calls them.
pub fn renamed(error: Error, names: &[(&str, &str)]) -> Error {
    match error {
        Error::Refused(Refusal::Validation { errors }) => {
            let name = |field: String| names.iter().find(|(own, _)| *own == field).map_or(field, |(_, name)| (*name).to_owned());
            let errors = errors.into_iter().map(|error| FieldError { field: name(error.field), message: error.message });
            Error::Refused(Refusal::Validation { errors: errors.collect() })
        }
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(asked: Asked) -> Vec<String> {
        match asked.window(200) {
            Err(Error::Refused(Refusal::Validation { errors })) => errors.into_iter().map(|error| error.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_start_has_its_country_code() {
        for (sent, digits, written) in
            [("206", "1206", "1206"), ("1206", "1206", "1206"), ("%2B1206", "1206", "1206"), ("%2B44", "44", "+44"), ("+44", "44", "+44")]
        {
            let mut asked = Asked::new(&format!("starts_with={sent}"));
            assert_eq!(asked.start("starts_with"), digits, "{sent}");
            let (window, understood) = asked.window(200).expect("fits");
            assert_eq!(window, Window { limit: 10, offset: 0 });
            assert_eq!(understood, [("starts_with", written.to_owned())], "{sent}");
        }
    }

    #[test]
    fn limits_and_offsets_are_numbers_in_range() {
        for bad in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1.5"] {
            assert_eq!(faults(Asked::new(bad)), ["limit"], "{bad}");
        }
        for bad in ["offset=-1", "offset=x", "offset=", "offset=99999999999999999999999"] {
            assert_eq!(faults(Asked::new(bad)), ["offset"], "{bad}");
        }
        assert_eq!(faults(Asked::new("limit=%FF")), ["query"]);
        assert_eq!(Asked::new("limit=200&offset=7&limit=3&page=2").window(200).expect("fits").0, Window { limit: 200, offset: 7 });
    }

    #[test]
    fn orders_are_a_field_and_a_direction() {
        let order = |text: &str| {
            let mut asked = Asked::new(&format!("order_by={text}"));
            (asked.order("order_by", &[("tn", 1), ("state", 2)]), asked.window(10).map(|(_, understood)| understood).ok())
        };
        assert_eq!(order("tn"), (Some((1, false)), Some(vec![("order_by", String::from("tn,asc"))])));
        assert_eq!(order("state,desc").0, Some((2, true)));
        for bad in ["city", "tn,up", "tn,asc,x"] {
            assert_eq!(order(bad), (None, None), "{bad}");
        }
    }
}
