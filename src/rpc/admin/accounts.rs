//! Organizations for the operator, adjusting their wallets, and the installation itself.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::domain::money::Micros;
use crate::rpc::error::AppError;
use crate::rpc::settings::SettingView;
use crate::rpc::shapes::Moment;
use crate::rpc::wire::Answer;

/// An organization with its wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRow {
    pub id: String,
    pub name: String,
    pub auth_id: String,
    pub closed: bool,
    pub balance: Micros,
    pub set_aside: Micros,
    pub available: Micros,
    /// Owed after a payment was taken back.
    pub owed: Micros,
    pub created_at: Moment,
}

/// One page of organizations, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationsView {
    pub total: u64,
    pub rows: Vec<OrganizationRow>,
    pub next_cursor: Option<String>,
}

/// Somebody who belongs to an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    pub name: String,
    pub email: String,
    pub role: String,
}

/// One organization, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationView {
    pub row: OrganizationRow,
    pub numbers: i64,
    pub agents: i64,
    pub sub_accounts: i64,
    pub budget: Option<Micros>,
    pub ever_topped_up: bool,
    pub people: Vec<PersonRow>,
}

/// The operator's start page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallationView {
    pub organizations: i64,
    pub cool_offs: i64,
    pub stuck: i64,
    pub under_way: i64,
    pub in_stock: i64,
    pub lengths: Vec<SettingView>,
    pub switches: Vec<SettingView>,
}

#[server(prefix = "/rpc", endpoint = "admin/installation", input = GetUrl, output = Answer)]
pub async fn installation() -> Result<InstallationView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/installation").await?;
    let figures = crate::server::services::operator::figures(&guarded.state).await.map_err(report)?;
    Ok(crate::server::views::admin::accounts::installation(&guarded.state.settings, figures))
}

#[server(prefix = "/rpc", endpoint = "admin/organizations", input = GetUrl, output = Answer)]
pub async fn all_organizations(#[server(default)] cursor: String) -> Result<OrganizationsView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::operator::{PAGE, organizations};
    let guarded = guard("admin/organizations").await?;
    let found = organizations(&guarded.state, PAGE, Some(cursor.as_str())).await.map_err(report)?;
    Ok(crate::server::views::admin::accounts::list(found))
}

#[server(prefix = "/rpc", endpoint = "admin/organization", input = GetUrl, output = Answer)]
pub async fn one_organization(id: String) -> Result<OrganizationView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/organization").await?;
    let inspected = crate::server::services::operator::inspect(&guarded.state, &id).await.map_err(report)?;
    Ok(crate::server::views::admin::accounts::one(inspected))
}

/// Adjusts a wallet by a decimal of at most six places; `direction` is `credit`, `promo` or `debit`. With a reason; audited.
#[server(prefix = "/rpc", endpoint = "admin/adjust", output = Answer)]
pub async fn adjust_wallet(id: String, direction: String, amount: String, reason: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::operator::{Adjustment, Direction, adjust};
    let guarded = guard("admin/adjust").await?;
    let direction = Direction::from_name(&direction).ok_or_else(|| Refusal::field("direction", "Choose one of the three."))?;
    let amount = Micros::parse(&amount, 6).map_err(|fault| Refusal::field("amount", format!("Write an amount such as 20: {fault}.")))?;
    let adjustment = Adjustment { organization_id: id, direction, amount, reason };
    adjust(&guarded.state, &guarded.caller()?, &adjustment).await.map_err(report)?;
    close_dialog();
    Ok(())
}
