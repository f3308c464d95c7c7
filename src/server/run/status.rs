//! The HTTP status of a server function's error. Leptos answers 500 for every one; the code in the body knows better.
//!
//! Plain forms are left alone: their redirect back to the page would be lost with another status.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::refusal::Refusal;
use crate::rpc::error::AppError;
use crate::server::http::refuse::{wants_page, with_text};

/// No error is longer than this.
const MAX_ERROR: usize = 256 * 1_024;

/// Gives errors of server functions the status of their code.
pub async fn of_errors(request: Request, next: Next) -> Response {
    let is_call = request.uri().path().starts_with("/rpc/") && !wants_page(request.headers());
    let response = next.run(request).await;
    if !is_call || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MAX_ERROR).await else {
        return with_text(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.\n");
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&body) {
        parts.status = StatusCode::from_u16(error.code().status()).unwrap_or(parts.status);
        if let AppError::Refused { refusal: Refusal::RateLimited { retry_after_s } } = error {
            parts.headers.insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
    }
    Response::from_parts(parts, Body::from(body))
}
