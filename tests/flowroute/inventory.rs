//! Searching the inventory: every filter, every order, pages, and the lists of area codes and exchanges.

use serde_json::{Value, json};

use crate::support::OWN_STOCK;
use crate::town::{Expect, ORIGIN, Town, Who};

const FIRST: &str = "12065550107";
const SECOND: &str = "12067770108";
const TOLL_FREE: &str = "18005550109";
const BRITISH: &str = "442071838750";

async fn found(town: &Town, query: &str) -> Vec<String> {
    town.get(&format!("/numbers/available?{query}")).await.is_done(200).ids()
}

#[tokio::test]
async fn every_filter_narrows_and_all_hold_together() {
    let town = Town::new().await;
    town.varied_stock().await;
    for (query, expected) in [
        ("", vec![FIRST, SECOND, TOLL_FREE, BRITISH]),
        ("starts_with=206", vec![FIRST, SECOND]),
        ("starts_with=1206", vec![FIRST, SECOND]),
        ("starts_with=%2B1206777", vec![SECOND]),
        ("starts_with=1", vec![FIRST, SECOND, TOLL_FREE]),
        ("starts_with=%2B44", vec![BRITISH]),
        ("starts_with=44", vec![]),
        ("contains=55501", vec![FIRST, TOLL_FREE]),
        ("ends_with=08", vec![SECOND]),
        ("rate_center=Seattle", vec![FIRST, SECOND]),
        ("state=wa", vec![FIRST, SECOND]),
        ("state=OR", vec![]),
        ("number_type=toll-free", vec![TOLL_FREE]),
        ("number_type=tollfree", vec![TOLL_FREE]),
        ("number_type=longcode", vec![FIRST, SECOND, BRITISH]),
        ("number_type=standard&iso_country=US", vec![FIRST, SECOND]),
        ("iso_country=gb", vec![BRITISH]),
        ("starts_with=206&contains=55&ends_with=107&rate_center=seattle&state=WA", vec![FIRST]),
        ("starts_with=206&ends_with=109", vec![]),
        ("colour=blue&page=2", vec![FIRST, SECOND, TOLL_FREE, BRITISH]),
    ] {
        assert_eq!(found(&town, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn orders_are_the_named_ones_in_both_directions() {
    let town = Town::new().await;
    town.varied_stock().await;
    for field in ["number", "value", "tn"] {
        assert_eq!(found(&town, &format!("order_by={field},asc")).await, [FIRST, SECOND, TOLL_FREE, BRITISH]);
        assert_eq!(found(&town, &format!("order_by={field},desc")).await, [BRITISH, TOLL_FREE, SECOND, FIRST]);
    }
    assert_eq!(found(&town, "order_by=monthly_cost,asc").await, [SECOND, FIRST, BRITISH, TOLL_FREE]);
    assert_eq!(found(&town, "order_by=monthly_cost%2Cdesc").await, [TOLL_FREE, BRITISH, FIRST, SECOND]);
    assert_eq!(found(&town, "order_by=iso_country").await, [BRITISH, FIRST, SECOND, TOLL_FREE]);
    assert_eq!(found(&town, "order_by=number_type,desc").await, [TOLL_FREE, FIRST, SECOND, BRITISH]);
    assert_eq!(found(&town, "order_by=state,desc").await, [FIRST, SECOND, TOLL_FREE, BRITISH]);
    assert_eq!(found(&town, "order_by=rate_center,asc").await, [TOLL_FREE, BRITISH, FIRST, SECOND]);
}

#[tokio::test]
async fn pages_follow_their_links_to_the_end() {
    let town = Town::new().await;
    town.varied_stock().await;
    let mut path = String::from("/numbers/available?starts_with=%2B&limit=3").replace("starts_with=%2B&", "");
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = town.get(&path).await.is_done(200);
        seen.extend(page.ids());
        pages += 1;
        let links = page.json["links"].as_object().expect("links");
        match links.get("next").and_then(Value::as_str) {
            Some(next) => path = next.strip_prefix(&format!("{ORIGIN}/v2")).expect("absolute").to_owned(),
            None => {
                assert!(!links.contains_key("next"), "the key is absent: {}", page.text);
                break;
            }
        }
    }
    assert_eq!((seen.len(), pages), (4, 2));
    // A page that ends exactly at the last one is the last.
    assert_eq!(town.get("/numbers/available?limit=4").await.is_done(200).json["links"].get("next"), None);
    let beyond = town.get("/numbers/available?limit=2&offset=4").await.is_done(200);
    assert_eq!((beyond.ids(), beyond.json["links"].get("next")), (Vec::new(), None));
}

#[tokio::test]
async fn ten_rows_are_shown_when_nobody_asks_for_more() {
    let town = Town::new().await;
    let all: Vec<String> = (0..11).map(|line| format!("+1415555{:04}", 2_000 + line)).collect();
    town.api.yard.app.stock(OWN_STOCK, &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let page = town.get("/numbers/available").await.is_done(200);
    assert_eq!(page.ids().len(), 10);
    assert_eq!(page.json["links"]["self"], json!(format!("{ORIGIN}/v2/numbers/available?limit=10&offset=0")));
    assert_eq!(page.json["links"]["next"], json!(format!("{ORIGIN}/v2/numbers/available?limit=10&offset=10")));
    assert_eq!(town.get("/numbers/available?limit=200").await.is_done(200).ids().len(), 11);
}

#[tokio::test]
async fn what_is_held_or_sold_is_not_offered_to_others() {
    let town = Town::new().await;
    town.varied_stock().await;
    town.api.post("/numbers/reserve", &town.api.parent, json!({ "e164": format!("+{FIRST}") })).await.is(201);
    assert_eq!(found(&town, "starts_with=206").await, [FIRST, SECOND], "one's own hold is offered");
    let stranger = town.ask("GET", "/numbers/available?starts_with=206", Who::Stranger, Value::Null).await;
    assert_eq!(stranger.is_done(200).ids(), [SECOND]);
    town.post(&format!("/numbers/{SECOND}"), Value::Null).await.is_done(201);
    assert_eq!(found(&town, "starts_with=206").await, [FIRST]);
    assert_eq!(town.get("/numbers/available/exchanges?areacode=206").await.is_done(200).ids(), ["206555"]);
}

#[tokio::test]
async fn area_codes_and_exchanges_are_those_of_the_plan_that_has_them() {
    let town = Town::new().await;
    town.varied_stock().await;
    let codes = town.get("/numbers/available/areacodes").await.is_done(200);
    assert_eq!(codes.ids(), ["206", "800"]);
    assert_eq!(town.get("/numbers/available/areacodes?limit=1&offset=1").await.is_done(200).ids(), ["800"]);
    assert_eq!(town.get("/numbers/available/areacodes?max_setup_cost=1").await.is_done(200).ids(), ["206"]);
    assert_eq!(town.get("/numbers/available/exchanges").await.is_done(200).ids(), ["206555", "206777", "800555"]);
    assert_eq!(town.get("/numbers/available/exchanges?max_setup_cost=0.5").await.is_done(200).ids(), Vec::<String>::new());
    // Each entry leads on to what is in it.
    let related = codes.json["data"][0]["links"]["related"].as_str().expect("a link").strip_prefix(&format!("{ORIGIN}/v2"));
    let exchanges = town.get(related.expect("absolute")).await.is_done(200);
    assert_eq!(exchanges.ids(), ["206555", "206777"]);
    let related = exchanges.json["data"][1]["links"]["related"].as_str().expect("a link").strip_prefix(&format!("{ORIGIN}/v2"));
    assert_eq!(town.get(related.expect("absolute")).await.is_done(200).ids(), [SECOND]);
}

#[tokio::test]
async fn senseless_parameters_are_named() {
    let town = Town::new().await;
    for (path, name) in [
        ("/numbers/available?limit=201", "limit"),
        ("/numbers/available?limit=0", "limit"),
        ("/numbers/available?limit=ten", "limit"),
        ("/numbers/available?offset=-1", "offset"),
        ("/numbers/available?starts_with=abc", "starts_with"),
        ("/numbers/available?contains=4x", "contains"),
        ("/numbers/available?ends_with=%2B1", "ends_with"),
        ("/numbers/available?number_type=shortcode", "number_type"),
        ("/numbers/available?iso_country=USA", "iso_country"),
        ("/numbers/available?state=Nowhere", "state"),
        ("/numbers/available?order_by=colour", "order_by"),
        ("/numbers/available?order_by=tn,sideways", "order_by"),
        ("/numbers/available/areacodes?limit=401", "limit"),
        ("/numbers/available/areacodes?max_setup_cost=cheap", "max_setup_cost"),
        ("/numbers/available/exchanges?limit=201", "limit"),
        ("/numbers/available/exchanges?areacode=911", "areacode"),
        ("/numbers?limit=201", "limit"),
        ("/numbers?offset=x", "offset"),
        ("/numbers?starts_with=-", "starts_with"),
        ("/routes?limit=201", "limit"),
        ("/routes?route_type=carrier", "route_type"),
    ] {
        let refused = town.get(path).await.fails(422);
        let detail = refused.json["errors"][0]["detail"].as_str().unwrap_or_else(|| panic!("{path}: {}", refused.text));
        assert!(detail.starts_with(&format!("{name}: ")), "{path}: {detail}");
    }
    town.get("/numbers/available/areacodes?limit=400").await.is_done(200);
}
