//! A browser that runs no scripts, and the people who sit at it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use dialyard::domain::account::Role;
use dialyard::server::auth::session;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::accounts::{self, NewMembership, NewPerson};
use tower::ServiceExt;

use crate::support::TestApp;

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3_000);
const PASSWORD: &str = "a long enough secret";

/// Somebody who is signed in.
pub struct Person {
    router: Router,
    cookie: String,
}

/// The operator, in no organization.
pub async fn operator(app: &TestApp) -> Person {
    person(app, "operator@example.com", None, true).await
}

/// A platform admin who is a member of an organization too.
pub async fn operator_within(app: &TestApp, organization_id: &str) -> Person {
    let membership = NewMembership { organization_id: organization_id.to_owned(), role: Role::Member, sub_account_id: None };
    person(app, "insider@example.com", Some(membership), true).await
}

/// A member of an organization.
pub async fn member(app: &TestApp, organization_id: &str, role: Role) -> Person {
    let membership = NewMembership { organization_id: organization_id.to_owned(), role, sub_account_id: None };
    person(app, &email(organization_id, role), Some(membership), false).await
}

/// The same member at another browser; none where the password is not theirs.
pub async fn sign_in_again(app: &TestApp, organization_id: &str, role: Role, password: &str) -> Option<Person> {
    sign_in(app, &email(organization_id, role), password).await
}

fn email(organization_id: &str, role: Role) -> String {
    format!("{}-{organization_id}@example.com", role.name())
}

async fn person(app: &TestApp, email: &str, membership: Option<NewMembership>, platform_admin: bool) -> Person {
    let new =
        NewPerson { name: String::from("Dana Okafor"), email: email.to_owned(), password: PASSWORD.to_owned(), platform_admin, membership };
    accounts::add_person(&app.state, new).await.expect("a person");
    sign_in(app, email, PASSWORD).await.expect("signed in")
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Option<Person> {
    let secret = accounts::sign_in(&app.state, email, password, IpAddr::V4(Ipv4Addr::LOCALHOST), None).await.ok()?;
    let cookie = session::cookie(&app.state.settings, &secret);
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    Some(Person { router: router(&app.state, LISTEN, &Site::find(None)), cookie })
}

impl Person {
    /// The same browser, with nobody signed in.
    pub fn signed_out(&self) -> Self {
        Self { router: self.router.clone(), cookie: String::new() }
    }

    async fn send(&self, method: &str, path: &str, kind: &str, referer: &str, body: Vec<u8>) -> (StatusCode, HeaderMap, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000")
            .header("origin", "http://127.0.0.1:3000")
            .header("referer", format!("http://127.0.0.1:3000{referer}"))
            .header("accept", "text/html")
            .header("cookie", &self.cookie)
            .header("content-type", kind)
            .body(Body::from(body))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 24).await.expect("a body");
        (status, headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// What an address answers, whatever that is.
    pub async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.send("GET", path, "text/plain", "/", Vec::new()).await
    }

    /// A page that opens.
    pub async fn page(&self, path: &str) -> String {
        let (status, _, page) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    /// Sends a form of the page `from` to a server function; answers where that leads.
    pub async fn form(&self, from: &str, function: &str, body: &str) -> String {
        self.send_to(&format!("/rpc/{function}"), from, "application/x-www-form-urlencoded", body.as_bytes().to_vec()).await
    }

    /// Sends a body of any kind to an address; answers where that leads.
    pub async fn send_to(&self, path: &str, from: &str, kind: &str, body: Vec<u8>) -> String {
        let (status, headers, text) = self.send("POST", path, kind, from, body).await;
        assert!(status.is_redirection(), "{path}: {status} {text}");
        headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// A form that is refused: the page that it comes back to.
    pub async fn refused(&self, from: &str, function: &str, body: &str) -> String {
        let place = self.form(from, function, body).await;
        assert!(place.contains("__err="), "{function} with {body} leads to {place}");
        self.page(place.trim_start_matches("http://127.0.0.1:3000")).await
    }
}
