//! Creating, editing, disabling and deleting a sub-account, each while its parameter stands in the URL.

use leptos::prelude::*;

use super::SubAccountActions;
use crate::rpc::error::AppError;
use crate::rpc::sub_accounts::{CreateSubAccount, DeleteSubAccount, EditSubAccount, SubAccountView, SubAccountsView};
use crate::ui::dialog::Dialog;
use crate::ui::field::Field;
use crate::ui::form::{field_error, use_parameter};
use crate::ui::form_dialog::{Consequence, FormDialog};
use crate::ui::message::{Note, action_error};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The dialog that the URL asks for, if any.
#[component]
pub(super) fn SubAccountDialogs(view: SubAccountsView, actions: SubAccountActions) -> impl IntoView {
    let (new, edit) = (use_parameter("new"), use_parameter("edit"));
    let (disable, delete) = (use_parameter("disable"), use_parameter("delete"));
    let here = use_here();
    let can_edit = view.can_edit;
    let rows = StoredValue::new(view.sub_accounts);
    let close = move |name: &'static str| with_param(&here.get_untracked(), name, None);
    let found = move |id: Option<String>| {
        let id = id.filter(|_| can_edit)?;
        rows.with_value(|rows| rows.iter().find(|row| row.id == id).cloned())
    };
    view! {
        {move || (can_edit && new.get().is_some()).then(|| view! { <CreateDialog action=actions.create close=close("new")/> })}
        {move || found(edit.get()).map(|sub_account| view! { <EditDialog action=actions.edit sub_account close=close("edit")/> })}
        {move || found(disable.get()).filter(|row| !row.disabled).map(|sub_account| {
            view! { <DisableDialog action=actions.disable sub_account close=close("disable")/> }
        })}
        {move || found(delete.get()).map(|sub_account| view! { <DeleteDialog action=actions.delete sub_account close=close("delete")/> })}
    }
}

/// Name and budget, as creating and editing share them.
#[component]
fn SubAccountFields(
    error: Signal<Option<AppError>>,
    #[prop(optional, into)] name: String,
    #[prop(optional, into)] budget: String,
) -> impl IntoView {
    view! {
        <Field label="Name" name="name" id="sub-account-name" value=name error=field_error(error, "name") required=true autocomplete="off" placeholder="Harbor Dental" maxlength=80/>
        <Field
            label="Monthly budget, optional"
            name="budget"
            id="sub-account-budget"
            value=budget
            error=field_error(error, "budget")
            inputmode="decimal"
            autocomplete="off"
            placeholder="90.00"
            hint="The most that its numbers may cost a month. A purchase above it is refused, a renewal never."
        />
    }
}

#[component]
fn CreateDialog(action: ServerAction<CreateSubAccount>, close: String) -> impl IntoView {
    let error = action_error(action);
    view! {
        <FormDialog title="Create a sub-account" close action verb="Create the sub-account">
            <SubAccountFields error/>
            <Note
                family="warn"
                icon="triangle-alert"
                title="Without a budget only the organization\u{2019}s binds."
                text="Then this sub-account may spend as much as the whole organization may."
            />
        </FormDialog>
    }
}

#[component]
fn EditDialog(action: ServerAction<EditSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    let error = action_error(action);
    let title = format!("Edit {}", sub_account.name);
    let disabled = if sub_account.disabled { "1" } else { "0" };
    view! {
        <FormDialog title close action verb="Save">
            <input type="hidden" name="id" value=sub_account.id/>
            <input type="hidden" name="disabled" value=disabled/>
            <SubAccountFields error name=sub_account.name budget=sub_account.budget_text/>
            <p class="muted">"An empty budget means that only the organization\u{2019}s binds."</p>
        </FormDialog>
    }
}

#[component]
fn DisableDialog(action: ServerAction<EditSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    let name = sub_account.name.clone();
    view! {
        <FormDialog title=format!("Disable {name}?") close action keep="Leave it enabled" verb=format!("Disable {name}") danger=true>
            <input type="hidden" name="id" value=sub_account.id/>
            <input type="hidden" name="name" value=sub_account.name/>
            <input type="hidden" name="budget" value=sub_account.budget_text/>
            <input type="hidden" name="disabled" value="1"/>
            <ul class="consequences">
                <Consequence icon="key-round" title="Its keys stop working" text="Requests with them are refused until it is enabled again."/>
                <Consequence icon="ban" title="It takes no more numbers" text="Handing one over is refused."/>
                <Consequence icon="phone-call" title="Its numbers stay and are answered" text="Rental goes on as before."/>
            </ul>
        </FormDialog>
    }
}

#[component]
fn DeleteDialog(action: ServerAction<DeleteSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    if sub_account.numbers > 0 {
        let title = format!("Delete {}?", sub_account.name);
        return view! { <Dialog title close_href=close><StillInUse sub_account/></Dialog> };
    }
    let agents = match sub_account.agents {
        0 => String::from("It has no agents"),
        1 => String::from("Its 1 agent is deleted"),
        count => format!("Its {count} agents are deleted"),
    };
    let verb = format!("Delete {}", sub_account.name);
    view! {
        <FormDialog title=format!("{verb}?") close action keep="Keep it" verb danger=true>
            <input type="hidden" name="id" value=sub_account.id/>
            <ul class="consequences">
                <Consequence icon="key-round" title="Its keys are revoked" text=format!("Software that signs in as {} stops at once.", sub_account.auth_id)/>
                <Consequence icon="headset" title=agents text="They answer no number."/>
                <Consequence icon="timer-off" title="Its holds are given back" text="This cannot be undone."/>
            </ul>
        </FormDialog>
    }
}

/// A sub-account with numbers cannot go; says what has to happen first.
#[component]
fn StillInUse(sub_account: SubAccountView) -> impl IntoView {
    let numbers = if sub_account.numbers == 1 {
        String::from("It still has 1 number.")
    } else {
        format!("It still has {} numbers.", sub_account.numbers)
    };
    let text = match sub_account.cooling_off {
        0 => String::from("Take them back on the board first. Nothing was changed."),
        1 => String::from("Take them back on the board first. One of them can come back only when its cool-off ends."),
        count => format!("Take them back on the board first. {count} of them can come back only when their cool-off ends."),
    };
    view! {
        <div class="stack-4">
            <Note family="warn" icon="building-2" title=numbers text/>
            <div class="dialog-actions"><a class="btn btn-primary btn-lg" href="/board">"Open the board"</a></div>
        </div>
    }
}
