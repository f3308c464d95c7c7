//! Editing a number, pointing it at an agent, and moving it between the pool and sub-accounts.

use super::shape::NumberBody;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::Reply;
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::moving::{self, Force};
use crate::server::services::numbers::{self, Edit};

pub fn routes() -> Vec<Route> {
    vec![
        Route::patch("/numbers/{id}", "editNumber", edit)
            .scope(Scope::NumbersWrite)
            .about("Changes label, tags, lock and routes of a number: all that is sent, or nothing.")
            .refuses(&[Code::NotFound, Code::NumberGone, Code::NumberReleased, Code::RoleTooLow]),
        Route::post("/numbers/{id}/assign", "assignNumber", assign)
            .scope(Scope::NumbersWrite)
            .about("Makes an agent answer a number; the agent must be in the number's own place.")
            .refuses(&[Code::NotFound, Code::NumberGone, Code::NumberReleased]),
        Route::delete("/numbers/{id}/assign", "unassignNumber", unassign)
            .scope(Scope::NumbersWrite)
            .about("Takes the agent off a number; it stays owned and where it is.")
            .refuses(&[Code::NotFound, Code::NumberGone, Code::NumberReleased]),
        Route::post("/numbers/{id}/sub-account", "handOverNumber", hand_over)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about("Hands a number of the pool to a sub-account.")
            .refuses(&[
                Code::NotFound,
                Code::NumberGone,
                Code::NumberReleased,
                Code::NumberInUse,
                Code::NumberLocked,
                Code::PastDue,
                Code::SubAccountDisabled,
            ]),
        Route::delete("/numbers/{id}/sub-account", "takeBackNumber", take_back)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about("Takes a number back from its sub-account once its cool-off has ended, or by force, which needs `admin:override`.")
            .refuses(&[
                Code::AdminRequired,
                Code::ReasonRequired,
                Code::NotFound,
                Code::NotInSubAccount,
                Code::NumberGone,
                Code::NumberLocked,
                Code::DidCoolOffInEffect,
            ]),
    ]
}

/// The number as it is now.
async fn now(call: &Call, id: &str) -> Result<Reply<NumberBody>> {
    Ok(Reply::of(numbers::record(&call.state, &call.caller, id).await?.into()))
}

struct EditBody(Edit);

impl FromBody for EditBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("label", Kind::Text(64), "A name for people; null or empty for none.").or_null().like("\"Front desk\""),
        Field::optional("tags", Kind::Texts(20, 32), "All tags; those that are not named go.").like("[\"support\"]"),
        Field::optional("locked", Kind::Flag, "Whether release, hand-over and take-back are refused; not for sub-accounts.").like("true"),
        Field::optional("cnamLookupsEnabled", Kind::Flag, "Whether callers' names are looked up."),
        Field::optional("primaryRouteId", Kind::Text(64), "Where calls go when no agent answers; null for none.").or_null(),
        Field::optional("failoverRouteId", Kind::Text(64), "Where they go when the primary does not connect; null for none.").or_null(),
    ];

    fn read(values: &Values) -> Self {
        Self(Edit {
            label: values.change("label").map(Option::unwrap_or_default),
            tags: values.texts("tags"),
            locked: values.flag("locked"),
            cnam_lookups_enabled: values.flag("cnamLookupsEnabled"),
            primary_route_id: values.change("primaryRouteId"),
            failover_route_id: values.change("failoverRouteId"),
        })
    }
}

async fn edit(call: Call, Body(EditBody(edit)): Body<EditBody>) -> Result<Reply<NumberBody>> {
    let number = numbers::edit(&call.state, &call.caller, call.path("id"), edit).await?;
    now(&call, &number.id).await
}

struct AssignBody {
    agent_id: String,
}

impl FromBody for AssignBody {
    const FIELDS: &'static [Field] =
        &[Field::required("agentId", Kind::Text(64), "The agent.").like("\"019ab3c0-2000-7ccc-8ddd-0123456789ab\"")];

    fn read(values: &Values) -> Self {
        Self { agent_id: values.required("agentId") }
    }
}

async fn assign(call: Call, Body(body): Body<AssignBody>) -> Result<Reply<NumberBody>> {
    let changed = moving::assign(&call.state, &call.caller, call.path("id"), &body.agent_id).await?;
    now(&call, &changed.number.id).await
}

async fn unassign(call: Call) -> Result<Reply<NumberBody>> {
    let number = moving::unassign(&call.state, &call.caller, call.path("id")).await?;
    now(&call, &number.id).await
}

struct HandOverBody {
    sub_account_id: String,
}

impl FromBody for HandOverBody {
    const FIELDS: &'static [Field] =
        &[Field::required("subAccountId", Kind::Text(64), "The sub-account.").like("\"019ab3c0-3000-7ddd-8eee-0123456789ab\"")];

    fn read(values: &Values) -> Self {
        Self { sub_account_id: values.required("subAccountId") }
    }
}

async fn hand_over(call: Call, Body(body): Body<HandOverBody>) -> Result<Reply<NumberBody>> {
    let number = moving::hand_over(&call.state, &call.caller, call.path("id"), &body.sub_account_id).await?;
    now(&call, &number.id).await
}

struct TakeBackQuery(Force);

impl FromQuery for TakeBackQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("force", Kind::Flag, "True ends a running cool-off; needs the scope `admin:override`."),
        Field::optional("reason", Kind::Reason, "Why it is forced, 10 to 500 characters; it is kept in the audit log."),
    ];

    fn read(values: &Values) -> Self {
        let forced = values.flag("force") == Some(true);
        Self(if forced { Force::Yes { reason: values.text("reason") } } else { Force::No })
    }
}

async fn take_back(call: Call, Query(TakeBackQuery(force)): Query<TakeBackQuery>) -> Result<Reply<NumberBody>> {
    let number = moving::take_back(&call.state, &call.caller, call.path("id"), force).await?;
    now(&call, &number.id).await
}
