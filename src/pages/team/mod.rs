//! `/team`: who belongs to the organization, who is invited, and what each role may do.
//!
//! Inviting and one-time links are in `invite`; what a role may do is decided by the server.

mod invite;
mod members;

use leptos::prelude::*;

use crate::domain::account::Role;
use crate::domain::refusal::Refusal;
use crate::rpc::accounts::{InvitationView, Invite, ResetLink, SetMemberRole, TeamView, team};
use crate::rpc::error::AppError;
use crate::ui::form::{LoadRefused, dialog_action, successes};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;
use crate::ui::when::When;

use invite::{InvitePanel, OneTimeLink};
use members::{Members, RemoveDialog};

/// What the page writes. Taking a member out has a dialog, so it is an action of its own.
#[derive(Clone, Copy)]
pub(super) struct TeamActions {
    pub invite: ServerAction<Invite>,
    pub role: ServerAction<SetMemberRole>,
    pub remove: ServerAction<SetMemberRole>,
    pub reset: ServerAction<ResetLink>,
}

/// The people of the organization.
#[component]
pub fn TeamPage() -> impl IntoView {
    view! { <SignedIn><TeamContent/></SignedIn> }
}

#[component]
fn TeamContent() -> impl IntoView {
    let actions =
        TeamActions { invite: ServerAction::new(), role: ServerAction::new(), remove: ServerAction::new(), reset: ServerAction::new() };
    let invited = successes(actions.invite);
    let changed = successes(actions.role);
    let removed = dialog_action(actions.remove, "remove");
    let resource = load(move || (invited.get(), changed.get(), removed.get()), |_| team());
    view! {
        <div class="page team">
            <PageHead title="Team" subtitle="Who works in this organization, and as what."/>
            <Transition fallback=|| view! { <SkeletonRows rows=5/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <TeamBody view actions/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn TeamBody(view: TeamView, actions: TeamActions) -> impl IntoView {
    let members = view.members.clone();
    let invitations = (!view.invitations.is_empty()).then(|| view! { <Invitations invitations=view.invitations/> });
    let reset = actions.reset;
    view! {
        <div class="two-column team-columns">
            <div class="stack-4">
                <RefusalNote error=about_the_member(actions.role)/>
                <RefusalNote error=action_error(reset)/>
                <div aria-live="polite">
                    {move || reset.value().get().and_then(Result::ok).map(|link| view! { <OneTimeLink link title="Reset link"/> })}
                </div>
                <Members members=view.members may_set=view.may_invite.clone() actions/>
                {invitations}
            </div>
            <div class="stack-4">
                <InvitePanel action=actions.invite roles=view.may_invite/>
                <RolesPanel/>
            </div>
        </div>
        <RemoveDialog members action=actions.remove/>
    }
}

/// Invitations that nobody has used yet.
#[component]
fn Invitations(invitations: Vec<InvitationView>) -> impl IntoView {
    let rows = invitations
        .into_iter()
        .map(|invitation| {
            view! {
                <tr>
                    <th scope="row" class="team-person"><strong>{invitation.email}</strong></th>
                    <td data-label="Role">{role_text(invitation.role)}</td>
                    <td data-label="Ends"><When moment=invitation.expires_at/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="invitations-title">
            <div class="panel-head"><h2 id="invitations-title">"Invited, not here yet"</h2></div>
            <div class="table-wrap">
                <table class="table table-folds team-table">
                    <caption class="sr-only">"Invitations that were not used yet"</caption>
                    <thead><tr><th scope="col">"Email"</th><th scope="col">"Role"</th><th scope="col">"Link ends"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

/// What each role may do, in a sentence.
#[component]
fn RolesPanel() -> impl IntoView {
    let rows = [Role::Owner, Role::Admin, Role::Member, Role::Viewer]
        .map(|role| view! { <div><dt>{role_text(role)}</dt><dd>{role_may(role)}</dd></div> });
    view! {
        <section class="panel" aria-labelledby="roles-title">
            <div class="panel-head"><h2 id="roles-title">"What a role may do"</h2></div>
            <dl class="panel-body team-roles">{rows.into_iter().collect_view()}</dl>
        </section>
    }
}

/// What a change of a role was refused with. The choice of a role stands in a row of the table, where no message has room.
pub(super) fn about_the_member(action: ServerAction<SetMemberRole>) -> Signal<Option<AppError>> {
    let error = action_error(action);
    Signal::derive(move || {
        let error = error.get()?;
        let message = error.field("role");
        Some(message.map_or(error, |message| Refusal::field("form", message).into()))
    })
}

/// A role as people read it.
pub(super) fn role_text(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Member => "Member",
        Role::Admin => "Administrator",
        Role::Owner => "Owner",
    }
}

/// What a role adds (rules.md R20), in a sentence.
fn role_may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Looks at numbers, agents and the wallet.",
        Role::Member => "Also holds, buys, assigns, hands over, takes back and releases numbers.",
        Role::Admin => "Also tops up, locks numbers, manages sub-accounts and people, deletes agents and reads the audit log.",
        Role::Owner => "Also makes owners and may close the organization.",
    }
}

/// Roles as a select offers them.
fn role_options(roles: &[Role]) -> Vec<(String, String)> {
    roles.iter().map(|role| (String::from(role.name()), String::from(role_text(*role)))).collect()
}
