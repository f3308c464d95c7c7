//! Sub-accounts and the credentials that are made with them.

use dialyard::domain::scope::{Scope, Scopes};
use serde_json::{Value, json};

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who, with_body};

const ALL: &str = "/accounts/{auth_id}/sub-accounts/";

async fn made(town: &Town, body: Value) -> Value {
    town.post(ALL, Who::Parent, body).await.status(201).json
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn credentials_are_shown_once_and_work() {
    let town = Town::new().await;
    let made = made(&town, json!({ "name": "Bay Legal", "permissions": { "calls": true }, "password": "never stored" })).await;
    let (auth_id, secret) = (text(&made["auth_credentials"]["auth_id"]), text(&made["auth_credentials"]["auth_token"]));
    assert_eq!(made["sub_account"]["auth_token"], secret.as_str());
    let path = format!("{ALL}{auth_id}");
    assert_eq!(town.get(&path, Who::Parent).await.status(200).json["auth_token"], "<redacted>");
    let profile = |request: axum::http::request::Builder| town.api.send(request.body(axum::body::Body::empty()).expect("a request"));
    let me = || axum::http::Request::builder().uri("/api/v1/auth/me").header("host", "127.0.0.1:3000");
    let own = profile(me().header("x-auth-id", &auth_id).header("x-auth-token", &secret)).await.status(200).json;
    assert_eq!((&own["name"], &own["type"]), (&"Bay Legal".into(), &"SUB_ACCOUNT".into()));
    let listed = town.get(&format!("{ALL}?size=1"), Who::Parent).await.status(200).json;
    assert_eq!((&listed["sub_accounts"][0]["auth_id"], &listed["total"]), (&auth_id.as_str().into(), &3.into()), "the newest is first");
    for stored in ["never stored", secret.as_str()] {
        let columns =
            "SELECT COUNT(*) FROM sub_accounts WHERE COALESCE(description, '') || COALESCE(permissions, '') || COALESCE(email, '') LIKE ";
        let statement: &'static str = Box::leak(format!("{columns}'%{stored}%'").into_boxed_str());
        assert_eq!(town.api.yard.app.scalar(statement).await, 0);
    }
    town.ask("DELETE", &path, Who::Parent, Value::Null).await.status(200);
    town.get(&path, Who::Parent).await.flat(404, "not_found");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    profile(me().header("x-auth-id", &auth_id).header("x-auth-token", &secret)).await.gateway(401);
}

#[tokio::test]
async fn a_key_passes_on_no_more_than_it_has() {
    let town = Town::new().await;
    let owner = town.api.yard.owner.clone();
    let without = town.api.key(&owner, Scopes::NONE.with(Scope::NumbersWrite), None).await;
    let ask = async |key: &str, name: &str| {
        let request = axum::http::Request::builder().method("POST").uri(format!("/api/v1/accounts/{}/sub-accounts/", town.parent));
        let request = request.header("host", "127.0.0.1:3000").header("authorization", format!("Bearer {key}"));
        town.api.send(with_body(request, &json!({ "name": name }))).await
    };
    ask(&without, "One").await.gateway(403);
    let with = town.api.key(&owner, Scopes::NONE.with(Scope::NumbersWrite).with(Scope::KeysWrite), None).await;
    ask(&with, "Two").await.status(201);
    assert_eq!(town.api.yard.app.text("SELECT scopes FROM api_keys WHERE name = 'Two'").await, "numbers:write");
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM sub_accounts WHERE name = 'One'").await, 0);
}

#[tokio::test]
async fn what_is_sent_is_changed_and_nothing_else() {
    let town = Town::new().await;
    let made = made(&town, json!({ "name": "Bay Legal", "email": "Desk@BayLegal.example", "phone": "1 415", "rate_limit": 7 })).await;
    let sub = &made["sub_account"];
    assert_eq!((&sub["email"], &sub["phone"], &sub["rate_limit"]), (&"desk@baylegal.example".into(), &"1 415".into(), &7.into()));
    // By the number that the client's README uses, by SA_ id, by UUID.
    for id in [text(&sub["id"]), text(&sub["auth_id"]), text(&sub["api_id"])] {
        assert_eq!(town.get(&format!("{ALL}{id}"), Who::Parent).await.status(200).json["name"], "Bay Legal", "{id}");
    }
    let path = format!("{ALL}{}", text(&sub["id"]));
    town.api.yard.app.clock.advance_s(60);
    let changed =
        town.ask("PUT", &path, Who::Parent, json!({ "description": "x", "phone": null, "enabled": false })).await.status(200).json;
    for (name, value) in [
        ("name", json!("Bay Legal")),
        ("email", json!("desk@baylegal.example")),
        ("phone", Value::Null),
        ("enabled", json!(false)),
        ("is_active", json!(false)),
        ("description", json!("x")),
    ] {
        assert_eq!(changed[name], value, "{name}");
    }
    assert_ne!(changed["modified"], changed["created"]);
    let edits = "SELECT COUNT(*) FROM audit WHERE action = 'sub_account.edited'";
    let before = town.api.yard.app.scalar(edits).await;
    town.ask("PUT", &path, Who::Parent, json!({ "description": "x", "enabled": false })).await.status(200);
    assert_eq!(town.api.yard.app.scalar(edits).await, before, "the same again is no change");
    assert_eq!(town.get(&format!("{ALL}?active_only=True"), Who::Parent).await.json["total"], 2);
    assert_eq!(town.get(&format!("{ALL}?active_only=False"), Who::Parent).await.json["total"], 3);
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let town = Town::new().await;
    for (body, fields) in [
        (json!({}), vec!["name"]),
        (json!({ "name": 7, "rate_limit": "many", "permissions": [] }), vec!["name", "permissions", "rate_limit"]),
        (json!({ "name": "x", "email": "nobody", "rate_limit": 0 }), vec!["email", "rate_limit"]),
        (json!({ "name": "x", "description": "x".repeat(501), "phone": "1".repeat(33) }), vec!["phone", "description"]),
        (json!({ "name": "x".repeat(81) }), vec!["name"]),
        (json!({ "name": "x", "enabled": "yes" }), vec!["enabled"]),
    ] {
        assert_eq!(town.post(ALL, Who::Parent, body.clone()).await.faults(), fields, "{body}");
    }
    town.post(ALL, Who::Parent, json!({ "name": "Harbor Dental" })).await.general(409, "NAME_TAKEN");
    assert_eq!(town.get(&format!("{ALL}?size=0"), Who::Parent).await.faults(), ["size"]);
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM sub_accounts").await, 2);
}

#[tokio::test]
async fn one_with_numbers_stays_and_one_that_is_made_disabled_opens_nothing() {
    let town = Town::new().await;
    town.number(Column::S0).await;
    let refused = town.delete(&format!("{ALL}{}", town.sub_account), Who::Parent).await.general(409, "SUB_ACCOUNT_IN_USE");
    assert_eq!(refused.json["error"]["details"]["owned"], 1);
    let made = made(&town, json!({ "name": "Later", "enabled": false })).await;
    let request = axum::http::Request::builder().uri("/api/v1/auth/me").header("host", "127.0.0.1:3000");
    let request = request.header("authorization", format!("Bearer {}", text(&made["auth_credentials"]["auth_token"])));
    town.api.send(with_body(request, &Value::Null)).await.general(403, "ACCOUNT_INACTIVE");
}

#[tokio::test]
async fn sub_accounts_belong_to_the_main_account() {
    let town = Town::new().await;
    let one = format!("{ALL}{}", town.sub_account);
    town.get(&one, Who::Stranger).await.flat(404, "not_found");
    town.ask("PUT", &one, Who::Stranger, json!({ "name": "Mine" })).await.flat(404, "not_found");
    town.delete(&one, Who::Stranger).await.flat(404, "not_found");
    for (method, path) in [("GET", ALL), ("POST", ALL), ("GET", one.as_str()), ("DELETE", one.as_str())] {
        town.ask(method, path, Who::SubAccount, Value::Null).await.gateway(403);
        town.ask(method, &path.replace("{auth_id}", &town.parent), Who::Stranger, Value::Null).await.gateway(403);
    }
    let below = format!("/accounts/{}/sub-accounts/", town.sub_account);
    town.get(&below, Who::Parent).await.flat(404, "not_found");
    town.get(ALL.trim_end_matches('/'), Who::Parent).await.status(200);
}
