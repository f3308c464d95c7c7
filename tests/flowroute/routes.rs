//! Inbound routes and edges.

use serde_json::{Value, json};

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

fn route(attributes: Value) -> Value {
    json!({ "data": { "type": "route", "attributes": attributes } })
}

#[tokio::test]
async fn the_built_in_route_is_always_first_and_never_changed() {
    let town = Town::new().await;
    assert_eq!(town.get("/routes").await.is_done(200).ids(), ["0"]);
    let (first, second) = (town.route("one").await, town.route("two").await);
    assert_eq!((first.as_str(), second.as_str()), ("10001", "10002"));
    assert_eq!(town.get("/routes").await.is_done(200).ids(), ["0", "10001", "10002"]);
    assert_eq!(town.get("/routes?limit=2").await.is_done(200).ids(), ["0", "10001"]);
    assert_eq!(town.get("/routes?limit=2&offset=2").await.is_done(200).ids(), ["10002"]);
    assert_eq!(
        town.get("/routes?limit=1").await.is_done(200).json["links"]["next"].as_str().map(|next| next.ends_with("offset=1")),
        Some(true)
    );
    assert_eq!(town.get("/routes?limit=3").await.is_done(200).json["links"].get("next"), None);
    assert_eq!(town.get("/routes?route_type=sip-reg").await.is_done(200).ids(), ["0"]);
    assert_eq!(town.get("/routes?route_type=host&offset=1").await.is_done(200).ids(), ["10002"]);
    assert_eq!(town.get("/routes?route_type=number").await.is_done(200).ids(), Vec::<String>::new());
    assert_eq!(town.get("/routes/0").await.is_done(200).json["data"]["attributes"]["value"], Value::Null);
    town.patch("/routes/0", route(json!({ "alias": "mine" }))).await.fails(422);
    town.delete("/routes/0").await.fails(422);
}

#[tokio::test]
async fn every_kind_of_route_is_made_and_changed() {
    let town = Town::new().await;
    for (kind, sent, shown) in [
        ("host", json!("PBX.example.com:5080"), json!("pbx.example.com:5080")),
        ("number", json!("12065550123"), json!("12065550123")),
        ("uri", json!("sip:desk@example.com:5061;transport=tls"), json!("sip:desk@example.com:5061;transport=tls")),
        ("sip-reg", json!(null), json!(null)),
    ] {
        let made = town.post("/routes", route(json!({ "route_type": kind, "value": sent, "alias": kind }))).await.is_done(201);
        let attributes = &made.json["data"]["attributes"];
        assert_eq!((&attributes["value"], &attributes["route_type"], &attributes["alias"]), (&shown, &json!(kind), &json!(kind)));
        assert!(attributes.get("edge_strategy_id").is_none(), "{}", made.text);
    }
    let path = format!("/routes/{}", town.route("office").await);
    let edited =
        town.patch(&path, route(json!({ "route_type": "number", "value": "12065550124", "edge_strategy_id": 1 }))).await.is_done(200);
    let expected = json!({ "alias": "office", "route_type": "number", "value": "12065550124", "edge_strategy_id": 1 });
    assert_eq!(edited.json["data"]["attributes"], expected);
    let kept = town.patch(&path, route(json!({ "value": "12065550125" }))).await.is_done(200);
    assert_eq!(
        (&kept.json["data"]["attributes"]["value"], &kept.json["data"]["attributes"]["edge_strategy_id"]),
        (&json!("12065550125"), &json!(1))
    );
    let cleared = town.patch(&path, route(json!({ "edge_strategy_id": null }))).await.is_done(200);
    assert!(cleared.json["data"]["attributes"].get("edge_strategy_id").is_none());
    assert_eq!(town.get(&path).await.is_done(200).json, cleared.json);
}

#[tokio::test]
async fn a_senseless_route_is_refused_where_it_stands() {
    let town = Town::new().await;
    let path = format!("/routes/{}", town.route("office").await);
    for (attributes, place) in [
        (json!({ "route_type": "host", "value": "pbx.example.com" }), "alias"),
        (json!({ "route_type": "host", "alias": "a" }), "value"),
        (json!({ "value": "pbx.example.com", "alias": "a" }), "route_type"),
        (json!({ "route_type": "carrier", "value": "pbx.example.com", "alias": "a" }), "route_type"),
        (json!({ "route_type": "host", "value": "no host", "alias": "a" }), "value"),
        (json!({ "route_type": "number", "value": "12", "alias": "a" }), "value"),
        (json!({ "route_type": "uri", "value": "mailto:a@b", "alias": "a" }), "value"),
        (json!({ "route_type": "host", "value": "pbx.example.com", "alias": "" }), "alias"),
        (json!({ "route_type": "host", "value": "pbx.example.com", "alias": "a", "edge_strategy_id": 4 }), "edge_strategy_id"),
        (json!({ "route_type": "host", "value": "pbx.example.com", "alias": "a", "edge_strategy": "east" }), "edge_strategy"),
    ] {
        let refused = town.post("/routes", route(attributes.clone())).await.fails(422);
        let message = refused.json["errors"][0]["detail"].pointer(&format!("/data/attributes/{place}/0"));
        assert!(message.is_some_and(Value::is_string), "{attributes}: {}", refused.text);
    }
    town.patch(&path, route(json!({ "value": "no host" }))).await.fails(422);
    for body in [Value::Null, json!({}), json!({ "data": { "type": "number", "attributes": {} } })] {
        town.post("/routes", body).await.fails(422);
    }
    assert_eq!(town.get("/routes").await.is_done(200).ids().len(), 2);
}

#[tokio::test]
async fn a_route_goes_only_when_no_number_uses_it() {
    let town = Town::new().await;
    let (number, id) = (town.number(Column::P0).await, town.route("office").await);
    let (path, link) = (format!("/routes/{id}"), format!("/numbers/{number}/relationships/failover_route"));
    town.patch(&link, json!({ "data": { "type": "route", "id": id } })).await.is_done(204);
    town.delete(&path).await.fails(403);
    town.delete(&link).await.is_done(204);
    for who in [Who::Stranger, Who::SubAccount] {
        town.ask("GET", &path, who, Value::Null).await.fails(404);
        town.ask("PATCH", &path, who, route(json!({ "alias": "theirs" }))).await.fails(404);
        town.ask("DELETE", &path, who, Value::Null).await.fails(404);
        assert_eq!(town.ask("GET", "/routes", who, Value::Null).await.is_done(200).ids(), ["0"]);
    }
    town.delete(&path).await.is_done(204);
    town.delete(&path).await.fails(404);
    town.get(&path).await.fails(404);
    assert_eq!(town.route("next").await, "10002", "a public number is never given twice");
}
