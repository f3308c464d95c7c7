//! The drift check: which of the caller's numbers fail or cost money quietly. It is read, never stored, so it is never out of date.

use sqlx::AnyConnection;

use crate::domain::number::drift::IDLE_DAYS;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::Drifts;

/// What has drifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftReport {
    pub now: Timestamp,
    pub found: Drifts,
}

/// A number that was called, or else bought, before this instant is idle.
#[must_use]
pub fn idle_before(now: Timestamp) -> Timestamp {
    now.plus_days(-IDLE_DAYS)
}

/// Checks all numbers of the caller.
///
/// # Errors
/// Only when the store fails.
pub async fn drift(state: &AppState, caller: &Caller) -> Result<DriftReport> {
    let mut connection = state.db.read().await?;
    report(&mut connection, caller, state.now()).await
}

/// [`drift`] on a connection that is open.
pub(super) async fn report(connection: &mut AnyConnection, caller: &Caller, now: Timestamp) -> Result<DriftReport> {
    let only = caller.sub_account_id.as_deref();
    Ok(DriftReport { now, found: store::numbers::drifts(connection, &caller.organization_id, only, idle_before(now)).await? })
}
