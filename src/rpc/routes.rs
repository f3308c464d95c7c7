//! Routes: where calls go when no agent answers.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{Moment, Named};
use crate::rpc::wire::Answer;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteView {
    pub id: String,
    pub name: String,
    /// `host`, `number`, `uri`, `sip-reg`.
    pub kind: String,
    /// Empty for `sip-reg`.
    pub destination: String,
    pub sub_account: Option<String>,
    /// Numbers that use it, as primary or failover.
    pub numbers: u32,
    pub updated_at: Moment,
}

/// One page of routes, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutesView {
    pub routes: Vec<RouteView>,
    pub sub_accounts: Vec<Named>,
    pub can_edit: bool,
    pub can_delete: bool,
    pub next_cursor: Option<String>,
}

#[server(prefix = "/rpc", endpoint = "routes/list", input = GetUrl, output = Answer)]
pub async fn list_routes(#[server(default)] cursor: String) -> Result<RoutesView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("routes/list").await?;
    let overview = crate::server::services::routes::overview(&guarded.state, &guarded.caller()?, &cursor).await.map_err(report)?;
    Ok(crate::server::views::routes::overview(overview))
}

/// `sub_account_id` may be empty for the pool; `destination` is empty for `sip-reg`.
#[server(prefix = "/rpc", endpoint = "routes/create", output = Answer)]
pub async fn create_route(
    name: String,
    kind: String,
    #[server(default)] destination: String,
    #[server(default)] sub_account_id: String,
) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::routes::{RouteInput, create};
    let guarded = guard("routes/create").await?;
    let input = RouteInput { name, kind, destination, edge_strategy_id: None };
    let place = Some(sub_account_id.as_str()).filter(|id| !id.is_empty());
    create(&guarded.state, &guarded.caller()?, &input, place).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "routes/edit", output = Answer)]
pub async fn edit_route(id: String, name: String, kind: String, #[server(default)] destination: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::routes::{RouteChange, edit};
    let guarded = guard("routes/edit").await?;
    let change = RouteChange { name: Some(name), kind: Some(kind), destination: Some(destination), edge_strategy_id: None };
    edit(&guarded.state, &guarded.caller()?, &id, &change).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// Refused while a number uses it.
#[server(prefix = "/rpc", endpoint = "routes/delete", output = Answer)]
pub async fn delete_route(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("routes/delete").await?;
    crate::server::services::routes::delete(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    close_dialog();
    Ok(())
}
