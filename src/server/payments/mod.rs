//! Where money comes from: the trait every payment provider speaks. The demo's provider is built in.

pub mod demo;

use futures::future::BoxFuture;

use crate::domain::money::Micros;

/// What a provider reports about a payment. Money moves only on `succeeded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentOutcome {
    /// The money is there.
    Succeeded,
    /// It will not come.
    Failed,
}

/// A notice from the provider, as its webhook carries it. The pair of provider and event id is handled once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentNotice {
    pub event_id: String,
    pub reference: String,
    pub outcome: PaymentOutcome,
}

/// What starting a payment gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedPayment {
    /// The provider's name for the payment.
    pub reference: String,
    /// For the provider's own form in the browser, where it has one.
    pub client_secret: Option<String>,
    /// A notice that is there at once, as with the demo's provider. It goes the way of any webhook.
    pub notice: Option<PaymentNotice>,
}

/// Why a payment could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the payment provider did not answer: {0}")]
pub struct PaymentFault(pub String);

/// A way to take money.
pub trait PaymentProvider: Send + Sync + std::fmt::Debug {
    /// The name in the payments table.
    fn name(&self) -> &'static str;

    /// Starts a payment. The same `request_id` gives the same payment.
    fn start<'a>(&'a self, request_id: &'a str, amount: Micros) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>>;
}
