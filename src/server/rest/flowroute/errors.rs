//! Error documents: an id for support, an integer status, and what Flowroute says or, where it says nothing, our own words.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::relationships;
use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::rest::dialect::Failure;
use crate::server::rest::problem::{CHALLENGE, retry_after_s};

#[derive(Serialize)]
struct Errors {
    errors: [Fault; 1],
}

#[derive(Serialize)]
struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    detail: Value,
}

impl Fault {
    fn new(status: u16, title: &str, detail: &str) -> Self {
        Self { id: None, status, title: Some(title.to_owned()), detail: Value::from(detail) }
    }

    fn untitled(status: u16, detail: impl Into<Value>) -> Self {
        Self { id: None, status, title: None, detail: detail.into() }
    }
}

/// The failure as an answer.
pub fn response(failure: &Failure<'_>, media_type: &'static str) -> Response {
    let operation = failure.route.map_or("", |route| route.operation);
    let fault = if relationships::OPERATIONS.contains(&operation) { of_relationship(&failure.refusal) } else { None };
    let fault = fault.unwrap_or_else(|| {
        let reads = failure.route.is_none_or(|route| route.method == Method::GET);
        Fault { id: Some(support_id(failure.incident)), ..general(&failure.refusal, reads) }
    });
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // A fault is plain data; were it ever not to be written, its status still tells what happened.
    let mut response = Response::new(Body::from(serde_json::to_string(&Errors { errors: [fault] }).unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(seconds) = retry_after_s(&failure.refusal) {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
    }
    response
}

/// What is not permitted about the routes of a number: said without an id and without words.
fn of_relationship(refusal: &Refusal) -> Option<Fault> {
    let code = refusal.code();
    (code.status() == 403 || code == Code::NumberInSubAccount).then(|| Fault::new(403, "ActionNotAuthorizedError", ""))
}

fn general(refusal: &Refusal, reads: bool) -> Fault {
    match (refusal.code(), refusal) {
        (Code::Unauthenticated, _) => Fault::new(401, "Unauthorized", "Authentication failed."),
        (Code::NotFound | Code::NumberGone | Code::NumberReleased, _) => {
            Fault::untitled(404, "Could not find that resource on your account.")
        }
        (Code::NeverStocked, _) => Fault::untitled(404, "Could not find that number in the inventory."),
        (Code::RouteInUse, _) => {
            Fault::new(403, "This Route has numbers still associated to it.", "Please disassociate all numbers before deleting.")
        }
        // The carrier has not answered yet: the same request again joins the order (R18).
        (Code::OrderInProgress, _) => Fault::new(503, "The number is being bought.", "Send the same request again in a moment."),
        (_, Refusal::Validation { errors }) if reads => Fault::untitled(422, in_words(errors)),
        (_, Refusal::Validation { errors }) => Fault::untitled(422, by_field(errors)),
        (code, Refusal::MissingScope { scope }) => Fault::new(code.status(), code.title(), &format!("The key lacks the scope {scope}.")),
        (code, _) => Fault::new(code.status(), code.title(), code.remedy()),
    }
}

/// Faults of a query, in one text.
fn in_words(errors: &[FieldError]) -> String {
    let texts: Vec<String> = errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
    texts.join(" ")
}

/// Faults of a body: an object like the body, with the messages of each field in its place.
fn by_field(errors: &[FieldError]) -> Value {
    let mut all = Value::Object(Map::new());
    for error in errors {
        let parts: Vec<&str> = error.field.split('.').collect();
        put(&mut all, &parts, &error.message);
    }
    all
}

fn put(at: &mut Value, parts: &[&str], message: &str) {
    let Value::Object(members) = at else { return };
    match parts {
        [] => {}
        [last] => {
            let messages = members.entry(*last).or_insert_with(|| json!([]));
            if let Value::Array(messages) = messages {
                messages.push(Value::from(message));
            }
        }
        [first, rest @ ..] => put(members.entry(*first).or_insert_with(|| json!({})), rest, message),
    }
}

/// The request's id as a UUID: itself where it is one, else one that is made of it, so that the same request has the same.
fn support_id(incident: &str) -> String {
    if let Ok(id) = uuid::Uuid::try_parse(incident) {
        return id.to_string();
    }
    let hash: [u8; 32] = Sha256::digest(incident.as_bytes()).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_a_body_mirror_it() {
        let errors = [
            FieldError::new("data.attributes.alias", "one"),
            FieldError::new("data.attributes.alias", "two"),
            FieldError::new("data.attributes.value", "three"),
            FieldError::new("data.type", "four"),
        ];
        let expected = json!({ "data": { "attributes": { "alias": ["one", "two"], "value": ["three"] }, "type": ["four"] } });
        assert_eq!(by_field(&errors), expected);
        // A fault of a whole and one of its part: the first stands.
        assert_eq!(by_field(&[FieldError::new("data", "one"), FieldError::new("data.type", "two")]), json!({ "data": ["one"] }));
    }

    #[test]
    fn every_request_id_becomes_a_uuid() {
        let own = "019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21";
        assert_eq!(support_id(own), own);
        assert_eq!(support_id("mine-1"), support_id("mine-1"));
        assert_ne!(support_id("mine-1"), support_id("mine-2"));
        assert!(uuid::Uuid::try_parse(&support_id("mine-1")).is_ok());
    }
}
