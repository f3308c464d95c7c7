//! `/routes`.

use dialyard::server::services::routes;
use serde_json::{Value, json};

use crate::client::Api;

#[tokio::test]
async fn a_route_is_made_edited_used_and_deleted() {
    let api = Api::new().await;
    let made =
        api.post("/routes", &api.parent, json!({ "name": "Office", "kind": "host", "destination": "pbx.example.com" })).await.is(201);
    let id = made.data_text("id");
    let path = format!("/routes/{id}");
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    let edited = api.patch(&path, &api.parent, json!({ "name": "Main office" })).await.is(200);
    assert_eq!((edited.data_text("name"), edited.data_text("destination")), (String::from("Main office"), String::from("pbx.example.com")));
    assert_eq!(api.get(&path, &api.parent).await.is(200).json["data"], edited.json["data"]);
    assert_eq!(
        api.patch(&path, &api.parent, json!({ "kind": "number" })).await.fields(),
        ["destination"],
        "another kind needs its destination"
    );
    let registered = api.patch(&path, &api.parent, json!({ "kind": "sip-reg" })).await.is(200);
    assert_eq!(registered.data("destination"), "");

    let number = api.yard.bought().await;
    routes::set_for_number(&api.yard.app.state, &api.yard.owner, &number.id, Some(&id), None).await.expect("set");
    api.delete(&path, &api.parent).await.refuses(409, "route_in_use");
    routes::set_for_number(&api.yard.app.state, &api.yard.owner, &number.id, None, None).await.expect("taken off");
    api.delete(&path, &api.parent).await.is(200);
    api.get(&path, &api.parent).await.refuses(404, "not_found");
    let audited = "SELECT COUNT(*) FROM audit WHERE object_kind = 'route' AND actor_kind = 'key'";
    assert_eq!(api.yard.app.scalar(audited).await, 4, "created, two edits, deleted; a refusal and a wrong edit leave nothing");
}

#[tokio::test]
async fn a_route_belongs_to_one_place() {
    let api = Api::new().await;
    let make = async |key: &str, place: Value| {
        let body = json!({ "name": "Office", "kind": "uri", "destination": "sip:office@pbx.example.com", "subAccountId": place });
        api.post("/routes", key, body).await
    };
    let pool = make(&api.parent, Value::Null).await.is(201).data_text("id");
    let own = make(&api.sub_account, Value::Null).await.is(201);
    assert_eq!(own.data_text("subAccountId"), api.yard.harbor);
    make(&api.sub_account, json!(api.yard.lakeside)).await.refuses(404, "not_found");
    make(&api.stranger, json!(api.yard.harbor)).await.refuses(404, "not_found");
    for method in ["GET", "DELETE"] {
        api.call(method, &format!("/routes/{pool}"), &api.sub_account, Value::Null).await.refuses(404, "not_found");
    }
    let count = async |query: &str, key: &str| api.get(&format!("/routes{query}"), key).await.is(200).json["pagination"]["total"].clone();
    assert_eq!(count("", &api.parent).await, 2);
    assert_eq!(count("?subAccountId=none", &api.parent).await, 1);
    assert_eq!(count("", &api.sub_account).await, 1);
    assert_eq!(count("", &api.stranger).await, 0);
    let first = api.get("/routes?limit=1", &api.parent).await.is(200);
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let second = api.get(&format!("/routes?limit=1&cursor={next}"), &api.parent).await.is(200);
    assert_ne!(first.json["data"][0]["id"], second.json["data"][0]["id"]);
    assert_eq!(second.json["pagination"]["nextCursor"], Value::Null);
}

#[tokio::test]
async fn faults_are_named() {
    let api = Api::new().await;
    assert_eq!(api.post("/routes", &api.parent, json!({})).await.fields(), ["name", "kind"]);
    let wrong = json!({ "name": "", "kind": "number", "destination": "12" });
    assert_eq!(api.post("/routes", &api.parent, wrong).await.fields(), ["name", "destination"]);
    assert_eq!(api.post("/routes", &api.parent, json!({ "name": "x", "kind": "fax" })).await.fields(), ["kind"]);
}
