//! The page `/keys` over HTTP as a browser without JavaScript uses it, and the key of the platform that the command line makes.

mod support;

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use dialyard::domain::scope::{Scope, Scopes};
use dialyard::server::auth::keys::hash;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::accounts::{self, SignUpForm};
use dialyard::server::services::keys;
use support::TestApp;
use tower::ServiceExt;

/// A signed-in owner at a browser that runs no scripts.
struct Reader {
    app: TestApp,
    router: Router,
    session: String,
}

impl Reader {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let form = SignUpForm {
            organization: String::from("Acme"),
            name: String::from("Ada"),
            email: String::from("ada@example.com"),
            password: String::from("correct horse battery"),
        };
        let secret = accounts::sign_up(&app.state, form).await.expect("signed up");
        let router = router(&app.state, SocketAddr::from(([127, 0, 0, 1], 3_000)), &Site::find(None));
        Self { app, router, session: format!("dialyard={secret}") }
    }

    async fn ask(&self, method: &str, path: &str, cookies: &str, body: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000")
            .header("origin", "http://127.0.0.1:3000")
            .header("referer", "http://127.0.0.1:3000/keys?new=1")
            .header("accept", "text/html")
            .header("cookie", format!("{}; {cookies}", self.session))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 22).await.expect("a body");
        (status, headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn page(&self, path: &str, cookies: &str) -> String {
        let (status, _, page) = self.ask("GET", path, cookies, "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page
    }

    /// Sends a form of the page; answers where it leads, and the pair of the cookie that it sets.
    async fn form(&self, function: &str, body: &str) -> (String, String) {
        let (status, headers, text) = self.ask("POST", &format!("/rpc/keys/{function}"), "", body).await;
        assert_eq!(status, StatusCode::FOUND, "{text}");
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let cookie = header("set-cookie");
        assert!(cookie.is_empty() || cookie.contains("Path=/keys;") && cookie.contains("HttpOnly"), "{cookie}");
        (header("location"), cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// The secret that the page shows.
    async fn shown(&self, carried: &str) -> String {
        let page = self.page("/keys", carried).await;
        let secret = page.split("value=\"dy_sk_").nth(1).and_then(|rest| rest.split('"').next()).expect("the secret is shown");
        format!("dy_sk_{secret}")
    }

    async fn works(&self, secret: &str) -> bool {
        let hash = hash(secret).expect("a secret");
        keys::check(&self.app.state, &hash).await.expect("a look").is_some()
    }
}

#[tokio::test]
async fn a_key_is_made_rotated_and_revoked_by_plain_forms() {
    let reader = Reader::new().await;
    assert!(reader.page("/keys", "").await.contains("No keys yet"));
    let dialog = reader.page("/keys?new=1", "").await;
    assert!(dialog.contains("name=\"scopes[]\"") && dialog.contains("numbers:read"), "{dialog}");
    assert!(!dialog.contains("admin:read") && !dialog.contains("admin:override"), "what this person may not give is not offered");
    let (place, carried) = reader.form("create", "name=Reporting&scopes%5B%5D=numbers%3Aread&lifetime_days=30").await;
    assert_eq!(place, "/keys", "the dialog is closed");
    let secret = reader.shown(&carried).await;
    assert!(reader.works(&secret).await);
    let page = reader.page("/keys", "").await;
    assert!(page.contains("Reporting") && page.contains("numbers:read") && !page.contains("dy_sk_"), "{page}");
    assert_eq!(reader.app.scalar("SELECT (expires_at - created_at) / 86400000000 FROM api_keys").await, 30);

    let id = reader.app.text("SELECT id FROM api_keys").await;
    assert!(reader.page(&format!("/keys?rotate={id}"), "").await.contains("Accept the old secret for a day"));
    let (_, carried) = reader.form("rotate", &format!("id={id}&keep=1")).await;
    let second = reader.shown(&carried).await;
    assert!(reader.works(&secret).await && reader.works(&second).await);
    assert!(reader.page("/keys", "").await.contains("The old secret works too until"));
    let (_, carried) = reader.form("rotate", &format!("id={id}")).await;
    let third = reader.shown(&carried).await;
    assert!(!reader.works(&secret).await && !reader.works(&second).await && reader.works(&third).await);

    assert!(reader.page(&format!("/keys?delete={id}"), "").await.contains("refused within a second"));
    reader.form("revoke", &format!("id={id}")).await;
    assert!(!reader.works(&third).await);
    assert!(reader.page("/keys", "").await.contains("No keys yet"));
}

#[tokio::test]
async fn a_refused_form_comes_back_and_makes_nothing() {
    let reader = Reader::new().await;
    for body in ["name=x", "name=&scopes%5B%5D=numbers%3Aread", "name=x&scopes%5B%5D=admin%3Aoverride", "name=x&scopes%5B%5D=admin%3Aread"]
    {
        let (place, carried) = reader.form("create", body).await;
        assert!(place.contains("__err=") && carried.is_empty(), "{body}: {place}");
    }
    assert_eq!(reader.app.scalar("SELECT COUNT(*) FROM api_keys").await, 0);
}

#[tokio::test]
async fn the_command_line_makes_keys_of_the_platform() {
    let reader = Reader::new().await;
    let scopes = Scopes::NONE.with(Scope::CallsWrite).with(Scope::RoutingRead);
    let minted = keys::mint_by_command(&reader.app.state, String::from("Switch"), scopes).await.expect("a key");
    assert_eq!((minted.key.organization_id.as_deref(), minted.key.created_by.as_deref()), (None, None));
    assert!(reader.works(&minted.secret).await);
    assert!(keys::mint_by_command(&reader.app.state, String::from("Switch"), Scopes::NONE).await.is_err());
    assert_eq!(reader.app.text("SELECT channel FROM audit WHERE action = 'key.created'").await, "command");
}
