//! `/wallet`, its statements and the operator's revenue, without JavaScript: what is read, printed, downloaded, and chosen.

use std::sync::Arc;

use axum::http::StatusCode;
use dialyard::domain::account::Role;
use dialyard::domain::money::Micros;
use dialyard::domain::time::Timestamp;
use dialyard::server::jobs::rentals;
use dialyard::server::payments::{Asked, NoticeFault, PaymentFault, PaymentNotice, PaymentProvider, SavedMethod, StartedPayment};
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::reloads;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use crate::browser::{Person, member, operator};
use crate::support::{OWN_STOCK, START, TestApp};

const NUMBERS: [&str; 2] = ["+14155550100", "+14155550101"];

/// An organization with 8.00 and two numbers, bought on November 22nd at 1.00 and 1.25 a month each.
async fn town() -> (TestApp, Caller, Person) {
    let app = TestApp::new().await;
    let ada = app.organization("Ada Telecom", 8).await;
    app.stock(OWN_STOCK, &NUMBERS).await;
    for e164 in NUMBERS {
        buy(&app.state, &ada, Buy { e164: e164.to_owned(), ..Buy::default() }).await.expect("bought");
    }
    let owner = member(&app, &ada.organization_id, Role::Owner).await;
    (app, ada, owner)
}

async fn balance(app: &TestApp, who: &Caller) -> Micros {
    app.wallet(who).await.0
}

#[tokio::test]
async fn the_days_ahead_are_drawn_and_said() {
    let (_app, _ada, owner) = town().await;
    let page = owner.page("/wallet?days=90").await;
    // 3.50 are left and 2.50 go each month: on January 22nd 1.00 covers neither number.
    for text in
        ["The next 90 days", "Runs out Jan 22", "2 renewals unpaid by Feb 20", "Day by day", "Guard rails", "Past due, still answers"]
    {
        assert!(page.contains(text), "{text} is missing: {page}");
    }
    assert!(page.contains("forecast-end-word") && page.contains("forecast-tick-unpaid"), "the end of the money is drawn");
    let month = owner.page("/wallet?days=30").await;
    assert!(month.contains("The next 30 days") && !month.contains("forecast-end-word"), "in 30 days it does not end");
    assert!(owner.page("/wallet?days=7").await.contains("The next 60 days"), "what is not offered is the usual");
}

#[tokio::test]
async fn statements_are_listed_read_and_downloaded() {
    let (app, ada, _) = town().await;
    app.clock.set(START.plus_days(31));
    rentals::run(&app.state).await.expect("a run");
    app.clock.set(START.plus_days(40));
    let owner = member(&app, &ada.organization_id, Role::Viewer).await;
    let list = owner.page("/wallet/statements").await;
    for text in ["January 2027", "December 2026", "November 2026", "/wallet/statements/2026-11/lines.csv", "Running"] {
        assert!(list.contains(text), "{text} is missing: {list}");
    }
    let november = owner.page("/wallet/statements/2026-11").await;
    for text in [
        "Statement, November 2026",
        "Ada Telecom",
        "Opening balance",
        "$0.00",
        "$3.50",
        "Top-up",
        "Setup fee",
        "+$8.00",
        "2026-11-22 12:00 UTC",
    ] {
        assert!(november.contains(text), "{text} is missing: {november}");
    }
    let december = owner.page("/wallet/statements/2026-12").await;
    assert!(december.contains("$3.50") && december.contains("$1.00"), "it opens as the month before closed: {december}");
    assert!(owner.page("/wallet/statements/2027-01").await.contains("the month still runs"));
    for wrong in ["2027-02", "2026-13", "november"] {
        assert!(owner.page(&format!("/wallet/statements/{wrong}")).await.contains("role=\"alert\""), "{wrong}");
        assert_eq!(owner.get(&format!("/wallet/statements/{wrong}/lines.csv")).await.0, StatusCode::NOT_FOUND, "{wrong}");
    }
    let (status, headers, table) = owner.get("/wallet/statements/2026-11/lines.csv").await;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!((status, header("content-type").as_str()), (StatusCode::OK, "text/csv"));
    assert_eq!(header("cache-control"), "no-store", "it is nobody else's to keep");
    assert_eq!(header("content-disposition"), "attachment; filename=\"dialyard-2026-11.csv\"");
    assert_eq!(table.lines().count(), 6, "{table}");
    assert!(table.starts_with("\u{feff}id,at,kind,amount,balanceAfter") && table.contains(",rental,-1.25,"), "{table}");
    assert_eq!(balance(&app, &ada).await, Micros(1_000_000));
}

