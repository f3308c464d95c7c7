//! Settings: the organization's name, the person's password and sessions, and the lengths that the installation has.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::Moment;
use crate::rpc::wire::Answer;

/// A length, a limit or a switch of the installation, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingView {
    pub name: String,
    pub value: String,
    /// What it does.
    pub text: String,
}

/// A place where the person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub since: Moment,
    pub last_seen: Moment,
    /// The one that asks.
    pub this: bool,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// None for people without an organization.
    pub organization: Option<String>,
    pub can_rename: bool,
    pub lengths: Vec<SettingView>,
    pub email: String,
    pub sessions: Vec<SessionView>,
}

#[server(prefix = "/rpc", endpoint = "settings/get", input = GetUrl, output = Answer)]
pub async fn settings_page() -> Result<SettingsView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("settings/get").await?;
    let session = guarded.session()?;
    let sessions = crate::server::services::profile::sessions(&guarded.state, session).await.map_err(report)?;
    Ok(crate::server::views::settings::page(&guarded.state.settings, session, sessions))
}

#[server(prefix = "/rpc", endpoint = "settings/rename", output = Answer)]
pub async fn rename_organization(name: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("settings/rename").await?;
    crate::server::services::organization::rename(&guarded.state, &guarded.caller()?, &name).await.map_err(report)?;
    Ok(())
}

/// Changes the password; the person stays signed in here and nowhere else.
#[server(prefix = "/rpc", endpoint = "settings/password", output = Answer)]
pub async fn change_password(current: String, password: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, redirect, report, set_session_cookie};
    use crate::server::services::profile;
    let guarded = guard("settings/password").await?;
    let secret = profile::change_password(&guarded.state, guarded.session()?, &current, &password, guarded.address).await;
    set_session_cookie(&guarded.state, &secret.map_err(report)?);
    redirect("/settings?changed=1");
    Ok(())
}

/// Signs the person out everywhere else.
#[server(prefix = "/rpc", endpoint = "settings/end-sessions", output = Answer)]
pub async fn end_sessions() -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("settings/end-sessions").await?;
    crate::server::services::profile::end_others(&guarded.state, guarded.session()?).await.map_err(report)?;
    Ok(())
}
