//! Listing numbers and reading one.

use dialyard::server::services::numbers;
use serde_json::{Value, json};

use crate::client::Api;
use crate::support::owned::Column;

async fn listed(api: &Api, query: &str, key: &str) -> Vec<String> {
    let answer = api.get(&format!("/numbers{query}"), key).await.is(200);
    let rows = answer.json["data"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_filter_shows_what_it_says() {
    let api = Api::new().await;
    let free = api.yard.number(Column::P0).await;
    let assigned = api.yard.number(Column::P1).await;
    let cooling = api.yard.number(Column::SC).await;
    let overdue = api.yard.number(Column::PastDueInPool).await;
    let released = api.yard.number(Column::RL).await;
    let imported = api.yard.number(Column::IM).await;
    let called = api.yard.number(Column::P0).await;
    api.yard.called(&called.e164, api.yard.app.state.now()).await.expect("reported");
    api.call("PATCH", &format!("/numbers/{}", assigned.id), &api.parent, json!({ "tags": ["vip", "a b"] })).await.is(200);
    numbers::set_label(&api.yard.app.state, &api.yard.owner, &free.id, "Front Desk 100%").await.expect("a label");
    let last_four = &free.e164[8..];
    for (query, expected) in [
        (String::new(), vec![&free, &assigned, &cooling, &overdue, &released, &imported, &called]),
        (String::from("?status=available"), vec![&free, &overdue, &imported, &called]),
        (String::from("?status=assigned"), vec![&assigned, &cooling]),
        (String::from("?status=released"), vec![&released]),
        (String::from("?billingState=past_due"), vec![&overdue]),
        (String::from("?billingState=none"), vec![&imported]),
        (String::from("?coolOff=true"), vec![&cooling]),
        (String::from("?coolOff=false&status=assigned"), vec![&assigned]),
        (format!("?agentId={}", api.yard.front_desk), vec![&assigned]),
        (format!("?subAccountId={}", api.yard.harbor), vec![&cooling]),
        (String::from("?subAccountId=none&status=assigned"), vec![&assigned]),
        (String::from("?label=front%20desk"), vec![&free]),
        (String::from("?label=100%25"), vec![&free]),
        (String::from("?label=1000"), vec![]),
        (format!("?endsWith={last_four}"), vec![&free]),
        (format!("?contains={last_four}"), vec![&free]),
        (format!("?startsWith={}", &free.e164[2..]), vec![&free]),
        (format!("?startsWith={}", &free.e164[1..]), vec![&free]),
        (String::from("?areaCode=212"), vec![]),
        (String::from("?areaCode=415&status=released"), vec![&released]),
        (String::from("?tag=vip"), vec![&assigned]),
        (String::from("?tag=VI"), vec![]),
        (String::from("?drift=any"), vec![&called]),
        (String::from("?drift=no_route&status=available"), vec![&called]),
        (String::from("?drift=draft_agent"), vec![]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|number| number.id.clone()).collect();
        assert_eq!(listed(&api, &query, &api.parent).await, expected, "{query}");
    }
    assert_eq!(listed(&api, "", &api.sub_account).await, [cooling.id.as_str()]);
    assert!(listed(&api, "", &api.stranger).await.is_empty());
    for bad in ["?contains=4*5", "?startsWith=1", "?areaCode=!"] {
        assert_eq!(api.get(&format!("/numbers{bad}"), &api.parent).await.fields().len(), 1, "{bad}");
    }
    assert_eq!(api.get("/numbers?status=gone", &api.parent).await.fields(), ["status"]);
    assert_eq!(api.get("/numbers?drift=none", &api.parent).await.fields(), ["drift"]);
}

#[tokio::test]
async fn drift_is_counted_for_what_the_key_sees() {
    let api = Api::new().await;
    let unanswered = api.yard.number(Column::S0).await;
    let silent = api.yard.number(Column::P1).await;
    api.yard.app.clock.advance_s(31 * 86_400);
    let told = api.get("/numbers/drift", &api.parent).await.is(200);
    assert_eq!((told.data("total"), told.data("idleDays")), (&json!(2), &json!(30)));
    let kinds: Vec<(&str, u64)> = told.data("kinds").as_array().into_iter().flatten().map(kind_and_count).collect();
    assert_eq!(kinds, [("no_route", 1), ("draft_agent", 0), ("lost_target", 0), ("idle", 2)]);
    assert_eq!(told.data("kinds")[0]["first"], json!(unanswered.e164));
    assert!(told.text.contains("\"monthlyCost\":2.50"), "two numbers cost 1.25 each: {}", told.text);
    assert_eq!(listed(&api, "?drift=idle", &api.parent).await, [unanswered.id.as_str(), &silent.id]);
    let inside = api.get("/numbers/drift", &api.sub_account).await.is(200);
    assert_eq!(inside.data("total"), &json!(1), "a sub-account's key sees its own");
    assert_eq!(api.get("/numbers/drift", &api.stranger).await.is(200).data("total"), &json!(0));
}

fn kind_and_count(kind: &Value) -> (&str, u64) {
    (kind["kind"].as_str().unwrap_or_default(), kind["numbers"].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let api = Api::new().await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(api.yard.imported().await.id);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = api.get(&format!("/numbers?limit=2&cursor={cursor}"), &api.parent).await.is(200);
        assert_eq!((&answer.json["pagination"]["total"], &answer.json["pagination"]["limit"]), (&5.into(), &2.into()));
        seen.extend(answer.json["data"].as_array().into_iter().flatten().map(|row| row["id"].as_str().unwrap_or_default().to_owned()));
        match answer.json["pagination"]["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, all);
    assert_eq!(api.get("/numbers?cursor=nonsense!", &api.parent).await.fields(), ["cursor"]);
}

#[tokio::test]
async fn a_number_is_found_by_id_and_by_e164() {
    let api = Api::new().await;
    let number = api.yard.number(Column::SC).await;
    let answer = api.get(&format!("/numbers/{}", number.id), &api.parent).await.is(200);
    assert_eq!(answer.data("e164"), &number.e164);
    assert_eq!(answer.data("status"), "assigned");
    assert_eq!(answer.data("coolOffUntil"), "2026-12-07T12:00:00Z");
    assert!(answer.text.contains("\"monthlyCost\":1.25,"), "{}", answer.text);
    assert!(answer.text.contains("\"setupCost\":1.00,"), "{}", answer.text);
    let encoded = number.e164.replace('+', "%2B");
    for key in [number.e164.as_str(), encoded.as_str(), &number.e164[1..]] {
        assert_eq!(api.get(&format!("/numbers/{key}"), &api.parent).await.is(200).text, answer.text, "{key}");
    }
    api.get(&format!("/numbers/{}", number.id), &api.sub_account).await.is(200);
    let pool = api.yard.number(Column::P0).await;
    for (id, key) in [(&pool.id, &api.sub_account), (&number.id, &api.stranger), (&number.e164, &api.stranger)] {
        api.get(&format!("/numbers/{id}"), key).await.refuses(404, "not_found");
    }
    for nonsense in ["nothing", "+1", "%00", "%FF"] {
        api.get(&format!("/numbers/{nonsense}"), &api.parent).await.refuses(404, "not_found");
    }
    let gone = api.yard.number(Column::XX).await;
    api.get(&format!("/numbers/{}", gone.id), &api.parent).await.refuses(404, "number_gone");
}
