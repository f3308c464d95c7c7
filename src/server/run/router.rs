//! The table of addresses: pages, server functions, files, and a page for everything else.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::any;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::services::ServeDir;

use super::site::{self, PKG, Site};
use super::status;
use crate::app::{App, shell};
use crate::domain::code::Code;
use crate::server::auth::limits::SearchLimit;
use crate::server::http;
use crate::server::http::headers::PageNonce;
use crate::server::state::AppState;

/// The whole web application, ready to be served.
pub fn router(state: &AppState, listen: SocketAddr, site: &Site) -> Router {
    let options = site.options(listen);
    let searches = Arc::new(SearchLimit::new(state.settings.visitor_searches_per_minute));
    let context = {
        let state = state.clone();
        move || provide(&state, &searches)
    };
    let files = ServeDir::new(site.root.join(PKG)).precompressed_br().precompressed_gzip();
    let pages = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let router = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), context.clone(), pages)
        .route("/rpc/{*path}", any(no_such_function))
        .nest_service(&format!("/{PKG}"), files)
        .fallback(file_and_error_handler_with_context(context, shell))
        .layer(from_fn(site::kept))
        .layer(from_fn(status::of_errors))
        .with_state(options);
    http::around(router, state, listen)
}

/// What pages and server functions find in their context, besides the request itself.
fn provide(state: &AppState, searches: &Arc<SearchLimit>) {
    provide_context(state.clone());
    provide_context(searches.clone());
    if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<PageNonce>().cloned()) {
        provide_context(Nonce::from_value(nonce.0));
    }
}

async fn no_such_function(request: Request) -> Response {
    http::refuse::refused(&Code::NotFound.into(), request.headers())
}
