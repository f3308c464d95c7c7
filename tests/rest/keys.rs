//! `/keys`: what a key may pass on, rotation, and the end.

use std::time::Duration;

use dialyard::domain::scope::{Scope, Scopes};
use serde_json::{Value, json};

use crate::client::{Api, operator};

fn body(scopes: &[&str]) -> Value {
    json!({ "name": "Reporting", "scopes": scopes })
}

async fn minted(api: &Api, scopes: &[&str]) -> (String, String) {
    let answer = api.post("/keys", &api.parent, body(scopes)).await.is(201);
    (answer.data_text("id"), answer.data_text("secret"))
}

#[tokio::test]
async fn a_key_is_minted_listed_used_and_revoked() {
    let api = Api::new().await;
    let answer = api.post("/keys", &api.parent, body(&["numbers:read"])).await.is(201);
    let (id, secret) = (answer.data_text("id"), answer.data_text("secret"));
    assert_eq!(answer.header("location"), format!("/api/v1/keys/{id}"));
    assert!(secret.starts_with("dy_sk_") && secret.len() == 70);
    assert_eq!((answer.data("scopes"), answer.data("secretShownBefore")), (&json!(["numbers:read"]), &json!(false)));
    let read = api.get(&format!("/keys/{id}"), &api.parent).await.is(200);
    assert_eq!(read.data("lastUsedAt"), &Value::Null);
    assert!(!read.text.contains(&secret) && read.data("secret").is_null());
    api.get("/numbers", &secret).await.is(200);
    api.post("/routes", &secret, json!({ "name": "x", "kind": "sip-reg" })).await.refuses(403, "missing_scope");

    let mut used = Value::Null;
    for _ in 0..50 {
        used = api.get(&format!("/keys/{id}"), &api.parent).await.data("lastUsedAt").clone();
        if !used.is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(used, "2026-11-22T12:00:00Z");

    let revoked = api.delete(&format!("/keys/{id}"), &api.parent).await.is(200);
    assert!(revoked.data("revokedAt").is_string());
    tokio::time::sleep(Duration::from_secs(1)).await;
    api.get("/numbers", &secret).await.refuses(401, "unauthenticated");
    api.delete(&format!("/keys/{id}"), &api.parent).await.is(200);
    let listed = api.get("/keys?limit=100", &api.parent).await.is(200);
    assert!(!listed.text.contains(&id), "revoked keys are not listed");
    let audited = "SELECT COUNT(*) FROM audit WHERE action IN ('key.created', 'key.revoked') AND channel = 'native' AND actor_kind = 'key'";
    assert_eq!(api.yard.app.scalar(audited).await, 2);
}

#[tokio::test]
async fn the_list_has_pages_and_knows_whose_a_key_is() {
    let api = Api::new().await;
    let harbor = &api.yard.harbor;
    let ids = async |query: &str, key: &str| -> Vec<String> {
        let answer = api.get(&format!("/keys{query}"), key).await.is(200);
        answer.json["data"].as_array().into_iter().flatten().map(|row| row["id"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let all = ids("", &api.parent).await;
    assert_eq!(all.len(), 3, "parent, forcing and the sub-account's");
    let of_harbor = ids(&format!("?subAccountId={harbor}"), &api.parent).await;
    assert_eq!((of_harbor.len(), ids("?subAccountId=none", &api.parent).await.len()), (1, 2));
    let first = api.get("/keys?limit=2", &api.parent).await.is(200);
    assert_eq!((&first.json["pagination"]["total"], first.json["data"].as_array().map(Vec::len)), (&json!(3), Some(2)));
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    assert_eq!(ids(&format!("?limit=2&cursor={next}"), &api.parent).await, all[2..]);
    assert_eq!(api.get("/keys?cursor=x", &api.parent).await.fields(), ["cursor"]);
    // Keys of the platform are a list of their own, and nobody else's business.
    let of_platform = ids("", &api.platform).await;
    assert_eq!(of_platform.len(), 1);
    api.get(&format!("/keys/{}", of_platform[0]), &api.parent).await.refuses(404, "not_found");
    api.get(&format!("/keys/{}", all[0]), &api.platform).await.refuses(404, "not_found");
}

#[tokio::test]
async fn faults_are_named() {
    let api = Api::new().await;
    let fields = async |body: Value| api.post("/keys", &api.forcing, body).await.fields();
    assert_eq!(fields(json!({})).await, ["name", "scopes"]);
    assert_eq!(fields(json!({ "name": "", "scopes": [] })).await, ["name", "scopes"]);
    assert_eq!(fields(json!({ "name": "x", "scopes": ["numbers:all"] })).await, ["scopes"]);
    assert_eq!(fields(json!({ "name": "x", "scopes": ["numbers:read"], "expiresAt": "2020-01-01T00:00:00Z" })).await, ["expiresAt"]);
    let of_harbor = |scope: &str| json!({ "name": "x", "scopes": [scope], "subAccountId": api.yard.harbor });
    assert_eq!(fields(of_harbor("team:read")).await, ["scopes"]);
    api.post("/keys", &api.forcing, of_harbor("numbers:read")).await.is(201);
    let unknown = json!({ "name": "x", "scopes": ["numbers:read"], "subAccountId": "nobody" });
    api.post("/keys", &api.forcing, unknown).await.refuses(404, "not_found");
    assert_eq!(api.post("/keys/x/rotate", &api.parent, json!({ "overlapSeconds": 86_401 })).await.fields(), ["overlapSeconds"]);
}

#[tokio::test]
async fn a_key_passes_on_no_more_than_it_has() {
    let api = Api::new().await;
    let small = api.key(&api.yard.owner, Scopes::NONE.with(Scope::KeysWrite).with(Scope::NumbersRead), None).await;
    let refused = api.post("/keys", &small, body(&["numbers:read", "billing:write"])).await.refuses(403, "missing_scope");
    assert_eq!(refused.json["scope"], "billing:write");
    api.post("/keys", &small, body(&["numbers:read"])).await.is(201);
    // Nor does it take over a stronger key by giving that one a new secret.
    let (strong, _) = minted(&api, &["numbers:read", "billing:write"]).await;
    api.post(&format!("/keys/{strong}/rotate"), &small, json!({})).await.refuses(403, "missing_scope");
    // The override comes from platform administrators only, not from a key that has it.
    api.post("/keys", &api.forcing, body(&["admin:override"])).await.refuses(403, "admin_required");
    api.post("/keys", &api.parent, body(&["admin:override"])).await.refuses(403, "missing_scope");
    assert_eq!(
        api.post("/keys", &api.platform, body(&["admin:override", "admin:read"])).await.is(201).data("organizationId"),
        &Value::Null
    );
    let listed = api.get("/keys", &api.parent).await.is(200);
    let forcing = listed.json["data"].as_array().into_iter().flatten().find(|row| row["scopes"].to_string().contains("admin:override"));
    let forcing = forcing.expect("the forcing key")["id"].as_str().expect("an id").to_owned();
    api.post(&format!("/keys/{forcing}/rotate"), &api.parent, json!({})).await.refuses(403, "missing_scope");
    api.post(&format!("/keys/{forcing}/rotate"), &api.forcing, json!({})).await.is(200);
}

#[tokio::test]
async fn the_person_behind_a_key_takes_the_keys_that_it_made_along() {
    let api = Api::new().await;
    let app = &api.yard.app;
    let operator = crate::client::admin_of(&api.yard.owner);
    assert!(!operator.actor.id.is_empty() && super::client::operator().may_force);
    let (id, _) = minted(&api, &["numbers:read"]).await;
    let mut connection = app.state.db.read().await.expect("a reader");
    let made = dialyard::server::store::keys::find(&mut connection, &api.yard.owner.organization_id, &id).await.expect("a look");
    assert_eq!(made.expect("the key").created_by.as_deref(), Some(operator.actor.id.as_str()));
}

#[tokio::test]
async fn a_rotated_secret_ends_at_once_or_after_the_overlap() {
    let api = Api::new().await;
    let (id, old) = minted(&api, &["numbers:read"]).await;
    let answer = api.post(&format!("/keys/{id}/rotate"), &api.parent, json!({})).await.is(200);
    let second = answer.data_text("secret");
    assert_eq!((answer.data_text("id"), answer.data("oldSecretUntil")), (id.clone(), &Value::Null));
    api.get("/numbers", &old).await.refuses(401, "unauthenticated");
    api.get("/numbers", &second).await.is(200);

    let answer = api.post(&format!("/keys/{id}/rotate"), &api.parent, json!({ "overlapSeconds": 3_600 })).await.is(200);
    let third = answer.data_text("secret");
    assert_eq!(answer.data("oldSecretUntil"), "2026-11-22T13:00:00Z");
    tokio::time::sleep(Duration::from_secs(1)).await;
    api.get("/numbers", &second).await.is(200);
    api.get("/numbers", &third).await.is(200);
    api.yard.app.clock.advance_s(3_600);
    tokio::time::sleep(Duration::from_secs(1)).await;
    api.get("/numbers", &second).await.refuses(401, "unauthenticated");
    api.get("/numbers", &third).await.is(200);

    // Revoking ends both secrets.
    let fourth = api.post(&format!("/keys/{id}/rotate"), &api.parent, json!({ "overlapSeconds": 60 })).await.is(200).data_text("secret");
    api.delete(&format!("/keys/{id}"), &api.parent).await.is(200);
    tokio::time::sleep(Duration::from_secs(1)).await;
    for secret in [&third, &fourth] {
        api.get("/numbers", secret).await.refuses(401, "unauthenticated");
    }
    api.post(&format!("/keys/{id}/rotate"), &api.parent, json!({})).await.refuses(404, "not_found");
}

#[tokio::test]
async fn a_platform_key_is_made_without_an_organization() {
    let api = Api::new().await;
    let key = api.key(&operator(), Scopes::NONE.with(Scope::CallsWrite).with(Scope::RoutingRead), None).await;
    let number = api.yard.bought().await;
    let call = json!({ "callId": "p-1", "e164": number.e164, "direction": "inbound", "startedAt": "2026-11-22T11:59:00Z" });
    api.post("/calls", &key, call).await.is(201);
    api.get(&format!("/routing/{}", number.e164), &key).await.is(200);
    api.get("/numbers", &key).await.refuses(403, "missing_scope");
}
