//! Sub-accounts: customers of the organization.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::Moment;
use crate::domain::money::Micros;
use crate::rpc::wire::Answer;

/// One sub-account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubAccountView {
    pub id: String,
    pub name: String,
    pub auth_id: String,
    pub disabled: bool,
    pub numbers: u32,
    pub agents: u32,
    pub cooling_off: u32,
    pub monthly: Micros,
    pub budget: Option<Micros>,
    /// The budget as a decimal for the form; empty when there is none.
    pub budget_text: String,
    pub created_at: Moment,
}

/// All sub-accounts, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubAccountsView {
    pub sub_accounts: Vec<SubAccountView>,
    pub can_edit: bool,
}

#[server(prefix = "/rpc", endpoint = "sub-accounts/list", input = GetUrl, output = Answer)]
pub async fn list_sub_accounts() -> Result<SubAccountsView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("sub-accounts/list").await?;
    let list = crate::server::services::sub_accounts::list(&guarded.state, &guarded.caller()?).await.map_err(report)?;
    Ok(crate::server::views::sub_accounts::list(list))
}

/// `budget` is a decimal; empty means that only the organization's budget binds.
#[server(prefix = "/rpc", endpoint = "sub-accounts/create", output = Answer)]
pub async fn create_sub_account(name: String, #[server(default)] budget: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::sub_accounts::{SubAccountInput, create};
    let guarded = guard("sub-accounts/create").await?;
    create(&guarded.state, &guarded.caller()?, &SubAccountInput { name, budget }).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// `disabled` is `1` or `0`.
#[server(prefix = "/rpc", endpoint = "sub-accounts/edit", output = Answer)]
pub async fn edit_sub_account(
    id: String,
    name: String,
    #[server(default)] budget: String,
    #[server(default)] disabled: u8,
) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::sub_accounts::{SubAccountInput, edit};
    let guarded = guard("sub-accounts/edit").await?;
    edit(&guarded.state, &guarded.caller()?, &id, &SubAccountInput { name, budget }, disabled != 0).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "sub-accounts/delete", output = Answer)]
pub async fn delete_sub_account(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("sub-accounts/delete").await?;
    crate::server::services::sub_accounts::delete(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    close_dialog();
    Ok(())
}
