//! Requests that were answered once and are answered the same way again (R5, R11).

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Where a key counts and what it was sent with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKey {
    pub organization_id: String,
    /// Empty for the organization itself.
    pub sub_account_id: String,
    pub method: String,
    pub path: String,
    pub key: String,
    /// A hash of the body: the same key with another body is refused.
    pub request_hash: String,
}

/// What is known about a key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    pub request_hash: String,
    pub order_id: Option<String>,
    pub status: Option<i64>,
    pub body: Option<String>,
    pub location: Option<String>,
}

/// An answer as it is stored: what a repeat is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub location: Option<String>,
}

/// What was stored under the key, if anything was.
pub async fn find(connection: &mut AnyConnection, key: &RequestKey) -> Result<Option<Known>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT request_hash, order_id, status, body, location FROM idempotency \
         WHERE organization_id = $1 AND sub_account_id = $2 AND method = $3 AND path = $4 AND idempotency_key = $5",
    )
    .bind(&key.organization_id)
    .bind(&key.sub_account_id)
    .bind(&key.method)
    .bind(&key.path)
    .bind(&key.key)
    .fetch_optional(connection)
    .await?)
}

/// Stores a key, with the order that it made if it made one, before there is an answer.
pub async fn begin(
    connection: &mut AnyConnection,
    key: &RequestKey,
    order_id: Option<&str>,
    dialect: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO idempotency (organization_id, sub_account_id, method, path, idempotency_key, request_hash, order_id, dialect, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&key.organization_id)
    .bind(&key.sub_account_id)
    .bind(&key.method)
    .bind(&key.path)
    .bind(&key.key)
    .bind(&key.request_hash)
    .bind(order_id)
    .bind(dialect)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores the answer of a key, once: an answer that is there already stays.
pub async fn answer(connection: &mut AnyConnection, key: &RequestKey, answer: &Answer, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE idempotency SET status = $1, body = $2, location = $3, answered_at = $4 WHERE organization_id = $5 \
         AND sub_account_id = $6 AND method = $7 AND path = $8 AND idempotency_key = $9 AND body IS NULL",
    )
    .bind(i64::from(answer.status))
    .bind(&answer.body)
    .bind(&answer.location)
    .bind(now.micros())
    .bind(&key.organization_id)
    .bind(&key.sub_account_id)
    .bind(&key.method)
    .bind(&key.path)
    .bind(&key.key)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the order of these keys has ended well. The words of the answer are the caller's dialect: they follow with the first
/// answer that is given.
pub async fn answer_order(connection: &mut AnyConnection, order_id: &str, status: u16, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE idempotency SET status = $1, answered_at = $2 WHERE order_id = $3")
        .bind(i64::from(status))
        .bind(now.micros())
        .bind(order_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets what was asked before `before`, at most `limit` rows.
pub async fn forget_before(connection: &mut AnyConnection, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM idempotency WHERE (organization_id, sub_account_id, method, path, idempotency_key) IN \
         (SELECT organization_id, sub_account_id, method, path, idempotency_key FROM idempotency WHERE created_at < $1 \
         ORDER BY created_at LIMIT $2)",
    )
    .bind(before.micros())
    .bind(limit)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets the keys of an order that failed: the same key may then succeed (product.md §6).
pub async fn forget_order(connection: &mut AnyConnection, order_id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM idempotency WHERE order_id = $1").bind(order_id).execute(connection).await?;
    Ok(())
}
