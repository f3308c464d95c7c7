//! The ledger as the engine keeps it: what a program that is not ours is refused, and what is left after many writers at once.

use std::sync::Arc;

use dialyard::domain::money::Micros;
use dialyard::server::error::Error;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::operator;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::wallet;
use dialyard::server::store::ledger::{self, Memo, TransferKind};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sqlx::{AnyConnection, Connection};

use super::support::{OWN_STOCK, TestApp};

const NUMBERS: [&str; 2] = ["+14155550101", "+14155550102"];

/// A connection of another program: the same file, none of our code.
async fn outside(app: &TestApp) -> AnyConnection {
    AnyConnection::connect(app.state.db.url()).await.expect("the file opens")
}

async fn refused(connection: &mut AnyConnection, sql: &'static str) -> String {
    match sqlx::query(sql).execute(connection).await {
        Err(error) => error.to_string(),
        Ok(done) => panic!("{} rows were changed by {sql}", done.rows_affected()),
    }
}

const TRANSFER: &str = "INSERT INTO transfers (id, sequence, debit_account_id, credit_account_id, amount_micros, kind, organization_id, \
     description, balance_after_micros, at) SELECT ";

#[tokio::test]
async fn another_program_cannot_break_the_ledger() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &NUMBERS).await;
    let ada = app.organization("Ada", 10).await;
    buy(&app.state, &ada, Buy { e164: NUMBERS[0].to_owned(), ..Buy::default() }).await.expect("bought");
    let mut connection = outside(&app).await;
    // A set-aside that is pending, as another program may make it: it is counted.
    sqlx::query(
        "INSERT INTO orders (id, e164, organization_id, state, setup_micros, monthly_micros, carrier_id, actor, created_at, updated_at) \
         SELECT 'order', '+14155550102', organization_id, 'funded', 1, 1, carrier_id, '', 1, 1 FROM orders LIMIT 1",
    )
    .execute(&mut connection)
    .await
    .expect("an order");
    let aside = "INSERT INTO set_asides (id, account_id, organization_id, order_id, amount_micros, state, created_at) \
                 SELECT 'aside', id, organization_id, 'order', 1000, 'pending', 1 FROM ledger_accounts WHERE kind = 'wallet'";
    sqlx::query(aside).execute(&mut connection).await.expect("a set-aside");
    assert_eq!(app.wallet(&ada).await, (Micros(7_750_000), Micros(1_000)));
    let tries = [
        // Edited.
        "UPDATE transfers SET amount_micros = 1",
        "UPDATE transfers SET description = 'x'",
        "UPDATE rental_periods SET amount_micros = 0",
        "UPDATE set_asides SET amount_micros = 1 WHERE id = 'aside'",
        // Deleted.
        "DELETE FROM transfers",
        "DELETE FROM set_asides",
        "DELETE FROM ledger_accounts",
        "DELETE FROM rental_periods",
        // Replaced, which deletes without saying so.
        "INSERT OR REPLACE INTO transfers SELECT * FROM transfers LIMIT 1",
        "INSERT OR REPLACE INTO ledger_accounts (id, organization_id, kind, created_at) SELECT id, organization_id, kind, 1 FROM ledger_accounts WHERE kind = 'wallet'",
        "INSERT OR REPLACE INTO set_asides SELECT * FROM set_asides WHERE id = 'aside'",
        "INSERT OR REPLACE INTO rental_periods SELECT * FROM rental_periods LIMIT 1",
        // Unbalanced: a balance without a transfer, with a transfer that it had before, or with another account's.
        "UPDATE ledger_accounts SET balance_micros = balance_micros + 1 WHERE kind = 'wallet'",
        "UPDATE ledger_accounts SET balance_micros = 0",
        "UPDATE ledger_accounts SET balance_micros = balance_micros + 1, last_sequence = last_sequence + 1 WHERE kind = 'wallet'",
        "UPDATE ledger_accounts SET last_sequence = 0 WHERE kind = 'wallet'",
        "UPDATE ledger_accounts SET kind = 'promo' WHERE kind = 'receivable'",
        "UPDATE ledger_accounts SET set_aside_micros = 0 WHERE kind = 'wallet'",
        "UPDATE ledger_accounts SET set_aside_micros = 2000 WHERE kind = 'wallet'",
        "INSERT INTO ledger_accounts (id, organization_id, kind, balance_micros, created_at) SELECT 'x', id, 'wallet', 5, 1 FROM organizations",
        "INSERT INTO ledger_accounts (id, organization_id, kind, created_at) SELECT 'x', id, 'wallet', 1 FROM organizations",
        // Captured or voided twice, or never promised.
        "UPDATE set_asides SET state = 'captured' WHERE state = 'captured'",
        "UPDATE set_asides SET state = 'pending', ended_at = NULL WHERE state = 'captured'",
        "INSERT INTO set_asides SELECT 'y', account_id, organization_id, 'order2', 5, 'captured', 1, 1 FROM set_asides LIMIT 1",
    ];
    let before = dump(&app).await;
    for sql in tries {
        let said = refused(&mut connection, sql).await;
        assert!(!said.contains("syntax") && !said.contains("no such"), "{sql}: {said}");
    }
    assert_eq!(dump(&app).await, before);
    assert_eq!(operator::verify_ledger(&app.state).await.expect("verified").faults, Vec::<String>::new());
}

