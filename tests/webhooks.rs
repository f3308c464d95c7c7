//! Webhooks against a receiver that listens for real: what is told, how it is signed, what happens when nobody answers, and where
//! nothing is ever sent.

mod support;

use std::path::Path;
use std::time::Duration;

use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::webhook::GIVE_UP_AFTER_S;
use dialyard::server::carriers::Carriers;
use dialyard::server::error::Error;
use dialyard::server::jobs;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::wallet::SettingsChange;
use dialyard::server::services::webhooks::{self, EndpointChange, NewEndpoint, WithSecret};
use dialyard::server::services::{holds, moving, releasing, wallet};
use dialyard::server::store::deliveries::{Delivery, DeliveryFilter};
use serde_json::json;
use support::owned::{Column, Yard, code};
use support::receiver::{Act, Receiver};
use support::{OWN_STOCK, START, TestApp};

const NUMBER: &str = "+14155550199";
const OTHER: &str = "+14155550198";

/// An installation that may tell programs on this machine.
async fn demo() -> TestApp {
    TestApp::with(Carriers::default(), |settings| settings.demo = true).await
}

/// One life of an installation in a folder; the seed keeps the ids of two lives apart.
async fn life(folder: &Path, seed: u64, seconds: i64) -> TestApp {
    let app = TestApp::at(folder.to_owned(), Carriers::default(), seed, |settings| settings.demo = true).await;
    app.clock.set(START.plus_seconds(seconds));
    app
}

async fn endpoint(app: &TestApp, caller: &Caller, url: &str, events: &[&str]) -> WithSecret {
    let new = NewEndpoint { url: url.to_owned(), events: events.iter().map(|name| (*name).to_owned()).collect() };
    webhooks::create(&app.state, caller, &new).await.expect("a webhook")
}

async fn bought(app: &TestApp, caller: &Caller, e164: &str) -> Result<(), Error> {
    buy(&app.state, caller, Buy { e164: e164.to_owned(), ..Buy::default() }).await.map(|_| ())
}

async fn threshold(app: &TestApp, caller: &Caller, low_balance: Option<Micros>) -> Result<(), Error> {
    let change = SettingsChange { low_balance: Some(low_balance), ..SettingsChange::default() };
    wallet::change_settings(&app.state, caller, change).await.map(|_| ())
}

async fn send(app: &TestApp) -> u64 {
    jobs::webhooks::run(&app.state).await.expect("a run")
}

async fn log(app: &TestApp, caller: &Caller) -> Vec<Delivery> {
    webhooks::deliveries(&app.state, caller, &DeliveryFilter::default(), None, 100).await.expect("a log").rows
}

async fn newest(app: &TestApp, caller: &Caller) -> Delivery {
    log(app, caller).await.into_iter().next().expect("a delivery")
}

#[tokio::test]
async fn a_message_arrives_after_two_errors_and_a_restart_with_the_same_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(&[Act::Answer(500), Act::Answer(500)]).await;
    let (ada, secret) = {
        let app = life(folder.path(), 1, 0).await;
        app.stock(OWN_STOCK, &[NUMBER]).await;
        let ada = app.organization("Ada", 10).await;
        let made = endpoint(&app, &ada, &receiver.url, &["number.purchased"]).await;
        bought(&app, &ada, NUMBER).await.expect("bought");
        assert_eq!(send(&app).await, 1);
        assert_eq!(send(&app).await, 0, "the second attempt has its time");
        app.clock.advance_s(6);
        assert_eq!(send(&app).await, 1);
        (ada, made.secret)
    };
    let app = life(folder.path(), 2, 60).await;
    assert_eq!(send(&app).await, 1);
    assert_eq!(send(&app).await, 0, "what was delivered is not sent again");
    let messages = receiver.messages();
    assert_eq!(messages.len(), 3);
    let event_id = app.text("SELECT id FROM events WHERE kind = 'number.purchased'").await;
    for (message, seconds) in messages.iter().zip([0, 6, 60]) {
        assert_eq!(message.id, event_id);
        assert_eq!(message.body, messages[0].body);
        assert_eq!(message.content_type, "application/json");
        assert_eq!(message.timestamp_s, START.plus_seconds(seconds).micros() / 1_000_000);
        assert!(message.is_signed_with(&secret));
    }
    let delivery = newest(&app, &ada).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts), ("delivered", 3));
    let detail = webhooks::delivery(&app.state, &ada, &delivery.id).await.expect("a delivery");
    let statuses: Vec<Option<u16>> = detail.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(200), Some(500), Some(500)]);
}

