//! Every write of the API sent twice, one after the other and at the same time: one effect, equal answers. A write in the table for
//! which nobody says here how to send it fails the test.

use dialyard::server::rest::table::{Effect, routes};
use serde_json::{Value, json};

use crate::client::{Answer, Api};
use crate::{billing, numbers, replay_accounts, webhooks};

/// A write that can be done now, once.
#[derive(Debug)]
pub struct Replay {
    pub path: String,
    pub key: String,
    pub body: Value,
    /// A number out of the database that is one higher after the write.
    pub effect: &'static str,
}

impl Replay {
    /// A write with a key of the organization.
    pub fn new(api: &Api, path: impl Into<String>, body: Value, effect: &'static str) -> Self {
        Self { path: path.into(), key: api.parent.clone(), body, effect }
    }

    /// The same with another key.
    pub fn with_key(self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self }
    }
}

/// A write of that operation, made ready. Each group of endpoints knows its own.
async fn prepared(api: &Api, operation: &str) -> Option<Replay> {
    if let Some(replay) = numbers::replays::prepared(api, operation).await {
        return Some(replay);
    }
    if let Some(replay) = billing::prepared(api, operation).await {
        return Some(replay);
    }
    if let Some(replay) = replay_accounts::prepared(api, operation).await {
        return Some(replay);
    }
    webhooks::prepared(api, operation).await
}

fn same(first: &Answer, second: &Answer) {
    assert_eq!((first.status, first.header("location")), (second.status, second.header("location")));
    let mut shown = first.json.clone();
    // A secret is shown once: its replay says so (R11).
    if second.json["data"]["secretShownBefore"] == true {
        for (name, value) in second.json["data"].as_object().into_iter().flatten() {
            if value.is_null() || name == "secretShownBefore" {
                shown["data"][name] = value.clone();
            }
        }
    }
    assert_eq!(shown, second.json);
}

#[tokio::test]
async fn every_write_sent_again_has_one_effect_and_the_same_answer() {
    let mut missing = Vec::new();
    for route in routes().into_iter().filter(|route| route.effect != Effect::Read) {
        let api = Api::new().await;
        let Some(write) = prepared(&api, route.operation).await else {
            missing.push(route.operation);
            continue;
        };
        let method = route.method.as_str();
        let before = api.yard.app.scalar(write.effect).await;
        let first = api.once(method, &write.path, &write.key, &write.body, "again").await;
        assert!(first.status.is_success(), "{route:?}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), "", "{route:?}");
        let second = api.once(method, &write.path, &write.key, &write.body, "again").await;
        assert_eq!(second.header("idempotency-replayed"), "true", "{route:?}: {}", second.text);
        same(&first, &second);
        assert_eq!(api.yard.app.scalar(write.effect).await, before + 1, "{route:?}");
        let other = if write.body.is_null() { json!({}) } else { Value::Null };
        api.once(method, &write.path, &write.key, &other, "again").await.refuses(422, "idempotency_key_reused");
        assert_eq!(api.yard.app.scalar(write.effect).await, before + 1, "{route:?}");
    }
    assert!(missing.is_empty(), "nobody says how to send these writes: {missing:?}");
}

#[tokio::test]
async fn every_write_sent_twice_at_once_has_one_effect() {
    let mut missing = Vec::new();
    for route in routes().into_iter().filter(|route| route.effect != Effect::Read) {
        let api = Api::new().await;
        let Some(write) = prepared(&api, route.operation).await else {
            missing.push(route.operation);
            continue;
        };
        let method = route.method.as_str();
        let before = api.yard.app.scalar(write.effect).await;
        let answers = api.twice(method, &write.path, &write.key, &write.body, "at-once").await;
        let (done, waiting): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status.is_success());
        assert!(!done.is_empty(), "{route:?}: {waiting:?}");
        for answer in waiting {
            assert_eq!(answer.refuses(409, "request_in_progress").header("retry-after"), "1", "{route:?}");
        }
        let later = api.once(method, &write.path, &write.key, &write.body, "at-once").await;
        assert_eq!(later.header("idempotency-replayed"), "true", "{route:?}: {}", later.text);
        for answer in &done {
            same(answer, &later);
        }
        assert_eq!(api.yard.app.scalar(write.effect).await, before + 1, "{route:?}");
    }
    assert!(missing.is_empty(), "nobody says how to send these writes: {missing:?}");
}