#[tokio::test]
async fn a_transfer_that_is_not_right_is_refused_whole() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &NUMBERS).await;
    let ada = app.organization("Ada", 10).await;
    app.organization("Bob", 10).await;
    buy(&app.state, &ada, Buy { e164: NUMBERS[0].to_owned(), ..Buy::default() }).await.expect("bought");
    let mut connection = outside(&app).await;
    let before = dump(&app).await;
    let wallet = "FROM ledger_accounts a JOIN organizations o ON o.id = a.organization_id WHERE a.kind = 'wallet' AND o.name = 'Ada'";
    let next = "(SELECT MAX(sequence) + 1 FROM transfers)";
    let rows = [
        // Negative, nothing, and a part of a millionth.
        format!("'x', {next}, a.id, 'platform:adjustments', -5, 'adjustment', o.id, '', 7750005, 1 {wallet}"),
        format!("'x', {next}, a.id, 'platform:adjustments', 0, 'adjustment', o.id, '', 7750000, 1 {wallet}"),
        format!("'x', {next}, a.id, 'platform:adjustments', 0.5, 'adjustment', o.id, '', 7750000, 1 {wallet}"),
        // More than there is.
        format!("'x', {next}, a.id, 'platform:adjustments', 7750001, 'adjustment', o.id, '', -1, 1 {wallet}"),
        // One side only, or from an account to itself.
        format!("'x', {next}, a.id, a.id, 5, 'adjustment', o.id, '', 7750000, 1 {wallet}"),
        format!("'x', {next}, a.id, 'nowhere', 5, 'adjustment', o.id, '', 7749995, 1 {wallet}"),
        // A running balance that is not so.
        format!("'x', {next}, a.id, 'platform:adjustments', 5, 'adjustment', o.id, '', 7750000, 1 {wallet}"),
        // Another organization's money.
        format!(
            "'x', {next}, (SELECT id FROM ledger_accounts WHERE kind = 'wallet' AND organization_id <> o.id), 'platform:adjustments', 5, \
             'adjustment', o.id, '', 7750000, 1 {wallet}"
        ),
        // Between those that are there.
        format!("'x', 1, a.id, 'platform:adjustments', 5, 'adjustment', o.id, '', 7749995, 1 {wallet}"),
    ];
    for row in rows {
        let said = sqlx::query(sqlx::AssertSqlSafe(format!("{TRANSFER}{row}"))).execute(&mut connection).await.map(|_| ());
        let said = said.expect_err(&row).to_string();
        assert!(!said.contains("syntax") && !said.contains("no such"), "{row}: {said}");
    }
    // The same payment in the wallet twice, and an order captured twice.
    let again = "INSERT INTO transfers SELECT 'x', (SELECT MAX(sequence) + 1 FROM transfers), debit_account_id, credit_account_id, amount_micros, \
                 kind, organization_id, ownership_id, order_id, payment_id, e164, description, ";
    for (balance, which) in [("balance_after_micros + 10000000", "kind = 'topup'"), ("6750000", "kind = 'setup_fee'")] {
        let sql = format!("{again}{balance}, at FROM transfers WHERE {which} LIMIT 1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.map(|_| ()).expect_err(which);
    }
    assert_eq!(dump(&app).await, before);
}

/// Everything that the ledger is.
async fn dump(app: &TestApp) -> String {
    app.text(
        "SELECT (SELECT group_concat(id || balance_micros || ' ' || set_aside_micros || ' ' || last_sequence, ';') FROM ledger_accounts) \
         || (SELECT group_concat(id || sequence || ' ' || amount_micros, ';') FROM transfers) \
         || (SELECT group_concat(id || state || amount_micros, ';') FROM set_asides) \
         || COALESCE((SELECT group_concat(ownership_id || period || ' ' || amount_micros, ';') FROM rental_periods), '')",
    )
    .await
}

