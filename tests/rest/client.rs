//! An installation with keys of every kind, and requests to its API.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use dialyard::domain::account::Role;
use dialyard::domain::audit::{Actor, Channel};
use dialyard::domain::scope::{Scope, Scopes};
use dialyard::server::config::Settings;
use dialyard::server::rest::envelope::BASE;
use dialyard::server::rest::openapi::refusals;
use dialyard::server::rest::table::{Route, routes};
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::keys::{self, NewKey};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::TestApp;
use crate::support::owned::Yard;

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3_000);

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// Null where the body is no JSON.
    pub json: Value,
}

impl Answer {
    /// A header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A member of the object that was answered.
    pub fn data(&self, name: &str) -> &Value {
        &self.json["data"][name]
    }

    /// The text of a member of the object that was answered.
    pub fn data_text(&self, name: &str) -> String {
        self.data(name).as_str().unwrap_or_default().to_owned()
    }

    /// The answer was a success with that status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.json["success"], true, "{}", self.text);
        self
    }

    /// The answer was this refusal, as a whole problem document.
    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Self {
        assert_eq!(self.json["type"], format!("/problems/{code}"), "{}", self.text);
        assert_eq!((self.status.as_u16(), &self.json["status"]), (status, &Value::from(status)), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        for member in ["title", "detail"] {
            assert!(self.json[member].as_str().is_some_and(|text| !text.is_empty()), "{}", self.text);
        }
        self
    }

    /// The fields that a 422 names.
    #[track_caller]
    pub fn fields(self) -> Vec<String> {
        let answer = self.refuses(422, "validation");
        let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// An installation: one organization with two sub-accounts, another organization, and their keys. Every key carries all scopes that
/// its account may have.
pub struct Api {
    pub yard: Yard,
    pub stranger_organization: Caller,
    router: Router,
    /// Of the organization.
    pub parent: String,
    /// Of the organization, with `admin:override`.
    pub forcing: String,
    /// Of the sub-account Harbor Dental.
    pub sub_account: String,
    /// Of another organization.
    pub stranger: String,
    /// Of the platform.
    pub platform: String,
}

impl Api {
    /// An installation without limits of requests.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same after `change` had its say about the settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let app = TestApp::with(dialyard::server::carriers::Carriers::default(), |settings| {
            settings.key_requests_per_second = 0;
            change(settings);
        })
        .await;
        Self::of(app).await
    }

    /// The API of an installation that was made before.
    pub async fn of(app: TestApp) -> Self {
        let yard = Yard::of(app).await;
        let stranger_organization = yard.app.organization("Cobalt", 100).await;
        let router = router(&yard.app.state, LISTEN, &Site::find(None));
        let every = |fits: fn(Scope) -> bool| Scope::ALL.iter().copied().filter(|scope| fits(*scope)).collect::<Scopes>();
        let organization = every(|scope| !scope.is_platform_only() && scope != Scope::AdminOverride);
        let platform = every(|_| true);
        let harbor = yard.harbor.clone();
        let mut api = Self {
            parent: String::new(),
            forcing: String::new(),
            sub_account: String::new(),
            stranger: String::new(),
            platform: String::new(),
            router,
            stranger_organization,
            yard,
        };
        api.parent = api.key(&api.yard.owner.clone(), organization, None).await;
        api.forcing = api.key(&admin_of(&api.yard.owner), organization.with(Scope::AdminOverride), None).await;
        api.sub_account = api.key(&api.yard.owner.clone(), every(Scope::fits_sub_account), Some(harbor)).await;
        api.stranger = api.key(&api.stranger_organization.clone(), organization, None).await;
        api.platform = api.key(&operator(), platform, None).await;
        api
    }

    /// The API over what was changed in the installation's state since it was made.
    pub fn rebuilt(self) -> Self {
        Self { router: router(&self.yard.app.state, LISTEN, &Site::find(None)), ..self }
    }

    /// A key with these scopes.
    pub async fn key(&self, caller: &Caller, scopes: Scopes, sub_account_id: Option<String>) -> String {
        let new = NewKey { name: String::from("Test"), scopes, sub_account_id, expires_at: None };
        keys::mint(&self.yard.app.state, caller, new).await.expect("a key").secret
    }

    /// A key of the organization with one scope.
    pub async fn key_with(&self, scope: Scope) -> String {
        self.key(&self.yard.owner, Scopes::NONE.with(scope), None).await
    }

    /// The account ids of the organization and of its sub-account.
    pub async fn auth_ids(&self) -> (String, String) {
        let app = &self.yard.app;
        let organization = app.text("SELECT auth_id FROM organizations WHERE name = 'Brightline'").await;
        (organization, app.text("SELECT auth_id FROM sub_accounts WHERE name = 'Harbor Dental'").await)
    }

    /// Disables the sub-account of the sub-account's key.
    pub async fn disable_harbor(&self) {
        let write = self.yard.app.state.db.write(async |connection| {
            sqlx::query("UPDATE sub_accounts SET disabled = 1 WHERE name = 'Harbor Dental'").execute(connection).await?;
            Ok::<_, dialyard::server::error::Error>(())
        });
        write.await.expect("disabled");
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(self.router.clone(), request).await
    }

    /// A request that can be built further: host and key are set.
    pub fn request(&self, method: &str, path: &str, key: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("{BASE}{path}")).header("host", "127.0.0.1:3000");
        if key.is_empty() { request } else { request.header("authorization", format!("Bearer {key}")) }
    }

    /// Sends a request with a JSON body, or without any for `Value::Null`, and checks the answer against the table.
    pub async fn call(&self, method: &str, path: &str, key: &str, body: Value) -> Answer {
        let request = with_body(self.request(method, path, key), &body);
        let answer = self.send(request).await;
        promised(method, path, &answer);
        answer
    }

    pub async fn get(&self, path: &str, key: &str) -> Answer {
        self.call("GET", path, key, Value::Null).await
    }

    pub async fn post(&self, path: &str, key: &str, body: Value) -> Answer {
        self.call("POST", path, key, body).await
    }

    pub async fn patch(&self, path: &str, key: &str, body: Value) -> Answer {
        self.call("PATCH", path, key, body).await
    }

    pub async fn delete(&self, path: &str, key: &str) -> Answer {
        self.call("DELETE", path, key, Value::Null).await
    }

    /// The same with an idempotency key.
    pub async fn once(&self, method: &str, path: &str, key: &str, body: &Value, idempotency_key: &str) -> Answer {
        let request = self.request(method, path, key).header("idempotency-key", idempotency_key);
        let answer = self.send(with_body(request, body)).await;
        promised(method, path, &answer);
        answer
    }

    /// Two equal requests at the same time.
    pub async fn twice(&self, method: &str, path: &str, key: &str, body: &Value, idempotency_key: &str) -> [Answer; 2] {
        let routers = [self.router.clone(), self.router.clone()];
        self.at_once(routers, method, path, key, body, idempotency_key).await
    }

    /// Two equal requests at the same time, to two surfaces that know nothing of each other but the database.
    pub async fn twice_apart(&self, method: &str, path: &str, key: &str, body: &Value, idempotency_key: &str) -> [Answer; 2] {
        let routers = [self.router.clone(), router(&self.yard.app.state, LISTEN, &Site::find(None))];
        self.at_once(routers, method, path, key, body, idempotency_key).await
    }

    async fn at_once(&self, routers: [Router; 2], method: &str, path: &str, key: &str, body: &Value, idempotency_key: &str) -> [Answer; 2] {
        let [first, second] = routers.map(|router| {
            let request = self.request(method, path, key).header("idempotency-key", idempotency_key);
            tokio::spawn(send(router, with_body(request, body)))
        });
        [first.await.expect("an answer"), second.await.expect("an answer")]
    }
}

