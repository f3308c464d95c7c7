//! Orders and their recorded steps. An order is the claim on its number (R1). What the operator sees of all of them is in `everybody`.

mod everybody;

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::order::{OrderState, Step};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

pub use everybody::{Group, ListedOrder, RecordedStep, count_by_state, everybody, find_listed, recorded_steps};

/// One attempt to buy one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: String,
    pub e164: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub hold_id: Option<String>,
    pub agent_id: Option<String>,
    pub state: OrderState,
    pub setup: Micros,
    pub monthly: Micros,
    pub carrier_id: String,
    /// Who pressed the button, as JSON of the domain's actor.
    pub actor: String,
    pub failure: Option<String>,
    pub denials: u32,
    pub last_denied_at: Option<Timestamp>,
    pub ownership_id: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: String,
    e164: String,
    organization_id: String,
    sub_account_id: Option<String>,
    hold_id: Option<String>,
    agent_id: Option<String>,
    state: String,
    setup_micros: i64,
    monthly_micros: i64,
    carrier_id: String,
    actor: String,
    failure: Option<String>,
    denials: i64,
    last_denied_at: Option<i64>,
    ownership_id: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<OrderRow> for Order {
    type Error = StoreError;

    fn try_from(row: OrderRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "orders", column, id: row.id.clone() };
        Ok(Self {
            state: OrderState::from_name(&row.state).ok_or_else(|| broken("state"))?,
            denials: u32::try_from(row.denials).map_err(|_| broken("denials"))?,
            id: row.id,
            e164: row.e164,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            hold_id: row.hold_id,
            agent_id: row.agent_id,
            setup: Micros(row.setup_micros),
            monthly: Micros(row.monthly_micros),
            carrier_id: row.carrier_id,
            actor: row.actor,
            failure: row.failure,
            last_denied_at: row.last_denied_at.map(Timestamp::from_micros),
            ownership_id: row.ownership_id,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

macro_rules! select_order {
    ($rest:literal) => {
        concat!(
            "SELECT id, e164, organization_id, sub_account_id, hold_id, agent_id, state, setup_micros, monthly_micros, carrier_id, \
             actor, failure, denials, last_denied_at, ownership_id, created_at, updated_at FROM orders ",
            $rest
        )
    };
}

/// Writes an order; the unique index on live orders refuses a second one for the number.
pub async fn insert(connection: &mut AnyConnection, order: &Order) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO orders (id, e164, organization_id, sub_account_id, hold_id, agent_id, state, setup_micros, monthly_micros, \
         carrier_id, actor, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
    )
    .bind(&order.id)
    .bind(&order.e164)
    .bind(&order.organization_id)
    .bind(&order.sub_account_id)
    .bind(&order.hold_id)
    .bind(&order.agent_id)
    .bind(order.state.name())
    .bind(order.setup.0)
    .bind(order.monthly.0)
    .bind(&order.carrier_id)
    .bind(&order.actor)
    .bind(order.created_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// One order.
pub async fn find(connection: &mut AnyConnection, id: &str) -> Result<Option<Order>, StoreError> {
    let row: Option<OrderRow> = sqlx::query_as(select_order!("WHERE id = $1")).bind(id).fetch_optional(connection).await?;
    row.map(Order::try_from).transpose()
}

/// The live order of a number.
pub async fn live_of_e164(connection: &mut AnyConnection, e164: &str) -> Result<Option<Order>, StoreError> {
    let row: Option<OrderRow> = sqlx::query_as(select_order!("WHERE e164 = $1 AND state IN ('created', 'funded', 'ordered', 'stuck')"))
        .bind(e164)
        .fetch_optional(connection)
        .await?;
    row.map(Order::try_from).transpose()
}

/// Orders under way, longest untouched first: what recovery looks at.
pub async fn live(connection: &mut AnyConnection, limit: i64) -> Result<Vec<Order>, StoreError> {
    let rows: Vec<OrderRow> =
        sqlx::query_as(select_order!("WHERE state IN ('created', 'funded', 'ordered') ORDER BY updated_at, id LIMIT $1"))
            .bind(limit)
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(Order::try_from).collect()
}

/// Moves an order from one state to the next. False when it was in another state.
pub async fn advance(
    connection: &mut AnyConnection,
    id: &str,
    from: OrderState,
    to: OrderState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE orders SET state = $1, updated_at = $2 WHERE id = $3 AND state = $4")
        .bind(to.name())
        .bind(now.micros())
        .bind(id)
        .bind(from.name())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes the ownership that a completed order made.
pub async fn set_ownership(connection: &mut AnyConnection, id: &str, ownership_id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET ownership_id = $1 WHERE id = $2").bind(ownership_id).bind(id).execute(connection).await?;
    Ok(())
}

/// Notes why an order failed.
pub async fn set_failure(connection: &mut AnyConnection, id: &str, failure: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET failure = $1 WHERE id = $2").bind(failure).bind(id).execute(connection).await?;
    Ok(())
}

/// Counts one more denial of our reference by the carrier.
pub async fn count_denial(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET denials = denials + 1, last_denied_at = $1, updated_at = $1 WHERE id = $2")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Records a step.
pub async fn append_step(
    connection: &mut AnyConnection,
    order_id: &str,
    step: Step,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO order_steps (order_id, position, step, detail, at) \
         VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM order_steps WHERE order_id = $1), $2, $3, $4)",
    )
    .bind(order_id)
    .bind(step.name())
    .bind(detail)
    .bind(now.micros())
    .execute(connection)
    .await?;
    tracing::debug!(order.id = order_id, step = step.name(), "order step is written");
    Ok(())
}

/// What live orders will cost a month, of the organization or of one sub-account (R48).
pub async fn monthly_ordering(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
) -> Result<Micros, StoreError> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(monthly_micros), 0) AS BIGINT) FROM orders WHERE organization_id = $1 \
         AND ($2 IS NULL OR sub_account_id = $2) AND state IN ('created', 'funded', 'ordered', 'stuck')",
    )
    .bind(organization_id)
    .bind(sub_account_id)
    .fetch_one(connection)
    .await?;
    Ok(Micros(sum))
}