#[tokio::test]
async fn an_attempt_that_died_with_the_server_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(&[Act::Hang]).await;
    let ada = {
        let app = life(folder.path(), 1, 0).await;
        app.stock(OWN_STOCK, &[NUMBER]).await;
        let ada = app.organization("Ada", 10).await;
        endpoint(&app, &ada, &receiver.url, &[]).await;
        bought(&app, &ada, NUMBER).await.expect("bought");
        // Killed while the receiver has the message and has not answered.
        let killed = tokio::time::timeout(Duration::from_millis(400), jobs::webhooks::run(&app.state)).await;
        assert!(killed.is_err(), "the receiver hangs");
        ada
    };
    assert_eq!(receiver.messages().len(), 1);
    let app = life(folder.path(), 2, 30).await;
    assert_eq!(send(&app).await, 0, "for a minute the attempt counts as running");
    app.clock.advance_s(31);
    assert_eq!(send(&app).await, 1);
    let messages = receiver.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].id, messages[1].id);
    assert_eq!(newest(&app, &ada).await.state, "delivered");
}

#[tokio::test]
async fn a_purchase_tells_its_number_its_price_and_its_place_in_the_sequence() {
    let (app, receiver) = (demo().await, Receiver::start(&[]).await);
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 10).await;
    endpoint(&app, &ada, &receiver.url, &[]).await;
    bought(&app, &ada, NUMBER).await.expect("bought");
    send(&app).await;
    let told = receiver.messages()[0].json();
    let sequence = app.scalar("SELECT sequence FROM events WHERE kind = 'number.purchased'").await;
    let number_id = app.text("SELECT id FROM owned_numbers").await;
    let order_id = app.text("SELECT id FROM orders").await;
    assert_eq!(
        told,
        json!({
            "id": app.text("SELECT id FROM events WHERE kind = 'number.purchased'").await,
            "type": "number.purchased",
            "timestamp": START.rfc3339(),
            "sequence": sequence,
            "data": {
                "numberId": number_id, "e164": NUMBER, "orderId": order_id, "holdId": null,
                "setup": 1.0, "monthly": 1.25, "currency": "USD",
            },
        })
    );
}

#[tokio::test]
async fn only_those_who_asked_are_told_and_a_refusal_is_no_event() {
    let (app, receiver, other) = (demo().await, Receiver::start(&[]).await, Receiver::start(&[]).await);
    app.stock(OWN_STOCK, &[NUMBER, OTHER]).await;
    let (ada, bob) = (app.organization("Ada", 10).await, app.organization("Bob", 10).await);
    let asked = endpoint(&app, &ada, &receiver.url, &["number.purchased", "number.released"]).await;
    let off = endpoint(&app, &ada, &receiver.url, &[]).await;
    let change = EndpointChange { disabled: Some(true), ..EndpointChange::default() };
    webhooks::edit(&app.state, &ada, &off.endpoint.id, &change).await.expect("edited");
    endpoint(&app, &ada, &receiver.url, &["wallet.low"]).await;
    endpoint(&app, &bob, &other.url, &[]).await;
    bought(&app, &ada, NUMBER).await.expect("bought");
    bought(&app, &bob, NUMBER).await.expect_err("sold");
    send(&app).await;
    let messages = receiver.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].is_signed_with(&asked.secret));
    assert!(other.messages().is_empty(), "neither a refusal nor what others do is told");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM webhook_deliveries").await, 1);
}

#[tokio::test]
async fn each_kind_is_told_where_it_happens() {
    let receiver = Receiver::start(&[]).await;
    let yard = Yard::of(demo().await).await;
    let (app, owner) = (&yard.app, &yard.owner);
    endpoint(app, owner, &receiver.url, &[]).await;
    let number = yard.number(Column::P1).await;
    moving::unassign(&app.state, owner, &number.id).await.expect("unassigned");
    releasing::release(&app.state, owner, &number.id, None).await.expect("released");
    releasing::restore(&app.state, owner, &number.id).await.expect("restored");
    send(app).await;
    let mut types = receiver.types();
    types.sort();
    assert_eq!(types, ["number.assigned", "number.purchased", "number.released", "number.restored", "number.unassigned"]);
}

