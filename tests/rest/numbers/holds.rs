//! Holding, extending and giving back.

use dialyard::domain::code::Code;
use serde_json::{Value, json};

use crate::client::Api;
use crate::support::OWN_STOCK;

async fn stocked(api: &Api) -> String {
    let e164 = api.yard.e164();
    api.yard.app.stock(OWN_STOCK, &[&e164]).await;
    e164
}

async fn hold(api: &Api, key: &str) -> (String, String) {
    let e164 = stocked(api).await;
    let held = api.post("/numbers/reserve", key, json!({ "e164": e164 })).await.is(201);
    assert_eq!(held.header("location"), format!("/api/v1/numbers/reserve/{}", held.data_text("id")));
    (held.data_text("id"), e164)
}

#[tokio::test]
async fn a_hold_is_made_once_read_listed_and_given_back() {
    let api = Api::new().await;
    let (id, e164) = hold(&api, &api.parent).await;
    let again = api.post("/numbers/reserve", &api.parent, json!({ "e164": e164 })).await.is(200);
    assert_eq!(again.data_text("id"), id);
    assert_eq!(
        (again.data("status"), again.data("price"), again.data("expiresAt")),
        (&json!("active"), &json!(2.25), &json!("2026-11-22T12:30:00Z"))
    );
    let path = format!("/numbers/reserve/{id}");
    assert_eq!(api.get(&path, &api.parent).await.is(200).json["data"], again.json["data"]);
    let list = api.get("/numbers/reserve", &api.parent).await.is(200);
    assert_eq!((&list.json["data"][0], &list.json["pagination"]["total"]), (&again.json["data"], &json!(1)));
    for other in [&api.stranger, &api.sub_account] {
        api.get(&path, other).await.refuses(404, "not_found");
        api.delete(&path, other).await.refuses(404, "not_found");
        api.post(&format!("{path}/extend"), other, Value::Null).await.refuses(404, "not_found");
        assert_eq!(api.get("/numbers/reserve", other).await.is(200).json["data"], json!([]));
    }
    for _ in 0..2 {
        assert_eq!(api.delete(&path, &api.parent).await.is(200).data("status"), "released");
    }
    let late = api.post(&format!("{path}/extend"), &api.parent, Value::Null).await.refuses(409, "reservation_invalid");
    assert_eq!(late.json["reason"], "released");
}

#[tokio::test]
async fn pages_of_holds_follow_each_other() {
    let api = Api::new().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(hold(&api, &api.parent).await.0);
        api.yard.app.clock.advance_s(1);
    }
    let first = api.get("/numbers/reserve?limit=2", &api.parent).await.is(200);
    let cursor = first.json["pagination"]["nextCursor"].as_str().unwrap_or_default().to_owned();
    let second = api.get(&format!("/numbers/reserve?limit=2&cursor={cursor}"), &api.parent).await.is(200);
    let ids = [&first, &second].into_iter().flat_map(|page| page.json["data"].as_array().cloned().unwrap_or_default());
    assert_eq!(ids.map(|row| row["id"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>(), all);
    assert_eq!(second.json["pagination"]["nextCursor"], Value::Null);
    assert_eq!(api.get("/numbers/reserve?cursor=x", &api.parent).await.fields(), ["cursor"]);
}

#[tokio::test]
async fn an_extension_counts_from_the_old_end_and_only_near_it() {
    let api = Api::new().await;
    let (id, _) = hold(&api, &api.parent).await;
    let path = format!("/numbers/reserve/{id}/extend");
    let extended = api.post(&path, &api.parent, Value::Null).await.is(200);
    assert_eq!((extended.data("expiresAt"), extended.data("extensions")), (&json!("2026-11-22T13:00:00Z"), &json!(1)));
    let early = api.post(&path, &api.parent, json!({})).await.refuses(409, "extend_limit_reached");
    assert_eq!(early.json["extendableFrom"], "2026-11-22T12:30:00Z");
    api.yard.app.clock.advance_s(3_600);
    let late = api.post(&path, &api.parent, Value::Null).await.refuses(409, "reservation_invalid");
    assert_eq!(late.json["reason"], "expired");
    assert_eq!(api.get(&format!("/numbers/reserve/{id}"), &api.parent).await.is(200).data("status"), "expired");
    assert_eq!(api.delete(&format!("/numbers/reserve/{id}"), &api.parent).await.is(200).data("status"), "expired");
}

#[tokio::test]
async fn every_refusal_of_a_hold() {
    let api = Api::new().await;
    let (id, e164) = hold(&api, &api.parent).await;
    let held = api.post("/numbers/reserve", &api.stranger, json!({ "e164": e164 })).await.refuses(409, "number_unavailable");
    assert_eq!(held.json["reason"], "held");
    api.post("/numbers/purchase", &api.parent, json!({ "e164": e164 })).await.is(201);
    let sold = api.post("/numbers/reserve", &api.stranger, json!({ "e164": e164 })).await.refuses(409, "number_unavailable");
    assert_eq!(sold.json["reason"], "sold");
    let used = api.delete(&format!("/numbers/reserve/{id}"), &api.parent).await.refuses(409, "reservation_invalid");
    assert_eq!(used.json["reason"], "consumed");
    api.post("/numbers/reserve", &api.parent, json!({ "e164": "+14155550000" })).await.refuses(404, "never_stocked");
    for bad in [json!({ "e164": "12" }), json!({ "e164": 7 }), json!({ "e164": null }), json!({})] {
        assert_eq!(api.post("/numbers/reserve", &api.parent, bad).await.fields(), ["e164"]);
    }
    for _ in 0..5 {
        hold(&api, &api.sub_account).await;
    }
    let e164 = stocked(&api).await;
    let full = api.post("/numbers/reserve", &api.sub_account, json!({ "e164": e164 })).await.refuses(409, "hold_limit_reached");
    assert_eq!(full.json["limit"], 5);
    for _ in 0..5 {
        hold(&api, &api.parent).await;
    }
    let full = api.post("/numbers/reserve", &api.parent, json!({ "e164": e164 })).await.refuses(409, Code::HoldLimitReached.name());
    assert_eq!(full.json["limit"], 10);
}
