//! The balance and the transactions.

use serde_json::{Value, json};

use crate::support::owned::Column;
use crate::town::{Expect, Town, Who};

const LINES: &str = "/account/{auth_id}/transactions";

async fn asked(town: &Town, query: &str) -> Value {
    town.get(&format!("{LINES}?{query}"), Who::Parent).await.status(200).json
}

fn kinds(answer: &Value) -> Vec<&str> {
    answer["transactions"].as_array().into_iter().flatten().filter_map(|line| line["reference_type"].as_str()).collect()
}

#[tokio::test]
async fn the_balance_is_the_wallets() {
    let town = Town::new().await;
    town.number(Column::P0).await;
    for currency in ["USD", "usd"] {
        let answer = town.get(&format!("/account/{{auth_id}}/balance/{currency}"), Who::Parent).await.status(200);
        assert!(answer.text.contains("\"available_balance\":997.75"), "{}", answer.text);
    }
    let of_sub_account = format!("/account/{}/balance/USD", town.sub_account);
    assert_eq!(town.get(&of_sub_account, Who::Parent).await.status(200).json["account_id"], town.parent.as_str(), "the parent's");
    // The wallet is the organization's alone, in every dialect.
    town.get(&of_sub_account, Who::SubAccount).await.gateway(403);
    town.get("/account/{auth_id}/balance/EUR", Who::Parent).await.flat(404, "not_found");
}

#[tokio::test]
async fn filters_narrow_lines_and_summary_alike() {
    let town = Town::new().await;
    let number = town.number(Column::P0).await;
    town.api.yard.app.clock.advance_s(86_400);
    town.number(Column::P0).await;
    let all = asked(&town, "").await;
    assert_eq!(kinds(&all), ["did_rental", "did_purchase", "did_rental", "did_purchase", "payment"], "newest first");
    let id = all["transactions"][0]["id"].as_str().expect("an id").to_owned();
    for (query, expected) in [
        ("type=debit", 4),
        ("type=credit", 1),
        ("type=did_rental", 0),
        ("reference_type=did_rental", 2),
        ("reference_type=ncc", 0),
        ("status=completed", 5),
        ("status=pending", 0),
        ("currency=usd", 5),
        ("currency=INR", 0),
        (&format!("reference={}", &number[1..]), 2),
        ("description=TOP", 1),
        ("description=%25", 0),
        (&format!("transaction_id={id}"), 1),
        ("from_date=2026-11-23", 2),
        ("to_date=2026-11-22", 3),
        ("from_date=2026-11-22&to_date=2026-11-22T11:59:59Z", 0),
        ("from_date=2026-11-22T12:00:00%2B00:00&to_date=2026-11-22T12:00:00Z", 3),
        ("type=debit&from_date=2026-11-23&reference_type=did_purchase", 1),
        ("colour=red", 5),
    ] {
        let answer = asked(&town, query).await;
        assert_eq!((kinds(&answer).len(), &answer["total"]), (expected, &json!(expected)), "{query}");
        assert_eq!(answer["summary"]["total_transactions"], expected, "{query}");
    }
    let debits = asked(&town, "type=debit&per_page=1").await;
    assert!(debits["summary"].to_string().contains("\"total_debit\":4.5"), "over all pages: {}", debits["summary"]);
    assert_eq!((kinds(&debits).len(), &debits["total_pages"]), (1, &json!(4)));
    for (query, field) in [
        ("from_date=yesterday", "from_date"),
        ("to_date=2026-13-01", "to_date"),
        ("limit=x", "limit"),
        ("offset=-1", "offset"),
        ("page=0", "page"),
        ("per_page=0", "per_page"),
    ] {
        assert_eq!(town.get(&format!("{LINES}?{query}"), Who::Parent).await.faults(), [field], "{query}");
    }
}

#[tokio::test]
async fn both_ways_of_paging_are_understood() {
    let town = Town::new().await;
    town.number(Column::P0).await;
    let whole = kinds(&asked(&town, "").await).into_iter().map(str::to_owned).collect::<Vec<_>>();
    for (query, page, per_page, rows) in [
        ("limit=2&offset=0", 1, 2, &whole[..2]),
        ("limit=2&offset=2", 2, 2, &whole[2..]),
        ("offset=1", 1, 50, &whole[1..]),
        ("page=2&per_page=2", 2, 2, &whole[2..]),
        ("page=9&per_page=2", 9, 2, &whole[3..]),
        ("per_page=1000", 1, 1_000, &whole[..]),
        ("per_page=1001", 1, 50, &whole[..]),
        ("limit=5000", 1, 50, &whole[..]),
    ] {
        let answer = asked(&town, query).await;
        assert_eq!(kinds(&answer), rows, "{query}");
        assert_eq!((&answer["page"], &answer["per_page"], &answer["total"]), (&json!(page), &json!(per_page), &json!(3)), "{query}");
    }
}

#[tokio::test]
async fn a_sub_account_sees_the_lines_of_its_own_numbers() {
    let town = Town::new().await;
    town.number(Column::P0).await;
    let number = town.number(Column::S0).await;
    let own = town.get(LINES, Who::SubAccount).await.status(200).json;
    assert_eq!((kinds(&own).len(), &own["auth_id"]), (2, &json!(town.sub_account)));
    assert!(own["transactions"].as_array().into_iter().flatten().all(|line| line["reference"] == number.as_str()));
    let types = town.get(&format!("{LINES}/reference-types"), Who::SubAccount).await.status(200).json;
    assert_eq!(types["reference_types"], json!(["did_rental", "did_purchase"]));
    assert!(kinds(&town.get(LINES, Who::Stranger).await.json).iter().all(|kind| *kind == "payment"));
}
