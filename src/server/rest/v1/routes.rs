//! `/routes`: where calls go when no agent answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{PlaceQuery, Query};
use crate::server::rest::table::{Group, Route};
use crate::server::services::routes::{self, Route as InboundRoute, RouteChange, RouteInput};

/// What a route can lead to.
const KINDS: Kind = Kind::Choice(&["host", "number", "uri", "sip-reg"]);

pub fn group() -> Group {
    let routes = vec![
        Route::get("/routes", "listRoutes", list).scope(Scope::NumbersRead).about("Lists the routes by name."),
        Route::post("/routes", "createRoute", create)
            .scope(Scope::NumbersWrite)
            .about("Makes a route.")
            .answers(&[201])
            .refuses(&[Code::NotFound]),
        Route::get("/routes/{id}", "getRoute", get).scope(Scope::NumbersRead).about("Reads one route.").refuses(&[Code::NotFound]),
        Route::patch("/routes/{id}", "editRoute", edit)
            .scope(Scope::NumbersWrite)
            .about("Changes a route; numbers that use it follow at once.")
            .refuses(&[Code::NotFound]),
        Route::delete("/routes/{id}", "deleteRoute", delete)
            .scope(Scope::NumbersWrite)
            .about("Deletes a route that no number uses.")
            .refuses(&[Code::NotFound, Code::RouteInUse]),
    ];
    Group { name: "Routes", text: "A route takes calls that no agent answers: a number has a primary one and a failover.", routes }
}

/// An inbound voice route.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Route)]
pub struct RouteBody {
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
    /// `host`, `number`, `uri` or `sip-reg`.
    pub kind: &'static str,
    /// A host, a number or a SIP address; empty for `sip-reg`.
    pub destination: String,
    /// The sub-account that it is in; null in the pool.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<InboundRoute> for RouteBody {
    fn from(route: InboundRoute) -> Self {
        Self {
            id: route.id,
            name: route.name,
            kind: route.kind.name(),
            destination: route.destination,
            sub_account_id: route.sub_account_id,
            created_at: Instant(route.created_at),
            updated_at: Instant(route.updated_at),
        }
    }
}

impl Sample for RouteBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-3000-7aaa-8bbb-0123456789ab"),
            name: String::from("Office"),
            kind: "host",
            destination: String::from("pbx.example.com"),
            sub_account_id: None,
            created_at: Instant::sample(),
            updated_at: Instant::sample(),
        }
    }
}

struct CreateBody {
    input: RouteInput,
    sub_account_id: Option<String>,
}

impl FromBody for CreateBody {
    const FIELDS: &'static [Field] = &[
        Field::required("name", Kind::Text(80), "For people.").like("\"Office\""),
        Field::required("kind", KINDS, "What it leads to.").like("\"host\""),
        Field::optional("destination", Kind::Text(256), "A host, a number or a SIP address; none for `sip-reg`.")
            .like("\"pbx.example.com\""),
        Field::optional("subAccountId", Kind::Text(64), "The sub-account that it shall be in; the pool when it is not given.").or_null(),
    ];

    fn read(values: &Values) -> Self {
        Self {
            input: RouteInput {
                name: values.required("name"),
                kind: values.required("kind"),
                destination: values.required("destination"),
                edge_strategy_id: None,
            },
            sub_account_id: values.text("subAccountId"),
        }
    }
}

struct EditBody(RouteChange);

impl FromBody for EditBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("name", Kind::Text(80), "For people.").like("\"Office\""),
        Field::optional("kind", KINDS, "What it leads to; another kind needs its destination too."),
        Field::optional("destination", Kind::Text(256), "A host, a number or a SIP address; none for `sip-reg`."),
    ];

    fn read(values: &Values) -> Self {
        Self(RouteChange {
            name: values.text("name"),
            kind: values.text("kind"),
            destination: values.text("destination"),
            edge_strategy_id: None,
        })
    }
}

async fn list(call: Call, Query(query): Query<PlaceQuery>) -> Result<Page<RouteBody>> {
    let found = routes::list(&call.state, &call.caller, query.sub_account_id.as_deref(), query.limit, query.cursor.as_deref()).await?;
    Ok(Page::of(query.limit, found))
}

async fn create(call: Call, Body(body): Body<CreateBody>) -> Result<Reply<RouteBody>> {
    let route = routes::create(&call.state, &call.caller, &body.input, body.sub_account_id.as_deref()).await?;
    Ok(Reply::created(&format!("/routes/{}", route.id), route.into()))
}

async fn get(call: Call) -> Result<Reply<RouteBody>> {
    Ok(Reply::of(routes::get(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn edit(call: Call, Body(EditBody(change)): Body<EditBody>) -> Result<Reply<RouteBody>> {
    Ok(Reply::of(routes::edit(&call.state, &call.caller, call.path("id"), &change).await?.into()))
}

async fn delete(call: Call) -> Result<Reply<RouteBody>> {
    Ok(Reply::of(routes::delete(&call.state, &call.caller, call.path("id")).await?.into()))
}
