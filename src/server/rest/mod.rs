//! The REST surface: one for all dialects. The router, and what every request passes before its handler. Handlers translate; each
//! calls one service. No rule lives here.

pub mod body;
pub mod credentials;
pub mod dialect;
pub mod envelope;
pub mod fields;
pub mod flowroute;
pub mod handler;
pub mod idempotency;
pub mod limits;
pub mod native;
pub mod openapi;
pub mod problem;
pub mod query;
pub mod table;
pub mod v1;
pub mod vobiz;

use std::sync::Arc;

use axum::RequestExt;
use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::error::{Error, Result};
use super::http::request_id::RequestId;
use super::services::caller::Caller;
use super::services::keys::KeyOfAccount;
use super::services::repeats::InFlight;
use super::state::AppState;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use credentials::KeyCache;
use dialect::{Dialect, Failure};
use envelope::Rendered;
use handler::Call;
use idempotency::IDEMPOTENCY_REPLAYED;
use limits::{KeyLimits, Left};
use table::{Effect, Route};

/// What all requests of the surface share.
#[derive(Debug)]
struct Surface {
    state: AppState,
    keys: KeyCache,
    limits: KeyLimits,
    in_flight: InFlight,
}

/// Everything below the roots of the dialects.
pub fn router(state: &AppState) -> Router {
    let surface = Arc::new(Surface {
        state: state.clone(),
        keys: KeyCache::default(),
        limits: KeyLimits::new(&state.settings),
        in_flight: InFlight::default(),
    });
    let answer = move |dialect: &'static dyn Dialect, route: Arc<Route>, request: Request| {
        let surface = surface.clone();
        async move { surface.answer(dialect, route, request).await }
    };
    dialect::ALL.into_iter().fold(Router::new(), |router, dialect| router.merge(table::mount(dialect, &answer)))
}

/// The refusal as the answer to a request that no route has seen.
pub async fn refused(dialect: &dyn Dialect, refusal: Refusal, request: Request) -> Response {
    let incident = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    dialect.refuse(Failure { refusal, incident: &incident, headers: request.headers(), route: None, asker: None }).await
}

async fn unknown_path(dialect: &'static dyn Dialect, request: Request) -> Response {
    refused(dialect, Code::NotFound.into(), request).await
}

/// An address that exists, asked with a method that it does not have.
async fn wrong_method(dialect: &'static dyn Dialect, request: Request) -> Response {
    let allowed = HeaderValue::from_str(&table::methods_of(dialect, request.uri().path()).join(", "));
    let mut response = refused(dialect, Code::MethodNotAllowed.into(), request).await;
    if let Ok(allowed) = allowed {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

impl Surface {
    /// Answers a request for a route: key, limit, scope, body, handler.
    async fn answer(self: Arc<Self>, dialect: &'static dyn Dialect, route: Arc<Route>, request: Request) -> Response {
        let incident = request.extensions().get::<RequestId>().map_or_else(|| self.state.new_id(), |id| id.0.clone());
        let headers = request.headers().clone();
        let failed = |error: Error, asker| {
            let refusal = error.refusal().unwrap_or_else(|| {
                tracing::error!(%error, incident, "a request failed");
                Code::Internal.into()
            });
            dialect.refuse(Failure { refusal, incident: &incident, headers: &headers, route: Some(&route), asker })
        };
        let hash = |secret: &str| dialect.secret_hash(&self.state, &route, secret);
        let account = match credentials::check(&self.state, &self.keys, &headers, hash).await {
            Ok(account) => account,
            Err(error) => return failed(error, None).await,
        };
        let left = match self.limits.count(&account.key.id) {
            Ok(left) => left,
            Err((refusal, left)) => return with_limit(failed(refusal.into(), None).await, Some(left)),
        };
        let caller = credentials::caller(&account, dialect.channel());
        let allowed = match route.scope {
            Some(scope) if !account.key.scopes.contains(scope) => Err(Refusal::MissingScope { scope: scope.name().to_owned() }),
            _ if !route.holders.include(&account.key) => Err(Code::WrongKeyKind.into()),
            _ => Ok(()),
        };
        let outcome = match allowed {
            Err(refusal) => Err(refusal.into()),
            Ok(()) => self.clone().carry_out(route.clone(), account, caller.clone(), request).await,
        };
        with_limit(
            match outcome {
                Ok((rendered, replayed)) => respond(rendered, replayed, dialect.media_type(&headers)),
                Err(error) => failed(error, Some((&self.state, &caller))).await,
            },
            left,
        )
    }

    async fn carry_out(
        self: Arc<Self>,
        route: Arc<Route>,
        account: KeyOfAccount,
        caller: Caller,
        mut request: Request,
    ) -> Result<(Rendered, bool)> {
        // What is no UTF-8 names nothing that exists.
        let parameters = request.extract_parts::<RawPathParams>().await.map_err(|_| Code::NotFound)?;
        let path = parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (parts, body) = request.into_parts();
        let body = body::collect(body).await?;
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let repeat = match route.effect {
            Effect::Read => None,
            Effect::Write | Effect::Order => {
                idempotency::request_key(&parts.headers, &caller, &parts.method, parts.uri.path(), &query, &body)?
            }
        };
        let KeyOfAccount { key, auth_id, .. } = account;
        let call = Call { state: self.state.clone(), caller, key, auth_id, repeat, path, query, headers: parts.headers, body };
        if route.effect == Effect::Read {
            return Ok(((route.run)(call).await?, false));
        }
        // A write goes on when its sender hangs up: it would else be done and never be answered.
        let write = tokio::spawn(async move { idempotency::once(&route.run, route.effect, &self.in_flight, call).await });
        write.await.map_err(|error| Error::Internal(format!("a write did not end: {error}")))?
    }
}

fn respond(rendered: Rendered, replayed: bool, media_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(rendered.body));
    *response.status_mut() = rendered.status;
    let headers = response.headers_mut();
    if rendered.status != StatusCode::NO_CONTENT {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(rendered.media_type.unwrap_or(media_type)));
    }
    if let Some(location) = rendered.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
        headers.insert(LOCATION, location);
    }
    if replayed {
        headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

fn with_limit(mut response: Response, left: Option<Left>) -> Response {
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    response
}
