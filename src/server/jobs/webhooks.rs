//! Sends what webhook endpoints are still to be told. At least once: an attempt that never ended is due again after its lease.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::Instant;

use crate::domain::webhook::{GIVE_UP_AFTER_S, next_attempt};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::deliveries::{After, Attempt, Job};
use crate::server::webhooks::send::{self, Failure, Message};
use crate::server::webhooks::target::Policy;
use crate::server::webhooks::{payload, signature};

/// How often the job looks for what is due.
const INTERVAL: Duration = Duration::from_secs(1);
/// Attempts at once, and of these to one endpoint.
const AT_ONCE: i64 = 32;
const PER_ENDPOINT: i64 = 4;
/// Rounds of one run.
const ROUNDS: usize = 16;
/// Longer than an attempt can take.
const LEASE_S: i64 = 60;
/// How long the log keeps what has ended.
const KEPT_DAYS: i64 = 30;
/// Rows that one sweep forgets.
const FORGOTTEN: i64 = 500;

/// Sends what is due until the task is dropped. A round that fails is logged, and the next one tries again.
pub async fn forever(state: AppState) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = run(&state).await {
            tracing::error!(%error, "webhooks could not be sent");
        }
    }
}

/// Sends what is due now. Answers how many attempts were made.
///
/// # Errors
/// Faults of the store. A receiver in trouble is no error: its delivery waits for its next attempt.
pub async fn run(state: &AppState) -> Result<u64> {
    let mut attempts = 0;
    for _ in 0..ROUNDS {
        let now = state.now();
        let due = {
            let mut connection = state.db.read().await?;
            store::deliveries::any_due(&mut connection, now).await?
        };
        if !due {
            break;
        }
        let leased_until = now.plus_seconds(LEASE_S);
        let jobs = state
            .db
            .write(async move |connection| {
                Ok::<_, Error>(store::deliveries::take(connection, PER_ENDPOINT, AT_ONCE, leased_until, now).await?)
            })
            .await?;
        attempts += jobs.len() as u64;
        for noted in join_all(jobs.into_iter().map(|job| attempt(state, job))).await {
            noted?;
        }
    }
    Ok(attempts)
}

/// Forgets deliveries that ended a month ago. Answers how many.
///
/// # Errors
/// Faults of the store.
pub async fn forget(state: &AppState) -> Result<u64> {
    let before = state.now().plus_days(-KEPT_DAYS);
    state.db.write(async move |connection| Ok::<_, Error>(store::deliveries::forget(connection, before, FORGOTTEN).await?)).await
}

/// One attempt, written down when it is over.
async fn attempt(state: &AppState, job: Job) -> Result<()> {
    let at = state.now();
    let began = Instant::now();
    let outcome = match message(state, &job)? {
        Some(message) => send::send(&message, Policy::of(&state.settings)).await,
        None => Err(Failure::SecretUnreadable),
    };
    let attempt = Attempt {
        at,
        duration_ms: i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX),
        status: outcome.ok(),
        failure: outcome.err().map(|failure| failure.name().to_owned()),
    };
    let now = state.now();
    let after = match outcome {
        Ok(200..=299) => After::Delivered,
        _ => {
            let give_up_at = job.give_up_at.unwrap_or_else(|| at.plus_seconds(GIVE_UP_AFTER_S));
            let spread = i64::try_from(state.ids.below(100)).unwrap_or_default();
            next_attempt(now, job.failures.saturating_add(1), give_up_at, spread)
                .map_or(After::Failed, |due_at| After::Again { due_at, give_up_at })
        }
    };
    if after == After::Failed {
        tracing::warn!(delivery = %job.delivery_id, endpoint = %job.endpoint_id, "a webhook was given up after a day");
    }
    state
        .db
        .write(async move |connection| {
            Ok::<_, Error>(store::deliveries::note_attempt(connection, &job.delivery_id, &attempt, after, now).await?)
        })
        .await
}

/// The signed message, or none when the endpoint's secret cannot be read.
fn message(state: &AppState, job: &Job) -> Result<Option<Message>> {
    let now = state.now();
    let body = payload::body(job, &state.settings.currency).map_err(|error| Error::Internal(error.to_string()))?;
    let old = job.old_secret_sealed.as_deref().filter(|_| job.old_secret_until.is_some_and(|until| until > now));
    let sealed = std::iter::once(job.secret_sealed.as_str()).chain(old);
    let secrets: std::result::Result<Vec<String>, _> = sealed.map(|sealed| state.seal.unseal(&job.endpoint_id, sealed)).collect();
    let Ok(secrets) = secrets else { return Ok(None) };
    let timestamp_s = now.micros().div_euclid(crate::domain::time::MICROS_PER_SECOND);
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let signature = signature::header(&secrets, &job.event_id, timestamp_s, &body);
    Ok(signature.map(|signature| Message { url: job.url.clone(), id: job.event_id.clone(), timestamp_s, signature, body }))
}
