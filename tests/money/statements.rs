//! Statements of 24 months, compared with what the transfers themselves add up to.

use std::collections::BTreeMap;

use dialyard::domain::money::Micros;
use dialyard::server::jobs::rentals;
use dialyard::server::services::billing::{self, Statement};
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::{releasing, wallet};
use dialyard::server::store::ledger::{self, Memo, TransferKind};

use super::support::{OWN_STOCK, TestApp};

const DAY: i64 = 86_400;

/// `2026-11` and the 23 months after it.
fn months() -> impl Iterator<Item = String> {
    (10..34).map(|month| format!("{}-{:02}", 2026 + month / 12, month % 12 + 1))
}

/// Two years in which all kinds of transfers happen, to two organizations.
async fn history() -> (TestApp, Caller) {
    let app = TestApp::new().await;
    let ada = app.organization("Ada", 30).await;
    let bob = app.organization("Bob", 300).await;
    let e164s: Vec<String> = (0..40).map(|line| format!("+1415555{line:04}")).collect();
    app.stock(OWN_STOCK, &e164s.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for (day, e164) in (0..720).zip(e164s.iter().cycle()) {
        let (state, key) = (&app.state, app.state.new_id());
        rentals::run(state).await.expect("a run");
        let who = if day % 4 == 0 { &bob } else { &ada };
        match day % 36 {
            0 | 9 => drop(buy(state, who, Buy { e164: e164.clone(), ..Buy::default() }).await),
            13 => drop(wallet::top_up(state, &ada, Micros(17_340_000), &key).await.expect("paid")),
            17 => drop(releasing::release(state, &ada, e164, None).await),
            21 => app.dispute(&ada.organization_id, Micros(39_999_999)).await,
            25 => {
                let (ids, now, id) = (state.ids.clone(), state.now(), ada.organization_id.clone());
                let promo = state.db.write(async move |connection| {
                    let memo = Memo { description: "Welcome".into(), ..Memo::default() };
                    ledger::credit(connection, &|| ids.next(now), &id, TransferKind::Promo, Micros(1_000_001), &memo, now).await
                });
                promo.await.expect("credited");
            }
            _ => {}
        }
        app.clock.advance_s(DAY - 7);
    }
    (app, ada)
}

/// A transfer as it stands in the table: month, id, kind, effect on the wallet.
async fn transfers(app: &TestApp, organization_id: &str) -> Vec<(String, String, String, i64)> {
    let mut connection = app.state.db.read().await.expect("a reader");
    let accounts: Vec<(String, String)> =
        sqlx::query_as("SELECT id, kind FROM ledger_accounts").fetch_all(&mut *connection).await.expect("accounts");
    let kinds: BTreeMap<String, String> = accounts.into_iter().collect();
    let spendable = |id: &String| kinds.get(id).is_some_and(|kind| kind == "wallet" || kind == "promo");
    let rows: Vec<(String, String, String, String, String, i64)> = sqlx::query_as(
        "SELECT strftime('%Y-%m', at / 1000000, 'unixepoch'), id, kind, debit_account_id, credit_account_id, amount_micros FROM transfers \
         WHERE organization_id = $1 ORDER BY sequence",
    )
    .bind(organization_id)
    .fetch_all(&mut *connection)
    .await
    .expect("transfers");
    let effect = |(month, id, kind, debit, credit, amount): (String, String, String, String, String, i64)| {
        let change = i64::from(spendable(&credit)) * amount - i64::from(spendable(&debit)) * amount;
        (month, id, kind, change)
    };
    rows.into_iter().map(effect).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_four_months_are_equal_to_the_ledger() {
    let (app, ada) = history().await;
    let all = transfers(&app, &ada.organization_id).await;
    let (mut balance, mut months_with_lines) = (0, 0);
    for month in months() {
        let Statement { opening, closing, sums, lines, left_out, .. } =
            billing::statement(&app.state, &ada, &month).await.expect("a statement");
        assert_eq!(opening.0, balance, "{month} opens as the month before closed");
        let expected: Vec<_> = all.iter().filter(|(of, ..)| *of == month).collect();
        let mut totals = BTreeMap::<&str, (u64, i64)>::new();
        assert_eq!((lines.len(), left_out), (expected.len(), 0));
        for (line, (_, id, kind, change)) in lines.iter().zip(expected) {
            balance += change;
            assert_eq!((&line.id, &line.kind, line.amount.0, line.balance_after.0), (id, kind, *change, balance), "{month}");
            let total = totals.entry(kind).or_default();
            *total = (total.0 + 1, total.1 + change);
        }
        assert_eq!(closing.0, balance, "{month}");
        let said: BTreeMap<&str, (u64, i64)> = sums.iter().map(|sum| (sum.kind.as_str(), (sum.count, sum.amount.0))).collect();
        assert_eq!(said, totals, "{month}");
        months_with_lines += u32::from(!lines.is_empty());
    }
    assert_eq!(app.wallet(&ada).await.0, Micros(balance), "the last month closes with what is there");
    let kinds: std::collections::BTreeSet<&str> = all.iter().map(|(_, _, kind, _)| kind.as_str()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["adjustment", "dispute", "promo", "rental", "setup_fee", "topup"]);
    assert!(months_with_lines >= 23, "{months_with_lines}");
}
