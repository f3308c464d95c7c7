//! Saved searches: a person's own, each with the search as the page's address writes it.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::search::SearchInput;
use super::shapes::Moment;
use crate::rpc::wire::Answer;

/// One search that the person keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearchView {
    pub id: String,
    pub name: String,
    pub input: SearchInput,
    /// Numbers that match now; none where the search makes no sense any more.
    pub count: Option<u64>,
    pub created: Moment,
}

/// The person's searches, the latest first.
#[server(prefix = "/rpc", endpoint = "searches/list", input = GetUrl, output = Answer)]
pub async fn list_searches() -> Result<Vec<SavedSearchView>, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::saved_searches;
    let guarded = guard("searches/list").await?;
    let session = guarded.session()?;
    let saved = saved_searches::list(&guarded.state, session).await.map_err(report)?;
    let asked = crate::server::views::saved_searches::asked(&saved);
    let filters: Vec<_> = asked.iter().map(SearchInput::raw).collect();
    let counts = saved_searches::counts(&guarded.state, session, &filters).await.map_err(report)?;
    Ok(crate::server::views::saved_searches::list(saved, asked, counts))
}

/// Keeps a search under a name. Where on its pages somebody was is not kept.
#[server(prefix = "/rpc", endpoint = "searches/save", output = Answer)]
pub async fn save_search(name: String, #[server(default)] input: SearchInput) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("searches/save").await?;
    let strict = if input.strict == "1" { input.strict } else { String::new() };
    let input = SearchInput { cursor: String::new(), strict, ..input };
    let asked = crate::server::views::saved_searches::text(&input);
    crate::server::services::saved_searches::save(&guarded.state, guarded.session()?, &name, asked, &input.query())
        .await
        .map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "searches/delete", output = Answer)]
pub async fn delete_search(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("searches/delete").await?;
    crate::server::services::saved_searches::delete(&guarded.state, guarded.session()?, &id).await.map_err(report)
}
