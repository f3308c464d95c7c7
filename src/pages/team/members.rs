//! The table of members: their role, a reset link, and taking one out.

use leptos::prelude::*;

use super::{TeamActions, about_the_member, role_text};
use crate::domain::account::Role;
use crate::rpc::accounts::{MemberView, SetMemberRole};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::form::use_parameter;
use crate::ui::form_dialog::{Consequence, FormDialog};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::table::{Column, FoldingTable};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::When;

/// The heads of the table.
const COLUMNS: &[Column] = &[Column::Text("Person"), Column::Text("Role"), Column::Text("Since"), Column::Actions];

/// Everybody who belongs to the organization.
#[component]
pub(super) fn Members(
    members: Vec<MemberView>,
    /// Roles that the caller may give, and whose holders they may change.
    may_set: Vec<Role>,
    actions: TeamActions,
) -> impl IntoView {
    let own_email = use_frame().person().map(|person| person.email);
    let rows = members
        .into_iter()
        .map(|member| {
            let own = own_email.as_deref() == Some(member.email.as_str());
            let may_set = may_set.clone();
            view! { <MemberRow member own may_set actions/> }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="members-title">
            <div class="panel-head"><h2 id="members-title">"Members"</h2></div>
            <FoldingTable caption="Members with their roles" class="team-table" columns=COLUMNS>{rows}</FoldingTable>
        </section>
    }
}

#[component]
fn MemberRow(member: MemberView, own: bool, may_set: Vec<Role>, actions: TeamActions) -> impl IntoView {
    let changeable = !own && may_set.contains(&member.role);
    let role = if changeable {
        view! { <RoleForm member=member.clone() may_set action=actions.role/> }
    } else {
        view! { <span>{role_text(member.role)}</span> }
    };
    view! {
        <tr>
            <th scope="row" class="team-person">
                <span class="team-name">
                    <strong>{member.name.clone()}</strong>
                    {own.then(|| view! { <Badge family="plain" icon="user" text="You"/> })}
                </span>
                <span class="team-email">{member.email.clone()}</span>
            </th>
            <td data-label="Role">{role}</td>
            <td data-label="Since"><When moment=member.since.clone() style="day"/></td>
            <td class="team-actions">{changeable.then(|| view! { <MemberActions member actions/> })}</td>
        </tr>
    }
}

#[component]
fn RoleForm(member: MemberView, may_set: Vec<Role>, action: ServerAction<SetMemberRole>) -> impl IntoView {
    let current = member.role;
    let options = may_set
        .into_iter()
        .map(|role| view! { <option value=role.name() selected=role == current>{role_text(role)}</option> })
        .collect_view();
    let (choose_label, save_label) = (format!("Role of {}", member.name), format!("Save the role of {}", member.name));
    view! {
        <ActionForm action>
            <div class="row-1 role-form">
                <input type="hidden" name="user_id" value=member.user_id/>
                <span class="select select-sm">
                    <select class="field-input" name="role" aria-label=choose_label>{options}</select>
                    <Icon name="chevron-down"/>
                </span>
                <button type="submit" class="btn btn-sm" aria-label=save_label disabled=move || action.pending().get()>"Save"</button>
            </div>
        </ActionForm>
    }
}

#[component]
fn MemberActions(member: MemberView, actions: TeamActions) -> impl IntoView {
    let here = use_here();
    let reset = actions.reset;
    let user_id = StoredValue::new(member.user_id.clone());
    let (reset_label, remove_label) = (format!("Reset link for {}", member.name), format!("Take out {}", member.name));
    view! {
        <div class="row-1 row-actions">
            <ActionForm action=reset>
                <input type="hidden" name="user_id" value=member.user_id/>
                <button type="submit" class="btn btn-sm" aria-label=reset_label disabled=move || reset.pending().get()>"Reset link"</button>
            </ActionForm>
            <a
                class="btn btn-sm btn-danger-line"
                href=move || with_param(&here.get(), "remove", Some(&user_id.get_value()))
                data-noscroll=""
                aria-label=remove_label
            >
                "Take out\u{2026}"
            </a>
        </div>
    }
}

/// Asks before somebody loses access, while the URL says `?remove=`.
#[component]
pub(super) fn RemoveDialog(members: Vec<MemberView>, action: ServerAction<SetMemberRole>) -> impl IntoView {
    let removed = use_parameter("remove");
    let here = use_here();
    let members = StoredValue::new(members);
    let error = about_the_member(action);
    reactive(move || {
        let id = removed.get()?;
        let member = members.with_value(|members| members.iter().find(|member| member.user_id == id).cloned())?;
        let close = with_param(&here.get_untracked(), "remove", None);
        let button = format!("Take {} out", member.name);
        Some(view! {
            <FormDialog title=format!("Take {} out?", member.name) close action keep="Keep them" verb=button danger=true error>
                <input type="hidden" name="user_id" value=member.user_id/>
                <input type="hidden" name="role" value="none"/>
                <ul class="consequences">
                    <Consequence icon="log-out" title=format!("{} loses access at once", member.email) text="Open sessions end for this organization."/>
                    <Consequence icon="scroll-text" title="What they did stays" text="Numbers, holds and audit rows are the organization\u{2019}s. Invite them again to bring them back."/>
                </ul>
            </FormDialog>
        })
    })
}
