//! Named values that the installation remembers, such as what was done once.

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// The value of that name.
pub async fn find(connection: &mut AnyConnection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT value FROM settings WHERE name = $1").bind(name).fetch_optional(connection).await?)
}

/// Writes a value in place of the one before.
pub async fn set(connection: &mut AnyConnection, name: &str, value: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
    )
    .bind(name)
    .bind(value)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets the value of that name.
pub async fn remove(connection: &mut AnyConnection, name: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM settings WHERE name = $1").bind(name).execute(connection).await?;
    Ok(())
}
