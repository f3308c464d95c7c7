//! Stripe, by its PaymentIntents: a form of the caller's confirms with the client secret, or the payer is led to Stripe's own page, which
//! makes the intent. Money counts when the signed webhook says so, or when Stripe says so after the webhook was lost.
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

/// A page on which the payer pays.
#[derive(Deserialize)]
struct Page {
    id: String,
    url: String,
}

/// What the names of such pages begin with.
const PAGES: &str = "cs_";

impl StripePayments {
    /// Speaks to Stripe with these settings.
    #[must_use]
    pub fn new(settings: StripeSettings) -> Self {
        Self { client: Client::new(settings.api.clone(), &settings.secret_key), settings }
    }

    /// What every intent says: amount, currency, whose it is, and our id for the webhook to repeat.
    fn fields(&self, asked: &Asked<'_>) -> Result<Vec<(&'static str, String)>, PaymentFault> {
        Ok(vec![
            ("amount", minor(asked)?.to_string()),
            ("currency", asked.currency.to_lowercase()),
            ("metadata[payment_id]", asked.payment_id.to_owned()),
            ("metadata[organization_id]", asked.organization_id.to_owned()),
            ("automatic_payment_methods[enabled]", String::from("true")),
        ])
    }

    async fn begin(&self, asked: Asked<'_>) -> Result<StartedPayment, PaymentFault> {
        let customer = if asked.save_method { Some(self.customer(&asked).await?) } else { None };
        if let Some(return_to) = asked.return_to {
            return self.page(&asked, customer, return_to).await;
        }
        let mut fields = self.fields(&asked)?;
        if let Some(customer) = customer {
            fields.push(("customer", customer));
            fields.push(("setup_future_usage", String::from("off_session")));
        }
        let intent: Intent = self.client.post("/v1/payment_intents", asked.payment_id, &fields).await?;
        Ok(StartedPayment { reference: intent.id, client_secret: intent.client_secret, page_url: None, notice: None })
    }

    /// Somebody at Stripe whose card can be charged again.
    async fn customer(&self, asked: &Asked<'_>) -> Result<String, PaymentFault> {
        let whose = [("metadata[organization_id]", asked.organization_id.to_owned())];
        let customer: Customer = self.client.post("/v1/customers", &format!("customer-{}", asked.payment_id), &whose).await?;
        Ok(customer.id)
    }

    /// A page of Stripe's. The intent is made when the payer begins; that it carries our id is what its webhook is known by.
    async fn page(&self, asked: &Asked<'_>, customer: Option<String>, return_to: &str) -> Result<StartedPayment, PaymentFault> {
        let minor = minor(asked)?;
        let mut fields = vec![
            ("mode", String::from("payment")),
            ("line_items[0][quantity]", String::from("1")),
            ("line_items[0][price_data][currency]", asked.currency.to_lowercase()),
            ("line_items[0][price_data][unit_amount]", minor.to_string()),
            ("line_items[0][price_data][product_data][name]", String::from("Wallet top-up")),
            ("success_url", return_to.to_owned()),
            ("cancel_url", return_to.to_owned()),
            ("metadata[payment_id]", asked.payment_id.to_owned()),
            ("payment_intent_data[metadata][payment_id]", asked.payment_id.to_owned()),
            ("payment_intent_data[metadata][organization_id]", asked.organization_id.to_owned()),
        ];
        if let Some(customer) = customer {
            fields.push(("customer", customer));
            fields.push(("payment_intent_data[setup_future_usage]", String::from("off_session")));
        }
        let page: Page = self.client.post("/v1/checkout/sessions", asked.payment_id, &fields).await?;
        Ok(StartedPayment { reference: page.id, client_secret: None, page_url: Some(page.url), notice: None })
    }

    async fn ask(&self, reference: &str) -> Result<Option<PaymentNotice>, PaymentFault> {
        // It becomes part of an address: whatever is not as Stripe names things is not asked about.
        if !reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            return Err(PaymentFault::Refused(String::from("the payment has no name of Stripe's")));
        }
        let currency = &self.settings.currency;
        let ended = if reference.starts_with(PAGES) {
            let path = format!("/v1/checkout/sessions/{reference}?expand[]=payment_intent");
            self.client.get::<event::Page>(&path).await?.ended(currency)
        } else {
            self.client.get::<event::Intent>(&format!("/v1/payment_intents/{reference}")).await?.ended(currency)
        };
        ended.map_err(|fault| PaymentFault::Refused(fault.to_string()))
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
        Ok(StartedPayment { reference: intent.id, client_secret: None, page_url: None, notice: None })
    }
}

/// The amount as Stripe counts it.
fn minor(asked: &Asked<'_>) -> Result<i64, PaymentFault> {
    amounts::minor(asked.amount, asked.currency).ok_or_else(|| PaymentFault::Refused(String::from("the amount is finer than the currency")))
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

    fn look_up<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Option<PaymentNotice>, PaymentFault>> {
        self.ask(reference).boxed()
    }

    fn read_notice(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Option<PaymentNotice>, NoticeFault> {
        if !signature::is_valid(&self.settings.webhook_secret, header, body, now) {
            return Err(NoticeFault::BadSignature);
        }
        event::read(body, &self.settings.currency)
    }
}
