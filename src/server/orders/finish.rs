//! The ends of an order: completed in one transaction, or undone in one, or left to the operator.

use std::borrow::Cow;

use serde_json::json;
use sqlx::AnyConnection;

use crate::domain::audit::{Action, Actor, Channel, EventKind};
use crate::domain::money::Micros;
use crate::domain::number::Source;
use crate::domain::order::{OrderState, Step};
use crate::domain::rental::period_due;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result, StoreError};
use crate::server::ids::Ids;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::ledger::{Memo, TransferKind};
use crate::server::store::orders::Order;

use super::engine::reload;

/// Why an order is undone.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The carrier will not sell it, or never saw the order.
    Rejected(String),
    /// The carrier could not be reached and has done nothing.
    Unreachable(String),
    /// The carrier no longer has the number: the stock row is withdrawn too.
    Gone,
}

impl Failure {
    /// What the order row keeps.
    fn name(&self) -> &'static str {
        match self {
            Self::Rejected(_) => "rejected",
            Self::Unreachable(_) => "carrier_unavailable",
            Self::Gone => "gone",
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::Rejected(detail) | Self::Unreachable(detail) => Some(detail),
            Self::Gone => None,
        }
    }
}

/// Captures the funds, writes the ownership, sells the stock row and consumes the hold in ONE transaction.
pub async fn complete(state: &AppState, order: Order) -> Result<Order> {
    let (now, ids, id) = (state.now(), state.ids.clone(), order.id.clone());
    state
        .db
        .write(async move |connection| {
            // Where somebody else drove it on in the meantime, what they did stands.
            complete_in(connection, &ids, &order, now).await?;
            Ok::<_, Error>(())
        })
        .await?;
    reload(state, &id).await
}

/// [`complete`] inside a transaction. False when the order is not any more as it was read.
pub async fn complete_in(connection: &mut AnyConnection, ids: &Ids, order: &Order, now: Timestamp) -> Result<bool> {
    if !store::orders::advance(connection, &order.id, order.state, OrderState::Completed, now).await? {
        return Ok(false);
    }
    let new_id = || ids.next(now);
    let ownership_id = new_id();
    if order.state == OrderState::Funded {
        store::orders::append_step(connection, &order.id, Step::Sent, None, now).await?;
    }
    store::orders::append_step(connection, &order.id, Step::Confirmed, None, now).await?;
    take_over(connection, order, &ownership_id, now).await?;
    let charges = charges(order, &ownership_id);
    store::ledger::capture(connection, &new_id, &order.organization_id, &order.id, &charges, now).await?;
    announce(connection, order, &ownership_id, [&new_id(), &new_id()], now).await?;
    store::orders::append_step(connection, &order.id, Step::Completed, None, now).await?;
    store::idempotency::answer_order(connection, &order.id, 201, now).await?;
    Ok(true)
}

/// The ownership row, the sold stock row, the used hold.
async fn take_over(connection: &mut AnyConnection, order: &Order, ownership_id: &str, now: Timestamp) -> Result<()> {
    let row = store::inventory::find(connection, &order.e164).await?;
    let row = row.ok_or_else(|| StoreError::Inconsistent { table: "orders", column: "e164", id: order.id.clone() })?;
    if !store::inventory::mark_sold(connection, &order.e164, &order.organization_id, now).await? {
        return Err(StoreError::Inconsistent { table: "inventory", column: "state", id: order.e164.clone() }.into());
    }
    let ownership = store::numbers::NewOwnership {
        id: ownership_id.to_owned(),
        e164: order.e164.clone(),
        organization_id: order.organization_id.clone(),
        sub_account_id: order.sub_account_id.clone(),
        // The agent may have been deleted since the order was made: the number is then free.
        agent_id: match &order.agent_id {
            Some(agent) if store::agents::belongs(connection, &order.organization_id, order.sub_account_id.as_deref(), agent).await? => {
                Some(agent.clone())
            }
            _ => None,
        },
        source: Source::Purchased,
        verified: true,
        number_type: row.number_type,
        locality: row.locality,
        administrative_area: row.administrative_area,
        rate_center: row.rate_center,
        features: row.features,
        provider: row.provider,
        setup: order.setup,
        monthly: order.monthly,
        anchor_at: Some(now),
        next_billing_at: Some(period_due(now, 1)),
        periods_charged: 1,
        at: now,
    };
    store::numbers::insert(connection, &ownership).await?;
    store::numbers::insert_period(connection, ownership_id, 0, now, order.monthly, now).await?;
    store::orders::set_ownership(connection, &order.id, ownership_id).await?;
    if let Some(hold_id) = &order.hold_id {
        store::holds::consume(connection, hold_id, now).await?;
    }
    Ok(())
}

