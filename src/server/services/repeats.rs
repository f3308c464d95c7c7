//! Requests that carry an `Idempotency-Key` (R5, R11): one effect, and the same answer to every repeat.
//!
//! The row is written in the transaction of the effect, by whatever service has it; docs/decisions/0006 tells how, and what
//! happens when an answer gets lost.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use sqlx::AnyConnection;

use crate::domain::code::Code;
use crate::domain::time::Timestamp;
use crate::server::db::companion::{self, Companion};
use crate::server::error::{Error, Result, StoreError};
use crate::server::state::AppState;
use crate::server::store;

pub use crate::server::store::idempotency::{Answer, RequestKey};

/// Days in which a repeat is answered.
const KEPT_DAYS: i64 = 30;
/// Rows that one run of the sweep forgets.
const SWEPT_AT_ONCE: i64 = 5_000;

/// The requests that this process is answering now.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<RequestKey>>>);

/// The mark that a request is being answered; gone when it is dropped.
#[derive(Debug)]
pub struct Mark {
    all: InFlight,
    key: RequestKey,
}

impl InFlight {
    /// Marks a request, or none when it is being answered already.
    #[must_use]
    pub fn mark(&self, key: &RequestKey) -> Option<Mark> {
        let new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        new.then(|| Mark { all: self.clone(), key: key.clone() })
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// What is known about a request before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is new.
    New,
    /// Its order was made; whoever carries it out again joins that order.
    Ordered,
    /// It was answered.
    Answered(Answer),
}

/// Looks a request up.
///
/// # Errors
/// `idempotency_key_reused` for another body under the key, `answer_lost` for a request whose effect is there and whose answer is
/// not: the process ended, or the disk was full, between the two.
pub async fn look_up(state: &AppState, key: &RequestKey) -> Result<Known> {
    let mut connection = state.db.read().await?;
    let Some(known) = store::idempotency::find(&mut connection, key).await? else { return Ok(Known::New) };
    if known.request_hash != key.request_hash {
        return Err(Code::IdempotencyKeyReused.into());
    }
    match (known.status, known.body, known.order_id) {
        (Some(status), Some(body), _) => {
            let status = u16::try_from(status).map_err(|error| Error::Internal(error.to_string()))?;
            Ok(Known::Answered(Answer { status, body, location: known.location }))
        }
        (_, None, Some(_)) => Ok(Known::Ordered),
        _ => Err(Code::AnswerLost.into()),
    }
}

/// Runs `task` so that the row of the request is written with its first write.
pub async fn along<F: Future>(key: RequestKey, dialect: &'static str, now: Timestamp, task: F) -> F::Output {
    companion::with(Arc::new(Row { key, dialect, now, written: AtomicBool::new(false) }), task).await
}

/// The row of a request, as the companion of its effect.
struct Row {
    key: RequestKey,
    dialect: &'static str,
    now: Timestamp,
    written: AtomicBool,
}

impl Companion for Row {
    fn is_waiting(&self) -> bool {
        !self.written.load(Ordering::Acquire)
    }

    fn write<'c>(&'c self, connection: &'c mut AnyConnection) -> LocalBoxFuture<'c, std::result::Result<(), StoreError>> {
        async move {
            let begun = store::idempotency::begin(connection, &self.key, None, self.dialect, self.now).await;
            // Only the key is unique in that table: somebody was faster with the same request.
            begun.map_err(|error| if error.is_unique_violation() { StoreError::Repeated } else { error })
        }
        .boxed_local()
    }

    fn committed(&self) {
        self.written.store(true, Ordering::Release);
    }
}

/// Stores the answer of a request, and gives back what every repeat is answered: the one that was stored first.
///
/// # Errors
/// Faults of the store. The effect stands all the same.
pub async fn settle(state: &AppState, key: &RequestKey, answer: Answer, dialect: &'static str) -> Result<Answer> {
    let (now, row, stored) = (state.now(), key.clone(), answer.clone());
    state
        .db
        .write(async move |connection| {
            // A request that had nothing to write has no row yet.
            if store::idempotency::find(connection, &row).await?.is_none() {
                store::idempotency::begin(connection, &row, None, dialect, now).await?;
            }
            Ok::<_, Error>(store::idempotency::answer(connection, &row, &stored, now).await?)
        })
        .await?;
    match look_up(state, key).await? {
        Known::Answered(answer) => Ok(answer),
        Known::New | Known::Ordered => Ok(answer),
    }
}

/// Forgets requests that nobody may repeat any more.
///
/// # Errors
/// Faults of the store.
pub async fn sweep(state: &AppState) -> Result<u64> {
    let before = state.now().plus_days(-KEPT_DAYS);
    state.db.write(async move |connection| Ok(store::idempotency::forget_before(connection, before, SWEPT_AT_ONCE).await?)).await
}
