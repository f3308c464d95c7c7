//! Buying, importing, and orders.

use std::sync::Arc;

use dialyard::domain::money::Micros;
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::config::ImportPolicy;
use dialyard::server::orders::recovery;
use serde_json::{Value, json};

use crate::client::Api;
use crate::support::carrier::{Act, ScriptedCarrier};
use crate::support::owned::Column;
use crate::support::{OWN_STOCK, SCRIPTED, TestApp};

async fn stocked(api: &Api) -> String {
    let e164 = api.yard.e164();
    api.yard.app.stock(OWN_STOCK, &[&e164]).await;
    e164
}

async fn scripted(script: Vec<Act>) -> (Api, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let carrier: Arc<dyn Carrier> = Arc::new(ScriptedCarrier::new(SCRIPTED, folder.path().join("sold"), script));
    let api = Api::of(TestApp::with(Carriers::new([carrier]), |settings| settings.key_requests_per_second = 0).await).await;
    let e164 = api.yard.e164();
    api.yard.app.stock(SCRIPTED, &[&e164]).await;
    (api, e164, folder)
}

#[tokio::test]
async fn a_purchase_answers_with_the_number_and_charges_once() {
    let api = Api::new().await;
    let e164 = stocked(&api).await;
    let before = api.yard.app.wallet(&api.yard.owner).await.0;
    let hold = api.post("/numbers/reserve", &api.parent, json!({ "e164": e164 })).await.is(201).data_text("id");
    let body = json!({ "e164": e164, "reservationId": hold, "maxPrice": 2.25, "agentId": api.yard.front_desk });
    let bought = api.post("/numbers/purchase", &api.parent, body).await.is(201);
    assert_eq!(bought.header("location"), format!("/api/v1/numbers/{}", bought.data_text("id")));
    assert_eq!((bought.data("status"), bought.data("defaultAgentId")), (&json!("assigned"), &json!(api.yard.front_desk)));
    assert_eq!((bought.data("nextBillingAt"), bought.data("source")), (&json!("2026-12-22T12:00:00Z"), &json!("purchased")));
    assert_eq!(api.yard.app.wallet(&api.yard.owner).await.0, Micros(before.0 - 2_250_000));
    let orders = api.get(&format!("/orders?e164={}&status=completed", e164.replace('+', "%2B")), &api.parent).await.is(200);
    let order = &orders.json["data"][0];
    assert_eq!((&order["numberId"], &order["reservationId"]), (&bought.json["data"]["id"], &json!(hold)));
    let path = format!("/orders/{}", order["id"].as_str().unwrap_or_default());
    assert_eq!(&api.get(&path, &api.parent).await.is(200).json["data"], order);
    for other in [&api.stranger, &api.sub_account] {
        api.get(&path, other).await.refuses(404, "not_found");
        assert_eq!(api.get("/orders", other).await.is(200).json["data"], json!([]));
    }
    assert_eq!(api.get("/orders?status=lost", &api.parent).await.fields(), ["status"]);
    assert_eq!(api.get("/orders?e164=x&cursor=y", &api.parent).await.fields(), ["cursor"]);
}

#[tokio::test]
async fn a_quote_says_every_part_before_anything_is_bought() {
    let api = Api::new().await;
    let e164 = stocked(&api).await;
    let path = format!("/numbers/available/{}/quote", e164.replace('+', "%2B"));
    api.yard.app.drain_to(&api.yard.owner, Micros(10_000_000)).await;
    let quote = api.get(&path, &api.parent).await.is(200);
    assert_eq!(
        quote.json["data"],
        json!({
            "e164": e164, "setupCost": 1.0, "firstMonth": 1.25, "dueNow": 2.25, "monthlyCost": 1.25, "nextChargeAt": "2026-12-22T12:00:00Z",
            "currency": "USD", "available": 10.0, "availableAfter": 7.75, "shortfall": null,
        })
    );
    let theirs = api.get(&path, &api.sub_account).await.is(200);
    assert_eq!(
        (theirs.data("dueNow"), theirs.data("available"), theirs.data("availableAfter")),
        (&json!(2.25), &Value::Null, &Value::Null)
    );
    api.yard.app.drain_to(&api.yard.owner, Micros(2_000_000)).await;
    let short = api.get(&path, &api.parent).await.is(200);
    assert_eq!((short.data("availableAfter"), short.data("shortfall")), (&Value::Null, &json!(0.25)));
    api.post("/numbers/purchase", &api.stranger, json!({ "e164": e164 })).await.is(201);
    api.get(&path, &api.parent).await.refuses(409, "number_unavailable");
    api.get("/numbers/available/%2B12025550199/quote", &api.parent).await.refuses(404, "never_stocked");
    assert_eq!(api.yard.app.wallet(&api.yard.owner).await.0, Micros(2_000_000), "asking costs nothing");
}

