//! JSON:API documents as Flowroute writes them: resources with attributes, relationships and absolute links, and the resources of each
//! type. Keys are in snake case; optional members are left out, but for those that are `null` there.

use axum::http::StatusCode;
use serde::Serialize;

use super::links::Base;
use crate::domain::answering::RouteKind;
use crate::domain::number::NumberType;
use crate::server::error::Result;
use crate::server::rest::envelope::{Money, Rendered};
use crate::server::search::FoundRow;
use crate::server::services::numbers::{OwnedNumber, Record, RouteBrief};
use crate::server::services::routes::Route;

/// The id of the route that is always there: a registered device (R45).
pub const BUILT_IN: &str = "0";
/// How numbers are paid for: each month ahead, out of the wallet.
const BILLING_METHOD: &str = "prepaid-monthly";

/// What a request is answered with: a resource, or a list of them.
#[derive(Debug, Serialize)]
pub struct Document<D> {
    data: D,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    included: Vec<Resource<RouteAttributes>>,
    links: DocumentLinks,
}

/// Where the document itself is, and the page behind it.
#[derive(Debug, Serialize)]
struct DocumentLinks {
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Where a resource is: what an account has links to itself, what is only offered is related.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
enum ItemLink {
    #[serde(rename = "self")]
    Own(String),
    Related(String),
}

/// One object. Ids are texts, but for those of edges.
#[derive(Debug, Clone, Serialize)]
pub struct Resource<A, I = String> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: I,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<A>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relationships: Option<Relationships>,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<ItemLink>,
}

/// What a number is connected with. Names and addresses of callers are not kept here: these two are always empty.
#[derive(Debug, Clone, Serialize)]
struct Relationships {
    cnam_preset: Linkage,
    e911_address: Linkage,
    failover_route: Linkage,
    primary_route: Linkage,
}

#[derive(Debug, Clone, Serialize)]
struct Linkage {
    data: Option<Identifier>,
}

#[derive(Debug, Clone, Serialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

/// Attributes of a number that can be had.
#[derive(Debug, Clone, Serialize)]
pub struct OfferAttributes {
    value: String,
    rate_center: String,
    state: String,
    number_type: &'static str,
    iso_country: String,
    monthly_cost: Money,
    setup_cost: Money,
}

/// Attributes of a number of the account.
#[derive(Debug, Clone, Serialize)]
pub struct NumberAttributes {
    alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_method: Option<&'static str>,
    cnam_lookups_enabled: bool,
    number_type: &'static str,
    rate_center: String,
    state: String,
    value: String,
}

/// Attributes of a route.
#[derive(Debug, Clone, Serialize)]
pub struct RouteAttributes {
    alias: String,
    route_type: &'static str,
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edge_strategy_id: Option<i64>,
}

/// No attributes at all.
#[derive(Debug, Clone, Serialize)]
pub enum Nothing {}

impl<A, I> Resource<A, I> {
    /// A resource without relationships and links.
    pub const fn new(kind: &'static str, id: I, attributes: A) -> Self {
        Self { kind, id, attributes: Some(attributes), relationships: None, links: None }
    }
}

impl Resource<Nothing> {
    /// A resource that is nothing but its id and what it is related with.
    pub const fn related(kind: &'static str, id: String, related: String) -> Self {
        Self { kind, id, attributes: None, relationships: None, links: Some(ItemLink::Related(related)) }
    }
}

impl<D: Serialize> Document<D> {
    /// One resource.
    pub const fn new(data: D, this: String) -> Self {
        Self { data, included: Vec::new(), links: DocumentLinks { this, next: None } }
    }

    /// A page of a list.
    pub const fn page(data: D, this: String, next: Option<String>) -> Self {
        Self { data, included: Vec::new(), links: DocumentLinks { this, next } }
    }

    /// The document as an answer.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which is a fault of ours.
    pub fn render(&self, status: StatusCode) -> Result<Rendered> {
        Rendered::json(status, self)
    }
}

/// A number as ids are written: digits without the plus sign.
#[must_use]
pub fn number_id(e164: &str) -> String {
    e164.trim_start_matches('+').to_owned()
}

const fn number_type(number_type: NumberType) -> &'static str {
    match number_type {
        NumberType::TollFree => "toll-free",
        NumberType::Local | NumberType::National | NumberType::Mobile => "longcode",
    }
}

/// A number that can be had.
pub fn offer(row: FoundRow, base: &Base) -> Resource<OfferAttributes> {
    let id = number_id(&row.e164);
    let attributes = OfferAttributes {
        value: id.clone(),
        rate_center: row.rate_center.to_lowercase(),
        state: row.administrative_area.to_lowercase(),
        number_type: number_type(row.number_type),
        iso_country: row.country,
        monthly_cost: Money(row.monthly),
        setup_cost: Money(row.setup),
    };
    Resource { links: Some(ItemLink::Related(base.number(&id))), ..Resource::new("number", id, attributes) }
}

