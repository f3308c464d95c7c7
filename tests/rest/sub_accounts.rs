//! `/sub-accounts`.

use serde_json::{Value, json};

use crate::client::Api;
use crate::support::owned::Column;

#[tokio::test]
async fn a_sub_account_is_made_changed_and_deleted() {
    let api = Api::new().await;
    let made = api.post("/sub-accounts", &api.parent, json!({ "name": "Bay Legal", "monthlyBudget": 12.5 })).await.is(201);
    let path = format!("/sub-accounts/{}", made.data_text("id"));
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert!(made.data_text("authId").starts_with("SA_"));
    assert!(made.text.contains("\"monthlyBudget\":12.50"), "{}", made.text);
    api.post("/sub-accounts", &api.parent, json!({ "name": "Bay Legal" })).await.refuses(409, "name_taken");
    let renamed = api.patch(&path, &api.parent, json!({ "name": "Bay Law" })).await.is(200);
    assert!(renamed.text.contains("\"monthlyBudget\":12.50"), "the budget stays: {}", renamed.text);
    assert_eq!(api.patch(&path, &api.parent, json!({ "monthlyBudget": null })).await.is(200).data("monthlyBudget"), &Value::Null);
    api.patch(&path, &api.parent, json!({ "name": "Harbor Dental" })).await.refuses(409, "name_taken");
    assert_eq!(api.patch(&path, &api.parent, json!({ "name": " " })).await.fields(), ["name"]);
    assert_eq!(api.patch(&path, &api.parent, json!({ "monthlyBudget": -1 })).await.fields(), ["monthlyBudget"]);
    api.delete(&path, &api.parent).await.is(200);
    api.get(&path, &api.parent).await.refuses(404, "not_found");
    api.patch(&path, &api.parent, json!({ "name": "x" })).await.refuses(404, "not_found");
}

#[tokio::test]
async fn one_with_numbers_is_not_deleted_and_says_what_it_has() {
    let api = Api::new().await;
    api.yard.number(Column::S0).await;
    let refused = api.delete(&format!("/sub-accounts/{}", api.yard.harbor), &api.parent).await.refuses(409, "sub_account_in_use");
    assert_eq!((&refused.json["owned"], &refused.json["recoverable"], &refused.json["ordering"]), (&json!(1), &json!(0), &json!(0)));
}

#[tokio::test]
async fn a_disabled_one_is_refused_and_takes_no_numbers() {
    let api = Api::new().await;
    let path = format!("/sub-accounts/{}", api.yard.harbor);
    assert_eq!(api.patch(&path, &api.parent, json!({ "disabled": true })).await.is(200).data("disabled"), true);
    api.get("/numbers", &api.sub_account).await.refuses(403, "account_disabled");
    let number = api.yard.bought().await;
    let handed = dialyard::server::services::moving::hand_over(&api.yard.app.state, &api.yard.owner, &number.id, &api.yard.harbor).await;
    assert_eq!(crate::support::owned::code(handed.expect_err("refused")).name(), "sub_account_disabled");
    api.patch(&path, &api.parent, json!({ "disabled": false })).await.is(200);
}

#[tokio::test]
async fn its_own_key_sees_only_it_and_changes_nothing() {
    let api = Api::new().await;
    let (own, other) = (format!("/sub-accounts/{}", api.yard.harbor), format!("/sub-accounts/{}", api.yard.lakeside));
    let listed = api.get("/sub-accounts", &api.sub_account).await.is(200);
    assert_eq!((&listed.json["pagination"]["total"], &listed.json["data"][0]["name"]), (&json!(1), &json!("Harbor Dental")));
    api.get(&own, &api.sub_account).await.is(200);
    api.get(&other, &api.sub_account).await.refuses(404, "not_found");
    api.patch(&own, &api.sub_account, json!({ "name": "x" })).await.refuses(403, "wrong_key_kind");
    api.delete(&own, &api.sub_account).await.refuses(403, "wrong_key_kind");
    api.post("/sub-accounts", &api.sub_account, json!({ "name": "x" })).await.refuses(403, "wrong_key_kind");
    let first = api.get("/sub-accounts?limit=1", &api.parent).await.is(200);
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let second = api.get(&format!("/sub-accounts?limit=1&cursor={next}"), &api.parent).await.is(200);
    assert_eq!((&first.json["data"][0]["name"], &second.json["data"][0]["name"]), (&json!("Harbor Dental"), &json!("Lakeside Realty")));
    assert_eq!(api.get("/sub-accounts", &api.stranger).await.is(200).json["pagination"]["total"], 0);
}
