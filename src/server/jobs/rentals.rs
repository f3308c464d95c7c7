//! Charges rental when it is due, settles what was missed once there is money, and takes unpaid rentals up their ladder.
//!
//! Small transactions, one after the other: others write in between, and a server that is stopped goes on where it was.

use crate::domain::audit::{Actor, Channel};
use crate::server::error::{Error, Result};
use crate::server::services::recorder::Recorder;
use crate::server::services::rentals::{self, Batch};
use crate::server::state::AppState;
use crate::server::store;

/// Rentals of one transaction: few enough that the writer is free again within 50 ms.
pub const BATCH: usize = 96;
/// Transactions of one run for each of its parts.
const BATCHES: usize = 5_000;
/// Steps of the ladder of one transaction: each writes several rows of its own.
const STEPS: i64 = 32;

/// Does all that is to be done at this instant. Answers how many rentals were paid, failed or took a step.
///
/// # Errors
/// Faults of the store. What was done before stays done.
pub async fn run(state: &AppState) -> Result<u64> {
    let settled = settle(state).await?;
    let mut charged = 0;
    for _ in 0..BATCHES {
        let batch = charge(state, BATCH).await?;
        charged += batch.charged + batch.failed;
        if !batch.more {
            break;
        }
    }
    Ok(settled + charged + climb(state).await?)
}

fn recorder(state: &AppState) -> Recorder {
    Recorder::of(state, Actor::system("rentals"), Channel::Job)
}

/// One transaction of charges that are due.
///
/// # Errors
/// Faults of the store; nothing of the batch is then written.
pub async fn charge(state: &AppState, limit: usize) -> Result<Batch> {
    let (recorder, settings) = (recorder(state), state.settings.clone());
    let now = state.now();
    let any = {
        let mut connection = state.db.read().await?;
        !store::rentals::due(&mut connection, now, 1).await?.is_empty()
    };
    if !any {
        return Ok(Batch::default());
    }
    state.db.write(async move |connection| rentals::charge_in(connection, &recorder, &settings, limit).await).await
}

/// Money can become available in other ways than by a credit: an order that fails gives back what was set aside for it.
async fn settle(state: &AppState) -> Result<u64> {
    let mut settled = 0;
    for _ in 0..BATCHES {
        let able = {
            let mut connection = state.db.read().await?;
            store::rentals::able_to_settle(&mut connection, state.now(), STEPS).await?
        };
        if able.is_empty() {
            break;
        }
        let before = settled;
        for organization_id in able {
            let recorder = recorder(state);
            settled += state.db.write(async move |connection| rentals::settle_in(connection, &recorder, &organization_id).await).await?;
        }
        if settled == before {
            break;
        }
    }
    Ok(settled)
}

async fn climb(state: &AppState) -> Result<u64> {
    let ladder = rentals::ladder(&state.settings);
    let mut climbed = 0;
    for _ in 0..BATCHES {
        let any = {
            let mut connection = state.db.read().await?;
            !store::rentals::on_the_ladder(&mut connection, &ladder, state.now(), 1).await?.is_empty()
        };
        if !any {
            break;
        }
        let (recorder, settings) = (recorder(state), state.settings.clone());
        let steps = state
            .db
            .write(async move |connection| Ok::<_, Error>(rentals::climb_in(connection, &recorder, &settings, STEPS).await?))
            .await?;
        if steps == 0 {
            break;
        }
        climbed += steps;
    }
    Ok(climbed)
}
