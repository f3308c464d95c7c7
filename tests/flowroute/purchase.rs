//! Buying: the charge, what else a body may say, and every way in which it is refused.

use std::sync::Arc;

use dialyard::domain::money::Micros;
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::orders::recovery;
use serde_json::{Value, json};

use crate::client::Api;
use crate::support::carrier::{Act, ScriptedCarrier};
use crate::support::owned::Column;
use crate::support::{SCRIPTED, TestApp};
use crate::town::{Expect, Town, Who};

#[tokio::test]
async fn a_purchase_charges_once_and_answers_with_the_number() {
    let town = Town::new().await;
    let number = town.stocked().await;
    let yard = &town.api.yard;
    let before = yard.app.wallet(&yard.owner).await.0;
    let bought = town.post(&format!("/numbers/{number}"), Value::Null).await.is_done(201);
    assert_eq!(yard.app.wallet(&yard.owner).await.0, Micros(before.0 - 2_250_000));
    assert_eq!(town.get(&format!("/numbers/{number}")).await.is_done(200).json, bought.json);
    let noted = "SELECT COUNT(*) FROM audit WHERE action = 'number.purchased' AND channel = 'flowroute'";
    assert_eq!(yard.app.scalar(noted).await, 1);
}

#[tokio::test]
async fn a_body_is_optional_and_its_members_have_their_types() {
    let town = Town::new().await;
    for (body, status, looked_up) in [
        (json!({}), 201, false),
        (json!({ "cnam_lookups_enabled": false }), 201, false),
        (json!({ "cnam_lookups_enabled": true, "note": "ours" }), 201, true),
        (json!({ "cnam_lookups_enabled": "true" }), 422, false),
        (json!({ "messaging_callback_url": 1 }), 422, false),
    ] {
        let number = town.stocked().await;
        let answer = town.post(&format!("/numbers/{number}"), body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        if status == 201 {
            assert_eq!(answer.json["data"]["attributes"]["cnam_lookups_enabled"], json!(looked_up), "{body}");
        } else {
            town.get(&format!("/numbers/{number}")).await.fails(404);
        }
    }
}

#[tokio::test]
async fn every_refusal_has_its_status_and_charges_nothing() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let (held, sold, aging) = (town.stocked().await, town.number(Column::P0).await, town.number(Column::P0).await);
    town.api.post("/numbers/reserve", &town.api.stranger, json!({ "e164": format!("+{held}") })).await.is(201);
    let path = format!("/numbers/{}?final=true", yard.read(&aging).await.id);
    town.api.delete(&path, &town.api.parent).await.is(200);
    let before = yard.app.wallet(&yard.owner).await;
    for (number, status, who) in [
        ("12065550199", 404, Who::Parent),
        ("x", 404, Who::Parent),
        ("12", 422, Who::Parent),
        (held.as_str(), 409, Who::Parent),
        (sold.as_str(), 409, Who::Parent),
        (sold.as_str(), 409, Who::Stranger),
        (aging.as_str(), 409, Who::Stranger),
    ] {
        let refused = town.ask("POST", &format!("/numbers/{number}"), who, Value::Null).await;
        assert_eq!(refused.status.as_u16(), status, "{number} {who:?}: {}", refused.text);
        refused.fails(status);
    }
    assert_eq!(yard.app.wallet(&yard.owner).await, before);
    let write = yard.app.state.db.write(async |connection| {
        sqlx::query("UPDATE organizations SET budget_micros = 1000000 WHERE name = 'Brightline'").execute(connection).await?;
        Ok::<_, dialyard::server::error::Error>(())
    });
    write.await.expect("a budget");
    let free = town.stocked().await;
    town.post(&format!("/numbers/{free}"), Value::Null).await.fails(409);
}

#[tokio::test]
async fn a_wallet_that_does_not_cover_it_is_said_with_402() {
    let town = Town::new().await;
    let poor = town.api.yard.app.organization("Penniless", 1).await;
    let (scopes, number) = (dialyard::domain::scope::Scopes::NONE.with(dialyard::domain::scope::Scope::NumbersWrite), town.stocked().await);
    let key = town.api.key(&poor, scopes, None).await;
    let request = axum::http::Request::builder()
        .method("POST")
        .uri(format!("/v2/numbers/{number}"))
        .header("host", "127.0.0.1:3000")
        .header("authorization", format!("Bearer {key}"));
    town.api.send(request.body(axum::body::Body::empty()).expect("a request")).await.fails(402);
    assert_eq!(town.get("/numbers/available").await.is_done(200).ids(), [number], "it is still for sale");
}

#[tokio::test]
async fn a_carrier_that_does_not_answer_leaves_an_order_that_the_next_try_joins() {
    let folder = tempfile::tempdir().expect("a folder");
    let carrier: Arc<dyn Carrier> = Arc::new(ScriptedCarrier::new(SCRIPTED, folder.path().join("sold"), vec![Act::SellSilently]));
    let app = TestApp::with(Carriers::new([carrier]), |settings| settings.key_requests_per_second = 0).await;
    let town = Town::of(Api::of(app).await).await;
    let e164 = town.api.yard.e164();
    town.api.yard.app.stock(SCRIPTED, &[&e164]).await;
    let path = format!("/numbers/{}", e164.trim_start_matches('+'));
    let pending = town.once("POST", &path, &Value::Null, "k").await.fails(503);
    assert_eq!(pending.header("retry-after"), "1");
    town.api.yard.app.clock.advance_s(60);
    recovery::run(&town.api.yard.app.state).await.expect("recovered");
    let bought = town.once("POST", &path, &Value::Null, "k").await.is_done(201);
    let again = town.once("POST", &path, &Value::Null, "k").await.is_done(201);
    assert_eq!((&bought.text, again.header("idempotency-replayed")), (&again.text, "true"));
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 1);
}

#[tokio::test]
async fn a_sub_account_buys_for_itself() {
    let town = Town::new().await;
    let number = town.stocked().await;
    town.ask("POST", &format!("/numbers/{number}"), Who::SubAccount, Value::Null).await.is_done(201);
    assert_eq!(town.api.yard.read(&number).await.sub_account_id.as_deref(), Some(town.api.yard.harbor.as_str()));
}
