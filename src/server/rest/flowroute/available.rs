//! The inventory: numbers that can be had, their area codes and their exchanges.

use axum::http::StatusCode;

use super::document::{Document, Resource, offer};
use super::links::Base;
use super::query::{Asked, renamed};
use crate::domain::scope::Scope;
use crate::domain::search::RawFilter;
use crate::server::error::Result;
use crate::server::rest::envelope::Rendered;
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::stock_list::{self, By, Part, Query};

const NUMBERS: &str = "/numbers/available";
const AREA_CODES: &str = "/numbers/available/areacodes";
const EXCHANGES: &str = "/numbers/available/exchanges";
/// Rows of a page at the most.
const MOST: usize = 200;
/// Area codes of a page at the most.
const MOST_AREA_CODES: usize = 400;
/// Kinds of number as clients call them, how they are called here, and whether they are toll-free.
const TYPES: [(&str, &str, bool); 4] =
    [("longcode", "longcode", false), ("standard", "longcode", false), ("toll-free", "toll-free", true), ("tollfree", "toll-free", true)];
/// What the inventory can be ordered by.
const ORDERS: [(&str, By); 8] = [
    ("number", By::Number),
    ("value", By::Number),
    ("tn", By::Number),
    ("monthly_cost", By::Monthly),
    ("iso_country", By::Country),
    ("number_type", By::TollFree),
    ("state", By::State),
    ("rate_center", By::RateCenter),
];
/// What the search calls the parameters.
const NAMES: [(&str, &str); 3] = [("country", "iso_country"), ("area", "areacode"), ("max_setup", "max_setup_cost")];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(NUMBERS, "searchAvailableNumbers", numbers)
            .scope(Scope::NumbersRead)
            .about("Lists the numbers that can be had, by every filter that is sent."),
        Route::get(AREA_CODES, "listAvailableAreaCodes", area_codes)
            .scope(Scope::NumbersRead)
            .about("Lists the area codes of the numbers that can be had."),
        Route::get(EXCHANGES, "listAvailableExchanges", exchanges)
            .scope(Scope::NumbersRead)
            .about("Lists the exchanges of the numbers that can be had, each with its area code."),
    ]
}

async fn numbers(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::new(&unread.query);
    let start = asked.start("starts_with");
    let (contains, ends_with) = (asked.digits("contains"), asked.digits("ends_with"));
    let (rate_center, state) = (asked.text("rate_center"), asked.text("state"));
    let toll_free = asked.word("number_type", &TYPES, "Write longcode or toll-free.");
    let country = asked.text("iso_country");
    let order = asked.order("order_by", &ORDERS);
    let (window, understood) = asked.window(MOST)?;
    let (by, descending) = order.unwrap_or_default();
    let filter = RawFilter {
        contains: &contains,
        ends_with: &ends_with,
        rate_center: &rate_center,
        state: &state,
        country: &country,
        ..RawFilter::default()
    };
    let query = Query { filter, e164_start: &start, toll_free, by, descending, offset: window.offset, limit: window.limit };
    let found = stock_list::numbers(&call.state, &call.caller, &query).await.map_err(|error| renamed(error, &NAMES))?;
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    let (this, next) = base.page(NUMBERS, &understood, window, found.more);
    let data: Vec<_> = found.rows.into_iter().map(|row| offer(row, &base)).collect();
    Document::page(data, this, next).render(StatusCode::OK)
}

async fn area_codes(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::new(&unread.query);
    let max_setup = asked.amount("max_setup_cost");
    let (window, understood) = asked.window(MOST_AREA_CODES)?;
    let filter = RawFilter { max_setup: &max_setup, ..RawFilter::default() };
    let found = stock_list::parts(&call.state, &call.caller, Part::AreaCode, &filter, window.offset, window.limit).await;
    let found = found.map_err(|error| renamed(error, &NAMES))?;
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    let (this, next) = base.page(AREA_CODES, &understood, window, found.more);
    let resource = |code: String| {
        let related = base.query(EXCHANGES, &[("areacode", code.clone())]);
        Resource::related("areacode", code, related)
    };
    let data: Vec<_> = found.rows.into_iter().map(resource).collect();
    Document::page(data, this, next).render(StatusCode::OK)
}

async fn exchanges(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = Asked::new(&unread.query);
    let (area, max_setup) = (asked.digits("areacode"), asked.amount("max_setup_cost"));
    let (window, understood) = asked.window(MOST)?;
    let filter = RawFilter { area: &area, max_setup: &max_setup, ..RawFilter::default() };
    let found = stock_list::parts(&call.state, &call.caller, Part::Exchange, &filter, window.offset, window.limit).await;
    let found = found.map_err(|error| renamed(error, &NAMES))?;
    let base = Base::of(&unread.headers, &call.state.settings.public_url);
    let (this, next) = base.page(EXCHANGES, &understood, window, found.more);
    let resource = |exchange: String| {
        let related = base.query(NUMBERS, &[("starts_with", format!("1{exchange}"))]);
        Resource::related("exchange", exchange, related)
    };
    let data: Vec<_> = found.rows.into_iter().map(resource).collect();
    Document::page(data, this, next).render(StatusCode::OK)
}
