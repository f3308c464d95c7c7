//! Who gets in: every route of the dialect's table against every kind of key and account id, and failures of HTTP itself in its shapes.

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dialyard::domain::scope::{Scope, Scopes};
use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::table::{Effect, Holders, Route};
use dialyard::server::rest::vobiz::Vobiz;
use serde_json::{Value, json};

use crate::client::{Answer, Api};
use crate::support::owned::Column;
use crate::town::{Expect, Town, Who, with_body};

/// The one that a refresh token opens, and no key.
const REFRESH: &str = "refreshTokens";

fn routes() -> Vec<Route> {
    Vobiz.routes().into_iter().filter(|route| route.operation != REFRESH).collect()
}

/// A path with an account and something in each of its other parts.
fn path(route: &Route, auth_id: &str, number: &str) -> String {
    let path = route.path.replace("{auth_id}", auth_id).replace("{number}", number);
    path.replace("{currency}", "USD").replace("{id}", "SA_UNKNOWN1")
}

fn body(route: &Route) -> Value {
    match route.operation {
        "purchaseNumber" => json!({ "e164": "+14155559999" }),
        "assignTrunk" => json!({ "trunk_group_id": "unknown" }),
        "assignSubAccount" => json!({ "sub_account_id": "SA_UNKNOWN1" }),
        "createSubAccount" => json!({ "name": "New" }),
        _ => Value::Null,
    }
}

async fn bearing(api: &Api, route: &Route, auth_id: &str, key: &str) -> Answer {
    let uri = format!("/api/v1{}", path(route, auth_id, "+14155559999"));
    let request = Request::builder().method(route.method.as_str()).uri(uri).header("host", "127.0.0.1:3000");
    let request = if key.is_empty() { request } else { request.header("authorization", format!("Bearer {key}")) };
    api.send(with_body(request, &body(route))).await
}

#[tokio::test]
async fn nobody_passes_without_a_key() {
    let town = Town::new().await;
    for route in Vobiz.routes() {
        for key in ["", "dy_sk_unknown", "dy_at_v1:unknown"] {
            let refused = bearing(&town.api, &route, &town.parent, key).await.gateway(401);
            assert_eq!(refused.json["error"]["message"], "Invalid token", "{route:?}");
        }
    }
}

#[tokio::test]
async fn a_key_without_the_scope_is_told_which_one() {
    let town = Town::new().await;
    for route in routes() {
        let Some(scope) = route.scope else { continue };
        let fits = |other: &Scope| *other != scope && !other.is_platform_only() && *other != Scope::AdminOverride;
        let others: Scopes = Scope::ALL.iter().copied().filter(fits).collect();
        let key = town.api.key(&town.api.yard.owner, others, None).await;
        let refused = bearing(&town.api, &route, &town.parent, &key).await.gateway(403);
        assert!(refused.text.contains(scope.name()), "{route:?}: {}", refused.text);
    }
    assert!(routes().iter().all(|route| route.scope.is_some() || route.effect == Effect::Read));
}

#[tokio::test]
async fn each_kind_of_key_passes_where_its_row_says_so() {
    let town = Town::new().await;
    for route in routes() {
        let passes = async |auth_id: &str, key: &str| {
            let answer = bearing(&town.api, &route, auth_id, key).await;
            assert_ne!(answer.status.as_u16(), 500, "{route:?}: {}", answer.text);
            !answer.text.contains("Access denied: account ID mismatch")
        };
        assert!(passes(&town.parent, &town.api.parent).await, "{route:?}");
        assert_eq!(passes(&town.sub_account, &town.api.sub_account).await, route.holders == Holders::Accounts, "{route:?}");
        assert!(!passes(&town.parent, &town.api.platform).await, "{route:?}: a key of the platform has no account");
    }
}