#[tokio::test]
async fn the_ledger_is_downloaded_as_it_is_filtered_by_those_who_may_see_it() {
    let (app, ada, owner) = town().await;
    let kinds =
        |table: &str| -> Vec<String> { table.lines().skip(1).filter_map(|line| line.split(',').nth(2)).map(str::to_owned).collect() };
    let (_, _, all) = owner.get("/wallet/ledger.csv").await;
    assert_eq!(kinds(&all), ["rental", "setup_fee", "rental", "setup_fee", "topup"]);
    let (_, _, rentals) = owner.get("/wallet/ledger.csv?kind=rental").await;
    assert_eq!(kinds(&rentals), ["rental", "rental"]);
    assert!(owner.page("/wallet?kind=rental").await.contains("/wallet/ledger.csv?kind=rental"));
    let viewer = member(&app, &ada.organization_id, Role::Viewer).await;
    assert_eq!(kinds(&viewer.get("/wallet/ledger.csv").await.2).len(), 5);
    let stranger = app.organization("Bob", 0).await;
    let stranger = member(&app, &stranger.organization_id, Role::Owner).await;
    assert_eq!(kinds(&stranger.get("/wallet/ledger.csv").await.2).len(), 0, "another's lines are not in it");
    let dana = operator(&app).await;
    let visitor = dana.signed_out();
    for path in ["/wallet/ledger.csv", "/wallet/statements/2026-11/lines.csv"] {
        assert_eq!(visitor.get(path).await.0, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(dana.get(path).await.0, StatusCode::FORBIDDEN, "{path}: the operator belongs to no organization");
    }
}

#[tokio::test]
async fn a_card_is_saved_with_a_top_up_and_auto_reload_uses_it() {
    let (app, ada, owner) = town().await;
    assert!(owner.page("/wallet?top_up=1").await.contains("Save this card for auto-reload"));
    assert!(owner.page("/wallet?change=reload").await.contains("No card is saved yet."));
    let threshold = "threshold=20&amount=30";
    assert_eq!(owner.form("/wallet?change=reload", "wallet/auto-reload", threshold).await, "/wallet");
    assert_eq!(owner.form("/wallet?top_up=1", "wallet/top-up", "amount=1&request_key=a").await, "/wallet?topped_up=1");
    assert_eq!(reloads::run(&app.state).await.expect("a run"), 0, "nobody said that the card may be saved");
    owner.form("/wallet?top_up=1", "wallet/top-up", "amount=1&request_key=b&save_method=true").await;
    assert_eq!(reloads::run(&app.state).await.expect("a run"), 1);
    assert_eq!(balance(&app, &ada).await, Micros(35_500_000));
    let page = owner.page("/wallet").await;
    assert!(page.contains("Adds $30.00 when less than $20.00 is available") && page.contains("Automatic top-up"), "{page}");
    app.drain_to(&ada, Micros(1_000_000)).await;
    assert_eq!(owner.form("/wallet?change=reload", "wallet/forget-card", "").await, "/wallet");
    assert_eq!(reloads::run(&app.state).await.expect("a run"), 0, "a card that is forgotten is not charged");
    for wrong in ["threshold=20&amount=", "threshold=x&amount=1", "threshold=20&amount=0.001", "threshold=-1&amount=5"] {
        assert!(owner.form("/wallet?change=reload", "wallet/auto-reload", wrong).await.contains("__err="), "{wrong}");
    }
    let viewer = member(&app, &ada.organization_id, Role::Viewer).await;
    assert!(viewer.form("/wallet", "wallet/forget-card", "").await.contains("__err="));
    assert!(!viewer.page("/wallet").await.contains("change=reload"), "who may not change it is not asked to");
}

/// A provider that is paid on a page of its own, and has not been paid yet.
#[derive(Debug)]
struct OnItsPage;

impl PaymentProvider for OnItsPage {
    fn name(&self) -> &'static str {
        "on_its_page"
    }

    fn start<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        let page_url = asked.return_to.map(|_| format!("https://pay.example/{}", asked.payment_id));
        ready(Ok(StartedPayment { reference: format!("p_{}", asked.payment_id), client_secret: None, page_url, notice: None })).boxed()
    }

    fn charge_saved<'a>(&'a self, _asked: Asked<'a>, _method: &'a SavedMethod) -> BoxFuture<'a, Result<StartedPayment, PaymentFault>> {
        ready(Err(PaymentFault::Refused(String::from("not asked for here")))).boxed()
    }

    fn look_up<'a>(&'a self, _reference: &'a str) -> BoxFuture<'a, Result<Option<PaymentNotice>, PaymentFault>> {
        ready(Ok(None)).boxed()
    }

    fn read_notice(&self, _signature: &str, _body: &[u8], _now: Timestamp) -> Result<Option<PaymentNotice>, NoticeFault> {
        Err(NoticeFault::BadSignature)
    }
}

