//! The search over the stock: an index in memory that follows the database. The database decides every purchase; this only proposes.
//!
//! [`Stock`] keeps the numbers that are available; what is held or being bought comes with each question as [`Claims`]. How the numbers
//! lie in memory is told in [`index`]; it answers [`page`] for rows and total, [`close`] for numbers that miss little, [`facets`] for
//! counts, [`explain`] for why an answer is empty, [`alike`] for numbers that are close to a given one.

pub mod alike;
mod catalog;
mod close;
mod comparing;
pub mod counted;
mod current;
mod cursor;
pub mod explain;
pub mod facets;
mod found;
mod index;
pub mod page;
mod plan;
mod row;
mod standing;
pub mod window;
pub mod words;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::orders::claim::Buyer;
use crate::server::store;
use crate::server::store::holds::LiveClaim;
use crate::server::store::inventory::Change;

use catalog::Ranks;
pub use cursor::Cursor;
pub use found::{FoundRow, Mark, OwnHold};
use index::Index;
use index::hits::Hits;
use index::segment::Segment;
use index::shard::Rebuild;
use row::number_of;

/// Rows that are read from the database at once.
const BATCH: i64 = 2_000;

/// The available numbers, kept as the database has them.
#[derive(Default)]
pub struct Stock {
    shared: Arc<Shared>,
    /// The last change that the index knows.
    seen: AtomicI64,
    /// Held by whoever brings the index up to date.
    turn: tokio::sync::Mutex<()>,
    /// What [`Self::current`] has read.
    last_read: RwLock<Option<current::LastRead>>,
    /// What [`Self::counted`] has counted.
    counted: RwLock<Option<counted::Counted>>,
    /// Held by whoever counts.
    counting: tokio::sync::Mutex<()>,
}

/// What threads that build segments need too.
#[derive(Default)]
struct Shared {
    index: RwLock<Index>,
    /// A thread is building segments anew.
    building: AtomicBool,
}

impl std::fmt::Debug for Stock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Stock").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Stock {
    /// Knows nothing yet; the first [`Self::refresh`] reads everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over what changed since the last time; usually nothing, which costs one read.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn refresh(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        if store::inventory::head(connection).await? == self.seen.load(Ordering::Acquire) {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        self.catch_up(connection).await.map(|_| ())
    }

    /// The same for whoever has the turn. Answers the last change that is known then.
    async fn catch_up(&self, connection: &mut AnyConnection) -> Result<i64, StoreError> {
        let seen = self.seen.load(Ordering::Acquire);
        // Everything up to the head is committed, so the rows that follow hold at least that much.
        let head = store::inventory::head(connection).await?;
        if head == seen {
            return Ok(seen);
        }
        // The first batch begins before every number: a batch shares one sequence number.
        let (mut sequence, mut e164) = (seen + 1, String::new());
        loop {
            let rows = store::inventory::changed_since(connection, sequence, &e164, BATCH).await?;
            let last = rows.last().map(|row| (row.changed_seq, row.e164.clone()));
            let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) == BATCH;
            // While the stock is read for the first time, only what changes meanwhile can come twice.
            let new_until = if seen == 0 { head } else { 0 };
            self.take(rows, new_until, full).await;
            if let Some(last) = last {
                (sequence, e164) = last;
            }
            if !full {
                break;
            }
        }
        self.seen.store(head, Ordering::Release);
        self.build_beside();
        Ok(head)
    }

    /// Takes over rows that were never seen before, without a database: so much of the work is the index's own.
    pub fn fill(&self, rows: impl Iterator<Item = Change>) {
        let mut index = self.shared.index.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            index.apply(row, true);
        }
        index.settle(false);
    }

    /// Takes over how one number is now.
    pub fn apply(&self, row: Change) {
        self.shared.take(vec![row], 0, false);
    }

    /// Bytes that the index takes, what numbers have in common left aside.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.index().bytes()
    }

    /// Takes rows into the index, a large batch off the threads that serve connections.
    async fn take(&self, rows: Vec<Change>, new_until: i64, more: bool) {
        let shared = Arc::clone(&self.shared);
        if rows.len() < 100 {
            return shared.take(rows, new_until, more);
        }
        if let Err(error) = tokio::task::spawn_blocking(move || shared.take(rows, new_until, more)).await {
            tracing::error!(%error, "the search index missed changes");
        }
    }

    /// Builds small segments into larger ones on a thread of its own, unless one is at it.
    fn build_beside(&self) {
        let is_due = self.index().rebuild().is_some();
        if is_due && !self.shared.building.swap(true, Ordering::AcqRel) {
            let shared = Arc::clone(&self.shared);
            tokio::task::spawn_blocking(move || {
                shared.build();
                shared.building.store(false, Ordering::Release);
            });
        }
    }

    fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.shared.read()
    }
}

impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, rows: Vec<Change>, new_until: i64, more: bool) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            let is_new = row.changed_seq <= new_until;
            index.apply(row, is_new);
        }
        index.settle(more);
    }

    fn due(&self) -> Option<(Rebuild, Ranks)> {
        let index = self.read();
        index.rebuild().map(|rebuild| (rebuild, index.catalog.ranks()))
    }

    /// Builds what is due, one after the other; readers and changes wait only while a segment is put in its place.
    fn build(&self) {
        loop {
            let Some((rebuild, ranks)) = self.due() else { return };
            let built = Segment::new(rebuild.rows(), &ranks);
            self.index.write().unwrap_or_else(PoisonError::into_inner).finish(rebuild, built);
        }
    }
}

/// Numbers that are not free although they are in stock: taken out of every answer, but for the caller's own holds.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// In their order, none twice.
    hidden: Vec<u64>,
    own: HashMap<u64, OwnHold>,
}

impl Claims {
    /// Of all claims those that hold at `now`, as this buyer sees them.
    fn of(live: &[LiveClaim], buyer: Option<&Buyer>, now: Timestamp) -> Self {
        let mut claims = Self::default();
        for claim in live.iter().filter(|claim| claim.expires_at.is_none_or(|expires_at| expires_at > now)) {
            let Some(number) = number_of(&claim.e164) else { continue };
            let is_own =
                buyer.is_some_and(|buyer| buyer.organization_id == claim.organization_id && buyer.sub_account_id == claim.sub_account_id);
            match (is_own, &claim.hold_id, claim.expires_at) {
                (true, Some(id), Some(expires_at)) => {
                    claims.own.insert(number, OwnHold { id: id.clone(), expires_at });
                }
                _ => claims.hidden.push(number),
            }
        }
        claims.hidden.sort_unstable();
        claims.hidden.dedup();
        // An own hold whose order lives is being bought: it is hidden like any other.
        for number in &claims.hidden {
            claims.own.remove(number);
        }
        claims
    }

    /// Is this number kept from this caller?
    fn hides(&self, number: u64) -> bool {
        self.hidden.binary_search(&number).is_ok()
    }

    /// Is this number not free, be it by the caller's own hold?
    fn takes(&self, number: u64) -> bool {
        self.hides(number) || self.own.contains_key(&number)
    }

    /// The hits that this caller may see.
    fn visible<'a>(&self, segment: &Segment, hits: Hits<'a>) -> Hits<'a> {
        hits.without(self.hidden.iter().filter_map(|number| segment.columns.find(*number)))
    }
}
