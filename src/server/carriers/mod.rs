//! Who supplies numbers: the trait every carrier speaks, and the table of those that are configured.
//!
//! A carrier is called outside any transaction and always with a reference of ours, so that an unknown outcome can be
//! resolved by asking for that reference.

pub mod stock;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::error::CarrierError;

/// What a carrier knows about a reference of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The number is ours under that reference.
    Confirmed,
    /// It has the order and works on it.
    Pending,
    /// It has never seen the reference, or refused it.
    Denied,
}

/// A supplier of numbers.
pub trait Carrier: Send + Sync + std::fmt::Debug {
    /// The carrier's row id.
    fn id(&self) -> &str;

    /// Whether ordering has no effect outside this installation, so that order and completion may be one transaction (R29).
    fn is_built_in(&self) -> bool {
        false
    }

    /// Orders a number under `reference`.
    fn order<'a>(&'a self, reference: &'a str, e164: &'a str) -> BoxFuture<'a, Result<Known, CarrierError>>;

    /// Asks what became of `reference`.
    fn look_up<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Known, CarrierError>>;

    /// Gives a number back; repeating it is safe.
    fn disconnect<'a>(&'a self, reference: &'a str, e164: &'a str) -> BoxFuture<'a, Result<(), CarrierError>>;
}

/// The configured carriers by row id.
#[derive(Clone, Debug, Default)]
pub struct Carriers(BTreeMap<String, Arc<dyn Carrier>>);

impl Carriers {
    /// A table of these carriers.
    pub fn new(carriers: impl IntoIterator<Item = Arc<dyn Carrier>>) -> Self {
        Self(carriers.into_iter().map(|carrier| (carrier.id().to_owned(), carrier)).collect())
    }

    /// The carrier of a stock row. Rows of carriers without an adapter are the operator's own stock.
    #[must_use]
    pub fn get(&self, id: &str) -> Arc<dyn Carrier> {
        self.0.get(id).cloned().unwrap_or_else(|| Arc::new(stock::StockCarrier::new(id)))
    }
}
