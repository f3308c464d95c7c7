//! Notices to an organization: the channel that always exists (R43).

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A notice to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewNotice<'a> {
    pub id: &'a str,
    pub organization_id: &'a str,
    /// The sub-account that is shown it too.
    pub sub_account_id: Option<&'a str>,
    /// The name of what happened.
    pub kind: &'a str,
    /// A sentence for people.
    pub body: &'a str,
    pub at: Timestamp,
}

/// Writes a notice.
pub async fn append(connection: &mut AnyConnection, notice: &NewNotice<'_>) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO notices (id, organization_id, sub_account_id, kind, body, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(notice.id)
        .bind(notice.organization_id)
        .bind(notice.sub_account_id)
        .bind(notice.kind)
        .bind(notice.body)
        .bind(notice.at.micros())
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
