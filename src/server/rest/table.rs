//! The rows that routes are registered from, and the native table. There is one table for each dialect; the reference, the
//! authorization test and the replay test are made from them. Each native group declares its rows in its file under [`super::v1`].

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{MethodFilter, any, get, on};

use super::dialect::Dialect;
use super::handler::{Described, Endpoint, Run};
use super::v1;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::services::keys::Key;

/// Which keys a route serves, apart from their scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// Keys of an organization or of one of its sub-accounts.
    Accounts,
    /// Keys of the organization itself only (R10).
    Organization,
    /// Keys of the platform only.
    Platform,
    /// Keys of the organization itself and of the platform.
    OrganizationOrPlatform,
    /// Every key.
    Any,
}

impl Holders {
    /// Whether a key is one of them.
    #[must_use]
    pub const fn include(self, key: &Key) -> bool {
        let (platform, sub_account) = (key.organization_id.is_none(), key.sub_account_id.is_some());
        match self {
            Self::Accounts => !platform,
            Self::Organization => !platform && !sub_account,
            Self::Platform => platform,
            Self::OrganizationOrPlatform => platform || !sub_account,
            Self::Any => true,
        }
    }

    /// In the words of the reference.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Accounts => "Keys of the organization and of its sub-accounts.",
            Self::Organization => "Keys of the organization itself; not of a sub-account.",
            Self::Platform => "Keys of the platform.",
            Self::OrganizationOrPlatform => "Keys of the organization itself and of the platform.",
            Self::Any => "Every key.",
        }
    }
}

/// What happens to a repeated request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It changes nothing.
    Read,
    /// With an `Idempotency-Key` it is done once.
    Write,
    /// The same, but the service writes the key's row itself, together with the order that it makes.
    Order,
}

/// One row.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// Below the root of its dialect, with its variable parts in braces.
    pub path: &'static str,
    /// The operation's id in the reference.
    pub operation: &'static str,
    /// None where any key will do.
    pub scope: Option<Scope>,
    pub holders: Holders,
    pub effect: Effect,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The statuses of its successes.
    pub successes: &'static [u16],
    /// What it may be refused with, besides what every route may.
    pub refusals: &'static [Code],
    pub described: Described,
    pub run: Run,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {} ({})", self.method, self.path, self.operation)
    }
}

impl Route {
    fn new<A, E: Endpoint<A>>(method: Method, effect: Effect, path: &'static str, operation: &'static str, endpoint: E) -> Self {
        Self {
            method,
            path,
            operation,
            scope: None,
            holders: Holders::Accounts,
            effect,
            summary: "",
            successes: &[200],
            refusals: &[],
            described: E::described(),
            run: endpoint.run(),
        }
    }

    /// A read.
    #[must_use]
    pub fn get<A, E: Endpoint<A>>(path: &'static str, operation: &'static str, endpoint: E) -> Self {
        Self::new(Method::GET, Effect::Read, path, operation, endpoint)
    }

    /// A write that makes something or does something.
    #[must_use]
    pub fn post<A, E: Endpoint<A>>(path: &'static str, operation: &'static str, endpoint: E) -> Self {
        Self::new(Method::POST, Effect::Write, path, operation, endpoint)
    }

    /// A write that changes something.
    #[must_use]
    pub fn patch<A, E: Endpoint<A>>(path: &'static str, operation: &'static str, endpoint: E) -> Self {
        Self::new(Method::PATCH, Effect::Write, path, operation, endpoint)
    }

    /// A write that sets something anew.
    #[must_use]
    pub fn put<A, E: Endpoint<A>>(path: &'static str, operation: &'static str, endpoint: E) -> Self {
        Self::new(Method::PUT, Effect::Write, path, operation, endpoint)
    }

    /// A write that ends something.
    #[must_use]
    pub fn delete<A, E: Endpoint<A>>(path: &'static str, operation: &'static str, endpoint: E) -> Self {
        Self::new(Method::DELETE, Effect::Write, path, operation, endpoint)
    }

    /// The scope that a key must carry.
    #[must_use]
    pub fn scope(self, scope: Scope) -> Self {
        Self { scope: Some(scope), ..self }
    }

