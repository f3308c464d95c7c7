//! Agents: who answers calls.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{Moment, Named};
use crate::rpc::wire::Answer;

/// One agent with its draft and its published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentView {
    pub id: String,
    pub name: String,
    /// `ai_voice`, `call_centre`, `person`.
    pub kind: String,
    pub kind_text: String,
    pub draft_destination: String,
    pub published_version: Option<u32>,
    pub published_destination: Option<String>,
    /// The draft differs from what is published.
    pub draft_changed: bool,
    pub sub_account: Option<Named>,
    pub numbers: u32,
    pub updated_at: Moment,
}

/// All agents of the organization, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentsView {
    pub agents: Vec<AgentView>,
    pub sub_accounts: Vec<Named>,
    pub can_delete: bool,
    pub can_edit: bool,
}

#[server(prefix = "/rpc", endpoint = "agents/list", input = GetUrl, output = Answer)]
pub async fn list_agents() -> Result<AgentsView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("agents/list").await?;
    let list = crate::server::services::agents::list(&guarded.state, &guarded.caller()?).await.map_err(report)?;
    Ok(crate::server::views::agents::list(list))
}

/// `sub_account_id` may be empty. `publish` is `1` to publish at once.
#[server(prefix = "/rpc", endpoint = "agents/create", output = Answer)]
pub async fn create_agent(
    name: String,
    kind: String,
    destination: String,
    #[server(default)] sub_account_id: String,
    #[server(default)] publish: u8,
) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::agents::{AgentInput, create};
    let guarded = guard("agents/create").await?;
    let input = AgentInput { name, kind, destination };
    let place = Some(sub_account_id.as_str()).filter(|id| !id.is_empty());
    create(&guarded.state, &guarded.caller()?, &input, place, publish != 0).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "agents/edit", output = Answer)]
pub async fn edit_agent(id: String, name: String, kind: String, destination: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::agents::{AgentInput, edit};
    let guarded = guard("agents/edit").await?;
    let input = AgentInput { name, kind, destination };
    edit(&guarded.state, &guarded.caller()?, &id, &input).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "agents/publish", output = Answer)]
pub async fn publish_agent(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("agents/publish").await?;
    crate::server::services::agents::publish(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(())
}

/// Deletes an agent; its numbers become free of it in the same transaction.
#[server(prefix = "/rpc", endpoint = "agents/delete", output = Answer)]
pub async fn delete_agent(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("agents/delete").await?;
    crate::server::services::agents::delete(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    close_dialog();
    Ok(())
}
