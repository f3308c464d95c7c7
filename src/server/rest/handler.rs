//! What a handler is: an async function of a [`Call`], and of typed parameters and a typed body where it has them. The reference is
//! made from the same types (see [`super::openapi`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use futures::FutureExt;
use futures::future::BoxFuture;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::body::{self, Body, FromBody};
use super::envelope::{Answer, Rendered};
use super::fields::Field;
use super::query::{self, FromQuery, Query};
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::keys::Key;
use crate::server::services::repeats::RequestKey;
use crate::server::state::AppState;

/// A request whose key was checked against the route's scope.
#[derive(Debug, Clone)]
pub struct Call {
    pub state: AppState,
    /// Who acts. Without an organization for keys of the platform.
    pub caller: Caller,
    pub key: Key,
    /// The `MA_` or `SA_` id of the key's account; none for keys of the platform.
    pub auth_id: Option<String>,
    /// Where the request's `Idempotency-Key` counts, if it has one.
    pub repeat: Option<RequestKey>,
    pub(super) path: BTreeMap<String, String>,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    /// A part of the path by its name in the route, decoded.
    #[must_use]
    pub fn path(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// Whether the key carries a scope that the route does not ask for.
    #[must_use]
    pub const fn holds(&self, scope: Scope) -> bool {
        self.key.scopes.contains(scope)
    }
}

/// Runs a handler.
pub type Run = Arc<dyn Fn(Call) -> BoxFuture<'static, Result<Rendered>> + Send + Sync>;

/// What the reference says of a handler.
#[derive(Clone)]
pub struct Described {
    pub parameters: &'static [Field],
    /// None for a handler without a body.
    pub fields: Option<&'static [Field]>,
    /// How many members a body has at least and at the most.
    pub members: (usize, Option<usize>),
    pub schema: fn() -> Schema,
    pub components: fn(&mut Vec<(String, RefOr<Schema>)>),
    pub sample: fn() -> serde_json::Value,
    /// What else than JSON it may answer with.
    pub other_media_type: Option<&'static str>,
}

impl Described {
    fn new<A: Answer>(parameters: &'static [Field], fields: Option<&'static [Field]>) -> Self {
        Self {
            parameters,
            fields,
            members: (0, None),
            schema: A::schema,
            components: A::components,
            sample: A::sample,
            other_media_type: A::other_media_type(),
        }
    }
}

impl Default for Described {
    /// Nothing: the routes of another system are described by that system.
    fn default() -> Self {
        let (schema, sample) = (Schema::default as fn() -> Schema, serde_json::Value::default as fn() -> serde_json::Value);
        Self { parameters: &[], fields: None, members: (0, None), schema, components: |_| {}, sample, other_media_type: None }
    }
}

/// What came with a request, for a dialect that reads it by its own rules.
#[derive(Debug, Clone)]
pub struct Unread {
    /// As it was sent, without the question mark.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A function that answers calls. `Arguments` only tells the forms apart.
pub trait Endpoint<Arguments>: Sized {
    /// What the reference says of it.
    fn described() -> Described;

    /// How it is run.
    fn run(self) -> Run;
}

impl<F, R, A> Endpoint<()> for F
where
    F: Fn(Call) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = Result<A>> + Send + 'static,
    A: Answer,
{
    fn described() -> Described {
        Described::new::<A>(&[], None)
    }

    fn run(self) -> Run {
        Arc::new(move |call| {
            async move {
                query::read::<query::NoQuery>(&call.query)?;
                body::read::<body::NoBody>(&call.headers, &call.body)?;
                self(call).await?.render()
            }
            .boxed()
        })
    }
}

impl<F, R, A, Q> Endpoint<(Query<Q>,)> for F
where
    F: Fn(Call, Query<Q>) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = Result<A>> + Send + 'static,
    A: Answer,
    Q: FromQuery + Send + 'static,
{
    fn described() -> Described {
        Described::new::<A>(Q::PARAMETERS, None)
    }

    fn run(self) -> Run {
        Arc::new(move |call| {
            async move {
                let query = Query(query::read::<Q>(&call.query)?);
                body::read::<body::NoBody>(&call.headers, &call.body)?;
                self(call, query).await?.render()
            }
            .boxed()
        })
    }
}

impl<F, R, A, B> Endpoint<(Body<B>,)> for F
where
    F: Fn(Call, Body<B>) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = Result<A>> + Send + 'static,
    A: Answer,
    B: FromBody + Send + 'static,
{
    fn described() -> Described {
        Described { members: B::MEMBERS, ..Described::new::<A>(&[], Some(B::FIELDS)) }
    }

    fn run(self) -> Run {
        Arc::new(move |call| {
            async move {
                query::read::<query::NoQuery>(&call.query)?;
                let body = Body(body::read::<B>(&call.headers, &call.body)?);
                self(call, body).await?.render()
            }
            .boxed()
        })
    }
}

impl<F, R> Endpoint<Unread> for F
where
    F: Fn(Call, Unread) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = Result<Rendered>> + Send + 'static,
{
    fn described() -> Described {
        Described::default()
    }

    fn run(self) -> Run {
        Arc::new(move |call| {
            let unread = Unread { query: call.query.clone(), headers: call.headers.clone(), body: call.body.clone() };
            self(call, unread).boxed()
        })
    }
}
