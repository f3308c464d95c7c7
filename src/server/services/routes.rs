//! Inbound voice routes: making, editing and deleting them, and setting a number's primary and failover route.

use serde_json::json;
use sqlx::AnyConnection;

use super::agents::check_name;
use super::caller::Caller;
use super::cool_offs::running_after;
use super::cursor::{self, Found};
use super::edges;
use super::numbers;
use super::recorder::{Change, Object, Recorder};
use crate::domain::account::Role;
use crate::domain::answering::{RouteKind, route_destination};
use crate::domain::audit::{Action, EventKind};
use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::config::Settings;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::OwnedNumber;
use crate::server::store::routes::NewRoute;
pub use crate::server::store::routes::Route;
use crate::server::store::sub_accounts::SubAccount;

/// Rows of one page.
const PAGE: usize = 100;

/// What people write about a route.
#[derive(Debug, Clone, Default)]
pub struct RouteInput {
    pub name: String,
    /// `host`, `number`, `uri`, `sip-reg`.
    pub kind: String,
    /// Empty for `sip-reg`.
    pub destination: String,
    /// One of [`edges::all`].
    pub edge_strategy_id: Option<i64>,
}

/// What shall be another one; nothing for what stays.
#[derive(Debug, Clone, Default)]
pub struct RouteChange {
    pub name: Option<String>,
    pub kind: Option<String>,
    pub destination: Option<String>,
    /// None inside takes the edge off.
    pub edge_strategy_id: Option<Option<i64>>,
}

/// What was written, checked.
struct Checked {
    name: String,
    kind: RouteKind,
    destination: String,
    edge_strategy_id: Option<i64>,
}

fn check(settings: &Settings, input: &RouteInput) -> Result<Checked> {
    let name = check_name(&input.name);
    let edge = edges::check(settings, input.edge_strategy_id);
    let kind = RouteKind::from_name(&input.kind).ok_or_else(|| FieldError::new("kind", "Choose host, number, uri or sip-reg."));
    let checked = kind.and_then(|kind| {
        let destination = route_destination(kind, &input.destination);
        destination.map(|destination| (kind, destination)).map_err(|fault| FieldError::new("destination", fault.to_string()))
    });
    match (name, checked, edge) {
        (Ok(name), Ok((kind, destination)), Ok(edge_strategy_id)) => Ok(Checked { name, kind, destination, edge_strategy_id }),
        (name, checked, edge) => {
            let errors = name.err().into_iter().chain(checked.err()).chain(edge.err()).collect();
            Err(Refusal::Validation { errors }.into())
        }
    }
}

async fn own(connection: &mut AnyConnection, caller: &Caller, id: &str) -> Result<Route> {
    let route = store::routes::find(connection, &caller.organization_id, id).await?;
    Ok(route.filter(|route| caller.sees(route.sub_account_id.as_deref())).ok_or(Code::NotFound)?)
}

fn object(route: &Route) -> Object<'_> {
    Object { organization_id: &route.organization_id, kind: "route", id: &route.id, label: &route.name }
}

fn facts(route: &Route) -> serde_json::Value {
    json!({ "name": route.name, "kind": route.kind.name(), "destination": route.destination, "subAccountId": route.sub_account_id,
        "edgeStrategyId": route.edge_strategy_id })
}

