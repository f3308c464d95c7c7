//! Who belongs to an organization: the list, invitations, roles and leaving (R20).

use serde_json::json;

use super::caller::Caller;
use super::links::{self, NewLink};
use crate::domain::account::Role;
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::server::auth::form::Faults;
use crate::server::auth::session::{Fresh, Session};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::accounts::Member;
use crate::server::store::audit::NewAudit;
use crate::server::store::links::{Link, Purpose};

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

/// Changes a member's role, or takes them out for `None`. Their sessions end; the caller's own gets a new id.
///
/// # Errors
/// `not_found`, `role_too_low` above the caller's own role, `validation` for the last owner, `conflict` when somebody was quicker.
pub async fn set_role(state: &AppState, caller: &Caller, session: &Session, user_id: &str, to: Option<Role>) -> Result<OwnSession> {
    refuse_sub_account(caller)?;
    let fresh = Fresh::instead_of(state, session);
    let (now, audit_id, caller, session, user_id) = (state.now(), state.new_id(), caller.clone(), session.clone(), user_id.to_owned());
    state
        .db
        .write(async move |connection| {
            let organization_id = &caller.organization_id;
            let member = store::accounts::find_member(connection, organization_id, &user_id).await?.ok_or(Code::NotFound)?;
            if !may_give(caller.role, member.role) || to.is_some_and(|role| !may_give(caller.role, role)) {
                return Err(Error::from(Code::RoleTooLow));
            }
            if to == Some(member.role) {
                return Ok(OwnSession::Stays);
            }
            if member.role == Role::Owner && store::accounts::count_owners(connection, organization_id).await? <= 1 {
                return Err(Error::from(Refusal::field(
                    "role",
                    "An organization keeps at least one owner. Make somebody else an owner first.",
                )));
            }
            let changed = match to {
                Some(role) => store::accounts::set_role(connection, organization_id, &user_id, member.role, role).await?,
                None => store::accounts::delete_membership(connection, organization_id, &user_id).await?,
            };
            if !changed {
                return Err(Error::from(Code::Conflict));
            }
            store::sessions::delete_of_member(connection, &user_id, organization_id).await?;
            let own = if user_id != session.user_id {
                OwnSession::Stays
            } else if to.is_some() {
                fresh.write(connection, &user_id, Some(organization_id)).await?;
                OwnSession::Renewed(fresh.secret.clone())
            } else {
                OwnSession::Ended
            };
            let audit = NewAudit {
                id: &audit_id,
                organization_id: Some(organization_id),
                actor: &caller.actor,
                action: if to.is_some() { Action::MemberRoleChanged } else { Action::MemberRemoved },
                object_kind: "user",
                object_id: &user_id,
                object_label: &member.email,
                before: Some(json!({ "role": member.role.name() })),
                after: to.map(|role| json!({ "role": role.name() })),
                reason: None,
                channel: caller.channel,
                at: now,
            };
            store::audit::append(connection, &audit).await?;
            Ok(own)
        })
        .await
}

/// Whether somebody of role `own` may give, change or take the role `other`: from admin on, and never above their own.
fn may_give(own: Role, other: Role) -> bool {
    own >= Role::Admin && other <= own
}

/// The team belongs to the organization; people of a sub-account neither see nor change it.
fn refuse_sub_account(caller: &Caller) -> Result<()> {
    if caller.sub_account_id.is_some() { Err(Code::RoleTooLow.into()) } else { Ok(()) }
}
