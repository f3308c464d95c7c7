//! Links: which answer names what another operation asks for. They follow from the addresses in the table.

use axum::http::Method;
use serde_json::{Value, json};
use utoipa::openapi::link::{Link, LinkBuilder};

use super::super::table::Route;

/// Where an answer leads: the names of the operations, each with its link.
pub(super) fn of(from: &Route, all: &[Route]) -> Vec<(String, Link)> {
    let lists = is_list(from);
    let row = if lists { "/0" } else { "" };
    all.iter()
        .filter(|to| to.path != from.path)
        .filter_map(|to| {
            let (variable, member) = variable(from, to)?;
            Some((to.operation.to_owned(), link(to, variable, &format!("$response.body#/data{row}/{member}"))))
        })
        .collect()
}

fn is_list(route: &Route) -> bool {
    (route.described.sample)().get("data").is_some_and(Value::is_array)
}

/// The variable of the address that the answer fills, and the member that it is filled with.
fn variable(from: &Route, to: &Route) -> Option<(&'static str, &'static str)> {
    let stands_below = |path: &str| to.path.strip_prefix(path).is_some_and(|rest| rest.starts_with("/{id}"));
    match from.path {
        "/numbers/purchase" | "/numbers/import" => stands_below("/numbers").then_some(("id", "id")),
        "/numbers/search" => (to.path == "/numbers/available/{e164}").then_some(("e164", "e164")),
        "/admin/inventory" => (to.path == "/admin/inventory/{e164}").then_some(("e164", "e164")),
        "/numbers" if to.path == "/routing/{e164}" => Some(("e164", "e164")),
        "/sub-accounts" if to.path == "/budgets/{id}" => Some(("id", "id")),
        path if matches!(from.method, Method::GET | Method::POST) => stands_below(path).then_some(("id", "id")),
        _ => None,
    }
}

fn link(to: &Route, variable: &str, expression: &str) -> Link {
    LinkBuilder::new().operation_id(to.operation).parameter(variable, json!(expression)).description(to.summary).build()
}
