//! Who gets in: every route of the dialect's table against every kind of key, and failures of HTTP itself in its shape.

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dialyard::domain::scope::{Scope, Scopes};
use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::flowroute::Flowroute;
use dialyard::server::rest::table::{Effect, Holders, Route};
use serde_json::{Value, json};

use crate::client::{Answer, Api};
use crate::support::owned::Column;
use crate::town::{Expect, Town, Who, with_body};

fn body(route: &Route) -> Value {
    match route.operation {
        "updatePrimaryRoute" | "updateFailoverRoute" => json!({ "data": { "type": "route", "id": "99999" } }),
        "createInboundRoute" => {
            json!({ "data": { "type": "route", "attributes": { "route_type": "host", "value": "a.example", "alias": "a" } } })
        }
        "updateInboundRoute" => json!({ "data": { "type": "route", "attributes": { "alias": "a" } } }),
        "updateNumber" => json!({ "type": "number", "alias": "a" }),
        _ => Value::Null,
    }
}

async fn bearing(api: &Api, route: &Route, id: &str, key: &str) -> Answer {
    let uri = format!("/v2{}", route.path.replace("{id}", id));
    let request = Request::builder().method(route.method.as_str()).uri(uri).header("host", "127.0.0.1:3000");
    let request = if key.is_empty() { request } else { request.header("authorization", format!("Bearer {key}")) };
    let answer = api.send(with_body(request, &body(route))).await;
    assert_ne!(answer.status.as_u16(), 500, "{route:?}: {}", answer.text);
    answer
}

#[tokio::test]
async fn nobody_passes_without_a_key() {
    let town = Town::new().await;
    for route in Flowroute.routes() {
        for key in ["", "dy_sk_unknown"] {
            let refused = bearing(&town.api, &route, "12065550199", key).await.fails(401);
            assert_eq!(refused.json["errors"][0]["title"], "Unauthorized", "{route:?}");
            assert_eq!(refused.json["errors"][0]["detail"], "Authentication failed.", "{route:?}");
        }
    }
}

#[tokio::test]
async fn a_key_without_the_scope_is_refused_on_every_route() {
    let town = Town::new().await;
    for route in Flowroute.routes() {
        let scope = route.scope.unwrap_or_else(|| panic!("{route:?} has no scope"));
        let fits = |other: &Scope| *other != scope && !other.is_platform_only() && *other != Scope::AdminOverride;
        let others: Scopes = Scope::ALL.iter().copied().filter(fits).collect();
        let key = town.api.key(&town.api.yard.owner, others, None).await;
        let refused = bearing(&town.api, &route, "12065550199", &key).await.fails(403);
        let is_relationship = route.path.contains("/relationships/");
        assert_eq!(refused.text.contains(scope.name()), !is_relationship, "{route:?}: {}", refused.text);
    }
}

