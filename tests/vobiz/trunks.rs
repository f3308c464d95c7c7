//! Trunks: a trunk group is a route, and the number's trunk its primary one.

use serde_json::json;

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

fn path(number: &str) -> String {
    format!("/account/{{auth_id}}/numbers/{number}/assign")
}

#[tokio::test]
async fn a_trunk_goes_on_and_comes_off() {
    let town = Town::new().await;
    let (number, trunk) = (town.number(Column::P0).await, town.trunk().await);
    let shown = async || town.get("/account/{auth_id}/numbers", Who::Parent).await.json["items"][0]["trunk_group_id"].clone();
    assert!(shown().await.is_null(), "it is not there while there is no trunk");
    assert_eq!(town.post(&path(&number), Who::Parent, json!({ "trunk_group_id": trunk })).await.status(204).text, "");
    assert_eq!(shown().await, trunk.as_str());
    town.post(&path(&number), Who::Parent, json!({ "trunk_group_id": trunk })).await.flat(400, "invalid request");
    town.delete(&path(&number.replace('+', "")), Who::Parent).await.status(204);
    assert!(shown().await.is_null());
    town.delete(&path(&number), Who::Parent).await.flat(404, "Number not found");
}

#[tokio::test]
async fn a_trunk_of_another_account_is_none() {
    let town = Town::new().await;
    let (pool, harbor, trunk) = (town.number(Column::P0).await, town.number(Column::S0).await, town.trunk().await);
    let put = async |number: &str, who: Who, trunk: &str| town.post(&path(number), who, json!({ "trunk_group_id": trunk })).await;
    put(&pool, Who::Parent, "00000000-0000-0000-0000-000000000000").await.general(404, "TRUNK_NOT_FOUND");
    put(&harbor, Who::Parent, &trunk).await.general(404, "TRUNK_NOT_FOUND");
    put(&harbor, Who::SubAccount, &trunk).await.general(404, "TRUNK_NOT_FOUND");
    put(&pool, Who::SubAccount, &trunk).await.flat(404, "Number not found");
    put(&pool, Who::Stranger, &trunk).await.flat(404, "Number not found");
    put("nonsense", Who::Parent, &trunk).await.flat(400, "invalid request");
    assert_eq!(town.post(&path(&pool), Who::Parent, json!({})).await.faults(), ["trunk_group_id"]);
    let released = town.number(Column::RL).await;
    put(&released, Who::Parent, &trunk).await.flat(404, "Number not found");
    town.delete(&path(&released), Who::Parent).await.flat(404, "Number not found");
}

#[tokio::test]
async fn handing_over_clears_the_trunk() {
    let town = Town::new().await;
    let (number, trunk) = (town.number(Column::P0).await, town.trunk().await);
    town.post(&path(&number), Who::Parent, json!({ "trunk_group_id": trunk })).await.status(204);
    let hand = format!("/account/{{auth_id}}/numbers/{number}/assign-subaccount");
    town.post(&hand, Who::Parent, json!({ "sub_account_id": town.sub_account })).await.status(204);
    town.delete(&path(&number), Who::Parent).await.flat(404, "Number not found");
}
