//! The search over the stock: an index in memory that follows the database. The database decides every purchase; this only proposes.
//!
//! [`Stock`] keeps the numbers that are available; what is held or being bought comes with each question as [`Claims`]. A question is
//! answered by one scan: [`page`] for rows and total, [`facets`] for counts, [`alike`] for numbers that are close to a given one.

pub mod alike;
mod cursor;
pub mod facets;
mod found;
pub mod page;
mod plan;
mod table;
pub mod window;
pub mod words;

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::orders::claim::Buyer;
use crate::server::store;
use crate::server::store::holds::LiveClaim;

pub use cursor::Cursor;
pub use found::{FoundRow, Mark, OwnHold};
use table::{Table, number_of};

/// Rows that are read from the database at once.
const BATCH: i64 = 2_000;

/// The available numbers, kept as the database has them.
#[derive(Default)]
pub struct Stock {
    table: RwLock<Table>,
    /// The last change that the table knows.
    seen: AtomicI64,
    /// Held by whoever brings the table up to date.
    turn: tokio::sync::Mutex<()>,
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
        let seen = self.seen.load(Ordering::Acquire);
        // Everything up to the head is committed, so the rows that follow hold at least that much.
        let head = store::inventory::head(connection).await?;
        if head == seen {
            return Ok(());
        }
        // The first batch begins before every number: a batch shares one sequence number.
        let (mut sequence, mut e164) = (seen + 1, String::new());
        loop {
            let rows = store::inventory::changed_since(connection, sequence, &e164, BATCH).await?;
            let last = rows.last().map(|row| (row.changed_seq, row.e164.clone()));
            let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) == BATCH;
            {
                let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
                for row in rows {
                    table.apply(row);
                }
                table.settle();
            }
            if let Some(last) = last {
                (sequence, e164) = last;
            }
            if !full {
                break;
            }
        }
        self.seen.store(head, Ordering::Release);
        Ok(())
    }

    fn table(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Numbers that are not free although they are in stock: taken out of every answer, but for the caller's own holds.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    hidden: Vec<u64>,
    own: HashMap<u64, OwnHold>,
}

impl Claims {
    /// What is claimed at `now`, as this buyer sees it. To be read before [`Stock::refresh`]: what is bought in between is then gone
    /// from the stock, and not shown as free.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn read(connection: &mut AnyConnection, buyer: Option<&Buyer>, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self::of(store::holds::live(connection, now).await?, buyer))
    }

    fn of(live: Vec<LiveClaim>, buyer: Option<&Buyer>) -> Self {
        let mut claims = Self::default();
        for claim in live {
            let Some(number) = number_of(&claim.e164) else { continue };
            let is_own =
                buyer.is_some_and(|buyer| buyer.organization_id == claim.organization_id && buyer.sub_account_id == claim.sub_account_id);
            match (is_own, claim.hold_id, claim.expires_at) {
                (true, Some(id), Some(expires_at)) => {
                    claims.own.insert(number, OwnHold { id, expires_at });
                }
                _ => claims.hidden.push(number),
            }
        }
        // An own hold whose order lives is being bought: it is hidden like any other.
        for number in &claims.hidden {
            claims.own.remove(number);
        }
        claims
    }

    /// One bit for each row of the table that is not to be shown, with how many there are. `own` hides the caller's own holds too.
    fn mask(&self, table: &Table, own: bool) -> (Mask, u64) {
        let mut mask = Mask(vec![0; table.rows().len().div_ceil(64)]);
        let numbers = self.hidden.iter().chain(self.own.keys().filter(|_| own));
        let hidden = numbers.filter_map(|number| table.position(*number)).filter(|at| mask.set(*at)).count();
        (mask, u64::try_from(hidden).unwrap_or(u64::MAX))
    }
}

/// A bit for each row.
struct Mask(Vec<u64>);

impl Mask {
    /// Sets a bit; false when it was set already.
    fn set(&mut self, at: usize) -> bool {
        let Some(word) = self.0.get_mut(at / 64) else { return false };
        let bit = 1 << (at % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    #[inline]
    fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| (word >> (at % 64)) & 1 == 1)
    }
}
