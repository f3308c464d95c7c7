//! Requests that were answered once and are answered the same way again (R5, R11).

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Where a key counts and what it was sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// What was stored under the key, if anything was.
pub async fn find(connection: &mut AnyConnection, key: &RequestKey) -> Result<Option<Known>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT request_hash, order_id, status, body FROM idempotency \
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

/// Stores a key with the order that it made, before there is an answer.
pub async fn begin(
    connection: &mut AnyConnection,
    key: &RequestKey,
    order_id: &str,
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

/// Stores the answer of every key that waits for this order.
pub async fn answer_order(
    connection: &mut AnyConnection,
    order_id: &str,
    status: u16,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE idempotency SET status = $1, body = $2, answered_at = $3 WHERE order_id = $4")
        .bind(i64::from(status))
        .bind(body)
        .bind(now.micros())
        .bind(order_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets the keys of an order that failed: the same key may then succeed (product.md §6).
pub async fn forget_order(connection: &mut AnyConnection, order_id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM idempotency WHERE order_id = $1").bind(order_id).execute(connection).await?;
    Ok(())
}
