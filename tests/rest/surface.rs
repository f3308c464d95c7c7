//! What holds for every address: credentials, limits, errors of HTTP itself, and the reference.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dialyard::domain::code::Code;
use dialyard::domain::scope::{Scope, Scopes};
use dialyard::server::rest::dialect::{self, Dialect};
use dialyard::server::rest::openapi::{body_example, document};
use dialyard::server::rest::table::{Effect, groups, routes};
use dialyard::server::services::keys::{self, NewKey};
use serde_json::{Value, json};

use crate::client::Api;

#[tokio::test]
async fn every_failure_of_http_is_a_problem_document() {
    let api = Api::new().await;
    let host = |method: &str, uri: &str| axum::http::Request::builder().method(method).uri(uri).header("host", "127.0.0.1:3000");
    for uri in ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/numbers/", "/api/v1/ACCOUNT/MA_1"] {
        let answer = api.send(host("GET", uri).body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{uri}");
        answer.refuses(404, "not_found");
    }
    let answer = api.send(host("PUT", "/api/v1/numbers").body(Body::empty()).expect("a request")).await.refuses(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET, HEAD");
    let foreign = axum::http::Request::builder().uri("/api/v1/numbers").header("host", "evil.example").body(Body::empty());
    api.send(foreign.expect("a request")).await.refuses(421, "unknown_host");
    let write = |body: Body, media_type: &str| {
        api.request("POST", "/numbers/reserve", &api.parent).header("content-type", media_type).body(body).expect("a request")
    };
    api.send(write(Body::from("{"), "application/json")).await.refuses(400, "malformed_json");
    api.send(write(Body::from("e164=1"), "application/x-www-form-urlencoded")).await.refuses(415, "unsupported_media_type");
    let large = format!("{{\"e164\":\"{}\"}}", "1".repeat(65 * 1_024));
    api.send(write(Body::from(large), "application/json")).await.refuses(413, "payload_too_large");
    assert_eq!(api.post("/numbers/reserve", &api.parent, json!({"e164": "+14155550100", "until": 1})).await.fields(), ["until"]);
    assert_eq!(api.get("/numbers?colour=red&limit=0", &api.parent).await.fields(), ["colour", "limit"]);
    api.get("/numbers?page=3", &api.parent).await.is(200);
}

#[tokio::test]
async fn request_ids_and_security_headers_are_on_every_answer() {
    let api = Api::new().await;
    let request = api.request("GET", "/numbers", &api.parent).header("x-request-id", "mine-1").body(Body::empty()).expect("a request");
    let answer = api.send(request).await.is(200);
    assert_eq!(answer.header("x-request-id"), "mine-1");
    assert_eq!((answer.header("cache-control"), answer.header("x-content-type-options")), ("no-store", "nosniff"));
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn the_three_forms_of_a_credential_are_one_key_and_must_agree() {
    let api = Api::new().await;
    let (organization, sub_account) = api.auth_ids().await;
    let basic = |id: &str, key: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{key}")));
    let ask = |pairs: &[(&str, String)]| {
        let mut request = axum::http::Request::builder().uri("/api/v1/numbers").header("host", "127.0.0.1:3000");
        for (name, value) in pairs {
            request = request.header(*name, value);
        }
        api.send(request.body(Body::empty()).expect("a request"))
    };
    let bearer = format!("Bearer {}", api.parent);
    for good in [
        vec![("authorization", bearer.clone())],
        vec![("authorization", basic(&organization, &api.parent))],
        vec![("x-auth-id", organization.clone()), ("x-auth-token", api.parent.clone())],
        vec![("authorization", bearer.clone()), ("x-auth-id", organization.clone()), ("x-auth-token", api.parent.clone())],
        vec![("authorization", basic(&sub_account, &api.sub_account))],
    ] {
        ask(&good).await.is(200);
    }
    for bad in [
        vec![],
        vec![("authorization", String::from("Bearer dy_sk_0"))],
        vec![("authorization", format!("Bearer dy_sk_{}", "0".repeat(64)))],
        vec![("authorization", basic(&sub_account, &api.parent))],
        vec![("authorization", bearer.clone()), ("x-auth-id", organization.clone()), ("x-auth-token", api.stranger.clone())],
        vec![("authorization", bearer.clone()), ("x-auth-id", sub_account.clone()), ("x-auth-token", api.parent.clone())],
        vec![("authorization", bearer), ("authorization", format!("Bearer {}", api.forcing))],
        vec![("cookie", String::from("session=1"))],
    ] {
        let answer = ask(&bad).await.refuses(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"Dialyard\"");
    }
}

#[tokio::test]
async fn a_revoked_or_ended_key_is_refused_within_a_second() {
    let api = Api::new().await;
    let (state, owner) = (&api.yard.app.state, &api.yard.owner);
    let new = |expires_at| NewKey {
        name: String::from("Short"),
        scopes: Scopes::NONE.with(Scope::NumbersRead),
        sub_account_id: None,
        expires_at,
    };
    let revoked = keys::mint(state, owner, new(None)).await.expect("a key");
    let ending = keys::mint(state, owner, new(Some(state.now().plus_seconds(60)))).await.expect("a key");
    api.get("/numbers", &revoked.secret).await.is(200);
    api.get("/numbers", &ending.secret).await.is(200);
    keys::revoke(state, owner, &revoked.key.id).await.expect("revoked");
    tokio::time::sleep(Duration::from_secs(1)).await;
    api.get("/numbers", &revoked.secret).await.refuses(401, "unauthenticated");
    api.yard.app.clock.advance_s(60);
    api.get("/numbers", &ending.secret).await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn the_last_use_of_a_key_is_noted() {
    let api = Api::new().await;
    api.get("/numbers", &api.parent).await.is(200);
    for _ in 0..50 {
        if api.yard.app.scalar("SELECT COUNT(*) FROM api_keys WHERE last_used_at IS NOT NULL").await == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the use was not noted");
}

#[tokio::test]
async fn keys_of_a_disabled_sub_account_are_refused() {
    let api = Api::new().await;
    api.disable_harbor().await;
    api.get("/numbers", &api.sub_account).await.refuses(403, "account_disabled");
    api.get("/numbers", &api.parent).await.is(200);
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let api = Api::with(|settings| (settings.key_requests_per_second, settings.key_burst) = (1, 3)).await;
    for remaining in [2, 1, 0] {
        let answer = api.get("/numbers", &api.parent).await.is(200);
        assert!(answer.header("ratelimit").contains(&format!("r={remaining}")), "{}", answer.header("ratelimit"));
        assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=3;w=3");
    }
    let answer = api.get("/numbers", &api.parent).await.refuses(429, "rate_limited");
    assert_eq!(answer.header("retry-after"), "1");
    api.get("/numbers", &api.stranger).await.is(200);
}

#[tokio::test]
async fn the_reference_is_served_to_anybody() {
    let api = Api::new().await;
    let reference = api.get("/openapi.json", "").await;
    assert_eq!(reference.json["openapi"], "3.1.0");
    let page = |uri: &'static str| {
        api.send(axum::http::Request::builder().uri(uri).header("host", "127.0.0.1:3000").body(Body::empty()).expect("a request"))
    };
    let html = page("/docs/api").await;
    assert_eq!((html.status.as_u16(), html.header("content-type")), (200, "text/html; charset=utf-8"));
    for route in routes() {
        assert!(html.text.contains(&format!("id=\"{}\"", route.operation)), "{route:?}");
    }
    for outside in ["src=\"http", "href=\"http", "<script", "url("] {
        assert!(!html.text.contains(outside), "the page needs no outside host and no script: {outside}");
    }
    assert_eq!(page("/docs/api.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn each_code_has_a_page_where_refusals_say_that_it_is() {
    let api = Api::new().await;
    let page = |uri: String| {
        api.send(axum::http::Request::builder().uri(uri).header("host", "127.0.0.1:3000").body(Body::empty()).expect("a request"))
    };
    let refused = api.get("/numbers/available/+12025550199", &api.parent).await.refuses(404, "never_stocked");
    let shown = page(refused.json["type"].as_str().expect("a type").to_owned()).await;
    assert_eq!(shown.status.as_u16(), 200);
    assert!(shown.text.contains("/api/v1/numbers/available/{e164}</a>"), "{}", shown.text);
    let list = page(String::from("/problems")).await;
    for code in Code::ALL {
        assert!(list.text.contains(&format!("href=\"/problems/{}\"", code.name())), "{}", code.name());
        let shown = page(format!("/problems/{}", code.name())).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "text/html; charset=utf-8"), "{}", code.name());
        assert!(shown.text.contains(code.name()), "{}", code.name());
    }
    assert_eq!(page(String::from("/problems/no_such_code")).await.status.as_u16(), 404);
}

#[test]
fn every_dialect_has_one_table_below_its_own_roots() {
    let mut addresses = BTreeSet::new();
    for spoken in dialect::ALL {
        let mut operations = BTreeSet::new();
        for route in spoken.routes() {
            assert!(operations.insert(route.operation), "{route:?} stands there twice");
            assert!(route.scope.is_some() || route.effect == Effect::Read, "{route:?} writes and needs no scope");
            assert!(route.effect == Effect::Read || route.method != "GET", "{route:?} reads and writes");
            for address in spoken.addresses(&route) {
                let found = dialect::of_path(&address).map(Dialect::channel);
                assert_eq!(found, Some(spoken.channel()), "{address} belongs to another dialect");
                assert!(addresses.insert((route.method.clone().to_string(), address.clone())), "{address} is answered twice");
            }
        }
        assert!(!operations.is_empty(), "{spoken:?}");
    }
}

#[test]
fn the_reference_has_every_route_with_an_example_of_everything() {
    let reference = serde_json::to_value(document(&groups())).expect("JSON");
    let mut operations = BTreeSet::new();
    for route in routes() {
        let operation = &reference["paths"][route.path][route.method.as_str().to_lowercase()];
        assert_eq!(operation["operationId"], route.operation, "{route:?}");
        assert!(operations.insert(route.operation), "{} stands there twice", route.operation);
        assert!(operation["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{route:?} says what it does");
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let content = response["content"].as_object().expect("content").values().next().expect("a media type");
            assert!(!content["example"].is_null(), "{route:?} {status}: an example");
        }
        if let Some(fields) = route.described.fields {
            assert!(fields.is_empty() || operation["requestBody"]["content"]["application/json"]["example"] != json!({}), "{route:?}");
            for field in fields.iter().filter(|field| field.required) {
                assert!(!field.example.is_empty(), "{route:?}: {} is required and has no example", field.name);
            }
            for name in body_example(fields).as_object().expect("an object").keys() {
                assert!(operation["requestBody"]["content"]["application/json"]["schema"]["properties"][name].is_object(), "{route:?}");
            }
        }
        assert_eq!(route.effect == Effect::Read, route.method == "GET", "{route:?}");
    }
    assert_eq!(reference["paths"].as_object().expect("paths").values().map(|path| methods(path)).sum::<usize>(), operations.len());
    check_references(&reference, &reference);
}

fn methods(path: &Value) -> usize {
    let verbs = ["get", "post", "patch", "delete", "put"];
    path.as_object().map_or(0, |path| path.keys().filter(|key| verbs.contains(&key.as_str())).count())
}

/// Every `$ref` leads somewhere.
fn check_references(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                let found = document.pointer(target.trim_start_matches('#'));
                assert!(found.is_some(), "{target} is not there");
            }
            members.values().for_each(|member| check_references(document, member));
        }
        Value::Array(members) => members.iter().for_each(|member| check_references(document, member)),
        _ => {}
    }
}
