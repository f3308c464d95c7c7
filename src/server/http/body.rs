//! The size of a form or a JSON body (R32). Larger uploads have their own addresses and their own limits.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use super::refuse::{refused, with_text};
use crate::domain::refusal::Refusal;
use crate::rpc::admin::stock::UPLOAD;

/// Bytes in a body at the most.
pub const MAX_BODY: usize = 64 * 1_024;

/// Reads the body up to the limit, whether or not its length was announced, and refuses more with 413.
pub async fn within_limit(request: Request, next: Next) -> Response {
    // A file is not gathered but written as it comes, and its address counts its bytes.
    if request.uri().path() == UPLOAD {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, MAX_BODY).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(error) if is_too_long(&error) => {
            let refusal = Refusal::field("form", "What was sent is larger than 64 KiB.");
            let mut response = refused(&refusal, &parts.headers);
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            response
        }
        Err(_) => with_text(StatusCode::BAD_REQUEST, "The request broke off.\n"),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        // The limiter's own error type is not public; its text is what is left to go by.
        if error.to_string() == "length limit exceeded" {
            return true;
        }
        cause = error.source();
    }
    false
}
