//! One-time links: looking at one and using it, and links to choose a new password. Inviting is in `members`.
//!
//! Whoever makes a link can read it out (R43), so a link never lets its maker take over somebody who is more than they are.

use std::net::IpAddr;

use serde_json::json;
use sqlx::AnyConnection;

use super::accounts;
use super::caller::Caller;
use crate::domain::account::Role;
use crate::domain::audit::{Action, Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::server::auth::form::Faults;
use crate::server::auth::password;
use crate::server::auth::session::Fresh;
use crate::server::error::{Error, Result};
use crate::server::ids::secret_hash;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::accounts::{NewUser, User};
use crate::server::store::audit::NewAudit;
use crate::server::store::links::{Link, Purpose};

/// How long a reset link lives.
pub const RESET_S: i64 = 1_800;
/// How long an invitation lives.
pub const INVITATION_S: i64 = 7 * SECONDS_PER_DAY;

/// A link that was just made. Its secret is shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    pub token: String,
    /// Absolute, built from the installation's public address.
    pub url: String,
    pub email: String,
    pub expires_at: Timestamp,
}

/// A usable link as the person who opens it sees it.
#[derive(Debug, Clone)]
pub struct LinkFacts {
    pub purpose: Purpose,
    pub email: String,
    pub organization: Option<String>,
    pub role: Option<Role>,
    /// The email has an account already.
    pub known: bool,
    pub expires_at: Timestamp,
}

/// What somebody writes who uses a link. `name` matters for a new person only.
#[derive(Debug, Clone)]
pub struct UseForm {
    pub token: String,
    pub password: String,
    pub name: String,
}

pub(super) fn prepare(state: &AppState, purpose: Purpose, email: &str, caller: Option<&Caller>, role: Option<Role>) -> (NewLink, Link) {
    let now = state.now();
    let lifetime_s = if purpose == Purpose::Reset { RESET_S } else { INVITATION_S };
    let token = state.ids.secret();
    let row = Link {
        token_hash: secret_hash(&token),
        purpose,
        email: email.to_owned(),
        organization_id: caller.filter(|_| purpose == Purpose::Invitation).map(|caller| caller.organization_id.clone()),
        role,
        created_by: caller.filter(|caller| caller.actor.kind == ActorKind::User).map(|caller| caller.actor.id.clone()),
        created_at: now,
        expires_at: now.plus_seconds(lifetime_s),
    };
    let url = format!("{}/link/{token}", state.settings.public_url.trim_end_matches('/'));
    (NewLink { token, url, email: email.to_owned(), expires_at: row.expires_at }, row)
}

pub(super) fn prepare_reset(state: &AppState, email: &str, caller: Option<&Caller>) -> (NewLink, Link) {
    prepare(state, Purpose::Reset, email, caller, None)
}

pub(super) async fn write_reset(connection: &mut AnyConnection, row: &Link, now: Timestamp) -> Result<()> {
    store::links::withdraw(connection, Purpose::Reset, &row.email, None, now).await?;
    Ok(store::links::insert(connection, row).await?)
}

/// A link to choose a new password, for `dialyard admin reset-password EMAIL`.
///
/// # Errors
/// `not_found` when nobody has that email.
pub async fn reset_by_command(state: &AppState, email: &str) -> Result<NewLink> {
    let (link, row) = prepare_reset(state, &email.trim().to_lowercase(), None);
    let (now, audit_id) = (state.now(), state.new_id());
    state
        .db
        .write(async move |connection| {
            let user = store::accounts::find_user_by_email(connection, &row.email).await?.ok_or(Code::NotFound)?;
            write_reset(connection, &row, now).await?;
            let actor = Actor::system("command line");
            let audit = about(&user, &audit_id, None, &actor, Action::UserResetLinked, Channel::Command, now);
            Ok::<_, Error>(store::audit::append(connection, &audit).await?)
        })
        .await?;
    Ok(link)
}

