//! What every service is given: the database, the clock, ids, settings, carriers, payments and the search index.

use std::sync::Arc;

use super::carriers::Carriers;
use super::clock::Clock;
use super::config::Settings;
use super::db::Db;
use super::ids::Ids;
use super::payments::PaymentProvider;
use super::seal::Seal;
use super::search::Stock;
use crate::domain::time::Timestamp;

/// Shared by all requests and jobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<Ids>,
    pub settings: Arc<Settings>,
    pub carriers: Carriers,
    /// None where no provider is configured: top-up is then 503 `payments_not_configured`.
    pub payments: Option<Arc<dyn PaymentProvider>>,
    pub stock: Arc<Stock>,
    /// Keeps the secrets that must be read again.
    pub seal: Arc<Seal>,
}

impl AppState {
    /// The present instant of the server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new row id.
    #[must_use]
    pub fn new_id(&self) -> String {
        self.ids.next(self.now())
    }
}
