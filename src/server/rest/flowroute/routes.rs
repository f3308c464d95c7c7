//! Inbound routes by their public numbers, with the built-in one before all others, and the edges that calls can enter by.

use axum::http::StatusCode;
use serde::Serialize;

use super::body::Members;
use super::document::{BUILT_IN, Document, Resource, built_in, route};
use super::links::Base;
use super::query::{Asked, renamed};
use crate::domain::answering::RouteKind;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::edges::{self, Edge};
use crate::server::services::routes::{self, Route as InboundRoute, RouteChange, RouteInput};

const ROUTES: &str = "/routes";
const EDGES: &str = "/routes/edge_strategies";
/// Rows of a page at the most.
const MOST: usize = 200;
/// The kinds as they are sent; all are called the same here.
const KINDS: [(&str, &str, RouteKind); 4] = [
    ("host", "host", RouteKind::Host),
    ("number", "number", RouteKind::Number),
    ("uri", "uri", RouteKind::Uri),
    ("sip-reg", "sip-reg", RouteKind::SipReg),
];
/// What the service calls the attributes.
const NAMES: [(&str, &str); 4] = [
    ("name", "data.attributes.alias"),
    ("kind", "data.attributes.route_type"),
    ("destination", "data.attributes.value"),
    ("edgeStrategyId", "data.attributes.edge_strategy_id"),
];
/// The members that name an edge.
const EDGE_MEMBERS: [&str; 2] = ["edge_strategy_id", "edge_strategy"];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(ROUTES, "listInboundRoutes", list).scope(Scope::NumbersRead).about("Lists the inbound routes."),
        Route::post(ROUTES, "createInboundRoute", create).scope(Scope::NumbersWrite).about("Makes an inbound route.").answers(&[201]),
        Route::get(EDGES, "listEdgeStrategies", list_edges)
            .scope(Scope::NumbersRead)
            .about("Lists the edges that calls of a route can enter by."),
        Route::get("/routes/{id}", "getInboundRoute", get)
            .scope(Scope::NumbersRead)
            .about("Reads one inbound route.")
            .refuses(&[Code::NotFound]),
        Route::patch("/routes/{id}", "updateInboundRoute", edit)
            .scope(Scope::NumbersWrite)
            .about("Changes an inbound route; numbers that use it follow at once.")
            .refuses(&[Code::NotFound]),
        Route::delete("/routes/{id}", "deleteInboundRoute", delete)
            .scope(Scope::NumbersWrite)
            .about("Deletes an inbound route that no number uses.")
            .answers(&[204])
            .refuses(&[Code::NotFound, Code::RouteInUse]),
    ]
}

/// A route of the account by its public number.
///
/// # Errors
/// `not_found`, also for what is no number.
pub async fn find(call: &Call, id: &str) -> Result<InboundRoute> {
    let public_number = id.parse().map_err(|_| Code::NotFound)?;
    routes::get_numbered(&call.state, &call.caller, public_number).await
}

/// The route that the path names, to be changed.
async fn changeable(call: &Call) -> Result<InboundRoute> {
    if call.path("id") == BUILT_IN {
        return Err(Refusal::field("id", "The built-in route is always there and stays as it is.").into());
    }
    find(call, call.path("id")).await
}

/// A number is sent without its plus sign.
fn destination(kind: &str, value: String) -> String {
    let bare = kind == RouteKind::Number.name() && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if bare { format!("+{value}") } else { value }
}

async fn list(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::new(&unread.query);
    let kind = asked.word("route_type", &KINDS, "Write host, number, uri or sip-reg.");
    let (window, understood) = asked.window(MOST)?;
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    // The built-in route stands before the first one, where its kind is asked for.
    let before = usize::from(kind.is_none_or(|kind| kind == RouteKind::SipReg));
    let mut data: Vec<_> = (window.offset < before).then(|| built_in(&base)).into_iter().collect();
    let wanted = window.limit.saturating_sub(data.len()).saturating_add(1);
    let found = routes::numbered(&call.state, &call.caller, kind, window.offset.saturating_sub(before), wanted).await?;
    data.extend(found.iter().map(|found| route(found, &base)));
    let more = data.len() > window.limit;
    data.truncate(window.limit);
    let (this, next) = base.page(ROUTES, &understood, window, more);
    Document::page(data, this, next).render(StatusCode::OK)
}

fn document(found: &InboundRoute, call: &Call, unread: &Unread) -> Document<impl Serialize + use<>> {
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    Document::new(route(found, &base), base.inbound_route(&found.public_number.to_string()))
}

async fn get(call: Call, unread: Unread) -> Result<Rendered> {
    if call.path("id") == BUILT_IN {
        let base = Base::of(&unread.headers, &call.state.settings.public_url);
        return Document::new(built_in(&base), base.inbound_route(BUILT_IN)).render(StatusCode::OK);
    }
    let found = find(&call, call.path("id")).await?;
    document(&found, &call, &unread).render(StatusCode::OK)
}

async fn create(call: Call, unread: Unread) -> Result<Rendered> {
    let mut members = Members::enveloped(&unread.body, "route")?;
    let (name, kind) = (members.required("alias"), members.required("route_type"));
    // A registered device has no value to send.
    let value = if kind == RouteKind::SipReg.name() { members.text("value").unwrap_or_default() } else { members.required("value") };
    let edge_strategy_id = members.number(&EDGE_MEMBERS).flatten();
    members.finish()?;
    let input = RouteInput { name, destination: destination(&kind, value), kind, edge_strategy_id };
    let made = routes::create(&call.state, &call.caller, &input, None).await.map_err(|error| renamed(error, &NAMES))?;
    document(&made, &call, &unread).render(StatusCode::CREATED)
}

async fn edit(call: Call, unread: Unread) -> Result<Rendered> {
    let mut members = Members::enveloped(&unread.body, "route")?;
    let (name, kind, value) = (members.text("alias"), members.text("route_type"), members.text("value"));
    let edge_strategy_id = members.number(&EDGE_MEMBERS);
    members.finish()?;
    let was = changeable(&call).await?;
    let value = value.map(|value| destination(kind.as_deref().unwrap_or(was.kind.name()), value));
    let change = RouteChange { name, kind, destination: value, edge_strategy_id };
    let now = routes::edit(&call.state, &call.caller, &was.id, &change).await.map_err(|error| renamed(error, &NAMES))?;
    document(&now, &call, &unread).render(StatusCode::OK)
}

async fn delete(call: Call, _unread: Unread) -> Result<Rendered> {
    let route = changeable(&call).await?;
    routes::delete(&call.state, &call.caller, &route.id).await?;
    Ok(Rendered::nothing())
}

/// Attributes of an edge.
#[derive(Serialize)]
struct EdgeAttributes {
    name: &'static str,
    description: &'static str,
    firewall_rules: String,
    naptr: String,
}

async fn list_edges(call: Call, unread: Unread) -> Result<Rendered> {
    let resource = |edge: Edge| {
        let Edge { id, name, description, firewall_rules, naptr } = edge;
        Resource::new("edge_strategy", id, EdgeAttributes { name, description, firewall_rules, naptr })
    };
    let data: Vec<_> = edges::all(&call.state.settings).into_iter().map(resource).collect();
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    Document::page(data, base.query(EDGES, &[]), None).render(StatusCode::OK)
}
