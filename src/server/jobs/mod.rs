//! What runs by itself: a file a job, each with a bounded `run(&AppState)`. This module only says when; webhooks, which wait for
//! others, and the comparison of the search index have tasks of their own.

pub mod aging;
pub mod cool_offs;
pub mod disconnects;
pub mod holds;
pub mod rentals;
pub mod search;
pub mod webhooks;

use std::time::Duration;

use super::error::Result;
use super::orders::recovery;
use super::services::{lookups, reloads, repeats};
use super::state::AppState;

/// How often the jobs run.
const INTERVAL: Duration = Duration::from_secs(60);

/// Runs every job once, in order. A job that fails is logged and does not keep the others from running.
pub async fn run_all(state: &AppState) {
    note("orders", recovery::run(state).await);
    note("holds", holds::run(state).await);
    note("rentals", rentals::run(state).await);
    note("payments", lookups::run(state).await);
    note("reloads", reloads::run(state).await);
    note("disconnects", disconnects::run(state).await);
    note("aging", aging::run(state).await);
    note("cool-offs", cool_offs::run(state).await);
    note("webhook log", webhooks::forget(state).await);
    note("repeats", repeats::sweep(state).await);
}

fn note(job: &'static str, outcome: Result<u64>) {
    match outcome {
        Ok(0) => {}
        Ok(rows) => tracing::info!(job, rows, "job did its work"),
        Err(error) => tracing::error!(job, %error, "job failed"),
    }
}

/// Runs the jobs each minute until the task is dropped. The first run, at start, is the caller's.
pub async fn every_minute(state: AppState) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        run_all(&state).await;
    }
}
