//! What every request passes before a page or a server function: host, origin, size, session, headers.

mod support;

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Extension;
use axum::http::{Request, Response, StatusCode};
use axum::routing::{get, post};
use dialyard::server::http::around;
use dialyard::server::http::visitor::Visitor;
use dialyard::server::services::accounts::{self, SignUpForm};
use support::TestApp;
use tower::ServiceExt;

async fn who(Extension(visitor): Extension<Visitor>) -> String {
    visitor.session.map_or_else(|| String::from("nobody"), |session| session.email)
}

fn door(app: &TestApp) -> Router {
    let inside = Router::new().route("/", get(who)).route("/rpc/act", post(async |body: String| body.len().to_string()));
    around(inside, &app.state, SocketAddr::from(([127, 0, 0, 1], 3_000)))
}

fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "127.0.0.1:3000");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("a request")
}

async fn ask(app: &TestApp, request: Request<Body>) -> Response<Body> {
    door(app).oneshot(request).await.expect("an answer")
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn other_hosts_are_misdirected_but_health_answers_anywhere() {
    let app = TestApp::new().await;
    for (host, status) in [("127.0.0.1:3000", 200), ("localhost:3000", 200), ("evil.example", 421), ("127.0.0.1:3000.evil.example", 421)] {
        assert_eq!(ask(&app, request("GET", "/", &[("host", host)])).await.status().as_u16(), status, "{host}");
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(ask(&app, request("GET", path, &[("host", "10.1.2.3:3000")])).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn writes_come_from_our_own_pages_only() {
    let app = TestApp::new().await;
    let table: [(&[(&str, &str)], u16); 5] = [
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("origin", "http://127.0.0.1:3000")], 200),
        (&[("origin", "https://evil.example")], 403),
        (&[], 403),
    ];
    for (headers, status) in table {
        assert_eq!(ask(&app, request("POST", "/rpc/act", headers)).await.status().as_u16(), status, "{headers:?}");
    }
    let refused = ask(&app, request("POST", "/rpc/act", &[])).await;
    assert_eq!(text(refused).await, r#"{"kind":"refused","refusal":{"code":"foreign_origin"}}"#);
    let page = ask(&app, request("POST", "/rpc/act", &[("accept", "text/html"), ("referer", "https://evil.example/")])).await;
    assert!(page.headers().get("location").is_none(), "a foreign Referer leads nowhere");
}

#[tokio::test]
async fn a_body_ends_at_64_kib_announced_or_not() {
    let app = TestApp::new().await;
    for (length, status) in [(64 * 1_024, 200), (64 * 1_024 + 1, 413)] {
        let announced = Body::from(vec![b'x'; length]);
        let chunks: Vec<std::io::Result<Vec<u8>>> = vec![b'x'; length].chunks(8_192).map(|chunk| Ok(chunk.to_vec())).collect();
        let streamed = Body::from_stream(futures::stream::iter(chunks));
        for body in [announced, streamed] {
            let mut post = request("POST", "/rpc/act", &[("sec-fetch-site", "same-origin")]);
            *post.body_mut() = body;
            assert_eq!(ask(&app, post).await.status().as_u16(), status, "{length}");
        }
    }
}

#[tokio::test]
async fn a_cookie_names_its_session() {
    let app = TestApp::new().await;
    let form = SignUpForm {
        organization: String::from("Acme"),
        name: String::from("Ada"),
        email: String::from("ada@example.com"),
        password: String::from("correct horse battery"),
    };
    let secret = accounts::sign_up(&app.state, form).await.expect("signs up");
    let wrong = "0".repeat(64);
    for (cookie, expected) in
        [(format!("dialyard={secret}"), "ada@example.com"), (format!("dialyard={wrong}"), "nobody"), (format!("other={secret}"), "nobody")]
    {
        assert_eq!(text(ask(&app, request("GET", "/", &[("cookie", &cookie)])).await).await, expected);
    }
    assert_eq!(text(ask(&app, request("GET", "/", &[])).await).await, "nobody");
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    let app = TestApp::new().await;
    for (path, host) in [("/", "127.0.0.1:3000"), ("/", "evil.example"), ("/nowhere", "127.0.0.1:3000")] {
        let answer = ask(&app, request("GET", path, &[("host", host), ("x-request-id", "abc-1")])).await;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        for part in ["script-src 'nonce-", "'strict-dynamic'", "frame-ancestors 'none'", "object-src 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-request-id"), "abc-1");
    }
    let made_up = ask(&app, request("GET", "/", &[("x-request-id", "<script>")])).await;
    assert_ne!(made_up.headers()["x-request-id"], "<script>");
    let (one, other) = (ask(&app, request("GET", "/", &[])).await, ask(&app, request("GET", "/", &[])).await);
    assert_ne!(one.headers()["content-security-policy"], other.headers()["content-security-policy"]);
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_read_that() {
    let app = TestApp::new().await;
    let path = "/api/v1/openapi.json";
    let plain = ask(&app, request("GET", path, &[])).await;
    assert_eq!((plain.status(), plain.headers().get("content-encoding")), (StatusCode::OK, None));
    let plain = text(plain).await;
    for (accepted, expected) in [("br", "br"), ("gzip, deflate", "gzip"), ("gzip, br", "br")] {
        let answer = ask(&app, request("GET", path, &[("accept-encoding", accepted)])).await;
        assert_eq!(
            (answer.headers()["content-encoding"].as_bytes(), answer.headers()["vary"].as_bytes()),
            (expected.as_bytes(), b"accept-encoding".as_slice()),
            "{accepted}"
        );
        let length = to_bytes(answer.into_body(), usize::MAX).await.expect("a body").len();
        assert!(length * 3 < plain.len(), "{length} of {}", plain.len());
    }
}