/// A page of the caller's routes by name. `sub_account_id` is `none` for those of the pool.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn list(
    state: &AppState,
    caller: &Caller,
    sub_account_id: Option<&str>,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Found<Route>> {
    let (after, place) = (cursor::decode::<2>(cursor)?, caller.place(sub_account_id));
    let mut connection = state.db.read().await?;
    let rows = store::routes::page(&mut connection, &place, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::routes::count(&mut connection, &place).await?;
    Ok(Found::new(rows, total, limit, |route| cursor::encode(&[&route.name, &route.id])))
}

/// A route with where it is and how many numbers use it.
#[derive(Debug, Clone)]
pub struct UsedRoute {
    pub route: Route,
    /// The name of its sub-account.
    pub sub_account: Option<String>,
    pub numbers: i64,
}

/// The routes page.
#[derive(Debug, Clone)]
pub struct RouteOverview {
    pub found: Found<UsedRoute>,
    /// Where one can be made.
    pub sub_accounts: Vec<SubAccount>,
    pub can_edit: bool,
    pub can_delete: bool,
}

/// A page of the caller's routes by name, with how many numbers use each.
///
/// # Errors
/// As [`list`].
pub async fn overview(state: &AppState, caller: &Caller, cursor: &str) -> Result<RouteOverview> {
    let found = list(state, caller, None, PAGE, Some(cursor)).await?;
    let only = caller.sub_account_id.as_deref();
    let after = running_after(state.now(), state.settings.cool_off_days);
    let mut connection = state.db.read().await?;
    let uses = store::routes::uses(&mut connection, &caller.organization_id).await?;
    let sub_accounts = store::sub_accounts::list(&mut connection, &caller.organization_id, only, after).await?;
    let sub_accounts: Vec<SubAccount> = sub_accounts.into_iter().map(|listed| listed.sub_account).collect();
    let used = |route: Route| UsedRoute {
        sub_account: sub_accounts.iter().find(|place| Some(&place.id) == route.sub_account_id.as_ref()).map(|place| place.name.clone()),
        numbers: uses.get(&route.id).copied().unwrap_or_default(),
        route,
    };
    let rows = found.rows.into_iter().map(used).collect();
    Ok(RouteOverview {
        found: Found { rows, total: found.total, next_cursor: found.next_cursor },
        can_edit: caller.role >= Role::Member,
        can_delete: caller.role >= Role::Admin,
        sub_accounts,
    })
}

/// One of the caller's routes.
///
/// # Errors
/// `not_found`.
pub async fn get(state: &AppState, caller: &Caller, id: &str) -> Result<Route> {
    let mut connection = state.db.read().await?;
    own(&mut connection, caller, id).await
}

/// One of the caller's routes by its public number.
///
/// # Errors
/// `not_found`.
pub async fn get_numbered(state: &AppState, caller: &Caller, public_number: i64) -> Result<Route> {
    let mut connection = state.db.read().await?;
    let route = store::routes::find_by_number(&mut connection, &caller.organization_id, public_number).await?;
    Ok(route.filter(|route| caller.sees(route.sub_account_id.as_deref())).ok_or(Code::NotFound)?)
}

/// The caller's routes in the order of their public numbers, of one kind or of all, without the first `offset`.
///
/// # Errors
/// Faults of the store.
pub async fn numbered(state: &AppState, caller: &Caller, kind: Option<RouteKind>, offset: usize, limit: usize) -> Result<Vec<Route>> {
    let rows = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut connection = state.db.read().await?;
    Ok(store::routes::numbered(&mut connection, &caller.place(None), kind, rows(offset), rows(limit)).await?)
}

/// Makes a route, in a sub-account or in the pool; a caller of a sub-account makes it there.
///
/// # Errors
/// `validation`, `not_found` for a sub-account of somebody else.
pub async fn create(state: &AppState, caller: &Caller, input: &RouteInput, sub_account_id: Option<&str>) -> Result<Route> {
    let checked = check(&state.settings, input)?;
    let place = sub_account_id.map(str::to_owned).or_else(|| caller.sub_account_id.clone());
    if !caller.sees(place.as_deref()) {
        return Err(Code::NotFound.into());
    }
    let recorder = Recorder::new(state, caller);
    let route = NewRoute {
        id: recorder.new_id(),
        organization_id: caller.organization_id.clone(),
        sub_account_id: place,
        name: checked.name,
        kind: checked.kind,
        destination: checked.destination,
        edge_strategy_id: checked.edge_strategy_id,
        at: recorder.now(),
    };
    state
        .db
        .write(async move |connection| {
            if let Some(place) = &route.sub_account_id
                && store::sub_accounts::find(connection, &route.organization_id, place).await?.is_none()
            {
                return Err(Code::NotFound.into());
            }
            store::routes::insert(connection, &route).await?;
            let made = store::routes::find(connection, &route.organization_id, &route.id).await?.ok_or(Code::NotFound)?;
            recorder.audit(connection, object(&made), Action::RouteCreated, Change::to(facts(&made))).await?;
            Ok::<_, Error>(made)
        })
        .await
}

/// Changes some of name, kind, destination and edge; numbers that use the route follow at once.
///
/// # Errors
/// `validation`, `not_found`.
pub async fn edit(state: &AppState, caller: &Caller, id: &str, change: &RouteChange) -> Result<Route> {
    let recorder = Recorder::new(state, caller);
    let (caller, id, change, settings) = (caller.clone(), id.to_owned(), change.clone(), state.settings.clone());
    state
        .db
        .write(async move |connection| {
            let was = own(connection, &caller, &id).await?;
            let kind = change.kind.clone().unwrap_or_else(|| was.kind.name().to_owned());
            // Another kind has another form of destination, so that the old one is not kept for it.
            let kept = if kind == was.kind.name() { was.destination.clone() } else { String::new() };
            let input = RouteInput {
                name: change.name.clone().unwrap_or_else(|| was.name.clone()),
                destination: change.destination.clone().unwrap_or(kept),
                edge_strategy_id: change.edge_strategy_id.unwrap_or(was.edge_strategy_id),
                kind,
            };
            let Checked { name, kind, destination, edge_strategy_id } = check(&settings, &input)?;
            let route = Route { name, kind, destination, edge_strategy_id, ..was.clone() };
            if route == was {
                return Ok(was);
            }
            store::routes::update(connection, &route, recorder.now()).await?;
            let now = own(connection, &caller, &id).await?;
            recorder.audit(connection, object(&now), Action::RouteEdited, Change::between(facts(&was), facts(&now))).await?;
            Ok::<_, Error>(now)
        })
        .await
}

/// Deletes a route that no number uses. A released number does not keep it: a restore then says that it is gone.
///
/// # Errors
/// `not_found`, `route_in_use`.
pub async fn delete(state: &AppState, caller: &Caller, id: &str) -> Result<Route> {
    let recorder = Recorder::new(state, caller);
    let (caller, id) = (caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let route = own(connection, &caller, &id).await?;
            if !store::routes::delete_unused(connection, &id, recorder.now()).await? {
                return Err(Error::from(Code::RouteInUse));
            }
            recorder.audit(connection, object(&route), Action::RouteDeleted, Change::to(facts(&route))).await?;
            Ok(route)
        })
        .await
}

