//! Sweeps lapsed holds and tells of those that end soon. No rule depends on it: a lapsed hold counts as free at once.

use crate::server::error::{Result, StoreError};
use crate::server::state::AppState;
use crate::server::store;

/// Rows in one transaction.
const BATCH: i64 = 500;

/// How long before its end a hold is told of.
const NOTICE_S: i64 = 300;

/// Turns lapsed holds to `expired` and tells of the ends to come; answers how many holds that were.
///
/// # Errors
/// Faults of the store.
pub async fn run(state: &AppState) -> Result<u64> {
    let (now, ids) = (state.now(), state.ids.clone());
    let done = state
        .db
        .write(async move |connection| {
            let new_id = || ids.next(now);
            let swept = store::holds::sweep(connection, BATCH, &new_id, now).await?;
            let told = store::holds::tell_expiring(connection, now.plus_seconds(NOTICE_S), BATCH, &new_id, now).await?;
            Ok::<_, StoreError>(swept + told)
        })
        .await?;
    Ok(done)
}
