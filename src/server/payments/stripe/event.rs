//! Stripe's events as far as they move money. Only the members that are needed are read; all others may come and go.

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
struct Intent {
    id: String,
    currency: String,
    amount_received: Option<i64>,
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
                "payment_intent.succeeded" => {
                    let minor = intent.amount_received.ok_or(NoticeFault::Unreadable)?;
                    let agreed = intent.setup_future_usage.as_deref() == Some("off_session");
                    let saved = intent.customer.zip(intent.payment_method).filter(|_| agreed);
                    PaymentChange::Succeeded {
                        received: amounts::micros(minor, &intent.currency, currency)?,
                        saved: saved.map(|(customer, method)| SavedMethod { customer, method }),
                    }
                }
                "payment_intent.payment_failed" => PaymentChange::AttemptFailed,
                _ => PaymentChange::Cancelled,
            };
            Some((intent.id, intent.metadata.payment_id, change))
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

fn parsed<T: serde::de::DeserializeOwned>(object: serde_json::Value) -> Result<T, NoticeFault> {
    serde_json::from_value(object).map_err(|_| NoticeFault::Unreadable)
}
