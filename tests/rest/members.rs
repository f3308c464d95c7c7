//! `/members`.

use dialyard::domain::account::Role;
use dialyard::server::services::accounts::{self, NewMembership, NewPerson};
use serde_json::{Value, json};

use crate::client::Api;

/// A person of the organization; their id.
pub async fn person(api: &Api, name: &str, role: Role) -> String {
    let person = NewPerson {
        name: name.to_owned(),
        email: format!("{}@example.com", name.to_lowercase()),
        password: String::from("a long enough secret"),
        platform_admin: false,
        membership: Some(NewMembership { organization_id: api.yard.owner.organization_id.clone(), role, sub_account_id: None }),
    };
    accounts::add_person(&api.yard.app.state, person).await.expect("a person")
}

#[tokio::test]
async fn somebody_is_invited_and_the_link_is_shown_once() {
    let api = Api::new().await;
    let invited = api.post("/members", &api.parent, json!({ "email": "Ada@Example.com", "role": "member" })).await.is(201);
    assert_eq!((invited.data_text("email"), invited.data_text("role")), (String::from("ada@example.com"), String::from("member")));
    let url = invited.data_text("url");
    assert!(url.contains("/link/"), "{url}");
    let open = api.get("/members/invitations", &api.parent).await.is(200);
    assert_eq!((&open.json["pagination"]["total"], &open.json["data"][0]["email"]), (&json!(1), &json!("ada@example.com")));
    assert!(!open.text.contains("/link/"));
    api.post("/members", &api.parent, json!({ "email": "grace@example.com", "role": "viewer" })).await.is(201);
    let first = api.get("/members/invitations?limit=1", &api.parent).await.is(200);
    let next = first.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let second = api.get(&format!("/members/invitations?limit=1&cursor={next}"), &api.parent).await.is(200);
    assert_ne!(first.json["data"][0]["email"], second.json["data"][0]["email"]);

    let token = url.rsplit('/').next().expect("a token");
    let facts = dialyard::server::services::links::view(&api.yard.app.state, token).await.expect("it works");
    assert_eq!((facts.email.as_str(), facts.role), ("ada@example.com", Some(Role::Member)));
    assert_eq!(api.post("/members", &api.parent, json!({ "email": "nobody", "role": "member" })).await.fields(), ["email"]);
    assert_eq!(api.post("/members", &api.parent, json!({ "email": "a@example.com", "role": "king" })).await.fields(), ["role"]);
    let known = json!({ "email": "owner@brightline.example", "role": "viewer" });
    assert_eq!(api.post("/members", &api.parent, known).await.fields(), ["email"]);
    api.post("/members", &api.parent, json!({ "email": "a@example.com", "role": "owner" })).await.refuses(403, "role_too_low");
}

#[tokio::test]
async fn roles_change_and_people_go_but_owners_stay() {
    let api = Api::new().await;
    let grace = person(&api, "Grace", Role::Viewer).await;
    let path = format!("/members/{grace}");
    let listed = api.get("/members?limit=1", &api.parent).await.is(200);
    assert_eq!((&listed.json["pagination"]["total"], &listed.json["data"][0]["name"]), (&json!(2), &json!("Brightline Owner")));
    let next = listed.json["pagination"]["nextCursor"].as_str().expect("another page").to_owned();
    let second = api.get(&format!("/members?limit=1&cursor={next}"), &api.parent).await.is(200);
    assert_eq!(second.json["data"][0]["email"], "grace@example.com");
    let owner = listed.json["data"][0]["id"].as_str().expect("an id").to_owned();

    assert_eq!(api.patch(&path, &api.parent, json!({ "role": "admin" })).await.is(200).data("role"), "admin");
    api.patch(&path, &api.parent, json!({ "role": "admin" })).await.is(200);
    assert_eq!(api.yard.app.scalar("SELECT COUNT(*) FROM audit WHERE action = 'member.role_changed'").await, 1);
    api.patch(&path, &api.parent, json!({ "role": "owner" })).await.refuses(403, "role_too_low");
    for (method, body) in [("PATCH", json!({ "role": "viewer" })), ("DELETE", Value::Null)] {
        api.call(method, &format!("/members/{owner}"), &api.parent, body).await.refuses(403, "role_too_low");
    }
    api.delete(&path, &api.stranger).await.refuses(404, "not_found");
    api.delete(&path, &api.parent).await.is(200);
    api.delete(&path, &api.parent).await.refuses(404, "not_found");
    assert_eq!(api.get("/members", &api.parent).await.is(200).json["pagination"]["total"], 1);
}
