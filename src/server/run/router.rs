//! The table of addresses: pages, server functions, files in both directions, and a page for everything else.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::services::ServeDir;

use super::download;
use super::site::{self, PKG, Site};
use super::status;
use super::upload;
use crate::app::{App, shell};
use crate::domain::code::Code;
use crate::rpc::admin::stock::UPLOAD;
use crate::rpc::session::FrameView;
use crate::rpc::statements::{LEDGER_TABLE, STATEMENT_TABLE};
use crate::server::auth::limits::SearchLimit;
use crate::server::http;
use crate::server::http::headers::PageNonce;
use crate::server::http::visitor::Visitor;
use crate::server::state::AppState;
use crate::server::{services, views};

/// The addresses of pages. They are listed once in a process, because while Leptos lists them nothing in it loads any data: a page that
/// another router renders at that moment would wait for ever.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// The whole web application, ready to be served.
pub fn router(state: &AppState, listen: SocketAddr, site: &Site) -> Router {
    let options = site.options(listen);
    let searches = Arc::new(SearchLimit::new(state.settings.visitor_searches_per_minute));
    let part_loader = site.part_loader();
    let context = {
        let state = state.clone();
        move || {
            provide(&state, &searches);
            part_loader.clone().into_iter().for_each(provide_context);
        }
    };
    let files = ServeDir::new(site.root.join(PKG)).precompressed_br().precompressed_gzip();
    let pages = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let router = Router::new()
        .leptos_routes_with_context(&options, PAGES.clone(), context.clone(), pages)
        .route("/rpc/{*path}", any(no_such_function))
        .route(UPLOAD, post(upload::stock).with_state(state.clone()))
        .route(LEDGER_TABLE, get(download::ledger).with_state(state.clone()))
        .route(STATEMENT_TABLE, get(download::statement).with_state(state.clone()))
        .nest_service(&format!("/{PKG}"), files)
        .fallback(file_and_error_handler_with_context(context, shell))
        .layer(from_fn_with_state(state.clone(), frame_of_page))
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
    if let Some(frame) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<FrameView>().cloned()) {
        provide_context(frame);
    }
}

/// Reads what the frame of a page shows before the page is rendered, so that nothing in it has to wait for that.
async fn frame_of_page(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = !path.starts_with("/rpc/") && !path.rsplit('/').next().unwrap_or_default().contains('.');
    if is_page {
        let session = request.extensions().get::<Visitor>().and_then(|visitor| visitor.session.clone());
        match services::frame::frame(&state, session.as_ref()).await {
            Ok(frame) => {
                request.extensions_mut().insert(views::session::frame(frame, session.as_ref()));
            }
            Err(error) => {
                tracing::error!(%error, "the frame of a page could not be read");
                return http::refuse::refused(&Code::Busy.into(), request.headers());
            }
        }
    }
    next.run(request).await
}

async fn no_such_function(request: Request) -> Response {
    http::refuse::refused(&Code::NotFound.into(), request.headers())
}
