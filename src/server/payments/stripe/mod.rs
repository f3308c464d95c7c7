//! Stripe, by its PaymentIntents: the browser confirms with the client secret, and money counts when the signed webhook says so.
//!
//! Requests are as Stripe documents them for the version that is pinned; each carries an idempotency key made from our payment's id.

mod amounts;
mod client;
mod event;
mod signature;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use url::Url;

use super::{Asked, NoticeFault, PaymentFault, PaymentNotice, PaymentProvider, SavedMethod, StartedPayment};
use crate::domain::time::Timestamp;
use client::Client;

/// What an operator configures. Its secrets are never shown, not in a debugging line either.
#[derive(Clone)]
pub struct StripeSettings {
    /// `sk_live_…` or, better, a restricted key that may write customers and payment intents.
    pub secret_key: String,
    /// `whsec_…` of the webhook endpoint.
    pub webhook_secret: String,
    /// `https://api.stripe.com`, or a server that speaks like it.
    pub api: Url,
    /// The installation's currency.
    pub currency: String,
}

impl std::fmt::Debug for StripeSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StripeSettings").field("api", &self.api.as_str()).finish_non_exhaustive()
    }
}

/// Payments by Stripe.
#[derive(Debug)]
pub struct StripePayments {
    client: Client,
    settings: StripeSettings,
}

/// What Stripe answers to a new intent, as far as it is needed.
#[derive(Deserialize)]
struct Intent {
    id: String,
    client_secret: Option<String>,
}

#[derive(Deserialize)]
struct Customer {
    id: String,
}

impl StripePayments {
    /// Speaks to Stripe with these settings.
    #[must_use]
    pub fn new(settings: StripeSettings) -> Self {
        Self { client: Client::new(settings.api.clone(), &settings.secret_key), settings }
    }

    /// What every intent says: amount, currency, whose it is, and our id for the webhook to repeat.
    fn fields<'a>(&self, asked: &Asked<'a>) -> Result<Vec<(&'static str, String)>, PaymentFault> {
        let minor = amounts::minor(asked.amount, asked.currency)
            .ok_or_else(|| PaymentFault::Refused(String::from("the amount is finer than the currency")))?;
        Ok(vec![
            ("amount", minor.to_string()),
            ("currency", asked.currency.to_lowercase()),
            ("metadata[payment_id]", asked.payment_id.to_owned()),
            ("metadata[organization_id]", asked.organization_id.to_owned()),
            ("automatic_payment_methods[enabled]", String::from("true")),
        ])
    }

    async fn begin(&self, asked: Asked<'_>) -> Result<StartedPayment, PaymentFault> {
        let mut fields = self.fields(&asked)?;
        if asked.save_method {
            let whose = [("metadata[organization_id]", asked.organization_id.to_owned())];
            let key = format!("customer-{}", asked.payment_id);
            let customer: Customer = self.client.post("/v1/customers", &key, &whose).await?;
            fields.push(("customer", customer.id));
            fields.push(("setup_future_usage", String::from("off_session")));
        }
        let intent: Intent = self.client.post("/v1/payment_intents", asked.payment_id, &fields).await?;
        Ok(StartedPayment { reference: intent.id, client_secret: intent.client_secret, notice: None })
    }

    async fn again(&self, asked: Asked<'_>, saved: &SavedMethod) -> Result<StartedPayment, PaymentFault> {
        let mut fields = self.fields(&asked)?;
        fields.extend([
            ("customer", saved.customer.clone()),
            ("payment_method", saved.method.clone()),
            // Nobody is there whom a bank could lead to a page of its own.
            ("automatic_payment_methods[allow_redirects]", String::from("never")),
            ("off_session", String::from("true")),
            ("confirm", String::from("true")),
        ]);
        let intent: Intent = self.client.post("/v1/payment_intents", asked.payment_id, &fields).await?;
        Ok(StartedPayment { reference: intent.id, client_secret: None, notice: None })
    }
}

impl PaymentProvider for StripePayments {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn start<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        self.begin(asked).boxed()
    }

    fn charge_saved<'a>(&'a self, asked: Asked<'a>, method: &'a SavedMethod) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        self.again(asked, method).boxed()
    }

    fn read_notice(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Option<PaymentNotice>, NoticeFault> {
        if !signature::is_valid(&self.settings.webhook_secret, header, body, now) {
            return Err(NoticeFault::BadSignature);
        }
        event::read(body, &self.settings.currency)
    }
}
