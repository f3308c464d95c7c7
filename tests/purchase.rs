//! Buying a number: what it changes, every refusal, every carrier outcome, and two buyers at once.

mod support;

use std::sync::Arc;

use dialyard::domain::code::Code;
use dialyard::domain::money::Micros;
use dialyard::domain::order::OrderState;
use dialyard::domain::refusal::{Refusal, ReservationFault, Unavailable};
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::error::Error;
use dialyard::server::orders::recovery;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy, quote};
use dialyard::server::services::{holds, wallet};
use support::carrier::{Act, ScriptedCarrier};
use support::{OWN_STOCK, SCRIPTED, TestApp};

const NUMBER: &str = "+14155550199";
const OTHER: &str = "+14155550198";
const PRICE: Micros = Micros(2_250_000);

fn wish(e164: &str) -> Buy {
    Buy { e164: e164.to_owned(), ..Buy::default() }
}

fn refusal(error: Error) -> Refusal {
    error.refusal().expect("a refusal and not a fault")
}

async fn refused(app: &TestApp, caller: &Caller, wish: Buy) -> Refusal {
    refusal(buy(&app.state, caller, wish).await.expect_err("a refusal"))
}

async fn scripted(script: Vec<Act>) -> (TestApp, Arc<ScriptedCarrier>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let carrier = Arc::new(ScriptedCarrier::new(SCRIPTED, folder.path().join("sold"), script));
    let listed: Arc<dyn Carrier> = carrier.clone();
    let app = TestApp::with(Carriers::new([listed]), |_| ()).await;
    app.stock(SCRIPTED, &[NUMBER, OTHER]).await;
    (app, carrier, folder)
}

#[tokio::test]
async fn a_purchase_moves_money_number_and_history_together() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 10).await;
    let order = buy(&app.state, &ada, wish(NUMBER)).await.expect("bought");
    assert_eq!(order.state, OrderState::Completed);
    assert_eq!(app.wallet(&ada).await, (Micros(10_000_000 - PRICE.0), Micros::ZERO));
    assert_eq!(app.text("SELECT state FROM inventory").await, "sold");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM owned_numbers WHERE status = 'available' AND next_billing_at IS NOT NULL").await, 1);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM transfers WHERE kind IN ('setup_fee', 'rental')").await, 2);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM events WHERE kind = 'number.purchased'").await, 1);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'number.purchased'").await, 1);
    assert_eq!(
        app.text("SELECT group_concat(step, ' ') FROM (SELECT step FROM order_steps ORDER BY position)").await,
        "claimed funded sent confirmed completed"
    );
}

#[tokio::test]
async fn a_held_number_is_bought_at_its_frozen_price_and_uses_the_hold() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 10).await;
    let held = holds::place(&app.state, &ada, NUMBER).await.expect("held").held.hold;
    raise_price(&app).await;
    let quoted = quote(&app.state, &ada, NUMBER).await.expect("a quote");
    assert_eq!((quoted.due_now, quoted.hold.map(|hold| hold.id)), (PRICE, Some(held.id.clone())));
    buy(&app.state, &ada, Buy { hold_id: Some(held.id), max_price: Some(PRICE), ..wish(NUMBER) }).await.expect("bought");
    assert_eq!(app.text("SELECT state FROM holds").await, "consumed");
    assert_eq!(app.wallet(&ada).await.0, Micros(10_000_000 - PRICE.0));
}

async fn raise_price(app: &TestApp) {
    app.state
        .db
        .write(async |connection| {
            sqlx::query("UPDATE inventory SET monthly_micros = 9000000").execute(connection).await?;
            Ok::<_, Error>(())
        })
        .await
        .expect("a new price");
}

#[tokio::test]
async fn a_higher_price_than_was_seen_is_refused() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 100).await;
    raise_price(&app).await;
    let answer = refused(&app, &ada, Buy { max_price: Some(PRICE), ..wish(NUMBER) }).await;
    assert_eq!(answer, Refusal::PriceChanged { setup: Micros(1_000_000), monthly: Micros(9_000_000), max_price: PRICE });
    nothing_happened(&app, &ada, 100).await;
}

