//! What happens to a number whose rental is not paid: each step with its notice, its line in the timeline and its webhook, and how each is
//! undone.

use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::number::{BillingState, ReleaseCause};
use dialyard::server::carriers::Carriers;
use dialyard::server::jobs::{self, rentals};
use dialyard::server::services::webhooks::{self, NewEndpoint};
use dialyard::server::services::{moving, numbers, releasing, wallet};
use dialyard::server::store::numbers::OwnedNumber;
use serde_json::Value;

use super::support::TestApp;
use super::support::owned::{Column, Yard, code};
use super::support::receiver::Receiver;

const DAY: i64 = 86_400;

/// A yard whose wallet is empty, a month after its number was bought in that column.
async fn unpaid(column: Column) -> (Yard, OwnedNumber) {
    let yard = Yard::of(TestApp::with(Carriers::default(), |settings| settings.demo = true).await).await;
    let number = yard.number(column).await;
    yard.app.drain_to(&yard.owner, Micros(1_249_999)).await;
    yard.app.clock.advance_s(30 * DAY);
    (yard, number)
}

async fn run(yard: &Yard) -> u64 {
    rentals::run(&yard.app.state).await.expect("a run")
}

async fn pay(yard: &Yard, micros: i64) {
    let key = yard.app.state.new_id();
    wallet::top_up(&yard.app.state, &yard.owner, Micros(micros), &key).await.expect("a top-up");
}

async fn notices(yard: &Yard) -> Vec<String> {
    let mut connection = yard.app.state.db.read().await.expect("a reader");
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT kind FROM notices ORDER BY at, id").fetch_all(&mut *connection).await.expect("notices");
    rows.into_iter().map(|(kind,)| kind).collect()
}

#[tokio::test]
async fn every_step_is_announced_and_the_last_one_keeps_its_place_for_a_restore() {
    let (yard, number) = unpaid(Column::SC).await;
    assert_eq!(run(&yard).await, 1);
    let state = yard.read(&number.id).await.billing_state;
    assert_eq!((state, run(&yard).await), (BillingState::PastDue, 0));
    yard.app.clock.advance_s(7 * DAY - 1);
    assert_eq!(run(&yard).await, 0, "not a second early");
    yard.app.clock.advance_s(1);
    assert_eq!(run(&yard).await, 1);
    assert_eq!(yard.read(&number.id).await.billing_state, BillingState::Suspended);
    yard.app.clock.advance_s(23 * DAY - 1);
    assert_eq!(run(&yard).await, 0, "the second month came due meanwhile, and nothing is charged for it");
    yard.app.clock.advance_s(1);
    assert_eq!(run(&yard).await, 1);
    let released = yard.read(&number.id).await;
    assert!(released.is_released() && released.sub_account_id.is_none());
    assert_eq!(released.restore_sub_account_id.as_deref(), Some(yard.harbor.as_str()));
    let cause = yard.app.text("SELECT release_cause FROM owned_numbers").await;
    assert_eq!(cause, ReleaseCause::Unpaid.name());
    assert_eq!(notices(&yard).await, ["rental.failed", "number.suspended", "number.released"]);
    assert_eq!(yard.app.scalar("SELECT COUNT(*) FROM notices WHERE sub_account_id IS NOT NULL").await, 3);
    let events = yard.events(&number.id).await;
    assert_eq!(events[events.len() - 3..], ["rental.failed", "number.suspended", "number.released"]);
    // Topping up alone does not bring it back; the restore asks for the missed month and puts it where it was.
    assert_eq!(code(releasing::restore(&yard.app.state, &yard.owner, &number.id).await.expect_err("short")), Code::InsufficientFunds);
    pay(&yard, 10_000_000).await;
    assert!(yard.read(&number.id).await.is_released());
    let restored = releasing::restore(&yard.app.state, &yard.owner, &number.id).await.expect("restored");
    assert_eq!(restored.charged, Some(Micros(1_250_000)));
    assert_eq!(restored.number.sub_account_id.as_deref(), Some(yard.harbor.as_str()));
    assert_eq!(restored.number.agent_id(), Some(yard.harbor_agent.as_str()));
    assert_eq!(restored.number.last_call_at, number.last_call_at, "the cool-off is remembered");
}

