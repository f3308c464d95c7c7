//! An owned number as programs see it: the row, the names around it, its tags and its clocks; and lists of them.

use super::drift::idle_before;
use super::{containing, exactly, own};
use crate::domain::code::Code;
use crate::domain::keypad;
use crate::domain::number::{BillingState, Warning};
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::time::Timestamp;
use crate::server::config::Settings;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::{cool_offs, cursor};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::{DigitFilter, ListedNumber, RecordFilter};

/// A number with everything that the API tells of it.
#[derive(Debug, Clone)]
pub struct Record {
    pub listed: ListedNumber,
    /// In alphabetical order.
    pub tags: Vec<String>,
    /// While one runs.
    pub cool_off_until: Option<Timestamp>,
    pub warnings: Vec<Warning>,
}

/// What is asked for, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct RecordQuery {
    /// `available`, `assigned` or `released`, or `live` for what is not released.
    pub status: Option<String>,
    pub billing_state: Option<BillingState>,
    pub cooling_off: Option<bool>,
    pub agent_id: Option<String>,
    /// `none` for the pool.
    pub sub_account_id: Option<String>,
    /// Part of the label, without regard to case.
    pub label: Option<String>,
    /// The whole label, without regard to case.
    pub label_is: Option<String>,
    /// What the whole E.164 begins with, country code included: digits.
    pub e164_start: Option<String>,
    /// Digits somewhere in the whole E.164, country code included.
    pub e164_part: Option<String>,
    pub contains: Option<String>,
    pub starts_with: Option<String>,
    pub ends_with: Option<String>,
    pub area_code: Option<String>,
    /// One of `domain::number::Drift::NAMES`.
    pub drift: Option<String>,
    /// A whole tag.
    pub tag: Option<String>,
    pub cursor: Option<String>,
    /// Rows to leave out, for clients that page by number.
    pub offset: usize,
    pub limit: usize,
}

/// One page of numbers.
#[derive(Debug, Clone)]
pub struct Records {
    pub rows: Vec<Record>,
    pub total: i64,
    pub next_cursor: Option<String>,
}

impl Record {
    fn new(listed: ListedNumber, tags: Vec<String>, settings: &Settings, now: Timestamp) -> Self {
        let number = &listed.number;
        let clock = match number.sub_account_id {
            Some(_) if !number.is_released() => cool_offs::clock(number.last_call_at, settings.cool_off_days, now),
            _ => None,
        };
        let warnings = [
            (listed.agent.as_ref().is_some_and(|agent| agent.version.is_none()), Warning::NoPublishedVersion),
            (number.billing_state == BillingState::Suspended, Warning::Suspended),
            (!number.verified, Warning::Unverified),
        ];
        let warnings = warnings.into_iter().filter_map(|(applies, warning)| applies.then_some(warning)).collect();
        Self { cool_off_until: clock.map(|clock| clock.until), warnings, tags, listed }
    }
}

/// One number of the caller by its id or its E.164.
///
/// # Errors
/// `not_found`, and `number_gone` once it has left.
pub async fn record(state: &AppState, caller: &Caller, key: &str) -> Result<Record> {
    let mut connection = state.db.read().await?;
    let number = own(&mut connection, caller, key).await?;
    if number.is_gone() {
        return Err(Code::NumberGone.into());
    }
    let listed = store::numbers::listed(&mut connection, &number.id).await?.ok_or(Code::NotFound)?;
    let tags = store::numbers::tags(&mut connection, &number.id).await?;
    Ok(Record::new(listed, tags, &state.settings, state.now()))
}

/// The caller's numbers in the order of their digits.
///
/// # Errors
/// `validation` for digits that are none, and a cursor of another list.
pub async fn records(state: &AppState, caller: &Caller, query: &RecordQuery) -> Result<Records> {
    let now = state.now();
    let after = cursor::decode::<1>(query.cursor.as_deref())?.map(|[e164]| e164);
    let filter = filter(caller, query, cool_offs::running_after(now, state.settings.cool_off_days), idle_before(now))?;
    let limit = query.limit.max(1);
    let mut connection = state.db.read().await?;
    let total = store::numbers::count_records(&mut connection, &filter).await?;
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let fetched = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = store::numbers::records(&mut connection, &filter, after.as_deref(), offset, fetched).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let ends = rows.first().zip(rows.last()).map(|(first, last)| (first.number.e164.clone(), last.number.e164.clone()));
    let mut tags = match &ends {
        Some((first, last)) => store::numbers::tags_between(&mut connection, &caller.organization_id, first, last).await?,
        None => std::collections::BTreeMap::new(),
    };
    let next_cursor = ends.filter(|_| more).map(|(_, last)| cursor::encode(&[&last]));
    let rows = rows.into_iter().map(|listed| {
        let tags = tags.remove(&listed.number.id).unwrap_or_default();
        Record::new(listed, tags, &state.settings, now)
    });
    Ok(Records { rows: rows.collect(), total, next_cursor })
}

