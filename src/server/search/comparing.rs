//! Comparing the index with the database from time to time (R30): a missed update must not stay for ever. It could sell nothing wrongly,
//! because the database decides each hold and each purchase, but a number could be missing from every answer.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, PoisonError};

use sqlx::AnyConnection;

use crate::server::error::StoreError;

use super::Stock;
use super::catalog::as_index;
use super::index::Index;
use super::index::segment::{Segment, traits_of};
use super::row::Row;

impl Stock {
    /// Reads the whole stock anew beside the index, and takes that over where the two differ. Answers whether they did.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn compare(&self, connection: &mut AnyConnection) -> Result<bool, StoreError> {
        let anew = Self::new();
        anew.refresh(connection).await?;
        // From here on nobody else brings the index up to date.
        let _turn = self.turn.lock().await;
        while self.catch_up(connection).await? != anew.catch_up(connection).await? {}
        let indexes = (Arc::clone(&self.shared), Arc::clone(&anew.shared));
        let digests = tokio::task::spawn_blocking(move || (digest(&indexes.0.read()), digest(&indexes.1.read()))).await;
        let differs = digests.is_ok_and(|(one, other)| one != other);
        if differs {
            let read = std::mem::take(&mut *anew.shared.index.write().unwrap_or_else(PoisonError::into_inner));
            *self.shared.index.write().unwrap_or_else(PoisonError::into_inner) = read;
            self.build_beside();
        }
        Ok(differs)
    }
}

/// How many numbers there are, and one number made of everything about them, in whatever order they stand.
fn digest(index: &Index) -> (usize, u64) {
    let places: Vec<u64> = index.catalog.places().iter().map(hashed).collect();
    let offers: Vec<u64> = index.catalog.offers.values().iter().map(hashed).collect();
    let at = |hashes: &[u64], id: u32| hashes.get(as_index(id)).copied().unwrap_or_default();
    let of_row = |row: Row| hashed(&(row.number, traits_of(&row), at(&places, row.place), at(&offers, row.offer)));
    let rows = index.shards.iter().flat_map(|shard| shard.segments.iter().flat_map(Segment::rows).chain(shard.fresh.values().copied()));
    (index.len(), rows.map(of_row).fold(0, u64::wrapping_add))
}

fn hashed<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
