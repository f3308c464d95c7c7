//! Creating, editing, disabling and deleting a sub-account, each while its parameter stands in the URL.

use leptos::prelude::*;

use super::SubAccountActions;
use crate::rpc::error::AppError;
use crate::rpc::sub_accounts::{CreateSubAccount, DeleteSubAccount, EditSubAccount, SubAccountView, SubAccountsView};
use crate::ui::dialog::Dialog;
use crate::ui::field::Field;
use crate::ui::form::{field_error, use_parameter};
use crate::ui::icon::Icon;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::urls::{use_here, with_param};

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
        <Dialog title="Create a sub-account" close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <SubAccountFields error/>
                    <Note
                        family="warn"
                        icon="triangle-alert"
                        title="Without a budget only the organization\u{2019}s binds."
                        text="Then this sub-account may spend as much as the whole organization may."
                    />
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Cancel"</a>
                        <button type="submit" class="btn btn-primary btn-lg" disabled=move || action.pending().get()>"Create the sub-account"</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn EditDialog(action: ServerAction<EditSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    let error = action_error(action);
    let title = format!("Edit {}", sub_account.name);
    let disabled = if sub_account.disabled { "1" } else { "0" };
    view! {
        <Dialog title close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <input type="hidden" name="id" value=sub_account.id/>
                    <input type="hidden" name="disabled" value=disabled/>
                    <SubAccountFields error name=sub_account.name budget=sub_account.budget_text/>
                    <p class="muted">"An empty budget means that only the organization\u{2019}s binds."</p>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Cancel"</a>
                        <button type="submit" class="btn btn-primary btn-lg" disabled=move || action.pending().get()>"Save"</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn DisableDialog(action: ServerAction<EditSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    let error = action_error(action);
    let name = sub_account.name.clone();
    view! {
        <Dialog title=format!("Disable {name}?") close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <input type="hidden" name="id" value=sub_account.id/>
                    <input type="hidden" name="name" value=sub_account.name/>
                    <input type="hidden" name="budget" value=sub_account.budget_text/>
                    <input type="hidden" name="disabled" value="1"/>
                    <ul class="consequences">
                        <li><Icon name="key-round" size=18/><div><strong>"Its keys stop working"</strong><small>"Requests with them are refused until it is enabled again."</small></div></li>
                        <li><Icon name="ban" size=18/><div><strong>"It takes no more numbers"</strong><small>"Handing one over is refused."</small></div></li>
                        <li><Icon name="phone-call" size=18/><div><strong>"Its numbers stay and are answered"</strong><small>"Rental goes on as before."</small></div></li>
                    </ul>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Leave it enabled"</a>
                        <button type="submit" class="btn btn-danger btn-lg" disabled=move || action.pending().get()>{format!("Disable {name}")}</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn DeleteDialog(action: ServerAction<DeleteSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    let title = format!("Delete {}?", sub_account.name);
    let body = if sub_account.numbers > 0 {
        view! { <StillInUse sub_account/> }.into_any()
    } else {
        view! { <DeleteForm action sub_account close=close.clone()/> }.into_any()
    };
    view! { <Dialog title close_href=close>{body}</Dialog> }
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

#[component]
fn DeleteForm(action: ServerAction<DeleteSubAccount>, sub_account: SubAccountView, close: String) -> impl IntoView {
    let error = action_error(action);
    let agents = match sub_account.agents {
        0 => String::from("It has no agents"),
        1 => String::from("Its 1 agent is deleted"),
        count => format!("Its {count} agents are deleted"),
    };
    view! {
        <ActionForm action>
            <div class="stack-4">
                <RefusalNote error/>
                <input type="hidden" name="id" value=sub_account.id/>
                <ul class="consequences">
                    <li><Icon name="key-round" size=18/><div><strong>"Its keys are revoked"</strong><small>{format!("Software that signs in as {} stops at once.", sub_account.auth_id)}</small></div></li>
                    <li><Icon name="headset" size=18/><div><strong>{agents}</strong><small>"They answer no number."</small></div></li>
                    <li><Icon name="timer-off" size=18/><div><strong>"Its holds are given back"</strong><small>"This cannot be undone."</small></div></li>
                </ul>
                <div class="dialog-actions">
                    <a class="btn btn-lg" href=close data-noscroll="">"Keep it"</a>
                    <button type="submit" class="btn btn-danger btn-lg" disabled=move || action.pending().get()>{format!("Delete {}", sub_account.name)}</button>
                </div>
            </div>
        </ActionForm>
    }
}