/// The monthly number budget of the organization, or of one sub-account; none when it is not limited.
pub async fn budget(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
) -> Result<Option<Micros>, StoreError> {
    let row: Option<(Option<i64>,)> = match sub_account_id {
        Some(sub_account_id) => {
            sqlx::query_as("SELECT budget_micros FROM sub_accounts WHERE organization_id = $1 AND id = $2")
                .bind(organization_id)
                .bind(sub_account_id)
                .fetch_optional(connection)
                .await?
        }
        None => {
            sqlx::query_as("SELECT budget_micros FROM organizations WHERE id = $1").bind(organization_id).fetch_optional(connection).await?
        }
    };
    Ok(row.and_then(|(budget,)| budget).map(Micros))
}

/// Which orders are listed; a missing part does not matter.
#[derive(Debug, Clone)]
pub struct OrderFilter {
    /// None for those of all organizations: for the operator only.
    pub organization_id: Option<String>,
    /// Only those of one sub-account.
    pub sub_account_id: Option<String>,
    pub state: Option<OrderState>,
    pub e164: Option<String>,
}

/// One page of orders, the latest first, from behind the instant and id of `after` on.
pub async fn list(
    connection: &mut AnyConnection,
    filter: &OrderFilter,
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Order>, StoreError> {
    let (at, id) = after.unzip();
    let rows: Vec<OrderRow> = sqlx::query_as(select_order!(
        "WHERE ($1 IS NULL OR organization_id = $1) AND ($2 IS NULL OR sub_account_id = $2) AND ($3 IS NULL OR state = $3) \
         AND ($4 IS NULL OR e164 = $4) \
         AND ($5 IS NULL OR created_at < $5 OR (created_at = $5 AND id < $6)) ORDER BY created_at DESC, id DESC LIMIT $7"
    ))
    .bind(&filter.organization_id)
    .bind(&filter.sub_account_id)
    .bind(filter.state.map(OrderState::name))
    .bind(&filter.e164)
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Order::try_from).collect()
}

/// How many orders [`list`] shows on all pages.
pub async fn count(connection: &mut AnyConnection, filter: &OrderFilter) -> Result<i64, StoreError> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM orders WHERE ($1 IS NULL OR organization_id = $1) AND ($2 IS NULL OR sub_account_id = $2) \
         AND ($3 IS NULL OR state = $3) AND ($4 IS NULL OR e164 = $4)",
    )
    .bind(&filter.organization_id)
    .bind(&filter.sub_account_id)
    .bind(filter.state.map(OrderState::name))
    .bind(&filter.e164)
    .fetch_one(connection)
    .await?;
    Ok(count)
}
