//! Who belongs to an organization: the list, invitations, roles and leaving (R20).

use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cursor::{self, Found};
use super::links;
pub use super::links::NewLink;
use super::recorder::{Change, Object, Recorder};
use crate::domain::account::Role;
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::server::auth::form::Faults;
use crate::server::auth::session::{Fresh, Session};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::accounts::Member;
use crate::server::store::audit::NewAudit;
pub use crate::server::store::links::Link;
use crate::server::store::links::Purpose;

/// The people of an organization and who is invited.
#[derive(Debug, Clone)]
pub struct Team {
    pub members: Vec<Member>,
    pub invitations: Vec<Link>,
    /// Roles that the caller may invite to, lowest first.
    pub may_invite: Vec<Role>,
}

/// What a role change did to the session of the person who asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnSession {
    /// Somebody else was changed, or nothing was.
    Stays,
    /// The caller's own role changed: the cookie gets this new secret (R41).
    Renewed(String),
    /// The caller has left the organization and is signed out.
    Ended,
}

/// The people of the caller's organization.
///
/// # Errors
/// `role_too_low` for people of a sub-account.
pub async fn team(state: &AppState, caller: &Caller) -> Result<Team> {
    refuse_sub_account(caller)?;
    let mut connection = state.db.read().await?;
    let members = store::accounts::members(&mut connection, &caller.organization_id).await?;
    let invitations = store::links::open_invitations(&mut connection, &caller.organization_id, state.now()).await?;
    let may_invite =
        [Role::Viewer, Role::Member, Role::Admin, Role::Owner].into_iter().filter(|role| may_give(caller.role, *role)).collect();
    Ok(Team { members, invitations, may_invite })
}

/// Invites somebody. An older invitation of the same person into the same organization is worth nothing from now on.
///
/// # Errors
/// `validation` when the email is none or belongs to a member, `role_too_low` above the caller's own role.
pub async fn invite(state: &AppState, caller: &Caller, email: &str, role: Role) -> Result<NewLink> {
    refuse_sub_account(caller)?;
    if !may_give(caller.role, role) {
        return Err(Code::RoleTooLow.into());
    }
    let mut faults = Faults::default();
    let email = faults.email(email);
    faults.into_result()?;
    let (link, row) = links::prepare(state, Purpose::Invitation, &email, Some(caller), Some(role));
    let (now, audit_id, caller) = (state.now(), state.new_id(), caller.clone());
    state
        .db
        .write(async move |connection| {
            if let Some(user) = store::accounts::find_user_by_email(connection, &email).await?
                && store::accounts::find_member(connection, &caller.organization_id, &user.id).await?.is_some()
            {
                return Err(Error::from(Refusal::field("email", "This person is a member already.")));
            }
            store::links::withdraw(connection, Purpose::Invitation, &email, Some(&caller.organization_id), now).await?;
            store::links::insert(connection, &row).await?;
            let audit = NewAudit {
                id: &audit_id,
                organization_id: Some(&caller.organization_id),
                actor: &caller.actor,
                action: Action::MemberInvited,
                object_kind: "user",
                object_id: &email,
                object_label: &email,
                before: None,
                after: Some(json!({ "role": role.name() })),
                reason: None,
                channel: caller.channel,
                at: now,
            };
            Ok(store::audit::append(connection, &audit).await?)
        })
        .await?;
    Ok(link)
}

