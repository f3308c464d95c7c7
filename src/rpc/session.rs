//! Who is looking at the page: read once by the shell and kept in context.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use crate::domain::account::Role;
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::rpc::wire::Answer;

/// One organization that the person may switch to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationChoice {
    pub id: String,
    pub name: String,
    pub role: Role,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    pub name: String,
    pub email: String,
    pub platform_admin: bool,
    /// The chosen organization; none for an operator without membership.
    pub organization: Option<OrganizationChoice>,
    pub organizations: Vec<OrganizationChoice>,
}

/// Counts and money that the frame shows on every page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameCounts {
    pub numbers: u32,
    pub agents: u32,
    pub sub_accounts: u32,
    pub available: Micros,
    /// Cool-offs in effect over all organizations, for operators only.
    pub cool_offs: u32,
}

/// Everything the frame needs. `now` is the server's clock when it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameView {
    pub now: Timestamp,
    pub demo: bool,
    pub currency: String,
    pub person: Option<PersonView>,
    pub counts: Option<FrameCounts>,
    pub sign_up_open: bool,
}

/// The frame of the caller: signed in or not, this always answers.
#[server(prefix = "/rpc", endpoint = "session/frame", output = Answer)]
pub async fn frame() -> Result<FrameView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("session/frame").await?;
    let session = guarded.session.as_ref();
    let frame = crate::server::services::frame::frame(&guarded.state, session).await.map_err(report)?;
    Ok(crate::server::views::session::frame(frame, session))
}

/// Chooses another of the caller's organizations.
#[server(prefix = "/rpc", endpoint = "session/choose", output = Answer)]
pub async fn choose_organization(organization_id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, redirect, report, set_session_cookie};
    let guarded = guard("session/choose").await?;
    let chosen = crate::server::services::accounts::choose_organization(&guarded.state, guarded.session()?, &organization_id).await;
    set_session_cookie(&guarded.state, &chosen.map_err(report)?);
    redirect("/");
    Ok(())
}
