//! What the installation tells an organization (R43): reading it, and saying that it was read.

use super::caller::Caller;
use super::cursor::{self, Found};
use super::moving::parent_only;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::notices::Notice;

/// Rows of one page.
const PAGE: usize = 50;

/// One page of notices.
#[derive(Debug, Clone)]
pub struct Notices {
    pub now: Timestamp,
    pub found: Found<Notice>,
    /// Of all pages.
    pub unread: i64,
}

/// The notices of the caller's organization, the latest first.
///
/// # Errors
/// `role_too_low` for people of a sub-account, `validation` for a cursor of another list.
pub async fn list(state: &AppState, caller: &Caller, cursor: &str) -> Result<Notices> {
    parent_only(caller)?;
    let after = cursor::decode_at(Some(cursor))?;
    let mut connection = state.db.read().await?;
    let rows = store::notices::page(&mut connection, &caller.organization_id, after, cursor::rows(PAGE)).await?;
    let (total, unread) = store::notices::count(&mut connection, &caller.organization_id).await?;
    let found = Found::new(rows, total, PAGE, |row| cursor::encode(&[&row.at.micros().to_string(), &row.id]));
    Ok(Notices { now: state.now(), found, unread })
}

/// Marks one notice as read, or all of them. What is read already stays as it is.
///
/// # Errors
/// `role_too_low` for people of a sub-account.
pub async fn mark_read(state: &AppState, caller: &Caller, id: Option<&str>) -> Result<()> {
    parent_only(caller)?;
    let (organization_id, id, now) = (caller.organization_id.clone(), id.map(str::to_owned), state.now());
    state.db.write(async move |connection| store::notices::mark_read(connection, &organization_id, id.as_deref(), now).await).await?;
    Ok(())
}
