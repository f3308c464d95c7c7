//! Counts of the whole stock by place, state and age, kept in memory: the operator's page asks for them with every look. They are counted
//! again when something has changed, by one request at a time, and never for more than a small part of the time.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use sqlx::AnyConnection;

use super::Stock;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store;
use crate::server::store::inventory::overview::Cell;

/// Counts that took less than this are made with every question.
const QUICK: Duration = Duration::from_millis(50);
/// Slower ones are shown for so many times as long as they took, also when something has changed meanwhile.
const SHOWN_FOR: u32 = 20;
/// Ages grow without any change, so counts are never shown for longer than this.
const OLDEST_S: i64 = 600;

/// What was counted, and when.
#[derive(Debug, Clone)]
pub struct Counted {
    pub cells: Vec<Cell>,
    pub at: Timestamp,
    /// The last change of the stock that is in it.
    head: i64,
    made: Instant,
    took: Duration,
}

impl Counted {
    fn holds(&self, head: i64, now: Timestamp) -> bool {
        let young = self.at.seconds_until(now) < OLDEST_S;
        young && (self.head == head || (self.took >= QUICK && self.made.elapsed() < self.took.saturating_mul(SHOWN_FOR)))
    }
}

impl Stock {
    /// The counts, as of now or of a little while ago. `ages` are the ends of three ages, the youngest first.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn counted(&self, connection: &mut AnyConnection, ages: [Timestamp; 3], now: Timestamp) -> Result<Counted, StoreError> {
        let head = store::inventory::head(connection).await?;
        let known = || self.counted.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(counted) = known().filter(|counted| counted.holds(head, now)) {
            return Ok(counted);
        }
        let _turn = match (self.counting.try_lock(), known()) {
            (Ok(turn), _) => turn,
            // Somebody counts already: what is known is shown meanwhile.
            (Err(_), Some(counted)) => return Ok(counted),
            (Err(_), None) => self.counting.lock().await,
        };
        if let Some(counted) = known().filter(|counted| counted.holds(head, now)) {
            return Ok(counted);
        }
        let made = Instant::now();
        let cells = store::inventory::overview::cells(connection, ages).await?;
        let counted = Counted { cells, at: now, head, made, took: made.elapsed() };
        *self.counted.write().unwrap_or_else(PoisonError::into_inner) = Some(counted.clone());
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_counts_are_shown_for_a_while_and_quick_ones_only_while_nothing_changes() {
        let at = Timestamp::from_seconds(1_000);
        let counted = |took_ms| Counted { cells: Vec::new(), at, head: 7, made: Instant::now(), took: Duration::from_millis(took_ms) };
        assert!(counted(1).holds(7, at.plus_seconds(599)) && !counted(1).holds(8, at));
        assert!(counted(500).holds(8, at.plus_seconds(5)), "something changed, but counting is slow");
        assert!(!counted(500).holds(7, at.plus_seconds(600)), "ages have grown");
    }
}
