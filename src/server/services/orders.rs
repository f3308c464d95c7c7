//! Orders as their organization sees them. Making one is `purchase`; driving one is `server::orders`.

use super::caller::Caller;
use super::cursor;
use crate::domain::code::Code;
use crate::domain::order::OrderState;
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;

pub use crate::server::store::orders::Order;

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

/// The caller's orders, the latest first.
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
        organization_id: caller.organization_id.clone(),
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
