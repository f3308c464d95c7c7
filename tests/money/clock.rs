//! Two years over a thousand numbers, bought on every day of a month, with a leap day, days on which nobody looks, restarts and a server
//! that is stopped between two batches; each number and each wallet is then what the model says.

use std::path::Path;

use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, NumberType, Source};
use dialyard::domain::time::Timestamp;
use dialyard::server::carriers::Carriers;
use dialyard::server::error::Error;
use dialyard::server::jobs::rentals;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::wallet;
use dialyard::server::store;
use dialyard::server::store::numbers::NewOwnership;

use super::model::{self, Number, days};
use super::support::{START, TestApp};

const DAY: i64 = 86_400;
const NUMBERS: i64 = 1_000;
const PRICES: [i64; 3] = [1_250_000, 2_000_000, 4_375_001];
/// What the four wallets begin with: more than enough, some months, little, nothing.
const FUNDS: [i64; 4] = [200_000, 4_000, 900, 0];
/// Top-ups: on which day, which wallet, how much in units.
const TOP_UPS: [(i64, usize, i64); 8] =
    [(60, 3, 700), (200, 1, 2_500), (233, 2, 300), (260, 1, 3_333), (290, 2, 800), (300, 1, 60), (480, 1, 900), (495, 1, 9_000)];

fn now_s() -> i64 {
    START.micros() / 1_000_000
}

/// The thousand as the model has them: bought within the month before the start, on all its days.
fn numbers() -> Vec<Number> {
    let number = |index: i64| {
        // 23 October to 22 November 2026, all before the start.
        let day = index % 31;
        let (month, date) = if day < 9 { (10, 23 + day) } else { (11, day - 8) };
        Number {
            wallet: usize::try_from(index % 4).expect("small"),
            bought: (2026, month, date, (index * 7_919) % (DAY / 2)),
            price: PRICES[usize::try_from(index % 3).expect("small")],
            paid: Vec::new(),
            state: "current",
            since: (0, 0),
        }
    };
    (0..NUMBERS).map(number).collect()
}

fn ownership(index: usize, number: &Number, owner: &Caller) -> NewOwnership {
    let (year, month, day, second) = number.bought;
    let anchor = Timestamp::from_seconds(days(year, month, day) * DAY + second);
    NewOwnership {
        id: format!("number-{index:04}"),
        e164: format!("+1415200{index:04}"),
        organization_id: owner.organization_id.clone(),
        sub_account_id: None,
        agent_id: None,
        source: Source::Purchased,
        verified: true,
        number_type: NumberType::Local,
        locality: String::from("San Francisco"),
        administrative_area: String::from("CA"),
        rate_center: String::from("SAN FRNCSC"),
        features: Features::VOICE,
        provider: String::from("c-1"),
        setup: Micros::ZERO,
        monthly: Micros(number.price),
        anchor_at: Some(anchor),
        next_billing_at: Some(anchor),
        periods_charged: 0,
        at: anchor,
    }
}

async fn life(folder: &Path, seed: u64) -> TestApp {
    TestApp::at(folder.to_owned(), Carriers::default(), seed, |_| ()).await
}

/// Everything about a number that the model knows: periods with their due and charge dates, state, next due date.
type Record = (Vec<(i64, i64)>, String, i64);

async fn records(app: &TestApp) -> Vec<Record> {
    let mut connection = app.state.db.read().await.expect("a reader");
    let rows: Vec<(String, String, String, i64)> =
        sqlx::query_as("SELECT id, status, billing_state, next_billing_at FROM owned_numbers ORDER BY id")
            .fetch_all(&mut *connection)
            .await
            .expect("numbers");
    let mut records = Vec::new();
    for (id, status, billing_state, next) in rows {
        let periods: Vec<(i64, i64)> =
            sqlx::query_as("SELECT due_at / 1000000, charged_at / 1000000 FROM rental_periods WHERE ownership_id = $1 ORDER BY period")
                .bind(&id)
                .fetch_all(&mut *connection)
                .await
                .expect("periods");
        records.push((periods, if status == "released" { status } else { billing_state }, next / 1_000_000));
    }
    records
}