/// A link to choose a new password, made by an administrator for a member and handed over.
///
/// # Errors
/// `not_found` for somebody outside the organization; `role_too_low` for somebody above the caller, for the operator, and for
/// people of several organizations, whom only the operator may reset.
pub async fn reset_by_admin(state: &AppState, caller: &Caller, user_id: &str) -> Result<NewLink> {
    let member = {
        let mut connection = state.db.read().await?;
        let member = store::accounts::find_member(&mut connection, &caller.organization_id, user_id).await?.ok_or(Code::NotFound)?;
        let memberships = store::accounts::memberships_of(&mut connection, user_id).await?;
        if caller.sub_account_id.is_some() || member.role > caller.role || member.platform_admin || memberships.len() > 1 {
            return Err(Code::RoleTooLow.into());
        }
        member
    };
    let (link, row) = prepare_reset(state, &member.email, Some(caller));
    let (now, audit_id, caller) = (state.now(), state.new_id(), caller.clone());
    state
        .db
        .write(async move |connection| {
            let user = store::accounts::find_user(connection, &member.user_id).await?.ok_or(Code::NotFound)?;
            write_reset(connection, &row, now).await?;
            let audit = about(&user, &audit_id, Some(&caller.organization_id), &caller.actor, Action::UserResetLinked, caller.channel, now);
            Ok::<_, Error>(store::audit::append(connection, &audit).await?)
        })
        .await?;
    Ok(link)
}

/// What a link is for.
///
/// # Errors
/// `link_invalid` when it was used, has ended, was withdrawn or never existed.
pub async fn view(state: &AppState, token: &str) -> Result<LinkFacts> {
    let mut connection = state.db.read().await?;
    let link = usable(&mut connection, token, state.now()).await?;
    let organization = match &link.organization_id {
        Some(id) => store::accounts::find_organization(&mut connection, id).await?.map(|organization| organization.name),
        None => None,
    };
    let known = store::accounts::find_user_by_email(&mut connection, &link.email).await?.is_some();
    Ok(LinkFacts { purpose: link.purpose, email: link.email, organization, role: link.role, known, expires_at: link.expires_at })
}

/// The link, if it can be used. An invitation is worth nothing once its maker could not make it any more.
async fn usable(connection: &mut AnyConnection, token: &str, now: Timestamp) -> Result<Link> {
    let link = store::links::find_usable(connection, &secret_hash(token), now).await?.ok_or(Code::LinkInvalid)?;
    let Some(organization_id) = &link.organization_id else {
        return Ok(link);
    };
    let open =
        store::accounts::find_organization(connection, organization_id).await?.is_some_and(|organization| organization.closed_at.is_none());
    let backed = match &link.created_by {
        None => true,
        Some(maker) => store::accounts::find_member(connection, organization_id, maker)
            .await?
            .is_some_and(|maker| maker.role >= Role::Admin && link.role.is_some_and(|role| role <= maker.role)),
    };
    if open && backed { Ok(link) } else { Err(Code::LinkInvalid.into()) }
}

/// Uses a link up and signs in; answers the cookie's secret.
///
/// A reset sets the password and ends all sessions of the person. An invitation makes somebody a member: a new person chooses a password,
/// a known one proves theirs, since whoever made the link has seen it too.
///
/// # Errors
/// `link_invalid`, `validation`, and for a known person `wrong_credentials` and `rate_limited`.
pub async fn use_link(state: &AppState, form: UseForm, address: IpAddr) -> Result<String> {
    let (link, user) = {
        let mut connection = state.db.read().await?;
        let link = usable(&mut connection, &form.token, state.now()).await?;
        let user = store::accounts::find_user_by_email(&mut connection, &link.email).await?;
        (link, user)
    };
    match (link.purpose, user) {
        (Purpose::Reset, None) => Err(Code::LinkInvalid.into()),
        (Purpose::Reset, Some(user)) => reset(state, link, user, &form).await,
        (Purpose::Invitation, Some(user)) => {
            if form.password.is_empty() {
                return Err(Refusal::field("password", "Write your password.").into());
            }
            accounts::verify(state, &user.email, &form.password, address).await?;
            let joining =
                NewUser { id: user.id, email: user.email, name: user.name, password_hash: None, platform_admin: user.platform_admin };
            join(state, link, joining, true).await
        }
        (Purpose::Invitation, None) => {
            let mut faults = Faults::default();
            let name = faults.name("name", &form.name);
            faults.new_password(&form.password, &link.email);
            faults.into_result()?;
            let password_hash = Some(password::hash(&form.password, &state.ids).await?);
            let joining = NewUser { id: state.new_id(), email: link.email.clone(), name, password_hash, platform_admin: false };
            join(state, link, joining, false).await
        }
    }
}

