//! Every route against every kind of key, made from the table: nobody gets past the door that the row describes, and whoever may pass
//! does.

use dialyard::domain::scope::{Scope, Scopes};
use dialyard::server::rest::openapi::body_example;
use dialyard::server::rest::table::{Effect, Holders, Route, routes};
use serde_json::Value;

use crate::client::Api;

/// A path with something in each of its variable parts.
fn path_of(route: &Route) -> String {
    let parts = route.path.split('/').map(|part| match part {
        "{e164}" => "+14155550199",
        part if part.starts_with('{') => "unknown",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn body_of(route: &Route) -> Value {
    route.described.fields.map_or(Value::Null, body_example)
}

async fn ask(api: &Api, route: &Route, key: &str) -> String {
    let answer = api.call(route.method.as_str(), &path_of(route), key, body_of(route)).await;
    assert_ne!(answer.status.as_u16(), 500, "{route:?}: {}", answer.text);
    answer.json["type"].as_str().unwrap_or("/problems/none").trim_start_matches("/problems/").to_owned()
}

#[tokio::test]
async fn nobody_passes_without_a_key() {
    let api = Api::new().await;
    for route in routes() {
        assert_eq!(ask(&api, &route, "").await, "unauthenticated", "{route:?}");
    }
}

#[tokio::test]
async fn a_key_without_the_scope_is_told_which_one() {
    let api = Api::new().await;
    for route in routes() {
        let Some(scope) = route.scope else { continue };
        let others =
            |fits: fn(Scope) -> bool| Scope::ALL.iter().copied().filter(|other| *other != scope && fits(*other)).collect::<Scopes>();
        let caller = if route.holders == Holders::Platform { crate::client::operator() } else { api.yard.owner.clone() };
        let fits: fn(Scope) -> bool =
            if route.holders == Holders::Platform { |_| true } else { |scope| !scope.is_platform_only() && scope != Scope::AdminOverride };
        let key = api.key(&caller, others(fits), None).await;
        let answer = api.call(route.method.as_str(), &path_of(&route), &key, body_of(&route)).await.refuses(403, "missing_scope");
        assert_eq!(answer.json["scope"], scope.name(), "{route:?}");
    }
}

#[tokio::test]
async fn each_kind_of_key_passes_where_its_row_says_so() {
    let api = Api::new().await;
    for route in routes() {
        let (account, parent, platform) = match route.holders {
            Holders::Accounts => (true, true, false),
            Holders::Organization => (false, true, false),
            Holders::Platform => (false, false, true),
            Holders::OrganizationOrPlatform => (false, true, true),
            Holders::Any => (true, true, true),
        };
        let fits_account = route.scope.is_none_or(Scope::fits_sub_account);
        let fits_parent = route.scope.is_none_or(|scope| !scope.is_platform_only());
        for (kind, key, passes, carries) in [
            ("sub-account", &api.sub_account, account, fits_account),
            ("organization", &api.forcing, parent, fits_parent),
            ("platform", &api.platform, platform, true),
        ] {
            let code = ask(&api, &route, key).await;
            let stopped = ["unauthenticated", "missing_scope", "wrong_key_kind"].contains(&code.as_str());
            assert_eq!(!stopped, passes && carries, "{route:?} with a key of the {kind}: {code}");
            if !carries {
                assert_eq!(code, "missing_scope", "{route:?} with a key of the {kind}");
            }
        }
    }
}

#[tokio::test]
async fn another_organizations_objects_are_not_there() {
    let api = Api::new().await;
    // Objects of the organization, by what its paths call them.
    let number = api.yard.bought().await;
    for route in routes().into_iter().filter(|route| route.path.contains("{id}") && route.holders != Holders::Platform) {
        let path = route.path.replace("{id}", &number.id);
        if path.contains('{') {
            continue;
        }
        let answer = api.call(route.method.as_str(), &path, &api.stranger, body_of(&route)).await;
        assert_eq!(answer.status.as_u16(), 404, "{route:?}: {}", answer.text);
    }
    assert_eq!(api.yard.read(&number.id).await, number, "nothing of it was changed");
}

#[test]
fn writes_need_a_scope_and_reads_never_write() {
    for route in routes() {
        assert!(route.scope.is_some() || route.effect == Effect::Read, "{route:?}");
    }
}