#[tokio::test]
async fn the_end_of_a_hold_is_told_before_and_after_each_once() {
    let (app, receiver) = (demo().await, Receiver::start(&[]).await);
    app.stock(OWN_STOCK, &[NUMBER, OTHER]).await;
    let ada = app.organization("Ada", 10).await;
    endpoint(&app, &ada, &receiver.url, &[]).await;
    let hold = holds::place(&app.state, &ada, NUMBER).await.expect("held").held.hold;
    let tick = async |seconds: i64| {
        app.clock.advance_s(seconds);
        jobs::holds::run(&app.state).await.expect("a run");
        send(&app).await;
        receiver.types()
    };
    assert!(tick(60).await.is_empty(), "half an hour before its end nobody is told");
    assert_eq!(tick(1_500).await, ["hold.expiring"]);
    assert_eq!(tick(60).await, ["hold.expiring"], "told once");
    let extended = holds::extend(&app.state, &ada, &hold.id).await.expect("extended").hold;
    assert_eq!(tick(1_700).await, ["hold.expiring", "hold.expiring"], "an extended hold has another end");
    assert_eq!(tick(300).await, ["hold.expiring", "hold.expiring", "hold.expired"]);
    assert_eq!(tick(60).await.len(), 3);
    let told = receiver.messages()[2].json();
    assert_eq!(told["data"]["holdId"], json!(hold.id));
    assert_eq!(told["data"]["e164"], json!(NUMBER));
    assert_eq!(told["data"]["expiresAt"], json!(extended.expires_at.rfc3339()));
    // A lapsed hold that makes room for a new one is told of as well, in the same transaction.
    holds::place(&app.state, &ada, OTHER).await.expect("held");
    app.clock.advance_s(1_801);
    holds::place(&app.state, &ada, OTHER).await.expect("held again");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM events WHERE kind = 'hold.expired'").await, 2);
}

