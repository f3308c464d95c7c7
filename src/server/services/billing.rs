//! What the ledger tells an organization: its transfers, what its numbers cost, statements of months, and what is to come. Paying in and
//! the wallet itself are `wallet`.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::caller::Caller;
use super::cursor;
use super::moving::parent_only;
use crate::domain::code::Code;
use crate::domain::forecast::{self, Forecast};
use crate::domain::money::Micros;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::transfers::Transfer;
use crate::server::store::transfers::TransferFilter;

/// Rows of one page at the most.
const MAX_PAGE: usize = 100;
/// Months of one page of statements.
const MONTHS: usize = 24;
/// Lines of one statement at the most.
const MOST_LINES: usize = 100_000;
/// Rentals that a forecast looks at.
const MOST_RENTALS: i64 = 100_000;
/// How far a forecast looks for the day on which the wallet runs out.
const SEARCHED_DAYS: i64 = 730;

/// Which transfers to list, and where the page begins.
#[derive(Debug, Clone, Default)]
pub struct TransferQuery {
    pub kind: Option<String>,
    /// Only setup and rental of numbers.
    pub charges_only: bool,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    pub cursor: Option<String>,
    pub limit: usize,
}

/// A page of transfers, newest first.
#[derive(Debug, Clone)]
pub struct Transfers {
    pub rows: Vec<Transfer>,
    pub total: u64,
    pub next_cursor: Option<String>,
}

/// Transfers of the organization; of a sub-account those of its own numbers (R10).
///
/// # Errors
/// `validation` for a span that ends before it begins, or a cursor that this list did not give.
pub async fn transfers(state: &AppState, caller: &Caller, query: &TransferQuery) -> Result<Transfers> {
    if query.from.zip(query.to).is_some_and(|(from, to)| to < from) {
        return Err(Refusal::field("to", "The end must not be before the beginning.").into());
    }
    let before = cursor::decode::<1>(query.cursor.as_deref())?.map(|[sequence]| sequence.parse());
    let before = before.transpose().map_err(|_| Refusal::field("cursor", "Start again from the first page."))?;
    let filter = TransferFilter {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone(),
        kind: query.kind.clone(),
        charges_only: query.charges_only,
        from: query.from,
        to: query.to,
        ..TransferFilter::default()
    };
    let limit = query.limit.clamp(1, MAX_PAGE);
    let mut connection = state.db.read().await?;
    let mut rows = store::transfers::list(&mut connection, &filter, before, 0, bound(limit) + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let total = u64::try_from(store::transfers::count(&mut connection, &filter).await?).unwrap_or_default();
    let next_cursor = rows.last().filter(|_| more).map(|row| cursor::encode(&[&row.sequence.to_string()]));
    Ok(Transfers { rows, total, next_cursor })
}

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1)
}

/// What the rentals that go on will take from the wallet.
#[derive(Debug, Clone)]
pub struct Outlook {
    pub as_of: Timestamp,
    pub available: Micros,
    pub renewing_numbers: usize,
    /// What they cost together each month.
    pub monthly: Micros,
    pub forecast: Forecast,
}

/// Projects every renewal of the next `days` days, and when the wallet runs out. Nothing else is guessed at: no purchase, no top-up.
///
/// # Errors
/// Faults of the store.
pub async fn outlook(state: &AppState, caller: &Caller, days: i64) -> Result<Outlook> {
    let now = state.now();
    let mut connection = state.db.read().await?;
    let available = store::ledger::balances(&mut connection, &caller.organization_id).await?.available();
    let rentals = store::transfers::rentals(&mut connection, &caller.organization_id, MOST_RENTALS).await?;
    let forecast = forecast::project(now, available, &rentals, now.plus_days(days), now.plus_days(SEARCHED_DAYS.max(days)));
    let monthly = rentals.iter().fold(Micros::ZERO, |sum, rental| Micros(sum.0.saturating_add(rental.monthly.0)));
    Ok(Outlook { as_of: now, available, renewing_numbers: rentals.len(), monthly, forecast })
}

/// What a kind of transfer came to in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindSum {
    pub kind: String,
    pub count: u64,
    pub amount: Micros,
}

/// A month of the wallet, in UTC.
#[derive(Debug, Clone)]
pub struct Statement {
    /// `2026-11`
    pub month: String,
    pub from: Timestamp,
    /// The beginning of the next month.
    pub to: Timestamp,
    /// False while the month runs.
    pub closed: bool,
    pub opening: Micros,
    pub closing: Micros,
    pub sums: Vec<KindSum>,
    /// In the order in which they happened.
    pub lines: Vec<Transfer>,
    /// Lines that did not fit in; a list of transfers has them.
    pub left_out: u64,
}

/// A month in the list of statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `2026-11`, in UTC.
    pub month: String,
    /// False while the month runs.
    pub closed: bool,
    pub opening: Micros,
    /// What came into the wallet.
    pub credited: Micros,
    /// What left it.
    pub debited: Micros,
    pub closing: Micros,
    pub lines: u64,
}

/// Months of a wallet, the latest first.
#[derive(Debug, Clone)]
pub struct Months {
    pub rows: Vec<Month>,
    pub next_cursor: Option<String>,
}