#[tokio::test]
async fn a_top_up_undoes_what_was_past_due_and_what_was_suspended() {
    for days in [0, 7] {
        let (yard, number) = unpaid(Column::P1).await;
        run(&yard).await;
        yard.app.clock.advance_s(days * DAY);
        run(&yard).await;
        assert!(yard.read(&number.id).await.billing_state.is_unpaid());
        pay(&yard, 10_000).await;
        let paid = yard.read(&number.id).await;
        assert_eq!((paid.billing_state, paid.periods_charged), (BillingState::Current, 2), "after {days} days");
        assert_eq!(paid.agent_id(), number.agent_id());
        assert_eq!(yard.events(&number.id).await.last().map(String::as_str), Some("rental.settled"));
        assert_eq!(yard.app.wallet(&yard.owner).await.0, Micros(9_999), "one month, and the anchor did not move");
        assert_eq!(paid.next_billing_at, number.next_billing_at.map(|_| dialyard::domain::rental::period_due(number.created_at, 2)));
        assert_eq!(run(&yard).await, 0);
    }
}

#[tokio::test]
async fn a_late_look_skips_no_step() {
    let (yard, number) = unpaid(Column::P0).await;
    yard.app.clock.advance_s(90 * DAY);
    assert_eq!(run(&yard).await, 1, "the clock of the ladder starts when the charge was tried");
    assert_eq!(yard.read(&number.id).await.billing_state, BillingState::PastDue);
    yard.app.clock.advance_s(90 * DAY);
    assert_eq!(run(&yard).await, 1);
    assert_eq!(yard.read(&number.id).await.billing_state, BillingState::Suspended);
    yard.app.clock.advance_s(22 * DAY);
    assert_eq!(run(&yard).await, 0, "23 days after the suspension was announced");
    yard.app.clock.advance_s(DAY);
    assert_eq!(run(&yard).await, 1);
    assert!(yard.read(&number.id).await.is_released());
}

#[tokio::test]
async fn a_lock_is_told_of_and_a_late_one_gets_its_week() {
    let (yard, number) = unpaid(Column::LockedInPool).await;
    run(&yard).await;
    assert_eq!(notices(&yard).await, ["rental.failed", "rental.lock"]);
    yard.app.clock.advance_s(7 * DAY);
    run(&yard).await;
    yard.app.clock.advance_s(23 * DAY);
    run(&yard).await;
    assert!(yard.read(&number.id).await.is_released());

    let (yard, number) = unpaid(Column::P0).await;
    run(&yard).await;
    yard.app.clock.advance_s(7 * DAY);
    run(&yard).await;
    yard.app.clock.advance_s(22 * DAY);
    numbers::set_locked(&yard.app.state, &yard.owner, &number.id, true).await.expect("locked");
    assert_eq!(run(&yard).await, 1, "the extra announcement");
    yard.app.clock.advance_s(7 * DAY - 1);
    assert_eq!(run(&yard).await, 0);
    yard.app.clock.advance_s(1);
    assert_eq!(run(&yard).await, 1);
    assert!(yard.read(&number.id).await.is_released());
}

#[tokio::test]
async fn a_failed_charge_is_told_to_webhooks() {
    let receiver = Receiver::start(&[]).await;
    let (yard, number) = unpaid(Column::P0).await;
    let events = ["rental.failed", "number.suspended", "rental.settled"].map(str::to_owned).to_vec();
    webhooks::create(&yard.app.state, &yard.owner, &NewEndpoint { url: receiver.url.clone(), events }).await.expect("a webhook");
    run(&yard).await;
    yard.app.clock.advance_s(7 * DAY);
    run(&yard).await;
    pay(&yard, 10_000).await;
    while jobs::webhooks::run(&yard.app.state).await.expect("a run") > 0 {}
    let bodies: Vec<Value> = receiver.messages().iter().map(|message| serde_json::from_str(&message.body).expect("JSON")).collect();
    let mut kinds: Vec<&str> = bodies.iter().filter_map(|body| body["type"].as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["number.suspended", "rental.failed", "rental.settled"]);
    let failed = bodies.iter().find(|body| body["type"] == "rental.failed").expect("told");
    assert_eq!(failed["data"]["numberId"], Value::from(number.id.as_str()));
    assert_eq!(failed["data"]["amount"].to_string(), "1.25");
    assert_eq!((&failed["data"]["dueAt"], &failed["data"]["suspendsAt"]), (&"2026-12-22T12:00:00Z".into(), &"2026-12-29T12:00:00Z".into()));
}

#[tokio::test]
async fn an_unpaid_number_is_not_handed_over() {
    let (yard, number) = unpaid(Column::P0).await;
    run(&yard).await;
    let refused = moving::hand_over(&yard.app.state, &yard.owner, &number.id, &yard.harbor).await.expect_err("unpaid");
    assert_eq!(code(refused), Code::PastDue);
}
