//! Drives one live order as far as it goes now. Safe to run by several at once: every move is a compare-and-swap.

use std::time::Duration;

use crate::domain::order::{CarrierAnswer, NextAction, Step, plan};
use crate::server::carriers::Known;
use crate::server::error::{CarrierError, Result, StoreError};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::orders::Order;

use super::finish;

/// How long a carrier may think before its outcome counts as unknown (R18).
const CARRIER_PATIENCE: Duration = Duration::from_secs(10);

/// Takes a funded order to its carrier and on to its end, and answers how it stands then.
///
/// # Errors
/// Faults of the store only: what the carrier says is in the order.
pub async fn drive(state: &AppState, order: Order) -> Result<Order> {
    // The operator's own stock needs no call: being sent is recorded together with the completion (R29).
    if state.carriers.get(&order.carrier_id).is_built_in() {
        return finish::complete(state, order).await;
    }
    // Recorded before it is done: from here on the carrier may have the order, and only its word decides.
    let (id, from, to, now) = (order.id.clone(), order.state, order.state.send()?, state.now());
    let first = state
        .db
        .write(async move |connection| {
            let first = store::orders::advance(connection, &id, from, to, now).await?;
            if first {
                store::orders::append_step(connection, &id, Step::Sent, None, now).await?;
            }
            Ok::<_, StoreError>(first)
        })
        .await?;
    let order = reload(state, &order.id).await?;
    if first { send(state, order).await } else { Ok(order) }
}

async fn send(state: &AppState, order: Order) -> Result<Order> {
    let carrier = state.carriers.get(&order.carrier_id);
    tracing::info!(order.id = %order.id, carrier.id = %order.carrier_id, "order is sent");
    let answer = match tokio::time::timeout(CARRIER_PATIENCE, carrier.order(&order.id, &order.e164)).await {
        Ok(answer) => answer,
        Err(_) => Err(CarrierError::Unknown(String::from("no answer in time"))),
    };
    tracing::info!(order.id = %order.id, ?answer, "carrier has answered");
    match answer {
        Ok(Known::Confirmed) => finish::complete(state, order).await,
        Ok(Known::Pending) => note(state, order, "accepted, not yet confirmed").await,
        Err(CarrierError::Unknown(detail)) => note(state, order, &detail).await,
        Ok(Known::Denied) => finish::fail(state, order, finish::Failure::Rejected(String::from("denied"))).await,
        Err(CarrierError::Rejected(detail)) => finish::fail(state, order, finish::Failure::Rejected(detail)).await,
        Err(CarrierError::Transient(detail)) => finish::fail(state, order, finish::Failure::Unreachable(detail)).await,
        Err(CarrierError::Gone) => finish::fail(state, order, finish::Failure::Gone).await,
    }
}

/// Records that the outcome is not known: the order stays `ordered`, and recovery asks for it.
async fn note(state: &AppState, order: Order, detail: &str) -> Result<Order> {
    let (id, detail, now) = (order.id.clone(), detail.to_owned(), state.now());
    state.db.write(async move |connection| store::orders::append_step(connection, &id, Step::Unknown, Some(&detail), now).await).await?;
    Ok(order)
}

/// Drives an order on that nobody drives any more, as far as the plan goes now.
///
/// # Errors
/// Faults of the store only.
pub async fn recover(state: &AppState, order: Order) -> Result<Order> {
    let mut action = next(&order, state, None);
    if action == NextAction::AskCarrier {
        let carrier = state.carriers.get(&order.carrier_id);
        let answer = match tokio::time::timeout(CARRIER_PATIENCE, carrier.look_up(&order.id)).await {
            Ok(Ok(Known::Confirmed)) => CarrierAnswer::Confirmed,
            Ok(Ok(Known::Denied)) => CarrierAnswer::Denied,
            Ok(Ok(Known::Pending) | Err(_)) | Err(_) => CarrierAnswer::Unknown,
        };
        action = next(&order, state, Some(answer));
        tracing::info!(order.id = %order.id, ?answer, ?action, "carrier was asked for an order");
    }
    match action {
        NextAction::Complete => finish::complete(state, order).await,
        NextAction::RecordDenial { .. } => {
            let (id, now) = (order.id.clone(), state.now());
            state
                .db
                .write(async move |connection| {
                    store::orders::count_denial(connection, &id, now).await?;
                    store::orders::append_step(connection, &id, Step::Denied, None, now).await
                })
                .await?;
            reload(state, &order.id).await
        }
        NextAction::Void => {
            finish::fail(state, order, finish::Failure::Rejected(String::from("the carrier does not have our order"))).await
        }
        NextAction::Stuck => finish::stick(state, order).await,
        NextAction::AskCarrier | NextAction::Wait { .. } | NextAction::Nothing => Ok(order),
    }
}

fn next(order: &Order, state: &AppState, answer: Option<CarrierAnswer>) -> NextAction {
    plan(order.state, order.denials, order.last_denied_at, order.created_at, state.now(), answer)
}

/// The order as it stands in the database.
pub(super) async fn reload(state: &AppState, id: &str) -> Result<Order> {
    let mut connection = state.db.read().await?;
    let order = store::orders::find(&mut connection, id).await?;
    order.ok_or_else(|| StoreError::Inconsistent { table: "orders", column: "id", id: id.to_owned() }.into())
}
