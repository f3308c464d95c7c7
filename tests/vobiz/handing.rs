//! Numbers into sub-accounts and back: the cool-off, and forcing its end.

use serde_json::{Value, json};

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

fn path(number: &str) -> String {
    format!("/account/{{auth_id}}/numbers/{number}/assign-subaccount")
}

#[tokio::test]
async fn a_number_is_handed_over_by_any_name_of_the_sub_account() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let numeric = yard.app.scalar("SELECT public_number FROM sub_accounts WHERE name = 'Harbor Dental'").await.to_string();
    for name in [&town.sub_account, &yard.harbor, &numeric] {
        let number = town.number(Column::P0).await;
        assert_eq!(town.post(&path(&number), Who::Parent, json!({ "sub_account_id": name })).await.status(204).text, "");
        assert_eq!(yard.read(&number).await.sub_account_id.as_ref(), Some(&yard.harbor));
        town.post(&path(&number), Who::Parent, json!({ "sub_account_id": name })).await.status(204);
        assert_eq!(town.delete(&path(&number), Who::Parent).await.status(204).text, "");
        assert_eq!(yard.read(&number).await.sub_account_id, None);
    }
}

#[tokio::test]
async fn what_is_not_in_the_pool_is_not_found_and_what_is_in_use_says_so() {
    let town = Town::new().await;
    let to = |sub_account: &str| json!({ "sub_account_id": sub_account });
    let elsewhere = town.number(Column::P0).await;
    town.hand_to_lakeside(&elsewhere).await;
    let answered = town.number(Column::S1).await;
    for number in [elsewhere.as_str(), "+14155559999", "abc"] {
        town.post(&path(number), Who::Parent, to(&town.sub_account)).await.flat(404, "not_found");
    }
    town.post(&path(&answered), Who::Parent, to(&town.api.yard.lakeside)).await.flat(404, "not_found");
    let pool = town.number(Column::P0).await;
    for unknown in ["SA_00000000", &town.parent, &town.stranger] {
        town.post(&path(&pool), Who::Parent, to(unknown)).await.flat(404, "not_found");
    }
    town.post(&path(&pool), Who::Stranger, to(&town.sub_account)).await.flat(404, "not_found");
    assert_eq!(town.post(&path(&pool), Who::Parent, json!({})).await.faults(), ["sub_account_id"]);
    town.post(&path(&town.number(Column::P1).await), Who::Parent, to(&town.sub_account)).await.general(409, "NUMBER_IN_USE");
    town.post(&path(&town.number(Column::LockedInPool).await), Who::Parent, to(&town.sub_account)).await.general(409, "NUMBER_LOCKED");
    town.post(&path(&town.number(Column::PastDueInPool).await), Who::Parent, to(&town.sub_account)).await.general(409, "PAST_DUE");
    town.api.disable_harbor().await;
    town.post(&path(&pool), Who::Parent, to(&town.sub_account)).await.general(409, "SUB_ACCOUNT_DISABLED");
}

#[tokio::test]
async fn the_cool_off_has_three_keys_and_ends_at_its_second() {
    let town = Town::new().await;
    let number = town.number(Column::SC).await;
    town.api.yard.app.clock.advance_s(86_400);
    let refused = town.delete(&path(&number), Who::Parent).await.status(409);
    let expected = json!({
        "error": "did_cool_off_in_effect", "cool_off_until": "2026-12-07T12:00:00Z", "cool_off_remaining_seconds": 14 * 86_400,
    });
    assert_eq!(refused.json, expected);
    for not_forced in ["force=false", "force=False", "force=0"] {
        assert_eq!(town.delete(&format!("{}?{not_forced}", path(&number)), Who::Forcing).await.status(409).json, expected);
    }
    town.api.yard.app.clock.advance_s(14 * 86_400 - 1);
    assert_eq!(town.delete(&path(&number), Who::Parent).await.status(409).json["cool_off_remaining_seconds"], 1);
    town.api.yard.app.clock.advance_s(1);
    town.delete(&path(&number), Who::Parent).await.status(204);
    town.delete(&path(&number), Who::Parent).await.flat(404, "not_found");
}

#[tokio::test]
async fn only_an_admin_forces_and_each_force_is_written_down() {
    let town = Town::new().await;
    let app = &town.api.yard.app;
    let running = town.number(Column::SC).await;
    // Decided before the number is looked up: the same for own, foreign and unknown ones (R3).
    for number in [running.as_str(), "+14155559999"] {
        for who in [Who::Parent, Who::Stranger] {
            town.delete(&format!("{}?force=true", path(number)), who).await.flat(403, "forbidden");
        }
    }
    assert_eq!(town.delete(&format!("{}?force=maybe", path(&running)), Who::Forcing).await.faults(), ["force"]);
    town.delete(&format!("{}?force=True", path(&running)), Who::Forcing).await.status(204);
    let row = "SELECT COALESCE(reason, 'none') || ' ' || channel || ' ' || actor_kind FROM audit WHERE action = 'cool_off.forced' ORDER BY at DESC, id DESC LIMIT 1";
    assert_eq!(app.text(row).await, "none vobiz key");
    app.clock.advance_s(1);
    let never_called = town.number(Column::S0).await;
    town.delete(&format!("{}?force=true&reason=They%20moved", path(&never_called)), Who::Forcing).await.status(204);
    assert_eq!(app.text(row).await, "They moved vobiz key", "also where no clock ran");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'cool_off.forced'").await, 2);
    let long = "x".repeat(501);
    let again = town.number(Column::SC).await;
    assert_eq!(town.delete(&format!("{}?force=true&reason={long}", path(&again)), Who::Forcing).await.faults(), ["reason"]);
}

#[tokio::test]
async fn a_sub_account_neither_takes_nor_returns() {
    let town = Town::new().await;
    let (pool, own) = (town.number(Column::P0).await, town.number(Column::S0).await);
    for base in [town.parent.clone(), town.sub_account.clone()] {
        let path = |number: &str| format!("/account/{base}/numbers/{number}/assign-subaccount");
        town.post(&path(&pool), Who::SubAccount, json!({ "sub_account_id": town.sub_account })).await.gateway(403);
        town.delete(&path(&own), Who::SubAccount).await.gateway(403);
    }
    town.delete(&path(&town.number(Column::LockedInSubAccount).await), Who::Parent).await.general(409, "NUMBER_LOCKED");
    assert_eq!(town.ask("POST", &path(&pool), Who::Parent, Value::Null).await.faults(), ["sub_account_id"]);
}
