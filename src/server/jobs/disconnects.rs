//! Ends released numbers for good: when the recovery window is over the carrier is told, then the number ages (R14, R15).
//!
//! Two steps, with the carrier's call between two transactions. A crash in between leaves the mark of the first step, and the next
//! run tells the carrier again, which is safe: it knows the reference.

use serde_json::json;

use crate::domain::audit::{Actor, Channel, EventKind};
use crate::domain::number::{OwnedStatus, Source};
use crate::domain::time::Timestamp;
use crate::server::error::{CarrierError, Error, Result};
use crate::server::services::recorder::Recorder;
use crate::server::services::releasing::aging_end;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::OwnedNumber;

/// A restore that was sent in the last second still wins: the carrier is told a minute after the window.
const MARGIN_S: i64 = 60;
/// Numbers of one run.
const BATCH: i64 = 200;

/// Disconnects what is due. Answers how many numbers left.
///
/// # Errors
/// When the store fails. A carrier in trouble is logged, and its numbers wait for the next run.
pub async fn run(state: &AppState) -> Result<u64> {
    let ended_before = state.now().plus_seconds(-MARGIN_S);
    let due = {
        let mut connection = state.db.read().await?;
        store::numbers::window_ended(&mut connection, ended_before, BATCH).await?
    };
    let mut gone = 0;
    for number in due {
        if start(state, &number).await? && tell_carrier(state, &number).await? && finish(state, &number).await? {
            gone += 1;
        }
    }
    Ok(gone)
}

/// Imported numbers rest nowhere: they were never in stock.
fn aging_until(state: &AppState, number: &OwnedNumber) -> Option<Timestamp> {
    let window_end = number.recoverable_until?;
    (number.source == Source::Purchased).then(|| number.aging_until.unwrap_or_else(|| aging_end(&state.settings, window_end)))
}

/// Marks the number, so that no restore is possible any more. False when a restore was faster.
async fn start(state: &AppState, number: &OwnedNumber) -> Result<bool> {
    if matches!(&number.status, OwnedStatus::Released(recovery) if recovery.disconnect_started_at.is_some()) {
        return Ok(true);
    }
    let (id, now, aging_until) = (number.id.clone(), state.now(), aging_until(state, number));
    state.db.write(async move |connection| Ok::<_, Error>(store::numbers::start_disconnect(connection, &id, aging_until, now).await?)).await
}

/// Gives the number back to its carrier. False when that is to be tried again.
async fn tell_carrier(state: &AppState, number: &OwnedNumber) -> Result<bool> {
    if number.source == Source::Imported {
        return Ok(true);
    }
    let row = {
        let mut connection = state.db.read().await?;
        store::inventory::find(&mut connection, &number.e164).await?
    };
    let Some(row) = row else { return Ok(true) };
    match state.carriers.get(&row.carrier_id).disconnect(&number.id, &number.e164).await {
        Ok(()) | Err(CarrierError::Gone) => Ok(true),
        Err(error) => {
            tracing::warn!(number = %number.id, carrier = %row.carrier_id, %error, "the carrier did not take a number back; it is tried again");
            Ok(false)
        }
    }
}

/// Ends the ownership and starts the aging of the stock row. False when another run was faster.
async fn finish(state: &AppState, number: &OwnedNumber) -> Result<bool> {
    let recorder = Recorder::of(state, Actor::system("disconnects"), Channel::Job);
    let (number, aging_until) = (number.clone(), aging_until(state, number));
    state
        .db
        .write(async move |connection| {
            let now = recorder.now();
            if !store::numbers::finish_disconnect(connection, &number.id, now).await? {
                return Ok(false);
            }
            if let Some(until) = aging_until {
                let place = number.restore_sub_account_id.as_deref();
                store::inventory::start_aging(connection, &number.e164, &number.organization_id, place, until, now).await?;
            }
            let data = json!({ "agingUntil": aging_until.map(Timestamp::rfc3339) });
            recorder.event(connection, &number, EventKind::NumberGone, data).await?;
            Ok::<_, Error>(true)
        })
        .await
}
