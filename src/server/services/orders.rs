//! Orders as their organization sees them, and the operator's way out of a stuck one. Making one is `purchase`; driving one is
//! `server::orders`; what the operator sees of all of them is in `everybody`.

mod everybody;

use serde_json::json;

use super::caller::Caller;
use super::cursor;
use super::moving::check_reason;
use super::recorder::{Change, Object, Recorder};
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::order::OrderState;
use crate::domain::refusal::Refusal;
use crate::server::error::{Error, Result};
use crate::server::orders::finish;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;

pub use crate::server::store::orders::Order;
pub use everybody::{Everybody, GROUPS, Inspected, Wanted, everybody, inspect};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct OrderQuery {
    pub status: Option<OrderState>,
    pub e164: Option<String>,
    pub cursor: Option<String>,
    pub limit: usize,
}

/// One page of orders.
#[derive(Debug, Clone)]
pub struct Orders {
    pub rows: Vec<Order>,
    pub total: i64,
    pub next_cursor: Option<String>,
}

/// The caller's orders, the latest first. A caller without an organization, a key of the platform, sees all.
///
/// # Errors
/// `validation` for what is no number, and a cursor of another list.
pub async fn list(state: &AppState, caller: &Caller, query: &OrderQuery) -> Result<Orders> {
    let after = cursor::decode_at(query.cursor.as_deref())?;
    let e164 = match &query.e164 {
        Some(text) => Some(phone::parse(text).map_err(|fault| Refusal::field("e164", fault.to_string()))?.as_str().to_owned()),
        None => None,
    };
    let filter = store::orders::OrderFilter {
        organization_id: Some(caller.organization_id.clone()).filter(|id| !id.is_empty()),
        sub_account_id: caller.sub_account_id.clone(),
        state: query.status,
        e164,
    };
    let limit = query.limit.max(1);
    let mut connection = state.db.read().await?;
    let total = store::orders::count(&mut connection, &filter).await?;
    let fetched = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = store::orders::list(&mut connection, &filter, after, fetched).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|last| cursor::encode(&[&last.created_at.micros().to_string(), &last.id]));
    Ok(Orders { rows, total, next_cursor })
}

/// One order of the caller.
///
/// # Errors
/// `not_found`.
pub async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<Order> {
    let mut connection = state.db.read().await?;
    let order = store::orders::find(&mut connection, id).await?;
    let own = order.filter(|order| order.organization_id == caller.organization_id && caller.sees(order.sub_account_id.as_deref()));
    own.ok_or_else(|| Code::NotFound.into())
}

/// How the operator ends an order that is stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// The carrier has it after all: the money is captured and the number owned.
    Complete,
    /// The carrier does not have it: everything is undone.
    Undo,
}

impl Repair {
    /// By the state that the order ends in; none for any other.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match OrderState::from_name(name)? {
            OrderState::Completed => Some(Self::Complete),
            OrderState::Failed => Some(Self::Undo),
            OrderState::Created | OrderState::Funded | OrderState::Ordered | OrderState::Stuck => None,
        }
    }
}

/// Ends an order that is stuck, for the operator (R18). `operator` is a platform admin or a key of the platform, which the caller has checked.
///
/// # Errors
/// `not_found`, `reason_required`, `conflict` for an order that is not stuck.
pub async fn repair(state: &AppState, operator: &Caller, id: &str, repair: Repair, reason: Option<&str>) -> Result<Order> {
    let reason = check_reason(reason, operator.channel)?.reason;
    let recorder = Recorder::new(state, operator);
    let (ids, id) = (state.ids.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let order = store::orders::find(connection, &id).await?.ok_or(Code::NotFound)?;
            let now = recorder.now();
            let ended = order.state == OrderState::Stuck
                && match repair {
                    Repair::Complete => finish::complete_in(connection, &ids, &order, now).await?,
                    Repair::Undo => {
                        let failure = finish::Failure::Rejected(String::from("undone by the operator"));
                        finish::fail_in(connection, &ids, &order, &failure, now).await?
                    }
                };
            if !ended {
                return Err(Error::from(Code::Conflict));
            }
            let after = store::orders::find(connection, &id).await?.ok_or(Code::NotFound)?;
            let label = phone::formatted(&order.e164);
            let object = Object { organization_id: &order.organization_id, kind: "order", id: &order.id, label: &label };
            let change = Change::between(json!({ "state": order.state.name() }), json!({ "state": after.state.name() }));
            recorder.audit(connection, object, Action::OrderRepaired, change.because(reason.as_deref())).await?;
            Ok(after)
        })
        .await
}
