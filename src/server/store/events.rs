//! The timeline: what happened to a number, in one sequence over the installation.

use serde_json::Value;
use sqlx::AnyConnection;

use super::many::places;
use crate::domain::audit::{Actor, EventKind};
use crate::domain::time::Timestamp;
use crate::domain::webhook;
use crate::server::error::StoreError;

/// Events of one statement.
const ROWS: usize = 24;

/// An event to be written with the change it tells of.
#[derive(Debug)]
pub struct NewEvent<'a> {
    pub id: &'a str,
    pub organization_id: &'a str,
    pub ownership_id: Option<&'a str>,
    pub kind: EventKind,
    pub actor: &'a Actor,
    pub data: Value,
    pub at: Timestamp,
}

/// An event as it was written.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    pub sequence: i64,
    pub kind: EventKind,
    pub actor: String,
    pub data: Value,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: String,
    sequence: i64,
    kind: String,
    actor: String,
    data: String,
    at: i64,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "events", column, id: row.id.clone() };
        Ok(Self {
            kind: EventKind::from_name(&row.kind).ok_or_else(|| broken("kind"))?,
            data: serde_json::from_str(&row.data).map_err(|_| broken("data"))?,
            id: row.id,
            sequence: row.sequence,
            actor: row.actor,
            at: Timestamp::from_micros(row.at),
        })
    }
}

/// Writes an event with the next sequence number, and a delivery of it for each endpoint that asked for its kind. The one place where
/// webhooks begin: what is told is what was committed.
pub async fn append(connection: &mut AnyConnection, event: &NewEvent<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO events (id, sequence, organization_id, ownership_id, kind, actor, data, at) \
         VALUES ($1, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM events), $2, $3, $4, $5, $6, $7)",
    )
    .bind(event.id)
    .bind(event.organization_id)
    .bind(event.ownership_id)
    .bind(event.kind.name())
    .bind(&event.actor.name)
    .bind(event.data.to_string())
    .bind(event.at.micros())
    .execute(&mut *connection)
    .await?;
    if webhook::is_sent(event.kind) {
        super::deliveries::for_event(connection, event).await?;
    }
    Ok(())
}

/// Writes events in this order, with few statements for those that no webhook is told of.
pub async fn append_all(connection: &mut AnyConnection, events: &[NewEvent<'_>]) -> Result<(), StoreError> {
    if events.iter().any(|event| webhook::is_sent(event.kind)) {
        for event in events {
            append(connection, event).await?;
        }
        return Ok(());
    }
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(sequence) FROM events").fetch_one(&mut *connection).await?;
    let mut sequence = last.unwrap_or_default();
    for rows in events.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO events (id, sequence, organization_id, ownership_id, kind, actor, data, at) VALUES {}",
            places(rows.len(), 8)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for event in rows {
            sequence += 1;
            query = query
                .bind(event.id)
                .bind(sequence)
                .bind(event.organization_id)
                .bind(event.ownership_id)
                .bind(event.kind.name())
                .bind(&event.actor.name)
                .bind(event.data.to_string())
                .bind(event.at.micros());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The newest events of one ownership.
pub async fn of_ownership(connection: &mut AnyConnection, ownership_id: &str, limit: i64) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = sqlx::query_as(
        "SELECT id, sequence, kind, actor, data, at FROM events WHERE ownership_id = $1 ORDER BY at DESC, sequence DESC LIMIT $2",
    )
    .bind(ownership_id)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Event::try_from).collect()
}

/// One page of an ownership's events, the latest first, from behind the instant and sequence of `after` on.
pub async fn page_of_ownership(
    connection: &mut AnyConnection,
    ownership_id: &str,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let (at, sequence) = after.unzip();
    let rows: Vec<EventRow> = sqlx::query_as(
        "SELECT id, sequence, kind, actor, data, at FROM events WHERE ownership_id = $1 \
         AND ($2 IS NULL OR at < $2 OR (at = $2 AND sequence < $3)) ORDER BY at DESC, sequence DESC LIMIT $4",
    )
    .bind(ownership_id)
    .bind(at)
    .bind(sequence)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Event::try_from).collect()
}

/// How many events an ownership has.
pub async fn count_of_ownership(connection: &mut AnyConnection, ownership_id: &str) -> Result<i64, StoreError> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM events WHERE ownership_id = $1").bind(ownership_id).fetch_one(connection).await?;
    Ok(count)
}
