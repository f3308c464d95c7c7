//! The inventory: what is for sale, by country and parts of the number.

use dialyard::server::services::holds;
use serde_json::Value;

use crate::support::OWN_STOCK;
use crate::town::{Expect, Town, Who};

const INVENTORY: &str = "/Account/{auth_id}/inventory/numbers";

fn e164s(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().into_iter().flatten().filter_map(|item| item["e164"].as_str()).collect()
}

async fn found(town: &Town, query: &str, who: Who) -> (Vec<String>, i64) {
    let answer = town.get(&format!("{INVENTORY}?{query}"), who).await.status(200).json;
    (e164s(&answer).into_iter().map(str::to_owned).collect(), answer["total"].as_i64().expect("a total"))
}

#[tokio::test]
async fn filters_are_all_applied_and_exclusions_win() {
    let town = Town::new().await;
    let stock = ["+12125550101", "+12125550102", "+14155550103", "+14157770104"];
    town.api.yard.app.stock(OWN_STOCK, &stock).await;
    let cases: [(&str, &[&str]); 12] = [
        ("", &stock),
        ("country=US", &stock),
        ("country=us", &stock),
        ("country=IN", &[]),
        ("search=1415", &stock[2..]),
        ("search=%2B1415", &stock[2..]),
        ("search=+1415", &stock[2..]),
        ("search=5550", &stock[..3]),
        ("exclude=%2B1212", &stock[2..]),
        ("exclude=1212,1415777&exclude=1212", &stock[2..3]),
        ("search=1212&exclude=121255501", &[]),
        ("search=5550&country=US&exclude=+1415&page=1&per_page=100", &stock[..2]),
    ];
    for (query, expected) in cases {
        let (numbers, total) = found(&town, query, Who::Parent).await;
        assert_eq!(numbers, expected, "{query}");
        assert_eq!(usize::try_from(total), Ok(expected.len()), "{query}");
    }
    assert_eq!(found(&town, "per_page=3&page=2", Who::Parent).await, (vec![stock[3].to_owned()], 4));
    assert_eq!(found(&town, "per_page=3&page=9", Who::Parent).await, (Vec::new(), 4));
    for (query, field) in [("search=CAFE", "search"), ("exclude=x", "exclude"), ("per_page=101", "per_page"), ("page=0", "page")] {
        assert_eq!(town.get(&format!("{INVENTORY}?{query}"), Who::Parent).await.faults(), [field], "{query}");
    }
}

#[tokio::test]
async fn held_and_sold_numbers_are_not_for_sale() {
    let town = Town::new().await;
    let yard = &town.api.yard;
    let (held, sold) = (town.stocked().await, town.stocked().await);
    holds::place(&yard.app.state, &yard.owner, &held).await.expect("held");
    assert_eq!(found(&town, "", Who::Parent).await.0, [held.clone(), sold.clone()], "one's own hold keeps nothing from oneself");
    assert_eq!(found(&town, "", Who::Stranger).await.0, [sold.clone()]);
    assert_eq!(found(&town, "", Who::SubAccount).await.0, [sold.clone()]);
    let path = "/account/{auth_id}/numbers/purchase-from-inventory";
    town.post(path, Who::Stranger, serde_json::json!({ "e164": sold })).await.status(200);
    assert_eq!(found(&town, "", Who::Parent).await, (vec![held.clone()], 1));
    // A hold that has ended counts as free at once.
    yard.app.clock.advance_s(1_800);
    assert_eq!(found(&town, "", Who::Stranger).await.0, [held.clone()]);
    holds::place(&yard.app.state, &town.api.stranger_organization, &held).await.expect("held by somebody else now");
    assert_eq!(found(&town, "", Who::Parent).await, (Vec::new(), 0));
}

#[tokio::test]
async fn an_item_keeps_its_id() {
    let town = Town::new().await;
    town.stocked().await;
    let id = async || town.get(INVENTORY, Who::Parent).await.json["items"][0]["id"].as_str().expect("an id").to_owned();
    let first = id().await;
    assert_eq!((first.len(), first == id().await), (36, true));
}
