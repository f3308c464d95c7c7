//! Organizations with their wallets, and adjusting one.

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
use crate::server::rest::table::Route;
use crate::server::services::operator::{self, Account, Adjustment, Direction};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/organizations", "listOrganizations", list)
            .scope(Scope::AdminRead)
            .about("Lists all organizations by name, with their wallets."),
        Route::get("/admin/organizations/{id}", "getAnyOrganization", get)
            .scope(Scope::AdminRead)
            .about("Reads one organization with its wallet.")
            .refuses(&[Code::NotFound]),
        Route::post("/admin/adjustments", "adjustWallet", adjust)
            .scope(Scope::AdminWrite)
            .about("Adjusts a wallet by a transfer of the ledger; the reason stands in the organization's ledger and audit log.")
            .answers(&[201])
            .refuses(&[Code::NotFound, Code::ReasonRequired, Code::InsufficientFunds]),
    ]
}

/// An organization with its wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub struct AccountBody {
    /// Its id.
    pub id: String,
    /// Its fixed account id, `MA_…`.
    pub auth_id: String,
    /// For people.
    pub name: String,
    /// Paid in and given, together.
    pub balance: Money,
    /// Promised to orders under way.
    pub set_aside: Money,
    /// What can be spent.
    pub available: Money,
    /// Owed after a payment was taken back; buying and holding are paused while it is above zero.
    pub owed: Money,
    /// The most that its numbers may cost a month together.
    #[schema(required)]
    pub monthly_budget: Option<Money>,
    /// When it was founded.
    pub created_at: Instant,
    /// When it was closed.
    #[schema(required)]
    pub closed_at: Option<Instant>,
}

impl From<Account> for AccountBody {
    fn from(account: Account) -> Self {
        let (organization, balances) = (account.organization, account.balances);
        Self {
            id: organization.id,
            auth_id: organization.auth_id,
            name: organization.name,
            balance: Money(balances.balance),
            set_aside: Money(balances.set_aside),
            available: Money(balances.available()),
            owed: Money(balances.owed),
            monthly_budget: organization.budget.map(Money),
            created_at: Instant(organization.created_at),
            closed_at: organization.closed_at.map(Instant),
        }
    }
}

impl Sample for AccountBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-1000-7aaa-8bbb-0123456789ab"),
            auth_id: String::from("MA_7KXQ2M4P"),
            name: String::from("Brightline"),
            balance: Money(Micros(120_000_000)),
            set_aside: Money(Micros(2_250_000)),
            available: Money(Micros(117_750_000)),
            owed: Money(Micros::ZERO),
            monthly_budget: None,
            created_at: Instant::sample(),
            closed_at: None,
        }
    }
}

struct AdjustBody(Adjustment);

impl FromBody for AdjustBody {
    const FIELDS: &'static [Field] = &[
        Field::required("organizationId", Kind::Text(64), "Whose wallet.").like("\"019ab3c0-1000-7aaa-8bbb-0123456789ab\""),
        Field::required(
            "direction",
            Kind::Choice(&["credit", "promo", "debit"]),
            "Into the wallet, into it as promotional credit (spent first), or out of it.",
        )
        .like("\"credit\""),
        Field::required("amount", Kind::Money, "How much, above zero.").like("12.5"),
        Field::required("reason", Kind::Reason, "Why, in 10 to 500 characters.").like("\"Refund of a double charge in October.\""),
    ];

    fn read(values: &Values) -> Self {
        let direction = values.text("direction").and_then(|name| Direction::from_name(&name)).unwrap_or(Direction::Credit);
        Self(Adjustment {
            organization_id: values.required("organizationId"),
            direction,
            amount: values.money("amount").unwrap_or_default(),
            reason: values.required("reason"),
        })
    }
}

async fn list(call: Call, Query(query): Query<ListQuery>) -> Result<Page<AccountBody>> {
    Ok(Page::of(query.limit, operator::organizations(&call.state, query.limit, query.cursor.as_deref()).await?))
}

async fn get(call: Call) -> Result<Reply<AccountBody>> {
    Ok(Reply::of(operator::organization(&call.state, call.path("id")).await?.into()))
}

async fn adjust(call: Call, Body(AdjustBody(adjustment)): Body<AdjustBody>) -> Result<Reply<AccountBody>> {
    let account = operator::adjust(&call.state, &call.caller, &adjustment).await?;
    Ok(Reply::created(&format!("/admin/organizations/{}", account.organization.id), account.into()))
}