fn charges<'a>(order: &'a Order, ownership_id: &'a str) -> [(TransferKind, Micros, Memo<'a>); 2] {
    let memo = |description| Memo {
        ownership_id: Some(ownership_id),
        order_id: Some(&order.id),
        e164: Some(&order.e164),
        payment_id: None,
        description: Cow::Borrowed(description),
    };
    [(TransferKind::SetupFee, order.setup, memo("Setup")), (TransferKind::Rental, order.monthly, memo("First month"))]
}

async fn announce(connection: &mut AnyConnection, order: &Order, ownership_id: &str, ids: [&str; 2], now: Timestamp) -> Result<()> {
    let actor = actor(order);
    let data = json!({ "orderId": order.id, "setupMicros": order.setup.0, "monthlyMicros": order.monthly.0, "holdId": order.hold_id });
    let event = store::events::NewEvent {
        id: ids[0],
        organization_id: &order.organization_id,
        ownership_id: Some(ownership_id),
        kind: EventKind::NumberPurchased,
        actor: &actor,
        data: data.clone(),
        at: now,
    };
    store::events::append(connection, &event).await?;
    let label = phone::formatted(&order.e164);
    let row = store::audit::NewAudit {
        id: ids[1],
        organization_id: Some(&order.organization_id),
        actor: &actor,
        action: Action::NumberPurchased,
        object_kind: "number",
        object_id: ownership_id,
        object_label: &label,
        before: None,
        after: Some(data),
        reason: None,
        channel: channel(order),
        at: now,
    };
    store::audit::append(connection, &row).await?;
    Ok(())
}

/// Who bought: kept with the order as JSON, so that recovery can tell it after a restart.
#[must_use]
pub fn actor(order: &Order) -> Actor {
    serde_json::from_str::<(Actor, Channel)>(&order.actor).map_or_else(|_| Actor::system("recovery"), |(actor, _)| actor)
}

fn channel(order: &Order) -> Channel {
    serde_json::from_str::<(Actor, Channel)>(&order.actor).map_or(Channel::Job, |(_, channel)| channel)
}

/// Undoes an order: money back, hold back if its time is not over, claim gone, keys forgotten.
pub async fn fail(state: &AppState, order: Order, failure: Failure) -> Result<Order> {
    let (now, ids, id) = (state.now(), state.ids.clone(), order.id.clone());
    tracing::warn!(order.id = %id, failure = failure.name(), detail = failure.detail(), "order failed");
    state
        .db
        .write(async move |connection| {
            fail_in(connection, &ids, &order, &failure, now).await?;
            Ok::<_, Error>(())
        })
        .await?;
    reload(state, &id).await
}

/// [`fail`] inside a transaction. False when the order is not any more as it was read.
pub async fn fail_in(connection: &mut AnyConnection, ids: &Ids, order: &Order, failure: &Failure, now: Timestamp) -> Result<bool> {
    if !store::orders::advance(connection, &order.id, order.state, OrderState::Failed, now).await? {
        return Ok(false);
    }
    store::ledger::void(connection, &order.organization_id, &order.id, now).await?;
    store::orders::append_step(connection, &order.id, Step::Voided, None, now).await?;
    if let Some(hold_id) = &order.hold_id {
        store::holds::reopen(connection, hold_id, &|| ids.next(now), now).await?;
    }
    if matches!(failure, Failure::Gone) {
        store::holds::release_of_e164(connection, &order.e164, now).await?;
        store::inventory::withdraw(connection, &order.e164, now).await?;
    }
    store::orders::set_failure(connection, &order.id, failure.name()).await?;
    store::orders::append_step(connection, &order.id, Step::Failed, failure.detail(), now).await?;
    store::idempotency::forget_order(connection, &order.id).await?;
    Ok(true)
}

/// Leaves an order to the operator: nobody knows its outcome after a day. The money stays aside.
pub async fn stick(state: &AppState, order: Order) -> Result<Order> {
    let (id, now) = (order.id.clone(), state.now());
    tracing::error!(order.id = %id, "order is stuck");
    state
        .db
        .write(async move |connection| {
            if store::orders::advance(connection, &order.id, order.state, OrderState::Stuck, now).await? {
                store::orders::append_step(connection, &order.id, Step::Stuck, None, now).await?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    reload(state, &id).await
}
