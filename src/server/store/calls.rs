//! Calls as the switch reported them. Each belongs to an ownership, not to an E.164 (R12).

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody called the number.
    Inbound,
    /// The number called somebody.
    Outbound,
}

impl Direction {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }

    /// The direction with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Inbound, Self::Outbound].into_iter().find(|direction| direction.name() == name)
    }
}

/// A call. `call_id` is the switch's, unique for each owner of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub id: String,
    /// The organization whose key reported it, or `platform`.
    pub key_owner: String,
    pub call_id: String,
    pub ownership_id: String,
    pub direction: Direction,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct CallRow {
    id: String,
    key_owner: String,
    call_id: String,
    ownership_id: String,
    direction: String,
    started_at: i64,
    ended_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<CallRow> for Call {
    type Error = StoreError;

    fn try_from(row: CallRow) -> Result<Self, StoreError> {
        let direction = Direction::from_name(&row.direction);
        let direction = direction.ok_or_else(|| StoreError::Inconsistent { table: "calls", column: "direction", id: row.id.clone() })?;
        Ok(Self {
            direction,
            id: row.id,
            key_owner: row.key_owner,
            call_id: row.call_id,
            ownership_id: row.ownership_id,
            started_at: Timestamp::from_micros(row.started_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

/// Writes a call.
pub async fn insert(connection: &mut AnyConnection, call: &Call) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO calls (id, key_owner, call_id, ownership_id, direction, started_at, ended_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&call.id)
    .bind(&call.key_owner)
    .bind(&call.call_id)
    .bind(&call.ownership_id)
    .bind(call.direction.name())
    .bind(call.started_at.micros())
    .bind(call.ended_at.map(Timestamp::micros))
    .bind(call.created_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// The call that this owner of keys reported under that id.
pub async fn find(connection: &mut AnyConnection, key_owner: &str, call_id: &str) -> Result<Option<Call>, StoreError> {
    let row: Option<CallRow> = sqlx::query_as(
        "SELECT id, key_owner, call_id, ownership_id, direction, started_at, ended_at, created_at FROM calls \
         WHERE key_owner = $1 AND call_id = $2",
    )
    .bind(key_owner)
    .bind(call_id)
    .fetch_optional(connection)
    .await?;
    row.map(Call::try_from).transpose()
}

/// How many calls of the ownership started at `since` or later.
pub async fn count_since(connection: &mut AnyConnection, ownership_id: &str, since: Timestamp) -> Result<u64, StoreError> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM calls WHERE ownership_id = $1 AND started_at >= $2")
        .bind(ownership_id)
        .bind(since.micros())
        .fetch_one(connection)
        .await?;
    Ok(u64::try_from(count).unwrap_or_default())
}