/// A page of the people of the caller's organization, by name.
///
/// # Errors
/// `role_too_low` for callers of a sub-account, `validation` for a cursor that this list did not give.
pub async fn page(state: &AppState, caller: &Caller, limit: usize, cursor: Option<&str>) -> Result<Found<Member>> {
    refuse_sub_account(caller)?;
    let after = cursor::decode::<2>(cursor)?;
    let mut connection = state.db.read().await?;
    let rows = store::accounts::members_page(&mut connection, &caller.organization_id, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::accounts::count_members(&mut connection, &caller.organization_id).await?;
    Ok(Found::new(rows, total, limit, |member| cursor::encode(&[&member.name, &member.user_id])))
}

/// A page of the invitations that nobody has used yet, newest first.
///
/// # Errors
/// As [`page`].
pub async fn invitations(state: &AppState, caller: &Caller, limit: usize, cursor: Option<&str>) -> Result<Found<Link>> {
    refuse_sub_account(caller)?;
    let (after, now) = (cursor::decode_at(cursor)?, state.now());
    let mut connection = state.db.read().await?;
    let rows = store::links::invitations_page(&mut connection, &caller.organization_id, now, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::links::count_invitations(&mut connection, &caller.organization_id, now).await?;
    Ok(Found::new(rows, total, limit, |link| cursor::encode(&[&link.created_at.micros().to_string(), &link.email])))
}

/// Changes a member's role, or takes them out for `None`. Their sessions end; the caller's own gets a new id.
///
/// # Errors
/// `not_found`, `role_too_low` above the caller's own role, `validation` for the last owner, `conflict` when somebody was quicker.
pub async fn set_role(state: &AppState, caller: &Caller, session: &Session, user_id: &str, to: Option<Role>) -> Result<OwnSession> {
    refuse_sub_account(caller)?;
    let fresh = Fresh::instead_of(state, session);
    let recorder = Recorder::new(state, caller);
    let (caller, own_user_id, user_id) = (caller.clone(), session.user_id.clone(), user_id.to_owned());
    state
        .db
        .write(async move |connection| {
            let (_, changed) = set_role_in(connection, &recorder, &caller, &user_id, to).await?;
            if !changed || user_id != own_user_id {
                return Ok(OwnSession::Stays);
            }
            if to.is_none() {
                return Ok(OwnSession::Ended);
            }
            fresh.write(connection, &user_id, Some(&caller.organization_id)).await?;
            Ok::<_, Error>(OwnSession::Renewed(fresh.secret.clone()))
        })
        .await
}

/// The same with a key, which has no session of its own. Answers the member as they are now, or were.
///
/// # Errors
/// As [`set_role`].
pub async fn set_role_by_key(state: &AppState, caller: &Caller, user_id: &str, to: Option<Role>) -> Result<Member> {
    refuse_sub_account(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, user_id) = (caller.clone(), user_id.to_owned());
    state.db.write(async move |connection| Ok(set_role_in(connection, &recorder, &caller, &user_id, to).await?.0)).await
}

/// The member as they are now (or were, when they are out), and whether anything changed.
async fn set_role_in(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    caller: &Caller,
    user_id: &str,
    to: Option<Role>,
) -> Result<(Member, bool)> {
    let organization_id = &caller.organization_id;
    let member = store::accounts::find_member(connection, organization_id, user_id).await?.ok_or(Code::NotFound)?;
    if !may_give(caller.role, member.role) || to.is_some_and(|role| !may_give(caller.role, role)) {
        return Err(Error::from(Code::RoleTooLow));
    }
    if to == Some(member.role) {
        return Ok((member, false));
    }
    if member.role == Role::Owner && store::accounts::count_owners(connection, organization_id).await? <= 1 {
        return Err(Error::from(Refusal::field("role", "An organization keeps at least one owner. Make somebody else an owner first.")));
    }
    let changed = match to {
        Some(role) => store::accounts::set_role(connection, organization_id, user_id, member.role, role).await?,
        None => store::accounts::delete_membership(connection, organization_id, user_id).await?,
    };
    if !changed {
        return Err(Error::from(Code::Conflict));
    }
    store::sessions::delete_of_member(connection, user_id, organization_id).await?;
    let object = Object { organization_id, kind: "user", id: user_id, label: &member.email };
    let action = if to.is_some() { Action::MemberRoleChanged } else { Action::MemberRemoved };
    let change =
        Change { before: Some(json!({ "role": member.role.name() })), after: to.map(|role| json!({ "role": role.name() })), reason: None };
    recorder.audit(connection, object, action, change).await?;
    Ok((Member { role: to.unwrap_or(member.role), ..member }, true))
}

/// Whether somebody of role `own` may give, change or take the role `other`: from admin on, and never above their own.
fn may_give(own: Role, other: Role) -> bool {
    own >= Role::Admin && other <= own
}

/// The team belongs to the organization; people of a sub-account neither see nor change it.
fn refuse_sub_account(caller: &Caller) -> Result<()> {
    if caller.sub_account_id.is_some() { Err(Code::RoleTooLow.into()) } else { Ok(()) }
}
