//! Webhooks: endpoints of the organization, their secrets shown once, and the log of what they were told.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::Moment;
use crate::rpc::wire::Answer;

/// One kind of event that an endpoint can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventChoice {
    pub name: String,
    pub text: String,
}

/// An endpoint without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookView {
    pub id: String,
    pub url: String,
    /// Names of events; empty for all.
    pub events: Vec<String>,
    pub disabled: bool,
    /// Until when the secret before the last one signs too.
    pub old_secret_until: Option<Moment>,
    pub created_at: Moment,
}

/// A line of the delivery log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    pub id: String,
    pub event: String,
    pub url: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    pub attempts: u32,
    /// How the last attempt went: `200 in 84 ms`, `The name has no address`. Empty before the first.
    pub last: String,
    pub happened_at: Moment,
    /// When it is tried next.
    pub due_at: Option<Moment>,
    /// The endpoint is off, so nothing can be sent again.
    pub disabled: bool,
}

/// A secret that is shown now and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSecret {
    pub url: String,
    pub secret: String,
}

/// What to show of the log; empty texts show everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhooksInput {
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub webhook: String,
    #[serde(default)]
    pub cursor: String,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhooksView {
    pub webhooks: Vec<WebhookView>,
    pub choices: Vec<EventChoice>,
    pub deliveries: Vec<DeliveryView>,
    pub total: u64,
    pub next_cursor: Option<String>,
    /// Plain http and addresses of this machine will do: a demo.
    pub relaxed: bool,
    /// What the form before this page made, where there is no JavaScript to show it.
    pub new_secret: Option<NewSecret>,
}

#[server(prefix = "/rpc", endpoint = "webhooks/list", input = GetUrl, output = Answer)]
pub async fn webhooks_page(input: WebhooksInput) -> Result<WebhooksView, AppError> {
    use crate::server::run::context::{guard, report, take_shown_once};
    use crate::server::services::webhooks;
    use crate::server::views::webhooks::{PATH, page};
    let guarded = guard("webhooks/list").await?;
    let overview = webhooks::overview(&guarded.state, &guarded.caller()?, &input.state, &input.webhook, &input.cursor).await;
    Ok(page(&guarded.state, overview.map_err(report)?, take_shown_once(&guarded.state, PATH)))
}

/// Without any of `events` the endpoint is told all of them.
#[server(prefix = "/rpc", endpoint = "webhooks/create", output = Answer)]
pub async fn create_webhook(url: String, #[server(default)] events: Vec<String>) -> Result<NewSecret, AppError> {
    use crate::server::run::context::{close_dialog, guard, report, show_once};
    use crate::server::services::webhooks::{NewEndpoint, create};
    use crate::server::views::webhooks::PATH;
    let guarded = guard("webhooks/create").await?;
    let made = create(&guarded.state, &guarded.caller()?, &NewEndpoint { url, events }).await.map_err(report)?;
    show_once(&guarded.state, PATH, &made.endpoint.url, &made.secret);
    close_dialog();
    Ok(NewSecret { url: made.endpoint.url, secret: made.secret })
}

#[server(prefix = "/rpc", endpoint = "webhooks/edit", output = Answer)]
pub async fn edit_webhook(
    id: String,
    url: String,
    #[server(default)] events: Vec<String>,
    #[server(default)] disabled: u8,
) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::webhooks::{EndpointChange, edit};
    let guarded = guard("webhooks/edit").await?;
    let change = EndpointChange { url: Some(url), events: Some(events), disabled: Some(disabled != 0) };
    edit(&guarded.state, &guarded.caller()?, &id, &change).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "webhooks/delete", output = Answer)]
pub async fn delete_webhook(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("webhooks/delete").await?;
    crate::server::services::webhooks::delete(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// A new secret; with `keep` the old one signs beside it for a day.
#[server(prefix = "/rpc", endpoint = "webhooks/rotate", output = Answer)]
pub async fn rotate_webhook(id: String, #[server(default)] keep: u8) -> Result<NewSecret, AppError> {
    use crate::server::run::context::{close_dialog, guard, report, show_once};
    use crate::server::services::webhooks::{LONGEST_OVERLAP_S, rotate_secret};
    use crate::server::views::webhooks::PATH;
    let guarded = guard("webhooks/rotate").await?;
    let overlap_s = if keep == 0 { 0 } else { LONGEST_OVERLAP_S };
    let made = rotate_secret(&guarded.state, &guarded.caller()?, &id, overlap_s).await.map_err(report)?;
    show_once(&guarded.state, PATH, &made.endpoint.url, &made.secret);
    close_dialog();
    Ok(NewSecret { url: made.endpoint.url, secret: made.secret })
}

/// Sends the endpoint an event that tells nothing.
#[server(prefix = "/rpc", endpoint = "webhooks/test", output = Answer)]
pub async fn test_webhook(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("webhooks/test").await?;
    crate::server::services::webhooks::test(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(())
}

/// Sends a delivery again.
#[server(prefix = "/rpc", endpoint = "webhooks/redeliver", output = Answer)]
pub async fn redeliver(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("webhooks/redeliver").await?;
    crate::server::services::webhooks::redeliver(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(())
}
