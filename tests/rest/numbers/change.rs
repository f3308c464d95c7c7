//! Editing, assigning, handing over and taking back.

use dialyard::domain::scope::Scope;
use serde_json::{Value, json};

use crate::client::Api;
use crate::support::owned::Column;

fn path(id: &str, rest: &str) -> String {
    format!("/numbers/{id}{rest}")
}

async fn at(api: &Api, column: Column, rest: &str) -> String {
    path(&api.yard.number(column).await.id, rest)
}

async fn route(api: &Api) -> String {
    use dialyard::server::services::routes::{self, RouteInput};
    let input = RouteInput {
        name: String::from("Office"),
        kind: String::from("number"),
        destination: String::from("+14155550199"),
        edge_strategy_id: None,
    };
    routes::create(&api.yard.app.state, &api.yard.owner, &input, None).await.expect("a route").id
}

#[tokio::test]
async fn an_edit_changes_what_is_sent_and_nothing_else() {
    let api = Api::new().await;
    let id = at(&api, Column::P0, "").await;
    let route = route(&api).await;
    let body = json!({ "label": " Front desk ", "tags": ["b", "a", "b"], "locked": true, "primaryRouteId": route });
    let edited = api.patch(&id, &api.parent, body).await.is(200);
    assert_eq!(
        (edited.data("label"), edited.data("tags"), edited.data("locked")),
        (&json!("Front desk"), &json!(["a", "b"]), &json!(true))
    );
    assert_eq!((edited.data("primaryRouteId"), edited.data("failoverRouteId")), (&json!(route), &Value::Null));
    let cleared = api.patch(&id, &api.parent, json!({ "label": null, "primaryRouteId": null, "failoverRouteId": route })).await.is(200);
    assert_eq!((cleared.data("label"), cleared.data("tags")), (&json!(""), &json!(["a", "b"])));
    assert_eq!((cleared.data("primaryRouteId"), cleared.data("failoverRouteId")), (&Value::Null, &json!(route)));
    let events = api.yard.app.scalar("SELECT COUNT(*) FROM events").await;
    let same = json!({ "label": "", "tags": ["a", "b"], "locked": true, "failoverRouteId": route });
    api.patch(&id, &api.parent, same).await.is(200);
    api.patch(&id, &api.parent, json!({})).await.is(200);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM events").await, events, "what is so already is no change");
    assert_eq!(api.get(&id, &api.parent).await.is(200).data("tags"), &json!(["a", "b"]));
}

#[tokio::test]
async fn an_edit_is_refused_as_a_whole() {
    let api = Api::new().await;
    let id = at(&api, Column::P0, "").await;
    api.patch(&id, &api.parent, json!({ "label": "x", "primaryRouteId": "nothing" })).await.refuses(404, "not_found");
    assert_eq!(api.get(&id, &api.parent).await.is(200).data("label"), "");
    for (field, value) in [
        ("label", json!("x".repeat(65))),
        ("label", json!("a\nb")),
        ("tags", json!(["x".repeat(33)])),
        ("tags", json!([""])),
        ("tags", json!("a")),
        ("locked", json!(null)),
        ("primaryRouteId", json!(5)),
        ("colour", json!("red")),
    ] {
        assert_eq!(api.patch(&id, &api.parent, json!({ field: value })).await.fields(), [field]);
    }
    let placed = at(&api, Column::S1, "").await;
    api.patch(&placed, &api.sub_account, json!({ "label": "Ours" })).await.is(200);
    api.patch(&placed, &api.sub_account, json!({ "locked": true })).await.refuses(403, "role_too_low");
    api.patch(&id, &api.sub_account, json!({ "label": "x" })).await.refuses(404, "not_found");
    let released = at(&api, Column::RL, "").await;
    api.patch(&released, &api.parent, json!({ "label": "x" })).await.refuses(409, "number_released");
    let gone = at(&api, Column::XX, "").await;
    api.patch(&gone, &api.parent, json!({ "label": "x" })).await.refuses(404, "number_gone");
}

#[tokio::test]
async fn an_agent_is_assigned_replaced_and_taken_off() {
    let api = Api::new().await;
    let assign = at(&api, Column::P0, "/assign").await;
    let answer = api.post(&assign, &api.parent, json!({ "agentId": api.yard.front_desk })).await.is(200);
    assert_eq!((answer.data("status"), answer.data("warnings")), (&json!("assigned"), &json!([])));
    let draft = api.post(&assign, &api.parent, json!({ "agentId": api.yard.draft })).await.is(200);
    assert_eq!((draft.data("defaultAgentId"), draft.data("warnings")), (&json!(api.yard.draft), &json!(["no_published_version"])));
    for _ in 0..2 {
        let free = api.delete(&assign, &api.parent).await.is(200);
        assert_eq!((free.data("status"), free.data("defaultAgentId")), (&json!("available"), &Value::Null));
    }
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM events WHERE kind = 'number.unassigned'").await, 1);
    for foreign in ["nothing", api.yard.harbor_agent.as_str()] {
        api.post(&assign, &api.parent, json!({ "agentId": foreign })).await.refuses(404, "not_found");
    }
    assert_eq!(api.post(&assign, &api.parent, json!({})).await.fields(), ["agentId"]);
    let inside = at(&api, Column::S0, "/assign").await;
    api.post(&inside, &api.sub_account, json!({ "agentId": api.yard.harbor_agent })).await.is(200);
    api.post(&inside, &api.parent, json!({ "agentId": api.yard.front_desk })).await.refuses(404, "not_found");
    api.delete(&inside, &api.sub_account).await.is(200);
    for (column, status, code) in [(Column::RL, 409, "number_released"), (Column::XX, 404, "number_gone")] {
        let path = at(&api, column, "/assign").await;
        api.post(&path, &api.parent, json!({ "agentId": api.yard.front_desk })).await.refuses(status, code);
        api.delete(&path, &api.parent).await.refuses(status, code);
    }
}

