//! What the operator sees of all organizations, and adjusting their wallets. Forcing a cool-off, withdrawing stock and repairing orders
//! are with their nouns.

use serde_json::json;

use super::billing::{month_before, month_bounds, month_of};
use super::caller::Caller;
use super::cool_offs::running_after;
use super::cursor::{self, Found};
use super::moving::check_reason;
use super::recorder::{Change, Object, Recorder};
use super::rentals;
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::money::{MAX_AMOUNT, Micros};
use crate::domain::order::OrderState;
use crate::domain::refusal::Refusal;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::accounts::{Counts, Member, Organization};
pub use crate::server::store::ledger::{Balances, Findings};
use crate::server::store::ledger::{Memo, TransferKind};

/// Months of one report of revenue.
const MOST_MONTHS: usize = 60;
/// Months of a report when nothing is asked for.
const YEAR: usize = 12;
/// Rows of a page in the browser.
pub const PAGE: usize = 50;
/// People of an organization that are shown.
const MOST_MEMBERS: i64 = 50;

/// An organization with its wallet.
#[derive(Debug, Clone)]
pub struct Account {
    pub organization: Organization,
    pub balances: Balances,
}

/// Recomputes the whole ledger from its transfers and says what does not add up.
///
/// # Errors
/// Faults of the store.
pub async fn verify_ledger(state: &AppState) -> Result<Findings> {
    let mut connection = state.db.read().await?;
    Ok(store::ledger::verify(&mut connection).await?)
}

/// An organization with its people and how much it has.
#[derive(Debug, Clone)]
pub struct Inspected {
    pub account: Account,
    pub counts: Counts,
    pub members: Vec<Member>,
}

/// How the installation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub organizations: i64,
    pub cool_offs: i64,
    /// Orders that wait for the operator.
    pub stuck: i64,
    /// Orders that recovery drives on.
    pub under_way: i64,
    /// Numbers that are in stock, held or not.
    pub in_stock: i64,
}

/// Which way an adjustment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Into the wallet.
    Credit,
    /// Into the wallet as promotional credit, which is spent first and never paid out.
    Promo,
    /// Out of it.
    Debit,
}

impl Direction {
    /// Every direction.
    pub const ALL: [Self; 3] = [Self::Credit, Self::Promo, Self::Debit];

    /// The direction with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.name() == name)
    }

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Promo => "promo",
            Self::Debit => "debit",
        }
    }
}

/// An adjustment to be made.
#[derive(Debug, Clone)]
pub struct Adjustment {
    pub organization_id: String,
    pub direction: Direction,
    /// Above zero.
    pub amount: Micros,
    /// Why: the organization reads it in its ledger.
    pub reason: String,
}

/// A page of all organizations, by name.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn organizations(state: &AppState, limit: usize, cursor: Option<&str>) -> Result<Found<Account>> {
    let after = cursor::decode::<2>(cursor)?;
    let mut connection = state.db.read().await?;
    let rows = store::accounts::organizations(&mut connection, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::accounts::count_organizations(&mut connection).await?;
    let found = Found::new(rows, total, limit, |row| cursor::encode(&[&row.name, &row.id]));
    let mut accounts = Vec::with_capacity(found.rows.len());
    for organization in found.rows {
        let balances = store::ledger::balances(&mut connection, &organization.id).await?;
        accounts.push(Account { organization, balances });
    }
    Ok(Found { rows: accounts, total: found.total, next_cursor: found.next_cursor })
}

/// One organization.
///
/// # Errors
/// `not_found`.
pub async fn organization(state: &AppState, id: &str) -> Result<Account> {
    let mut connection = state.db.read().await?;
    let organization = store::accounts::find_organization(&mut connection, id).await?.ok_or(Code::NotFound)?;
    let balances = store::ledger::balances(&mut connection, id).await?;
    Ok(Account { organization, balances })
}

/// What a kind of transfer came to in a month, over all organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// `2026-11`, in UTC.
    pub month: String,
    pub kind: String,
    pub count: u64,
    /// Above zero where organizations paid, below where they were given or paid back.
    pub amount: Micros,
    /// How much of it was paid with promotional credit.
    pub promotional: Micros,
}

/// What the installation earned by month and kind, from one month to another, both included; the latest month first.
///
/// # Errors
/// `validation` for what is no month, and for a span that is empty or longer than 60 months.
pub async fn revenue(state: &AppState, from: &str, to: &str) -> Result<Vec<Earned>> {
    let bounds =
        |field: &'static str, month: &str| month_bounds(month).ok_or_else(|| Refusal::field(field, "Write a month such as 2026-11."));
    let (first, _) = bounds("from", from)?;
    let (_, end) = bounds("to", to)?;
    let mut connection = state.db.read().await?;
    let (mut earned, mut until) = (Vec::new(), end);
    let earliest = end.plus_days(-31 * i64::try_from(MOST_MONTHS).unwrap_or(i64::MAX / 31));
    if first < earliest || first >= end {
        return Err(Refusal::field("from", format!("Ask for 1 to {MOST_MONTHS} months.")).into());
    }
    while until > first {
        let month = month_before(until).ok_or(Code::Validation)?;
        let (start, _) = month_bounds(&month).ok_or(Code::Validation)?;
        for row in store::transfers::earned(&mut connection, start, until).await? {
            let count = u64::try_from(row.count).unwrap_or_default();
            earned.push(Earned { month: month.clone(), kind: row.kind, count, amount: row.amount, promotional: row.promotional });
        }
        until = start;
    }
    Ok(earned)
}

