//! The Flowroute dialect (its API v2): JSON:API documents over the same services. The table is put together here from the rows of each
//! file; what is asked is read in [`query`] and [`body`], failures are written in [`errors`]. docs/migrating.md tells what differs.

mod available;
mod body;
mod document;
mod errors;
mod links;
mod numbers;
mod purchase;
mod query;
mod relationships;
mod routes;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::dialect::{Dialect, Failure};
use super::table::Route;
use crate::domain::audit::Channel;

/// Under which every route stands.
pub const BASE: &str = "/v2";
/// The media type of JSON:API: for those who name it.
const JSON_API: &str = "application/vnd.api+json";

/// The dialect.
#[derive(Debug, Clone, Copy)]
pub struct Flowroute;

impl Dialect for Flowroute {
    fn channel(&self) -> Channel {
        Channel::Flowroute
    }

    fn routes(&self) -> Vec<Route> {
        [available::routes(), numbers::routes(), purchase::routes(), relationships::routes(), routes::routes()].concat()
    }

    fn addresses(&self, route: &Route) -> Vec<String> {
        vec![format!("{BASE}{}", route.path)]
    }

    fn roots(&self) -> &'static [&'static str] {
        &[BASE]
    }

    fn media_type(&self, headers: &HeaderMap) -> &'static str {
        let named = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|accept| accept.contains(JSON_API));
        if named { JSON_API } else { "application/json" }
    }

    fn refuse<'a>(&'a self, failure: Failure<'a>) -> BoxFuture<'a, Response> {
        let media_type = self.media_type(failure.headers);
        async move { errors::response(&failure, media_type) }.boxed()
    }
}