/// The months that have a statement: from the first transfer to now, those without a line too.
///
/// # Errors
/// `validation` for a cursor that this list did not give, `role_too_low` for people of a sub-account.
pub async fn months(state: &AppState, caller: &Caller, cursor: Option<&str>) -> Result<Months> {
    parent_only(caller)?;
    let (now, organization_id) = (state.now(), caller.organization_id.as_str());
    let before = cursor::decode_number(cursor)?.map(Timestamp::from_micros);
    let mut connection = state.db.read().await?;
    let Some(first) = store::statements::first_at(&mut connection, organization_id).await? else {
        return Ok(Months { rows: Vec::new(), next_cursor: None });
    };
    // The month that runs ends in the future; what an older page begins with is where the page before it ended.
    let mut until = match before {
        Some(before) => before,
        None => month_of(now).and_then(|month| month_bounds(&month)).ok_or(Code::Validation)?.1,
    };
    let mut closing = store::transfers::balance_before(&mut connection, organization_id, until).await?;
    let mut rows = Vec::with_capacity(MONTHS);
    while until > first && rows.len() < MONTHS {
        let month = month_before(until).ok_or(Code::Validation)?;
        let (from, to) = month_bounds(&month).filter(|(_, to)| *to == until).ok_or(Code::Validation)?;
        let moved = store::statements::moved(&mut connection, organization_id, from, to).await?;
        let opening = Micros(closing.0.saturating_sub(moved.credited.0).saturating_add(moved.debited.0));
        let lines = u64::try_from(moved.lines).unwrap_or_default();
        rows.push(Month { month, closed: to <= now, opening, credited: moved.credited, debited: moved.debited, closing, lines });
        (until, closing) = (from, opening);
    }
    Ok(Months { next_cursor: (until > first).then(|| cursor::encode(&[&until.micros().to_string()])), rows })
}

/// Every transfer of one kind, or all, the newest first: what the ledger's filter shows, without pages.
///
/// # Errors
/// `role_too_low` for people of a sub-account.
pub async fn all_lines(state: &AppState, caller: &Caller, kind: Option<&str>) -> Result<Vec<Transfer>> {
    parent_only(caller)?;
    let filter =
        TransferFilter { organization_id: caller.organization_id.clone(), kind: kind.map(str::to_owned), ..TransferFilter::default() };
    let mut connection = state.db.read().await?;
    Ok(store::transfers::list(&mut connection, &filter, None, 0, bound(MOST_LINES)).await?)
}

/// The statement of a month such as `2026-11`.
///
/// # Errors
/// `not_found` for what is no month, or one that has not begun; `role_too_low` for people of a sub-account.
pub async fn statement(state: &AppState, caller: &Caller, month: &str) -> Result<Statement> {
    parent_only(caller)?;
    let now = state.now();
    let (from, to) = month_bounds(month).filter(|(from, _)| *from <= now).ok_or(Code::NotFound)?;
    let filter =
        TransferFilter { organization_id: caller.organization_id.clone(), from: Some(from), to: Some(to), ..TransferFilter::default() };
    let mut connection = state.db.read().await?;
    let opening = store::transfers::balance_before(&mut connection, &caller.organization_id, from).await?;
    let closing = store::transfers::balance_before(&mut connection, &caller.organization_id, to).await?;
    let sums = store::transfers::sums(&mut connection, &filter).await?;
    let mut lines = store::transfers::list(&mut connection, &filter, None, 0, bound(MOST_LINES)).await?;
    lines.reverse();
    let sums: Vec<KindSum> =
        sums.into_iter().map(|(kind, count, amount)| KindSum { kind, count: u64::try_from(count).unwrap_or_default(), amount }).collect();
    let all: u64 = sums.iter().map(|sum| sum.count).sum();
    let left_out = all.saturating_sub(u64::try_from(lines.len()).unwrap_or_default());
    Ok(Statement { month: month.to_owned(), from, to, closed: to <= now, opening, closing, sums, lines, left_out })
}

/// The beginning of a month and of the one after it, in UTC.
pub(super) fn month_bounds(month: &str) -> Option<(Timestamp, Timestamp)> {
    let (year, number) = month.split_once('-').filter(|(year, number)| year.len() == 4 && number.len() == 2)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year) || !digits(number) {
        return None;
    }
    let first = Date::new(year.parse().ok()?, number.parse().ok()?, 1).ok()?;
    let next = first.last_of_month().tomorrow().ok()?;
    let start = |date: Date| Some(Timestamp::from_micros(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond()));
    Some((start(first)?, start(next)?))
}

/// The month that ends at `end`, such as `2026-11`.
pub(super) fn month_before(end: Timestamp) -> Option<String> {
    month_of(Timestamp::from_micros(end.micros().checked_sub(1)?))
}

/// The month of an instant, in UTC.
pub(super) fn month_of(at: Timestamp) -> Option<String> {
    let at = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
    Some(at.to_zoned(TimeZone::UTC).strftime("%Y-%m").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_civil_and_in_utc() {
        let bounds = |month: &str| month_bounds(month).map(|(from, to)| (from.rfc3339(), to.rfc3339()));
        let pair = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(bounds("2024-02"), pair("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"));
        assert_eq!(bounds("2026-12"), pair("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"));
        for text in ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "+026-11", "2026-1x", "9999-12"] {
            assert_eq!(bounds(text), None, "{text}");
        }
    }
}
