//! The primary and the failover route of a number: setting them and taking them off.

use super::body::linked;
use super::document::BUILT_IN;
use super::numbers::own;
use super::routes::find;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::numbers::{self, Edit};

/// The operations of this file, whose refusals look their own way.
pub const OPERATIONS: [&str; 4] = [SET_PRIMARY, CLEAR_PRIMARY, SET_FAILOVER, CLEAR_FAILOVER];
const SET_PRIMARY: &str = "updatePrimaryRoute";
const CLEAR_PRIMARY: &str = "removePrimaryRoute";
const SET_FAILOVER: &str = "updateFailoverRoute";
const CLEAR_FAILOVER: &str = "removeFailoverRoute";
const PRIMARY: &str = "/numbers/{id}/relationships/primary_route";
const FAILOVER: &str = "/numbers/{id}/relationships/failover_route";

pub fn routes() -> Vec<Route> {
    let all = [
        Route::patch(PRIMARY, SET_PRIMARY, set_primary).about("Sets the primary route of a number."),
        Route::delete(PRIMARY, CLEAR_PRIMARY, clear_primary).about("Takes the primary route off: the built-in one takes its place."),
        Route::patch(FAILOVER, SET_FAILOVER, set_failover).about("Sets the failover route of a number."),
        Route::delete(FAILOVER, CLEAR_FAILOVER, clear_failover).about("Takes the failover route off."),
    ];
    let refusals = &[Code::NotFound, Code::NumberInSubAccount];
    all.into_iter().map(|route| route.scope(Scope::NumbersWrite).answers(&[204]).refuses(refusals)).collect()
}

/// Changes the routes of the number that the path names. Those of a number in a sub-account are that sub-account's own (R45).
async fn change(call: &Call, edit: Edit) -> Result<Rendered> {
    let number = own(call).await?.listed.number;
    if number.sub_account_id != call.caller.sub_account_id {
        return Err(Code::NumberInSubAccount.into());
    }
    numbers::edit(&call.state, &call.caller, &number.id, edit).await?;
    Ok(Rendered::nothing())
}

async fn set_primary(call: Call, unread: Unread) -> Result<Rendered> {
    let primary = match linked(&unread.body, "route")? {
        Some(route) if route.id != BUILT_IN => Some(find(&call, &route.id).await?.id),
        _ => None,
    };
    change(&call, Edit { primary_route_id: Some(primary), ..Edit::default() }).await
}

async fn clear_primary(call: Call, _unread: Unread) -> Result<Rendered> {
    change(&call, Edit { primary_route_id: Some(None), ..Edit::default() }).await
}

async fn set_failover(call: Call, unread: Unread) -> Result<Rendered> {
    let failover = match linked(&unread.body, "route")? {
        Some(route) if route.id == BUILT_IN => {
            return Err(Refusal::field("data.id", "The built-in route is where calls go first; choose another one.").into());
        }
        Some(route) => Some(find(&call, &route.id).await?.id),
        None => None,
    };
    change(&call, Edit { failover_route_id: Some(failover), ..Edit::default() }).await
}

async fn clear_failover(call: Call, _unread: Unread) -> Result<Rendered> {
    change(&call, Edit { failover_route_id: Some(None), ..Edit::default() }).await
}
