//! The native dialect: `/api/v1`, envelopes and problem documents. Its routes are in the groups of [`super::table`].

use std::sync::Arc;

use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::dialect::{Dialect, Failure};
use super::envelope::BASE;
use super::table::{self, Route};
use super::{openapi, problem};
use crate::domain::audit::Channel;

/// The dialect that can do everything.
#[derive(Debug, Clone, Copy)]
pub struct Native;

impl Dialect for Native {
    fn channel(&self) -> Channel {
        Channel::Native
    }

    fn routes(&self) -> Vec<Route> {
        table::routes()
    }

    fn addresses(&self, route: &Route) -> Vec<String> {
        vec![format!("{BASE}{}", route.path)]
    }

    fn roots(&self) -> &'static [&'static str] {
        &[BASE]
    }

    fn documents(&self) -> Vec<(String, &'static str, Arc<str>)> {
        let document = openapi::document(&table::groups()).to_json().unwrap_or_default();
        vec![(format!("{BASE}{}", openapi::PATH), "application/json", document.into())]
    }

    fn refuse<'a>(&'a self, failure: Failure<'a>) -> BoxFuture<'a, Response> {
        problem::of(failure).boxed()
    }
}
