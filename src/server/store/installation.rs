//! The one row that says what this database is: demo or not, and its currency (R24).

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// What the database says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    pub demo: bool,
    pub currency: String,
}

#[derive(sqlx::FromRow)]
struct InstallationRow {
    demo: i64,
    currency: String,
}

/// The row, or none in a database that was never served.
pub async fn find(connection: &mut AnyConnection) -> Result<Option<Installation>, StoreError> {
    let row: Option<InstallationRow> =
        sqlx::query_as("SELECT demo, currency FROM installation WHERE id = 1").fetch_optional(connection).await?;
    Ok(row.map(|row| Installation { demo: row.demo == 1, currency: row.currency }))
}

/// Writes the row once; false when there is one already.
pub async fn insert(connection: &mut AnyConnection, installation: &Installation, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("INSERT INTO installation (id, demo, currency, created_at) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING")
        .bind(i64::from(installation.demo))
        .bind(&installation.currency)
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether somebody has used the database before: it has people, organizations or stock.
pub async fn is_in_use(connection: &mut AnyConnection) -> Result<bool, StoreError> {
    let rows: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM (SELECT id FROM users LIMIT 1) AS people) \
              + (SELECT COUNT(*) FROM (SELECT id FROM organizations LIMIT 1) AS clients) \
              + (SELECT COUNT(*) FROM (SELECT e164 FROM inventory LIMIT 1) AS stock)",
    )
    .fetch_one(connection)
    .await?;
    Ok(rows > 0)
}
