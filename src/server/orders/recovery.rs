//! Finishes or undoes orders that nobody drives any more: at start, after a crash, and each minute.

use super::engine;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;

/// Orders in one run.
const BATCH: i64 = 100;

/// Drives left-over orders on; answers how many were looked at.
///
/// # Errors
/// When the list cannot be read. Which of them are still in the hands of a request is the plan's to say; one order that cannot be driven is logged and does not keep the others waiting.
pub async fn run(state: &AppState) -> Result<u64> {
    let mut connection = state.db.read().await?;
    let orders = store::orders::live(&mut connection, BATCH).await?;
    drop(connection);
    let mut looked_at = 0;
    for order in orders {
        let id = order.id.clone();
        if let Err(error) = engine::recover(state, order).await {
            tracing::error!(order.id = %id, %error, "order cannot be driven on");
        }
        looked_at += 1;
    }
    Ok(looked_at)
}
