//! Paying on Stripe's own page, and payments whose webhooks were lost: Stripe is asked, and a webhook that comes after all changes nothing.

use axum::http::StatusCode;
use dialyard::domain::money::Micros;
use dialyard::server::services::lookups;
use dialyard::server::services::wallet::{self, Payment, Wish};
use serde_json::{Value, json};

use super::payments::Till;
use super::stripe::{Mood, intent, page};

/// A payment of 25 dollars that a browser is led to.
async fn begun(till: &Till, save_method: bool) -> Payment {
    let wish = Wish { save_method, on_page: true, ..Wish::of(Micros(25_000_000)) };
    let key = till.app.state.new_id();
    let started = wallet::start_payment(&till.app.state, &till.ada, wish, &key).await.expect("started");
    assert_eq!((started.client_secret, started.payment.status.as_str()), (None, "pending"));
    started.payment
}

/// The intent that Stripe made on its page: its name has nothing of ours.
fn paid(id: &str, saved: bool) -> Value {
    Value::Object(intent(id, 2_500, saved).as_object().cloned().expect("an object").into_iter().map(named).collect())
}

fn named((name, value): (String, Value)) -> (String, Value) {
    if name == "id" { (name, json!("pi_of_the_page")) } else { (name, value) }
}

async fn asked(till: &Till) -> u64 {
    lookups::run(&till.app.state).await.expect("a run")
}

async fn status(till: &Till, id: &str) -> String {
    wallet::payment(&till.app.state, &till.ada, id).await.expect("a payment").status
}

#[tokio::test]
async fn a_browser_is_led_to_a_page_and_comes_back_and_the_card_is_saved() {
    let till = Till::open().await;
    let payment = begun(&till, true).await;
    let id = payment.id.as_str();
    assert_eq!(payment.page_url, Some(format!("https://checkout.example/c/pay/{id}")));
    let seen = till.stripe.seen();
    assert_eq!(seen.iter().map(|seen| seen.path).collect::<Vec<_>>(), ["/v1/customers", "/v1/checkout/sessions"]);
    let back = format!("http://127.0.0.1:3000/wallet?pay={id}");
    for (name, value) in [
        ("mode", "payment"),
        ("customer", "cus_1"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "usd"),
        ("line_items[0][price_data][unit_amount]", "2500"),
        ("success_url", back.as_str()),
        ("cancel_url", back.as_str()),
        ("metadata[payment_id]", id),
        ("payment_intent_data[metadata][payment_id]", id),
        ("payment_intent_data[setup_future_usage]", "off_session"),
    ] {
        assert_eq!(seen[1].form.get(name).map(String::as_str), Some(value), "{name}");
    }
    for event in ["evt_1", "evt_1", "evt_2"] {
        assert_eq!(till.tell(event, "payment_intent.succeeded", paid(id, true)).await, StatusCode::OK);
        assert_eq!(till.balance().await, Micros(25_000_000));
    }
    assert!(wallet::standing(&till.app.state, &till.ada).await.expect("a wallet").method_saved);
    // A refund knows the intent and nothing of the page.
    let charge = json!({ "id": "ch_1", "object": "charge", "payment_intent": "pi_of_the_page", "currency": "usd", "amount_refunded": 500 });
    till.tell("evt_3", "charge.refunded", charge).await;
    assert_eq!(till.balance().await, Micros(20_000_000));
    wallet::forget_method(&till.app.state, &till.ada).await.expect("forgotten");
    wallet::forget_method(&till.app.state, &till.ada).await.expect("nothing to forget");
    assert!(!wallet::standing(&till.app.state, &till.ada).await.expect("a wallet").method_saved);
    assert_eq!(till.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'setting.changed'").await, 1);
}

#[tokio::test]
async fn a_lost_webhook_is_asked_for_and_a_late_one_changes_nothing() {
    let till = Till::open().await;
    let id = begun(&till, true).await.id;
    assert_eq!((asked(&till).await, till.stripe.seen().len()), (0, 2), "it has a minute to come by itself");
    till.app.clock.advance_s(60);
    assert_eq!((asked(&till).await, till.stripe.seen().len()), (0, 3), "nobody has paid yet");
    till.stripe.stands(page(&id, "complete", Some(paid(&id, true))));
    assert_eq!((asked(&till).await, till.stripe.seen().len()), (0, 3), "each wait is as long as all before");
    till.app.clock.advance_s(60);
    assert_eq!((asked(&till).await, status(&till, &id).await.as_str()), (1, "succeeded"));
    let rows = till.rows().await;
    assert_eq!(till.tell("evt_late", "payment_intent.succeeded", paid(&id, true)).await, StatusCode::OK);
    till.app.clock.advance_s(86_400);
    assert_eq!((asked(&till).await, till.stripe.seen().len()), (0, 4), "what has ended is not asked about");
    assert_eq!(till.balance().await, Micros(25_000_000));
    // The late event is remembered and moved nothing.
    assert_eq!((till.rows().await, till.app.scalar("SELECT COUNT(*) FROM transfers").await), (rows + 1, 1));
}

#[tokio::test]
async fn an_intent_of_a_form_is_asked_for_too_and_webhook_and_answer_meet() {
    let till = Till::open().await;
    let started = wallet::top_up(&till.app.state, &till.ada, Micros(25_000_000), "form").await.expect("started").payment;
    till.stripe.stands(intent(&started.id, 2_500, false));
    till.app.clock.advance_s(60);
    assert_eq!(till.tell("evt_1", "payment_intent.succeeded", intent(&started.id, 2_500, false)).await, StatusCode::OK);
    assert_eq!((asked(&till).await, till.balance().await), (0, Micros(25_000_000)));
    let other = wallet::top_up(&till.app.state, &till.ada, Micros(5_000_000), "lost").await.expect("started").payment;
    till.stripe.stands(intent(&other.id, 500, false));
    till.app.clock.advance_s(60);
    assert_eq!((asked(&till).await, till.balance().await), (1, Micros(30_000_000)));
}

#[tokio::test]
async fn what_nobody_paid_ends_and_trouble_at_stripe_ends_nothing() {
    let till = Till::open().await;
    let (gone, told) = (begun(&till, false).await.id, begun(&till, false).await.id);
    till.app.clock.advance_s(60);
    till.stripe.mood(Mood::BreaksOff);
    assert_eq!((asked(&till).await, status(&till, &gone).await.as_str()), (0, "pending"));
    till.stripe.mood(Mood::Takes);
    till.stripe.stands(page(&gone, "expired", None));
    till.app.clock.advance_s(86_400);
    assert_eq!((asked(&till).await, status(&till, &gone).await.as_str()), (1, "failed"));
    assert_eq!(status(&till, &told).await, "pending");
    assert_eq!(till.tell("evt_1", "checkout.session.expired", page(&told, "expired", None)).await, StatusCode::OK);
    assert_eq!((status(&till, &told).await.as_str(), till.balance().await), ("failed", Micros::ZERO));
    // One of a month ago is left alone; its webhook would still count.
    let old = begun(&till, false).await.id;
    till.stripe.stands(page(&old, "complete", Some(paid(&old, false))));
    till.app.clock.advance_s(31 * 86_400);
    assert_eq!((asked(&till).await, status(&till, &old).await.as_str()), (0, "pending"));
    till.tell("evt_2", "payment_intent.succeeded", paid(&old, false)).await;
    assert_eq!(till.balance().await, Micros(25_000_000));
}
