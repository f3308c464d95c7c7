//! Refusals that are given before any page or server function runs, in the shape that the caller reads.

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use crate::domain::code::Code;
use crate::domain::refusal::Refusal;

/// Whether a browser asks for a page or posts a plain form, rather than a script that reads JSON.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// The answer for a refusal: words for a browser, else the JSON that server functions answer errors with.
#[must_use]
pub fn refused(refusal: &Refusal, headers: &HeaderMap) -> Response {
    let code = refusal.code();
    let retry_after_s = match refusal {
        Refusal::RateLimited { retry_after_s } => Some(*retry_after_s),
        _ => (code == Code::Busy).then_some(1),
    };
    let mut response = if wants_page(headers) {
        with_text(StatusCode::OK, &format!("{} {}\n", code.title(), code.remedy()))
    } else {
        let mut response = Response::new(Body::from(json!({ "kind": "refused", "refusal": refusal }).to_string()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    };
    *response.status_mut() = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A plain text.
#[must_use]
pub fn with_text(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
