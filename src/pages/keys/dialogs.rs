//! The dialogs of the page: `?new=`, `?rotate=` and `?delete=`.

use leptos::prelude::*;

use super::KeyActions;
use crate::rpc::keys::{CreateKey, KeyView, KeysView, RevokeKey, RotateKey, ScopeChoice};
use crate::rpc::shapes::Named;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_parameter};
use crate::ui::form_dialog::{Consequence, FormDialog, KeepOldSecret};
use crate::ui::icon::Icon;
use crate::ui::message::action_error;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The dialog that the URL asks for, if there is one.
#[component]
pub(super) fn KeyDialogs(view: KeysView, actions: KeyActions) -> impl IntoView {
    let here = use_here();
    let view = StoredValue::new(view);
    let (new, rotated, revoked) = (use_parameter("new"), use_parameter("rotate"), use_parameter("delete"));
    let close = move |parameter| with_param(&here.get_untracked(), parameter, None);
    let named = move |id: Option<String>| {
        let id = id?;
        view.with_value(|view| view.keys.iter().find(|key| key.id == id).cloned())
    };
    view! {
        {move || new.get().map(|_| {
            let (scopes, sub_accounts) = view.with_value(|view| (view.scopes.clone(), view.sub_accounts.clone()));
            view! { <CreateDialog action=actions.create scopes sub_accounts close=close("new")/> }
        })}
        {move || named(rotated.get()).map(|key_view| view! { <RotateDialog action=actions.rotate key_view close=close("rotate")/> })}
        {move || named(revoked.get()).map(|key_view| view! { <RevokeDialog action=actions.revoke key_view close=close("delete")/> })}
    }
}

#[component]
fn CreateDialog(action: ServerAction<CreateKey>, scopes: Vec<ScopeChoice>, sub_accounts: Vec<Named>, close: String) -> impl IntoView {
    let error = action_error(action);
    let scopes_error = field_error(error, "scopes");
    let boxes = scopes
        .into_iter()
        .map(|scope| {
            let hint = if scope.fits_sub_account { scope.name.clone() } else { format!("{}, not for a sub-account", scope.name) };
            view! {
                <label class="check">
                    <input type="checkbox" name="scopes[]" value=scope.name/>
                    <span>{scope.text}<span class="check-hint">{hint}</span></span>
                </label>
            }
        })
        .collect_view();
    let choose_place = !sub_accounts.is_empty();
    let places = std::iter::once((String::new(), String::from("The organization")))
        .chain(sub_accounts.into_iter().map(|sub_account| (sub_account.id, sub_account.name)))
        .collect::<Vec<_>>();
    let lifetimes = [("0", "Never"), ("30", "After 30 days"), ("90", "After 90 days"), ("365", "After a year")];
    let lifetimes = lifetimes.map(|(value, text)| (String::from(value), String::from(text))).to_vec();
    view! {
        <FormDialog title="Make a key" close action verb="Make the key">
            <Field label="Name" name="name" id="key-name" error=field_error(error, "name") required=true autocomplete="off" placeholder="Reporting" maxlength=80/>
            {choose_place.then(|| view! {
                <SelectField
                    label="Belongs to"
                    name="sub_account_id"
                    id="key-sub-account"
                    options=places
                    hint="A key of a sub-account sees nothing else."
                    error=field_error(error, "sub_account_id")
                />
            })}
            <fieldset class="key-choices">
                <legend class="field-label">"May"</legend>
                <div class="key-boxes">{boxes}</div>
                {move || scopes_error.get().map(|message| view! {
                    <p class="field-error" role="alert"><Icon name="circle-alert" size=14/>{message}</p>
                })}
            </fieldset>
            <SelectField label="Ends" name="lifetime_days" id="key-lifetime" options=lifetimes error=field_error(error, "expiresAt")/>
            <p class="muted small">"You get its secret. It is shown once."</p>
        </FormDialog>
    }
}

#[component]
fn RotateDialog(action: ServerAction<RotateKey>, key_view: KeyView, close: String) -> impl IntoView {
    view! {
        <FormDialog title=format!("A new secret for {}?", key_view.name) close action verb="Make a new secret">
            <input type="hidden" name="id" value=key_view.id/>
            <KeepOldSecret label="Accept the old secret for a day" hint="Leave it on to change over without a gap. Take it off if the old secret has leaked."/>
        </FormDialog>
    }
}

#[component]
fn RevokeDialog(action: ServerAction<RevokeKey>, key_view: KeyView, close: String) -> impl IntoView {
    view! {
        <FormDialog title=format!("Revoke {}?", key_view.name) close action keep="Keep it" verb="Revoke the key" danger=true>
            <input type="hidden" name="id" value=key_view.id/>
            <ul class="consequences">
                <Consequence icon="unplug" title="Programs that use it are refused within a second" text="What they did stays."/>
                <Consequence icon="key-round" title="It cannot be brought back" text="Make another key instead."/>
            </ul>
        </FormDialog>
    }
}
