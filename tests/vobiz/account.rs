//! The profile behind credentials, and tokens in place of them.

use axum::http::Request;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::town::{Expect, Town, Who, with_body};

async fn bearing(town: &Town, method: &str, path: &str, token: &str) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}")).header("host", "127.0.0.1:3000");
    town.api.send(with_body(request.header("authorization", format!("Bearer {token}")), &Value::Null)).await
}

fn token(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_account_that_may_force_is_an_admin() {
    let town = Town::new().await;
    for (who, role) in [(Who::Parent, "USER"), (Who::Forcing, "ADMIN"), (Who::SubAccount, "USER")] {
        assert_eq!(town.get("/auth/me", who).await.status(200).json["role"], role, "{who:?}");
    }
}

#[tokio::test]
async fn tokens_open_this_dialect_for_half_an_hour_and_are_renewed_for_a_week() {
    let town = Town::new().await;
    let made = town.post("/accounts/{auth_id}/sub-accounts/", Who::Parent, json!({ "name": "Bay Legal" })).await.status(201).json;
    let auth_id = made["auth_credentials"]["auth_id"].as_str().expect("an id");
    let (access, refresh) = (token(&made["tokens"], "access_token"), token(&made["tokens"], "refresh_token"));
    let own = format!("/account/{auth_id}/numbers");
    bearing(&town, "GET", &own, &access).await.status(200);
    assert_eq!(bearing(&town, "GET", "/auth/me", &access).await.status(200).json["auth_id"], auth_id);
    bearing(&town, "GET", "/numbers", &access).await.refuses(401, "unauthenticated");
    // Each token is for one thing.
    bearing(&town, "GET", &own, &refresh).await.gateway(401);
    bearing(&town, "POST", "/auth/refresh", &access).await.gateway(401);
    bearing(&town, "POST", "/auth/refresh", &town.api.parent).await.gateway(401);
    bearing(&town, "GET", &own, &format!("{access}x")).await.gateway(401);
    town.api.yard.app.clock.advance_s(1_800);
    bearing(&town, "GET", &own, &access).await.gateway(401);
    let renewed = bearing(&town, "POST", "/auth/refresh", &refresh).await.status(200).json;
    assert_eq!((&renewed["token_type"], &renewed["expires_in"]), (&"bearer".into(), &1_800.into()));
    bearing(&town, "GET", &own, &token(&renewed, "access_token")).await.status(200);
    town.api.yard.app.clock.advance_s(7 * 86_400);
    bearing(&town, "POST", "/auth/refresh", &refresh).await.gateway(401);
}

#[tokio::test]
async fn tokens_end_with_their_key() {
    let town = Town::new().await;
    let made = town.post("/accounts/{auth_id}/sub-accounts/", Who::Parent, json!({ "name": "Bay Legal" })).await.status(201).json;
    let auth_id = made["auth_credentials"]["auth_id"].as_str().expect("an id");
    let (access, refresh) = (token(&made["tokens"], "access_token"), token(&made["tokens"], "refresh_token"));
    town.delete(&format!("/accounts/{{auth_id}}/sub-accounts/{auth_id}"), Who::Parent).await.status(200);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    bearing(&town, "GET", &format!("/account/{auth_id}/numbers"), &access).await.gateway(401);
    bearing(&town, "POST", "/auth/refresh", &refresh).await.gateway(401);
}