async fn nothing_happened(app: &TestApp, caller: &Caller, funds: i64) {
    assert_eq!(app.wallet(caller).await, (Micros(funds * 1_000_000), Micros::ZERO));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM owned_numbers").await, 0);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM inventory WHERE state <> 'available'").await, 0);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM orders WHERE state NOT IN ('failed')").await, 0);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM set_asides WHERE state = 'pending'").await, 0);
}

#[tokio::test]
async fn a_wallet_that_is_short_says_by_how_much_and_keeps_the_hold() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 2).await;
    holds::place(&app.state, &ada, NUMBER).await.expect("held");
    let key = Some(String::from("attempt"));
    let answer = refused(&app, &ada, Buy { request_key: key.clone(), ..wish(NUMBER) }).await;
    assert_eq!(answer, Refusal::InsufficientFunds { required: PRICE, available: Micros(2_000_000), shortfall: Micros(250_000) });
    assert_eq!(app.text("SELECT state FROM holds").await, "active");
    nothing_happened(&app, &ada, 2).await;
    wallet::top_up(&app.state, &ada, Micros(250_000), "more").await.expect("a top-up");
    buy(&app.state, &ada, Buy { request_key: key, ..wish(NUMBER) }).await.expect("the same key succeeds after the top-up");
    assert_eq!(app.wallet(&ada).await.0, Micros::ZERO);
}

#[tokio::test]
async fn every_state_of_a_number_has_its_refusal() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER, OTHER]).await;
    let (ada, bob) = (app.organization("Ada", 10).await, app.organization("Bob", 10).await);
    assert_eq!(refused(&app, &ada, wish("+14155550100")).await.code(), Code::NeverStocked);
    let hold = holds::place(&app.state, &bob, NUMBER).await.expect("held").held.hold;
    match refused(&app, &ada, wish(NUMBER)).await {
        Refusal::NumberUnavailable { reason: Unavailable::Held, free_at, .. } => assert_eq!(free_at, Some(hold.expires_at)),
        other => panic!("{other:?}"),
    }
    for (hold_id, reason) in [(hold.id.clone(), ReservationFault::Unknown), (String::from("nothing"), ReservationFault::Unknown)] {
        let answer = refused(&app, &ada, Buy { hold_id: Some(hold_id), ..wish(NUMBER) }).await;
        assert_eq!(answer, Refusal::ReservationInvalid { reason });
    }
    let answer = refused(&app, &bob, Buy { hold_id: Some(hold.id.clone()), ..wish(OTHER) }).await;
    assert_eq!(answer, Refusal::ReservationInvalid { reason: ReservationFault::OtherNumber });
    app.clock.advance_s(1_800);
    let answer = refused(&app, &bob, Buy { hold_id: Some(hold.id), ..wish(NUMBER) }).await;
    assert_eq!(answer, Refusal::ReservationInvalid { reason: ReservationFault::Expired });
    buy(&app.state, &ada, wish(NUMBER)).await.expect("a lapsed hold counts as free at once");
    match refused(&app, &bob, wish(NUMBER)).await {
        Refusal::NumberUnavailable { reason: Unavailable::Sold, owned_by_you: false, .. } => {}
        other => panic!("{other:?}"),
    }
    match refused(&app, &ada, wish(NUMBER)).await {
        Refusal::NumberUnavailable { reason: Unavailable::Sold, owned_by_you: true, .. } => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_budget_refuses_and_says_by_how_much() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER]).await;
    let ada = app.organization("Ada", 10).await;
    app.state
        .db
        .write(async |connection| {
            sqlx::query("UPDATE organizations SET budget_micros = 1000000").execute(connection).await?;
            Ok::<_, Error>(())
        })
        .await
        .expect("a budget");
    let answer = refused(&app, &ada, wish(NUMBER)).await;
    assert_eq!(answer, Refusal::BudgetExceeded { budget: Micros(1_000_000), committed: Micros::ZERO, over: Micros(250_000) });
    nothing_happened(&app, &ada, 10).await;
}

