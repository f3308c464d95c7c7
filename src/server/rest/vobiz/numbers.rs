//! Numbers of an account, the inventory, buying out of it and giving back.

use axum::http::StatusCode;
use serde::Serialize;

use super::answer::Items;
use super::asked::Asked;
use super::number::PhoneNumber;
use crate::domain::code::Code;
use crate::domain::order::OrderState;
use crate::domain::scope::Scope;
use crate::server::error::{Error, Result};
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::inventory::{self, OfferQuery};
use crate::server::services::numbers::{self, RecordQuery};
use crate::server::services::purchase::{self, Buy};
use crate::server::services::releasing;

/// Rows of a page at the most.
const MOST_ROWS: usize = 100;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/Account/{auth_id}/numbers", "listAccountNumbers", list).scope(Scope::NumbersRead),
        Route::get("/Account/{auth_id}/inventory/numbers", "listInventory", list_inventory).scope(Scope::NumbersRead),
        Route::post("/Account/{auth_id}/numbers/purchase-from-inventory", "purchaseNumber", purchase).scope(Scope::NumbersWrite).ordering(),
        Route::delete("/Account/{auth_id}/numbers/{number}", "unrentNumber", unrent).scope(Scope::NumbersWrite).answers(&[204]),
    ]
}

async fn list(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    let paging = asked.paging("per_page", MOST_ROWS);
    let with_sub_accounts = asked.flag("include_subaccounts").unwrap_or(true);
    asked.check()?;
    let query = RecordQuery {
        status: Some(String::from("live")),
        sub_account_id: (asked.is_parent() && !with_sub_accounts).then(|| String::from("none")),
        e164_part: asked.parameter("search").map(|text| text.trim_start_matches('+').to_owned()),
        offset: paging.offset(),
        limit: paging.per_page,
        ..RecordQuery::default()
    };
    let (state, own) = (&asked.call.state, asked.call.auth_id.as_deref().unwrap_or_default());
    let found = numbers::records(state, &asked.caller, &query).await?;
    let items = found.rows.into_iter().map(|record| PhoneNumber::owned(record, own, &state.settings)).collect();
    Rendered::json(StatusCode::OK, &Items { items, page: paging.page, per_page: paging.per_page, total: found.total })
}

async fn list_inventory(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    let paging = asked.paging("per_page", MOST_ROWS);
    asked.check()?;
    let query = OfferQuery {
        country: asked.parameter("country").map(str::to_owned),
        part: asked.parameter("search").map(str::to_owned),
        excluded: asked.parameters("exclude"),
        offset: paging.offset(),
        limit: paging.per_page,
    };
    let state = &asked.call.state;
    let found = inventory::offered(state, &asked.caller, &query).await?;
    let items = found.rows.into_iter().map(|row| PhoneNumber::stocked(row, &state.settings)).collect();
    Rendered::json(StatusCode::OK, &Items { items, page: paging.page, per_page: paging.per_page, total: found.total })
}

#[derive(Serialize)]
struct Purchased {
    message: &'static str,
    number: PhoneNumber,
}

async fn purchase(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::read(call, unread).await?;
    // One published collection of requests calls it `number`.
    let e164 = asked.required(if asked.has("number") && !asked.has("e164") { "number" } else { "e164" });
    let currency = asked.change("currency").flatten();
    let own = &asked.call.state.settings.currency;
    if currency.is_some_and(|currency| !currency.eq_ignore_ascii_case(own)) {
        let message = format!("Numbers are sold in {own} here.");
        asked.fault("currency", message);
    }
    asked.check()?;
    let Asked { call, caller, .. } = asked;
    let wish = Buy { e164, request: call.repeat.clone(), sub_account_id: caller.sub_account_id.clone(), ..Buy::default() };
    let order = purchase::buy(&call.state, &call.caller, wish).await?;
    // Vobiz knows no purchase that is under way: its client asks again, and then joins this one (R18).
    let id = order.ownership_id.filter(|_| order.state == OrderState::Completed).ok_or(Code::OrderInProgress)?;
    let record = numbers::record(&call.state, &caller, &id).await?;
    let number = PhoneNumber::owned(record, call.auth_id.as_deref().unwrap_or_default(), &call.state.settings).just_bought();
    Rendered::json(StatusCode::OK, &Purchased { message: "Number purchased successfully", number })
}

async fn unrent(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = Asked::read(call, unread).await?;
    releasing::release(&asked.call.state, &asked.caller, asked.call.path("number"), None).await?;
    Ok::<_, Error>(Rendered::nothing())
}
