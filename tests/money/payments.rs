//! Paying through Stripe: money moves when a signed webhook says so, each event once, and goes back as far as there is any.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::server::payments::stripe::{StripePayments, StripeSettings};
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::wallet::{self, Reload, SettingsChange, Wish};
use dialyard::server::services::{holds, reloads};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::stripe::{Mood, SECRET_KEY, Stripe, WEBHOOK_SECRET, event, intent, signature};
use super::support::owned::code;
use super::support::{OWN_STOCK, TestApp};

const NUMBER: &str = "+14155550199";
const OTHER: &str = "+14155550198";

/// An installation that is paid by the local server.
pub struct Till {
    pub app: TestApp,
    pub stripe: Stripe,
    pub ada: Caller,
    router: Router,
}

impl Till {
    pub async fn open() -> Self {
        let stripe = Stripe::start().await;
        let mut app = TestApp::new().await;
        app.state.payments = Some(Arc::new(StripePayments::new(StripeSettings {
            secret_key: String::from(SECRET_KEY),
            webhook_secret: String::from(WEBHOOK_SECRET),
            api: stripe.url.parse().expect("an address"),
            currency: String::from("USD"),
        })));
        let ada = app.organization("Ada", 0).await;
        app.stock(OWN_STOCK, &[NUMBER, OTHER]).await;
        let router = router(&app.state, SocketAddr::from(([127, 0, 0, 1], 3_000)), &Site::find(None));
        Self { app, stripe, ada, router }
    }

    fn now_s(&self) -> i64 {
        self.app.state.now().micros() / 1_000_000
    }

    async fn post(&self, body: &str, header: &str) -> StatusCode {
        let request = Request::post("/webhooks/stripe")
            .header("host", "127.0.0.1:3000")
            .header("content-type", "application/json; charset=utf-8")
            .header("stripe-signature", header)
            .body(Body::from(body.to_owned()));
        self.router.clone().oneshot(request.expect("a request")).await.expect("an answer").status()
    }

    /// Sends an event with a good signature.
    pub async fn tell(&self, id: &str, kind: &str, object: Value) -> StatusCode {
        let body = event(id, kind, object);
        self.post(&body, &signature(WEBHOOK_SECRET, self.now_s(), &body)).await
    }

    /// A payment of so many dollars that came.
    async fn paid(&self, dollars: i64, save: bool) -> String {
        let key = self.app.state.new_id();
        let wish = Wish { save_method: save, ..Wish::of(Micros(dollars * 1_000_000)) };
        let started = wallet::start_payment(&self.app.state, &self.ada, wish, &key).await.expect("started");
        let id = started.payment.id;
        let object = intent(&id, dollars * 100, save);
        assert_eq!(self.tell(&format!("evt_{id}"), "payment_intent.succeeded", object).await, StatusCode::OK);
        id
    }

    pub async fn balance(&self) -> Micros {
        self.app.wallet(&self.ada).await.0
    }

    pub async fn owed(&self) -> Micros {
        Micros(self.app.scalar("SELECT balance_micros FROM ledger_accounts WHERE kind = 'receivable'").await)
    }

    /// What could tell that anything was written.
    pub async fn rows(&self) -> i64 {
        self.app
            .scalar("SELECT (SELECT COUNT(*) FROM transfers) + (SELECT COUNT(*) FROM payment_events) + (SELECT COUNT(*) FROM audit)")
            .await
    }
}

#[tokio::test]
async fn a_top_up_gives_the_secret_and_counts_when_the_webhook_says_so() {
    let till = Till::open().await;
    let started = wallet::top_up(&till.app.state, &till.ada, Micros(25_500_000), "once").await.expect("started");
    let (id, payment) = (started.payment.id.clone(), started.payment);
    assert_eq!((payment.status.as_str(), started.client_secret), ("pending", Some(format!("pi_{id}_secret_1"))));
    let seen = till.stripe.seen();
    assert_eq!((seen.len(), seen[0].path, seen[0].idempotency_key.as_str()), (1, "/v1/payment_intents", id.as_str()));
    let field = |name: &str| seen[0].form.get(name).map(String::as_str);
    assert_eq!((field("amount"), field("currency")), (Some("2550"), Some("usd")));
    assert_eq!((field("metadata[payment_id]"), field("automatic_payment_methods[enabled]")), (Some(id.as_str()), Some("true")));
    assert_eq!(till.balance().await, Micros::ZERO);
    assert_eq!(till.tell("evt_0", "payment_intent.payment_failed", intent(&id, 2_550, false)).await, StatusCode::OK);
    let object = intent(&id, 2_550, false);
    for _ in 0..2 {
        assert_eq!(till.tell("evt_1", "payment_intent.succeeded", object.clone()).await, StatusCode::OK);
        assert_eq!(till.balance().await, Micros(25_500_000), "the same event twice is one top-up");
    }
    assert_eq!(till.tell("evt_2", "payment_intent.succeeded", object).await, StatusCode::OK, "another event about the same");
    assert_eq!(till.balance().await, Micros(25_500_000));
    let read = wallet::payment(&till.app.state, &till.ada, &id).await.expect("a payment");
    assert_eq!(read.status, "succeeded");
}

