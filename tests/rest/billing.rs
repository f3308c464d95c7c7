//! The wallet, payments, transfers, usage, forecast and statements over HTTP.

use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::reloads;
use serde_json::{Value, json};

use crate::client::Api;
use crate::replay::Replay;
use crate::support::{OWN_STOCK, START};

/// A write of this group, made ready for the replay test.
pub async fn prepared(api: &Api, operation: &str) -> Option<Replay> {
    let replay = |path: &str, body, effect| Replay::new(api, path, body, effect);
    Some(match operation {
        "editWallet" => {
            let audit = "SELECT COUNT(*) FROM audit WHERE action = 'setting.changed'";
            replay("/billing/wallet", json!({ "lowBalanceThreshold": 20 }), audit)
        }
        "topUp" => replay("/billing/wallet/topup", json!({ "amount": 12.5 }), "SELECT COUNT(*) FROM transfers WHERE kind = 'topup'"),
        _ => return None,
    })
}

fn column(answer: &Value, name: &str) -> Vec<Value> {
    answer["data"].as_array().into_iter().flatten().map(|row| row[name].clone()).collect()
}

#[tokio::test]
async fn the_wallet_says_what_it_has_with_twins_in_dollars_only() {
    let api = Api::new().await;
    let wallet = api.get("/billing/wallet", &api.parent).await.is(200);
    let expected = json!({
        "balance": 1000.0, "setAside": 0.0, "available": 1000.0, "owed": 0.0, "currency": "USD",
        "balanceUsd": 1000.0, "setAsideUsd": 0.0, "availableUsd": 1000.0, "lowBalanceThreshold": null, "lowBalance": false,
        "autoReloadEnabled": false, "autoReloadThreshold": null, "autoReloadAmount": null, "paymentMethodSaved": false,
    });
    assert_eq!(wallet.json["data"], expected);
    assert!(wallet.text.contains("\"balance\":1000.00"), "an amount is written from its integer: {}", wallet.text);
    let euros = Api::with(|settings| settings.currency = String::from("EUR")).await;
    let wallet = euros.get("/billing/wallet", &euros.parent).await.is(200);
    let names: Vec<&String> = wallet.json["data"].as_object().expect("an object").keys().collect();
    assert!(!names.iter().any(|name| name.ends_with("Usd")), "{names:?}");
    assert_eq!(euros.post("/billing/wallet/topup", &euros.parent, json!({ "amountUsd": 5 })).await.fields(), ["amountUsd"]);
    api.get("/billing/wallet", &api.sub_account).await.refuses(403, "wrong_key_kind");
    assert_eq!(api.get("/billing/wallet", &api.stranger).await.is(200).data("balance"), 100.0);
}

#[tokio::test]
async fn the_threshold_is_chosen_under_either_name_and_cleared_by_null() {
    let api = Api::new().await;
    let changed = api.patch("/billing/wallet", &api.parent, json!({ "lowBalanceThreshold": 20.5 })).await.is(200);
    assert_eq!((changed.data("lowBalanceThreshold"), changed.data("lowBalance")), (&json!(20.5), &json!(false)));
    let crossed = api.patch("/billing/wallet", &api.parent, json!({ "lowBalanceThresholdUsd": 5000 })).await.is(200);
    assert_eq!((crossed.data("lowBalanceThresholdUsd"), crossed.data("lowBalance")), (&json!(5000.0), &json!(true)));
    api.patch("/billing/wallet", &api.parent, json!({})).await.is(200);
    let cleared = api.patch("/billing/wallet", &api.parent, json!({ "lowBalanceThreshold": null })).await.is(200);
    assert_eq!((cleared.data("lowBalanceThreshold"), cleared.data("lowBalance")), (&Value::Null, &json!(false)));
    assert!(cleared.json["data"].get("lowBalanceThresholdUsd").is_none());
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'setting.changed'").await, 3);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM events WHERE kind = 'wallet.low'").await, 1);
    for (body, field) in [
        (json!({ "lowBalanceThreshold": 0 }), "lowBalanceThreshold"),
        (json!({ "lowBalanceThresholdUsd": 0 }), "lowBalanceThresholdUsd"),
        (json!({ "lowBalanceThreshold": "20" }), "lowBalanceThreshold"),
        (json!({ "lowBalanceThreshold": 1, "lowBalanceThresholdUsd": 1 }), "lowBalanceThresholdUsd"),
        (json!({ "autoReloadEnabled": true }), "autoReloadThreshold"),
        (json!({ "autoReloadThreshold": 10 }), "autoReloadAmount"),
        (json!({ "autoReloadThresholdUsd": 0, "autoReloadAmount": 5 }), "autoReloadThresholdUsd"),
        (json!({ "autoReloadThreshold": 10, "autoReloadAmount": 0.005 }), "autoReloadAmount"),
        (json!({ "autoReload": true }), "autoReload"),
    ] {
        assert_eq!(api.patch("/billing/wallet", &api.parent, body.clone()).await.fields(), [field], "{body}");
    }
}

