//! Listing owned numbers and reading one.

use super::shape::{DriftBody, NumberBody};
use crate::domain::code::Code;
use crate::domain::number::{BillingState, Drift};
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Page, Pagination, Reply};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::services::numbers::{self, RecordQuery};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/numbers", "listNumbers", list)
            .scope(Scope::NumbersRead)
            .about("Lists the numbers that are owned, in the order of their digits."),
        Route::get("/numbers/drift", "getDrift", drift)
            .scope(Scope::NumbersRead)
            .about("Counts the numbers that fail or cost money quietly: nobody answers, an unpublished agent, a deleted target, no calls."),
        Route::get("/numbers/{id}", "getNumber", get)
            .scope(Scope::NumbersRead)
            .about("Reads one number by its id or its E.164.")
            .refuses(&[Code::NotFound, Code::NumberGone]),
    ]
}

struct ListQuery(RecordQuery);

impl FromQuery for ListQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("status", Kind::Choice(&["available", "assigned", "released"]), "Only numbers in that state."),
        Field::optional("billingState", Kind::Choice(&["current", "past_due", "suspended", "none"]), "Only numbers whose rental is so."),
        Field::optional("coolOff", Kind::Flag, "Only numbers whose cool-off runs, or only those where none does."),
        Field::optional("agentId", Kind::Text(64), "Only numbers of that agent."),
        Field::optional("subAccountId", Kind::Text(64), "Only numbers in that sub-account; `none` for the pool."),
        Field::optional("label", Kind::Text(64), "Part of the label."),
        Field::optional("contains", Kind::Text(32), "Digits or keypad letters anywhere in the number."),
        Field::optional("startsWith", Kind::Text(32), "Digits or keypad letters behind the country code."),
        Field::optional("endsWith", Kind::Text(32), "Digits or keypad letters at the end."),
        Field::optional("areaCode", Kind::Text(8), "The area code."),
        Field::optional("tag", Kind::Text(32), "Only numbers with that tag."),
        Field::optional(
            "drift",
            Kind::Choice(&Drift::NAMES),
            "Only numbers that have drifted so, as `GET /numbers/drift` counts them; `any` for all of them.",
        ),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        Self(RecordQuery {
            status: values.text("status"),
            billing_state: values.text("billingState").and_then(|name| BillingState::from_name(&name)),
            cooling_off: values.flag("coolOff"),
            agent_id: values.text("agentId"),
            sub_account_id: values.text("subAccountId"),
            label: values.text("label"),
            contains: values.text("contains"),
            starts_with: values.text("startsWith"),
            ends_with: values.text("endsWith"),
            area_code: values.text("areaCode"),
            tag: values.text("tag"),
            drift: values.text("drift"),
            cursor: values.text("cursor"),
            limit: values.limit(),
            ..RecordQuery::default()
        })
    }
}

async fn list(call: Call, Query(ListQuery(query)): Query<ListQuery>) -> Result<Page<NumberBody>> {
    let found = numbers::records(&call.state, &call.caller, &query).await?;
    let pagination = Pagination::new(query.limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(NumberBody::from).collect(), pagination))
}

async fn get(call: Call) -> Result<Reply<NumberBody>> {
    Ok(Reply::of(numbers::record(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn drift(call: Call) -> Result<Reply<DriftBody>> {
    Ok(Reply::of(numbers::drift(&call.state, &call.caller).await?.into()))
}
