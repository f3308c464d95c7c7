//! Sweeps lapsed holds. Nothing depends on it: a lapsed hold counts as free at once.

use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;

/// Rows in one transaction.
const BATCH: i64 = 500;

/// Turns lapsed holds to `expired`; answers how many.
///
/// # Errors
/// Faults of the store.
pub async fn run(state: &AppState) -> Result<u64> {
    let now = state.now();
    Ok(state.db.write(async move |connection| store::holds::sweep(connection, BATCH, now).await).await?)
}
