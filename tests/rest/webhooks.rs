//! Endpoints of webhooks and their delivery log over HTTP. What is sent and when is tested in tests/webhooks.rs.

use dialyard::server::jobs;
use serde_json::{Value, json};

use crate::client::Api;
use crate::replay::Replay;
use crate::support::receiver::Receiver;

/// A write of this group, made ready for the replay test.
pub async fn prepared(api: &Api, operation: &str) -> Option<Replay> {
    let body = json!({ "url": "https://example.com/hooks" });
    if operation == "createWebhook" {
        return Some(Replay::new(api, "/webhooks", body, "SELECT COUNT(*) FROM webhook_endpoints"));
    }
    if !["editWebhook", "deleteWebhook", "rotateWebhookSecret", "testWebhook", "redeliver"].contains(&operation) {
        return None;
    }
    let id = api.post("/webhooks", &api.parent, body).await.is(201).data_text("id");
    let path = format!("/webhooks/{id}");
    let (path, body, effect) = match operation {
        "editWebhook" => (path, json!({ "disabled": true }), "SELECT COUNT(*) FROM audit WHERE action = 'webhook.edited'"),
        "deleteWebhook" => (path, Value::Null, "SELECT COUNT(*) FROM audit WHERE action = 'webhook.deleted'"),
        "rotateWebhookSecret" => {
            (format!("{path}/rotate"), json!({ "overlapSeconds": 60 }), "SELECT COUNT(*) FROM audit WHERE action = 'webhook.rotated'")
        }
        "testWebhook" => (format!("{path}/test"), Value::Null, "SELECT COUNT(*) FROM webhook_deliveries"),
        _ => {
            let delivery = api.post(&format!("{path}/test"), &api.parent, Value::Null).await.is(200).data_text("id");
            let ended = api.yard.app.state.db.write(async |connection| {
                sqlx::query("UPDATE webhook_deliveries SET state = 'failed', ended_at = 1").execute(connection).await?;
                Ok::<_, dialyard::server::error::Error>(())
            });
            ended.await.expect("ended");
            let pending = "SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'pending'";
            (format!("/webhooks/deliveries/{delivery}/redeliver"), Value::Null, pending)
        }
    };
    Some(Replay::new(api, path, body, effect))
}

/// An installation that may tell programs on this machine.
async fn api() -> Api {
    Api::with(|settings| settings.demo = true).await
}

