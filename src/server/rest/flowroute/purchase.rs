//! Buying a number of the inventory.

use axum::http::StatusCode;

use super::body::Members;
use super::numbers::{details, e164, read_messaging};
use super::query::renamed;
use crate::domain::code::Code;
use crate::domain::order::OrderState;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::numbers::{self, Edit};
use crate::server::services::purchase::{self, Buy};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/numbers/{id}", "purchaseNumber", buy)
            .scope(Scope::NumbersWrite)
            .about("Buys a number: setup and first month are charged.")
            .answers(&[201])
            .ordering()
            .refuses(&[
                Code::InsufficientFunds,
                Code::NotFound,
                Code::NeverStocked,
                Code::NumberUnavailable,
                Code::BudgetExceeded,
                Code::PaymentHold,
                Code::SubAccountDisabled,
                Code::OrderInProgress,
                Code::CarrierUnavailable,
            ]),
    ]
}

async fn buy(call: Call, unread: Unread) -> Result<Rendered> {
    let e164 = e164(&call)?;
    let mut members = Members::read(&unread.body, "number")?;
    let cnam_lookups_enabled = members.flag("cnam_lookups_enabled");
    read_messaging(&mut members);
    members.finish()?;
    let wish = Buy { e164: e164.clone(), request: call.repeat.clone(), ..Buy::default() };
    let order = purchase::buy(&call.state, &call.caller, wish).await.map_err(|error| renamed(error, &[("e164", "id")]))?;
    if order.state != OrderState::Completed {
        return Err(Code::OrderInProgress.into());
    }
    // A repeat of a purchase whose answer got lost comes here again, and this changes nothing the second time.
    if cnam_lookups_enabled == Some(true) {
        let edit = Edit { cnam_lookups_enabled, ..Edit::default() };
        numbers::edit(&call.state, &call.caller, &e164, edit).await?;
    }
    details(&call, &unread, StatusCode::CREATED).await
}
