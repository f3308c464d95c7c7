//! The list of an account's numbers, and giving numbers back.

use dialyard::server::services::{moving, numbers};
use serde_json::Value;

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

const LIST: &str = "/account/{auth_id}/numbers";

fn e164s(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().into_iter().flatten().filter_map(|item| item["e164"].as_str()).collect()
}

#[tokio::test]
async fn a_main_account_sees_its_sub_accounts_numbers_unless_it_does_not_want_to() {
    let town = Town::new().await;
    let (pool, harbor) = (town.number(Column::P0).await, town.number(Column::S0).await);
    town.number(Column::RL).await;
    let all = town.get(LIST, Who::Parent).await.status(200).json;
    assert_eq!(e164s(&all), [&pool, &harbor], "a released number is not listed");
    assert_eq!(
        (&all["items"][0]["account_id"], &all["items"][1]["account_id"]),
        (&town.parent.as_str().into(), &town.sub_account.as_str().into())
    );
    // Python's booleans come as they are written there.
    for text in ["False", "false"] {
        let own = town.get(&format!("{LIST}?include_subaccounts={text}"), Who::Parent).await.status(200).json;
        assert_eq!((e164s(&own), &own["total"]), (vec![pool.as_str()], &1.into()));
    }
    assert_eq!(e164s(&town.get(&format!("{LIST}?include_subaccounts=True"), Who::Parent).await.json).len(), 2);
    let path = format!("/account/{}/numbers", town.sub_account);
    assert_eq!(e164s(&town.get(&path, Who::Parent).await.status(200).json), [&harbor], "the parent asks for its sub-account");
    assert_eq!(e164s(&town.get(LIST, Who::SubAccount).await.status(200).json), [&harbor]);
    assert!(e164s(&town.get(LIST, Who::Stranger).await.status(200).json).is_empty());
}

#[tokio::test]
async fn pages_are_counted_by_number_and_end_in_an_empty_one() {
    let town = Town::new().await;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        numbers.push(town.number(Column::P0).await);
    }
    let page = async |page: &str| town.get(&format!("/Account/{{auth_id}}/numbers?per_page=2&page={page}"), Who::Parent).await;
    assert_eq!(e164s(&page("1").await.json), numbers[..2]);
    let last = page("2").await.json;
    assert_eq!(
        (e164s(&last), &last["total"], &last["page"], &last["per_page"]),
        (vec![numbers[2].as_str()], &3.into(), &2.into(), &2.into())
    );
    assert!(e164s(&page("99").await.status(200).json).is_empty());
    for (query, field) in
        [("page=0", "page"), ("per_page=0", "per_page"), ("per_page=101", "per_page"), ("page=x", "page"), ("page=-1", "page")]
    {
        assert_eq!(town.get(&format!("{LIST}?{query}"), Who::Parent).await.faults(), [field], "{query}");
    }
    assert_eq!(town.get(&format!("{LIST}?include_subaccounts=maybe"), Who::Parent).await.faults(), ["include_subaccounts"]);
    town.get(&format!("{LIST}?limit=5&offset=2&colour=red"), Who::Parent).await.status(200);
}

#[tokio::test]
async fn numbers_are_searched_by_any_part_with_the_country_code() {
    let town = Town::new().await;
    let number = town.number(Column::P0).await;
    town.number(Column::P0).await;
    for part in [&number[1..], &number[8..], &format!("%2B{}", &number[1..]), &format!("+{}", &number[1..])] {
        let found = town.get(&format!("{LIST}?search={part}"), Who::Parent).await.status(200).json;
        assert_eq!(e164s(&found), [&number], "{part}");
    }
    assert!(e164s(&town.get(&format!("{LIST}?search=%25"), Who::Parent).await.status(200).json).is_empty());
}

#[tokio::test]
async fn states_read_as_vobiz_calls_them() {
    let town = Town::new().await;
    let number = town.number(Column::P1).await;
    let item = |answer: Value| answer["items"][0].clone();
    let active = item(town.get(LIST, Who::Parent).await.json);
    assert_eq!(
        (&active["status"], &active["is_blocked"], &active["application_id"]),
        (&"active".into(), &false.into(), &town.api.yard.front_desk.as_str().into())
    );
    let id = town.api.yard.read(&number).await.id;
    town.api.yard.billing(&id, "suspended").await;
    let blocked = item(town.get(LIST, Who::Parent).await.json);
    assert_eq!((&blocked["status"], &blocked["is_blocked"]), (&"blocked".into(), &true.into()));
}

#[tokio::test]
async fn a_number_is_given_back_however_it_is_written() {
    let town = Town::new().await;
    for plus in ["+", "%2B", ""] {
        let number = town.number(Column::P0).await;
        let path = format!("/account/{{auth_id}}/numbers/{}", number.replace('+', plus));
        assert_eq!(town.delete(&path, Who::Parent).await.status(204).text, "");
        assert!(town.api.yard.read(&number).await.is_released());
        town.delete(&path, Who::Parent).await.status(204);
    }
}

#[tokio::test]
async fn what_is_not_to_be_given_back_stays() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let path = |number: &str| format!("/Account/{{auth_id}}/numbers/{number}");
    for unknown in ["+14155559999", "14155559999", "abc", "%2B1"] {
        town.delete(&path(unknown), Who::Parent).await.flat(403, "forbidden");
    }
    let number = town.number(Column::P0).await;
    town.delete(&path(&number), Who::Stranger).await.flat(403, "forbidden");
    town.delete(&path(&number), Who::SubAccount).await.flat(403, "forbidden");
    let harbor = town.number(Column::S0).await;
    town.delete(&path(&harbor), Who::Parent).await.general(409, "NUMBER_IN_SUB_ACCOUNT");
    town.delete(&path(&harbor), Who::SubAccount).await.general(409, "NUMBER_IN_SUB_ACCOUNT");
    numbers::set_locked(&yard.app.state, &yard.owner, &number, true).await.expect("locked");
    town.delete(&path(&number), Who::Parent).await.general(409, "NUMBER_LOCKED");
    moving::take_back(&yard.app.state, &yard.owner, &harbor, moving::Force::No).await.expect("taken back");
    town.delete(&path(&harbor), Who::Parent).await.status(204);
    let gone = town.number(Column::XX).await;
    town.delete(&path(&gone), Who::Parent).await.flat(403, "forbidden");
}