async fn compare(app: &TestApp, owners: &[Caller], numbers: &[Number], wallets: &[i64], day: i64) {
    for (index, record) in records(app).await.iter().enumerate() {
        let number = &numbers[index];
        let expected = (number.paid.clone(), number.state.to_owned(), number.due());
        assert_eq!(*record, expected, "number {index} on day {day}");
    }
    for (owner, left) in owners.iter().zip(wallets) {
        assert_eq!(app.wallet(owner).await, (Micros(*left), Micros::ZERO), "wallet on day {day}");
    }
}

/// Whether somebody looks on that day: not for a week in the first spring, and not for seven weeks in the second.
fn is_up(day: i64) -> bool {
    !(130..137).contains(&day) && !(430..479).contains(&day)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_years_are_what_the_model_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut numbers, mut wallets) = (numbers(), FUNDS.map(|units| units * 1_000_000));
    let mut app = life(folder.path(), 1).await;
    let mut owners = Vec::new();
    for (index, funds) in FUNDS.iter().enumerate() {
        owners.push(app.organization(&format!("Wallet {index}"), *funds).await);
    }
    let rows: Vec<NewOwnership> =
        numbers.iter().enumerate().map(|(index, number)| ownership(index, number, &owners[number.wallet])).collect();
    let insert = app.state.db.write(async move |connection| {
        for row in &rows {
            store::numbers::insert(connection, row).await?;
        }
        Ok::<_, Error>(())
    });
    insert.await.expect("numbers");
    for day in (0..=730).filter(|day| is_up(*day)) {
        let now = now_s() + day * DAY + (day * 4_099) % 3_600;
        if day % 50 == 49 {
            drop(app);
            app = life(folder.path(), 1_000 + day.unsigned_abs()).await;
        }
        app.clock.set(Timestamp::from_seconds(now));
        for (_, wallet, units) in TOP_UPS.iter().filter(|(on, ..)| *on == day) {
            let key = format!("{day}-{wallet}");
            wallet::top_up(&app.state, &owners[*wallet], Micros(units * 1_000_000), &key).await.expect("a top-up");
            wallets[*wallet] += units * 1_000_000;
            model::pay(&mut numbers, &mut wallets, now, &["past_due", "suspended"]);
        }
        if day % 50 == 20 {
            // Stopped between two batches, and started again in the same second.
            rentals::charge(&app.state, 7).await.expect("a batch");
            drop(app);
            app = life(folder.path(), 2_000 + day.unsigned_abs()).await;
            app.clock.set(Timestamp::from_seconds(now));
        }
        rentals::run(&app.state).await.expect("a run");
        assert_eq!(rentals::run(&app.state).await.expect("a run"), 0, "a second look finds nothing, day {day}");
        model::pay(&mut numbers, &mut wallets, now, &["current"]);
        model::climb(&mut numbers, now);
        if day % 61 == 0 {
            compare(&app, &owners, &numbers, &wallets, day).await;
        }
    }
    compare(&app, &owners, &numbers, &wallets, 730).await;
    let count = |state: &str| numbers.iter().filter(|number| number.state == state).count();
    assert!(count("current") >= 250 && count("released") >= 100, "the story has both ends: {} {}", count("current"), count("released"));
    let revenue = app.scalar("SELECT balance_micros FROM ledger_accounts WHERE id = 'platform:revenue_rental'").await;
    assert_eq!(revenue, numbers.iter().map(|number| number.price * number.paid.len() as i64).sum::<i64>());
    // A 31st falls on the last day of each shorter month, and comes back.
    let last_days = numbers.iter().find(|number| number.bought.2 == 31 && number.wallet == 0).expect("bought on a 31st");
    let paid_on = |year, month, day| last_days.paid.iter().any(|(due, _)| due / DAY == days(year, month, day));
    assert!(paid_on(2027, 2, 28) && paid_on(2027, 3, 31) && paid_on(2028, 2, 29) && paid_on(2028, 3, 31) && paid_on(2028, 4, 30));
}