#[tokio::test]
async fn a_low_wallet_is_told_once_a_crossing() {
    let (app, receiver) = (demo().await, Receiver::start(&[]).await);
    let numbers: Vec<String> = (0..6).map(|index| format!("+1415555010{index}")).collect();
    app.stock(OWN_STOCK, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let ada = app.organization("Ada", 10).await;
    endpoint(&app, &ada, &receiver.url, &["wallet.low"]).await;
    let told = async || {
        send(&app).await;
        receiver.messages().len()
    };
    threshold(&app, &ada, Some(Micros(6_000_000))).await.expect("changed");
    // 10.00, 7.75, then 5.50 and 3.25: below 6.00 twice, told once.
    bought(&app, &ada, &numbers[0]).await.expect("bought");
    assert_eq!(told().await, 0);
    bought(&app, &ada, &numbers[1]).await.expect("bought");
    assert_eq!(told().await, 1);
    bought(&app, &ada, &numbers[2]).await.expect("bought");
    assert_eq!(told().await, 1);
    assert_eq!(receiver.messages()[0].json()["data"], json!({ "available": 5.5, "threshold": 6.0, "currency": "USD" }));
    // 6.25 is above the threshold and not above 110 % of it, so falling below again is the same crossing.
    wallet::top_up(&app.state, &ada, Micros(3_000_000), "first").await.expect("paid");
    bought(&app, &ada, &numbers[3]).await.expect("bought");
    assert_eq!(told().await, 1);
    // 4.00 + 3.00 = 7.00 is: the next fall is told.
    wallet::top_up(&app.state, &ada, Micros(3_000_000), "second").await.expect("paid");
    bought(&app, &ada, &numbers[4]).await.expect("bought");
    assert_eq!(told().await, 2);
    // A threshold above what is there counts as crossed at once; taking it away ends the telling.
    threshold(&app, &ada, Some(Micros(50_000_000))).await.expect("changed");
    assert_eq!(told().await, 3);
    threshold(&app, &ada, None).await.expect("changed");
    bought(&app, &ada, &numbers[5]).await.expect("bought");
    assert_eq!(told().await, 3);
}

#[tokio::test]
async fn the_end_of_a_cool_off_is_told_once_a_call() {
    let receiver = Receiver::start(&[]).await;
    let yard = Yard::of(demo().await).await;
    let app = &yard.app;
    endpoint(app, &yard.owner, &receiver.url, &["cool_off.ended"]).await;
    let number = yard.number(Column::SC).await;
    let pooled = yard.number(Column::P1).await;
    yard.called(&pooled.e164, app.state.now()).await.expect("reported");
    let after = async |seconds: i64| {
        app.clock.advance_s(seconds);
        jobs::cool_offs::run(&app.state).await.expect("a run");
        send(app).await;
        receiver.messages().len()
    };
    assert_eq!(after(15 * 86_400 - 1).await, 0);
    assert_eq!(after(60).await, 1, "of the number in a sub-account, not of the one in the pool");
    assert_eq!(after(60).await, 1);
    let told = receiver.messages()[0].json();
    assert_eq!(told["data"]["e164"], json!(number.e164));
    assert_eq!(told["timestamp"], json!(START.plus_days(15).rfc3339()), "the instant of the end, not of the job");
    yard.called(&number.e164, app.state.now()).await.expect("reported");
    assert_eq!(after(15 * 86_400).await, 2, "another call, another end");
}

#[tokio::test]
async fn a_receiver_in_trouble_is_tried_for_a_day_and_can_be_sent_it_again() {
    let (app, receiver) = (demo().await, Receiver::start(&[Act::Answer(503); 40]).await);
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 10).await;
    endpoint(&app, &ada, &receiver.url, &[]).await;
    bought(&app, &ada, NUMBER).await.expect("bought");
    let mut last_at = START;
    for _ in 0..40 {
        let delivery = match newest(&app, &ada).await {
            delivery if delivery.state == "failed" => break,
            delivery => delivery,
        };
        let due_at = delivery.due_at.expect("a time");
        app.clock.set(due_at);
        assert_eq!(send(&app).await, 1);
        last_at = due_at;
    }
    let delivery = newest(&app, &ada).await;
    assert_eq!(delivery.state, "failed");
    assert!((9..=12).contains(&delivery.attempts), "{} attempts", delivery.attempts);
    assert!((GIVE_UP_AFTER_S / 2..=GIVE_UP_AFTER_S).contains(&START.seconds_until(last_at)));
    app.clock.advance_s(7 * 86_400);
    assert_eq!(send(&app).await, 0, "it was given up");
    let first_id = receiver.messages()[0].id.clone();
    receiver.script(&[]);
    webhooks::redeliver(&app.state, &ada, &delivery.id).await.expect("asked for again");
    assert_eq!(send(&app).await, 1);
    assert_eq!(receiver.messages().last().expect("a message").id, first_id);
    assert_eq!(newest(&app, &ada).await.state, "delivered");
    // What was delivered can be asked for again too; it is the same message.
    webhooks::redeliver(&app.state, &ada, &delivery.id).await.expect("asked for again");
    assert_eq!(send(&app).await, 1);
    let messages = receiver.messages();
    assert!(messages.iter().all(|message| message.id == first_id && message.body == messages[0].body));
}

#[tokio::test]
async fn redirects_are_not_followed_and_endless_answers_not_read() {
    let (app, receiver) = (demo().await, Receiver::start(&[Act::Redirect, Act::Endless]).await);
    let ada = app.organization("Ada", 0).await;
    let made = endpoint(&app, &ada, &receiver.url, &["wallet.low"]).await;
    webhooks::test(&app.state, &ada, &made.endpoint.id).await.expect("asked for");
    send(&app).await;
    let delivery = newest(&app, &ada).await;
    assert_eq!((delivery.state.as_str(), delivery.last.and_then(|last| last.status)), ("pending", Some(308)));
    assert_eq!(receiver.went_elsewhere(), 0);
    app.clock.advance_s(6);
    tokio::time::timeout(Duration::from_secs(5), send(&app)).await.expect("an endless answer is left alone");
    let delivery = newest(&app, &ada).await;
    assert_eq!((delivery.state.as_str(), delivery.last.and_then(|last| last.status)), ("delivered", Some(200)));
    assert_eq!(receiver.types(), ["webhook.test", "webhook.test"]);
}

