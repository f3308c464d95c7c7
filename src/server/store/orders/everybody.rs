//! Orders of all organizations with whose they are, for the operator's page: found by number, organization or reference, counted by state.

use sqlx::AnyConnection;

use super::{Order, OrderRow};
use crate::domain::order::{OrderState, Step};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store::numbers::TextFilter;

/// Which of them are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Every order.
    All,
    /// Those that recovery drives on by itself.
    UnderWay,
    /// Those in one state.
    In(OrderState),
}

impl Group {
    /// What the statements compare with; none for every order.
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::UnderWay => Some("under_way"),
            Self::In(state) => Some(state.name()),
        }
    }
}

/// An order and the name of its organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedOrder {
    pub order: Order,
    pub organization_name: String,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    order: OrderRow,
    organization_name: String,
}

impl TryFrom<ListedRow> for ListedOrder {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        Ok(Self { order: Order::try_from(row.order)?, organization_name: row.organization_name })
    }
}

/// One recorded step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStep {
    pub step: Step,
    /// What the carrier said, where it said something.
    pub detail: Option<String>,
    pub at: Timestamp,
}

macro_rules! source {
    () => {
        " FROM orders o JOIN organizations c ON c.id = o.organization_id \
         WHERE ($3 IS NULL OR o.e164 LIKE $1 OR o.e164 LIKE $2 OR LOWER(c.name) LIKE $3 ESCAPE '!' OR LOWER(o.id) LIKE $3 ESCAPE '!')"
    };
}

macro_rules! columns {
    () => {
        "SELECT o.id, o.e164, o.organization_id, o.sub_account_id, o.hold_id, o.agent_id, o.state, o.setup_micros, o.monthly_micros, \
         o.carrier_id, o.actor, o.failure, o.denials, o.last_denied_at, o.ownership_id, o.created_at, o.updated_at, \
         c.name AS organization_name"
    };
}

/// One page of a group, the latest first, from behind the instant and id of `after` on.
pub async fn everybody(
    connection: &mut AnyConnection,
    text: Option<&TextFilter>,
    group: Group,
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<ListedOrder>, StoreError> {
    let (at, id) = after.unzip();
    let rows: Vec<ListedRow> = sqlx::query_as(concat!(
        columns!(),
        source!(),
        " AND ($4 IS NULL OR o.state = $4 OR ($4 = 'under_way' AND o.state IN ('created', 'funded', 'ordered'))) \
         AND ($5 IS NULL OR o.created_at < $5 OR (o.created_at = $5 AND o.id < $6)) ORDER BY o.created_at DESC, o.id DESC LIMIT $7"
    ))
    .bind(text.and_then(|text| text.digits.clone()))
    .bind(text.and_then(|text| text.national.clone()))
    .bind(text.map(|text| text.words.clone()))
    .bind(group.name())
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(ListedOrder::try_from).collect()
}

/// How many orders stand in each state; states without one are missing.
pub async fn count_by_state(connection: &mut AnyConnection, text: Option<&TextFilter>) -> Result<Vec<(OrderState, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(concat!("SELECT o.state, COUNT(*)", source!(), " GROUP BY o.state"))
        .bind(text.and_then(|text| text.digits.clone()))
        .bind(text.and_then(|text| text.national.clone()))
        .bind(text.map(|text| text.words.clone()))
        .fetch_all(connection)
        .await?;
    let counted = |(name, count): (String, i64)| match OrderState::from_name(&name) {
        Some(state) => Ok((state, count)),
        None => Err(StoreError::Inconsistent { table: "orders", column: "state", id: name }),
    };
    rows.into_iter().map(counted).collect()
}

/// One order of any organization.
pub async fn find_listed(connection: &mut AnyConnection, id: &str) -> Result<Option<ListedOrder>, StoreError> {
    let sql = concat!(columns!(), " FROM orders o JOIN organizations c ON c.id = o.organization_id WHERE o.id = $1");
    let row: Option<ListedRow> = sqlx::query_as(sql).bind(id).fetch_optional(connection).await?;
    row.map(ListedOrder::try_from).transpose()
}

/// What was recorded of an order, in order.
pub async fn recorded_steps(connection: &mut AnyConnection, order_id: &str) -> Result<Vec<RecordedStep>, StoreError> {
    let rows: Vec<(String, Option<String>, i64)> =
        sqlx::query_as("SELECT step, detail, at FROM order_steps WHERE order_id = $1 ORDER BY position")
            .bind(order_id)
            .fetch_all(connection)
            .await?;
    let recorded = |(name, detail, at): (String, Option<String>, i64)| match Step::from_name(&name) {
        Some(step) => Ok(RecordedStep { step, detail, at: Timestamp::from_micros(at) }),
        None => Err(StoreError::Inconsistent { table: "order_steps", column: "step", id: order_id.to_owned() }),
    };
    rows.into_iter().map(recorded).collect()
}