fn number_attributes(number: &OwnedNumber, billing_method: Option<&'static str>) -> NumberAttributes {
    NumberAttributes {
        alias: Some(number.label.clone()).filter(|label| !label.is_empty()),
        billing_method,
        cnam_lookups_enabled: number.cnam_lookups_enabled,
        number_type: number_type(number.number_type),
        rate_center: number.rate_center.to_lowercase(),
        state: number.administrative_area.to_lowercase(),
        value: number_id(&number.e164),
    }
}

/// A number of the account, as lists show it.
pub fn listed_number(record: &Record, base: &Base) -> Resource<NumberAttributes> {
    let number = &record.listed.number;
    let id = number_id(&number.e164);
    Resource { links: Some(ItemLink::Own(base.number(&id))), ..Resource::new("number", id, number_attributes(number, None)) }
}

/// A number of the account with its routes.
pub fn number(record: &Record, base: &Base) -> Document<Resource<NumberAttributes>> {
    let (number, listed) = (&record.listed.number, &record.listed);
    let primary = listed.primary.as_ref().map_or_else(|| built_in(base), |route| used_route(route, base));
    let failover = listed.failover.as_ref().map(|route| used_route(route, base));
    let linkage = |route: Option<&Resource<RouteAttributes>>| Linkage {
        data: route.map(|route| Identifier { kind: route.kind, id: route.id.clone() }),
    };
    let relationships = Relationships {
        cnam_preset: linkage(None),
        e911_address: linkage(None),
        failover_route: linkage(failover.as_ref()),
        primary_route: linkage(Some(&primary)),
    };
    let id = number_id(&number.e164);
    let this = base.number(&id);
    let data = Resource {
        relationships: Some(relationships),
        links: Some(ItemLink::Own(this.clone())),
        ..Resource::new("number", id, number_attributes(number, Some(BILLING_METHOD)))
    };
    // A resource stands in a document once.
    let second = failover.filter(|failover| failover.id != primary.id);
    Document { included: std::iter::once(primary).chain(second).collect(), ..Document::new(data, this) }
}

fn route_resource(
    id: String,
    alias: String,
    kind: RouteKind,
    destination: &str,
    edge: Option<i64>,
    base: &Base,
) -> Resource<RouteAttributes> {
    let value = match kind {
        RouteKind::SipReg => None,
        RouteKind::Number => Some(number_id(destination)),
        RouteKind::Host | RouteKind::Uri => Some(destination.to_owned()),
    };
    let attributes = RouteAttributes { alias, route_type: kind.name(), value, edge_strategy_id: edge };
    Resource { links: Some(ItemLink::Own(base.inbound_route(&id))), ..Resource::new("route", id, attributes) }
}

/// The route that is always there, and the primary one of every number that has no other.
pub fn built_in(base: &Base) -> Resource<RouteAttributes> {
    let kind = RouteKind::SipReg;
    route_resource(BUILT_IN.to_owned(), kind.name().to_owned(), kind, "", None, base)
}

fn used_route(route: &RouteBrief, base: &Base) -> Resource<RouteAttributes> {
    route_resource(route.public_number.to_string(), route.name.clone(), route.kind, &route.destination, route.edge_strategy_id, base)
}

/// A route of the account.
pub fn route(route: &Route, base: &Base) -> Resource<RouteAttributes> {
    route_resource(route.public_number.to_string(), route.name.clone(), route.kind, &route.destination, route.edge_strategy_id, base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_route_is_as_its_reference_shows_it() {
        let base = Base::new("https://numbers.example.com");
        let document = Document::new(built_in(&base), base.inbound_route(BUILT_IN));
        let expected = serde_json::json!({
            "data": {
                "type": "route",
                "id": "0",
                "attributes": { "alias": "sip-reg", "route_type": "sip-reg", "value": null },
                "links": { "self": "https://numbers.example.com/v2/routes/0" },
            },
            "links": { "self": "https://numbers.example.com/v2/routes/0" },
        });
        assert_eq!(serde_json::to_value(&document).expect("JSON"), expected);
    }

    #[test]
    fn numbers_of_routes_are_written_without_a_plus_sign() {
        let base = Base::new("https://numbers.example.com");
        let route = route_resource(String::from("10001"), String::from("Cell"), RouteKind::Number, "+12065550100", Some(1), &base);
        let attributes = serde_json::to_value(&route.attributes).expect("JSON");
        let expected = serde_json::json!({ "alias": "Cell", "route_type": "number", "value": "12065550100", "edge_strategy_id": 1 });
        assert_eq!(attributes, expected);
    }
}