#[tokio::test]
async fn who_does_not_answer_in_ten_seconds_is_left() {
    let (app, receiver) = (demo().await, Receiver::start(&[Act::Hang]).await);
    let ada = app.organization("Ada", 0).await;
    let made = endpoint(&app, &ada, &receiver.url, &[]).await;
    webhooks::test(&app.state, &ada, &made.endpoint.id).await.expect("asked for");
    tokio::time::timeout(Duration::from_secs(15), send(&app)).await.expect("ten seconds are enough");
    let last = newest(&app, &ada).await.last.expect("an attempt");
    assert_eq!((last.status, last.failure.as_deref()), (None, Some("timed_out")));
    assert!((9_000..15_000).contains(&last.duration_ms), "{} ms", last.duration_ms);
}

#[tokio::test]
async fn faults_on_the_way_have_names() {
    let (app, receiver) = (demo().await, Receiver::start(&[]).await);
    let ada = app.organization("Ada", 0).await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
    let cases = [
        (format!("http://127.0.0.1:{closed}/"), "unreachable"),
        (format!("https://127.0.0.1:{}/hooks", receiver.port), "tls"),
        (String::from("http://nowhere.invalid/"), "unknown_host"),
    ];
    for (url, failure) in cases {
        let made = endpoint(&app, &ada, &url, &[]).await;
        let asked = webhooks::test(&app.state, &ada, &made.endpoint.id).await.expect("asked for");
        send(&app).await;
        let last = webhooks::delivery(&app.state, &ada, &asked.id).await.expect("a delivery").delivery.last.expect("an attempt");
        assert_eq!((last.status, last.failure.as_deref()), (None, Some(failure)), "{url}");
    }
    assert!(receiver.messages().is_empty());
}

#[tokio::test]
async fn outside_a_demo_nothing_is_sent_to_this_machine() {
    let receiver = Receiver::start(&[]).await;
    for (demo, demo_public) in [(false, false), (true, true)] {
        let app = TestApp::with(Carriers::default(), |settings| {
            settings.demo = demo;
            settings.demo_public = demo_public;
        })
        .await;
        let ada = app.organization("Ada", 0).await;
        for host in
            ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::1]", "0"]
        {
            let new = NewEndpoint { url: format!("https://{host}:{}/hooks", receiver.port), events: Vec::new() };
            assert_eq!(code(webhooks::create(&app.state, &ada, &new).await.expect_err(host)), Code::Validation, "{host}");
        }
        // A name says nothing of its address until something is sent.
        let made = endpoint(&app, &ada, &format!("https://localhost:{}/hooks", receiver.port), &[]).await;
        webhooks::test(&app.state, &ada, &made.endpoint.id).await.expect("asked for");
        send(&app).await;
        let last = newest(&app, &ada).await.last.expect("an attempt");
        assert_eq!((last.status, last.failure.as_deref()), (None, Some("address_refused")));
    }
    assert!(receiver.messages().is_empty());
}

#[tokio::test]
async fn secrets_are_not_in_the_database_and_an_old_one_signs_as_long_as_was_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(&[]).await;
    let app = life(folder.path(), 1, 0).await;
    let ada = app.organization("Ada", 0).await;
    let first = endpoint(&app, &ada, &receiver.url, &[]).await;
    let id = first.endpoint.id.as_str();
    let message = async || {
        webhooks::test(&app.state, &ada, id).await.expect("asked for");
        send(&app).await;
        receiver.messages().pop().expect("a message")
    };
    let second = webhooks::rotate_secret(&app.state, &ada, id, 3_600).await.expect("rotated");
    let both = message().await;
    assert!(both.is_signed_with(&first.secret) && both.is_signed_with(&second.secret));
    app.clock.advance_s(3_601);
    let later = message().await;
    assert!(!later.is_signed_with(&first.secret) && later.is_signed_with(&second.secret));
    let third = webhooks::rotate_secret(&app.state, &ada, id, 0).await.expect("rotated");
    let at_once = message().await;
    assert!(!at_once.is_signed_with(&second.secret) && at_once.is_signed_with(&third.secret));
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path()).expect("a folder").flatten() {
        let bytes = std::fs::read(entry.path()).expect("a file");
        for secret in [&first.secret, &second.secret, &third.secret] {
            let bare = secret.trim_start_matches("whsec_").as_bytes();
            assert!(!bytes.windows(bare.len()).any(|window| window == bare), "{}", entry.path().display());
        }
        files += 1;
    }
    assert!(files >= 2, "the database and the key were looked at");
}

