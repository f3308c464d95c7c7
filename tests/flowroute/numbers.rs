//! The numbers of the account: lists, details, the alias, and giving back.

use serde_json::{Value, json};

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

#[tokio::test]
async fn the_whole_organization_is_listed_and_nothing_that_is_released() {
    let town = Town::new().await;
    let (pool, placed, released) = (town.number(Column::P0).await, town.number(Column::S0).await, town.number(Column::RL).await);
    let listed = town.get("/numbers").await.is_done(200);
    assert_eq!(listed.ids(), [pool.clone(), placed.clone()]);
    assert!(listed.json["data"][0].get("relationships").is_none() && listed.json.get("included").is_none(), "{}", listed.text);
    town.get(&format!("/numbers/{released}")).await.fails(404);
    let of_sub_account = town.ask("GET", "/numbers", Who::SubAccount, Value::Null).await.is_done(200);
    assert_eq!(of_sub_account.ids(), [placed.clone()]);
    town.ask("GET", &format!("/numbers/{pool}"), Who::SubAccount, Value::Null).await.fails(404);
    assert_eq!(town.ask("GET", "/numbers", Who::Stranger, Value::Null).await.is_done(200).ids(), Vec::<String>::new());
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let town = Town::new().await;
    let (first, second, third) = (town.number(Column::P0).await, town.number(Column::P0).await, town.number(Column::P0).await);
    town.patch(&format!("/numbers/{second}"), json!({ "type": "number", "alias": "Desk 100%" })).await.is_done(200);
    let ids = async |query: &str| town.get(&format!("/numbers?{query}")).await.is_done(200).ids();
    assert_eq!(ids("starts_with=415").await, [first.clone(), second.clone(), third.clone()]);
    assert_eq!(ids("starts_with=%2B44").await, Vec::<String>::new());
    assert_eq!(ids(&format!("ends_with={}", &second[7..])).await, [second.clone()]);
    assert_eq!(ids(&format!("contains={}", &third[4..])).await, [third.clone()]);
    assert_eq!(ids("alias=desk%20100%25").await, [second.clone()]);
    assert_eq!(ids("alias=desk").await, Vec::<String>::new(), "an alias is compared as a whole");
    assert_eq!(ids("alias=desk%20____").await, Vec::<String>::new(), "nothing in it stands for something else");
    assert_eq!(ids("limit=2&offset=1").await, [second, third]);
    let page = town.get("/numbers?limit=2").await.is_done(200);
    let next = page.json["links"]["next"].as_str().expect("another page");
    assert!(next.ends_with("/v2/numbers?limit=2&offset=2"), "{next}");
    assert_eq!(town.get("/numbers?limit=3").await.is_done(200).json["links"].get("next"), None);
}

#[tokio::test]
async fn alias_and_name_look_up_are_changed_in_both_forms_of_a_body() {
    let town = Town::new().await;
    let number = town.number(Column::P0).await;
    let path = format!("/numbers/{number}");
    let attributes = |answer: &crate::client::Answer| answer.json["data"]["attributes"].clone();
    let named = town.patch(&path, json!({ "type": "number", "alias": "Front desk" })).await.is_done(200);
    assert_eq!((&attributes(&named)["alias"], &attributes(&named)["cnam_lookups_enabled"]), (&json!("Front desk"), &json!(false)));
    let body = json!({ "data": { "type": "number", "attributes": { "cnam_lookups_enabled": true } } });
    let switched = town.patch(&path, body).await.is_done(200);
    assert_eq!((&attributes(&switched)["alias"], &attributes(&switched)["cnam_lookups_enabled"]), (&json!("Front desk"), &json!(true)));
    assert_eq!(town.get(&path).await.is_done(200).json, switched.json);
    let cleared = town.patch(&path, json!({ "type": "number", "alias": null })).await.is_done(200);
    assert_eq!(attributes(&cleared)["alias"], Value::Null);
    assert_eq!(
        town.api.yard.events(&town.api.yard.read(&number).await.id).await,
        ["number.purchased", "number.labelled", "number.cnam_switched", "number.labelled"]
    );
    let native = town.api.get(&format!("/numbers/{number}"), &town.api.parent).await.is(200);
    assert_eq!((native.data("label"), native.data("cnamLookupsEnabled")), (&json!(""), &json!(true)));
}

#[tokio::test]
async fn a_senseless_change_is_refused_where_it_stands() {
    let town = Town::new().await;
    let number = town.number(Column::P0).await;
    let path = format!("/numbers/{number}");
    for (body, place) in [
        (json!({ "type": "route", "alias": "x" }), "/type/0"),
        (json!({ "type": "number", "alias": 1 }), "/alias/0"),
        (json!({ "type": "number", "alias": "x".repeat(65) }), "/alias/0"),
        (json!({ "type": "number", "cnam_lookups_enabled": "yes" }), "/cnam_lookups_enabled/0"),
        (json!({ "type": "number", "messaging_enabled": 1 }), "/messaging_enabled/0"),
        (json!({ "data": { "type": "number", "attributes": { "alias": "x".repeat(65) } } }), "/data/attributes/alias/0"),
        (json!({ "data": [] }), "/data/0"),
        (json!([]), "/body/0"),
    ] {
        let refused = town.patch(&path, body.clone()).await.fails(422);
        let message = refused.json["errors"][0]["detail"].pointer(place);
        assert!(message.is_some_and(Value::is_string), "{body}: {}", refused.text);
    }
    assert_eq!(town.api.yard.read(&number).await.label, "");
}

#[tokio::test]
async fn a_number_is_given_back_once_and_only_from_the_pool() {
    let town = Town::new().await;
    let number = town.number(Column::P1).await;
    let path = format!("/numbers/{number}");
    town.ask("DELETE", &path, Who::Stranger, Value::Null).await.fails(404);
    town.delete(&path).await.is_done(204);
    let gone = town.delete(&path).await.fails(404);
    assert_eq!(gone.json["errors"][0]["detail"], "Could not find that resource on your account.");
    town.get(&path).await.fails(404);
    town.patch(&path, json!({ "type": "number", "alias": "x" })).await.fails(404);
    let read = town.api.yard.read(&number).await;
    assert!(read.is_released() && read.recoverable_until.is_some(), "it can be restored for a day like any other");
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'number.released' AND channel = 'flowroute' AND actor_kind = 'key'";
    assert_eq!(town.api.yard.app.scalar(audited).await, 1);
    for column in [Column::S0, Column::LockedInPool] {
        let kept = town.number(column).await;
        town.delete(&format!("/numbers/{kept}")).await.fails(409);
        town.get(&format!("/numbers/{kept}")).await.is_done(200);
    }
}

#[tokio::test]
async fn a_path_is_digits_with_or_without_a_plus_sign() {
    let town = Town::new().await;
    let number = town.api.yard.number(Column::P0).await;
    for path in [number.e164.clone(), number.e164.replace('+', "%2B"), number.e164.replace('+', "")] {
        town.get(&format!("/numbers/{path}")).await.is_done(200);
    }
    for path in [number.id.as_str(), "x", "415", "1415555010x", "14155550199", "1234567890123456"] {
        town.get(&format!("/numbers/{path}")).await.fails(404);
    }
}
