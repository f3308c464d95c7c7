//! Tells of cool-offs that have ended by themselves. No rule depends on it: a cool-off ends when its time is over.

use serde_json::json;

use crate::domain::audit::{Actor, Channel, EventKind};
use crate::domain::cool_off;
use crate::server::error::{Error, Result};
use crate::server::services::cool_offs::running_after;
use crate::server::services::recorder::Recorder;
use crate::server::state::AppState;
use crate::server::store;

/// Numbers of one run.
const BATCH: i64 = 500;

/// Writes an event for each end, at the instant of the end. Answers how many.
///
/// # Errors
/// Faults of the store.
pub async fn run(state: &AppState) -> Result<u64> {
    let days = state.settings.cool_off_days;
    let called_by = running_after(state.now(), days);
    let any = {
        let mut connection = state.db.read().await?;
        !store::numbers::cooled_off(&mut connection, called_by, 1).await?.is_empty()
    };
    if !any {
        return Ok(0);
    }
    let recorder = Recorder::of(state, Actor::system("cool-offs"), Channel::Job);
    state
        .db
        .write(async move |connection| {
            let numbers = store::numbers::cooled_off(connection, called_by, BATCH).await?;
            for number in &numbers {
                let (Some(called_at), Some(ended_at)) = (number.last_call_at, cool_off::cool_off_until(number.last_call_at, days)) else {
                    continue;
                };
                store::numbers::cool_off_told(connection, &number.id, called_at).await?;
                let data = json!({
                    "subAccountId": number.sub_account_id,
                    "lastCallAt": called_at.rfc3339(),
                    "endedAt": ended_at.rfc3339(),
                });
                recorder.event_at(connection, number, EventKind::CoolOffEnded, data, ended_at).await?;
            }
            Ok::<_, Error>(numbers.len() as u64)
        })
        .await
}
