//! The table of what each server function needs (rpc::access): it lists exactly the functions that exist; and none
//! of them answers a write from another site.

mod support;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use dialyard::rpc::access;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use support::TestApp;
use tower::ServiceExt;

/// Every argument of every server function, so that one body suits them all; what a function does not know it ignores.
const ARGUMENTS: &str = "e164=%2B14155550100&id=x&number=x&q=&ids=x&target=free&label=&locked=0&agent_id=&sub_account_id=&typed=0000&amount=1\
     &request_key=k&max_price=1&name=n&kind=person&destination=d&budget=&disabled=0&publish=0&email=a&password=p&next=&token=t&role=member\
     &user_id=u&organization=o&organization_id=o&reason=r&input[q]=";
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3_000);

struct Town {
    _app: TestApp,
    router: Router,
}

impl Town {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let router = router(&app.state, LISTEN, &Site::find(None));
        Self { _app: app, router }
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
