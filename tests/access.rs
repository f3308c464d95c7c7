//! The table of what each server function needs (rpc::access): it lists exactly the functions that exist, and each of them keeps
//! to it over HTTP, for visitors, viewers, members, admins, owners and operators.

mod support;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use dialyard::domain::account::{Need, Role};
use dialyard::rpc::access;
use dialyard::server::auth::session;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::accounts::{self, NewMembership, NewPerson};
use support::TestApp;
use tower::ServiceExt;

/// Every argument of every server function, so that one body suits them all; what a function does not know it ignores.
const ARGUMENTS: &str = "e164=%2B14155550100&id=x&number=x&q=&ids=x&target=free&label=&locked=0&agent_id=&sub_account_id=&typed=0000&amount=1\
     &request_key=k&max_price=1&name=n&kind=person&destination=d&budget=&disabled=0&publish=0&email=a&password=p&next=&token=t&role=member\
     &user_id=u&organization=o&organization_id=o&reason=r&input[q]=";
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3_000);

struct Town {
    app: TestApp,
    router: Router,
}

impl Town {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let router = router(&app.state, LISTEN, &Site::find(None));
        Self { app, router }
    }

    /// A person who is signed in, as the header value of their cookie.
    async fn cookie(&self, organization_id: &str, role: Option<Role>, platform_admin: bool) -> String {
        let email = format!("{}@example.com", role.map_or("operator", Role::name));
        let membership = role.map(|role| NewMembership { organization_id: organization_id.to_owned(), role, sub_account_id: None });
        let password = String::from("a long enough secret");
        let person = NewPerson { name: email.clone(), email: email.clone(), password: password.clone(), platform_admin, membership };
        accounts::add_person(&self.app.state, person).await.expect("a person");
        let secret = accounts::sign_in(&self.app.state, &email, &password, IpAddr::V4(Ipv4Addr::LOCALHOST), None).await.expect("signed in");
        let cookie = session::cookie(&self.app.state.settings, &secret);
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    async fn status(&self, path: &str, is_read: bool, cookie: Option<&str>) -> StatusCode {
        let (method, uri, body) = if is_read {
            ("GET", format!("/rpc/{path}?{ARGUMENTS}"), String::new())
        } else {
            ("POST", format!("/rpc/{path}"), ARGUMENTS.to_owned())
        };
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "127.0.0.1:3000")
            .header("origin", "http://127.0.0.1:3000")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.body(Body::from(body)).expect("a request");
        self.router.clone().oneshot(request).await.expect("an answer").status()
    }
}

/// The registered server functions below `/rpc/`, with whether they are read by GET.
fn registered() -> Vec<(String, bool)> {
    let mut functions: Vec<(String, bool)> = leptos::server_fn::axum::server_fn_paths()
        .filter_map(|(path, method)| Some((path.strip_prefix("/rpc/")?.to_owned(), method == "GET")))
        .collect();
    functions.sort();
    functions
}

#[test]
fn the_table_lists_every_server_function_and_nothing_else() {
    let exists: Vec<String> = registered().into_iter().map(|(path, _)| path).collect();
    let mut listed: Vec<String> = access::TABLE.iter().map(|(path, _)| (*path).to_owned()).collect();
    listed.sort();
    assert_eq!(exists, listed);
}

#[tokio::test]
async fn every_server_function_keeps_to_its_row() {
    let town = Town::new().await;
    let organization_id = town.app.organization("Town", 0).await.organization_id;
    let mut people = Vec::new();
    for role in [Role::Viewer, Role::Member, Role::Admin] {
        people.push((Some(role), town.cookie(&organization_id, Some(role), false).await));
    }
    people.push((None, town.cookie(&organization_id, None, true).await));
    for (path, is_read) in registered() {
        // Signing out, in or elsewhere would take the sessions that the next rows need.
        if ["accounts/sign-out", "session/choose"].contains(&path.as_str()) {
            continue;
        }
        let need = access::need(&path).expect("a row");
        let visitor = town.status(&path, is_read, None).await;
        assert_eq!(
            visitor == StatusCode::UNAUTHORIZED,
            need != Need::Open && path != "accounts/sign-in",
            "{path}: {visitor} for a visitor"
        );
        for (role, cookie) in &people {
            let allowed = match (need, role) {
                (Need::Open | Need::SignedIn, _) | (Need::PlatformAdmin, None) => true,
                (Need::PlatformAdmin, Some(_)) | (Need::Role(_), None) => false,
                (Need::Role(least), Some(role)) => *role >= least,
            };
            let status = town.status(&path, is_read, Some(cookie)).await;
            let who = role.map_or("an operator", Role::name);
            if allowed {
                // The log is for admins, members are turned away by the service itself; every other row lets its people in.
                let by_service = path == "admin/audit" && role.is_some_and(|role| role < Role::Admin);
                assert_eq!(status == StatusCode::FORBIDDEN, by_service, "{path}: {status} for {who}");
            } else {
                assert_eq!(status, StatusCode::FORBIDDEN, "{path}: for {who}");
            }
        }
    }
}

#[tokio::test]
async fn writes_from_another_site_are_refused_before_anything_else() {
    let town = Town::new().await;
    for (path, _) in registered().into_iter().filter(|(_, is_read)| !is_read) {
        let request = Request::builder()
            .method("POST")
            .uri(format!("/rpc/{path}"))
            .header("host", "127.0.0.1:3000")
            .header("origin", "https://evil.example")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(ARGUMENTS))
            .expect("a request");
        let status = town.router.clone().oneshot(request).await.expect("an answer").status();
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
}
