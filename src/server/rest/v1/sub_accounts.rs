//! `/sub-accounts`: customers of the organization. Handing numbers to them is with the numbers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Money, Page, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{ListQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::sub_accounts::{self, SubAccount, SubAccountChange, SubAccountInput};

pub fn group() -> Group {
    let routes = vec![
        Route::get("/sub-accounts", "listSubAccounts", list)
            .scope(Scope::NumbersRead)
            .about("Lists the sub-accounts by name; a key of one sees that one."),
        Route::post("/sub-accounts", "createSubAccount", create)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about("Makes a sub-account with its fixed account id; without a budget only the organization's binds it.")
            .answers(&[201])
            .refuses(&[Code::NameTaken]),
        Route::get("/sub-accounts/{id}", "getSubAccount", get)
            .scope(Scope::NumbersRead)
            .about("Reads one sub-account.")
            .refuses(&[Code::NotFound]),
        Route::patch("/sub-accounts/{id}", "editSubAccount", edit)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about(
                "Renames a sub-account, sets its budget, or disables it: its keys and hand-overs to it then stop, its numbers still route.",
            )
            .refuses(&[Code::NotFound, Code::NameTaken]),
        Route::delete("/sub-accounts/{id}", "deleteSubAccount", delete)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about("Deletes a sub-account without numbers: its holds are given back, its keys end, its agents and routes go.")
            .refuses(&[Code::NotFound, Code::SubAccountInUse]),
    ];
    Group {
        name: "Sub-accounts",
        text: "A sub-account is a customer of the organization, with numbers, agents, routes and keys of its own.",
        routes,
    }
}

/// A sub-account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubAccount)]
pub struct SubAccountBody {
    /// Its id.
    pub id: String,
    /// Its fixed account id, `SA_…`: the user of basic and X-Auth credentials.
    pub auth_id: String,
    /// For people.
    pub name: String,
    /// Its keys are refused, and it takes no numbers.
    pub disabled: bool,
    /// The most that its numbers may cost a month together; null when only the organization's budget binds.
    #[schema(required)]
    pub monthly_budget: Option<Money>,
    /// When it was made.
    pub created_at: Instant,
}

impl From<SubAccount> for SubAccountBody {
    fn from(sub_account: SubAccount) -> Self {
        Self {
            id: sub_account.id,
            auth_id: sub_account.auth_id,
            name: sub_account.name,
            disabled: sub_account.disabled,
            monthly_budget: sub_account.budget.map(Money),
            created_at: Instant(sub_account.created_at),
        }
    }
}

impl Sample for SubAccountBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-4000-7aaa-8bbb-0123456789ab"),
            auth_id: String::from("SA_7KXQ2M4P"),
            name: String::from("Harbor Dental"),
            disabled: false,
            monthly_budget: Some(Money(Micros(50_000_000))),
            created_at: Instant::sample(),
        }
    }
}

struct CreateBody(SubAccountInput);

impl FromBody for CreateBody {
    const FIELDS: &'static [Field] = &[
        Field::required("name", Kind::Text(80), "For people; no two alike.").like("\"Harbor Dental\""),
        Field::optional("monthlyBudget", Kind::Money, "The most that its numbers may cost a month together.").or_null().like("50"),
    ];

    fn read(values: &Values) -> Self {
        let budget = values.money("monthlyBudget").map(Micros::decimal).unwrap_or_default();
        Self(SubAccountInput { name: values.required("name"), budget })
    }
}

struct EditBody(SubAccountChange);

impl FromBody for EditBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("name", Kind::Text(80), "For people; no two alike.").like("\"Harbor Dental\""),
        Field::optional("monthlyBudget", Kind::Money, "The most that its numbers may cost a month together; null takes the limit away.")
            .or_null(),
        Field::optional("disabled", Kind::Flag, "Stops its keys and hand-overs to it."),
    ];

    fn read(values: &Values) -> Self {
        let budget = values.has("monthlyBudget").then(|| values.money("monthlyBudget"));
        Self(SubAccountChange { name: values.text("name"), budget, disabled: values.flag("disabled") })
    }
}

async fn list(call: Call, Query(query): Query<ListQuery>) -> Result<Page<SubAccountBody>> {
    Ok(Page::of(query.limit, sub_accounts::page(&call.state, &call.caller, query.limit, query.cursor.as_deref()).await?))
}

async fn create(call: Call, Body(CreateBody(input)): Body<CreateBody>) -> Result<Reply<SubAccountBody>> {
    let sub_account = sub_accounts::create(&call.state, &call.caller, &input).await?;
    Ok(Reply::created(&format!("/sub-accounts/{}", sub_account.id), sub_account.into()))
}

async fn get(call: Call) -> Result<Reply<SubAccountBody>> {
    Ok(Reply::of(sub_accounts::get(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn edit(call: Call, Body(EditBody(change)): Body<EditBody>) -> Result<Reply<SubAccountBody>> {
    Ok(Reply::of(sub_accounts::change(&call.state, &call.caller, call.path("id"), &change).await?.into()))
}

async fn delete(call: Call) -> Result<Reply<SubAccountBody>> {
    Ok(Reply::of(sub_accounts::delete(&call.state, &call.caller, call.path("id")).await?.into()))
}