#[tokio::test]
async fn two_processes_on_one_database_do_a_write_once() {
    for route in routes().into_iter().filter(|route| route.effect != Effect::Read) {
        let api = Api::new().await;
        let Some(write) = prepared(&api, route.operation).await else { continue };
        let method = route.method.as_str();
        let before = api.yard.app.scalar(write.effect).await;
        let answers = api.twice_apart(method, &write.path, &write.key, &write.body, "apart").await;
        assert!(answers.iter().any(|answer| answer.status.is_success()), "{route:?}: {answers:?}");
        for answer in answers.iter().filter(|answer| !answer.status.is_success()) {
            let code = answer.json["type"].as_str().unwrap_or_default();
            assert!(["/problems/request_in_progress", "/problems/answer_lost"].contains(&code), "{route:?}: {}", answer.text);
        }
        assert_eq!(api.yard.app.scalar(write.effect).await, before + 1, "{route:?}");
    }
}

#[tokio::test]
async fn a_key_counts_for_one_account_and_one_address() {
    let api = Api::new().await;
    let number = api.yard.bought().await;
    let held = api.yard.e164();
    api.yard.app.stock(crate::support::OWN_STOCK, &[&held]).await;
    let body = json!({ "e164": held });
    api.once("POST", "/numbers/reserve", &api.parent, &body, "k").await.is(201);
    api.once("POST", "/numbers/reserve", &api.stranger, &body, "k").await.refuses(409, "number_unavailable");
    api.once("POST", "/numbers/reserve", &api.sub_account, &body, "k").await.refuses(409, "number_unavailable");
    api.once("PATCH", &format!("/numbers/{}", number.id), &api.parent, &json!({ "label": "x" }), "k").await.is(200);
    api.once("POST", "/numbers/reserve", &api.forcing, &body, "k").await.is(201);
}

#[tokio::test]
async fn what_was_refused_is_not_stored() {
    let api = Api::new().await;
    let e164 = api.yard.e164();
    api.yard.app.stock(crate::support::OWN_STOCK, &[&e164]).await;
    let held = api.post("/numbers/reserve", &api.stranger, json!({ "e164": e164 })).await.is(201);
    let body = json!({ "e164": e164 });
    api.once("POST", "/numbers/reserve", &api.parent, &body, "k").await.refuses(409, "number_unavailable");
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM idempotency").await, 0);
    api.delete(&format!("/numbers/reserve/{}", held.data_text("id")), &api.stranger).await.is(200);
    api.once("POST", "/numbers/reserve", &api.parent, &body, "k").await.is(201);
}

#[tokio::test]
async fn an_answer_that_got_lost_is_said_to_be_lost_and_nothing_is_done_again() {
    let api = Api::new().await;
    let e164 = api.yard.e164();
    api.yard.app.stock(crate::support::OWN_STOCK, &[&e164]).await;
    let body = json!({ "e164": e164 });
    api.once("POST", "/numbers/reserve", &api.parent, &body, "k").await.is(201);
    // What is on disk when the process ends between the effect and the answer.
    let write = api.yard.app.state.db.write(async |connection| {
        sqlx::query("UPDATE idempotency SET status = NULL, body = NULL, location = NULL").execute(connection).await?;
        Ok::<_, dialyard::server::error::Error>(())
    });
    write.await.expect("written");
    api.once("POST", "/numbers/reserve", &api.parent, &body, "k").await.refuses(409, "answer_lost");
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM holds").await, 1);
}

#[tokio::test]
async fn an_old_key_is_forgotten_after_thirty_days() {
    let api = Api::new().await;
    let number = api.yard.bought().await;
    let path = format!("/numbers/{}", number.id);
    api.once("PATCH", &path, &api.parent, &json!({ "label": "a" }), "k").await.is(200);
    let sweep = || dialyard::server::services::repeats::sweep(&api.yard.app.state);
    api.yard.app.clock.advance_s(30 * 86_400);
    assert_eq!(sweep().await.expect("swept"), 0);
    api.yard.app.clock.advance_s(1);
    assert_eq!(sweep().await.expect("swept"), 1);
    api.once("PATCH", &path, &api.parent, &json!({ "label": "b" }), "k").await.is(200);
}

#[tokio::test]
async fn a_key_must_be_one() {
    let api = Api::new().await;
    let long = "x".repeat(256);
    for bad in ["", "two words", long.as_str()] {
        let answer = api.once("POST", "/numbers/reserve", &api.parent, &json!({ "e164": "+14155550199" }), bad).await;
        assert_eq!(answer.fields(), ["Idempotency-Key"]);
    }
}
