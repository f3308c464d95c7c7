//! The dialogs of the page: `?new=`, `?edit=`, `?rotate=` and `?delete=`.

use leptos::prelude::*;

use super::WebhookActions;
use crate::rpc::error::AppError;
use crate::rpc::webhooks::{CreateWebhook, DeleteWebhook, EditWebhook, EventChoice, RotateWebhook, WebhookView, WebhooksView};
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_parameter};
use crate::ui::form_dialog::{Consequence, FormDialog, KeepOldSecret};
use crate::ui::icon::Icon;
use crate::ui::message::action_error;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The dialog that the URL asks for, if there is one.
#[component]
pub(super) fn WebhookDialogs(view: WebhooksView, actions: WebhookActions) -> impl IntoView {
    let here = use_here();
    let view = StoredValue::new(view);
    let (new, edited) = (use_parameter("new"), use_parameter("edit"));
    let (rotated, deleted) = (use_parameter("rotate"), use_parameter("delete"));
    let close = move |parameter| with_param(&here.get_untracked(), parameter, None);
    let named = move |id: Option<String>| {
        let id = id?;
        view.with_value(|view| view.webhooks.iter().find(|webhook| webhook.id == id).cloned())
    };
    let choices = move || view.with_value(|view| view.choices.clone());
    let relaxed = view.with_value(|view| view.relaxed);
    view! {
        {move || new.get().map(|_| view! { <CreateDialog action=actions.create choices=choices() relaxed close=close("new")/> })}
        {move || named(edited.get()).map(|webhook| view! { <EditDialog action=actions.edit webhook choices=choices() relaxed close=close("edit")/> })}
        {move || named(rotated.get()).map(|webhook| view! { <RotateDialog action=actions.rotate webhook close=close("rotate")/> })}
        {move || named(deleted.get()).map(|webhook| view! { <DeleteDialog action=actions.delete webhook close=close("delete")/> })}
    }
}

/// Address and events, for a new webhook and for one that is edited.
#[component]
fn WebhookFields(
    error: Signal<Option<AppError>>,
    choices: Vec<EventChoice>,
    /// Plain http will do.
    relaxed: bool,
    #[prop(optional, into)] url: String,
    #[prop(optional)] chosen: Vec<String>,
) -> impl IntoView {
    let hint =
        if relaxed { "https, or in this demo http to a program on this machine." } else { "https only. Private addresses are refused." };
    let boxes = choices
        .into_iter()
        .map(|choice| {
            let checked = chosen.contains(&choice.name);
            view! {
                <label class="check">
                    <input type="checkbox" name="events[]" value=choice.name.clone() checked=checked/>
                    <span>{choice.text}<span class="check-hint">{choice.name}</span></span>
                </label>
            }
        })
        .collect_view();
    let events_error = field_error(error, "events");
    view! {
        <Field
            label="Address"
            name="url"
            id="webhook-url"
            kind="url"
            value=url
            error=field_error(error, "url")
            required=true
            autocomplete="off"
            placeholder="https://example.com/dialyard"
            maxlength=2048
            hint
        />
        <fieldset class="webhook-choices">
            <legend class="field-label">"Told of"</legend>
            <div class="webhook-boxes">{boxes}</div>
            {move || match events_error.get() {
                Some(message) => view! { <p class="field-error" role="alert"><Icon name="circle-alert" size=14/>{message}</p> },
                None => view! { <p class="field-hint">"Tick none to be told of everything, also of what later versions add."</p> },
            }}
        </fieldset>
    }
}

#[component]
fn CreateDialog(action: ServerAction<CreateWebhook>, choices: Vec<EventChoice>, relaxed: bool, close: String) -> impl IntoView {
    let error = action_error(action);
    view! {
        <FormDialog title="Add a webhook" close action verb="Add the webhook">
            <WebhookFields error choices relaxed/>
            <p class="muted small">"You get a secret to check messages with. It is shown once."</p>
        </FormDialog>
    }
}

#[component]
fn EditDialog(
    action: ServerAction<EditWebhook>,
    webhook: WebhookView,
    choices: Vec<EventChoice>,
    relaxed: bool,
    close: String,
) -> impl IntoView {
    let error = action_error(action);
    let options =
        vec![(String::from("0"), String::from("On")), (String::from("1"), String::from("Off: told nothing until it is on again"))];
    view! {
        <FormDialog title="Edit the webhook" close action verb="Save">
            <input type="hidden" name="id" value=webhook.id/>
            <WebhookFields error choices relaxed url=webhook.url chosen=webhook.events/>
            <SelectField label="State" name="disabled" id="webhook-disabled" options value=if webhook.disabled { "1" } else { "0" }/>
        </FormDialog>
    }
}

#[component]
fn RotateDialog(action: ServerAction<RotateWebhook>, webhook: WebhookView, close: String) -> impl IntoView {
    view! {
        <FormDialog title="Make a new secret?" close action verb="Make a new secret">
            <input type="hidden" name="id" value=webhook.id/>
            <p class="webhook-url">{webhook.url}</p>
            <KeepOldSecret label="Sign with both secrets for a day" hint="Leave it on to change over without losing a message. Take it off if the old secret has leaked."/>
        </FormDialog>
    }
}

#[component]
fn DeleteDialog(action: ServerAction<DeleteWebhook>, webhook: WebhookView, close: String) -> impl IntoView {
    view! {
        <FormDialog title="Delete the webhook?" close action keep="Keep it" verb="Delete the webhook" danger=true>
            <input type="hidden" name="id" value=webhook.id/>
            <p class="webhook-url">{webhook.url}</p>
            <ul class="consequences">
                <Consequence icon="unplug" title="It is told nothing any more" text="Messages that wait for another attempt are given up."/>
                <Consequence icon="key-round" title="Its secret and its log are gone for good" text="A webhook with the same address starts anew, with another secret."/>
            </ul>
        </FormDialog>
    }
}
