//! The stock for clients that page by number: a window of rows in an order of theirs, and the area codes and exchanges that are there.
//! Unlike a page these have an offset and no cursor, nothing that only comes close, and no digits that are marked.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;
use std::ops::Range;

use crate::domain::number::NumberType;
use crate::domain::search::Filter;

use super::catalog::Catalog;
use super::found::FoundRow;
use super::index::question::Question;
use super::index::shard::Shard;
use super::plan::Plan;
use super::row::Row;
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

/// Digits of a NANP number with its country code.
const NANP_DIGITS: usize = 11;
/// Rows that are gathered beside those that are wanted, before the surplus is let go.
const SURPLUS: usize = 4_096;

/// The key of an order: a text, an amount, and the number.
type Key<'a> = (&'a str, u64, u64);

impl Stock {
    /// The rows of a window as they are now.
    #[must_use]
    pub fn window(&self, claims: &Claims, asked: &Window) -> Windowed {
        let index = self.index();
        let plan = Plan::new(&asked.filter, &index.catalog);
        let compare = |one: &(Key<'_>, Row), other: &(Key<'_>, Row)| in_order(one.0, other.0, asked.descending);
        let wanted = asked.offset.saturating_add(asked.limit).saturating_add(1);
        let mut first: Vec<(Key<'_>, Row)> = Vec::new();
        for shard in index.shards.iter().filter(|shard| plan.is_about(shard)) {
            each_row(shard, claims, &plan, asked, wanted, |row| {
                first.push((key(&index.catalog, &row, asked.by), row));
                if first.len() > wanted.saturating_add(SURPLUS) {
                    first.select_nth_unstable_by(wanted, compare);
                    first.truncate(wanted);
                }
            });
        }
        first.sort_unstable_by(compare);
        let more = first.len() >= wanted;
        let rows = first.iter().skip(asked.offset).take(asked.limit);
        Windowed { rows: rows.map(|(_, row)| FoundRow::new(&index.catalog, row, claims, &asked.filter, None)).collect(), more }
    }

    /// The area codes or exchanges that a filter leaves, in ascending order.
    #[must_use]
    pub fn parts(&self, claims: &Claims, filter: &Filter, part: Part) -> Vec<String> {
        let index = self.index();
        let plan = Plan::new(filter, &index.catalog);
        let question = plan.question();
        // Numbers of the same part are alike but for so many digits at their end.
        let (length, alike): (usize, u64) = match part {
            Part::AreaCode => (3, 10_000_000),
            Part::Exchange => (6, 10_000),
        };
        let mut parts = BTreeSet::new();
        for shard in index.shards.iter().filter(|shard| shard.is_nanp && plan.is_about(shard)) {
            for segment in &shard.segments {
                let hits = claims.visible(segment, segment.hits(&question));
                segment.columns.each_part(&hits, alike, |part, _| {
                    parts.insert(part);
                });
            }
            let fresh = shard.fresh.values().filter(|row| !claims.hides(row.number) && plan.is_match(row));
            parts.extend(fresh.map(|row| row.number / alike));
        }
        parts.into_iter().map(|part| part.to_string().split_off(1)).filter(|part| part.len() == length).collect()
    }
}

/// Calls `take` with the rows of a shard that are in a window and may be shown, of each segment no more than can be wanted.
fn each_row(shard: &Shard, claims: &Claims, plan: &Plan<'_>, asked: &Window, wanted: usize, mut take: impl FnMut(Row)) {
    let digits = if shard.is_nanp { NANP_DIGITS } else { shard.length };
    let Some(span) = span(&asked.prefix, digits) else { return };
    let question = plan.question();
    let toll_free = Question { number_type: Some(NumberType::TollFree), ..question.clone() };
    // Rows of a segment stand in the order of their digits.
    let most = if asked.by == By::Number && !asked.descending { wanted } else { usize::MAX };
    for segment in &shard.segments {
        let hits = match asked.toll_free {
            Some(true) => segment.hits(&toll_free).and(&segment.hits(&question)),
            Some(false) => segment.hits(&question).and_not(&segment.hits(&toll_free)),
            None => segment.hits(&question),
        };
        let hits = claims.visible(segment, hits);
        let (from, to) = (segment.columns.first_from(span.start), segment.columns.first_from(span.end));
        hits.rows_in(from, to).take(most).for_each(|row| take(segment.columns.row(row)));
    }
    let kind = |row: &Row| asked.toll_free.is_none_or(|toll_free| toll_free == (row.number_type == NumberType::TollFree));
    let fresh = shard.fresh.range(span).map(|(_, row)| row);
    fresh.filter(|row| kind(row) && !claims.hides(row.number) && plan.is_match(row)).copied().for_each(take);
}

/// The numbers of so many digits that begin with `prefix`; what is no digit begins nothing.
fn span(prefix: &str, digits: usize) -> Option<Range<u64>> {
    if prefix.is_empty() {
        return Some(0..u64::MAX);
    }
    if !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let rest = u32::try_from(digits.checked_sub(prefix.len())?).ok()?;
    let alike = 10_u64.checked_pow(rest)?;
    let first = prefix.parse::<u64>().ok()?.checked_mul(alike)?;
    Some(first..first.checked_add(alike)?)
}

fn key<'a>(catalog: &'a Catalog, row: &Row, by: By) -> Key<'a> {
    let place = catalog.place(row.place);
    let text = match by {
        By::Country => place.map(|place| place.country.as_str()),
        By::State => place.map(|place| place.administrative_area.as_str()),
        By::RateCenter => place.map(|place| place.rate_center.as_str()),
        By::Number | By::Monthly | By::TollFree => None,
    };
    let amount = match by {
        By::Monthly => catalog.offers.get(row.offer).map_or(0, |offer| offer.monthly.0.unsigned_abs()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_those_of_the_digits() {
        let begins = |number: u64, prefix: &str| span(prefix, number.to_string().len()).is_some_and(|span| span.contains(&number));
        assert!(begins(12_065_550_107, "1206") && begins(12_065_550_107, "") && begins(12_065_550_107, "12065550107"));
        assert!(!begins(12_065_550_107, "206") && !begins(12_065_550_107, "1206x") && !begins(12_065_550_107, "120655501070"));
    }

    #[test]
    fn a_descending_order_keeps_equal_rows_ascending() {
        let (cheap, dear, dear_too) = (("", 1, 3), ("", 2, 1), ("", 2, 2));
        assert_eq!(in_order(cheap, dear, false), Ordering::Less);
        assert_eq!(in_order(cheap, dear, true), Ordering::Greater);
        assert_eq!(in_order(dear, dear_too, true), Ordering::Less);
    }
}
