//! Whether a number can be had by this caller right now (rules.md, table 3a), and the transaction that claims it.

use std::sync::Arc;

use sqlx::AnyConnection;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::number::StockState;
use crate::domain::order::{OrderState, Step};
use crate::domain::refusal::{Refusal, ReservationFault, Unavailable};
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result, StoreError};
use crate::server::ids::Ids;
use crate::server::store;
use crate::server::store::holds::Hold;
use crate::server::store::idempotency::RequestKey;
use crate::server::store::inventory::StockRow;
use crate::server::store::orders::Order;

/// On whose behalf a number is looked at. A hold belongs to the pair of both (R10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buyer {
    pub organization_id: String,
    pub sub_account_id: Option<String>,
}

impl Buyer {
    fn is(&self, organization_id: &str, sub_account_id: Option<&str>) -> bool {
        self.organization_id == organization_id && self.sub_account_id.as_deref() == sub_account_id
    }
}

/// How a number stands to a buyer.
#[derive(Debug, Clone)]
pub enum Standing {
    /// It can be held and bought. `hold` is the buyer's own live hold; `buy_back` means that only this buyer may have it.
    Free { row: Box<StockRow>, hold: Option<Box<Hold>>, buy_back: bool },
    /// The buyer's own order for it is under way.
    Ordering(Box<Order>),
    /// It cannot be had.
    Refused(Refusal),
}

/// One row of table 3a, read in the caller's transaction.
pub async fn standing(connection: &mut AnyConnection, buyer: Option<&Buyer>, e164: &str, now: Timestamp) -> Result<Standing> {
    let Some(row) = store::inventory::find(connection, e164).await? else {
        return Ok(Standing::Refused(Code::NeverStocked.into()));
    };
    if let Some(order) = store::orders::live_of_e164(connection, e164).await? {
        let own = buyer.is_some_and(|buyer| buyer.is(&order.organization_id, order.sub_account_id.as_deref()));
        return Ok(if own { Standing::Ordering(Box::new(order)) } else { Standing::Refused(unavailable(e164, Unavailable::Held, None)) });
    }
    let hold = store::holds::live_of_e164(connection, e164, now).await?;
    if let Some(hold) = &hold
        && !buyer.is_some_and(|buyer| buyer.is(&hold.organization_id, hold.sub_account_id.as_deref()))
    {
        return Ok(Standing::Refused(unavailable(e164, Unavailable::Held, Some(hold.expires_at))));
    }
    let hold = hold.map(Box::new);
    match row.state {
        StockState::Available => Ok(Standing::Free { row: Box::new(row), hold, buy_back: false }),
        StockState::Aging { until } if until <= now => Ok(Standing::Free { row: Box::new(row), hold, buy_back: false }),
        StockState::Aging { until } => {
            let last_owner = row.last_owner_organization_id.as_deref();
            if last_owner.is_some() && last_owner == buyer.map(|buyer| buyer.organization_id.as_str()) {
                return Ok(Standing::Free { row: Box::new(row), hold, buy_back: true });
            }
            Ok(Standing::Refused(unavailable(e164, Unavailable::Aging, Some(until))))
        }
        StockState::Sold => Ok(Standing::Refused(sold(connection, buyer, e164).await?)),
        StockState::Withdrawn { .. } => Ok(Standing::Refused(unavailable(e164, Unavailable::Sold, None))),
    }
}

fn unavailable(e164: &str, reason: Unavailable, free_at: Option<Timestamp>) -> Refusal {
    Refusal::NumberUnavailable { e164: e164.to_owned(), reason, free_at, owned_by_you: false, restore_until: None }
}

/// A sold number: its owner is told so, and whoever released it is told until when it can be restored.
async fn sold(connection: &mut AnyConnection, buyer: Option<&Buyer>, e164: &str) -> Result<Refusal> {
    let mut refusal = unavailable(e164, Unavailable::Sold, None);
    let owner = store::numbers::live_of_e164(connection, e164).await?;
    if let (Some(owner), Some(buyer)) = (owner, buyer)
        && owner.organization_id == buyer.organization_id
        && let Refusal::NumberUnavailable { owned_by_you, restore_until, .. } = &mut refusal
    {
        *owned_by_you = owner.recoverable_until.is_none();
        *restore_until = owner.recoverable_until;
    }
    Ok(refusal)
}