#[tokio::test]
async fn what_is_not_signed_changes_nothing() {
    let till = Till::open().await;
    let started = wallet::top_up(&till.app.state, &till.ada, Micros(25_000_000), "once").await.expect("started");
    let body = event("evt_1", "payment_intent.succeeded", intent(&started.payment.id, 2_500, false));
    let (now, before) = (till.now_s(), till.rows().await);
    let good = signature(WEBHOOK_SECRET, now, &body);
    let as_v0 = good.replace("v1=", "v0=");
    let refused = [
        "",
        "t=1",
        &signature("whsec_other", now, &body),
        &signature(WEBHOOK_SECRET, now - 301, &body),
        &signature(WEBHOOK_SECRET, now + 301, &body),
        &as_v0,
    ]
    .map(str::to_owned);
    for header in refused {
        assert_eq!(till.post(&body, &header).await, StatusCode::BAD_REQUEST, "{header}");
    }
    assert_eq!(till.post(&body.replace("2500", "9900"), &good).await, StatusCode::BAD_REQUEST, "the body is signed");
    let unreadable = "{}";
    assert_eq!(till.post(unreadable, &signature(WEBHOOK_SECRET, now, unreadable)).await, StatusCode::BAD_REQUEST);
    let long = "x".repeat(256 * 1_024 + 1);
    assert_eq!(till.post(&long, &signature(WEBHOOK_SECRET, now, &long)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!((till.rows().await, till.balance().await), (before, Micros::ZERO));
    // Two signatures, as while a secret is being replaced, at the edge of the tolerance.
    let edge = signature(WEBHOOK_SECRET, now - 300, &body);
    let both = edge.replace(",v1=", &format!(",v1={},v1=", "0".repeat(64)));
    assert_eq!(till.post(&body, &both).await, StatusCode::OK);
    assert_eq!(till.balance().await, Micros(25_000_000));
}

#[tokio::test]
async fn events_that_are_not_ours_are_taken_and_ours_that_are_missing_are_asked_for_again() {
    let till = Till::open().await;
    let mut foreign = intent("unknown", 100, false);
    assert_eq!(till.tell("evt_1", "payment_intent.succeeded", foreign.clone()).await, StatusCode::NOT_FOUND);
    foreign["metadata"] = json!({});
    let before = till.rows().await;
    assert_eq!(till.tell("evt_2", "payment_intent.succeeded", foreign).await, StatusCode::OK);
    assert_eq!(till.tell("evt_3", "customer.created", json!({ "id": "cus_9" })).await, StatusCode::OK);
    assert_eq!(till.rows().await, before);
    let started = wallet::top_up(&till.app.state, &till.ada, Micros(5_000_000), "once").await.expect("started");
    let other = intent(&started.payment.id, 400, false);
    assert_eq!(till.tell("evt_4", "payment_intent.succeeded", other).await, StatusCode::INTERNAL_SERVER_ERROR, "another amount");
    let mut euros = intent(&started.payment.id, 500, false);
    euros["currency"] = json!("eur");
    assert_eq!(till.tell("evt_5", "payment_intent.succeeded", euros).await, StatusCode::BAD_REQUEST);
    assert_eq!((till.balance().await, till.rows().await), (Micros::ZERO, before));
}

#[tokio::test]
async fn refunds_and_disputes_take_what_is_there_and_the_rest_is_owed() {
    let till = Till::open().await;
    let id = till.paid(20, false).await;
    let charge = |refunded: i64| json!({ "id": "ch_1", "object": "charge", "payment_intent": format!("pi_{id}"), "currency": "usd", "amount_refunded": refunded });
    till.tell("evt_r1", "charge.refunded", charge(500)).await;
    assert_eq!((till.balance().await, till.owed().await), (Micros(15_000_000), Micros::ZERO));
    // Stripe tells the sum so far: what was told before is not taken again, in whatever order it comes.
    till.tell("evt_r2", "charge.refunded", charge(800)).await;
    till.tell("evt_r3", "charge.refunded", charge(500)).await;
    assert_eq!(till.balance().await, Micros(12_000_000));
    buy(&till.app.state, &till.ada, Buy { e164: NUMBER.to_owned(), ..Buy::default() }).await.expect("bought");
    let dispute = || json!({ "id": "dp_1", "object": "dispute", "payment_intent": format!("pi_{id}"), "currency": "usd", "amount": 1_200 });
    till.tell("evt_d0", "charge.dispute.created", dispute()).await;
    assert_eq!(till.balance().await, Micros(9_750_000), "it is told of, and moves nothing");
    for _ in 0..2 {
        assert_eq!(till.tell("evt_d1", "charge.dispute.funds_withdrawn", dispute()).await, StatusCode::OK);
        assert_eq!((till.balance().await, till.owed().await), (Micros::ZERO, Micros(2_250_000)));
    }
    let held = holds::place(&till.app.state, &till.ada, OTHER).await;
    assert_eq!(held.map(|_| ()).map_err(code), Err(Code::PaymentHold));
    // A top-up settles what is owed first, and so does the money that comes back.
    till.paid(2, false).await;
    assert_eq!((till.balance().await, till.owed().await), (Micros::ZERO, Micros(250_000)));
    till.tell("evt_d2", "charge.dispute.funds_reinstated", dispute()).await;
    assert_eq!((till.balance().await, till.owed().await), (Micros(11_750_000), Micros::ZERO));
    assert_eq!(till.app.scalar("SELECT COUNT(*) FROM notices").await, 4);
    let kinds = till.app.text("SELECT group_concat(kind, ' ') FROM (SELECT kind FROM transfers ORDER BY sequence)").await;
    assert_eq!(kinds, "topup refund refund setup_fee rental dispute dispute topup adjustment dispute_reversal adjustment");
}

/// The wallet is topped up with 30 below 10.
async fn reloading(till: &Till) {
    let reload = Some(Some(Reload { threshold: Micros(10_000_000), amount: Micros(30_000_000) }));
    wallet::change_settings(&till.app.state, &till.ada, SettingsChange { reload, ..SettingsChange::default() }).await.expect("chosen");
}

async fn run(till: &Till) -> u64 {
    reloads::run(&till.app.state).await.expect("a run")
}

#[tokio::test]
async fn a_wallet_below_its_threshold_is_topped_up_by_itself() {
    let till = Till::open().await;
    reloading(&till).await;
    assert_eq!(run(&till).await, 0, "no way of paying is saved");
    till.paid(9, true).await;
    let customer = &till.stripe.seen()[0];
    assert_eq!(customer.path, "/v1/customers");
    assert_eq!((run(&till).await, run(&till).await), (1, 0), "one at a time");
    let seen = till.stripe.seen();
    let last = seen.last().expect("a request");
    for (name, value) in
        [("amount", "3000"), ("customer", "cus_1"), ("payment_method", "pm_1"), ("off_session", "true"), ("confirm", "true")]
    {
        assert_eq!(last.form.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(till.balance().await, Micros(9_000_000), "money counts when the webhook says so");
    let id = last.idempotency_key.clone();
    till.tell("evt_auto", "payment_intent.succeeded", intent(&id, 3_000, false)).await;
    assert_eq!((till.balance().await, run(&till).await), (Micros(39_000_000), 0));
    // Declined three times in a day is enough; the next day it is tried again.
    till.app.drain_to(&till.ada, Micros::ZERO).await;
    till.stripe.mood(Mood::Declines);
    assert_eq!((run(&till).await, run(&till).await, run(&till).await), (1, 1, 0));
    assert_eq!(till.app.scalar("SELECT COUNT(*) FROM notices WHERE kind = 'wallet.reload_failed'").await, 2);
    till.app.clock.advance_s(86_401);
    assert_eq!(run(&till).await, 1);
}

#[tokio::test]
async fn a_payment_whose_answer_was_lost_is_asked_for_again_and_counted_once() {
    let till = Till::open().await;
    till.paid(9, true).await;
    reloading(&till).await;
    till.stripe.mood(Mood::BreaksOff);
    assert_eq!((run(&till).await, run(&till).await), (1, 0));
    till.stripe.mood(Mood::Takes);
    run(&till).await;
    run(&till).await;
    let asked: Vec<_> = till.stripe.seen().into_iter().filter(|seen| seen.form.contains_key("confirm")).collect();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|seen| seen.idempotency_key == asked[0].idempotency_key && seen.form == asked[0].form));
    let id = asked[0].idempotency_key.clone();
    till.tell("evt_auto", "payment_intent.succeeded", intent(&id, 3_000, false)).await;
    assert_eq!(till.balance().await, Micros(39_000_000));
    assert_eq!(till.app.scalar("SELECT COUNT(*) FROM payments WHERE automatic = 1").await, 1);
}

#[tokio::test]
async fn money_that_comes_after_a_failure_counts_all_the_same() {
    let till = Till::open().await;
    let started = wallet::top_up(&till.app.state, &till.ada, Micros(5_000_000), "once").await.expect("started");
    let id = started.payment.id;
    till.tell("evt_1", "payment_intent.canceled", intent(&id, 500, false)).await;
    assert_eq!(wallet::payment(&till.app.state, &till.ada, &id).await.expect("a payment").status, "failed");
    till.tell("evt_2", "payment_intent.succeeded", intent(&id, 500, false)).await;
    assert_eq!(till.balance().await, Micros(5_000_000));
}

#[tokio::test]
async fn amounts_that_cannot_be_paid_are_refused_before_anybody_is_asked() {
    let mut till = Till::open().await;
    let settings = dialyard::server::config::Settings { most_top_up: Micros(500_000_000), ..(*till.app.state.settings).clone() };
    till.app.state.settings = Arc::new(settings);
    for micros in [0, -1, 5_000, 1_005_000, 500_010_000] {
        let refused = wallet::top_up(&till.app.state, &till.ada, Micros(micros), "key").await.map(|_| ()).map_err(code);
        assert_eq!(refused, Err(Code::Validation), "{micros}");
    }
    assert!(till.stripe.seen().is_empty());
}
