//! Listing numbers and reading one.

use dialyard::server::services::numbers;

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
    numbers::set_label(&api.yard.app.state, &api.yard.owner, &free.id, "Front Desk 100%").await.expect("a label");
    let last_four = &free.e164[8..];
    for (query, expected) in [
        (String::new(), vec![&free, &assigned, &cooling, &overdue, &released, &imported]),
        (String::from("?status=available"), vec![&free, &overdue, &imported]),
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
