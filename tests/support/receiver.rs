//! A system that is told of webhooks: listens on this machine, notes what arrives, and answers what it was told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::stream;
use ring::hmac;
use serde_json::Value;

/// What it does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Answer(u16),
    /// Sends the sender somewhere else on this machine.
    Redirect,
    /// Answers 200 with a body that never ends.
    Endless,
    /// Never answers.
    Hang,
}

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub timestamp_s: i64,
    pub signatures: Vec<String>,
    pub content_type: String,
    pub body: String,
}

impl Message {
    /// Whether one of its signatures fits the secret, computed as a receiver does.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let signed = format!("{}.{}.{}", self.id, self.timestamp_s, self.body);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        self.signatures.contains(&format!("v1,{}", STANDARD.encode(tag.as_ref())))
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

#[derive(Default)]
struct Inside {
    /// What is still to be done; afterwards it answers 200.
    script: Mutex<VecDeque<Act>>,
    messages: Mutex<Vec<Message>>,
    elsewhere: Mutex<u32>,
}

/// The system. It ends with the test.
pub struct Receiver {
    pub url: String,
    pub port: u16,
    inside: Arc<Inside>,
}

impl Receiver {
    /// Listens, and does these things with the first messages.
    pub async fn start(script: &[Act]) -> Self {
        let inside = Arc::new(Inside { script: Mutex::new(script.iter().copied().collect()), ..Inside::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let router =
            Router::new().route("/hooks", post(take)).route("/elsewhere", get(elsewhere).post(elsewhere)).with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://127.0.0.1:{port}/hooks"), port, inside }
    }

    /// Everything that has arrived, in order.
    pub fn messages(&self) -> Vec<Message> {
        self.inside.messages.lock().expect("messages").clone()
    }

    /// The types of events that have arrived.
    pub fn types(&self) -> Vec<String> {
        self.messages().iter().map(|message| message.json()["type"].as_str().expect("a type").to_owned()).collect()
    }

    /// Requests that followed a redirect.
    pub fn went_elsewhere(&self) -> u32 {
        *self.inside.elsewhere.lock().expect("a count")
    }

    /// What it does from now on.
    pub fn script(&self, acts: &[Act]) {
        *self.inside.script.lock().expect("a script") = acts.iter().copied().collect();
    }
}

async fn take(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: String) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    inside.messages.lock().expect("messages").push(Message {
        id: header("webhook-id"),
        timestamp_s: header("webhook-timestamp").parse().expect("seconds"),
        signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
        content_type: header("content-type"),
        body,
    });
    let act = inside.script.lock().expect("a script").pop_front().unwrap_or(Act::Answer(200));
    match act {
        Act::Answer(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Act::Redirect => Redirect::permanent("/elsewhere").into_response(),
        Act::Endless => Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>("and so on "))).into_response(),
        Act::Hang => std::future::pending().await,
    }
}

async fn elsewhere(State(inside): State<Arc<Inside>>) -> StatusCode {
    *inside.elsewhere.lock().expect("a count") += 1;
    StatusCode::OK
}