    /// The keys that it serves; without this those of organizations and sub-accounts.
    #[must_use]
    pub fn holders(self, holders: Holders) -> Self {
        Self { holders, ..self }
    }

    /// The service writes the row of the request's key itself.
    #[must_use]
    pub fn ordering(self) -> Self {
        Self { effect: Effect::Order, ..self }
    }

    /// It writes nothing, whatever its method says.
    #[must_use]
    pub fn reading(self) -> Self {
        Self { effect: Effect::Read, ..self }
    }

    /// What it does, in one sentence.
    #[must_use]
    pub fn about(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// The statuses of its successes; without this 200 alone.
    #[must_use]
    pub fn answers(self, successes: &'static [u16]) -> Self {
        Self { successes, ..self }
    }

    /// What it may be refused with, besides what every route may.
    #[must_use]
    pub fn refuses(self, refusals: &'static [Code]) -> Self {
        Self { refusals, ..self }
    }
}

/// The routes of one kind of object.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: &'static str,
    /// What they are about, for the reference.
    pub text: &'static str,
    pub routes: Vec<Route>,
}

/// Every group of the native dialect.
#[must_use]
pub fn groups() -> Vec<Group> {
    vec![
        v1::numbers::group(),
        v1::routes::group(),
        v1::agents::group(),
        v1::sub_accounts::group(),
        v1::calls::group(),
        v1::audit::group(),
        v1::organization::group(),
        v1::members::group(),
        v1::keys::group(),
        v1::billing::group(),
        v1::webhooks::group(),
        v1::admin::group(),
    ]
}

/// The native table: every route, in the order of the groups.
#[must_use]
pub fn routes() -> Vec<Route> {
    groups().into_iter().flat_map(|group| group.routes).collect()
}

/// Registers every route of a dialect with `answer`, which is given the row of the table.
pub(super) fn mount<F, R>(dialect: &'static dyn Dialect, answer: &F) -> Router
where
    F: Fn(&'static dyn Dialect, Arc<Route>, Request) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    let mut router = Router::new();
    for route in dialect.routes() {
        // A method that axum does not know cannot stand in the table: the constructors name five.
        let Ok(filter) = MethodFilter::try_from(route.method.clone()) else { continue };
        let route = Arc::new(route);
        for address in dialect.addresses(&route) {
            let (route, answer) = (route.clone(), answer.clone());
            router = router.route(&address, on(filter, move |request: Request| answer(dialect, route.clone(), request)));
        }
    }
    let router = router
        .merge(documents(dialect.documents()))
        .method_not_allowed_fallback(move |request: Request| super::wrong_method(dialect, request));
    let unknown = move |request: Request| super::unknown_path(dialect, request);
    // What is nested answers for everything below its address, but not for the address with a slash behind it.
    dialect
        .roots()
        .iter()
        .fold(router, |router, root| router.nest(root, Router::new().fallback(unknown)).route(&format!("{root}/"), any(unknown)))
}

/// Texts that anybody may read: address, media type, text.
pub(super) fn documents<P: AsRef<str>>(documents: impl IntoIterator<Item = (P, &'static str, Arc<str>)>) -> Router {
    documents.into_iter().fold(Router::new(), |router, (path, media_type, text)| {
        router.route(path.as_ref(), get(move || async move { super::openapi::fixed(media_type, &text) }))
    })
}

/// The methods of an address, as it was sent.
pub(super) fn methods_of(dialect: &dyn Dialect, path: &str) -> Vec<&'static str> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let parts: Vec<&str> = pattern.split('/').collect();
        parts.len() == asked.len() && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
    };
    let routes = dialect.routes().into_iter().flat_map(|route| {
        let addresses = dialect.addresses(&route);
        addresses.into_iter().map(move |address| (address, route.method.clone()))
    });
    let routes: Vec<(String, Method)> = routes.collect();
    // An address without variable parts hides those with them, as in the router.
    let exact = routes.iter().any(|(address, _)| address == path);
    let name = |method: &Method| match *method {
        Method::GET => "GET, HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        _ => "DELETE",
    };
    let fitting = routes.iter().filter(|(address, _)| if exact { address == path } else { fits(address) });
    fitting.map(|(_, method)| name(method)).collect()
}
