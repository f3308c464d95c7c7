//! The numbers of the account: listing, reading, naming and giving back. A number of a sub-account is listed too (R45); what is released
//! is not on the account any more.

use axum::http::StatusCode;

use super::body::Members;
use super::document::{Document, listed_number, number};
use super::links::Base;
use super::query::{Asked, renamed};
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::numbers::{self, Edit, Record, RecordQuery};
use crate::server::services::releasing;

const NUMBERS: &str = "/numbers";
/// Rows of a page at the most.
const MOST: usize = 200;
/// Members about messages: they are read and change nothing, because messages are not carried here.
const MESSAGING: [&str; 2] = ["messaging_enabled", "messaging_email"];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(NUMBERS, "listAccountNumbers", list).scope(Scope::NumbersRead).about("Lists the numbers of the account."),
        Route::get("/numbers/{id}", "getNumberDetails", get)
            .scope(Scope::NumbersRead)
            .about("Reads one number with its routes.")
            .refuses(&[Code::NotFound]),
        Route::patch("/numbers/{id}", "updateNumber", edit)
            .scope(Scope::NumbersWrite)
            .about("Changes the alias of a number, and whether callers' names are looked up.")
            .refuses(&[Code::NotFound]),
        Route::delete("/numbers/{id}", "releaseNumber", release)
            .scope(Scope::NumbersWrite)
            .about("Releases a number.")
            .answers(&[204])
            .refuses(&[Code::NotFound, Code::NumberInSubAccount, Code::NumberLocked]),
    ]
}

/// The number that the path names: its digits, with or without a plus sign.
///
/// # Errors
/// `not_found` for what is no number.
pub fn e164(call: &Call) -> Result<String> {
    let id = call.path("id");
    let digits = id.strip_prefix('+').unwrap_or(id);
    let fits = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(format!("+{digits}")) } else { Err(Code::NotFound.into()) }
}

/// The number of the account that the path names.
///
/// # Errors
/// `not_found`, `number_gone`, and `number_released`, which is not on the account any more.
pub async fn own(call: &Call) -> Result<Record> {
    let record = numbers::record(&call.state, &call.caller, &e164(call)?).await?;
    if record.listed.number.is_released() { Err(Code::NumberReleased.into()) } else { Ok(record) }
}

/// A number of the account as a document.
///
/// # Errors
/// As [`own`].
pub async fn details(call: &Call, unread: &Unread, status: StatusCode) -> Result<Rendered> {
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    number(&own(call).await?, &base).render(status)
}

/// Reads what a body says about messages, so that what is senseless is refused.
pub fn read_messaging(members: &mut Members) {
    for name in MESSAGING {
        members.flag(name);
    }
    members.text("messaging_callback_url");
}

async fn list(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::new(&unread.query);
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let query = RecordQuery {
        status: Some(String::from("live")),
        e164_start: some(asked.start("starts_with")),
        contains: some(asked.digits("contains")),
        ends_with: some(asked.digits("ends_with")),
        label_is: some(asked.text("alias")),
        ..RecordQuery::default()
    };
    let (window, understood) = asked.window(MOST)?;
    let query = RecordQuery { offset: window.offset, limit: window.limit, ..query };
    let found = numbers::records(&call.state, &call.caller, &query).await.map_err(|error| renamed(error, &[("endsWith", "ends_with")]))?;
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    let (this, next) = base.page(NUMBERS, &understood, window, found.next_cursor.is_some());
    let data: Vec<_> = found.rows.iter().map(|record| listed_number(record, &base)).collect();
    Document::page(data, this, next).render(StatusCode::OK)
}

async fn get(call: Call, unread: Unread) -> Result<Rendered> {
    details(&call, &unread, StatusCode::OK).await
}

async fn edit(call: Call, unread: Unread) -> Result<Rendered> {
    let id = e164(&call)?;
    let mut members = Members::read(&unread.body, "number")?;
    let edit = Edit { label: members.text("alias"), cnam_lookups_enabled: members.flag("cnam_lookups_enabled"), ..Edit::default() };
    read_messaging(&mut members);
    let alias = members.place_of("alias");
    members.finish()?;
    numbers::edit(&call.state, &call.caller, &id, edit).await.map_err(|error| renamed(error, &[("label", &alias)]))?;
    details(&call, &unread, StatusCode::OK).await
}

async fn release(call: Call, _unread: Unread) -> Result<Rendered> {
    let record = own(&call).await?;
    releasing::release(&call.state, &call.caller, &record.listed.number.id, None).await?;
    Ok(Rendered::nothing())
}
