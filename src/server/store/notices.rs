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