fn filter(caller: &Caller, query: &RecordQuery, called_after: Timestamp, idle_before: Timestamp) -> Result<RecordFilter> {
    let mut faults = Vec::new();
    let mut digits = |field: &str, text: &Option<String>, nanp: fn(&str) -> String, other: fn(&str) -> String| {
        let text = text.as_deref()?;
        match dialled(text, field != "contains" && field != "endsWith") {
            Some(digits) => Some(DigitFilter { nanp: nanp(&digits), other: other(&digits) }),
            None => {
                faults.push(FieldError::new(field, "Write digits or letters, such as 415 or CAFE."));
                None
            }
        }
    };
    let filter = RecordFilter {
        organization_id: caller.organization_id.clone(),
        only_sub_account_id: caller.sub_account_id.clone(),
        status: query.status.clone(),
        billing_state: query.billing_state,
        cooling_off: query.cooling_off,
        called_after,
        agent_id: query.agent_id.clone(),
        sub_account_id: query.sub_account_id.clone(),
        label: query.label.as_deref().map(containing).or_else(|| query.label_is.as_deref().map(exactly)),
        contains: digits("contains", &query.contains, |digits| format!("+1%{digits}%"), |digits| format!("+%{digits}%"))
            .or_else(|| query.e164_part.as_deref().map(in_e164)),
        starts_with: digits("startsWith", &query.starts_with, |digits| format!("+1{digits}%"), |digits| format!("+{digits}%"))
            .or_else(|| query.e164_start.as_deref().map(|digits| both(format!("+{}%", literal(digits))))),
        ends_with: digits("endsWith", &query.ends_with, |digits| format!("+1%{digits}"), |digits| format!("+%{digits}")),
        // Only numbers of the North American plan have area codes: nothing else fits.
        area_code: digits("areaCode", &query.area_code, |digits| format!("+1{digits}_______"), |_| String::new()),
        drift: query.drift.clone(),
        idle_before,
        tag: query.tag.clone(),
    };
    if faults.is_empty() { Ok(filter) } else { Err(Refusal::Validation { errors: faults }.into()) }
}

/// The digits that a text dials; punctuation goes, and so does a leading 1 where no number begins with it (R2).
fn dialled(text: &str, anchored: bool) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    for character in text.chars() {
        match (character, keypad::dialled(character)) {
            (_, Some(digit)) => digits.push(digit),
            ('+' | ' ' | '-' | '.' | '(' | ')', _) => {}
            _ => return None,
        }
    }
    let digits = if anchored { digits.strip_prefix('1').unwrap_or(&digits).to_owned() } else { digits };
    (1..=15).contains(&digits.len()).then_some(digits)
}

/// Patterns for digits anywhere in an E.164; what is no digit is never found.
fn in_e164(digits: &str) -> DigitFilter {
    both(format!("%{}%", literal(digits)))
}

/// The digits of a pattern without anything that stands for others.
fn literal(digits: &str) -> String {
    digits.replace(['%', '_'], "-")
}

fn both(pattern: String) -> DigitFilter {
    DigitFilter { nanp: pattern.clone(), other: pattern }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_one_goes_only_where_it_cannot_be_meant() {
        assert_eq!(dialled("1 (415)", true).as_deref(), Some("415"));
        assert_eq!(dialled("1415", false).as_deref(), Some("1415"));
        assert_eq!(dialled("CAFE", false).as_deref(), Some("2233"));
        for bad in ["", "1", "4*5", "é", "12345678901234567"] {
            assert_eq!(dialled(bad, true), None, "{bad}");
        }
    }
}