#[tokio::test]
async fn the_same_key_answers_the_same_and_another_number_under_it_is_refused() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &[NUMBER, OTHER]).await;
    let ada = app.organization("Ada", 10).await;
    let with_key = |e164| Buy { request_key: Some(String::from("attempt")), ..wish(e164) };
    let first = buy(&app.state, &ada, with_key(NUMBER)).await.expect("bought");
    let second = buy(&app.state, &ada, with_key(NUMBER)).await.expect("replayed");
    assert_eq!(first, second);
    assert_eq!(app.wallet(&ada).await.0, Micros(10_000_000 - PRICE.0));
    assert_eq!(refused(&app, &ada, with_key(OTHER)).await.code(), Code::IdempotencyKeyReused);
}

#[tokio::test]
async fn what_the_carrier_refuses_is_undone() {
    for (act, code) in
        [(Act::Refuse, Code::NumberUnavailable), (Act::Unreachable, Code::CarrierUnavailable), (Act::Gone, Code::NumberUnavailable)]
    {
        let gone = matches!(act, Act::Gone);
        let (app, carrier, _folder) = scripted(vec![act]).await;
        let ada = app.organization("Ada", 10).await;
        holds::place(&app.state, &ada, NUMBER).await.expect("held");
        let key = Some(String::from("attempt"));
        assert_eq!(refused(&app, &ada, Buy { request_key: key.clone(), ..wish(NUMBER) }).await.code(), code);
        assert_eq!(app.wallet(&ada).await, (Micros(10_000_000), Micros::ZERO));
        assert_eq!(app.scalar("SELECT COUNT(*) FROM owned_numbers").await, 0);
        assert!(carrier.sales().is_empty());
        if gone {
            assert_eq!(app.text("SELECT state FROM holds").await, "released");
            assert_eq!(app.text("SELECT state FROM inventory WHERE e164 = '+14155550199'").await, "withdrawn");
        } else {
            assert_eq!(app.text("SELECT state FROM holds").await, "active");
            buy(&app.state, &ada, Buy { request_key: key, ..wish(NUMBER) }).await.expect("the same key succeeds later");
        }
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_asked_for_and_never_ordered_again() {
    let (app, carrier, _folder) = scripted(vec![Act::SellSilently]).await;
    let ada = app.organization("Ada", 10).await;
    let order = buy(&app.state, &ada, wish(NUMBER)).await.expect("an order under way");
    assert_eq!(order.state, OrderState::Ordered);
    assert_eq!(app.wallet(&ada).await, (Micros(10_000_000), PRICE));
    app.clock.advance_s(60);
    recovery::run(&app.state).await.expect("recovery");
    assert_eq!(app.text("SELECT state FROM orders").await, "completed");
    assert_eq!(app.wallet(&ada).await, (Micros(10_000_000 - PRICE.0), Micros::ZERO));
    assert_eq!(carrier.sales().len(), 1);
}

#[tokio::test]
async fn the_same_account_joins_its_order_and_gets_what_became_of_it() {
    let (app, carrier, _folder) = scripted(vec![Act::SellSilently]).await;
    let ada = app.organization("Ada", 10).await;
    let order = buy(&app.state, &ada, wish(NUMBER)).await.expect("an order under way");
    app.clock.advance_s(60);
    let (joined, recovered) = tokio::join!(buy(&app.state, &ada, wish(NUMBER)), recovery::run(&app.state));
    recovered.expect("recovery");
    let joined = joined.expect("the order of the first request");
    assert_eq!((joined.id, joined.state), (order.id, OrderState::Completed));
    assert_eq!(carrier.sales().len(), 1);
    assert_eq!(app.wallet(&ada).await, (Micros(10_000_000 - PRICE.0), Micros::ZERO));
}

#[tokio::test]
async fn an_order_that_got_lost_is_undone_after_two_denials_a_minute_apart() {
    let (app, carrier, _folder) = scripted(vec![Act::LoseOrder]).await;
    let ada = app.organization("Ada", 10).await;
    holds::place(&app.state, &ada, NUMBER).await.expect("held");
    assert_eq!(buy(&app.state, &ada, wish(NUMBER)).await.expect("an order").state, OrderState::Ordered);
    app.clock.advance_s(60);
    recovery::run(&app.state).await.expect("first denial");
    assert_eq!(app.text("SELECT state FROM orders").await, "ordered");
    recovery::run(&app.state).await.expect("too early for the second");
    assert_eq!(app.text("SELECT state FROM orders").await, "ordered");
    app.clock.advance_s(61);
    recovery::run(&app.state).await.expect("second denial");
    assert_eq!(app.text("SELECT state FROM orders").await, "failed");
    assert_eq!(app.text("SELECT state FROM holds").await, "active");
    assert_eq!(app.wallet(&ada).await, (Micros(10_000_000), Micros::ZERO));
    assert!(carrier.sales().is_empty());
}

#[tokio::test]
async fn two_buyers_race_two_hundred_times_and_one_wins_each_time() {
    let app = TestApp::with(Carriers::default(), |settings| settings.hold_timeout_s = 1_800).await;
    let numbers: Vec<String> = (0..200).map(|index| format!("+1415555{:04}", 1_000 + index)).collect();
    app.stock(OWN_STOCK, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let buyers = [app.organization("Ada", 1_000).await, app.organization("Bob", 1_000).await];
    let mut wins = [0_u32, 0];
    for number in &numbers {
        let barrier = Arc::new(tokio::sync::Barrier::new(2));
        let race = buyers.clone().map(|buyer| {
            let (state, barrier, wish) = (app.state.clone(), barrier.clone(), wish(number));
            tokio::spawn(async move {
                barrier.wait().await;
                buy(&state, &buyer, wish).await
            })
        });
        let mut winners = 0;
        for (index, runner) in race.into_iter().enumerate() {
            match runner.await.expect("no panic") {
                Ok(order) => {
                    assert_eq!(order.state, OrderState::Completed);
                    wins[index] += 1;
                    winners += 1;
                }
                Err(error) => assert_eq!(refusal(error).code(), Code::NumberUnavailable),
            }
        }
        assert_eq!(winners, 1, "{number}");
    }
    assert_eq!(wins[0] + wins[1], 200);
    assert_eq!(app.scalar("SELECT COUNT(*) FROM owned_numbers").await, 200);
    for (buyer, won) in buyers.iter().zip(wins) {
        assert_eq!(app.wallet(buyer).await, (Micros(1_000_000_000 - PRICE.0 * i64::from(won)), Micros::ZERO));
    }
}

#[tokio::test]
async fn many_buyers_of_one_wallet_never_overdraw_it() {
    let app = TestApp::new().await;
    let numbers: Vec<String> = (0..40).map(|index| format!("+1415555{:04}", 1_000 + index)).collect();
    app.stock(OWN_STOCK, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let ada = app.organization("Ada", 45).await;
    let runners: Vec<_> = numbers
        .iter()
        .map(|number| {
            let (state, caller, wish) = (app.state.clone(), ada.clone(), wish(number));
            tokio::spawn(async move { buy(&state, &caller, wish).await.is_ok() })
        })
        .collect();
    let mut bought = 0;
    for runner in runners {
        bought += i64::from(runner.await.expect("no panic"));
    }
    assert_eq!(bought, 20, "45.00 buys twenty numbers at 2.25");
    assert_eq!(app.wallet(&ada).await, (Micros::ZERO, Micros::ZERO));
    let debits =
        app.scalar("SELECT CAST(COALESCE(SUM(amount_micros), 0) AS BIGINT) FROM transfers WHERE kind IN ('setup_fee', 'rental')").await;
    assert_eq!(debits, 45_000_000);
}

#[tokio::test]
async fn each_line_of_the_ledger_follows_from_the_one_before() {
    let app = TestApp::new().await;
    let ada = app.organization("Ada", 100).await;
    // All in one instant, and more than a page of lines.
    let numbers: Vec<String> = (0..12).map(|line| format!("+14155550{line:03}")).collect();
    app.stock(OWN_STOCK, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for number in &numbers {
        buy(&app.state, &ada, wish(number)).await.expect("bought");
    }
    let mut lines = Vec::new();
    let mut cursor = None;
    loop {
        let page = wallet::overview(&app.state, &ada, None, cursor.as_deref(), 0).await.expect("a page");
        lines.extend(page.lines);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(lines.len(), 1 + 2 * numbers.len());
    let mut balance = Micros::ZERO;
    for line in lines.iter().rev() {
        balance = Micros(balance.0 + line.amount.0);
        assert_eq!(line.balance_after, balance, "{} {}", line.kind, line.description);
    }
    assert_eq!(app.wallet(&ada).await, (balance, Micros::ZERO));
}