/// Sets both routes of a number. They must be in the number's own place; none takes one off. The same routes again are no change.
///
/// # Errors
/// `not_found` for a number or route of somebody else, `number_released`, `number_gone`.
pub async fn set_for_number(
    state: &AppState,
    caller: &Caller,
    number: &str,
    primary: Option<&str>,
    failover: Option<&str>,
) -> Result<OwnedNumber> {
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    let (primary, failover) = (primary.map(str::to_owned), failover.map(str::to_owned));
    state
        .db
        .write(async move |connection| {
            let number = numbers::own(connection, &caller, &number).await?;
            set_for_number_in(connection, &recorder, &caller, number, primary.as_deref(), failover.as_deref()).await
        })
        .await
}

/// Gives a number without a primary route that route; its failover stays.
///
/// # Errors
/// `not_found` for a number of somebody else, `number_released`, `number_gone`, `number_in_use` for a number that has a primary route,
/// `validation` of `routeId` for a route that is not in the number's own place.
pub async fn attach(state: &AppState, caller: &Caller, number: &str, route_id: &str) -> Result<OwnedNumber> {
    let recorder = Recorder::new(state, caller);
    let (caller, number, route_id) = (caller.clone(), number.to_owned(), route_id.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = numbers::own(connection, &caller, &number).await?;
            if number.primary_route_id.is_some() {
                return Err(Code::NumberInUse.into());
            }
            let route = own(connection, &caller, &route_id).await.ok();
            if route.is_none_or(|route| route.sub_account_id != number.sub_account_id) {
                return Err(Refusal::field("routeId", "Choose a route of the number's own account.").into());
            }
            let failover = number.failover_route_id.clone();
            set_for_number_in(connection, &recorder, &caller, number, Some(&route_id), failover.as_deref()).await
        })
        .await
}

/// Takes the primary route off a number that has one; its failover stays.
///
/// # Errors
/// As [`set_for_number`], and `not_found` for a number without a primary route.
pub async fn detach(state: &AppState, caller: &Caller, number: &str) -> Result<OwnedNumber> {
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = numbers::own(connection, &caller, &number).await?;
            if number.primary_route_id.is_none() {
                return Err(Code::NotFound.into());
            }
            let failover = number.failover_route_id.clone();
            set_for_number_in(connection, &recorder, &caller, number, None, failover.as_deref()).await
        })
        .await
}

/// [`set_for_number`] inside a transaction.
pub async fn set_for_number_in(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    caller: &Caller,
    number: OwnedNumber,
    primary: Option<&str>,
    failover: Option<&str>,
) -> Result<OwnedNumber> {
    // Routes are set in the same states in which an agent is unassigned.
    number.facts().may_unassign()?;
    for id in [primary, failover].into_iter().flatten() {
        let route = own(connection, caller, id).await?;
        if route.sub_account_id != number.sub_account_id {
            return Err(Code::NotFound.into());
        }
    }
    if number.primary_route_id.as_deref() == primary && number.failover_route_id.as_deref() == failover {
        return Ok(number);
    }
    if !store::numbers::set_routes(connection, &number, primary, failover, recorder.now()).await? {
        return Err(Code::Conflict.into());
    }
    let data = json!({ "primaryRouteId": primary, "failoverRouteId": failover });
    recorder.event(connection, &number, EventKind::NumberRouted, data).await?;
    numbers::reload(connection, &number.id).await
}
