//! Searching the stock and looking at one number of it.

use serde_json::{Value, json};

use crate::client::Api;
use crate::support::OWN_STOCK;
use crate::support::owned::Column;

const STOCK: [&str; 5] = ["+14155552233", "+14155557777", "+12125552233", "+14155551212", "+14155558421"];

async fn api() -> Api {
    let api = Api::new().await;
    api.yard.app.stock(OWN_STOCK, &STOCK).await;
    api
}

async fn found(api: &Api, query: &str) -> Vec<String> {
    let answer = api.get(&format!("/numbers/search?bestEffort=false&sort=number&{query}"), &api.parent).await.is(200);
    let rows = answer.json["data"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["e164"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_filter_finds_what_it_says() {
    let api = api().await;
    for (query, expected) in [
        ("", vec!["+12125552233", "+14155551212", "+14155552233", "+14155557777", "+14155558421"]),
        ("areaCode=212", vec!["+12125552233"]),
        ("areaCode=415&exchange=555&endsWith=1212", vec!["+14155551212"]),
        ("startsWith=1415&contains=777", vec!["+14155557777"]),
        ("endsWith=CAFE", vec!["+12125552233", "+14155552233"]),
        ("pattern=%5E415*77%3F", vec!["+14155557777"]),
        ("pattern=84%3F1%24", vec!["+14155558421"]),
        ("shape=AAAA", vec!["+14155557777"]),
        ("shape=AABB&areaCode=415", vec!["+14155552233"]),
        ("numberType=toll_free", vec![]),
        ("features=voice,sms&features=emergency&areaCode=212", vec!["+12125552233"]),
        ("features=fax", vec![]),
        ("locality=san%20francisco&administrativeArea=California&rateCenter=san%20frncsc&endsWith=1212", vec!["+14155551212"]),
        ("maxMonthlyCost=1.24", vec![]),
        ("maxMonthlyCost=1.25&maxSetupCost=1&areaCode=212", vec!["+12125552233"]),
        ("country=CA", vec![]),
    ] {
        assert_eq!(found(&api, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn senseless_filters_are_named_as_they_were_sent() {
    let api = api().await;
    for (query, fields) in [
        ("areaCode=911", vec!["areaCode"]),
        ("administrativeArea=Atlantis", vec!["administrativeArea"]),
        ("startsWith=%21", vec!["startsWith"]),
        ("endsWith=%21&contains=%21", vec!["endsWith", "contains"]),
        ("pattern=%21", vec!["pattern"]),
        ("pattern=%3DAABB", vec!["pattern"]),
        ("shape=A1", vec!["shape"]),
        ("shape=AABB&pattern=1", vec!["shape"]),
        ("numberType=satellite&limit=51&facets=1", vec!["numberType", "limit", "facets"]),
        ("maxMonthlyCost=cheap", vec!["maxMonthlyCost"]),
        ("sort=colour", vec!["sort"]),
        ("cursor=nonsense", vec!["cursor"]),
        ("features=teleport", vec!["features"]),
        ("q=415", vec!["q"]),
    ] {
        assert_eq!(api.get(&format!("/numbers/search?{query}"), &api.parent).await.fields(), fields, "{query}");
    }
}

#[tokio::test]
async fn pages_facets_widening_and_suggestions() {
    let api = api().await;
    let first = api.get("/numbers/search?limit=2&sort=number&facets=true", &api.parent).await.is(200);
    assert_eq!((&first.json["pagination"]["total"], &first.json["pagination"]["widened"]), (&json!(5), &json!(0)));
    let areas = first.json["facets"]["areaCode"].as_array().cloned().unwrap_or_default();
    assert!(areas.contains(&json!({ "value": "415", "label": "415", "count": 4 })), "{areas:?}");
    assert_eq!(first.json["data"][0]["e164"], "+12125552233");
    assert_eq!(first.json["facets"]["exchange"], json!([]));
    let within = api.get("/numbers/search?areaCode=415&exchange=356&facets=true", &api.parent).await.is(200);
    let exchanges = within.json["facets"]["exchange"].as_array().cloned().unwrap_or_default();
    assert!(exchanges.iter().any(|exchange| exchange["value"] != "356"), "{exchanges:?}");
    let cursor = first.json["pagination"]["nextCursor"].as_str().unwrap_or_default().to_owned();
    let second = api.get(&format!("/numbers/search?limit=2&sort=number&cursor={cursor}"), &api.parent).await.is(200);
    assert_eq!(second.json["data"][0]["e164"], "+14155552233");
    assert_eq!(second.json["facets"], Value::Null);
    let widened = api.get("/numbers/search?areaCode=415&endsWith=7777&locality=Oakland", &api.parent).await.is(200);
    assert_eq!(widened.json["pagination"]["total"], 0);
    assert_eq!((&widened.json["data"][0]["bestEffort"], &widened.json["data"][0]["relaxed"]), (&json!(true), &json!(["locality"])));
    assert_eq!(widened.json["suggestions"][0]["filter"], "locality");
    let strict = api.get("/numbers/search?areaCode=415&endsWith=7777&locality=Oakland&bestEffort=false", &api.parent).await.is(200);
    assert_eq!(strict.json["data"], json!([]));
}

#[tokio::test]
async fn a_row_tells_what_it_costs_and_whose_hold_it_is() {
    let api = api().await;
    let held = api.post("/numbers/reserve", &api.parent, json!({ "e164": STOCK[0] })).await.is(201);
    let path = "/numbers/search?areaCode=415&endsWith=2233&bestEffort=false";
    let own = api.get(path, &api.parent).await.is(200);
    let row = &own.json["data"][0];
    assert_eq!((&row["setupCost"], &row["monthlyCost"], &row["currency"]), (&json!(1.0), &json!(1.25), &json!("USD")));
    assert_eq!((&row["hold"]["id"], &row["formatted"]), (&held.json["data"]["id"], &json!("(415) 555-2233")));
    assert_eq!((&row["reservable"], &row["provider"]), (&json!(true), &json!("c-1")));
    for other in [&api.stranger, &api.sub_account] {
        assert_eq!(api.get(path, other).await.is(200).json["data"], json!([]), "others do not find it");
    }
}

#[tokio::test]
async fn one_number_is_looked_at_again() {
    let api = api().await;
    let answer = api.get("/numbers/available/+14155552233", &api.parent).await.is(200);
    assert_eq!(
        (answer.data("monthlyCost"), answer.data("vanityFormat"), answer.data("hold")),
        (&json!(1.25), &json!("555-CAFE"), &Value::Null)
    );
    let held = api.post("/numbers/reserve", &api.parent, json!({ "e164": STOCK[0] })).await.is(201);
    let own = api.get("/numbers/available/%2B14155552233", &api.parent).await.is(200);
    assert_eq!(own.data("hold")["id"], held.json["data"]["id"]);
    let other = api.get("/numbers/available/14155552233", &api.stranger).await.refuses(409, "number_unavailable");
    assert_eq!((&other.json["reason"], &other.json["freeAt"]), (&json!("held"), &held.json["data"]["expiresAt"]));
    assert!(!other.json["alternatives"].as_array().expect("a list").is_empty(), "{}", other.text);
    let sold = api.yard.number(Column::P0).await;
    let mine = api.get(&format!("/numbers/available/{}", sold.e164), &api.parent).await.refuses(409, "number_unavailable");
    assert_eq!((&mine.json["reason"], &mine.json["ownedByYou"]), (&json!("sold"), &json!(true)));
    let theirs = api.get(&format!("/numbers/available/{}", sold.e164), &api.stranger).await.refuses(409, "number_unavailable");
    assert_eq!(theirs.json["ownedByYou"], false);
    api.get("/numbers/available/+14155550000", &api.parent).await.refuses(404, "never_stocked");
    assert_eq!(api.get("/numbers/available/nonsense", &api.parent).await.fields(), ["e164"]);
}
