//! The Vobiz dialect (its API as of spring 2026): names, shapes and codes of Vobiz over the same services. Its table stands here; what is
//! asked is read in [`asked`], failures are written in [`errors`]. docs/migrating.md tells what differs.

mod account;
mod answer;
mod asked;
mod errors;
mod handing;
mod money;
mod number;
mod numbers;
mod sub_accounts;
mod trunks;

use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::dialect::{Dialect, Failure};
use super::envelope::BASE;
use super::table::Route;
use crate::domain::audit::Channel;
use crate::server::auth::keys;
use crate::server::services::tokens::{self, Kind};
use crate::server::state::AppState;

/// The operation that a refresh token is for, and nothing else.
const REFRESH: &str = "refreshTokens";
/// Routes of numbers and money, which clients spell with a capital letter or without.
const CAPITAL: &str = "/Account/";
const LOWER: &str = "/account/";

/// The dialect.
#[derive(Debug, Clone, Copy)]
pub struct Vobiz;

impl Dialect for Vobiz {
    fn channel(&self) -> Channel {
        Channel::Vobiz
    }

    fn routes(&self) -> Vec<Route> {
        [account::routes(), numbers::routes(), trunks::routes(), handing::routes(), sub_accounts::routes(), money::routes()].concat()
    }

    fn addresses(&self, route: &Route) -> Vec<String> {
        let address = format!("{BASE}{}", route.path);
        if let Some(rest) = route.path.strip_prefix(CAPITAL) {
            return vec![format!("{BASE}{LOWER}{rest}"), address];
        }
        match route.path.strip_suffix('/') {
            Some(bare) => vec![format!("{BASE}{bare}"), address],
            None => vec![address],
        }
    }

    fn roots(&self) -> &'static [&'static str] {
        &["/api/v1/Account", "/api/v1/account", "/api/v1/accounts", "/api/v1/auth"]
    }

    fn secret_hash(&self, state: &AppState, route: &Route, secret: &str) -> Option<String> {
        if route.operation == REFRESH {
            return tokens::secret_hash(state, Kind::Refresh, secret);
        }
        keys::hash(secret).or_else(|| tokens::secret_hash(state, Kind::Access, secret))
    }

    fn refuse<'a>(&'a self, failure: Failure<'a>) -> BoxFuture<'a, Response> {
        async move { errors::response(&failure) }.boxed()
    }
}
