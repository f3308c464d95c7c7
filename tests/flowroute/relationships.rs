//! The primary and the failover route of a number.

use serde_json::{Value, json};

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

fn link(id: &str) -> Value {
    json!({ "data": { "type": "route", "id": id } })
}

async fn routes_of(town: &Town, number: &str) -> (Value, Value) {
    let details = town.get(&format!("/numbers/{number}")).await.is_done(200);
    let relationships = &details.json["data"]["relationships"];
    (relationships["primary_route"]["data"]["id"].clone(), relationships["failover_route"]["data"]["id"].clone())
}

#[tokio::test]
async fn routes_are_set_replaced_and_taken_off() {
    let town = Town::new().await;
    let (number, office, home) = (town.number(Column::P0).await, town.route("office").await, town.route("home").await);
    let primary = format!("/numbers/{number}/relationships/primary_route");
    let failover = format!("/numbers/{number}/relationships/failover_route");
    assert_eq!(routes_of(&town, &number).await, (json!("0"), Value::Null));
    town.patch(&primary, link(&office)).await.is_done(204);
    town.patch(&failover, link(&home)).await.is_done(204);
    assert_eq!(routes_of(&town, &number).await, (json!(office), json!(home)));
    // An id may be a number, and the same route may be both.
    town.patch(&primary, json!({ "data": { "type": "route", "id": home.parse::<i64>().expect("a number") } })).await.is_done(204);
    assert_eq!(routes_of(&town, &number).await, (json!(home), json!(home)));
    let details = town.get(&format!("/numbers/{number}")).await.is_done(200);
    assert_eq!(details.json["included"].as_array().map(Vec::len), Some(1), "a resource is included once: {}", details.text);
    town.patch(&primary, link("0")).await.is_done(204);
    town.delete(&failover).await.is_done(204);
    assert_eq!(routes_of(&town, &number).await, (json!("0"), Value::Null));
    town.patch(&failover, link(&home)).await.is_done(204);
    town.patch(&failover, json!({ "data": null })).await.is_done(204);
    town.delete(&primary).await.is_done(204);
    assert_eq!(routes_of(&town, &number).await, (json!("0"), Value::Null), "taking off what is not there changes nothing");
    let id = town.api.yard.read(&number).await.id;
    let routed = town.api.yard.events(&id).await.into_iter().filter(|kind| kind == "number.routed").count();
    assert_eq!(routed, 7, "one event for each change, none for what was so already");
}

#[tokio::test]
async fn unknown_numbers_and_routes_are_not_there() {
    let town = Town::new().await;
    let (number, route) = (town.number(Column::P0).await, town.route("office").await);
    for kind in ["primary_route", "failover_route"] {
        let path = format!("/numbers/{number}/relationships/{kind}");
        for unknown in ["1", "99999", "x", "019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21", "99999999999999999999"] {
            town.patch(&path, link(unknown)).await.fails(404);
        }
        town.ask("PATCH", &path, Who::Stranger, link(&route)).await.fails(404);
        town.ask("DELETE", &path, Who::Stranger, Value::Null).await.fails(404);
        town.patch(&format!("/numbers/12065550199/relationships/{kind}"), link(&route)).await.fails(404);
        for body in [json!({}), json!({ "data": { "type": "number", "id": route } }), json!({ "data": { "type": "route" } }), Value::Null] {
            town.patch(&path, body).await.fails(422);
        }
    }
    town.patch(&format!("/numbers/{number}/relationships/failover_route"), link("0")).await.fails(422);
    town.get(&format!("/numbers/{number}/relationships/primary_route")).await.fails(405);
    town.get(&format!("/numbers/{number}/relationships/cnam")).await.fails(404);
    assert_eq!(routes_of(&town, &number).await, (json!("0"), Value::Null));
}

#[tokio::test]
async fn a_number_in_a_sub_account_is_that_sub_accounts_to_route() {
    let town = Town::new().await;
    let number = town.number(Column::S0).await;
    let ours = town.route("ours").await;
    let attributes = json!({ "route_type": "host", "value": "pbx.harbor.example", "alias": "theirs" });
    let made = town.ask("POST", "/routes", Who::SubAccount, json!({ "data": { "type": "route", "attributes": attributes } })).await;
    let theirs = made.is_done(201).json["data"]["id"].as_str().expect("an id").to_owned();
    let path = format!("/numbers/{number}/relationships/primary_route");
    for route in [&ours, &theirs] {
        let refused = town.patch(&path, link(route)).await.fails(403);
        assert_eq!(refused.json, json!({ "errors": [{ "status": 403, "title": "ActionNotAuthorizedError", "detail": "" }] }));
    }
    town.delete(&path).await.fails(403);
    town.ask("PATCH", &path, Who::SubAccount, link(&ours)).await.fails(404);
    town.ask("PATCH", &path, Who::SubAccount, link(&theirs)).await.is_done(204);
    assert_eq!(routes_of(&town, &number).await.0, json!(theirs));
}
