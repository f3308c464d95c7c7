//! Deliveries of events to webhook endpoints, and the log of their attempts. Signing and sending are not here.

use serde_json::Value;
use sqlx::AnyConnection;

use super::events::NewEvent;
use crate::domain::audit::EventKind;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Attempts that a page shows of one delivery.
const ATTEMPTS_SHOWN: i64 = 50;

/// Makes the deliveries of an event: one for each endpoint that is on and asked for its kind.
pub(super) async fn for_event(connection: &mut AnyConnection, event: &NewEvent<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO webhook_deliveries (id, endpoint_id, event_id, state, due_at, created_at) \
         SELECT $1 || '.' || id, id, $1, 'pending', $2, $2 FROM webhook_endpoints \
         WHERE organization_id = $3 AND disabled = 0 AND deleted_at IS NULL \
         AND (events = '' OR ' ' || events || ' ' LIKE '% ' || $4 || ' %')",
    )
    .bind(event.id)
    .bind(event.at.micros())
    .bind(event.organization_id)
    .bind(event.kind.name())
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes the delivery of an event to one endpoint, whatever that endpoint asked for; answers its id.
pub async fn for_endpoint(connection: &mut AnyConnection, endpoint_id: &str, event_id: &str, now: Timestamp) -> Result<String, StoreError> {
    let id = format!("{event_id}.{endpoint_id}");
    sqlx::query(
        "INSERT INTO webhook_deliveries (id, endpoint_id, event_id, state, due_at, created_at) VALUES ($1, $2, $3, 'pending', $4, $4)",
    )
    .bind(&id)
    .bind(endpoint_id)
    .bind(event_id)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(id)
}

/// Whether anything is due at `now`.
pub async fn any_due(connection: &mut AnyConnection, now: Timestamp) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT 1 FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id \
         WHERE d.state = 'pending' AND d.due_at <= $1 AND e.disabled = 0 LIMIT 1",
    )
    .bind(now.micros())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// What a sender needs for one attempt.
#[derive(Debug, Clone)]
pub struct Job {
    pub delivery_id: String,
    pub endpoint_id: String,
    pub url: String,
    pub secret_sealed: String,
    /// Signs too while it has not ended.
    pub old_secret_sealed: Option<String>,
    pub old_secret_until: Option<Timestamp>,
    pub event_id: String,
    pub sequence: i64,
    pub kind: EventKind,
    pub data: Value,
    pub at: Timestamp,
    pub number_id: Option<String>,
    pub e164: Option<String>,
    pub failures: u32,
    /// None before the first attempt.
    pub give_up_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    delivery_id: String,
    endpoint_id: String,
    url: String,
    secret_sealed: String,
    old_secret_sealed: Option<String>,
    old_secret_until: Option<i64>,
    event_id: String,
    sequence: i64,
    kind: String,
    data: String,
    at: i64,
    number_id: Option<String>,
    e164: Option<String>,
    failures: i64,
    give_up_at: Option<i64>,
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "events", column, id: row.event_id.clone() };
        Ok(Self {
            kind: EventKind::from_name(&row.kind).ok_or_else(|| broken("kind"))?,
            data: serde_json::from_str(&row.data).map_err(|_| broken("data"))?,
            delivery_id: row.delivery_id,
            endpoint_id: row.endpoint_id,
            url: row.url,
            secret_sealed: row.secret_sealed,
            old_secret_sealed: row.old_secret_sealed,
            old_secret_until: row.old_secret_until.map(Timestamp::from_micros),
            event_id: row.event_id,
            sequence: row.sequence,
            at: Timestamp::from_micros(row.at),
            number_id: row.number_id,
            e164: row.e164,
            failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            give_up_at: row.give_up_at.map(Timestamp::from_micros),
        })
    }
}

