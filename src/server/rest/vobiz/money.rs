//! The balance of an account and its transactions.

use axum::http::StatusCode;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::asked::{Asked, LAST, Paging};
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::rest::envelope::{Instant, Money, Rendered};
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::ledger::{self, Direction, KindTotals, LineQuery, Transfer};

/// Rows of a page when nobody asks for another number, and when somebody asks for too many.
const PER_PAGE: usize = 50;
/// Rows of a page at the most.
const MOST_ROWS: usize = 1_000;
/// What no kind of transfer is called: nothing is found.
const NOTHING: &str = "none";
/// Our kinds of transfers and what Vobiz calls them; the last three have no name there.
const REFERENCE_TYPES: [(&str, &str); 8] = [
    ("setup_fee", "did_purchase"),
    ("rental", "did_rental"),
    ("topup", "payment"),
    ("refund", "refund"),
    ("adjustment", "manual_adjustment"),
    ("promo", "promotional_credit"),
    ("dispute", "payment_dispute"),
    ("dispute_reversal", "payment_dispute_reversal"),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/Account/{auth_id}/balance/{currency}", "getBalance", balance).scope(Scope::BillingRead).holders(Holders::Organization),
        Route::get("/Account/{auth_id}/transactions", "listTransactions", transactions).scope(Scope::BillingRead),
        Route::get("/Account/{auth_id}/transactions/reference-types", "listReferenceTypes", reference_types).scope(Scope::BillingRead),
    ]
}

fn reference_type(kind: &str) -> String {
    REFERENCE_TYPES.iter().find(|(own, _)| *own == kind).map_or(kind, |(_, theirs)| *theirs).to_owned()
}

#[derive(Serialize)]
struct Balance {
    id: String,
    account_id: String,
    currency: String,
    balance: Money,
    reserved_funds: Money,
    promotional_balance: Money,
    promotional_reserved_balance: Money,
    available_balance: Money,
    credit_limit: Money,
    is_postpaid: bool,
    credit_limit_type: &'static str,
    low_balance_threshold: Money,
    status: &'static str,
    created_at: Instant,
    updated_at: Instant,
}

async fn balance(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = Asked::read(call, unread).await?;
    let currency = asked.call.state.settings.currency.clone();
    if !asked.call.path("currency").eq_ignore_ascii_case(&currency) {
        return Err(Code::NotFound.into());
    }
    let account = ledger::account(&asked.call.state, &asked.caller).await?;
    let (wallet, balances) = (account.wallet, account.balances);
    let body = Balance {
        id: wallet.id,
        account_id: asked.call.auth_id.unwrap_or_default(),
        currency,
        balance: Money(balances.balance),
        reserved_funds: Money(balances.set_aside),
        promotional_balance: Money(wallet.promo),
        promotional_reserved_balance: Money(wallet.promo_set_aside),
        available_balance: Money(balances.available()),
        credit_limit: Money(Micros::ZERO),
        is_postpaid: false,
        credit_limit_type: "hard",
        low_balance_threshold: Money(account.settings.low_balance.unwrap_or(Micros::ZERO)),
        status: "active",
        created_at: Instant(wallet.created_at),
        updated_at: Instant(wallet.updated_at),
    };
    Rendered::json(StatusCode::OK, &body)
}

#[derive(Serialize)]
struct Transaction {
    id: String,
    account_id: String,
    balance_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    amount: Money,
    currency: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    reference_type: String,
    status: &'static str,
    processed_at: Instant,
    created_at: Instant,
    updated_at: Instant,
}

#[derive(Serialize)]
struct Transactions {
    auth_id: String,
    transactions: Vec<Transaction>,
    summary: Summary,
    total: i64,
    page: usize,
    per_page: usize,
    total_pages: usize,
}

#[derive(Serialize)]
struct Summary {
    total_transactions: i64,
    total_debit: Money,
    total_credit: Money,
    net_amount: Money,
    by_reference_type: Vec<ReferenceType>,
}

#[derive(Serialize)]
struct ReferenceType {
    reference_type: String,
    total_debit: Money,
    total_credit: Money,
    count: i64,
}

#[derive(Serialize)]
struct ReferenceTypes {
    reference_types: Vec<String>,
}

impl From<Vec<KindTotals>> for Summary {
    fn from(totals: Vec<KindTotals>) -> Self {
        let sum = |part: fn(&KindTotals) -> i64| totals.iter().map(part).fold(0, i64::saturating_add);
        let (debit, credit) = (sum(|total| total.debit.0), sum(|total| total.credit.0));
        Self {
            total_transactions: sum(|total| total.count),
            total_debit: Money(Micros(debit)),
            total_credit: Money(Micros(credit)),
            net_amount: Money(Micros(credit.saturating_sub(debit))),
            by_reference_type: totals.into_iter().map(ReferenceType::from).collect(),
        }
    }
}

impl From<KindTotals> for ReferenceType {
    fn from(totals: KindTotals) -> Self {
        Self {
            reference_type: reference_type(&totals.kind),
            total_debit: Money(totals.debit),
            total_credit: Money(totals.credit),
            count: totals.count,
        }
    }
}

impl Transaction {
    fn new(line: Transfer, account_id: &str, balance_id: &str, currency: &str) -> Self {
        let at = Instant(line.at);
        Self {
            id: line.id,
            account_id: account_id.to_owned(),
            balance_id: balance_id.to_owned(),
            kind: if line.amount < Micros::ZERO { "debit" } else { "credit" },
            amount: Money(Micros(line.amount.0.saturating_abs())),
            currency: currency.to_owned(),
            description: line.description,
            reference: line.reference,
            reference_type: reference_type(&line.kind),
            // A line is written when money has moved, and never changes.
            status: "completed",
            processed_at: at,
            created_at: at,
            updated_at: at,
        }
    }
}

