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

/// Which calls to list.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// None for those of all organizations.
    pub organization_id: Option<String>,
    /// Only calls of numbers that are in that sub-account.
    pub sub_account_id: Option<String>,
    pub e164: Option<String>,
    pub direction: Option<Direction>,
    /// Calls that started then or later.
    pub from: Option<Timestamp>,
    /// Calls that started before.
    pub until: Option<Timestamp>,
}

/// A call with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCall {
    pub call: Call,
    pub e164: String,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    call: CallRow,
    e164: String,
}

/// The filter as SQL over `$1` to `$6`, the same for rows and count.
macro_rules! filtered {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " FROM calls c JOIN owned_numbers n ON n.id = c.ownership_id \
             WHERE ($1 IS NULL OR n.organization_id = $1) AND ($2 IS NULL OR n.sub_account_id = $2) AND ($3 IS NULL OR n.e164 = $3) \
             AND ($4 IS NULL OR c.direction = $4) AND ($5 IS NULL OR c.started_at >= $5) AND ($6 IS NULL OR c.started_at < $6)",
            $tail
        )
    };
}

/// Binds a [`CallFilter`] to `$1` to `$6`.
macro_rules! bind_filter {
    ($query:expr, $filter:expr) => {
        $query
            .bind(&$filter.organization_id)
            .bind(&$filter.sub_account_id)
            .bind(&$filter.e164)
            .bind($filter.direction.map(|direction| direction.name().to_owned()))
            .bind($filter.from.map(Timestamp::micros))
            .bind($filter.until.map(Timestamp::micros))
    };
}

/// The calls that the filter lets through, the latest start first, below the call `after` (its start and id).
pub async fn list(
    connection: &mut AnyConnection,
    filter: &CallFilter,
    after: Option<&(i64, String)>,
    limit: i64,
) -> Result<Vec<ListedCall>, StoreError> {
    let query = sqlx::query_as(filtered!(
        "SELECT c.id AS id, c.key_owner AS key_owner, c.call_id AS call_id, c.ownership_id AS ownership_id, c.direction AS direction, \
         c.started_at AS started_at, c.ended_at AS ended_at, c.created_at AS created_at, n.e164 AS e164",
        " AND ($7 IS NULL OR (c.started_at, c.id) < ($7, $8)) ORDER BY c.started_at DESC, c.id DESC LIMIT $9"
    ));
    let rows: Vec<ListedRow> = bind_filter!(query, filter)
        .bind(after.map(|(at, _)| *at))
        .bind(after.map(|(_, id)| id.clone()))
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|row| Ok(ListedCall { call: row.call.try_into()?, e164: row.e164 })).collect()
}

/// How many calls the filter lets through.
pub async fn count(connection: &mut AnyConnection, filter: &CallFilter) -> Result<i64, StoreError> {
    Ok(bind_filter!(sqlx::query_scalar(filtered!("SELECT COUNT(*)", "")), filter).fetch_one(connection).await?)
}

/// How many calls of the ownership started on each of `days` days from `since` on, the earliest first. What starts later counts on the last one.
pub async fn by_day(connection: &mut AnyConnection, ownership_id: &str, since: Timestamp, days: usize) -> Result<Vec<u64>, StoreError> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT (started_at - $2) / 86400000000, COUNT(*) FROM calls WHERE ownership_id = $1 AND started_at >= $2 \
         GROUP BY (started_at - $2) / 86400000000",
    )
    .bind(ownership_id)
    .bind(since.micros())
    .fetch_all(connection)
    .await?;
    let mut counts = vec![0; days];
    for (day, count) in rows {
        let day = usize::try_from(day).unwrap_or_default().min(days.saturating_sub(1));
        if let Some(of_day) = counts.get_mut(day) {
            *of_day += u64::try_from(count).unwrap_or_default();
        }
    }
    Ok(counts)
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
