//! The page `/webhooks` over HTTP as a browser without JavaScript uses it: forms go to server functions and come back to the page.

mod support;

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use dialyard::server::carriers::Carriers;
use dialyard::server::jobs;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::accounts::{self, SignUpForm};
use support::TestApp;
use support::receiver::Receiver;
use tower::ServiceExt;

/// A signed-in owner at a browser that runs no scripts.
struct Reader {
    app: TestApp,
    router: Router,
    session: String,
}

impl Reader {
    async fn new() -> Self {
        let app = TestApp::with(Carriers::default(), |settings| settings.demo = true).await;
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

    async fn ask(&self, method: &str, path: &str, cookies: &str, body: String) -> (StatusCode, HeaderMap, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000")
            .header("origin", "http://127.0.0.1:3000")
            .header("referer", "http://127.0.0.1:3000/webhooks?new=1")
            .header("accept", "text/html")
            .header("cookie", format!("{}; {cookies}", self.session))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 22).await.expect("a body");
        (status, headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn page(&self, path: &str, cookies: &str) -> (HeaderMap, String) {
        let (status, headers, page) = self.ask("GET", path, cookies, String::new()).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        (headers, page)
    }

    /// Sends a form of the page; answers where it leads and the cookie that it sets, if any.
    async fn form(&self, function: &str, body: String) -> (String, Option<String>) {
        self.form_to(&format!("webhooks/{function}"), body).await
    }

    async fn form_to(&self, function: &str, body: String) -> (String, Option<String>) {
        let (status, headers, text) = self.ask("POST", &format!("/rpc/{function}"), "", body).await;
        assert_eq!(status, StatusCode::FOUND, "{text}");
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        (header("location").expect("a place"), header("set-cookie"))
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_secret_is_shown_once_after_a_plain_form() {
    let (reader, receiver) = (Reader::new().await, Receiver::start(&[]).await);
    assert!(reader.page("/webhooks", "").await.1.contains("Nobody is told yet"));
    let (_, dialog) = reader.page("/webhooks?new=1", "").await;
    assert!(dialog.contains("name=\"events[]\"") && dialog.contains("A hold ends within five minutes"), "{dialog}");
    let body = format!("url={}&events%5B%5D=wallet.low&events%5B%5D=hold.expired", encoded(&receiver.url));
    let (place, cookie) = reader.form("create", body).await;
    assert_eq!(place, "/webhooks", "the dialog is closed");
    let cookie = cookie.expect("the secret is carried");
    assert!(cookie.contains("Path=/webhooks;") && cookie.contains("HttpOnly"), "{cookie}");
    let carried = cookie.split(';').next().expect("a pair").to_owned();
    let (headers, page) = reader.page("/webhooks", &carried).await;
    let shown = page.split("value=\"whsec_").nth(1).and_then(|rest| rest.split('"').next()).expect("the secret is shown").to_owned();
    assert!(page.contains("wallet.low") && page.contains(&receiver.url));
    let forgotten = headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).any(|text| text.contains("Max-Age=0"));
    assert!(forgotten, "the page takes the cookie away: {headers:?}");
    assert!(!reader.page("/webhooks", "").await.1.contains("whsec_"), "it is shown once");
    // It is the secret that signs.
    let id = reader.app.text("SELECT id FROM webhook_endpoints").await;
    assert_eq!(reader.app.text("SELECT events FROM webhook_endpoints").await, "hold.expired wallet.low");
    reader.form("test", format!("id={id}")).await;
    jobs::webhooks::run(&reader.app.state).await.expect("a run");
    assert!(receiver.messages()[0].is_signed_with(&format!("whsec_{shown}")));
}

#[tokio::test]
async fn every_form_of_the_page_does_what_it_says() {
    let (reader, receiver) = (Reader::new().await, Receiver::start(&[]).await);
    reader.form("create", format!("url={}", encoded(&receiver.url))).await;
    let id = reader.app.text("SELECT id FROM webhook_endpoints").await;
    reader.form("test", format!("id={id}")).await;
    jobs::webhooks::run(&reader.app.state).await.expect("a run");
    let (_, page) = reader.page("/webhooks?state=delivered", "").await;
    assert!(page.contains("webhook.test") && page.contains("200 in ") && page.contains("1 delivery"), "{page}");
    assert!(reader.page("/webhooks?state=failed", "").await.1.contains("nothing fits the filter"));
    let delivery = reader.app.text("SELECT id FROM webhook_deliveries").await;
    reader.form("redeliver", format!("id={delivery}")).await;
    jobs::webhooks::run(&reader.app.state).await.expect("a run");
    assert_eq!(receiver.messages().len(), 2);
    let (_, dialog) = reader.page(&format!("/webhooks?rotate={id}"), "").await;
    assert!(dialog.contains("Sign with both secrets for a day"));
    let (_, cookie) = reader.form("rotate", format!("id={id}&keep=1")).await;
    assert!(cookie.is_some_and(|cookie| cookie.starts_with("dialyard_once=")));
    assert!(reader.page("/webhooks", "").await.1.contains("The old secret signs too until"));
    let (_, dialog) = reader.page(&format!("/webhooks?edit={id}"), "").await;
    assert!(dialog.contains("Edit the webhook"));
    reader.form("edit", format!("id={id}&url={}&events%5B%5D=wallet.low&disabled=1", encoded(&receiver.url))).await;
    let row = "SELECT events || ' ' || disabled FROM webhook_endpoints";
    assert_eq!(reader.app.text(row).await, "wallet.low 1");
    let (place, _) = reader.form("edit", format!("id={id}&url=ftp%3A%2F%2Fx&disabled=0")).await;
    assert!(place.contains("__err="), "a refusal comes back to the page: {place}");
    assert_eq!(reader.app.text(row).await, "wallet.low 1");
    let (_, dialog) = reader.page(&format!("/webhooks?delete={id}"), "").await;
    assert!(dialog.contains("Delete the webhook?"));
    reader.form("delete", format!("id={id}")).await;
    assert!(reader.page("/webhooks", "").await.1.contains("Nobody is told yet"));
}

#[tokio::test]
async fn the_threshold_of_a_low_wallet_is_chosen_on_its_page() {
    let reader = Reader::new().await;
    assert!(reader.page("/wallet", "").await.1.contains("Low-balance alert"));
    reader.form_to("wallet/low-balance", String::from("low_balance=20.5")).await;
    assert!(reader.page("/wallet?change=alert", "").await.1.contains("value=\"20.50\""));
    // An empty wallet is below it already.
    assert_eq!(reader.app.scalar("SELECT COUNT(*) FROM events WHERE kind = 'wallet.low'").await, 1);
    let (place, _) = reader.form_to("wallet/low-balance", String::from("low_balance=much")).await;
    assert!(place.contains("__err="), "{place}");
    reader.form_to("wallet/low-balance", String::from("low_balance=")).await;
    assert_eq!(reader.app.scalar("SELECT COUNT(*) FROM wallet_settings WHERE low_balance_micros IS NULL").await, 1);
}
