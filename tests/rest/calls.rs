//! `/calls` and `/routing`.

use serde_json::{Value, json};

use crate::client::Api;
use crate::support::owned::{Column, Yard};

fn call(id: &str, e164: &str, started_at: &str) -> Value {
    json!({ "callId": id, "e164": e164, "direction": "inbound", "startedAt": started_at })
}

#[tokio::test]
async fn a_call_is_reported_once_and_moves_the_clock() {
    let api = Api::new().await;
    let number = api.yard.number(Column::S1).await;
    let made = api.post("/calls", &api.parent, call("c-1", &number.e164, "2026-11-22T11:59:30Z")).await.is(201);
    assert_eq!(
        (made.data_text("callId"), made.data_text("numberId"), made.data("endedAt")),
        (String::from("c-1"), number.id.clone(), &Value::Null)
    );
    let again = api.post("/calls", &api.parent, call("c-1", &number.e164, "2026-11-22T11:59:30Z")).await.is(200);
    assert_eq!(again.json["data"], made.json["data"]);
    api.post("/calls", &api.parent, call("c-1", &number.e164, "2026-11-22T11:59:31Z")).await.refuses(409, "call_conflict");
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM calls").await, 1);
    // Before the ownership: stored, and no clock moves.
    assert!(api.yard.read(&number.id).await.last_call_at.is_none());
    let later = api.post("/calls", &api.parent, call("c-2", &number.e164, "2026-11-22T12:00:20Z")).await.is(201);
    assert_eq!(later.data("startedAt"), "2026-11-22T12:00:20Z");
    let read = api.get(&format!("/numbers/{}", number.id), &api.parent).await.is(200);
    assert_eq!((read.data("lastCallAt"), read.data("coolOffUntil")), (&json!("2026-11-22T12:00:20Z"), &json!("2026-12-07T12:00:20Z")));
}

#[tokio::test]
async fn what_cannot_be_reported_is_refused() {
    let api = Api::new().await;
    let number = api.yard.bought().await;
    let soon = "2026-11-22T12:01:01Z";
    assert_eq!(api.post("/calls", &api.parent, call("c", &number.e164, soon)).await.fields(), ["startedAt"]);
    let mut backwards = call("c", &number.e164, "2026-11-22T12:00:00Z");
    backwards["endedAt"] = json!("2026-11-22T11:00:00Z");
    assert_eq!(api.post("/calls", &api.parent, backwards).await.fields(), ["endedAt"]);
    assert_eq!(api.post("/calls", &api.parent, json!({})).await.fields(), ["callId", "e164", "direction", "startedAt"]);
    assert_eq!(api.post("/calls", &api.parent, call("", "12", soon)).await.fields(), ["callId", "e164", "startedAt"]);
    for (key, e164) in [(&api.stranger, number.e164.as_str()), (&api.parent, "+14155559999"), (&api.platform, "+14155559999")] {
        api.post("/calls", key, call("c", e164, "2026-11-22T12:00:00Z")).await.refuses(404, "not_found");
    }
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM calls").await, 0);
}

#[tokio::test]
async fn call_ids_are_unique_for_each_owner_of_keys() {
    let api = Api::new().await;
    let number = api.yard.bought().await;
    api.post("/calls", &api.parent, call("c-1", &number.e164, "2026-11-22T12:00:00Z")).await.is(201);
    api.post("/calls", &api.platform, call("c-1", &number.e164, "2026-11-22T12:00:01Z")).await.is(201);
    assert_eq!(api.yard.app.text("SELECT key_owner FROM calls ORDER BY started_at DESC LIMIT 1").await, "platform");
}

async fn reported(yard: &Yard, e164: &str, second: i64) {
    yard.called(e164, yard.app.state.now().plus_seconds(second)).await.expect("reported");
}

#[tokio::test]
async fn calls_are_listed_by_those_whose_numbers_they_concern() {
    let api = Api::new().await;
    let (pool, harbor) = (api.yard.number(Column::P0).await, api.yard.number(Column::S1).await);
    for second in 0..3 {
        reported(&api.yard, &pool.e164, second).await;
    }
    reported(&api.yard, &harbor.e164, 10).await;
    let listed = async |query: &str, key: &str| -> Vec<String> {
        let answer = api.get(&format!("/calls{query}"), key).await.is(200);
        answer.json["data"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| row["startedAt"].as_str().unwrap_or_default()[17..19].to_owned())
            .collect()
    };
    assert_eq!(listed("", &api.parent).await, ["10", "02", "01", "00"]);
    assert_eq!(listed("", &api.platform).await, ["10", "02", "01", "00"]);
    assert_eq!(listed("", &api.sub_account).await, ["10"]);
    assert!(listed("", &api.stranger).await.is_empty());
    assert_eq!(listed(&format!("?e164={}", harbor.e164), &api.parent).await, ["10"]);
    assert!(listed("?direction=outbound", &api.parent).await.is_empty());
    assert_eq!(listed("?from=2026-11-22T12:00:01Z&until=2026-11-22T12:00:10Z", &api.parent).await, ["02", "01"]);
    let first = api.get("/calls?limit=3", &api.parent).await.is(200);
    assert_eq!(first.json["pagination"]["total"], 4);
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    assert_eq!(listed(&format!("?limit=3&cursor={next}"), &api.parent).await, ["00"]);
    assert_eq!(api.get("/calls?e164=12&cursor=x", &api.parent).await.fields(), ["cursor"]);
    assert_eq!(api.get("/calls?e164=12", &api.parent).await.fields(), ["e164"]);
}

#[tokio::test]
async fn the_switch_is_told_where_a_call_goes() {
    let api = Api::new().await;
    let answered = api.yard.number(Column::P1).await;
    let routing = api.get(&format!("/routing/{}", answered.e164), &api.parent).await.is(200);
    assert_eq!(
        (&routing.data("hops")[0]["type"], &routing.data("hops")[0]["version"], routing.data("reason")),
        (&json!("agent"), &json!(1), &Value::Null)
    );
    let silent = api.yard.number(Column::P0).await;
    let routing = api.get(&format!("/routing/{}", silent.e164.replace('+', "%2B")), &api.platform).await.is(200);
    assert_eq!((routing.data("reason"), routing.data("hops")), (&json!("nothing_set"), &json!([])));
    let released = api.yard.number(Column::RL).await;
    assert_eq!(api.get(&format!("/routing/{}", released.e164), &api.parent).await.is(200).data("reason"), "released");
    let harbor = api.yard.number(Column::S1).await;
    api.get(&format!("/routing/{}", harbor.e164), &api.sub_account).await.is(200);
    for (key, e164) in
        [(&api.sub_account, answered.e164.as_str()), (&api.stranger, &answered.e164), (&api.platform, "+14155559999"), (&api.parent, "x")]
    {
        api.get(&format!("/routing/{e164}"), key).await.refuses(404, "not_found");
    }
}
