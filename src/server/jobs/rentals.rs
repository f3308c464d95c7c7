//! Charges rental when it is due, settles what was missed once there is money, and takes unpaid rentals up their ladder.
//!
//! Small transactions, one after the other: others write in between, and a server that is stopped goes on where it was.

use std::time::{Duration, Instant};

use crate::domain::audit::{Actor, Channel};
use crate::server::error::{Error, Result};
use crate::server::services::recorder::Recorder;
use crate::server::services::rentals::{self, Batch};
use crate::server::state::AppState;
use crate::server::store;

/// Transactions of one run for each of its parts.
const BATCHES: usize = 5_000;
/// Steps of the ladder of one transaction: each writes several rows of its own.
const STEPS: i64 = 32;

/// How many rentals one transaction takes: as many as this machine, with what else it does now, writes in [`Pace::AIM`]. Each commit
/// waits for the disk, so few large transactions are faster than many small ones; but nobody else writes while one runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    rentals: usize,
}

impl Pace {
    /// How long a transaction should keep the writer: a third of the 50 ms that it may, because one commit in a thousand takes three times as long.
    const AIM: Duration = Duration::from_millis(16);
    const FEWEST: usize = 32;
    const MOST: usize = 1_024;

    /// How a run begins.
    #[must_use]
    pub const fn new() -> Self {
        Self { rentals: 96 }
    }

    /// Rentals of the next transaction.
    #[must_use]
    pub const fn rentals(self) -> usize {
        self.rentals
    }

    /// The pace after a full transaction that kept the writer that long: no more than half as many again, so that one lucky commit is not
    /// followed by a long one, and no less than a third, so that one hiccup of the disk does not stop the run.
    #[must_use]
    pub fn after(self, held: Duration) -> Self {
        let fit = self.rentals as u128 * Self::AIM.as_micros() / held.as_micros().max(1);
        let fit = usize::try_from(fit).unwrap_or(Self::MOST);
        let rentals = fit.clamp(self.rentals / 3, self.rentals + self.rentals / 2);
        Self { rentals: rentals.clamp(Self::FEWEST, Self::MOST) }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}

/// Does all that is to be done at this instant. Answers how many rentals were paid, failed or took a step.
///
/// # Errors
/// Faults of the store. What was done before stays done.
pub async fn run(state: &AppState) -> Result<u64> {
    let settled = settle(state).await?;
    let (mut charged, mut pace) = (0, Pace::new());
    for _ in 0..BATCHES {
        let (batch, held) = charge(state, pace.rentals()).await?;
        charged += batch.charged + batch.failed;
        if !batch.more {
            break;
        }
        pace = pace.after(held);
    }
    Ok(settled + charged + climb(state).await?)
}

fn recorder(state: &AppState) -> Recorder {
    Recorder::of(state, Actor::system("rentals"), Channel::Job)
}

/// One transaction of charges that are due, and how long it kept the writer, its commit and whatever was committed with it included.
///
/// # Errors
/// Faults of the store; nothing of the batch is then written.
pub async fn charge(state: &AppState, limit: usize) -> Result<(Batch, Duration)> {
    let (recorder, settings) = (recorder(state), state.settings.clone());
    let now = state.now();
    let any = {
        let mut connection = state.db.read().await?;
        !store::rentals::due(&mut connection, now, 1).await?.is_empty()
    };
    if !any {
        return Ok((Batch::default(), Duration::ZERO));
    }
    let (batch, begun) = state
        .db
        .write(async move |connection| {
            let begun = Instant::now();
            Ok::<_, Error>((rentals::charge_in(connection, &recorder, &settings, limit).await?, begun))
        })
        .await?;
    Ok((batch, begun.elapsed()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_follows_the_machine() {
        let millis = Duration::from_millis;
        let after = |rentals: usize, held: u64| Pace { rentals }.after(millis(held)).rentals();
        assert_eq!(after(100, 16), 100, "as aimed at");
        assert_eq!((after(100, 12), after(100, 1)), (133, 150), "faster, but never twice as many at once");
        assert_eq!((after(300, 32), after(300, 1_000)), (150, 100), "slower, and down to a third after a hiccup");
        assert_eq!((after(32, 10_000), after(1_024, 0)), (Pace::FEWEST, Pace::MOST));
        let settled = (0..20).fold(Pace::new(), |pace, _| pace.after(Duration::from_micros(100 * pace.rentals() as u64)));
        assert_eq!(settled.rentals(), 160, "a machine that takes 100 \u{b5}s for each");
    }
}
