//! Ends the aging of stock rows: they become available, or withdrawn where the operator has marked them (R51).

use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;

/// Rows of one transaction.
const BATCH: i64 = 500;
/// Transactions of one run.
const BATCHES: usize = 20;

/// Ends what is due. Answers how many rows changed.
///
/// # Errors
/// When the store fails.
pub async fn run(state: &AppState) -> Result<u64> {
    let mut changed = 0;
    for _ in 0..BATCHES {
        let now = state.now();
        let ended =
            state.db.write(async move |connection| Ok::<_, Error>(store::inventory::end_aging(connection, now, BATCH).await?)).await?;
        if ended == 0 {
            break;
        }
        changed += ended;
    }
    Ok(changed)
}