/// Everything a claim needs, made before the transaction.
#[derive(Debug, Clone)]
pub struct Claim {
    pub order_id: String,
    /// For the rows that the set-aside brings with it.
    pub ids: Arc<Ids>,
    pub buyer: Buyer,
    pub e164: String,
    pub hold_id: Option<String>,
    pub max_price: Option<Micros>,
    pub agent_id: Option<String>,
    /// The actor as JSON.
    pub actor: String,
    pub request: Option<RequestKey>,
    pub dialect: &'static str,
}

/// What came of a claim.
#[derive(Debug, Clone)]
pub enum Claimed {
    /// The order was made and its money is set aside.
    New(Order),
    /// The same request, or the same account, bought or is buying it already (R18).
    Joined(Order),
}

/// Claims a number: idempotency row, order, committed hold and set-aside, all or nothing.
pub async fn claim(connection: &mut AnyConnection, claim: &Claim, now: Timestamp) -> Result<Claimed> {
    if let Some(order) = replayed(connection, claim).await? {
        return Ok(Claimed::Joined(order));
    }
    let (row, hold) = match standing(connection, Some(&claim.buyer), &claim.e164, now).await? {
        Standing::Free { row, hold, .. } => (row, hold),
        Standing::Ordering(order) => return Ok(Claimed::Joined(*order)),
        Standing::Refused(refusal) => return Err(named_hold_fault(connection, claim, now).await?.unwrap_or(refusal).into()),
    };
    check_named_hold(connection, claim, hold.as_deref(), now).await?;
    let (setup, monthly) = hold.as_ref().map_or((row.setup, row.monthly), |hold| (hold.setup, hold.monthly));
    let price = setup.checked_add(monthly).ok_or_else(|| Error::Internal(String::from("a price is out of range")))?;
    if let Some(max_price) = claim.max_price
        && price > max_price
    {
        return Err(Refusal::PriceChanged { setup, monthly, max_price }.into());
    }
    check_account(connection, claim, monthly).await?;
    let order = Order {
        id: claim.order_id.clone(),
        e164: claim.e164.clone(),
        organization_id: claim.buyer.organization_id.clone(),
        sub_account_id: claim.buyer.sub_account_id.clone(),
        hold_id: hold.as_ref().map(|hold| hold.id.clone()),
        agent_id: claim.agent_id.clone(),
        state: OrderState::Funded,
        setup,
        monthly,
        carrier_id: row.carrier_id.clone(),
        actor: claim.actor.clone(),
        failure: None,
        denials: 0,
        last_denied_at: None,
        ownership_id: None,
        created_at: now,
        updated_at: now,
    };
    write_claim(connection, claim, &order, price, now).await?;
    Ok(Claimed::New(order))
}

/// The order that an earlier request with the same key made.
async fn replayed(connection: &mut AnyConnection, claim: &Claim) -> Result<Option<Order>> {
    let Some(key) = &claim.request else { return Ok(None) };
    let Some(known) = store::idempotency::find(connection, key).await? else { return Ok(None) };
    if known.request_hash != key.request_hash {
        return Err(Code::IdempotencyKeyReused.into());
    }
    let order_id = known.order_id.ok_or(Code::RequestInProgress)?;
    let order = store::orders::find(connection, &order_id).await?;
    order.map(Some).ok_or_else(|| StoreError::Inconsistent { table: "idempotency", column: "order_id", id: order_id }.into())
}

/// A hold that was named must be the buyer's live hold on this number.
async fn check_named_hold(connection: &mut AnyConnection, claim: &Claim, own: Option<&Hold>, now: Timestamp) -> Result<()> {
    match (&claim.hold_id, own) {
        (Some(named), Some(own)) if *named == own.id => Ok(()),
        (Some(_), _) => Err(named_hold_fault(connection, claim, now)
            .await?
            .unwrap_or(Refusal::ReservationInvalid { reason: ReservationFault::Unknown })
            .into()),
        (None, _) => Ok(()),
    }
}