async fn transactions(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    let (paging, offset) = paging(&mut asked);
    let mut query = filters(&mut asked);
    (query.offset, query.limit) = (offset, paging.per_page);
    asked.check()?;
    let state = &asked.call.state;
    let found = ledger::lines(state, &asked.caller, &query).await?;
    let owner = asked.call.auth_id.as_deref().unwrap_or_default();
    let line = |line| Transaction::new(line, owner, &found.wallet_id, &state.settings.currency);
    let summary = Summary::from(found.totals);
    let total = summary.total_transactions;
    let body = Transactions {
        transactions: found.rows.into_iter().map(line).collect(),
        summary,
        total,
        page: paging.page,
        per_page: paging.per_page,
        total_pages: usize::try_from(total).unwrap_or_default().div_ceil(paging.per_page),
        auth_id: asked.auth_id,
    };
    Rendered::json(StatusCode::OK, &body)
}

async fn reference_types(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = Asked::read(call, unread).await?;
    let found = ledger::lines(&asked.call.state, &asked.caller, &LineQuery::default()).await?;
    let reference_types = found.totals.into_iter().map(|total| reference_type(&total.kind)).collect();
    Rendered::json(StatusCode::OK, &ReferenceTypes { reference_types })
}

/// Which page, and how many rows are before it. Older clients send `limit` and `offset`, newer ones `page` and `per_page`; too many rows
/// count as none asked for (R44).
fn paging(asked: &mut Asked) -> (Paging, usize) {
    let rows = |asked: &mut Asked, name| match asked.number(name, 1, LAST) {
        Some(rows) if rows <= MOST_ROWS => Some(rows),
        Some(_) => Some(PER_PAGE),
        None => None,
    };
    if asked.parameter("limit").is_some() || asked.parameter("offset").is_some() {
        let per_page = rows(asked, "limit").unwrap_or(PER_PAGE);
        let offset = asked.number("offset", 0, LAST).unwrap_or_default();
        return (Paging { page: (offset / per_page).saturating_add(1), per_page }, offset);
    }
    let page = asked.number("page", 1, LAST).unwrap_or(1);
    let paging = Paging { page, per_page: rows(asked, "per_page").unwrap_or(PER_PAGE) };
    (paging, paging.offset())
}

fn filters(asked: &mut Asked) -> LineQuery {
    let from = asked.parameter("from_date").map(str::to_owned).and_then(|text| instant(asked, "from_date", &text).map(|(from, _)| from));
    let to = asked.parameter("to_date").map(str::to_owned).and_then(|text| instant(asked, "to_date", &text).map(|(_, to)| to));
    let text = |name: &str| asked.parameter(name).map(str::to_owned);
    let own = &asked.call.state.settings.currency;
    let other_currency = asked.parameter("currency").is_some_and(|currency| !currency.eq_ignore_ascii_case(own));
    let other_status = asked.parameter("status").is_some_and(|status| status != "completed");
    let direction = match asked.parameter("type") {
        None => Some(None),
        Some("debit") => Some(Some(Direction::Debit)),
        Some("credit") => Some(Some(Direction::Credit)),
        Some(_) => None,
    };
    let kind = text("reference_type")
        .map(|theirs| REFERENCE_TYPES.iter().find(|(_, name)| *name == theirs).map_or(NOTHING, |(own, _)| *own).to_owned());
    LineQuery {
        kind: if other_currency || other_status || direction.is_none() { Some(NOTHING.to_owned()) } else { kind },
        direction: direction.flatten(),
        id: text("transaction_id"),
        description: text("description"),
        reference: text("reference"),
        from,
        to,
        ..LineQuery::default()
    }
}

/// A day or an instant, as its beginning and the first moment behind it. Without an offset it is in UTC.
fn instant(asked: &mut Asked, name: &str, text: &str) -> Option<(Timestamp, Timestamp)> {
    let read = span(text);
    if read.is_none() {
        asked.fault(name, "Send a day such as 2026-11-22, or an instant such as 2026-11-22T12:00:00Z.");
    }
    read
}

fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let civil = |at: DateTime| Some(Timestamp::from_micros(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond()));
    // Asked first: an instant begins with a day too.
    let instant = match text.parse::<jiff::Timestamp>() {
        Ok(at) => Some(Timestamp::from_micros(at.as_microsecond())),
        Err(_) if text.contains(['T', ' ']) => text.parse::<DateTime>().ok().and_then(civil),
        Err(_) => None,
    };
    if let Some(at) = instant {
        return Some((at, Timestamp::from_micros(at.micros().saturating_add(1))));
    }
    let day: Date = text.parse().ok()?;
    let midnight = |day: Date| civil(day.to_datetime(jiff::civil::Time::midnight()));
    Some((midnight(day)?, midnight(day.tomorrow().ok()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_all_of_it_and_an_instant_is_itself() {
        let read = |text: &str| span(text).map(|(from, to)| (from.rfc3339(), to.rfc3339()));
        let pair = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(read("2026-11-22"), pair("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"));
        assert_eq!(read("2026-11-22T12:00:00+02:00"), pair("2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000001Z"));
        assert_eq!(read("2026-11-22T12:00:00"), pair("2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000001Z"));
        for bad in ["", "yesterday", "2026-13-01", "22/11/2026"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_kind_of_transfer_has_a_name() {
        let mut names: Vec<&str> = REFERENCE_TYPES.iter().map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), REFERENCE_TYPES.len());
        assert_eq!(reference_type("rental"), "did_rental");
    }
}