/// A report of revenue.
#[derive(Debug, Clone)]
pub struct Report {
    /// Every month of it, the latest first.
    pub months: Vec<String>,
    pub earned: Vec<Earned>,
}

/// [`revenue`] with all months of the span; texts that are empty stand for the last twelve months, which end with the one that runs.
///
/// # Errors
/// Those of [`revenue`].
pub async fn revenue_or_year(state: &AppState, from: &str, to: &str) -> Result<Report> {
    let now = month_of(state.now()).ok_or(Code::Validation)?;
    let to = if to.is_empty() { now } else { to.to_owned() };
    let months = |count: usize| {
        let first = month_bounds(&to).map(|(_, end)| end);
        std::iter::successors(first, |end| Some(month_bounds(&month_before(*end)?)?.0)).filter_map(month_before).take(count)
    };
    let from = if from.is_empty() { months(YEAR).last().unwrap_or_else(|| to.clone()) } else { from.to_owned() };
    let earned = revenue(state, &from, &to).await?;
    Ok(Report { months: months(MOST_MONTHS).take_while(|month| *month >= from).collect(), earned })
}

/// One organization with its people.
///
/// # Errors
/// `not_found`.
pub async fn inspect(state: &AppState, id: &str) -> Result<Inspected> {
    let account = organization(state, id).await?;
    let mut connection = state.db.read().await?;
    let counts = store::accounts::counts(&mut connection, id, None).await?;
    let members = store::accounts::members_page(&mut connection, id, None, MOST_MEMBERS).await?;
    Ok(Inspected { account, counts, members })
}

/// Counts for the start page.
///
/// # Errors
/// Faults of the store.
pub async fn figures(state: &AppState) -> Result<Figures> {
    let after = running_after(state.now(), state.settings.cool_off_days);
    let mut connection = state.db.read().await?;
    let orders = store::orders::count_by_state(&mut connection, None).await?;
    let count = |wanted: fn(OrderState) -> bool| orders.iter().filter(|(state, _)| wanted(*state)).map(|(_, count)| count).sum();
    Ok(Figures {
        organizations: store::accounts::count_organizations(&mut connection).await?,
        cool_offs: store::accounts::count_cool_offs(&mut connection, after).await?,
        stuck: count(|state| state == OrderState::Stuck),
        under_way: count(|state| state.is_live() && state != OrderState::Stuck),
        in_stock: store::inventory::count(&mut connection, Some("available")).await?,
    })
}

/// Adjusts a wallet by transfers of the ledger, from or to the installation's account of adjustments. Answers the account after it.
///
/// # Errors
/// `validation` for an amount that is not above zero, `reason_required`, `not_found`, `insufficient_funds` for a debit that is not covered.
pub async fn adjust(state: &AppState, operator: &Caller, adjustment: &Adjustment) -> Result<Account> {
    if adjustment.amount <= Micros::ZERO || adjustment.amount > MAX_AMOUNT {
        return Err(Refusal::field("amount", "Write an amount between 0.000001 and 1,000,000.").into());
    }
    let reason = check_reason(Some(&adjustment.reason), operator.channel)?.reason.unwrap_or_default();
    let recorder = Recorder::new(state, operator);
    let Adjustment { organization_id, direction, amount, .. } = adjustment.clone();
    state
        .db
        .write(async move |connection| {
            let organization = store::accounts::find_organization(connection, &organization_id).await?.ok_or(Code::NotFound)?;
            let kind = if direction == Direction::Promo { TransferKind::Promo } else { TransferKind::Adjustment };
            let (kind, now, new_id) = (kind, recorder.now(), || recorder.new_id());
            let before = store::ledger::balances(connection, &organization_id).await?;
            let memo = Memo { description: reason.as_str().into(), ..Memo::default() };
            let covered = match direction {
                Direction::Credit | Direction::Promo => {
                    store::ledger::credit(connection, &new_id, &organization_id, kind, amount, &memo, now).await?;
                    rentals::settle_in(connection, &recorder, &organization_id).await?;
                    true
                }
                Direction::Debit => store::ledger::charge(connection, &new_id, &organization_id, kind, amount, &memo, now).await?,
            };
            if !covered {
                let available = before.available();
                let shortfall = Micros(amount.0.saturating_sub(available.0));
                return Err(Error::from(Refusal::InsufficientFunds { required: amount, available, shortfall }));
            }
            let balances = store::ledger::balances(connection, &organization_id).await?;
            let object = Object { organization_id: &organization.id, kind: "wallet", id: &organization.id, label: &organization.name };
            let change = Change::between(
                json!({ "balanceMicros": before.balance.0 }),
                json!({ "balanceMicros": balances.balance.0, "direction": direction.name(), "amountMicros": amount.0 }),
            );
            recorder.audit(connection, object, Action::WalletAdjusted, change.because(Some(&reason))).await?;
            Ok(Account { organization, balances })
        })
        .await
}
