//! `/organization` and `/budgets`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Money, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{ListQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::organization::{self, Budget, Organization};

pub fn group() -> Group {
    let routes = vec![
        Route::get("/organization", "getOrganization", get)
            .scope(Scope::TeamRead)
            .holders(Holders::Organization)
            .about("Reads the organization that the key belongs to."),
        Route::patch("/organization", "renameOrganization", rename)
            .scope(Scope::TeamWrite)
            .holders(Holders::Organization)
            .about("Renames the organization."),
        Route::get("/budgets", "listBudgets", budgets)
            .scope(Scope::BillingRead)
            .about("Lists the monthly number budgets: the organization's, and those of its sub-accounts by name."),
        Route::patch("/budgets", "setBudget", set_own)
            .scope(Scope::BillingWrite)
            .holders(Holders::Organization)
            .about("Sets the monthly number budget of the organization; below what is committed it stops new purchases only."),
        Route::patch("/budgets/{id}", "setSubAccountBudget", set_of_sub_account)
            .scope(Scope::BillingWrite)
            .holders(Holders::Organization)
            .about("Sets the monthly number budget of a sub-account.")
            .refuses(&[Code::NotFound]),
    ];
    Group {
        name: "Organization",
        text: "The organization, and what its numbers may cost a month together. A purchase beyond a budget is 409 `budget_exceeded`.",
        routes,
    }
}

/// An organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Organization)]
pub struct OrganizationBody {
    /// Its id.
    pub id: String,
    /// Its fixed account id, `MA_…`: the user of basic and X-Auth credentials.
    pub auth_id: String,
    /// For people.
    pub name: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The most that its numbers may cost a month together; null when nothing limits it.
    #[schema(required)]
    pub monthly_budget: Option<Money>,
    /// When it was founded.
    pub created_at: Instant,
}

impl OrganizationBody {
    fn new(organization: Organization, currency: &str) -> Self {
        Self {
            id: organization.id,
            auth_id: organization.auth_id,
            name: organization.name,
            currency: currency.to_owned(),
            monthly_budget: organization.budget.map(Money),
            created_at: Instant(organization.created_at),
        }
    }
}

impl Sample for OrganizationBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-1000-7aaa-8bbb-0123456789ab"),
            auth_id: String::from("MA_7KXQ2M4P"),
            name: String::from("Brightline"),
            currency: String::from("USD"),
            monthly_budget: None,
            created_at: Instant::sample(),
        }
    }
}

/// What numbers may cost a month together.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Budget)]
pub struct BudgetBody {
    /// The sub-account; null for the organization.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// Of the sub-account or of the organization.
    pub name: String,
    /// The budget; null when nothing limits it.
    #[schema(required)]
    pub monthly_budget: Option<Money>,
    /// What owned numbers and those under way cost a month.
    pub committed: Money,
}

impl From<Budget> for BudgetBody {
    fn from(budget: Budget) -> Self {
        Self {
            sub_account_id: budget.sub_account_id,
            name: budget.name,
            monthly_budget: budget.budget.map(Money),
            committed: Money(budget.committed),
        }
    }
}

impl Sample for BudgetBody {
    fn sample() -> Self {
        Self {
            sub_account_id: Some(String::from("019ab3c0-4000-7aaa-8bbb-0123456789ab")),
            name: String::from("Harbor Dental"),
            monthly_budget: Some(Money(Micros(50_000_000))),
            committed: Money(Micros(12_500_000)),
        }
    }
}

/// The organization's own budget, beside those of its sub-accounts.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrganizationBudget)]
pub struct OwnBudget {
    /// Null for keys of a sub-account.
    #[schema(required)]
    pub organization: Option<BudgetBody>,
}

impl Sample for OwnBudget {
    fn sample() -> Self {
        let organization = BudgetBody { sub_account_id: None, name: String::from("Brightline"), ..BudgetBody::sample() };
        Self { organization: Some(organization) }
    }
}

struct RenameBody {
    name: String,
}

impl FromBody for RenameBody {
    const FIELDS: &'static [Field] = &[Field::required("name", Kind::Text(80), "For people.").like("\"Brightline\"")];

    fn read(values: &Values) -> Self {
        Self { name: values.required("name") }
    }
}

struct SetBody {
    budget: Option<Micros>,
}

impl FromBody for SetBody {
    const FIELDS: &'static [Field] =
        &[Field::required("monthlyBudget", Kind::Money, "The budget; null takes the limit away.").or_null().like("50")];

    fn read(values: &Values) -> Self {
        Self { budget: values.money("monthlyBudget") }
    }
}

async fn get(call: Call) -> Result<Reply<OrganizationBody>> {
    let organization = organization::get(&call.state, &call.caller).await?;
    Ok(Reply::of(OrganizationBody::new(organization, &call.state.settings.currency)))
}

async fn rename(call: Call, Body(body): Body<RenameBody>) -> Result<Reply<OrganizationBody>> {
    let organization = organization::rename(&call.state, &call.caller, &body.name).await?;
    Ok(Reply::of(OrganizationBody::new(organization, &call.state.settings.currency)))
}

async fn budgets(call: Call, Query(query): Query<ListQuery>) -> Result<Page<BudgetBody, OwnBudget>> {
    let budgets = organization::budgets(&call.state, &call.caller, query.limit, query.cursor.as_deref()).await?;
    let found = budgets.sub_accounts;
    Ok(Page {
        rows: found.rows.into_iter().map(BudgetBody::from).collect(),
        pagination: Pagination::new(query.limit, found.total, found.next_cursor),
        more: OwnBudget { organization: budgets.organization.map(BudgetBody::from) },
    })
}

async fn set_own(call: Call, Body(body): Body<SetBody>) -> Result<Reply<BudgetBody>> {
    Ok(Reply::of(organization::set_budget(&call.state, &call.caller, None, body.budget).await?.into()))
}

async fn set_of_sub_account(call: Call, Body(body): Body<SetBody>) -> Result<Reply<BudgetBody>> {
    Ok(Reply::of(organization::set_budget(&call.state, &call.caller, Some(call.path("id")), body.budget).await?.into()))
}
