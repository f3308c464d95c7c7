//! Numbers into sub-accounts and back into the pool.

use super::asked::Asked;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::{Error, Result};
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::moving::{self, Force};
use crate::server::services::{numbers, sub_accounts};

pub fn routes() -> Vec<Route> {
    let path = "/Account/{auth_id}/numbers/{number}/assign-subaccount";
    vec![
        Route::post(path, "assignSubAccount", assign).scope(Scope::NumbersWrite).holders(Holders::Organization).answers(&[204]),
        Route::delete(path, "unassignSubAccount", unassign).scope(Scope::NumbersWrite).holders(Holders::Organization).answers(&[204]),
    ]
}

async fn assign(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    let sub_account = asked.required("sub_account_id");
    asked.check()?;
    let (state, caller, number) = (&asked.call.state, &asked.caller, asked.call.path("number"));
    let target = sub_accounts::named(state, caller, &sub_account).await?;
    if let Err(error) = moving::hand_over(state, caller, number, &target.id).await {
        return Err(not_in_pool(&asked, error).await);
    }
    Ok(Rendered::nothing())
}

/// A number that another sub-account has is in use natively; to Vobiz it is one that the pool does not have.
async fn not_in_pool(asked: &Asked, error: Error) -> Error {
    let is_in_use = error.refusal().is_some_and(|refusal| refusal.code() == Code::NumberInUse);
    let record = numbers::record(&asked.call.state, &asked.caller, asked.call.path("number")).await;
    let is_elsewhere = record.is_ok_and(|record| record.listed.number.sub_account_id.is_some());
    if is_in_use && is_elsewhere { Code::NotFound.into() } else { error }
}

async fn unassign(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    let force = asked.flag("force").unwrap_or(false);
    asked.check()?;
    let force = if force { Force::Yes { reason: asked.parameter("reason").map(str::to_owned) } } else { Force::No };
    moving::take_back(&asked.call.state, &asked.caller, asked.call.path("number"), force).await?;
    Ok(Rendered::nothing())
}