async fn reset(state: &AppState, link: Link, user: User, form: &UseForm) -> Result<String> {
    let mut faults = Faults::default();
    faults.new_password(&form.password, &link.email);
    faults.into_result()?;
    let password_hash = password::hash(&form.password, &state.ids).await?;
    let fresh = Fresh::new(state);
    let secret = fresh.secret.clone();
    let (now, audit_id) = (state.now(), state.new_id());
    state
        .db
        .write(async move |connection| {
            if !store::links::mark_used(connection, &link.token_hash, now).await? {
                return Err(Error::from(Code::LinkInvalid));
            }
            store::accounts::set_password_hash(connection, &user.id, &password_hash).await?;
            store::sessions::delete_of_user(connection, &user.id).await?;
            let memberships = store::accounts::memberships_of(connection, &user.id).await?;
            let organization_id = memberships.first().map(|membership| membership.organization_id.as_str());
            fresh.write(connection, &user.id, organization_id).await?;
            let actor = Actor::new(ActorKind::User, &user.id, &user.name);
            let audit = about(&user, &audit_id, organization_id, &actor, Action::UserReset, Channel::Browser, now);
            Ok(store::audit::append(connection, &audit).await?)
        })
        .await?;
    Ok(secret)
}

async fn join(state: &AppState, link: Link, user: NewUser, known: bool) -> Result<String> {
    let (Some(organization_id), Some(role)) = (link.organization_id.clone(), link.role) else {
        return Err(Code::LinkInvalid.into());
    };
    let fresh = Fresh::new(state);
    let secret = fresh.secret.clone();
    let (now, audit_id) = (state.now(), state.new_id());
    state
        .db
        .write(async move |connection| {
            if !store::links::mark_used(connection, &link.token_hash, now).await? {
                return Err(Error::from(Code::LinkInvalid));
            }
            if !known {
                // Two invitations of one person at the same time: the second finds the account that the first has made.
                if store::accounts::find_user_by_email(connection, &user.email).await?.is_some() {
                    return Err(Error::from(Code::Conflict));
                }
                store::accounts::insert_user(connection, &user, now).await?;
            }
            let joined = store::accounts::insert_membership(connection, &user.id, &organization_id, role, None, now).await?;
            fresh.write(connection, &user.id, Some(&organization_id)).await?;
            if joined {
                let audit = NewAudit {
                    id: &audit_id,
                    organization_id: Some(&organization_id),
                    actor: &Actor::new(ActorKind::User, &user.id, &user.name),
                    action: Action::MemberJoined,
                    object_kind: "user",
                    object_id: &user.id,
                    object_label: &user.email,
                    before: None,
                    after: Some(json!({ "role": role.name() })),
                    reason: None,
                    channel: Channel::Browser,
                    at: now,
                };
                store::audit::append(connection, &audit).await?;
            }
            Ok(())
        })
        .await?;
    Ok(secret)
}

fn about<'a>(
    user: &'a User,
    id: &'a str,
    organization_id: Option<&'a str>,
    actor: &'a Actor,
    action: Action,
    channel: Channel,
    at: Timestamp,
) -> NewAudit<'a> {
    NewAudit {
        id,
        organization_id,
        actor,
        action,
        object_kind: "user",
        object_id: &user.id,
        object_label: &user.email,
        before: None,
        after: None,
        reason: None,
        channel,
        at,
    }
}