#[tokio::test]
async fn orders_are_listed_latest_first_in_pages() {
    let api = Api::new().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(api.yard.bought().await.e164);
        api.yard.app.clock.advance_s(1);
    }
    all.reverse();
    let first = api.get("/orders?limit=2", &api.parent).await.is(200);
    let cursor = first.json["pagination"]["nextCursor"].as_str().unwrap_or_default().to_owned();
    let second = api.get(&format!("/orders?limit=2&cursor={cursor}"), &api.parent).await.is(200);
    let seen = [&first, &second].into_iter().flat_map(|page| page.json["data"].as_array().cloned().unwrap_or_default());
    assert_eq!(seen.map(|row| row["e164"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>(), all);
    assert_eq!(second.json["pagination"]["total"], 3);
}

#[tokio::test]
async fn money_and_holds_have_their_refusals() {
    let api = Api::new().await;
    let e164 = stocked(&api).await;
    let buy = |key: String, body: Value| {
        let api = &api;
        async move { api.post("/numbers/purchase", &key, body).await }
    };
    let poor = api.yard.app.organization("Poor", 1).await;
    let poor = api.key(&poor, dialyard::domain::scope::Scopes::NONE.with(dialyard::domain::scope::Scope::NumbersWrite), None).await;
    let answer = buy(poor, json!({ "e164": e164 })).await.refuses(402, "insufficient_funds");
    assert!(answer.text.contains(r#""required":2.25,"available":1.00,"shortfall":1.25"#), "{}", answer.text);
    let answer = buy(api.parent.clone(), json!({ "e164": e164, "maxPrice": 2.249999 })).await.refuses(409, "price_changed");
    assert!(answer.text.contains(r#""setupCost":1.00,"monthlyCost":1.25,"maxPrice":2.249999"#), "{}", answer.text);
    let other = stocked(&api).await;
    let hold = api.post("/numbers/reserve", &api.parent, json!({ "e164": other })).await.is(201).data_text("id");
    for (key, number, reservation, reason) in [
        (&api.parent, &e164, hold.as_str(), "other_number"),
        (&api.parent, &e164, "nothing", "unknown"),
        (&api.stranger, &other, hold.as_str(), "unknown"),
    ] {
        let answer = buy(key.clone(), json!({ "e164": number, "reservationId": reservation })).await.refuses(409, "reservation_invalid");
        assert_eq!(answer.json["reason"], reason);
    }
    let held = buy(api.stranger.clone(), json!({ "e164": other })).await.refuses(409, "number_unavailable");
    assert_eq!(held.json["reason"], "held");
    buy(api.parent.clone(), json!({ "e164": "+14155550000" })).await.refuses(404, "never_stocked");
    for (field, value) in [("agentId", api.yard.harbor_agent.as_str()), ("agentId", "nothing"), ("subAccountId", "nothing")] {
        buy(api.parent.clone(), json!({ "e164": e164, field: value })).await.refuses(404, "not_found");
    }
    for (field, value) in
        [("maxPrice", json!("2")), ("maxPrice", json!(-1)), ("e164", json!("x")), ("agentId", json!(1)), ("price", json!(1))]
    {
        let mut body = json!({ "e164": e164 });
        body[field] = value;
        assert_eq!(buy(api.parent.clone(), body).await.fields(), [field]);
    }
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 0);
}

#[tokio::test]
async fn a_purchase_lands_in_the_sub_account_that_it_is_for() {
    let api = Api::new().await;
    let (own, given) = (stocked(&api).await, stocked(&api).await);
    let bought = api.post("/numbers/purchase", &api.sub_account, json!({ "e164": own })).await.is(201);
    assert_eq!(bought.data("subAccountId"), &json!(api.yard.harbor));
    let body = json!({ "e164": given, "subAccountId": api.yard.lakeside, "agentId": api.yard.lakeside_agent });
    let bought = api.post("/numbers/purchase", &api.parent, body).await.is(201);
    assert_eq!((bought.data("subAccountId"), bought.data("status")), (&json!(api.yard.lakeside), &json!("assigned")));
    api.disable_harbor().await;
    let body = json!({ "e164": stocked(&api).await, "subAccountId": api.yard.harbor });
    api.post("/numbers/purchase", &api.parent, body).await.refuses(409, "sub_account_disabled");
}

#[tokio::test]
async fn budgets_and_unpaid_payments_refuse_with_their_sums() {
    let api = Api::new().await;
    let e164 = stocked(&api).await;
    let set = |sql: &'static str| {
        let write = api.yard.app.state.db.write(async move |connection| {
            sqlx::query(sql).execute(connection).await?;
            Ok::<_, dialyard::server::error::Error>(())
        });
        async move { write.await.expect("written") }
    };
    set("UPDATE organizations SET budget_micros = 1000000 WHERE name = 'Brightline'").await;
    let answer = api.post("/numbers/purchase", &api.parent, json!({ "e164": e164 })).await.refuses(409, "budget_exceeded");
    assert!(answer.text.contains(r#""budget":1.00,"committed":0.00,"over":0.25"#), "{}", answer.text);
    api.yard.app.drain_to(&api.yard.owner, Micros(-5)).await;
    api.post("/numbers/purchase", &api.parent, json!({ "e164": e164 })).await.refuses(409, "payment_hold");
    api.post("/numbers/reserve", &api.parent, json!({ "e164": e164 })).await.refuses(409, "payment_hold");
}

#[tokio::test]
async fn a_carrier_that_does_not_answer_leaves_an_order_to_follow() {
    let (api, e164, _folder) = scripted(vec![Act::SellSilently]).await;
    let body = json!({ "e164": e164 });
    let pending = api.once("POST", "/numbers/purchase", &api.parent, &body, "k").await.is(202);
    let path = pending.header("location").trim_start_matches("/api/v1").to_owned();
    assert_eq!(pending.data("status"), "ordered");
    assert_eq!(api.get(&path, &api.parent).await.is(200).data("status"), "ordered");
    api.yard.app.clock.advance_s(60);
    recovery::run(&api.yard.app.state).await.expect("recovered");
    assert_eq!(api.get(&path, &api.parent).await.is(200).data("status"), "completed");
    let bought = api.once("POST", "/numbers/purchase", &api.parent, &body, "k").await.is(201);
    let again = api.once("POST", "/numbers/purchase", &api.parent, &body, "k").await.is(201);
    assert_eq!((bought.text, again.header("idempotency-replayed")), (again.text.clone(), "true"));
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 1);
}

#[tokio::test]
async fn what_a_carrier_refuses_costs_nothing_and_the_same_key_may_succeed() {
    for (act, status, code) in [(Act::Unreachable, 503, "carrier_unavailable"), (Act::Refuse, 409, "number_unavailable")] {
        let (api, e164, _folder) = scripted(vec![act]).await;
        let body = json!({ "e164": e164 });
        let refused = api.once("POST", "/numbers/purchase", &api.parent, &body, "k").await.refuses(status, code);
        assert_eq!(refused.header("retry-after").is_empty(), status != 503);
        api.once("POST", "/numbers/purchase", &api.parent, &body, "k").await.is(201);
    }
}

#[tokio::test]
async fn an_import_costs_nothing_and_is_made_once() {
    let api = Api::new().await;
    let e164 = api.yard.e164();
    let body = json!({ "e164": e164, "agentId": api.yard.front_desk });
    let made = api.post("/numbers/import", &api.parent, body.clone()).await.is(201);
    assert_eq!(
        (made.data("source"), made.data("billingState"), made.data("monthlyCost")),
        (&json!("imported"), &json!("none"), &json!(0.0))
    );
    assert_eq!(made.data("defaultAgentId"), &json!(api.yard.front_desk));
    assert_eq!(api.post("/numbers/import", &api.parent, body).await.is(200).data("id"), made.data("id"));
    let taken = api.post("/numbers/import", &api.stranger, json!({ "e164": e164 })).await.refuses(409, "number_unavailable");
    assert_eq!(taken.json["reason"], "taken");
    let stocked = stocked(&api).await;
    api.post("/numbers/import", &api.parent, json!({ "e164": stocked })).await.refuses(409, "number_unavailable");
    let foreign = json!({ "e164": api.yard.e164(), "agentId": "nothing" });
    api.post("/numbers/import", &api.parent, foreign).await.refuses(404, "not_found");
    api.post("/numbers/import", &api.sub_account, json!({ "e164": api.yard.e164() })).await.refuses(403, "wrong_key_kind");
    assert_eq!(api.post("/numbers/import", &api.parent, json!({ "e164": "911" })).await.fields(), ["e164"]);
}

#[tokio::test]
async fn the_operator_decides_about_imports() {
    let api = Api::with(|settings| settings.import_policy = ImportPolicy::Off).await;
    assert_eq!(api.post("/numbers/import", &api.parent, json!({ "e164": api.yard.e164() })).await.fields(), ["e164"]);
    let api = Api::with(|settings| settings.import_policy = ImportPolicy::Approve).await;
    let made = api.post("/numbers/import", &api.parent, json!({ "e164": api.yard.e164() })).await.is(201);
    assert_eq!((made.data("verified"), made.data("warnings")), (&json!(false), &json!(["unverified"])));
}

#[tokio::test]
async fn a_released_number_is_restored_and_not_bought() {
    let api = Api::new().await;
    let number = api.yard.number(Column::RL).await;
    let answer = api.post("/numbers/purchase", &api.parent, json!({ "e164": number.e164 })).await.refuses(409, "number_unavailable");
    assert_eq!((&answer.json["reason"], &answer.json["restoreUntil"]), (&json!("sold"), &json!("2026-11-23T12:00:00Z")));
}
