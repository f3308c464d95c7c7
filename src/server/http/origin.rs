//! The gate against requests that other sites make a browser send. It stands before server functions, whose redirect to the
//! `Referer` would otherwise lead anywhere.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::refuse::refused;
use crate::domain::code::Code;
use crate::server::auth::same_origin::is_same_origin;
use crate::server::state::AppState;

/// Lets reads pass, and everything else only from our own pages.
pub async fn same(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && !is_same_origin(request.headers(), &state.settings.public_url) {
        return refused(&Code::ForeignOrigin.into(), request.headers());
    }
    next.run(request).await
}
