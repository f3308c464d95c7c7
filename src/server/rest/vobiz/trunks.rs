//! Trunk groups of numbers. A trunk group is a route of the account, and the number's trunk is its primary route.

use super::asked::Asked;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::routes as services;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/Account/{auth_id}/numbers/{number}/assign", "assignTrunk", assign).scope(Scope::NumbersWrite).answers(&[204]),
        Route::delete("/Account/{auth_id}/numbers/{number}/assign", "unassignTrunk", unassign).scope(Scope::NumbersWrite).answers(&[204]),
    ]
}

async fn assign(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    let trunk = asked.required("trunk_group_id");
    asked.check()?;
    services::attach(&asked.call.state, &asked.caller, telephone_number(&asked)?, &trunk).await?;
    Ok(Rendered::nothing())
}

async fn unassign(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = Asked::read(call, unread).await?;
    services::detach(&asked.call.state, &asked.caller, telephone_number(&asked)?).await?;
    Ok(Rendered::nothing())
}

/// The number of the path; these routes tell one that is none from one that is not theirs.
fn telephone_number(asked: &Asked) -> Result<&str> {
    let number = asked.call.path("number");
    phone::parse(number).map_err(|_| Code::BadRequest)?;
    Ok(number)
}
