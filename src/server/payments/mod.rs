//! Where money comes from: the trait every payment provider speaks. The demo's provider and Stripe are built in.

pub mod demo;
pub mod stripe;

use futures::future::BoxFuture;

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;

/// The provider's own names for somebody who paid before and for how: never the number of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedMethod {
    pub customer: String,
    pub method: String,
}

/// What a provider reports about a payment. Money moves only on these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentChange {
    /// The money is there: so much of it, and how it may be asked for again where the payer agreed to that.
    Succeeded { received: Micros, saved: Option<SavedMethod> },
    /// This attempt failed; the payer may try again.
    AttemptFailed,
    /// It will not come.
    Cancelled,
    /// So much of it was given back in all, this time and before.
    Refunded { in_all: Micros },
    /// The payer's bank took so much back.
    Disputed { amount: Micros },
    /// The bank returned so much.
    DisputeReversed { amount: Micros },
}

impl PaymentChange {
    /// The name under which the notice is remembered.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Succeeded { .. } => "succeeded",
            Self::AttemptFailed => "attempt_failed",
            Self::Cancelled => "failed",
            Self::Refunded { .. } => "refunded",
            Self::Disputed { .. } => "disputed",
            Self::DisputeReversed { .. } => "dispute_reversed",
        }
    }
}

/// A notice from the provider, as its webhook carries it. The pair of provider and event id is handled once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentNotice {
    pub event_id: String,
    /// The provider's name for the payment.
    pub reference: String,
    /// Our own, where the provider repeats it.
    pub payment_id: Option<String>,
    pub change: PaymentChange,
}

/// A payment to be started.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Our id of it. The same id gives the same payment.
    pub payment_id: &'a str,
    /// Whose wallet it is for.
    pub organization_id: &'a str,
    pub amount: Micros,
    /// ISO 4217.
    pub currency: &'a str,
    /// The payer agreed that this way of paying may be used again while nobody is there.
    pub save_method: bool,
    /// The payer's browser is led to a page of the provider's, where that has one, and comes back to this address; none when the caller
    /// confirms the payment in a form of its own.
    pub return_to: Option<&'a str>,
}

/// What starting a payment gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedPayment {
    /// The provider's name for the payment.
    pub reference: String,
    /// For the provider's form in a page of the caller's, where it has one.
    pub client_secret: Option<String>,
    /// The provider's own page for it, where that was asked for.
    pub page_url: Option<String>,
    /// A notice that is there at once, as with the demo's provider. It goes the way of any webhook.
    pub notice: Option<PaymentNotice>,
}

/// Why a payment could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentFault {
    /// Nobody knows whether it was; asking again with the same id is safe.
    #[error("the payment provider did not answer: {0}")]
    Unreachable(String),
    /// The provider will not do it.
    #[error("the payment provider refused: {0}")]
    Refused(String),
}

/// Why a notice is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeFault {
    /// Nobody who knows the secret signed it, or it was signed too long ago.
    #[error("the signature is not valid")]
    BadSignature,
    /// It is signed, but is not what the provider's documentation describes.
    #[error("the notice cannot be read")]
    Unreadable,
}

/// A way to take money.
pub trait PaymentProvider: Send + Sync + std::fmt::Debug {
    /// The name in the payments table.
    fn name(&self) -> &'static str;

    /// Starts a payment that its payer confirms.
    fn start<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>>;

    /// Starts a payment with a saved method while nobody is there.
    fn charge_saved<'a>(&'a self, asked: Asked<'a>, method: &'a SavedMethod) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>>;

    /// Asks how the payment stands that the provider knows by `reference`: the notice of its end, should the webhook have been lost; none
    /// while it may still come to one.
    fn look_up<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Option<PaymentNotice>, PaymentFault>>;

    /// Reads what came to the provider's webhook; none for events that say nothing about money.
    ///
    /// # Errors
    /// What is not signed as the provider signs, or cannot be read.
    fn read_notice(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<PaymentNotice>, NoticeFault>;
}
