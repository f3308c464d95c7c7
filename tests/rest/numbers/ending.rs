//! Releasing, restoring, and a number's history.

use dialyard::domain::money::Micros;
use dialyard::server::services::wallet;
use serde_json::{Value, json};

use crate::client::Api;
use crate::support::owned::Column;

async fn at(api: &Api, column: Column, rest: &str) -> String {
    format!("/numbers/{}{rest}", api.yard.number(column).await.id)
}

#[tokio::test]
async fn a_preview_changes_nothing_and_says_what_would() {
    let api = Api::new().await;
    let path = at(&api, Column::P1, "").await;
    let preview = api.get(&format!("{path}/release-preview"), &api.parent).await.is(200);
    assert_eq!(preview.data("stops")[0], "Front desk no longer answers it.");
    assert_eq!(
        (preview.data("paidUntil"), preview.data("recoverableUntil")),
        (&json!("2026-12-22T12:00:00Z"), &json!("2026-11-23T12:00:00Z"))
    );
    assert_eq!((preview.data("agingUntil"), preview.data("refused")), (&json!("2027-01-07T12:00:00Z"), &Value::Null));
    assert_eq!(api.get(&path, &api.parent).await.is(200).data("status"), "assigned");
    let inside = at(&api, Column::S0, "/release-preview").await;
    assert_eq!(api.get(&inside, &api.parent).await.is(200).data("refused"), "number_in_sub_account");
    api.get(&at(&api, Column::XX, "/release-preview").await, &api.parent).await.refuses(404, "number_gone");
}

#[tokio::test]
async fn a_release_can_be_undone_for_a_day() {
    let api = Api::new().await;
    let path = at(&api, Column::P1, "").await;
    let released = api.delete(&path, &api.parent).await.is(200);
    assert_eq!((released.data("status"), released.data("defaultAgentId")), (&json!("released"), &Value::Null));
    assert_eq!(
        (released.data("recoverableUntil"), released.data("agingUntil")),
        (&json!("2026-11-23T12:00:00Z"), &json!("2027-01-07T12:00:00Z"))
    );
    assert_eq!(released.data("rentalEndsAt"), "2026-11-22T12:00:00Z");
    api.yard.app.clock.advance_s(60);
    assert_eq!(api.delete(&path, &api.parent).await.is(200).json, released.json, "again, nothing happens");
    let restored = api.post(&format!("{path}/restore"), &api.parent, Value::Null).await.is(200);
    assert_eq!((restored.data("status"), restored.data("defaultAgentId")), (&json!("assigned"), &json!(api.yard.front_desk)));
    assert_eq!((restored.data("notRestored"), restored.data("charged")), (&json!([]), &Value::Null));
    api.post(&format!("{path}/restore"), &api.parent, Value::Null).await.refuses(409, "not_released");
    api.delete(&path, &api.parent).await.is(200);
    api.yard.app.clock.advance_s(86_400);
    api.post(&format!("{path}/restore"), &api.parent, Value::Null).await.refuses(409, "restore_too_late");
}

#[tokio::test]
async fn every_refusal_of_a_release_and_a_restore() {
    let api = Api::new().await;
    for (column, status, code) in [
        (Column::S0, 409, "number_in_sub_account"),
        (Column::SC, 409, "number_in_sub_account"),
        (Column::LockedInPool, 409, "number_locked"),
        (Column::XX, 404, "number_gone"),
    ] {
        api.delete(&at(&api, column, "").await, &api.parent).await.refuses(status, code);
        api.delete(&at(&api, column, "?final=true").await, &api.parent).await.refuses(status, code);
    }
    let inside = at(&api, Column::S0, "").await;
    api.delete(&inside, &api.sub_account).await.refuses(409, "number_in_sub_account");
    api.post(&format!("{inside}/restore"), &api.sub_account, Value::Null).await.refuses(403, "wrong_key_kind");
    api.post(&at(&api, Column::XX, "/restore").await, &api.parent, Value::Null).await.refuses(409, "restore_too_late");
    api.delete(&at(&api, Column::P0, "?final=yes").await, &api.parent).await.refuses(422, "validation");
}

#[tokio::test]
async fn a_final_release_leaves_nothing_to_undo() {
    let api = Api::new().await;
    let path = at(&api, Column::P0, "").await;
    let released = api.delete(&format!("{path}?final=true"), &api.parent).await.is(200);
    assert_eq!(
        (released.data("recoverableUntil"), released.data("agingUntil")),
        (&json!("2026-11-22T12:00:00Z"), &json!("2027-01-06T12:00:00Z"))
    );
    api.post(&format!("{path}/restore"), &api.parent, Value::Null).await.refuses(409, "restore_too_late");
    let brought = at(&api, Column::IM, "?final=true").await;
    let released = api.delete(&brought, &api.parent).await.is(200);
    assert_eq!((released.data("agingUntil"), released.data("rentalEndsAt")), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_month_that_came_due_is_charged_by_a_restore() {
    let api = Api::with(|settings| settings.recovery_s = 40 * 86_400).await;
    let path = at(&api, Column::P0, "").await;
    api.delete(&path, &api.parent).await.is(200);
    api.yard.app.clock.advance_s(31 * 86_400);
    api.yard.app.drain_to(&api.yard.owner, Micros(1_000_000)).await;
    let short = api.post(&format!("{path}/restore"), &api.parent, Value::Null).await.refuses(402, "insufficient_funds");
    assert!(short.text.contains(r#""required":1.25,"available":1.00,"shortfall":0.25"#), "{}", short.text);
    wallet::top_up(&api.yard.app.state, &api.yard.owner, Micros(1_000_000), "one more").await.expect("a top-up");
    let restored = api.post(&format!("{path}/restore"), &api.parent, Value::Null).await.is(200);
    assert!(restored.text.contains(r#""charged":1.25"#), "{}", restored.text);
}

#[tokio::test]
async fn the_history_is_listed_latest_first_in_pages() {
    let api = Api::new().await;
    let path = at(&api, Column::P1, "").await;
    api.patch(&path, &api.parent, json!({ "tags": ["vip"] })).await.is(200);
    let all = api.get(&format!("{path}/events"), &api.parent).await.is(200);
    let kinds: Vec<&str> = all.json["data"].as_array().into_iter().flatten().filter_map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, ["number.tagged", "number.assigned", "number.purchased"]);
    assert_eq!((&all.json["data"][1]["title"], &all.json["data"][0]["actor"]), (&json!("Assigned to Front desk v1"), &json!("Test")));
    let first = api.get(&format!("{path}/events?limit=2"), &api.parent).await.is(200);
    let cursor = first.json["pagination"]["nextCursor"].as_str().unwrap_or_default().to_owned();
    let second = api.get(&format!("{path}/events?limit=2&cursor={cursor}"), &api.parent).await.is(200);
    assert_eq!((&second.json["data"][0], &second.json["pagination"]["total"]), (&all.json["data"][2], &json!(3)));
    assert_eq!(api.get(&format!("{path}/events?cursor=x"), &api.parent).await.fields(), ["cursor"]);
    api.get(&at(&api, Column::XX, "/events").await, &api.parent).await.refuses(404, "number_gone");
    let other = at(&api, Column::P0, "/events").await;
    api.get(&other, &api.sub_account).await.refuses(404, "not_found");
}
