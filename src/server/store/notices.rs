//! Notices to an organization: the channel that always exists (R43).

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Writes a notice. `kind` is the name of what happened, `body` a sentence for people.
pub async fn append(
    connection: &mut AnyConnection,
    id: &str,
    organization_id: &str,
    kind: &str,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO notices (id, organization_id, kind, body, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(organization_id)
        .bind(kind)
        .bind(body)
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// Something that an organization was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub id: String,
    /// The name of what happened.
    pub kind: String,
    /// A sentence for people.
    pub body: String,
    pub at: Timestamp,
    /// None until somebody said that it was read.
    pub read_at: Option<Timestamp>,
}

/// The notices of an organization, the latest first, from behind the instant and id of `after` on.
pub async fn page(
    connection: &mut AnyConnection,
    organization_id: &str,
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Notice>, StoreError> {
    let (at, id) = after.unzip();
    let rows: Vec<(String, String, String, i64, Option<i64>)> = sqlx::query_as(
        "SELECT id, kind, body, at, read_at FROM notices WHERE organization_id = $1 \
         AND ($2 IS NULL OR at < $2 OR (at = $2 AND id < $3)) ORDER BY at DESC, id DESC LIMIT $4",
    )
    .bind(organization_id)
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let notice = |(id, kind, body, at, read_at): (String, String, String, i64, Option<i64>)| Notice {
        id,
        kind,
        body,
        at: Timestamp::from_micros(at),
        read_at: read_at.map(Timestamp::from_micros),
    };
    Ok(rows.into_iter().map(notice).collect())
}

/// How many notices an organization has, and how many of them nobody has read.
pub async fn count(connection: &mut AnyConnection, organization_id: &str) -> Result<(i64, i64), StoreError> {
    Ok(sqlx::query_as("SELECT COUNT(*), COUNT(*) - COUNT(read_at) FROM notices WHERE organization_id = $1")
        .bind(organization_id)
        .fetch_one(connection)
        .await?)
}

/// Marks one notice as read, or all of an organization.
pub async fn mark_read(connection: &mut AnyConnection, organization_id: &str, id: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE notices SET read_at = $1 WHERE organization_id = $2 AND read_at IS NULL AND ($3 IS NULL OR id = $3)")
        .bind(now.micros())
        .bind(organization_id)
        .bind(id.map(str::to_owned))
        .execute(connection)
        .await?;
    Ok(())
}
