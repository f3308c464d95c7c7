//! `/agents`: drafts, versions, and what becomes of numbers.

use serde_json::{Value, json};

use crate::client::Api;
use crate::support::owned::Column;

fn body(name: &str) -> Value {
    json!({ "name": name, "kind": "ai_voice", "destination": "sip:desk@voice.example" })
}

#[tokio::test]
async fn an_agent_is_made_published_rolled_back_and_deleted() {
    let api = Api::new().await;
    let made = api.post("/agents", &api.parent, body("Desk")).await.is(201);
    let path = format!("/agents/{}", made.data_text("id"));
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert_eq!((made.data("publishedVersion"), made.data("kind")), (&Value::Null, &json!("ai_voice")));
    let published = api.post(&format!("{path}/publish"), &api.parent, Value::Null).await.is(200);
    assert_eq!(
        (published.data("publishedVersion"), published.data_text("publishedDestination")),
        (&json!(1), String::from("sip:desk@voice.example"))
    );
    assert_eq!(api.post(&format!("{path}/publish"), &api.parent, Value::Null).await.is(200).data("publishedVersion"), 1, "no new version");

    let edited = api.patch(&path, &api.parent, json!({ "destination": "+14155550199" })).await.is(200);
    assert_eq!((edited.data_text("destination"), edited.data_text("name")), (String::from("+14155550199"), String::from("Desk")));
    assert_eq!(edited.data("publishedDestination"), "sip:desk@voice.example");
    api.post(&format!("{path}/publish"), &api.parent, Value::Null).await.is(200);
    let versions = api.get(&format!("{path}/versions?limit=1"), &api.parent).await.is(200);
    assert_eq!((&versions.json["pagination"]["total"], &versions.json["data"][0]["version"]), (&json!(2), &json!(2)));
    assert_eq!(versions.json["data"][0]["current"], true);
    let next = versions.json["pagination"]["nextCursor"].as_str().expect("another page");
    let older = api.get(&format!("{path}/versions?limit=1&cursor={next}"), &api.parent).await.is(200);
    assert_eq!((&older.json["data"][0]["version"], &older.json["pagination"]["nextCursor"]), (&json!(1), &Value::Null));

    let back = api.post(&format!("{path}/rollback"), &api.parent, json!({ "version": 1 })).await.is(200);
    assert_eq!(
        (back.data("publishedVersion"), back.data_text("destination")),
        (&json!(1), String::from("+14155550199")),
        "the draft stays"
    );
    assert_eq!(api.post(&format!("{path}/rollback"), &api.parent, json!({ "version": 9 })).await.fields(), ["version"]);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'agent.rolled_back'").await, 1);
    // The next version counts on from the highest one, not from the one that answers.
    assert_eq!(api.post(&format!("{path}/publish"), &api.parent, Value::Null).await.is(200).data("publishedVersion"), 3);

    api.delete(&path, &api.parent).await.is(200);
    for method in ["GET", "PATCH", "DELETE"] {
        api.call(method, &path, &api.parent, if method == "PATCH" { json!({}) } else { Value::Null }).await.refuses(404, "not_found");
    }
}

#[tokio::test]
async fn deleting_an_agent_frees_its_numbers() {
    let api = Api::new().await;
    let number = api.yard.number(Column::P1).await;
    let answer = api.delete(&format!("/agents/{}", api.yard.front_desk), &api.parent).await.is(200);
    assert_eq!(answer.json["message"], "Numbers that became available: 1.");
    assert_eq!(api.get(&format!("/numbers/{}", number.id), &api.parent).await.is(200).data("status"), "available");
}

#[tokio::test]
async fn lists_are_by_name_and_place() {
    let api = Api::new().await;
    let names = async |query: &str, key: &str| -> Vec<String> {
        let answer = api.get(&format!("/agents{query}"), key).await.is(200);
        answer.json["data"].as_array().into_iter().flatten().map(|row| row["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names("", &api.parent).await, ["Billing help", "Front desk", "Night line", "Open house", "Reception"]);
    assert_eq!(names("?subAccountId=none", &api.parent).await, ["Billing help", "Front desk", "Night line"]);
    assert_eq!(names(&format!("?subAccountId={}", api.yard.harbor), &api.parent).await, ["Reception"]);
    assert_eq!(names("", &api.sub_account).await, ["Reception"]);
    assert!(names(&format!("?subAccountId={}", api.yard.lakeside), &api.sub_account).await.is_empty());
    assert!(names("", &api.stranger).await.is_empty());
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = api.get(&format!("/agents?limit=2&cursor={cursor}"), &api.parent).await.is(200);
        assert_eq!(answer.json["pagination"]["total"], 5);
        seen.extend(answer.json["data"].as_array().into_iter().flatten().map(|row| row["name"].as_str().unwrap_or_default().to_owned()));
        match answer.json["pagination"]["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, names("", &api.parent).await);
    assert_eq!(api.get("/agents?cursor=x", &api.parent).await.fields(), ["cursor"]);
}

#[tokio::test]
async fn a_sub_account_key_works_with_its_own_agents_only() {
    let api = Api::new().await;
    let made = api.post("/agents", &api.sub_account, body("Evening")).await.is(201);
    assert_eq!(made.data_text("subAccountId"), api.yard.harbor);
    let elsewhere = json!({ "name": "x", "kind": "person", "destination": "+14155550199", "subAccountId": api.yard.lakeside });
    api.post("/agents", &api.sub_account, elsewhere.clone()).await.refuses(404, "not_found");
    api.post("/agents", &api.stranger, elsewhere).await.refuses(404, "not_found");
    for id in [&api.yard.front_desk, &api.yard.lakeside_agent] {
        api.get(&format!("/agents/{id}"), &api.sub_account).await.refuses(404, "not_found");
        api.delete(&format!("/agents/{id}"), &api.sub_account).await.refuses(404, "not_found");
    }
    api.delete(&format!("/agents/{}", made.data_text("id")), &api.sub_account).await.is(200);
}

#[tokio::test]
async fn faults_are_named() {
    let api = Api::new().await;
    assert_eq!(api.post("/agents", &api.parent, json!({})).await.fields(), ["name", "kind", "destination"]);
    assert_eq!(
        api.post("/agents", &api.parent, json!({ "name": " ", "kind": "person", "destination": "nowhere" })).await.fields(),
        ["name", "destination"]
    );
    assert_eq!(
        api.post("/agents", &api.parent, json!({ "name": "x", "kind": "robot", "destination": "+14155550199" })).await.fields(),
        ["kind"]
    );
    let path = format!("/agents/{}", api.yard.front_desk);
    assert_eq!(api.patch(&path, &api.parent, json!({ "destination": "nowhere" })).await.fields(), ["destination"]);
    assert_eq!(api.patch(&path, &api.parent, json!({ "name": null })).await.fields(), ["name"]);
    assert_eq!(api.post(&format!("{path}/rollback"), &api.parent, json!({ "version": 0 })).await.fields(), ["version"]);
}