#[tokio::test]
async fn keys_of_accounts_pass_and_those_of_the_platform_do_not() {
    let town = Town::new().await;
    for route in Flowroute.routes() {
        assert_eq!(route.holders, Holders::Accounts, "{route:?}");
        for (key, passes) in [(&town.api.parent, true), (&town.api.sub_account, true), (&town.api.platform, false)] {
            let answer = bearing(&town.api, &route, "12065550199", key).await;
            assert_eq!(![401, 403].contains(&answer.status.as_u16()), passes, "{route:?}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn another_organizations_objects_are_not_there() {
    let town = Town::new().await;
    let (number, inbound) = (town.api.yard.number(Column::P0).await, town.route("office").await);
    for route in Flowroute.routes().into_iter().filter(|route| route.path.contains("{id}")) {
        let id = if route.path.starts_with("/routes") { inbound.as_str() } else { number.e164.trim_start_matches('+') };
        let answer = bearing(&town.api, &route, id, &town.api.stranger).await;
        // What somebody owns cannot be bought.
        let expected = if route.effect == Effect::Order { 409 } else { 404 };
        answer.fails(expected);
    }
    assert_eq!(town.api.yard.read(&number.id).await, number, "nothing of it was changed");
}

#[tokio::test]
async fn every_form_of_credential_is_taken_and_two_that_disagree_are_not() {
    let town = Town::new().await;
    let (organization, sub_account) = town.api.auth_ids().await;
    let basic = |id: &str, key: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{key}")));
    for (headers, status) in [
        (vec![("authorization", basic(&organization, &town.api.parent))], 200),
        (vec![("authorization", basic(&sub_account, &town.api.sub_account))], 200),
        (vec![("authorization", format!("Bearer {}", town.api.parent))], 200),
        (vec![("x-auth-id", organization.clone()), ("x-auth-token", town.api.parent.clone())], 200),
        (vec![("authorization", basic(&sub_account, &town.api.parent))], 401),
        (vec![("authorization", basic(&organization, "wrong"))], 401),
        (vec![("authorization", String::from("Basic !"))], 401),
        (
            vec![
                ("authorization", basic(&organization, &town.api.parent)),
                ("x-auth-id", sub_account.clone()),
                ("x-auth-token", town.api.sub_account.clone()),
            ],
            401,
        ),
    ] {
        let mut request = Request::builder().uri("/v2/numbers").header("host", "127.0.0.1:3000");
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        let answer = town.api.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn failures_of_http_have_the_dialects_shape() {
    let town = Town::new().await;
    for path in ["", "/", "/nothing", "/numbers/", "/numbers/1/relationships", "/cnams"] {
        town.get(path).await.fails(404);
    }
    let wrong = town.ask("PUT", "/numbers", Who::Parent, Value::Null).await.fails(405);
    assert_eq!(wrong.header("allow"), "GET, HEAD");
    let wrong = town.ask("PUT", "/numbers/12065550199", Who::Parent, Value::Null).await.fails(405);
    assert_eq!(wrong.header("allow"), "GET, HEAD, PATCH, DELETE, POST");
    let broken = town.request("PATCH", "/numbers/12065550199", Who::Parent).body(Body::from("{")).expect("a request");
    town.api.send(broken).await.fails(400);
    let large = town.request("POST", "/routes", Who::Parent).body(Body::from(vec![b' '; 65 * 1_024])).expect("a request");
    town.api.send(large).await.fails(413);
    let foreign = Request::builder().uri("/v2/numbers").header("host", "evil.example").body(Body::empty()).expect("a request");
    town.api.send(foreign).await.fails(421);
    let accepting =
        town.request("GET", "/nothing", Who::Parent).header("accept", "text/html, application/vnd.api+json").body(Body::empty());
    let answer = town.api.send(accepting.expect("a request")).await.fails(404);
    assert_eq!(answer.header("content-type"), "application/vnd.api+json");
    let named = town.request("GET", "/numbers/1", Who::Parent).header("x-request-id", "mine-1").body(Body::empty()).expect("a request");
    let named = town.api.send(named).await.fails(404);
    assert!(named.json["errors"][0]["id"].is_string(), "any request id gives a UUID: {}", named.text);
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let town = Town::of(Api::with(|settings| (settings.key_requests_per_second, settings.key_burst) = (1, 2)).await).await;
    town.get("/numbers").await.is_done(200);
    // The limit is the key's, whatever it speaks.
    town.api.get("/numbers", &town.api.parent).await.is(200);
    let answer = town.get("/numbers").await.fails(429);
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn links_lead_to_the_host_that_was_asked() {
    let town = Town::of(Api::with(|settings| settings.public_url = String::from("https://numbers.example.com")).await).await;
    for (host, origin) in [("numbers.example.com", "https://numbers.example.com"), ("localhost:3000", "http://localhost:3000")] {
        let request = Request::builder().uri("/v2/routes").header("host", host);
        let request = request.header("authorization", format!("Bearer {}", town.api.parent)).body(Body::empty()).expect("a request");
        let answer = town.api.send(request).await;
        assert_eq!(answer.json["data"][0]["links"]["self"], json!(format!("{origin}/v2/routes/0")), "{}", answer.text);
    }
}
