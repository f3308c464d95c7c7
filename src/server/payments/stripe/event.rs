//! Stripe's events, and the objects that it answers a question with, as far as they move money. Only the members that are needed are read; all others may come and go.

use serde::Deserialize;

use super::amounts;
use crate::server::payments::{NoticeFault, PaymentChange, PaymentNotice, SavedMethod};

#[derive(Deserialize)]
struct Event {
    id: String,
    r#type: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: serde_json::Value,
}

#[derive(Deserialize)]
pub struct Intent {
    id: String,
    #[serde(default)]
    status: String,
    currency: String,
    amount_received: Option<i64>,
    last_payment_error: Option<serde_json::Value>,
    customer: Option<String>,
    payment_method: Option<String>,
    setup_future_usage: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    payment_id: Option<String>,
}

/// A page on which a payment is made.
#[derive(Deserialize)]
pub struct Page {
    id: String,
    #[serde(default)]
    status: String,
    /// What is paid on it, once somebody has begun to.
    #[serde(default)]
    payment_intent: Option<serde_json::Value>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Charge {
    payment_intent: Option<String>,
    currency: String,
    amount_refunded: i64,
}

#[derive(Deserialize)]
struct Dispute {
    payment_intent: Option<String>,
    currency: String,
    amount: i64,
}

/// What an event says about a payment; none for one that says nothing about money, or is about a payment that is none of ours.
///
/// # Errors
/// When the body is not an event as Stripe documents it, or names another currency than this installation's.
pub fn read(body: &[u8], currency: &str) -> Result<Option<PaymentNotice>, NoticeFault> {
    let event: Event = serde_json::from_slice(body).map_err(|_| NoticeFault::Unreadable)?;
    let object = event.data.object;
    let notice = match event.r#type.as_str() {
        "payment_intent.succeeded" | "payment_intent.payment_failed" | "payment_intent.canceled" => {
            let intent: Intent = parsed(object)?;
            let change = match event.r#type.as_str() {
                "payment_intent.succeeded" => intent.succeeded(currency)?,
                "payment_intent.payment_failed" => PaymentChange::AttemptFailed,
                _ => PaymentChange::Cancelled,
            };
            Some((intent.id, intent.metadata.payment_id, change))
        }
        "checkout.session.expired" => {
            let page: Page = parsed(object)?;
            page.metadata.payment_id.map(|payment_id| (page.id, Some(payment_id), PaymentChange::Cancelled))
        }
        "charge.refunded" => {
            let charge: Charge = parsed(object)?;
            let in_all = amounts::micros(charge.amount_refunded, &charge.currency, currency)?;
            charge.payment_intent.map(|intent| (intent, None, PaymentChange::Refunded { in_all }))
        }
        "charge.dispute.funds_withdrawn" | "charge.dispute.funds_reinstated" => {
            let dispute: Dispute = parsed(object)?;
            let amount = amounts::micros(dispute.amount, &dispute.currency, currency)?;
            let withdrawn = event.r#type == "charge.dispute.funds_withdrawn";
            let change = if withdrawn { PaymentChange::Disputed { amount } } else { PaymentChange::DisputeReversed { amount } };
            dispute.payment_intent.map(|intent| (intent, None, change))
        }
        _ => None,
    };
    Ok(notice.map(|(reference, payment_id, change)| PaymentNotice { event_id: event.id, reference, payment_id, change }))
}

impl Intent {
    /// What came, and how it may be asked for again where the payer has agreed to that.
    fn succeeded(&self, currency: &str) -> Result<PaymentChange, NoticeFault> {
        let minor = self.amount_received.ok_or(NoticeFault::Unreadable)?;
        let agreed = self.setup_future_usage.as_deref() == Some("off_session");
        let saved = self.customer.clone().zip(self.payment_method.clone()).filter(|_| agreed);
        Ok(PaymentChange::Succeeded {
            received: amounts::micros(minor, &self.currency, currency)?,
            saved: saved.map(|(customer, method)| SavedMethod { customer, method }),
        })
    }

    /// How it ended, as a notice would have told it; none while it may still be paid.
    ///
    /// # Errors
    /// When it is not as Stripe documents it, or in another currency than this installation's.
    pub fn ended(self, currency: &str) -> Result<Option<PaymentNotice>, NoticeFault> {
        let change = match self.status.as_str() {
            "succeeded" => self.succeeded(currency)?,
            "canceled" => PaymentChange::Cancelled,
            "requires_payment_method" if self.last_payment_error.is_some() => PaymentChange::AttemptFailed,
            _ => return Ok(None),
        };
        Ok(Some(answer(self.id, self.metadata.payment_id, change)))
    }
}

impl Page {
    /// How what is paid on it ended, or that nobody will pay on it any more.
    ///
    /// # Errors
    /// Those of [`Intent::ended`].
    pub fn ended(self, currency: &str) -> Result<Option<PaymentNotice>, NoticeFault> {
        if self.status == "expired" {
            return Ok(Some(answer(self.id, self.metadata.payment_id, PaymentChange::Cancelled)));
        }
        match self.payment_intent {
            Some(intent) if intent.is_object() => parsed::<Intent>(intent)?.ended(currency),
            _ => Ok(None),
        }
    }
}

/// An answer as a notice. It has an id of its own, so that the same answer twice is handled once.
fn answer(reference: String, payment_id: Option<String>, change: PaymentChange) -> PaymentNotice {
    PaymentNotice { event_id: format!("asked_{reference}_{}", change.name()), reference, payment_id, change }
}

fn parsed<T: serde::de::DeserializeOwned>(object: serde_json::Value) -> Result<T, NoticeFault> {
    serde_json::from_value(object).map_err(|_| NoticeFault::Unreadable)
}
