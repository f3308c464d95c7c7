//! The dialogs of the page: `?new=`, `?edit=`, `?rotate=` and `?delete=`.

use leptos::prelude::*;

use super::WebhookActions;
use crate::rpc::error::AppError;
use crate::rpc::webhooks::{CreateWebhook, DeleteWebhook, EditWebhook, EventChoice, RotateWebhook, WebhookView, WebhooksView};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_parameter};
use crate::ui::icon::Icon;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::urls::{use_here, with_param};

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
                Some(message) => view! { <p class="field-error" role="alert"><Icon name="circle-alert" size=14/>{message}</p> }.into_any(),
                None => view! { <p class="field-hint">"Tick none to be told of everything, also of what later versions add."</p> }.into_any(),
            }}
        </fieldset>
    }
}

#[component]
fn CreateDialog(action: ServerAction<CreateWebhook>, choices: Vec<EventChoice>, relaxed: bool, close: String) -> impl IntoView {
    let error = action_error(action);
    view! {
        <Dialog title="Add a webhook" close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <WebhookFields error choices relaxed/>
                    <p class="muted small">"You get a secret to check messages with. It is shown once."</p>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Cancel"</a>
                        <button type="submit" class="btn btn-primary btn-lg" disabled=move || action.pending().get()>"Add the webhook"</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
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
        <Dialog title="Edit the webhook" close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <input type="hidden" name="id" value=webhook.id/>
                    <WebhookFields error choices relaxed url=webhook.url chosen=webhook.events/>
                    <SelectField label="State" name="disabled" id="webhook-disabled" options value=if webhook.disabled { "1" } else { "0" }/>
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
fn RotateDialog(action: ServerAction<RotateWebhook>, webhook: WebhookView, close: String) -> impl IntoView {
    let error = action_error(action);
    view! {
        <Dialog title="Make a new secret?" close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <input type="hidden" name="id" value=webhook.id/>
                    <p class="webhook-url">{webhook.url}</p>
                    <label class="check">
                        <input type="checkbox" name="keep" value="1" checked/>
                        <span>
                            "Sign with both secrets for a day"
                            <span class="check-hint">"Leave it on to change over without losing a message. Take it off if the old secret has leaked."</span>
                        </span>
                    </label>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Cancel"</a>
                        <button type="submit" class="btn btn-primary btn-lg" disabled=move || action.pending().get()>"Make a new secret"</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn DeleteDialog(action: ServerAction<DeleteWebhook>, webhook: WebhookView, close: String) -> impl IntoView {
    let error = action_error(action);
    view! {
        <Dialog title="Delete the webhook?" close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    <input type="hidden" name="id" value=webhook.id/>
                    <p class="webhook-url">{webhook.url}</p>
                    <ul class="consequences">
                        <li><Icon name="unplug" size=18/><div><strong>"It is told nothing any more"</strong><small>"Messages that wait for another attempt are given up."</small></div></li>
                        <li><Icon name="key-round" size=18/><div><strong>"Its secret and its log are gone for good"</strong><small>"A webhook with the same address starts anew, with another secret."</small></div></li>
                    </ul>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Keep it"</a>
                        <button type="submit" class="btn btn-danger btn-lg" disabled=move || action.pending().get()>"Delete the webhook"</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}