#[tokio::test]
async fn another_accounts_id_is_refused_and_changes_nothing() {
    let town = Town::new().await;
    let number = town.number(Column::P0).await;
    let before = town.api.yard.read(&number).await;
    for route in routes().into_iter().filter(|route| route.path.contains("{auth_id}")) {
        for (who, auth_id) in [
            (Who::Stranger, &town.parent),
            (Who::Stranger, &town.sub_account),
            (Who::SubAccount, &town.parent),
            (Who::Parent, &town.stranger),
            (Who::Parent, &String::from("SA_UNKNOWN1")),
            (Who::Parent, &town.api.yard.harbor),
        ] {
            let answer = town.ask(route.method.as_str(), &path(&route, auth_id, &number), who, body(&route)).await.gateway(403);
            assert_eq!(answer.json["error"]["message"], "Access denied: account ID mismatch", "{route:?}");
        }
    }
    assert_eq!(town.api.yard.read(&number).await, before);
}

#[tokio::test]
async fn all_forms_of_credentials_are_taken() {
    let town = Town::new().await;
    let uri = format!("/api/v1/account/{}/transactions", town.parent);
    let request = || Request::builder().uri(&uri).header("host", "127.0.0.1:3000");
    let basic = |id: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{}", town.api.parent)));
    let send = async |request: axum::http::request::Builder| town.api.send(request.body(Body::empty()).expect("a request")).await;
    send(request().header("authorization", basic(&town.parent))).await.status(200);
    send(request().header("authorization", basic(&town.stranger))).await.gateway(401);
    send(request().header("x-auth-id", &town.parent).header("x-auth-token", &town.api.parent)).await.status(200);
    send(request().header("x-auth-token", &town.api.parent)).await.gateway(401);
    send(request().header("x-auth-id", &town.parent).header("x-auth-token", &town.api.stranger)).await.gateway(401);
}

#[tokio::test]
async fn failures_of_http_are_in_this_dialect() {
    let town = Town::new().await;
    for path in [
        "/account",
        "/Account/",
        "/account/{auth_id}",
        "/account/{auth_id}/nothing",
        "/accounts/{auth_id}",
        "/auth",
        "/auth/them",
        "/ACCOUNT2",
    ] {
        let answer = town.get(path, Who::Parent).await;
        if path == "/ACCOUNT2" {
            answer.refuses(404, "not_found")
        } else {
            answer.gateway(404)
        };
    }
    let wrong = town.ask("PATCH", "/account/{auth_id}/numbers/+14155550100", Who::Parent, Value::Null).await.gateway(405);
    assert_eq!(wrong.header("allow"), "DELETE");
    let wrong =
        town.ask("PATCH", &format!("/accounts/{{auth_id}}/sub-accounts/{}", town.sub_account), Who::Parent, Value::Null).await.gateway(405);
    assert_eq!(wrong.header("allow"), "GET, HEAD, PUT, DELETE");
    let buy = "/account/{auth_id}/numbers/purchase-from-inventory";
    let write = |body: String| town.request("POST", buy, Who::Parent).body(Body::from(body)).expect("a request");
    town.api.send(write(String::from("{"))).await.general(400, "MALFORMED_JSON");
    town.api.send(write(format!("{{\"e164\":\"{}\"}}", "1".repeat(65 * 1_024)))).await.general(413, "PAYLOAD_TOO_LARGE");
    let number = town.stocked().await;
    // The media type says nothing that the body does not say itself.
    town.api.send(write(format!("{{\"e164\":\"{number}\"}}"))).await.status(200);
    let foreign = Request::builder().uri("/api/v1/auth/me").header("host", "evil.example").body(Body::empty()).expect("a request");
    town.api.send(foreign).await.gateway(421);
}

#[tokio::test]
async fn a_key_that_asks_too_often_and_one_of_a_disabled_account() {
    let town = Town::of(Api::with(|settings| (settings.key_requests_per_second, settings.key_burst) = (1, 2)).await).await;
    for _ in 0..2 {
        assert!(!town.get("/auth/me", Who::Parent).await.status(200).header("ratelimit").is_empty());
    }
    let refused = town.get("/auth/me", Who::Parent).await.general(429, "RATE_LIMIT_EXCEEDED");
    assert_eq!((refused.header("retry-after"), &refused.json["error"]["details"]["retryAfter"]), ("1", &1.into()));
    town.api.disable_harbor().await;
    town.get("/auth/me", Who::SubAccount).await.general(403, "ACCOUNT_INACTIVE");
}