/// Takes at most `limit` due deliveries, at most `per_endpoint` of one endpoint so that a slow receiver keeps nobody waiting. Until
/// `leased_until` nobody else takes them; what never ends is then due again.
pub async fn take(
    connection: &mut AnyConnection,
    per_endpoint: i64,
    limit: i64,
    leased_until: Timestamp,
    now: Timestamp,
) -> Result<Vec<Job>, StoreError> {
    let taken: Vec<(String,)> = sqlx::query_as(
        "UPDATE webhook_deliveries SET due_at = $1 WHERE id IN (SELECT id FROM ( \
            SELECT d.id AS id, d.due_at AS due_at, ROW_NUMBER() OVER (PARTITION BY d.endpoint_id ORDER BY d.due_at, d.id) AS place \
            FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id \
            WHERE d.state = 'pending' AND d.due_at <= $2 AND e.disabled = 0) AS due \
         WHERE place <= $3 ORDER BY place, due_at, id LIMIT $4) RETURNING id",
    )
    .bind(leased_until.micros())
    .bind(now.micros())
    .bind(per_endpoint)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let mut jobs = Vec::with_capacity(taken.len());
    for (id,) in taken {
        let row: JobRow = sqlx::query_as(
            "SELECT d.id AS delivery_id, e.id AS endpoint_id, e.url AS url, e.secret_sealed AS secret_sealed, \
             e.old_secret_sealed AS old_secret_sealed, e.old_secret_until AS old_secret_until, v.id AS event_id, v.sequence AS sequence, \
             v.kind AS kind, v.data AS data, v.at AS at, n.id AS number_id, n.e164 AS e164, d.failures AS failures, d.give_up_at AS give_up_at \
             FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id JOIN events v ON v.id = d.event_id \
             LEFT JOIN owned_numbers n ON n.id = v.ownership_id WHERE d.id = $1",
        )
        .bind(&id)
        .fetch_one(&mut *connection)
        .await?;
        jobs.push(Job::try_from(row)?);
    }
    Ok(jobs)
}

/// How an attempt went: an answer's status, or the name of what kept one from coming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    pub duration_ms: i64,
    pub status: Option<u16>,
    pub failure: Option<String>,
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The receiver has it.
    Delivered,
    /// Tried again at `due_at`, until `give_up_at`.
    Again { due_at: Timestamp, give_up_at: Timestamp },
    /// Given up.
    Failed,
}

