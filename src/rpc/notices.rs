//! Notices: what the installation tells an organization.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::Moment;
use crate::rpc::wire::Answer;

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    pub id: String,
    /// The name of what happened, such as `hold.withdrawn`.
    pub kind: String,
    pub body: String,
    pub at: Moment,
    pub read: bool,
}

/// One page of notices, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticesView {
    pub notices: Vec<NoticeView>,
    /// Of all pages.
    pub unread: u64,
    pub can_mark: bool,
    pub next_cursor: Option<String>,
}

#[server(prefix = "/rpc", endpoint = "notices/list", input = GetUrl, output = Answer)]
pub async fn list_notices(#[server(default)] cursor: String) -> Result<NoticesView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("notices/list").await?;
    let caller = guarded.caller()?;
    let notices = crate::server::services::notices::list(&guarded.state, &caller, &cursor).await.map_err(report)?;
    Ok(crate::server::views::notices::list(notices, caller.role >= crate::domain::account::Role::Member))
}

/// Marks one as read, or all of them when `id` is empty.
#[server(prefix = "/rpc", endpoint = "notices/read", output = Answer)]
pub async fn read_notices(#[server(default)] id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("notices/read").await?;
    let id = Some(id.as_str()).filter(|id| !id.is_empty());
    crate::server::services::notices::mark_read(&guarded.state, &guarded.caller()?, id).await.map_err(report)
}
