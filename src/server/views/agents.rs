//! Agents as their page shows them.

use crate::rpc::agents::{AgentView, AgentsView};
use crate::rpc::shapes::{Moment, Named};
use crate::server::services::agents::AgentList;
use crate::server::store::agents::ListedAgent;

impl From<ListedAgent> for AgentView {
    fn from(listed: ListedAgent) -> Self {
        let agent = listed.agent;
        Self {
            draft_changed: agent.published_destination.as_ref().is_some_and(|published| *published != agent.draft_destination),
            kind: agent.kind.name().to_owned(),
            kind_text: agent.kind.text().to_owned(),
            sub_account: agent.sub_account_id.zip(listed.sub_account_name).map(|(id, name)| Named { id, name }),
            numbers: listed.numbers,
            updated_at: Moment::new(agent.updated_at),
            id: agent.id,
            name: agent.name,
            draft_destination: agent.draft_destination,
            published_version: agent.published_version,
            published_destination: agent.published_destination,
        }
    }
}

/// The agents page.
#[must_use]
pub fn list(list: AgentList) -> AgentsView {
    AgentsView {
        agents: list.agents.into_iter().map(AgentView::from).collect(),
        sub_accounts: list.sub_accounts.into_iter().map(Named::from).collect(),
        can_delete: list.can_delete,
        can_edit: list.can_edit,
    }
}
