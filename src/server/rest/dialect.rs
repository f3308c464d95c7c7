//! What a dialect is: a set of routes, and how successes and failures look in it. Keys, limits, scopes and repeats are the same in all
//! of them and stand in [`super`]; what a number may do stands in the services.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use futures::future::BoxFuture;

use super::flowroute::Flowroute;
use super::native::Native;
use super::table::Route;
use super::vobiz::Vobiz;
use crate::domain::audit::Channel;
use crate::domain::refusal::Refusal;
use crate::server::auth::keys;
use crate::server::services::caller::Caller;
use crate::server::state::AppState;

/// Every dialect that is spoken.
pub static ALL: [&dyn Dialect; 3] = [&Native, &Flowroute, &Vobiz];

/// A way to speak to the services over HTTP.
pub trait Dialect: std::fmt::Debug + Send + Sync {
    /// What its requests are recorded as, in the audit log and with repeated requests.
    fn channel(&self) -> Channel;

    /// Its table: the only place that its routes are registered from.
    fn routes(&self) -> Vec<Route>;

    /// The whole addresses of a route; more than one where the system that is spoken takes several spellings.
    fn addresses(&self, route: &Route) -> Vec<String>;

    /// The addresses below which what is unknown is refused in this dialect. The longest that fits decides.
    fn roots(&self) -> &'static [&'static str];

    /// Texts that anybody may read: address, media type, text.
    fn documents(&self) -> Vec<(String, &'static str, Arc<str>)> {
        Vec::new()
    }

    /// The media type of a success, by the headers of its request.
    fn media_type(&self, headers: &HeaderMap) -> &'static str {
        let _any = headers;
        "application/json"
    }

    /// The hash that a key is looked up by, from what was sent as its secret. A dialect with tokens of its own reads them here.
    fn secret_hash(&self, state: &AppState, route: &Route, secret: &str) -> Option<String> {
        let _any = (state, route);
        keys::hash(secret)
    }

    /// Writes a failure.
    fn refuse<'a>(&'a self, failure: Failure<'a>) -> BoxFuture<'a, Response>;
}

/// A request that is not answered as it was meant.
#[derive(Debug)]
pub struct Failure<'a> {
    /// Why. For a fault of ours `internal`: its cause is in the log under the incident.
    pub refusal: Refusal,
    /// The request's id.
    pub incident: &'a str,
    /// The request's headers.
    pub headers: &'a HeaderMap,
    /// The row of the table, once the address was found in it.
    pub route: Option<&'a Route>,
    /// Who asks, once the key is known.
    pub asker: Option<(&'a AppState, &'a Caller)>,
}

/// The dialect that an address belongs to.
#[must_use]
pub fn of_path(path: &str) -> Option<&'static dyn Dialect> {
    let below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let roots = ALL.into_iter().flat_map(|dialect| dialect.roots().iter().map(move |root| (*root, dialect)));
    roots.filter(|(root, _)| below(root)).max_by_key(|(root, _)| root.len()).map(|(_, dialect)| dialect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_the_dialect_of_its_longest_root() {
        let channel = |path: &str| of_path(path).map(Dialect::channel);
        assert_eq!(channel("/api/v1"), Some(Channel::Native));
        assert_eq!(channel("/api/v1/numbers"), Some(Channel::Native));
        assert_eq!(channel("/api/v1/account"), Some(Channel::Vobiz));
        assert_eq!(channel("/api/v1/Account/MA_1/numbers"), Some(Channel::Vobiz));
        assert_eq!(channel("/api/v1/accountant"), Some(Channel::Native));
        assert_eq!(channel("/v2/numbers"), Some(Channel::Flowroute));
        assert_eq!(channel("/api/v10"), None);
        assert_eq!(channel("/numbers"), None);
    }
}
