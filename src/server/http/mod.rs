//! What every request passes before it reaches a page or a server function. axum only: Leptos is known to `run` alone.

pub mod body;
pub mod headers;
pub mod health;
pub mod host;
pub mod once;
pub mod origin;
pub mod payments;
pub mod refuse;
pub mod request_id;
pub mod visitor;

use std::net::SocketAddr;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use super::rest;
use super::state::AppState;

/// Puts everything around `router` that stands before pages and server functions, and adds REST, the payment
/// provider's address and the two of health.
///
/// The last layer added runs first: id and log, headers of the answer, compression, host, origin, size, session. REST comes after origin and
/// session: its keys are no cookies, so no other site can make a browser send them, and a session opens nothing there.
pub fn around(router: Router, state: &AppState, listen: SocketAddr) -> Router {
    let hosts = host::KnownHosts::new(&state.settings.public_url, listen);
    router
        .layer(from_fn_with_state(state.clone(), visitor::recognise))
        .layer(from_fn(body::within_limit))
        .layer(from_fn_with_state(state.clone(), origin::same))
        .merge(rest::openapi::pages())
        .merge(rest::router(state))
        .merge(payments::router(state.clone()))
        .layer(from_fn_with_state(hosts, host::known))
        .merge(health::router(state.clone()))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(from_fn_with_state(state.clone(), request_id::traced))
}
