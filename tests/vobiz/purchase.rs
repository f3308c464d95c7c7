//! Buying out of the inventory.

use std::sync::Arc;

use dialyard::domain::money::Micros;
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::orders::recovery;
use dialyard::server::services::{holds, organization};
use serde_json::json;

use crate::client::Api;
use crate::support::carrier::{Act, ScriptedCarrier};
use crate::support::{SCRIPTED, TestApp};
use crate::town::{Expect, Town, Who};

const BUY: &str = "/account/{auth_id}/numbers/purchase-from-inventory";

#[tokio::test]
async fn setup_and_first_month_are_debited_and_the_number_is_the_buyers() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let e164 = town.stocked().await;
    let bought = town.post(BUY, Who::Parent, json!({ "e164": e164 })).await.status(200).json;
    assert_eq!((&bought["number"]["account_id"], &bought["number"]["e164"]), (&town.parent.as_str().into(), &e164.as_str().into()));
    assert_eq!(yard.app.wallet(&yard.owner).await.0, Micros(997_750_000));
    let own = town.post(BUY, Who::SubAccount, json!({ "e164": town.stocked().await })).await.status(200).json;
    assert_eq!(own["number"]["account_id"], town.sub_account.as_str(), "a sub-account buys for itself");
    let path = format!("/Account/{}/numbers/purchase-from-inventory", town.sub_account);
    let given = town.post(&path, Who::Parent, json!({ "number": town.stocked().await, "currency": "usd" })).await.status(200).json;
    assert_eq!(given["number"]["account_id"], town.sub_account.as_str(), "the parent buys for its sub-account");
    assert_eq!(yard.app.wallet(&yard.owner).await.0, Micros(993_250_000), "the parent pays for all of them");
}

#[tokio::test]
async fn what_cannot_be_had_is_not_in_the_inventory() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let (sold, held) = (town.stocked().await, town.stocked().await);
    town.post(BUY, Who::Stranger, json!({ "e164": sold })).await.status(200);
    holds::place(&yard.app.state, &yard.owner, &held).await.expect("held");
    for e164 in [sold.as_str(), held.as_str(), "+14155559999"] {
        let refused = town.post(BUY, Who::Stranger, json!({ "e164": e164 })).await.flat(404, "not_found");
        assert_eq!(refused.json["message"], "number not found in inventory");
    }
    town.post(BUY, Who::Parent, json!({ "e164": sold })).await.flat(404, "not_found");
    town.post(BUY, Who::Parent, json!({ "e164": held })).await.status(200);
}

#[tokio::test]
async fn what_is_wrong_with_the_request_is_named() {
    let town = Town::new().await;
    let e164 = town.stocked().await;
    for (body, field) in [
        (json!({}), "e164"),
        (json!({ "e164": "" }), "e164"),
        (json!({ "e164": null }), "e164"),
        (json!({ "e164": 14155550100_i64 }), "e164"),
        (json!({ "e164": "nonsense" }), "e164"),
        (json!({ "e164": e164, "currency": "INR" }), "currency"),
        (json!([e164]), "body"),
    ] {
        assert_eq!(town.post(BUY, Who::Parent, body.clone()).await.faults(), [field], "{body}");
    }
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 0);
}

#[tokio::test]
async fn money_that_may_not_be_spent_is_a_402() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let e164 = town.stocked().await;
    organization::set_budget(&yard.app.state, &yard.owner, Some(&yard.harbor), Some(Micros(1))).await.expect("a budget");
    let refused = town.post(BUY, Who::SubAccount, json!({ "e164": e164 })).await.general(402, "BUDGET_EXCEEDED");
    assert!(refused.text.contains("\"budget\":0.000001"), "{}", refused.text);
    // The other organization has 100: enough for 44 numbers and not for 45.
    for _ in 0..44 {
        town.post(BUY, Who::Stranger, json!({ "e164": town.stocked().await })).await.status(200);
    }
    let refused = town.post(BUY, Who::Stranger, json!({ "e164": e164 })).await.general(402, "INSUFFICIENT_BALANCE");
    let details = &refused.json["error"]["details"];
    assert_eq!((&details["required"], &details["available"], &details["shortfall"]), (&json!(2.25), &json!(1.0), &json!(1.25)));
    assert_eq!(details["currency"], "USD");
    town.post(BUY, Who::Parent, json!({ "e164": e164 })).await.status(200);
}

#[tokio::test]
async fn a_purchase_that_the_carrier_does_not_answer_is_asked_for_again_and_made_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let carrier: Arc<dyn Carrier> = Arc::new(ScriptedCarrier::new(SCRIPTED, folder.path().join("sold"), vec![Act::SellSilently]));
    let town =
        Town::of(Api::of(TestApp::with(Carriers::new([carrier]), |settings| settings.key_requests_per_second = 0).await).await).await;
    let e164 = town.api.yard.e164();
    town.api.yard.app.stock(SCRIPTED, &[&e164]).await;
    let body = json!({ "e164": e164 });
    let pending = town.once("POST", BUY, Who::Parent, &body, "k").await.general(503, "ORDER_IN_PROGRESS");
    assert_eq!(pending.header("retry-after"), "1");
    town.api.yard.app.clock.advance_s(60);
    recovery::run(&town.api.yard.app.state).await.expect("recovered");
    let bought = town.once("POST", BUY, Who::Parent, &body, "k").await.status(200);
    assert_eq!(bought.json["number"]["e164"], e164.as_str());
    assert_eq!(town.once("POST", BUY, Who::Parent, &body, "k").await.header("idempotency-replayed"), "true");
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 1);
}