#[tokio::test]
async fn a_number_is_handed_over_once_and_only_from_the_pool() {
    let api = Api::new().await;
    let to_harbor = json!({ "subAccountId": api.yard.harbor });
    let path = at(&api, Column::P0, "/sub-account").await;
    for _ in 0..2 {
        assert_eq!(api.post(&path, &api.parent, to_harbor.clone()).await.is(200).data("subAccountId"), &json!(api.yard.harbor));
    }
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM events WHERE kind = 'number.handed_over'").await, 1);
    api.post(&path, &api.parent, json!({ "subAccountId": api.yard.lakeside })).await.refuses(409, "number_in_use");
    for (column, status, code) in [
        (Column::P1, 409, "number_in_use"),
        (Column::LockedInPool, 409, "number_locked"),
        (Column::PastDueInPool, 409, "past_due"),
        (Column::SuspendedInPool, 409, "past_due"),
        (Column::RL, 409, "number_released"),
        (Column::XX, 404, "number_gone"),
    ] {
        api.post(&at(&api, column, "/sub-account").await, &api.parent, to_harbor.clone()).await.refuses(status, code);
    }
    let free = at(&api, Column::P0, "/sub-account").await;
    api.post(&free, &api.parent, json!({ "subAccountId": "nothing" })).await.refuses(404, "not_found");
    api.post(&free, &api.sub_account, to_harbor.clone()).await.refuses(403, "wrong_key_kind");
    api.disable_harbor().await;
    api.post(&free, &api.parent, to_harbor).await.refuses(409, "sub_account_disabled");
}

#[tokio::test]
async fn a_cool_off_refuses_the_take_back_until_its_very_second() {
    let api = Api::new().await;
    let path = at(&api, Column::SC, "/sub-account").await;
    let cooling = api.delete(&path, &api.parent).await.refuses(409, "did_cool_off_in_effect");
    assert_eq!(
        (&cooling.json["coolOffUntil"], &cooling.json["coolOffRemainingSeconds"]),
        (&json!("2026-12-07T12:00:00Z"), &json!(15 * 86_400))
    );
    api.yard.app.clock.advance_s(15 * 86_400 - 1);
    assert_eq!(api.delete(&path, &api.parent).await.refuses(409, "did_cool_off_in_effect").json["coolOffRemainingSeconds"], 1);
    api.yard.app.clock.advance_s(1);
    let back = api.delete(&path, &api.parent).await.is(200);
    assert_eq!(
        (back.data("subAccountId"), back.data("defaultAgentId"), back.data("status")),
        (&Value::Null, &Value::Null, &json!("available"))
    );
    api.delete(&path, &api.parent).await.refuses(404, "not_in_sub_account");
    for (column, status, code) in [
        (Column::P0, 404, "not_in_sub_account"),
        (Column::LockedInSubAccount, 409, "number_locked"),
        (Column::RL, 404, "not_in_sub_account"),
    ] {
        api.delete(&at(&api, column, "/sub-account").await, &api.parent).await.refuses(status, code);
    }
    api.delete(&at(&api, Column::S0, "/sub-account").await, &api.sub_account).await.refuses(403, "wrong_key_kind");
}

#[tokio::test]
async fn force_needs_the_scope_before_anything_is_looked_up_and_then_a_reason() {
    let api = Api::new().await;
    let cooling = at(&api, Column::SC, "/sub-account").await;
    let foreign = path("nothing", "/sub-account");
    for place in [&cooling, &foreign] {
        api.delete(&format!("{place}?force=true&reason=Long%20enough"), &api.parent).await.refuses(403, "admin_required");
    }
    for reason in ["", "&reason=short"] {
        api.delete(&format!("{cooling}?force=true{reason}"), &api.forcing).await.refuses(422, "reason_required");
    }
    api.delete(&format!("{foreign}?force=true&reason=Long%20enough"), &api.forcing).await.refuses(404, "not_found");
    let back = api.delete(&format!("{cooling}?force=true&reason=The%20customer%20moved"), &api.forcing).await.is(200);
    assert_eq!(back.data("subAccountId"), &Value::Null);
    let audit = api.yard.app.text("SELECT reason || ' ' || after_json FROM audit WHERE action = 'cool_off.forced'").await;
    assert!(audit.starts_with("The customer moved") && audit.contains("\"skippedSeconds\":1296000"), "{audit}");
    assert_eq!(api.delete(&format!("{cooling}?force=maybe"), &api.forcing).await.fields(), ["force"]);
    let writes_only = api.key_with(Scope::NumbersWrite).await;
    api.delete(&format!("{foreign}?force=false&reason=x"), &writes_only).await.refuses(404, "not_found");
}
