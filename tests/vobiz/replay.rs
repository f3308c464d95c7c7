//! Every write of the dialect sent twice with one key: one effect, equal answers. The requests are those of the fixtures; a write for
//! which nobody says here what it changes fails the test.

use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::table::Effect;
use dialyard::server::rest::vobiz::Vobiz;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::contract::fixtures;
use crate::town::{Expect, Town, Who};

/// A number out of the database that is one higher after the write.
fn effect(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "purchaseNumber" => "SELECT COUNT(*) FROM orders WHERE state = 'completed'",
        "unrentNumber" => "SELECT COUNT(*) FROM events WHERE kind = 'number.released'",
        "assignTrunk" | "unassignTrunk" => "SELECT COUNT(*) FROM events WHERE kind = 'number.routed'",
        "assignSubAccount" => "SELECT COUNT(*) FROM events WHERE kind = 'number.handed_over'",
        "unassignSubAccount" => "SELECT COUNT(*) FROM events WHERE kind = 'number.taken_back'",
        "createSubAccount" => "SELECT COUNT(*) FROM api_keys WHERE sub_account_id IS NOT NULL",
        "updateSubAccount" => "SELECT COUNT(*) FROM audit WHERE action = 'sub_account.edited'",
        "deleteSubAccount" => "SELECT COUNT(*) FROM sub_accounts WHERE deleted_at IS NOT NULL",
        _ => return None,
    })
}

fn same(first: &Answer, second: &Answer, told: &str) {
    assert_eq!(first.status, second.status, "{told}");
    let mut shown = first.json.clone();
    // A secret is shown once, and its replay says so (R11).
    if second.json["secretShownBefore"] == true {
        shown["secretShownBefore"] = Value::Bool(true);
        shown["sub_account"]["auth_token"] = json!("<redacted>");
        shown["auth_credentials"]["auth_token"] = Value::Null;
        (shown["tokens"]["access_token"], shown["tokens"]["refresh_token"]) = (Value::Null, Value::Null);
    }
    assert_eq!(shown, second.json, "{told}");
}

#[tokio::test]
async fn every_write_sent_again_has_one_effect_and_the_same_answer() {
    let fixtures = fixtures();
    for route in Vobiz.routes().into_iter().filter(|route| route.effect != Effect::Read) {
        let told = format!("{route:?}");
        let effect = effect(route.operation).unwrap_or_else(|| panic!("{told}: nobody says what it changes"));
        let fixture = fixtures.values().find(|fixture| fixture.operation == route.operation && fixture.answer.status < 300);
        let fixture = fixture.unwrap_or_else(|| panic!("{told}: no fixture"));
        let (town, method) = (Town::new().await, route.method.as_str());
        let (path, body) = fixture.filled(&town.given(&fixture.given).await);
        let before = town.api.yard.app.scalar(effect).await;
        let first = town.once(method, &path, fixture.sender(), &body, "again").await;
        assert!(first.status.is_success(), "{told}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), "", "{told}");
        let second = town.once(method, &path, fixture.sender(), &body, "again").await;
        assert_eq!(second.header("idempotency-replayed"), "true", "{told}: {}", second.text);
        same(&first, &second, &told);
        assert_eq!(town.api.yard.app.scalar(effect).await, before + 1, "{told}");
        let other = json!({ "another": "body" });
        town.once(method, &path, fixture.sender(), &other, "again").await.general(422, "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM idempotency WHERE dialect = 'vobiz'").await, 1, "{told}");
    }
}

#[tokio::test]
async fn what_was_refused_is_not_kept() {
    let town = Town::new().await;
    let path = "/account/{auth_id}/numbers/purchase-from-inventory";
    let body = json!({ "e164": "+14155550199" });
    town.once("POST", path, Who::Parent, &body, "k").await.flat(404, "not_found");
    town.api.yard.app.stock(crate::support::OWN_STOCK, &["+14155550199"]).await;
    town.once("POST", path, Who::Parent, &body, "k").await.status(200);
    town.once("POST", path, Who::Parent, &body, "k").await.status(200);
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 1);
}
