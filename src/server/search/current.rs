//! How current an answer is. What this process has written is in the next answer; what others have written (another server, an import
//! at the command line) is at the latest in the answers half a second later (R26 allows one). In between a question reads no database.

use std::sync::{Arc, PoisonError};

use crate::domain::time::Timestamp;
use crate::server::db::Db;
use crate::server::error::StoreError;
use crate::server::orders::claim::Buyer;
use crate::server::store;
use crate::server::store::holds::LiveClaim;

use super::{Claims, Stock};

/// How long the database is not read again while this process has written nothing, in microseconds.
const MAX_AGE_MICROS: i64 = 500_000;

/// The claims of all buyers as they were read last.
#[derive(Debug, Clone)]
pub(super) struct LastRead {
    /// What [`Db::commits`] was before the database was read.
    commits: u64,
    at: Timestamp,
    claims: Arc<[LiveClaim]>,
}

impl LastRead {
    fn will_do(&self, commits: u64, now: Timestamp) -> bool {
        self.commits == commits && (0..MAX_AGE_MICROS).contains(&now.micros().saturating_sub(self.at.micros()))
    }
}

impl Stock {
    /// Brings the stock up to date and tells what is claimed at `now`, as this buyer sees it.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn current(&self, db: &Db, buyer: Option<&Buyer>, now: Timestamp) -> Result<Claims, StoreError> {
        // Counted before the database is read: what is committed in between is read once more, and nothing is missed.
        let commits = db.commits();
        let last = self.last_read.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(last) = last.filter(|last| last.will_do(commits, now)) {
            return Ok(Claims::of(&last.claims, buyer, now));
        }
        let mut connection = db.read().await?;
        // Claims before stock: what is bought in between is then gone from the stock, and not shown as free.
        let claims: Arc<[LiveClaim]> = store::holds::live(&mut connection, now).await?.into();
        self.refresh(&mut connection).await?;
        let answer = Claims::of(&claims, buyer, now);
        *self.last_read.write().unwrap_or_else(PoisonError::into_inner) = Some(LastRead { commits, at: now, claims });
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_read_again_after_a_commit_and_after_half_a_second() {
        let at = Timestamp::from_seconds(100);
        let last = LastRead { commits: 7, at, claims: Arc::new([]) };
        let later = |micros: i64| Timestamp::from_micros(at.micros() + micros);
        assert!(last.will_do(7, at) && last.will_do(7, later(499_999)));
        assert!(!last.will_do(8, at), "something was written");
        assert!(!last.will_do(7, later(500_000)), "others may have written");
        assert!(!last.will_do(7, later(-1)), "the clock went back");
    }
}
