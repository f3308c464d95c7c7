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