fn ids(answer: &Value) -> Vec<String> {
    answer["data"].as_array().into_iter().flatten().map(|row| row["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn an_endpoint_is_made_read_changed_and_deleted() {
    let api = api().await;
    let body = json!({ "url": "https://example.com/hooks", "events": ["wallet.low", "number.purchased"] });
    let made = api.post("/webhooks", &api.parent, body).await.is(201);
    let id = made.data_text("id");
    assert_eq!(made.header("location"), format!("/api/v1/webhooks/{id}"));
    assert!(made.data_text("secret").starts_with("whsec_"));
    assert_eq!(made.data("secretShownBefore"), false);
    let read = api.get(&format!("/webhooks/{id}"), &api.parent).await.is(200);
    assert_eq!(read.data("events"), &json!(["number.purchased", "wallet.low"]));
    assert!(read.json["data"].get("secret").is_none(), "{}", read.text);
    let second = api.post("/webhooks", &api.parent, json!({ "url": "https://example.com/other" })).await.is(201);
    let first_page = api.get("/webhooks?limit=1", &api.parent).await.is(200);
    assert_eq!(first_page.json["pagination"]["total"], 2);
    let next = first_page.json["pagination"]["nextCursor"].as_str().expect("a second page").to_owned();
    let second_page = api.get(&format!("/webhooks?limit=1&cursor={next}"), &api.parent).await.is(200);
    let mut both = [ids(&first_page.json), ids(&second_page.json)].concat();
    both.sort();
    let mut expected = [id.clone(), second.data_text("id")];
    expected.sort();
    assert_eq!(both, expected);
    let changed = api.patch(&format!("/webhooks/{id}"), &api.parent, json!({ "events": [], "disabled": true })).await.is(200);
    assert_eq!((changed.data("events"), changed.data("disabled")), (&json!([]), &json!(true)));
    assert_eq!(changed.data_text("url"), "https://example.com/hooks");
    let deleted = api.delete(&format!("/webhooks/{id}"), &api.parent).await.is(200);
    assert_eq!(deleted.data_text("id"), id);
    api.get(&format!("/webhooks/{id}"), &api.parent).await.refuses(404, "not_found");
    api.delete(&format!("/webhooks/{id}"), &api.parent).await.refuses(404, "not_found");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let api = Api::new().await;
    for (body, fields) in [
        (json!({}), vec!["url"]),
        (json!({ "url": "http://example.com" }), vec!["url"]),
        (json!({ "url": "https://10.0.0.1/" }), vec!["url"]),
        (json!({ "url": "https://example.com", "events": ["number.bought"] }), vec!["events"]),
        (json!({ "url": "https://example.com", "secret": "mine" }), vec!["secret"]),
        (json!({ "url": 7 }), vec!["url"]),
    ] {
        assert_eq!(api.post("/webhooks", &api.parent, body.clone()).await.fields(), fields, "{body}");
    }
    for _ in 0..20 {
        api.post("/webhooks", &api.parent, json!({ "url": "https://example.com" })).await.is(201);
    }
    assert_eq!(api.post("/webhooks", &api.parent, json!({ "url": "https://example.com" })).await.fields(), ["url"]);
    assert_eq!(api.get("/webhooks?limit=0", &api.parent).await.fields(), ["limit"]);
    assert_eq!(api.get("/webhooks/deliveries?state=lost", &api.parent).await.fields(), ["state"]);
    assert_eq!(api.get("/webhooks/deliveries?cursor=nonsense", &api.parent).await.fields(), ["cursor"]);
    let id = ids(&api.get("/webhooks", &api.parent).await.json).remove(0);
    let rotate = format!("/webhooks/{id}/rotate");
    assert_eq!(api.post(&rotate, &api.parent, json!({ "overlapSeconds": 86_401 })).await.fields(), ["overlapSeconds"]);
}

#[tokio::test]
async fn a_test_is_delivered_logged_and_sent_again() {
    let (api, receiver) = (api().await, Receiver::start(&[]).await);
    let state = &api.yard.app.state;
    let made = api.post("/webhooks", &api.parent, json!({ "url": receiver.url, "events": ["wallet.low"] })).await.is(201);
    let id = made.data_text("id");
    let asked = api.post(&format!("/webhooks/{id}/test"), &api.parent, Value::Null).await.is(200);
    assert_eq!((asked.data_text("type").as_str(), asked.data_text("state").as_str()), ("webhook.test", "pending"));
    jobs::webhooks::run(state).await.expect("a run");
    assert!(receiver.messages()[0].is_signed_with(&made.data_text("secret")));
    assert_eq!(receiver.messages()[0].id, asked.data_text("eventId"));
    let delivery = format!("/webhooks/deliveries/{}", asked.data_text("id"));
    let read = api.get(&delivery, &api.parent).await.is(200);
    assert_eq!((read.data_text("state").as_str(), read.data("attempts")), ("delivered", &json!(1)));
    assert_eq!(read.data("log")[0]["status"], 200);
    assert!(read.json["data"]["log"][0].get("body").is_none());
    let again = api.post(&format!("{delivery}/redeliver"), &api.parent, Value::Null).await.is(200);
    assert_eq!(again.data_text("state"), "pending");
    jobs::webhooks::run(state).await.expect("a run");
    assert_eq!(receiver.messages()[1].id, receiver.messages()[0].id);
    for (query, total) in
        [("", 1), ("?state=delivered", 1), ("?state=failed", 0), (&format!("?webhookId={id}"), 1), ("?webhookId=other", 0)]
    {
        let listed = api.get(&format!("/webhooks/deliveries{query}"), &api.parent).await.is(200);
        assert_eq!(listed.json["pagination"]["total"], total, "{query}");
    }
    let rotated = api.post(&format!("/webhooks/{id}/rotate"), &api.parent, json!({ "overlapSeconds": 60 })).await.is(200);
    assert_ne!(rotated.data_text("secret"), made.data_text("secret"));
    assert!(rotated.data("oldSecretUntil").is_string());
    api.patch(&format!("/webhooks/{id}"), &api.parent, json!({ "disabled": true })).await.is(200);
    api.post(&format!("/webhooks/{id}/test"), &api.parent, Value::Null).await.refuses(409, "webhook_disabled");
    api.post(&format!("{delivery}/redeliver"), &api.parent, Value::Null).await.refuses(409, "webhook_disabled");
}

#[tokio::test]
async fn strangers_find_nothing_and_sub_accounts_have_no_webhooks() {
    let api = api().await;
    let id = api.post("/webhooks", &api.parent, json!({ "url": "https://example.com" })).await.is(201).data_text("id");
    let delivery = api.post(&format!("/webhooks/{id}/test"), &api.parent, Value::Null).await.is(200).data_text("id");
    for (method, path) in [
        ("GET", format!("/webhooks/{id}")),
        ("PATCH", format!("/webhooks/{id}")),
        ("DELETE", format!("/webhooks/{id}")),
        ("POST", format!("/webhooks/{id}/rotate")),
        ("POST", format!("/webhooks/{id}/test")),
        ("GET", format!("/webhooks/deliveries/{delivery}")),
        ("POST", format!("/webhooks/deliveries/{delivery}/redeliver")),
    ] {
        api.call(method, &path, &api.stranger, Value::Null).await.refuses(404, "not_found");
    }
    for path in ["/webhooks", "/webhooks/deliveries"] {
        assert_eq!(api.get(path, &api.stranger).await.is(200).json["pagination"]["total"], 0);
        // No key of a sub-account can carry the scope.
        api.get(path, &api.sub_account).await.refuses(403, "missing_scope");
    }
}

#[tokio::test]
async fn a_repeat_makes_nothing_and_shows_no_secret() {
    let api = api().await;
    let body = json!({ "url": "https://example.com" });
    let first = api.once("POST", "/webhooks", &api.parent, &body, "once").await.is(201);
    let second = api.once("POST", "/webhooks", &api.parent, &body, "once").await.is(201);
    assert_eq!(first.data("id"), second.data("id"));
    assert!(first.data("secret").is_string());
    assert_eq!((second.data("secret"), second.data("secretShownBefore")), (&Value::Null, &json!(true)));
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM webhook_endpoints").await, 1);
    let kept = api.yard.app.text("SELECT group_concat(body, ' ') FROM idempotency").await;
    assert!(!kept.contains("whsec_"), "{kept}");
}
