//! The reference: OpenAPI 3.1, made from the table of routes and the types of their handlers, and the page that shows it.

mod document;
mod links;
mod page;
mod problems;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

pub use document::{body_example, document, refusals};

use super::table;

/// Where the document is, below [`super::envelope::BASE`].
pub const PATH: &str = "/openapi.json";

const HTML: &str = "text/html; charset=utf-8";

/// `/docs/api`, a page for each code under `/problems`, and their style: to be merged into the pages.
pub fn pages() -> Router {
    let reference: Arc<str> = page::html(&table::groups()).into();
    let problems = problems::pages().into_iter().map(|(path, page)| (path, HTML, page.into()));
    let documents =
        [(String::from("/docs/api"), HTML, reference), (String::from("/docs/api.css"), "text/css; charset=utf-8", page::STYLE.into())];
    table::documents(documents.into_iter().chain(problems))
}

/// A text that is always the same.
pub(super) fn fixed(media_type: &'static str, text: &str) -> Response {
    let mut response = Response::new(Body::from(text.to_owned()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
