//! The stock for clients that page by number: a window of rows in an order of theirs, and the area codes and exchanges that are there.
//! Unlike a page these have an offset and no cursor, nothing that only comes close, and no digits that are marked.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use crate::domain::number::NumberType;
use crate::domain::search::Filter;

use super::found::FoundRow;
use super::plan::Plan;
use super::table::{Row, Table};
use super::{Claims, Stock};

/// What rows are ordered by; equal ones by their digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// The digits.
    #[default]
    Number,
    /// The monthly cost.
    Monthly,
    /// The country's code.
    Country,
    /// Others before toll-free.
    TollFree,
    /// The state or province.
    State,
    /// The rate center.
    RateCenter,
}

/// Which rows are asked for.
#[derive(Debug, Clone, Default)]
pub struct Window {
    pub filter: Filter,
    /// What the whole number begins with, country code included; empty for all.
    pub prefix: String,
    /// Only toll-free numbers, or only others.
    pub toll_free: Option<bool>,
    pub by: By,
    pub descending: bool,
    pub offset: usize,
    pub limit: usize,
}

/// A window of rows.
#[derive(Debug, Clone, Default)]
pub struct Windowed {
    pub rows: Vec<FoundRow>,
    /// More rows follow.
    pub more: bool,
}

/// Part of a NANP number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Three digits.
    AreaCode,
    /// The area code and the three digits behind it.
    Exchange,
}

/// The key of an order: a text, an amount, and the number.
type Key<'a> = (&'a str, u64, u64);

impl Stock {
    /// The rows of a window as they are now.
    #[must_use]
    pub fn window(&self, claims: &Claims, asked: &Window) -> Windowed {
        let table = self.table();
        let (hidden, _) = claims.mask(&table, false);
        let plan = Plan::new(&asked.filter, &table);
        let fits = |row: &Row| {
            asked.toll_free.is_none_or(|toll_free| toll_free == (row.number_type == NumberType::TollFree))
                && begins_with(row.number, &asked.prefix)
                && plan.is_match(row)
        };
        let visible = table.rows().iter().enumerate().filter(|(at, row)| !hidden.has(*at) && fits(row));
        let mut keys: Vec<(Key<'_>, usize)> = visible.map(|(at, row)| (key(&table, row, asked.by), at)).collect();
        let compare = |one: &(Key<'_>, usize), other: &(Key<'_>, usize)| in_order(one.0, other.0, asked.descending);
        let end = asked.offset.saturating_add(asked.limit);
        let more = keys.len() > end;
        if asked.offset >= keys.len() {
            return Windowed::default();
        }
        // Only what comes before the end of the window has to be sorted.
        if more {
            keys.select_nth_unstable_by(end, compare);
            keys.truncate(end);
        }
        keys.sort_unstable_by(compare);
        let rows = keys.into_iter().skip(asked.offset).filter_map(|(_, at)| table.rows().get(at));
        Windowed { rows: rows.map(|row| FoundRow::new(&table, row, claims, &asked.filter, None)).collect(), more }
    }

    /// The area codes or exchanges that a filter leaves, in ascending order.
    #[must_use]
    pub fn parts(&self, claims: &Claims, filter: &Filter, part: Part) -> Vec<String> {
        let table = self.table();
        let (hidden, _) = claims.mask(&table, false);
        let plan = Plan::new(filter, &table);
        let length = match part {
            Part::AreaCode => 3,
            Part::Exchange => 6,
        };
        let mut parts = BTreeSet::new();
        for (at, row) in table.rows().iter().enumerate() {
            let nanp = table.places.get(row.place).is_some_and(|place| !place.area_code.is_empty());
            let Some(digits) = row.national().get(..length).filter(|_| nanp) else { continue };
            if !parts.contains(digits) && !hidden.has(at) && plan.is_match(row) {
                parts.insert(digits);
            }
        }
        parts.into_iter().map(|digits| String::from_utf8_lossy(digits).into_owned()).collect()
    }
}

fn key<'a>(table: &'a Table, row: &Row, by: By) -> Key<'a> {
    let place = table.places.get(row.place);
    let text = match by {
        By::Country => place.map(|place| place.country.as_str()),
        By::State => place.map(|place| place.administrative_area.as_str()),
        By::RateCenter => place.map(|place| place.rate_center.as_str()),
        By::Number | By::Monthly | By::TollFree => None,
    };
    let amount = match by {
        By::Monthly => table.prices.get(row.price).map_or(0, |price| price.monthly.0.unsigned_abs()),
        By::TollFree => u64::from(row.number_type == NumberType::TollFree),
        By::Number => row.number,
        By::Country | By::State | By::RateCenter => 0,
    };
    (text.unwrap_or_default(), amount, row.number)
}

/// A descending order turns what was asked for around; equal rows stay in the order of their digits.
fn in_order(one: Key<'_>, other: Key<'_>, descending: bool) -> Ordering {
    let asked =
        if descending { Reverse((one.0, one.1)).cmp(&Reverse((other.0, other.1))) } else { (one.0, one.1).cmp(&(other.0, other.1)) };
    asked.then(one.2.cmp(&other.2))
}

/// Whether the digits of a number begin with those; what is no digit begins nothing.
fn begins_with(number: u64, prefix: &str) -> bool {
    prefix.is_empty() || number.to_string().starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_those_of_the_digits() {
        assert!(begins_with(12_065_550_107, "1206") && begins_with(12_065_550_107, ""));
        assert!(!begins_with(12_065_550_107, "206") && !begins_with(12_065_550_107, "1206x"));
    }

    #[test]
    fn a_descending_order_keeps_equal_rows_ascending() {
        let (cheap, dear, dear_too) = (("", 1, 3), ("", 2, 1), ("", 2, 2));
        assert_eq!(in_order(cheap, dear, false), Ordering::Less);
        assert_eq!(in_order(cheap, dear, true), Ordering::Greater);
        assert_eq!(in_order(dear, dear_too, true), Ordering::Less);
    }
}