#[tokio::test]
async fn topping_up_by_itself_is_chosen_kept_and_switched_off() {
    let api = Api::new().await;
    let chosen = json!({ "autoReloadThresholdUsd": 2000, "autoReloadAmount": 50 });
    let answer = api.patch("/billing/wallet", &api.parent, chosen).await.is(200);
    assert_eq!((answer.data("autoReloadEnabled"), answer.data("autoReloadThreshold")), (&json!(true), &json!(2000.0)));
    let answer = api.patch("/billing/wallet", &api.parent, json!({ "autoReloadAmountUsd": 75 })).await.is(200);
    assert_eq!((answer.data("autoReloadAmount"), answer.data("autoReloadThresholdUsd")), (&json!(75.0), &json!(2000.0)));
    assert_eq!(reloads::run(&api.yard.app.state).await.expect("a run"), 0, "no way of paying is saved");
    api.post("/billing/wallet/topup", &api.parent, json!({ "amount": 1, "saveMethod": true })).await.is(201);
    reloads::run(&api.yard.app.state).await.expect("a run");
    let wallet = api.get("/billing/wallet", &api.parent).await.is(200);
    assert_eq!((wallet.data("balance"), wallet.data("paymentMethodSaved")), (&json!(1076.0), &json!(true)));
    let answer = api.patch("/billing/wallet", &api.parent, json!({ "autoReloadEnabled": false })).await.is(200);
    assert_eq!((answer.data("autoReloadEnabled"), answer.data("autoReloadAmount")), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn a_top_up_is_in_the_wallet_once_it_has_succeeded() {
    let api = Api::new().await;
    let made = api.post("/billing/wallet/topup", &api.parent, json!({ "amountUsd": 50.25 })).await.is(201);
    assert_eq!((made.data_text("status").as_str(), made.data("amount")), ("succeeded", &json!(50.25)));
    assert!(made.data("clientSecret").is_string() && made.data("settledAt").is_string());
    let path = format!("/billing/wallet/topup/{}", made.data_text("id"));
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert_eq!(api.get("/billing/wallet", &api.parent).await.is(200).data("balance"), 1050.25);
    let read = api.get(&path, &api.parent).await.is(200);
    assert_eq!((read.data("clientSecret"), read.data_text("status").as_str()), (&Value::Null, "succeeded"));
    api.get(&path, &api.stranger).await.refuses(404, "not_found");
    // Two requests without a key are two payments.
    api.post("/billing/wallet/topup", &api.parent, json!({ "amount": 1 })).await.is(201);
    api.post("/billing/wallet/topup", &api.parent, json!({ "amount": 1 })).await.is(201);
    assert_eq!(api.get("/billing/wallet", &api.parent).await.is(200).data("balance"), 1052.25);
    for (body, field) in [
        (json!({}), "amount"),
        (json!({ "amount": 0 }), "amount"),
        (json!({ "amountUsd": 0 }), "amountUsd"),
        (json!({ "amount": 0.005 }), "amount"),
        (json!({ "amount": 1_000_001 }), "amount"),
        (json!({ "amount": -5 }), "amount"),
        (json!({ "amount": "5" }), "amount"),
        (json!({ "amount": 5, "amountUsd": 5 }), "amountUsd"),
    ] {
        assert_eq!(api.post("/billing/wallet/topup", &api.parent, body.clone()).await.fields(), [field], "{body}");
    }
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'topup'").await, 5);
}

#[tokio::test]
async fn without_a_provider_nothing_is_paid() {
    let mut api = Api::new().await;
    api.yard.app.state.payments = None;
    let api = api.rebuilt();
    api.post("/billing/wallet/topup", &api.parent, json!({ "amount": 5 })).await.refuses(503, "payments_not_configured");
}

/// Two numbers, one of them bought for Harbor Dental a day after the other.
async fn bought(api: &Api) -> [String; 2] {
    let numbers = [api.yard.e164(), api.yard.e164()];
    api.yard.app.stock(OWN_STOCK, &[&numbers[0], &numbers[1]]).await;
    let state = &api.yard.app.state;
    for (e164, sub_account_id) in numbers.iter().zip([None, Some(api.yard.harbor.clone())]) {
        let wish = Buy { e164: e164.clone(), sub_account_id, ..Buy::default() };
        buy(state, &api.yard.owner, wish).await.expect("bought");
        api.yard.app.clock.advance_s(86_400);
    }
    numbers
}

#[tokio::test]
async fn transfers_are_listed_newest_first_and_a_sub_account_sees_its_own() {
    let api = Api::new().await;
    let numbers = bought(&api).await;
    let all = api.get("/billing/transfers", &api.parent).await.is(200);
    assert_eq!(column(&all.json, "kind"), ["rental", "setup_fee", "rental", "setup_fee", "topup"]);
    assert_eq!(column(&all.json, "balanceAfter"), [995.5, 996.75, 997.75, 999.0, 1000.0]);
    assert_eq!(column(&all.json, "amountUsd"), [-1.25, -1.0, -1.25, -1.0, 1000.0]);
    assert_eq!(column(&all.json, "e164")[..4], [&numbers[1], &numbers[1], &numbers[0], &numbers[0]].map(|e164| json!(e164)));
    assert!(column(&all.json, "orderId")[0].is_string() && column(&all.json, "numberId")[4].is_null());
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("/billing/transfers?limit=2&cursor={cursor}"), &api.parent).await.is(200);
        assert_eq!(page.json["pagination"]["total"], 5);
        seen.extend(column(&page.json, "id"));
        match page.json["pagination"]["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, column(&all.json, "id"));
    let next_day = START.plus_days(1).rfc3339();
    for (query, count) in [
        (String::from("?kind=rental"), 2),
        (String::from("?kind=topup"), 1),
        (format!("?from={next_day}"), 2),
        (format!("?to={next_day}"), 3),
        (format!("?from={next_day}&to={next_day}"), 0),
    ] {
        assert_eq!(api.get(&format!("/billing/transfers{query}"), &api.parent).await.is(200).json["pagination"]["total"], count, "{query}");
    }
    let own = api.get("/billing/transfers", &api.sub_account).await.is(200);
    assert_eq!(column(&own.json, "e164"), [json!(numbers[1]), json!(numbers[1])]);
    assert_eq!(column(&own.json, "balanceAfter"), [Value::Null, Value::Null], "the wallet is the organization's");
    assert_eq!(api.get("/billing/transfers", &api.stranger).await.is(200).json["pagination"]["total"], 1);
    assert_eq!(api.get("/billing/transfers?kind=gift", &api.parent).await.fields(), ["kind"]);
    assert_eq!(api.get("/billing/transfers?cursor=bm9uc2Vuc2U", &api.parent).await.fields(), ["cursor"]);
    let backwards = format!("/billing/transfers?from={next_day}&to={}", START.rfc3339());
    assert_eq!(api.get(&backwards, &api.parent).await.fields(), ["to"]);
}

#[tokio::test]
async fn usage_items_have_their_agreed_shape() {
    let api = Api::new().await;
    let numbers = bought(&api).await;
    let items = api.get("/billing/usage/items", &api.parent).await.is(200);
    assert_eq!(column(&items.json, "type"), ["rental", "setup_fee", "rental", "setup_fee"]);
    let first = &items.json["data"][0];
    assert_eq!((&first["channel"], &first["quantity"], &first["credits"]), (&json!("number"), &json!(1), &json!(125.0)));
    assert_eq!((&first["amount"], &first["e164"], &first["agentId"]), (&json!(1.25), &json!(numbers[1]), &Value::Null));
    assert_eq!(first["time"], START.plus_days(1).rfc3339());
    let own = api.get("/billing/usage/items", &api.sub_account).await.is(200);
    assert_eq!(own.json["pagination"]["total"], 2);
    assert_eq!(api.get("/billing/usage/items?from=yesterday", &api.parent).await.fields(), ["from"]);
}

#[tokio::test]
async fn the_forecast_lists_renewals_and_the_day_on_which_the_money_ends() {
    let api = Api::new().await;
    bought(&api).await;
    let now = api.yard.app.state.now();
    let forecast = api.get("/billing/forecast?days=40", &api.parent).await.is(200);
    assert_eq!((forecast.data("asOf"), forecast.data("renewingNumbers")), (&json!(now.rfc3339()), &json!(2)));
    assert_eq!((forecast.data("monthlyCost"), forecast.data("availableUsd")), (&json!(2.5), &json!(995.5)));
    let days = forecast.data("days").clone();
    assert_eq!(
        days,
        json!([
            { "day": "2026-12-22T00:00:00Z", "renewals": 1, "amount": 1.25, "availableAfter": 994.25 },
            { "day": "2026-12-23T00:00:00Z", "renewals": 1, "amount": 1.25, "availableAfter": 993.0 },
        ])
    );
    assert_eq!(forecast.data("runsOutAt"), &Value::Null, "it lasts longer than is looked for");
    // The stranger's money covers nothing more after a number of 98.75 was bought; its first renewal is not covered.
    let drained = Api::new().await;
    let e164 = drained.yard.e164();
    drained.yard.app.stock(OWN_STOCK, &[&e164]).await;
    let write = drained.yard.app.state.db.write(async |connection| {
        sqlx::query("UPDATE inventory SET setup_micros = 98000000").execute(connection).await?;
        Ok::<_, dialyard::server::error::Error>(())
    });
    write.await.expect("priced");
    buy(&drained.yard.app.state, &drained.stranger_organization, Buy { e164, ..Buy::default() }).await.expect("bought");
    let forecast = drained.get("/billing/forecast", &drained.stranger).await.is(200);
    assert_eq!((forecast.data("available"), forecast.data("runsOutAt")), (&json!(0.75), &json!("2026-12-22T12:00:00Z")));
    assert_eq!(forecast.data("days").as_array().map(Vec::len), Some(2), "ninety days when nothing is asked for");
    api.get("/billing/forecast", &api.sub_account).await.refuses(403, "wrong_key_kind");
    assert_eq!(api.get("/billing/forecast?days=0", &api.parent).await.fields(), ["days"]);
}

#[tokio::test]
async fn a_statement_adds_up_and_comes_as_a_table_too() {
    let api = Api::new().await;
    bought(&api).await;
    let november = api.get("/billing/statements/2026-11", &api.parent).await.is(200);
    assert_eq!((november.data("openingBalance"), november.data("closingBalance")), (&json!(0.0), &json!(995.5)));
    assert_eq!((november.data("closed"), november.data("linesLeftOut")), (&json!(false), &json!(0)));
    assert_eq!(
        november.data("sums"),
        &json!([
            { "kind": "rental", "count": 2, "amount": -2.5 },
            { "kind": "setup_fee", "count": 2, "amount": -2.0 },
            { "kind": "topup", "count": 1, "amount": 1000.0 },
        ])
    );
    let kinds: Vec<&Value> = november.data("lines").as_array().into_iter().flatten().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["topup", "setup_fee", "rental", "setup_fee", "rental"]);
    let table = api.get("/billing/statements/2026-11?format=csv", &api.parent).await;
    assert_eq!((table.status.as_u16(), table.header("content-type")), (200, "text/csv"));
    let lines: Vec<&str> = table.text.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0], "\u{feff}id,at,kind,amount,balanceAfter,currency,description,numberId,e164,orderId");
    assert!(lines[1].contains(",topup,1000.00,1000.00,USD,Top-up,,,"), "{}", lines[1]);
    api.yard.app.clock.set(START.plus_days(30));
    let december = api.get("/billing/statements/2026-12", &api.parent).await.is(200);
    assert_eq!((december.data("openingBalance"), december.data("closingBalance")), (&json!(995.5), &json!(995.5)));
    assert_eq!(december.data("lines"), &json!([]));
    assert_eq!(api.get("/billing/statements/2026-11", &api.parent).await.is(200).data("closed"), &json!(true));
    for month in ["2027-01", "2026-13", "november", "2026-1"] {
        api.get(&format!("/billing/statements/{month}"), &api.parent).await.refuses(404, "not_found");
    }
    assert_eq!(api.get("/billing/statements/2026-11?format=pdf", &api.parent).await.fields(), ["format"]);
    let theirs = api.get("/billing/statements/2026-11", &api.stranger).await.is(200);
    assert_eq!(theirs.data("closingBalance"), &json!(100.0));
    api.get("/billing/statements/2026-11", &api.sub_account).await.refuses(403, "wrong_key_kind");
}