/// What is wrong with the named hold, if one was named and something is. Another buyer's hold is unknown (R22).
async fn named_hold_fault(connection: &mut AnyConnection, claim: &Claim, now: Timestamp) -> Result<Option<Refusal>> {
    let Some(named) = &claim.hold_id else { return Ok(None) };
    let hold = store::holds::find(connection, named).await?;
    let reason = match hold.filter(|hold| claim.buyer.is(&hold.organization_id, hold.sub_account_id.as_deref())) {
        None => ReservationFault::Unknown,
        Some(hold) if hold.e164 != claim.e164 => ReservationFault::OtherNumber,
        Some(hold) => match hold.state.commit(now) {
            Err(Refusal::ReservationInvalid { reason }) => reason,
            // A hold that is being bought joins its order; one that can be used has no fault.
            Ok(_) | Err(_) => return Ok(None),
        },
    };
    Ok(Some(Refusal::ReservationInvalid { reason }))
}

/// Payment hold, budgets of both levels, and the agent that shall answer.
async fn check_account(connection: &mut AnyConnection, claim: &Claim, monthly: Micros) -> Result<()> {
    let buyer = &claim.buyer;
    if store::ledger::balances(connection, &buyer.organization_id).await?.owed > Micros::ZERO {
        return Err(Code::PaymentHold.into());
    }
    let levels = [None, buyer.sub_account_id.as_deref()];
    for (index, level) in levels.into_iter().enumerate() {
        if index == 1 && level.is_none() {
            continue;
        }
        let Some(budget) = store::orders::budget(connection, &buyer.organization_id, level).await? else { continue };
        let owned = store::numbers::monthly_committed(connection, &buyer.organization_id, level).await?;
        let ordering = store::orders::monthly_ordering(connection, &buyer.organization_id, level).await?;
        let committed = Micros(owned.0.saturating_add(ordering.0));
        let over = Micros(committed.0.saturating_add(monthly.0).saturating_sub(budget.0));
        if over > Micros::ZERO {
            return Err(Refusal::BudgetExceeded { budget, committed, over }.into());
        }
    }
    if let Some(agent_id) = &claim.agent_id
        && !store::agents::belongs(connection, &buyer.organization_id, buyer.sub_account_id.as_deref(), agent_id).await?
    {
        return Err(Code::NotFound.into());
    }
    Ok(())
}

async fn write_claim(connection: &mut AnyConnection, claim: &Claim, order: &Order, price: Micros, now: Timestamp) -> Result<()> {
    if let Err(error) = store::orders::insert(connection, order).await {
        // The unique index on live orders is the last word between two buyers.
        return Err(if error.is_unique_violation() { unavailable(&claim.e164, Unavailable::Held, None).into() } else { error.into() });
    }
    if let Some(hold_id) = &order.hold_id
        && !store::holds::commit(connection, hold_id, now).await?
    {
        return Err(Refusal::ReservationInvalid { reason: ReservationFault::Expired }.into());
    }
    store::orders::append_step(connection, &order.id, Step::Claimed, None, now).await?;
    let new_id = || claim.ids.next(now);
    if !store::ledger::set_aside(connection, &new_id, &order.organization_id, &order.id, price, now).await? {
        let available = store::ledger::balances(connection, &order.organization_id).await?.available();
        // Parts that were set aside before the shortfall showed are undone with the whole claim.
        let available = Micros(available.0.saturating_add(store::ledger::pending_of(connection, &order.id).await?.0));
        let shortfall = Micros(price.0.saturating_sub(available.0));
        return Err(Refusal::InsufficientFunds { required: price, available, shortfall }.into());
    }
    store::orders::append_step(connection, &order.id, Step::Funded, None, now).await?;
    if let Some(key) = &claim.request {
        store::idempotency::begin(connection, key, Some(&order.id), claim.dialect, now).await?;
    }
    Ok(())
}
