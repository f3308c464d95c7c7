//! Compares the search index with the database, once an hour (R30).

use std::time::Duration;

use crate::server::error::Result;
use crate::server::state::AppState;

/// How often.
const INTERVAL: Duration = Duration::from_secs(3_600);

/// Compares once; answers 1 when the index had missed something, which is then mended.
///
/// # Errors
/// Faults of the store.
pub async fn run(state: &AppState) -> Result<u64> {
    let mut connection = state.db.read().await?;
    let differed = state.stock.compare(&mut connection).await?;
    if differed {
        tracing::error!("the search index had missed a change; it was read anew");
    }
    Ok(u64::from(differed))
}

/// Compares each hour until the task is dropped; at start the index has just been read.
pub async fn every_hour(state: AppState) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        super::note("search index", run(&state).await);
    }
}
