//! `/audit`.

use serde_json::{Value, json};

use crate::client::Api;

#[tokio::test]
async fn the_log_tells_who_did_what_through_which_door() {
    let api = Api::new().await;
    api.yard.app.clock.advance_s(1);
    let made = api.post("/routes", &api.parent, json!({ "name": "Office", "kind": "sip-reg" })).await.is(201);
    let listed = api.get("/audit?limit=1", &api.parent).await.is(200);
    let row = &listed.json["data"][0];
    assert_eq!((&row["action"], &row["channel"], &row["actor"]["kind"]), (&json!("route.created"), &json!("native"), &json!("key")));
    assert_eq!((&row["object"]["id"], &row["object"]["label"]), (&json!(made.data_text("id")), &json!("Office")));
    assert_eq!((&row["organization"], &row["after"]["kind"], &row["before"]), (&json!("Brightline"), &json!("sip-reg"), &Value::Null));
}

#[tokio::test]
async fn filters_and_pages_and_everybodys_for_the_platform() {
    let api = Api::new().await;
    let number = api.yard.bought().await;
    let total = async |query: &str, key: &str| api.get(&format!("/audit{query}"), key).await.is(200).json["pagination"]["total"].clone();
    assert_eq!(total("?action=key.created", &api.parent).await, 3);
    assert_eq!(total("?action=key.created", &api.stranger).await, 1);
    assert_eq!(total("?action=key.created", &api.platform).await, 5, "the platform's own key among them");
    assert_eq!(total(&format!("?q={}", &number.e164[2..]), &api.parent).await, 1);
    assert_eq!(total(&format!("?q={}", &number.e164[2..]), &api.stranger).await, 0);
    let (mut seen, mut cursor) = (0, String::new());
    loop {
        let answer = api.get(&format!("/audit?limit=2&cursor={cursor}"), &api.parent).await.is(200);
        seen += answer.json["data"].as_array().map_or(0, Vec::len);
        match answer.json["pagination"]["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(total("", &api.parent).await, seen);
    let bought = "?action=number.purchased";
    assert_eq!(total(&format!("{bought}&actorKind=user"), &api.parent).await, 1);
    assert_eq!(total(&format!("{bought}&actorKind=key"), &api.parent).await, 0);
    assert_eq!(total(&format!("{bought}&from=2026-11-22&until=2026-11-22"), &api.parent).await, 1, "both days count whole");
    assert_eq!(total(&format!("{bought}&from=2026-11-23"), &api.parent).await, 0);
    assert_eq!(total(&format!("{bought}&until=2026-11-21"), &api.parent).await, 0);
    assert_eq!(total(&format!("{bought}&q=brightline"), &api.platform).await, 1, "everybody's log is found by organization");
    assert_eq!(total(&format!("{bought}&q=brightline"), &api.stranger).await, 0);
    assert_eq!(api.get("/audit?from=yesterday", &api.parent).await.fields(), ["from"]);
    assert_eq!(api.get("/audit?cursor=x", &api.parent).await.fields(), ["cursor"]);
    assert_eq!(api.get("/audit?action=nothing", &api.parent).await.fields(), ["action"]);
}
