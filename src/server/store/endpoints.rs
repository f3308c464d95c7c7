//! Webhook endpoints: where an organization wants to be told, of what, and the sealed secret that signs it.

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::domain::webhook::EventFilter;
use crate::server::error::StoreError;

/// An endpoint without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub id: String,
    pub organization_id: String,
    pub url: String,
    pub events: EventFilter,
    pub disabled: bool,
    /// Until when deliveries are also signed with the secret before the last one.
    pub old_secret_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct EndpointRow {
    id: String,
    organization_id: String,
    url: String,
    events: String,
    disabled: i64,
    old_secret_until: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<EndpointRow> for Endpoint {
    type Error = StoreError;

    fn try_from(row: EndpointRow) -> Result<Self, StoreError> {
        let broken = |_| StoreError::Inconsistent { table: "webhook_endpoints", column: "events", id: row.id.clone() };
        Ok(Self {
            events: EventFilter::from_names(row.events.split_whitespace()).map_err(broken)?,
            id: row.id,
            organization_id: row.organization_id,
            url: row.url,
            disabled: row.disabled == 1,
            old_secret_until: row.old_secret_until.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

macro_rules! select_endpoint {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, url, events, disabled, old_secret_until, created_at, updated_at FROM webhook_endpoints \
             WHERE organization_id = $1 AND deleted_at IS NULL ",
            $rest
        )
    };
}

/// Writes an endpoint with its sealed secret.
pub async fn insert(connection: &mut AnyConnection, endpoint: &Endpoint, secret_sealed: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO webhook_endpoints (id, organization_id, url, events, secret_sealed, disabled, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&endpoint.id)
    .bind(&endpoint.organization_id)
    .bind(&endpoint.url)
    .bind(endpoint.events.names().join(" "))
    .bind(secret_sealed)
    .bind(i64::from(endpoint.disabled))
    .bind(endpoint.created_at.micros())
    .bind(endpoint.updated_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// One endpoint of an organization that is not deleted.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<Endpoint>, StoreError> {
    let row: Option<EndpointRow> =
        sqlx::query_as(select_endpoint!("AND id = $2")).bind(organization_id).bind(id).fetch_optional(connection).await?;
    row.map(Endpoint::try_from).transpose()
}

/// The endpoints of an organization, newest first, below the endpoint `after` (its time and id).
pub async fn list(
    connection: &mut AnyConnection,
    organization_id: &str,
    after: Option<(Timestamp, &str)>,
    limit: i64,
) -> Result<Vec<Endpoint>, StoreError> {
    let rows: Vec<EndpointRow> =
        sqlx::query_as(select_endpoint!("AND ($2 IS NULL OR (created_at, id) < ($2, $3)) ORDER BY created_at DESC, id DESC LIMIT $4"))
            .bind(organization_id)
            .bind(after.map(|(at, _)| at.micros()))
            .bind(after.map(|(_, id)| id.to_owned()))
            .bind(limit)
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(Endpoint::try_from).collect()
}

/// How many endpoints an organization has.
pub async fn count(connection: &mut AnyConnection, organization_id: &str) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM webhook_endpoints WHERE organization_id = $1 AND deleted_at IS NULL")
        .bind(organization_id)
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// Writes address, filter and switch. False when the endpoint is gone.
pub async fn edit(connection: &mut AnyConnection, endpoint: &Endpoint, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE webhook_endpoints SET url = $1, events = $2, disabled = $3, updated_at = $4 WHERE id = $5 AND deleted_at IS NULL",
    )
    .bind(&endpoint.url)
    .bind(endpoint.events.names().join(" "))
    .bind(i64::from(endpoint.disabled))
    .bind(now.micros())
    .bind(&endpoint.id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a new secret in place of the present one, which goes on signing until `old_until`; at once it ends where that is none.
pub async fn rotate(
    connection: &mut AnyConnection,
    id: &str,
    secret_sealed: &str,
    old_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE webhook_endpoints SET old_secret_sealed = CASE WHEN $1 IS NULL THEN NULL ELSE secret_sealed END, old_secret_until = $1, \
         secret_sealed = $2, updated_at = $3 WHERE id = $4 AND deleted_at IS NULL",
    )
    .bind(old_until.map(Timestamp::micros))
    .bind(secret_sealed)
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an endpoint; its secret goes at once. False when it was gone already.
pub async fn delete(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE webhook_endpoints SET deleted_at = $1, secret_sealed = '', old_secret_sealed = NULL, old_secret_until = NULL \
         WHERE id = $2 AND deleted_at IS NULL",
    )
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
