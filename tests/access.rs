//! The table of what each server function needs (rpc::access): it lists exactly the functions that exist, and each of them keeps
//! to it over HTTP, for visitors, people of each role, the operator, and people who belong nowhere.

mod support;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use dialyard::domain::account::{Need, Role};
use dialyard::domain::code::Code;
use dialyard::rpc::access;
use dialyard::rpc::error::AppError;
use dialyard::server::auth::session;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::accounts::{self, NewMembership, NewPerson};
use support::TestApp;
use tower::ServiceExt;

/// Every argument of every server function, so that one body suits them all; what a function does not know it ignores.
const ARGUMENTS: &str = "e164=%2B14155550100&id=x&number=x&q=&ids=x&target=free&label=&locked=0&agent_id=&sub_account_id=&typed=0000&amount=1\
     &request_key=k&max_price=1&name=n&kind=person&destination=d&budget=&disabled=0&publish=0&email=a&password=p&next=&token=t&role=member\
     &user_id=u&organization=o&organization_id=o&reason=r&url=u&keep=0&outcome=failed&direction=credit&current=c&low_balance=&month=2026-11\
     &job=label&input[q]=";
/// What the guard answers with.
const GUARD: [Code; 3] = [Code::Unauthenticated, Code::RoleTooLow, Code::AdminRequired];
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

    /// A visitor, somebody of each role, an operator, and somebody who belongs nowhere.
    async fn people(&self) -> Vec<Person> {
        let organization_id = self.app.organization("Town", 0).await.organization_id;
        let mut people = vec![Person { name: "a visitor", role: None, platform_admin: false, cookie: None }];
        let kinds = [
            ("a viewer", Some(Role::Viewer), false),
            ("a member", Some(Role::Member), false),
            ("an admin", Some(Role::Admin), false),
            ("an owner", Some(Role::Owner), false),
            ("the operator", None, true),
            ("a person without an organization", None, false),
        ];
        for (name, role, platform_admin) in kinds {
            let cookie = Some(self.cookie(&organization_id, role, platform_admin).await);
            people.push(Person { name, role, platform_admin, cookie });
        }
        people
    }

    /// A person who is signed in, as the header value of their cookie.
    async fn cookie(&self, organization_id: &str, role: Option<Role>, platform_admin: bool) -> String {
        let email = format!("{}-{platform_admin}@example.com", role.map_or("nobody", Role::name));
        let membership = role.map(|role| NewMembership { organization_id: organization_id.to_owned(), role, sub_account_id: None });
        let password = String::from("a long enough secret");
        let person = NewPerson { name: email.clone(), email: email.clone(), password: password.clone(), platform_admin, membership };
        accounts::add_person(&self.app.state, person).await.expect("a person");
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let secret = accounts::sign_in(&self.app.state, &email, &password, address, None).await.expect("signed in");
        let cookie = session::cookie(&self.app.state.settings, &secret);
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    async fn call(&self, path: &str, is_read: bool, arguments: &str, cookie: Option<&str>) -> Answer {
        let (method, uri, body) = if is_read {
            ("GET", format!("/rpc/{path}?{arguments}"), String::new())
        } else {
            ("POST", format!("/rpc/{path}"), arguments.to_owned())
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
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let error = (!status.is_success()).then(|| serde_json::from_slice::<AppError>(&body).expect("an error"));
        Answer { status, code: error.map(|error| error.code()) }
    }
}

/// Who asks.
struct Person {
    name: &'static str,
    role: Option<Role>,
    platform_admin: bool,
    cookie: Option<String>,
}

/// What came back: the code is that of a refusal.
struct Answer {
    status: StatusCode,
    code: Option<Code>,
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

/// What the guard says to somebody, by the table alone.
fn turned_away(need: Need, who: &Person) -> Option<Code> {
    match need {
        Need::Open => None,
        _ if who.cookie.is_none() => Some(Code::Unauthenticated),
        Need::SignedIn => None,
        Need::Role(least) => (who.role < Some(least)).then_some(Code::RoleTooLow),
        Need::PlatformAdmin => (!who.platform_admin).then_some(Code::AdminRequired),
    }
}

/// The log asks only for a session, because its service knows more: owners and admins read it for their organization.
fn turned_away_by_the_log(who: &Person) -> Option<Code> {
    if who.cookie.is_none() { Some(Code::Unauthenticated) } else { (who.role < Some(Role::Admin)).then_some(Code::RoleTooLow) }
}

#[tokio::test]
async fn every_server_function_keeps_to_its_row() {
    let town = Town::new().await;
    let people = town.people().await;
    let mut functions = registered();
    // It ends the session that the others need.
    functions.sort_by_key(|(path, _)| path == "accounts/sign-out");
    let mut seen = BTreeSet::new();
    for (path, is_read) in functions {
        let need = access::need(&path).expect("a row");
        for who in &people {
            let expected = if path == "admin/audit" { turned_away_by_the_log(who) } else { turned_away(need, who) };
            let answer = town.call(&path, is_read, ARGUMENTS, who.cookie.as_deref()).await;
            let told = format!("{path} for {}: {} {:?}", who.name, answer.status, answer.code);
            match expected {
                Some(code) => assert_eq!((answer.code, answer.status.as_u16()), (Some(code), code.status()), "{told}"),
                // Whatever else may be wrong with these arguments, the guard has let them in and nothing broke.
                None => assert!(!answer.code.is_some_and(|code| GUARD.contains(&code)) && !answer.status.is_server_error(), "{told}"),
            }
            seen.insert((expected, who.name));
        }
    }
    let (let_in, turned_away): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(expected, _)| expected.is_none());
    // Everybody is let in somewhere; each of the three codes was given to everybody who can get it.
    assert_eq!((let_in.len(), turned_away.len()), (people.len(), 10), "{turned_away:?}");
}

#[tokio::test]
async fn everybodys_log_is_for_the_operator_alone() {
    let town = Town::new().await;
    for who in town.people().await.iter().filter(|who| who.cookie.is_some()) {
        let answer = town.call("admin/audit", true, "input[all_organizations]=true", who.cookie.as_deref()).await;
        let expected = (!who.platform_admin).then_some(Code::AdminRequired);
        assert_eq!(answer.code, expected, "{}: {}", who.name, answer.status);
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
