//! `/organization` and `/budgets`.

use serde_json::{Value, json};

use crate::client::Api;
use crate::support::OWN_STOCK;

#[tokio::test]
async fn the_organization_is_read_and_renamed() {
    let api = Api::new().await;
    let read = api.get("/organization", &api.parent).await.is(200);
    let (auth_id, _) = api.auth_ids().await;
    assert_eq!(
        (read.data_text("name"), read.data_text("authId"), read.data_text("currency")),
        (String::from("Brightline"), auth_id, String::from("USD"))
    );
    let renamed = api.patch("/organization", &api.parent, json!({ "name": " Brightline Voice " })).await.is(200);
    assert_eq!(renamed.data("name"), "Brightline Voice");
    api.patch("/organization", &api.parent, json!({ "name": "Brightline Voice" })).await.is(200);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'organization.renamed'").await, 1);
    assert_eq!(api.patch("/organization", &api.parent, json!({ "name": "" })).await.fields(), ["name"]);
    assert_eq!(api.get("/organization", &api.stranger).await.is(200).data("name"), "Cobalt");
    api.get("/organization", &api.sub_account).await.refuses(403, "missing_scope");
}

async fn buy(api: &Api, key: &str) -> crate::client::Answer {
    let e164 = api.yard.e164();
    api.yard.app.stock(OWN_STOCK, &[&e164]).await;
    api.post("/numbers/purchase", key, json!({ "e164": e164 })).await
}

#[tokio::test]
async fn a_budget_stops_purchases_and_says_by_how_much() {
    let api = Api::new().await;
    buy(&api, &api.parent).await.is(201);
    let set = api.patch("/budgets", &api.parent, json!({ "monthlyBudget": 2.5 })).await.is(200);
    assert!(set.text.contains("\"monthlyBudget\":2.50,\"committed\":1.25"), "{}", set.text);
    buy(&api, &api.parent).await.is(201);
    let refused = buy(&api, &api.parent).await.refuses(409, "budget_exceeded");
    assert!(refused.text.contains("\"budget\":2.50,\"committed\":2.50,\"over\":1.25"), "{}", refused.text);
    // Below what is committed it is allowed, and only new purchases stop.
    api.patch("/budgets", &api.parent, json!({ "monthlyBudget": 1 })).await.is(200);
    let e164 = api.yard.e164();
    api.yard.app.stock(OWN_STOCK, &[&e164]).await;
    api.post("/numbers/reserve", &api.parent, json!({ "e164": e164 })).await.is(201);
    let imported = api.yard.e164();
    api.post("/numbers/import", &api.parent, json!({ "e164": imported })).await.is(201);
    api.patch("/budgets", &api.parent, json!({ "monthlyBudget": null })).await.is(200);
    api.post("/numbers/purchase", &api.parent, json!({ "e164": e164 })).await.is(201);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'budget.changed'").await, 3);
}

#[tokio::test]
async fn a_sub_account_has_a_budget_of_its_own() {
    let api = Api::new().await;
    let path = format!("/budgets/{}", api.yard.harbor);
    api.patch(&path, &api.parent, json!({ "monthlyBudget": 1.25 })).await.is(200);
    buy(&api, &api.sub_account).await.is(201);
    let refused = buy(&api, &api.sub_account).await.refuses(409, "budget_exceeded");
    assert!(refused.text.contains("\"over\":1.25"), "{}", refused.text);
    buy(&api, &api.parent).await.is(201);
    let listed = api.get("/budgets", &api.parent).await.is(200);
    assert_eq!((&listed.json["organization"]["name"], &listed.json["organization"]["committed"]), (&json!("Brightline"), &json!(2.5)));
    assert_eq!((&listed.json["data"][0]["name"], &listed.json["data"][0]["monthlyBudget"]), (&json!("Harbor Dental"), &json!(1.25)));
    assert_eq!((&listed.json["data"][1]["monthlyBudget"], &listed.json["pagination"]["total"]), (&Value::Null, &json!(2)));
    let own = api.get("/budgets", &api.sub_account).await.is(200);
    assert_eq!((&own.json["organization"], &own.json["pagination"]["total"]), (&Value::Null, &json!(1)));
    let first = api.get("/budgets?limit=1", &api.parent).await.is(200);
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let second = api.get(&format!("/budgets?limit=1&cursor={next}"), &api.parent).await.is(200);
    assert_eq!(second.json["data"][0]["name"], "Lakeside Realty");
    // A new sub-account is asked for its budget, and can do without.
    api.patch(&path, &api.parent, json!({ "monthlyBudget": null })).await.is(200);
    buy(&api, &api.sub_account).await.is(201);
    api.patch(&path, &api.stranger, json!({ "monthlyBudget": 1 })).await.refuses(404, "not_found");
    assert_eq!(api.patch("/budgets", &api.parent, json!({})).await.fields(), ["monthlyBudget"]);
    assert_eq!(api.patch("/budgets", &api.parent, json!({ "monthlyBudget": "5" })).await.fields(), ["monthlyBudget"]);
}