/// Writes down an attempt and what becomes of the delivery. A delivery that has ended in the meantime keeps its end.
pub async fn note_attempt(
    connection: &mut AnyConnection,
    delivery_id: &str,
    attempt: &Attempt,
    after: After,
    now: Timestamp,
) -> Result<(), StoreError> {
    let number: i64 = sqlx::query_scalar("UPDATE webhook_deliveries SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts")
        .bind(delivery_id)
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO webhook_attempts (delivery_id, attempt, at, duration_ms, status, failure) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(delivery_id)
        .bind(number)
        .bind(attempt.at.micros())
        .bind(attempt.duration_ms)
        .bind(attempt.status.map(i64::from))
        .bind(attempt.failure.clone())
        .execute(&mut *connection)
        .await?;
    let (state, failed, due_at, give_up_at) = match after {
        After::Delivered => ("delivered", 0, None, None),
        After::Again { due_at, give_up_at } => ("pending", 1, Some(due_at.micros()), Some(give_up_at.micros())),
        After::Failed => ("failed", 1, None, None),
    };
    sqlx::query(
        "UPDATE webhook_deliveries SET state = $1, failures = failures + $2, due_at = COALESCE($3, due_at), \
         give_up_at = COALESCE($4, give_up_at), ended_at = CASE WHEN $1 = 'pending' THEN NULL ELSE $5 END WHERE id = $6 AND state = 'pending'",
    )
    .bind(state)
    .bind(failed)
    .bind(due_at)
    .bind(give_up_at)
    .bind(now.micros())
    .bind(delivery_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Asks for a delivery anew: due now, and tried for a whole day again.
pub async fn ask_again(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhook_deliveries SET state = 'pending', failures = 0, due_at = $1, give_up_at = NULL, ended_at = NULL WHERE id = $2",
    )
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives up what is still to be told to an endpoint that goes.
pub async fn give_up_of(connection: &mut AnyConnection, endpoint_id: &str, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("UPDATE webhook_deliveries SET state = 'failed', ended_at = $1 WHERE endpoint_id = $2 AND state = 'pending'")
        .bind(now.micros())
        .bind(endpoint_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Forgets deliveries that ended before `before`, at most `limit`; answers how many.
pub async fn forget(connection: &mut AnyConnection, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let old = "SELECT id FROM webhook_deliveries WHERE ended_at < $1 ORDER BY ended_at, id LIMIT $2";
    sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM webhook_attempts WHERE delivery_id IN ({old})")))
        .bind(before.micros())
        .bind(limit)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM webhook_deliveries WHERE id IN ({old})")))
        .bind(before.micros())
        .bind(limit)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// A delivery as its log shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    pub endpoint_id: String,
    pub url: String,
    pub endpoint_disabled: bool,
    pub event_id: String,
    pub kind: EventKind,
    pub sequence: i64,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    pub attempts: u32,
    /// Of the last attempt.
    pub last: Option<Attempt>,
    /// While it is pending.
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    id: String,
    endpoint_id: String,
    url: String,
    disabled: i64,
    event_id: String,
    kind: String,
    sequence: i64,
    state: String,
    attempts: i64,
    last_at: Option<i64>,
    last_duration_ms: Option<i64>,
    last_status: Option<i64>,
    last_failure: Option<String>,
    due_at: i64,
    created_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let kind = EventKind::from_name(&row.kind);
        let last = row.last_at.zip(row.last_duration_ms).map(|(at, duration_ms)| Attempt {
            at: Timestamp::from_micros(at),
            duration_ms,
            status: row.last_status.and_then(|status| u16::try_from(status).ok()),
            failure: row.last_failure,
        });
        Ok(Self {
            kind: kind.ok_or_else(|| StoreError::Inconsistent { table: "events", column: "kind", id: row.event_id.clone() })?,
            due_at: (row.state == "pending").then(|| Timestamp::from_micros(row.due_at)),
            id: row.id,
            endpoint_id: row.endpoint_id,
            url: row.url,
            endpoint_disabled: row.disabled == 1,
            event_id: row.event_id,
            sequence: row.sequence,
            state: row.state,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            last,
            created_at: Timestamp::from_micros(row.created_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        })
    }
}

/// Deliveries to endpoints of an organization that are not deleted, over `$1`.
macro_rules! from_deliveries {
    ($head:literal, $rest:literal) => {
        concat!(
            $head,
            " FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id AND e.deleted_at IS NULL \
             JOIN events v ON v.id = d.event_id LEFT JOIN webhook_attempts a ON a.delivery_id = d.id AND a.attempt = d.attempts \
             WHERE e.organization_id = $1 ",
            $rest
        )
    };
}

macro_rules! select_delivery {
    ($rest:literal) => {
        from_deliveries!(
            "SELECT d.id AS id, d.endpoint_id AS endpoint_id, e.url AS url, e.disabled AS disabled, d.event_id AS event_id, v.kind AS kind, \
             v.sequence AS sequence, d.state AS state, d.attempts AS attempts, a.at AS last_at, a.duration_ms AS last_duration_ms, \
             a.status AS last_status, a.failure AS last_failure, d.due_at AS due_at, d.created_at AS created_at, d.ended_at AS ended_at",
            $rest
        )
    };
}

/// One delivery of an organization.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<Delivery>, StoreError> {
    let row: Option<DeliveryRow> =
        sqlx::query_as(select_delivery!("AND d.id = $2")).bind(organization_id).bind(id).fetch_optional(connection).await?;
    row.map(Delivery::try_from).transpose()
}

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    pub endpoint_id: Option<String>,
    /// `pending`, `delivered` or `failed`.
    pub state: Option<String>,
}

/// Deliveries of an organization, newest first, below the delivery `after` (its time and id).
pub async fn list(
    connection: &mut AnyConnection,
    organization_id: &str,
    filter: &DeliveryFilter,
    after: Option<(Timestamp, &str)>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let rows: Vec<DeliveryRow> = sqlx::query_as(select_delivery!(
        "AND ($2 IS NULL OR d.endpoint_id = $2) AND ($3 IS NULL OR d.state = $3) \
         AND ($4 IS NULL OR (d.created_at, d.id) < ($4, $5)) ORDER BY d.created_at DESC, d.id DESC LIMIT $6"
    ))
    .bind(organization_id)
    .bind(filter.endpoint_id.clone())
    .bind(filter.state.clone())
    .bind(after.map(|(at, _)| at.micros()))
    .bind(after.map(|(_, id)| id.to_owned()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

/// How many deliveries the filter lets through.
pub async fn count(connection: &mut AnyConnection, organization_id: &str, filter: &DeliveryFilter) -> Result<i64, StoreError> {
    let count =
        sqlx::query_scalar(from_deliveries!("SELECT COUNT(*)", "AND ($2 IS NULL OR d.endpoint_id = $2) AND ($3 IS NULL OR d.state = $3)"))
            .bind(organization_id)
            .bind(filter.endpoint_id.clone())
            .bind(filter.state.clone())
            .fetch_one(connection)
            .await?;
    Ok(count)
}

/// The newest attempts of a delivery, newest first.
pub async fn attempts(connection: &mut AnyConnection, delivery_id: &str) -> Result<Vec<Attempt>, StoreError> {
    let rows: Vec<(i64, i64, Option<i64>, Option<String>)> = sqlx::query_as(
        "SELECT at, duration_ms, status, failure FROM webhook_attempts WHERE delivery_id = $1 ORDER BY attempt DESC LIMIT $2",
    )
    .bind(delivery_id)
    .bind(ATTEMPTS_SHOWN)
    .fetch_all(connection)
    .await?;
    let attempt = |(at, duration_ms, status, failure): (i64, i64, Option<i64>, Option<String>)| Attempt {
        at: Timestamp::from_micros(at),
        duration_ms,
        status: status.and_then(|status| u16::try_from(status).ok()),
        failure,
    };
    Ok(rows.into_iter().map(attempt).collect())
}
