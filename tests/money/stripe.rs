//! A server on this machine that speaks Stripe's documented requests and signs its webhooks as Stripe documents it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use ring::hmac;
use serde_json::{Value, json};

/// What the installation is configured with.
pub const SECRET_KEY: &str = "sk_test_of_the_local_server";
pub const WEBHOOK_SECRET: &str = "whsec_of_the_local_server";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: &'static str,
    pub idempotency_key: String,
    pub form: BTreeMap<String, String>,
}

/// How the next confirmed payment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    Declines,
    /// Takes the money and never says so.
    BreaksOff,
}

struct Inside {
    seen: Mutex<Vec<Seen>>,
    mood: Mutex<Mood>,
    /// Objects as they stand, by their ids.
    stands: Mutex<BTreeMap<String, Value>>,
}

/// The server. It ends with the test.
pub struct Stripe {
    pub url: String,
    inside: Arc<Inside>,
}

impl Stripe {
    /// Listens.
    pub async fn start() -> Self {
        let inside = Arc::new(Inside { seen: Mutex::default(), mood: Mutex::new(Mood::Takes), stands: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new()
            .route("/v1/customers", post(customers))
            .route("/v1/payment_intents", post(intents))
            .route("/v1/payment_intents/{id}", get(read_intent))
            .route("/v1/checkout/sessions", post(pages))
            .route("/v1/checkout/sessions/{id}", get(read_page))
            .with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inside }
    }

    /// Every request, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.inside.seen.lock().expect("requests").clone()
    }

    /// How an object stands from now on.
    pub fn stands(&self, object: Value) {
        let id = object["id"].as_str().expect("an id").to_owned();
        self.inside.stands.lock().expect("objects").insert(id, object);
    }

    /// How confirmed payments end from now on.
    pub fn mood(&self, mood: Mood) {
        *self.inside.mood.lock().expect("a mood") = mood;
    }
}

type Answer = (StatusCode, Json<Value>);

fn fault(status: StatusCode, kind: &str, code: &str) -> Answer {
    (status, Json(json!({ "error": { "type": kind, "code": code, "message": "As documented." } })))
}

/// Notes the request; what is not as documented is answered as Stripe answers it.
fn note(inside: &Inside, path: &'static str, headers: &HeaderMap, body: &str) -> Result<Seen, Answer> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if header("authorization") != format!("Bearer {SECRET_KEY}") {
        return Err(fault(StatusCode::UNAUTHORIZED, "invalid_request_error", "api_key_invalid"));
    }
    if header("content-type") != "application/x-www-form-urlencoded" || header("stripe-version").is_empty() {
        return Err(fault(StatusCode::BAD_REQUEST, "invalid_request_error", "parameter_unknown"));
    }
    let form = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let seen = Seen { path, idempotency_key: header("idempotency-key"), form };
    inside.seen.lock().expect("requests").push(seen.clone());
    Ok(seen)
}

async fn customers(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: String) -> Answer {
    match note(&inside, "/v1/customers", &headers, &body) {
        Ok(_) => (StatusCode::OK, Json(json!({ "id": "cus_1", "object": "customer" }))),
        Err(answer) => answer,
    }
}

async fn intents(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: String) -> Answer {
    let seen = match note(&inside, "/v1/payment_intents", &headers, &body) {
        Ok(seen) => seen,
        Err(answer) => return answer,
    };
    let field = |name: &str| seen.form.get(name).cloned().unwrap_or_default();
    let confirmed = field("confirm") == "true";
    let mood = *inside.mood.lock().expect("a mood");
    if confirmed && mood == Mood::Declines {
        return fault(StatusCode::PAYMENT_REQUIRED, "card_error", "card_declined");
    }
    if confirmed && mood == Mood::BreaksOff {
        return fault(StatusCode::INTERNAL_SERVER_ERROR, "api_error", "");
    }
    // The same idempotency key is the same intent.
    let id = format!("pi_{}", seen.idempotency_key);
    let status = if confirmed { "succeeded" } else { "requires_payment_method" };
    let answer = json!({
        "id": id, "object": "payment_intent", "amount": field("amount").parse::<i64>().expect("whole units"), "currency": field("currency"),
        "client_secret": format!("{id}_secret_1"), "status": status, "livemode": false,
    });
    (StatusCode::OK, Json(answer))
}

async fn pages(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: String) -> Answer {
    let seen = match note(&inside, "/v1/checkout/sessions", &headers, &body) {
        Ok(seen) => seen,
        Err(answer) => return answer,
    };
    let id = format!("cs_test_{}", seen.idempotency_key);
    // Nothing is paid on it yet, so there is no intent.
    let page = page(&seen.idempotency_key, "open", None);
    inside.stands.lock().expect("objects").insert(id, page.clone());
    (StatusCode::OK, Json(page))
}

/// A question is answered with the object, and asks with the secret key too.
fn read(inside: &Inside, path: &'static str, id: &str, headers: &HeaderMap) -> Answer {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if authorization != format!("Bearer {SECRET_KEY}") {
        return fault(StatusCode::UNAUTHORIZED, "invalid_request_error", "api_key_invalid");
    }
    if *inside.mood.lock().expect("a mood") == Mood::BreaksOff {
        return fault(StatusCode::INTERNAL_SERVER_ERROR, "api_error", "");
    }
    inside.seen.lock().expect("requests").push(Seen { path, idempotency_key: id.to_owned(), form: BTreeMap::new() });
    match inside.stands.lock().expect("objects").get(id) {
        Some(object) => (StatusCode::OK, Json(object.clone())),
        None => fault(StatusCode::NOT_FOUND, "invalid_request_error", "resource_missing"),
    }
}

async fn read_intent(State(inside): State<Arc<Inside>>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    read(&inside, "/v1/payment_intents/{id}", &id, &headers)
}

async fn read_page(
    State(inside): State<Arc<Inside>>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Answer {
    if query.get("expand[]").map(String::as_str) != Some("payment_intent") {
        return fault(StatusCode::BAD_REQUEST, "invalid_request_error", "parameter_missing");
    }
    read(&inside, "/v1/checkout/sessions/{id}", &id, &headers)
}

/// A page on which a payment is made.
pub fn page(payment_id: &str, status: &str, intent: Option<Value>) -> Value {
    json!({
        "id": format!("cs_test_{payment_id}"), "object": "checkout.session", "status": status, "mode": "payment", "payment_intent": intent,
        "metadata": { "payment_id": payment_id }, "url": format!("https://checkout.example/c/pay/{payment_id}"),
    })
}

/// The value of `Stripe-Signature` for a body: the scheme by hand, with nothing of the product's.
pub fn signature(secret: &str, timestamp_s: i64, body: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), format!("{timestamp_s}.{body}").as_bytes());
    format!("t={timestamp_s},v1={}", hex::encode(tag.as_ref()))
}

/// An event as Stripe sends it.
pub fn event(id: &str, kind: &str, object: Value) -> String {
    json!({
        "id": id, "object": "event", "api_version": "2024-06-20", "created": 1_795_348_800, "livemode": false, "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null }, "type": kind, "data": { "object": object },
    })
    .to_string()
}

/// A payment intent that received all of its amount.
pub fn intent(payment_id: &str, minor: i64, saved: bool) -> Value {
    json!({
        "id": format!("pi_{payment_id}"), "object": "payment_intent", "amount": minor, "amount_received": minor, "currency": "usd",
        "customer": saved.then_some("cus_1"), "payment_method": "pm_1", "setup_future_usage": saved.then_some("off_session"),
        "metadata": { "payment_id": payment_id }, "status": "succeeded",
    })
}
