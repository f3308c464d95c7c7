//! `/admin`: every write is the platform's in the audit log, and money moves by balanced transfers only.

use dialyard::domain::money::Micros;
use dialyard::domain::scope::{Scope, Scopes};
use serde_json::{Value, json};

use crate::client::{Api, operator};
use crate::support::OWN_STOCK;
use crate::support::owned::Column;

const WHY: &str = "The customer asked us in writing.";
/// What all accounts of the ledger add up to: assets on one side, everything else on the other.
const LEDGER: &str = "SELECT CAST(SUM(CASE WHEN kind IN ('receivable', 'payments') THEN -balance_micros ELSE balance_micros END) AS BIGINT) \
                      FROM ledger_accounts";

async fn audited(api: &Api, action: &str) -> (String, String) {
    let answer = api.get(&format!("/audit?action={action}"), &api.platform).await.is(200);
    let row = &answer.json["data"][0];
    (row["actor"]["kind"].as_str().unwrap_or_default().to_owned(), row["reason"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn cool_offs_are_listed_and_forced_with_a_reason() {
    let api = Api::new().await;
    let (first, second) = (api.yard.number(Column::SC).await, api.yard.number(Column::SC).await);
    let listed = api.get("/admin/cool-offs?limit=1", &api.platform).await.is(200);
    assert_eq!((&listed.json["pagination"]["total"], &listed.json["data"][0]["subAccount"]), (&json!(2), &json!("Harbor Dental")));
    assert_eq!(listed.json["data"][0]["coolOffUntil"], "2026-12-07T12:00:00Z");
    let next = listed.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let rest = api.get(&format!("/admin/cool-offs?limit=1&cursor={next}"), &api.platform).await.is(200);
    assert_ne!(listed.json["data"][0]["id"], rest.json["data"][0]["id"]);
    assert_eq!(api.get("/admin/cool-offs?q=lakeside", &api.platform).await.is(200).json["pagination"]["total"], 0);

    let path = |key: &str| format!("/admin/cool-offs/{key}/force");
    api.post(&path(&first.id), &api.platform, json!({ "reason": "short" })).await.refuses(422, "reason_required");
    assert_eq!(api.post(&path(&first.id), &api.platform, json!({})).await.fields(), ["reason"]);
    let taken = api.post(&path(&first.id), &api.platform, json!({ "reason": WHY })).await.is(200);
    assert_eq!((taken.data("subAccountId"), taken.data("status")), (&Value::Null, &json!("available")));
    api.post(&path(&second.e164), &api.platform, json!({ "reason": WHY })).await.is(200);
    assert_eq!(audited(&api, "cool_off.forced").await, (String::from("platform"), String::from(WHY)));
    api.post(&path(&first.id), &api.platform, json!({ "reason": WHY })).await.refuses(404, "not_in_sub_account");
    api.post(&path("nothing"), &api.platform, json!({ "reason": WHY })).await.refuses(404, "not_found");
    let locked = api.yard.number(Column::LockedInSubAccount).await;
    api.post(&path(&locked.id), &api.platform, json!({ "reason": WHY })).await.refuses(409, "number_locked");
    api.post(&path(&locked.id), &api.forcing, json!({ "reason": WHY })).await.refuses(403, "wrong_key_kind");
}

#[tokio::test]
async fn stock_is_listed_and_withdrawn() {
    let api = Api::new().await;
    let (free, held) = (api.yard.e164(), api.yard.e164());
    api.yard.app.stock(OWN_STOCK, &[&free, &held]).await;
    let sold = api.yard.bought().await;
    let listed = async |query: &str| -> Vec<String> {
        let answer = api.get(&format!("/admin/inventory{query}"), &api.platform).await.is(200);
        answer.json["data"].as_array().into_iter().flatten().map(|row| row["e164"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(listed("").await, [free.clone(), held.clone(), sold.e164.clone()]);
    assert_eq!(listed("?status=sold").await, [sold.e164.clone()]);
    let first = api.get("/admin/inventory?limit=2", &api.platform).await.is(200);
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    assert_eq!(listed(&format!("?limit=2&cursor={next}")).await, [sold.e164.clone()]);

    api.post("/numbers/reserve", &api.parent, json!({ "e164": held })).await.is(201);
    let path = |e164: &str| format!("/admin/inventory/{e164}");
    assert_eq!(api.delete(&path(&free), &api.platform).await.is(200).data("status"), "withdrawn");
    assert_eq!(api.delete(&path(&free), &api.platform).await.is(200).data("status"), "withdrawn");
    api.delete(&path(&held), &api.platform).await.refuses(409, "number_unavailable");
    assert_eq!(api.delete(&format!("{}?cancelHolds=true", path(&held)), &api.platform).await.is(200).data("status"), "withdrawn");
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM holds WHERE state = 'released'").await, 1);
    let marked = api.delete(&path(&sold.e164), &api.platform).await.is(200);
    assert_eq!((marked.data("status"), marked.data("withdrawAfterAging")), (&json!("sold"), &json!(true)));
    assert_eq!(audited(&api, "inventory.withdrawn").await.0, "platform");
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'inventory.withdrawn'").await, 3);
    for method in ["GET", "DELETE"] {
        api.call(method, &path("+14155559999"), &api.platform, Value::Null).await.refuses(404, "never_stocked");
    }
}

#[tokio::test]
async fn organizations_are_listed_with_their_wallets() {
    let api = Api::new().await;
    let listed = api.get("/admin/organizations?limit=1", &api.platform).await.is(200);
    assert_eq!((&listed.json["pagination"]["total"], &listed.json["data"][0]["name"]), (&json!(2), &json!("Brightline")));
    let next = listed.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let second = api.get(&format!("/admin/organizations?limit=1&cursor={next}"), &api.platform).await.is(200);
    assert_eq!((&second.json["data"][0]["name"], &second.json["data"][0]["balance"]), (&json!("Cobalt"), &json!(100.0)));
    let id = &api.yard.owner.organization_id;
    assert_eq!(api.get(&format!("/admin/organizations/{id}"), &api.platform).await.is(200).data("available"), &json!(1000.0));
    api.get("/admin/organizations/nobody", &api.platform).await.refuses(404, "not_found");
    api.get("/admin/organizations", &api.parent).await.refuses(403, "missing_scope");
}

#[tokio::test]
async fn promotional_credit_is_spent_first_and_revenue_says_so() {
    let api = Api::new().await;
    let id = api.yard.owner.organization_id.clone();
    let promo = json!({ "organizationId": id, "direction": "promo", "amount": 1.5, "reason": WHY });
    assert_eq!(api.post("/admin/adjustments", &api.platform, promo).await.is(201).data("balance"), &json!(1001.5));
    api.yard.bought().await;
    let held = |kind: &'static str| {
        let sql = [
            "SELECT balance_micros FROM ledger_accounts a JOIN organizations o ON o.id = a.organization_id WHERE o.name = 'Brightline' AND a.kind = '",
            kind,
            "'",
        ];
        let sql: &'static str = sql.concat().leak();
        api.yard.app.scalar(sql)
    };
    assert_eq!((held("promo").await, held("wallet").await), (0, 999_250_000));
    assert_eq!(api.yard.app.scalar(LEDGER).await, 0);
    let report = api.get("/admin/revenue?from=2026-10&to=2026-11", &api.platform).await.is(200);
    let rows: Vec<_> = report.json["data"]["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| (row["month"].clone(), row["kind"].clone(), row["count"].clone(), row["amount"].clone(), row["promotional"].clone()))
        .collect();
    let row = |kind: &str, count: u64, amount: f64, promotional: f64| {
        (json!("2026-11"), json!(kind), json!(count), json!(amount), json!(promotional))
    };
    assert_eq!(
        rows,
        [row("promo", 1, -1.5, 0.0), row("rental", 2, 1.25, 0.5), row("setup_fee", 1, 1.0, 1.0), row("topup", 2, 1100.0, 0.0)]
    );
    assert_eq!(api.get("/admin/revenue?from=2026-13", &api.platform).await.fields(), ["from"]);
    assert_eq!(api.get("/admin/revenue?from=2026-11&to=2026-10", &api.platform).await.fields(), ["from"]);
    assert_eq!(api.get("/admin/revenue?from=2010-01&to=2026-10", &api.platform).await.fields(), ["from"]);
    assert_eq!(api.get("/admin/revenue", &api.platform).await.fields(), ["from"]);
    api.get("/admin/revenue?from=2026-11", &api.parent).await.refuses(403, "missing_scope");
}

#[tokio::test]
async fn a_wallet_is_adjusted_by_balanced_transfers() {
    let api = Api::new().await;
    let id = api.yard.owner.organization_id.clone();
    let body = |direction: &str, amount: f64, reason: &str| json!({ "organizationId": id, "direction": direction, "amount": amount, "reason": reason });
    assert_eq!(api.yard.app.scalar(LEDGER).await, 0);
    let credited = api.post("/admin/adjustments", &api.platform, body("credit", 12.5, WHY)).await.is(201);
    assert_eq!(
        (credited.data("balance"), credited.header("location")),
        (&json!(1012.5), format!("/api/v1/admin/organizations/{id}").as_str())
    );
    let debited = api.post("/admin/adjustments", &api.platform, body("debit", 2.25, WHY)).await.is(201);
    assert_eq!(debited.data("balance"), &json!(1010.25));
    assert_eq!(api.yard.app.wallet(&api.yard.owner).await.0, Micros(1_010_250_000));
    assert_eq!(api.yard.app.scalar(LEDGER).await, 0, "both sides of every transfer are written");
    assert_eq!(api.yard.app.scalar("SELECT balance_micros FROM ledger_accounts WHERE id = 'platform:adjustments'").await, -10_250_000);
    let lines = api.get("/billing/transfers?kind=adjustment", &api.parent).await.is(200);
    assert_eq!((&lines.json["pagination"]["total"], &lines.json["data"][0]["description"]), (&json!(2), &json!(WHY)));
    let own_log = api.get("/audit?action=wallet.adjusted", &api.parent).await.is(200);
    assert_eq!((&own_log.json["data"][0]["actor"]["kind"], &own_log.json["data"][0]["reason"]), (&json!("platform"), &json!(WHY)));

    let refused = api.post("/admin/adjustments", &api.platform, body("debit", 2000.0, WHY)).await.refuses(402, "insufficient_funds");
    assert_eq!(
        (&refused.json["required"], &refused.json["available"], &refused.json["shortfall"]),
        (&json!(2000.0), &json!(1010.25), &json!(989.75))
    );
    assert_eq!(api.post("/admin/adjustments", &api.platform, body("credit", 0.0, WHY)).await.fields(), ["amount"]);
    api.post("/admin/adjustments", &api.platform, body("credit", 1.0, "why not")).await.refuses(422, "reason_required");
    let nobody = json!({ "organizationId": "nobody", "direction": "credit", "amount": 1, "reason": WHY });
    api.post("/admin/adjustments", &api.platform, nobody).await.refuses(404, "not_found");
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'adjustment'").await, 2);
    let reader = api.key(&operator(), Scopes::NONE.with(Scope::AdminRead), None).await;
    api.post("/admin/adjustments", &reader, body("credit", 1.0, WHY)).await.refuses(403, "missing_scope");
}

/// An order whose outcome nobody knows; its id.
pub async fn stuck(api: &Api) -> String {
    let e164 = api.yard.e164();
    api.yard.app.stock(OWN_STOCK, &[&e164]).await;
    let answer = api.post("/numbers/reserve", &api.parent, json!({ "e164": e164 })).await.is(201);
    let (hold, organization) = (answer.data_text("id"), api.yard.owner.organization_id.clone());
    let state = &api.yard.app.state;
    let (id, now, ids) = (state.new_id(), state.now(), state.ids.clone());
    let order = id.clone();
    let write = state.db.write(async move |connection| {
        sqlx::query(
            "INSERT INTO orders (id, e164, organization_id, hold_id, state, setup_micros, monthly_micros, carrier_id, actor, created_at, updated_at) \
             SELECT $1, e164, organization_id, id, 'stuck', setup_micros, monthly_micros, \
             (SELECT carrier_id FROM inventory WHERE e164 = holds.e164), '{}', $2, $2 FROM holds WHERE id = $3",
        )
        .bind(&order)
        .bind(now.micros())
        .bind(&hold)
        .execute(&mut *connection)
        .await?;
        sqlx::query("UPDATE holds SET state = 'committed' WHERE id = $1").bind(&hold).execute(&mut *connection).await?;
        let aside = dialyard::server::store::ledger::set_aside(connection, &|| ids.next(now), &organization, &order, Micros(2_250_000), now).await?;
        assert!(aside);
        Ok::<_, dialyard::server::error::Error>(())
    });
    write.await.expect("a stuck order");
    id
}

#[tokio::test]
async fn stuck_orders_are_completed_or_undone() {
    let api = Api::new().await;
    let (kept, undone) = (stuck(&api).await, stuck(&api).await);
    assert_eq!(api.get("/admin/orders?status=stuck", &api.platform).await.is(200).json["pagination"]["total"], 2);
    let path = |id: &str| format!("/admin/orders/{id}/repair");
    let body = |outcome: &str| json!({ "outcome": outcome, "reason": WHY });
    api.post(&path(&kept), &api.platform, json!({ "outcome": "failed", "reason": "no" })).await.refuses(422, "reason_required");
    let done = api.post(&path(&kept), &api.platform, body("completed")).await.is(200);
    assert_eq!((done.data("status"), done.data_text("organizationId")), (&json!("completed"), api.yard.owner.organization_id.clone()));
    api.get(&format!("/numbers/{}", done.data_text("numberId")), &api.parent).await.is(200);
    let failed = api.post(&path(&undone), &api.platform, body("failed")).await.is(200);
    assert_eq!(failed.data("status"), "failed");
    assert_eq!(api.yard.app.wallet(&api.yard.owner).await, (Micros(997_750_000), Micros(0)), "one was paid, nothing stays aside");
    assert_eq!(api.yard.app.scalar(LEDGER).await, 0);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM holds WHERE state = 'active'").await, 1, "the hold of the undone one is back");
    for id in [&kept, &undone] {
        api.post(&path(id), &api.platform, body("failed")).await.refuses(409, "conflict");
    }
    api.post(&path("nothing"), &api.platform, body("failed")).await.refuses(404, "not_found");
    assert_eq!(audited(&api, "order.repaired").await, (String::from("platform"), String::from(WHY)));
    let all = api.get("/admin/orders?limit=1", &api.platform).await.is(200);
    assert!(all.json["pagination"]["nextCursor"].is_string());
}