async fn send(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 22).await.expect("a body");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status, headers, json: serde_json::from_str(&text).unwrap_or_default(), text }
}

fn with_body(request: axum::http::request::Builder, body: &Value) -> Request<Body> {
    if body.is_null() {
        return request.body(Body::empty()).expect("a request");
    }
    request.header("content-type", "application/json").body(Body::from(body.to_string())).expect("a request")
}

/// The answer is one that the table promises for that route: a success of its list, or a code of its list.
#[track_caller]
fn promised(method: &str, path: &str, answer: &Answer) {
    let Some(route) = route_of(method, path) else { return };
    let status = answer.status.as_u16();
    // What is no JSON, such as a table, has no schema.
    if !answer.json.is_null() {
        let faults = crate::schema::faults(route.path, method, status, &answer.json);
        assert!(faults.is_empty(), "{method} {path} is not as the reference says:\n{}\n{}", faults.join("\n"), answer.text);
    }
    if answer.status.is_success() {
        assert!(route.successes.contains(&status), "{method} {path} answers {status}, which its row does not say");
        return;
    }
    let name = answer.json["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned();
    let known = refusals(&route).into_values().flatten().any(|code| code.name() == name);
    assert!(known, "{method} {path} answers {status} {name}, which its row does not say: {}", answer.text);
}

/// The row of the table that answers a path.
pub fn route_of(method: &str, path: &str) -> Option<Route> {
    let path = path.split('?').next().unwrap_or_default();
    let asked: Vec<&str> = path.split('/').collect();
    let mut fitting: Vec<Route> = routes()
        .into_iter()
        .filter(|route| {
            let parts: Vec<&str> = route.path.split('/').collect();
            let fits = parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked);
            route.method.as_str() == method && parts.len() == asked.len() && fits
        })
        .collect();
    // What is spelled out goes before what is variable, as in the router.
    fitting.sort_by_key(|route| route.path.matches('{').count());
    fitting.into_iter().next()
}

/// An owner who is a platform administrator too: may mint `admin:override`.
pub fn admin_of(owner: &Caller) -> Caller {
    Caller { may_force: true, ..owner.clone() }
}

/// The operator, in no organization.
pub fn operator() -> Caller {
    Caller {
        organization_id: String::new(),
        sub_account_id: None,
        actor: Actor::system("tests"),
        role: Role::Owner,
        may_force: true,
        channel: Channel::Command,
    }
}