#[tokio::test]
async fn a_provider_with_a_page_of_its_own_is_led_to_and_nothing_moves_before_it_is_paid() {
    let (mut app, ada, _) = town().await;
    app.state.payments = Some(Arc::new(OnItsPage));
    app.stock(OWN_STOCK, &["+14155550102"]).await;
    app.drain_to(&ada, Micros(1_000_000)).await;
    let owner = member(&app, &ada.organization_id, Role::Admin).await;
    let place = owner.form("/wallet?top_up=1", "wallet/top-up", "amount=5&request_key=a").await;
    let id = place.strip_prefix("/wallet?pay=").expect("the way to pay").to_owned();
    let page = owner.page(&place).await;
    assert!(page.contains(&format!("href=\"https://pay.example/{id}\"")) && page.contains("Pay $5.00"), "{page}");
    let again = owner.form("/wallet?top_up=1", "wallet/top-up", "amount=5&request_key=a").await;
    assert_eq!(again, place, "the same press is the same payment");
    let body = "e164=%2B14155550102&request_key=k&max_price=2.25&amount=5";
    let place = owner.form("/?q=4155550102&buy=%2B14155550102", "orders/top-up-and-buy", body).await;
    assert!(place.starts_with("/wallet?pay=") && place != again, "{place}");
    assert_eq!((balance(&app, &ada).await, app.scalar("SELECT COUNT(*) FROM orders").await), (Micros(1_000_000), 2));
    let bob = app.organization("Bob", 0).await;
    let bob = member(&app, &bob.organization_id, Role::Owner).await;
    let theirs = bob.page(&format!("/wallet?pay={id}")).await;
    assert!(!theirs.contains("pay.example") && theirs.contains("role=\"alert\""), "another's payment is not there");
    let viewer = member(&app, &ada.organization_id, Role::Viewer).await;
    assert!(!viewer.page(&format!("/wallet?pay={id}")).await.contains("pay.example"));
}

#[tokio::test]
async fn a_budget_is_chosen_and_the_refusal_says_by_how_much() {
    let (app, ada, owner) = town().await;
    assert!(owner.page("/wallet").await.contains("None. Your numbers cost $2.50 a month."));
    assert_eq!(owner.form("/wallet?change=budget", "wallet/budget", "budget=3").await, "/wallet");
    assert!(owner.page("/wallet").await.contains("Your numbers cost $2.50 of $3.00 a month."));
    app.stock(OWN_STOCK, &["+14155550102"]).await;
    let quote = owner.page("/?q=4155550102&buy=%2B14155550102").await;
    for text in ["Setup", "First month", "$2.25", "Dec 22", "$3.50", "$1.25"] {
        assert!(quote.contains(text), "{text} is missing before buying");
    }
    let body = "e164=%2B14155550102&request_key=k&max_price=2.25";
    let refused = owner.refused("/?q=4155550102&buy=%2B14155550102", "orders/buy", body).await;
    assert!(refused.contains("The budget is $3.00 a month, $2.50 of it is in use, and this is $0.75 too much."), "{refused}");
    assert_eq!(balance(&app, &ada).await, Micros(3_500_000));
    assert!(owner.form("/wallet?change=budget", "wallet/budget", "budget=much").await.contains("__err="));
    owner.form("/wallet?change=budget", "wallet/budget", "budget=2").await;
    assert!(owner.page("/wallet").await.contains("That is $0.50 above it."), "lowering it is allowed");
    owner.form("/wallet?change=budget", "wallet/budget", "budget=").await;
    assert!(owner.page("/wallet").await.contains("None. Your numbers cost"));
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'budget.changed'").await, 3);
}

#[tokio::test]
async fn the_operator_reads_revenue_by_month_and_kind() {
    let (app, ada, _) = town().await;
    app.clock.set(START.plus_days(31));
    rentals::run(&app.state).await.expect("a run");
    let owner = member(&app, &ada.organization_id, Role::Admin).await;
    let dana = operator(&app).await;
    let adjust = format!("id={}&direction=promo&amount=4&reason=Welcome+to+the+new+plan", ada.organization_id);
    assert_eq!(dana.form("/admin/organizations?adjust=x", "admin/adjust", &adjust).await, "/admin/organizations");
    let page = dana.page("/admin/revenue").await;
    for text in [
        "December 2026",
        "November 2026",
        "January 2026",
        "Rental",
        "Setup fee",
        "Top-up",
        "Promotional credit",
        "$4.50",
        "$2.50",
        "revenue-bars",
    ] {
        assert!(page.contains(text), "{text} is missing: {page}");
    }
    assert!(page.contains("Earned: ") && page.contains("$7.00"), "both months together");
    let one = dana.page("/admin/revenue?from=2026-11&to=2026-11").await;
    assert!(one.contains("November 2026") && !one.contains("December 2026"));
    for wrong in ["from=2026-13", "from=2026-12&to=2026-11", "from=1990-01&to=2026-11"] {
        assert!(dana.page(&format!("/admin/revenue?{wrong}")).await.contains("aria-invalid=\"true\""), "{wrong}");
    }
    assert!(!owner.page("/admin/revenue").await.contains("revenue-bars"));
}
