//! Every write of the dialect sent twice with one key: one effect, equal answers. The requests are those of the fixtures; a write for
//! which nobody says here what it changes fails the test.

use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::flowroute::Flowroute;
use dialyard::server::rest::table::Effect;
use serde_json::json;

use crate::fixtures::fixtures;
use crate::town::{Expect, Town};

/// A number out of the database that is one higher after the write.
fn effect(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "purchaseNumber" => "SELECT COUNT(*) FROM orders WHERE state = 'completed'",
        "updateNumber" => "SELECT COUNT(*) FROM events WHERE kind = 'number.labelled'",
        "releaseNumber" => "SELECT COUNT(*) FROM events WHERE kind = 'number.released'",
        "updatePrimaryRoute" | "updateFailoverRoute" | "removePrimaryRoute" | "removeFailoverRoute" => {
            "SELECT COUNT(*) FROM events WHERE kind = 'number.routed'"
        }
        "createInboundRoute" => "SELECT COUNT(*) FROM audit WHERE action = 'route.created'",
        "updateInboundRoute" => "SELECT COUNT(*) FROM audit WHERE action = 'route.edited'",
        "deleteInboundRoute" => "SELECT COUNT(*) FROM audit WHERE action = 'route.deleted'",
        _ => return None,
    })
}

#[tokio::test]
async fn every_write_sent_again_has_one_effect_and_the_same_answer() {
    let fixtures = fixtures();
    for route in Flowroute.routes().into_iter().filter(|route| route.effect != Effect::Read) {
        let told = format!("{route:?}");
        let effect = effect(route.operation).unwrap_or_else(|| panic!("{told}: nobody says what it changes"));
        let fixture = fixtures.values().find(|fixture| fixture.operation == route.operation && fixture.answer.status < 300);
        let fixture = fixture.unwrap_or_else(|| panic!("{told}: no fixture"));
        let (town, method) = (Town::new().await, route.method.as_str());
        let (path, body) = fixture.filled(&town.given(&fixture.given).await);
        let before = town.api.yard.app.scalar(effect).await;
        let first = town.once(method, &path, &body, "again").await;
        assert!(first.status.is_success(), "{told}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), "", "{told}");
        let second = town.once(method, &path, &body, "again").await;
        assert_eq!(second.header("idempotency-replayed"), "true", "{told}: {}", second.text);
        assert_eq!((first.status, &first.text, first.header("content-type")), (second.status, &second.text, second.header("content-type")));
        assert_eq!(town.api.yard.app.scalar(effect).await, before + 1, "{told}");
        town.once(method, &path, &json!({ "another": "body" }), "again").await.fails(422);
        assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM idempotency WHERE dialect = 'flowroute'").await, 1, "{told}");
    }
}

#[tokio::test]
async fn what_was_refused_is_not_kept() {
    let town = Town::new().await;
    let path = "/numbers/14155550199";
    town.once("POST", path, &serde_json::Value::Null, "k").await.fails(404);
    town.api.yard.app.stock(crate::support::OWN_STOCK, &["+14155550199"]).await;
    town.once("POST", path, &serde_json::Value::Null, "k").await.is_done(201);
    town.once("POST", path, &serde_json::Value::Null, "k").await.is_done(201);
    assert_eq!(town.api.yard.app.scalar("SELECT COUNT(*) FROM orders").await, 1);
}