#[tokio::test]
async fn endpoints_are_their_organizations_own_and_every_change_is_audited() {
    let (app, receiver) = (demo().await, Receiver::start(&[]).await);
    let (ada, bob) = (app.organization("Ada", 0).await, app.organization("Bob", 0).await);
    let made = endpoint(&app, &ada, &receiver.url, &["wallet.low"]).await;
    let id = made.endpoint.id.as_str();
    let asked = webhooks::test(&app.state, &ada, id).await.expect("asked for");
    let change = EndpointChange { disabled: Some(true), ..EndpointChange::default() };
    for outcome in [
        webhooks::get(&app.state, &bob, id).await.map(|_| ()),
        webhooks::edit(&app.state, &bob, id, &change).await.map(|_| ()),
        webhooks::rotate_secret(&app.state, &bob, id, 0).await.map(|_| ()),
        webhooks::delete(&app.state, &bob, id).await.map(|_| ()),
        webhooks::test(&app.state, &bob, id).await.map(|_| ()),
        webhooks::delivery(&app.state, &bob, &asked.id).await.map(|_| ()),
        webhooks::redeliver(&app.state, &bob, &asked.id).await.map(|_| ()),
    ] {
        assert_eq!(code(outcome.expect_err("not theirs")), Code::NotFound);
    }
    assert!(log(&app, &bob).await.is_empty());
    webhooks::edit(&app.state, &ada, id, &change).await.expect("switched off");
    webhooks::edit(&app.state, &ada, id, &change).await.expect("nothing to change");
    assert_eq!(code(webhooks::test(&app.state, &ada, id).await.expect_err("off")), Code::WebhookDisabled);
    assert_eq!(code(webhooks::redeliver(&app.state, &ada, &asked.id).await.expect_err("off")), Code::WebhookDisabled);
    assert_eq!(send(&app).await, 0, "what waits for an endpoint that is off waits");
    webhooks::rotate_secret(&app.state, &ada, id, 0).await.expect("rotated");
    webhooks::delete(&app.state, &ada, id).await.expect("deleted");
    assert_eq!(code(webhooks::get(&app.state, &ada, id).await.expect_err("gone")), Code::NotFound);
    assert_eq!(app.text("SELECT state FROM webhook_deliveries").await, "failed");
    assert_eq!(
        app.text("SELECT group_concat(action, ' ') FROM (SELECT action FROM audit WHERE object_kind = 'webhook' ORDER BY rowid)").await,
        "webhook.created webhook.edited webhook.rotated webhook.deleted"
    );
    let member = Caller { sub_account_id: Some(String::from("any")), ..ada.clone() };
    assert_eq!(code(webhooks::list(&app.state, &member, None, 20).await.expect_err("the parent's")), Code::RoleTooLow);
}

#[tokio::test]
async fn a_slow_receiver_keeps_nobody_waiting_and_the_log_forgets_after_a_month() {
    let app = demo().await;
    let (slow, quick) = (Receiver::start(&[Act::Answer(500); 60]).await, Receiver::start(&[]).await);
    let ada = app.organization("Ada", 0).await;
    let (first, second) = (endpoint(&app, &ada, &slow.url, &[]).await, endpoint(&app, &ada, &quick.url, &[]).await);
    for _ in 0..50 {
        webhooks::test(&app.state, &ada, &first.endpoint.id).await.expect("asked for");
    }
    webhooks::test(&app.state, &ada, &second.endpoint.id).await.expect("asked for");
    let now = app.state.now();
    let taken = app
        .state
        .db
        .write(async move |connection| dialyard::server::store::deliveries::take(connection, 4, 32, now.plus_seconds(60), now).await)
        .await
        .expect("taken");
    let of = |id: &str| taken.iter().filter(|job| job.endpoint_id == id).count();
    assert_eq!((of(&first.endpoint.id), of(&second.endpoint.id)), (4, 1), "each endpoint gets its turn");
    app.clock.advance_s(61);
    send(&app).await;
    let states: Vec<String> = log(&app, &ada).await.into_iter().map(|delivery| delivery.state).collect();
    assert_eq!((states.iter().filter(|state| *state == "delivered").count(), states.len()), (1, 51));
    app.clock.advance_s(31 * 86_400);
    assert_eq!(jobs::webhooks::forget(&app.state).await.expect("a run"), 1);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered'").await, 0);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM webhook_deliveries").await, 50, "what is still to be told is kept");
}
