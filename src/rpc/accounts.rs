//! Signing up, in and out, invitations and resets.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::Moment;
use crate::domain::account::Role;
use crate::rpc::wire::Answer;

/// One account that the demo offers on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    pub name: String,
    pub role: String,
    pub email: String,
    pub password: String,
}

/// What the sign-in page shows; `demo` is empty outside demo mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInView {
    pub demo: Vec<DemoAccount>,
    pub sign_up_open: bool,
}

/// A one-time link as the person who opens it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// `invitation` or `reset`.
    pub purpose: String,
    pub email: String,
    pub organization: Option<String>,
    pub role: Option<Role>,
    /// The email has an account already: the invitation asks for its password instead of a new one.
    pub known: bool,
    pub expires_at: Moment,
}

/// A member of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub since: Moment,
}

/// An invitation that nobody has used yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    pub email: String,
    pub role: Role,
    pub expires_at: Moment,
}

/// Who belongs to the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    pub members: Vec<MemberView>,
    pub invitations: Vec<InvitationView>,
    /// Roles that the caller may invite to.
    pub may_invite: Vec<Role>,
}

/// A new one-time link, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    pub url: String,
    pub email: String,
    pub expires_at: Moment,
}

#[server(prefix = "/rpc", endpoint = "accounts/sign-in-page", input = GetUrl, output = Answer)]
pub async fn sign_in_page() -> Result<SignInView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("accounts/sign-in-page").await?;
    let page = crate::server::services::accounts::sign_in_page(&guarded.state).await.map_err(report)?;
    Ok(crate::server::views::accounts::sign_in_page(page))
}

/// Signs in and goes to `next` (a path of this site) or to `/`.
#[server(prefix = "/rpc", endpoint = "accounts/sign-in", output = Answer)]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::server::auth::return_path::safe;
    use crate::server::run::context::{guard, redirect, report, set_session_cookie};
    let guarded = guard("accounts/sign-in").await?;
    let previous = guarded.session.as_ref();
    let signed_in = crate::server::services::accounts::sign_in(&guarded.state, &email, &password, guarded.address, previous).await;
    set_session_cookie(&guarded.state, &signed_in.map_err(report)?);
    redirect(safe(&next));
    Ok(())
}

/// Makes an organization with its first owner and signs in.
#[server(prefix = "/rpc", endpoint = "accounts/sign-up", output = Answer)]
pub async fn sign_up(
    organization: String,
    name: String,
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::server::auth::return_path::safe;
    use crate::server::run::context::{guard, redirect, report, set_session_cookie};
    use crate::server::services::accounts::SignUpForm;
    let guarded = guard("accounts/sign-up").await?;
    let form = SignUpForm { organization, name, email, password };
    let secret = crate::server::services::accounts::sign_up(&guarded.state, form).await.map_err(report)?;
    set_session_cookie(&guarded.state, &secret);
    redirect(safe(&next));
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "accounts/sign-out", output = Answer)]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::server::run::context::{clear_session_cookie, guard, redirect, report};
    let guarded = guard("accounts/sign-out").await?;
    if let Some(session) = &guarded.session {
        crate::server::services::accounts::sign_out(&guarded.state, session).await.map_err(report)?;
    }
    clear_session_cookie(&guarded.state);
    redirect("/");
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "accounts/link", input = GetUrl, output = Answer)]
pub async fn one_time_link(token: String) -> Result<LinkView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("accounts/link").await?;
    let link = crate::server::services::links::view(&guarded.state, &token).await.map_err(report)?;
    Ok(crate::server::views::accounts::link(link))
}

/// Uses an invitation or a reset link. `name` matters for a new person only.
#[server(prefix = "/rpc", endpoint = "accounts/use-link", output = Answer)]
pub async fn use_link(token: String, password: String, #[server(default)] name: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, redirect, report, set_session_cookie};
    use crate::server::services::links::{self, UseForm};
    let guarded = guard("accounts/use-link").await?;
    let form = UseForm { token, password, name };
    let secret = links::use_link(&guarded.state, form, guarded.address).await.map_err(report)?;
    set_session_cookie(&guarded.state, &secret);
    redirect("/");
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "accounts/team", input = GetUrl, output = Answer)]
pub async fn team() -> Result<TeamView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("accounts/team").await?;
    let team = crate::server::services::members::team(&guarded.state, &guarded.caller()?).await.map_err(report)?;
    Ok(crate::server::views::accounts::team(team))
}

/// Invites somebody; the answer holds the link, which is shown once.
#[server(prefix = "/rpc", endpoint = "accounts/invite", output = Answer)]
pub async fn invite(email: String, role: String) -> Result<NewLink, AppError> {
    use crate::server::run::context::{guard, report, show_link};
    let guarded = guard("accounts/invite").await?;
    let role = Role::from_name(&role).ok_or_else(|| crate::domain::refusal::Refusal::field("role", "Choose one of the roles."))?;
    let link = crate::server::services::members::invite(&guarded.state, &guarded.caller()?, &email, role).await.map_err(report)?;
    show_link(&link.token);
    Ok(crate::server::views::accounts::new_link(link))
}

/// Makes a reset link for a member, to be handed over.
#[server(prefix = "/rpc", endpoint = "accounts/reset-link", output = Answer)]
pub async fn reset_link(user_id: String) -> Result<NewLink, AppError> {
    use crate::server::run::context::{guard, report, show_link};
    let guarded = guard("accounts/reset-link").await?;
    let link = crate::server::services::links::reset_by_admin(&guarded.state, &guarded.caller()?, &user_id).await.map_err(report)?;
    show_link(&link.token);
    Ok(crate::server::views::accounts::new_link(link))
}

/// Changes a member's role, or takes them out when `role` is `none`.
#[server(prefix = "/rpc", endpoint = "accounts/member-role", output = Answer)]
pub async fn set_member_role(user_id: String, role: String) -> Result<(), AppError> {
    use crate::server::run::context::{clear_session_cookie, guard, redirect, report, set_session_cookie};
    use crate::server::services::members::{self, OwnSession};
    let guarded = guard("accounts/member-role").await?;
    let to = match role.as_str() {
        "none" => None,
        name => Some(Role::from_name(name).ok_or_else(|| crate::domain::refusal::Refusal::field("role", "Choose one of the roles."))?),
    };
    let own = members::set_role(&guarded.state, &guarded.caller()?, guarded.session()?, &user_id, to).await.map_err(report)?;
    match own {
        OwnSession::Stays => {}
        OwnSession::Renewed(secret) => set_session_cookie(&guarded.state, &secret),
        OwnSession::Ended => {
            clear_session_cookie(&guarded.state);
            redirect("/sign-in");
        }
    }
    Ok(())
}