#[tokio::test]
async fn damage_is_found_by_recomputing() {
    let app = TestApp::new().await;
    app.stock(OWN_STOCK, &NUMBERS).await;
    let ada = app.organization("Ada", 10).await;
    buy(&app.state, &ada, Buy { e164: NUMBERS[0].to_owned(), ..Buy::default() }).await.expect("bought");
    let found = operator::verify_ledger(&app.state).await.expect("verified");
    assert_eq!((found.transfers, found.accounts, found.faults.len()), (3, 8, 0));
    let mut connection = outside(&app).await;
    // Whoever can drop triggers can break the ledger; they cannot hide it.
    for sql in [
        "DROP TRIGGER ledger_accounts_move_by_transfer",
        "UPDATE ledger_accounts SET balance_micros = balance_micros + 1 WHERE kind = 'wallet'",
        "DROP TRIGGER rental_periods_no_delete",
        "DELETE FROM rental_periods",
        "UPDATE payments SET status = 'failed'",
    ] {
        sqlx::query(sql).execute(&mut connection).await.expect("done");
    }
    let faults = operator::verify_ledger(&app.state).await.expect("verified").faults;
    assert_eq!(faults.len(), 3, "{faults:?}");
    for (fault, said) in faults.iter().zip(["its transfers say", "a period that was not charged", "not succeeded, payment"]) {
        assert!(fault.contains(said) || fault.contains("has no period"), "{fault}");
    }
}

/// Something that moves money.
#[derive(Debug, Clone)]
enum Move {
    TopUp(i64),
    Promo(i64),
    Charge(i64),
    TakeBack(i64),
}

fn moves() -> impl Strategy<Value = Vec<(usize, Move)>> {
    let amount = 1_i64..40_000_000;
    let kind = prop_oneof![
        amount.clone().prop_map(|amount| Move::TopUp(amount / 10_000 * 10_000 + 10_000)),
        amount.clone().prop_map(Move::Promo),
        amount.clone().prop_map(Move::Charge),
        amount.prop_map(Move::TakeBack),
    ];
    proptest::collection::vec((0_usize..3, kind), 1..60)
}

async fn make(app: Arc<TestApp>, owner: Caller, step: Move) -> Result<(), Error> {
    if let Move::TopUp(amount) = step {
        return wallet::top_up(&app.state, &owner, Micros(amount), &app.state.new_id()).await.map(|_| ());
    }
    let (ids, now, organization_id) = (app.state.ids.clone(), app.state.now(), owner.organization_id);
    let work = async move |connection: &mut AnyConnection| {
        let (new_id, id, memo) = (|| ids.next(now), organization_id.as_str(), Memo { description: "Random".into(), ..Memo::default() });
        match step {
            Move::Promo(amount) => ledger::credit(connection, &new_id, id, TransferKind::Promo, Micros(amount), &memo, now).await?,
            Move::TakeBack(amount) => ledger::take_back(connection, &new_id, id, TransferKind::Dispute, Micros(amount), &memo, now).await?,
            Move::Charge(amount) => {
                ledger::charge(connection, &new_id, id, TransferKind::Adjustment, Micros(amount), &memo, now).await?;
            }
            Move::TopUp(_) => {}
        }
        Ok::<_, Error>(())
    };
    app.state.db.write(work).await
}

#[test]
fn random_transfers_by_many_at_once_always_add_up() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&moves(), |moves| {
        let faults = runtime.block_on(async {
            let app = Arc::new(TestApp::new().await);
            let owners = [app.organization("Ada", 20).await, app.organization("Bob", 1).await, app.organization("Cleo", 0).await];
            let tasks: Vec<_> =
                moves.into_iter().map(|(who, step)| tokio::spawn(make(app.clone(), owners[who].clone(), step))).collect();
            for task in tasks {
                task.await.expect("no panic").expect("no fault");
            }
            let found = operator::verify_ledger(&app.state).await.expect("verified");
            let sum = app
                .scalar("SELECT CAST(SUM(CASE WHEN kind IN ('receivable', 'payments') THEN -balance_micros ELSE balance_micros END) AS BIGINT) FROM ledger_accounts")
                .await;
            (found.faults, sum)
        });
        prop_assert_eq!(faults, (Vec::new(), 0));
        Ok(())
    });
    outcome.expect("every history adds up");
}
