//! A dialog that is one form: its refusal, its fields, the way out on the left and the verb on the right. And what such a verb brings with it.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::{Http, ServerFn};
use serde::de::DeserializeOwned;

use super::dialog::Dialog;
use super::icon::Icon;
use super::message::{RefusalNote, action_error};
use crate::rpc::error::AppError;
use crate::ui::action_form::ActionForm;
use crate::ui::view::view;

/// The dialog. `children` are the fields; the form sends them with the press on `verb`, which names what it does.
#[component]
pub fn FormDialog<S, Output>(
    #[prop(into)] title: String,
    #[prop(into)] close: String,
    action: ServerAction<S>,
    #[prop(into)] verb: String,
    /// The way out, in words that say what stays.
    #[prop(default = "Cancel")]
    keep: &'static str,
    /// The verb cannot be undone, or takes something away.
    #[prop(optional)]
    danger: bool,
    /// What is shown of a refusal, where it is not just the action's.
    #[prop(optional, into)]
    error: Option<Signal<Option<AppError>>>,
    children: Children,
) -> impl IntoView
where
    S: DeserializeOwned + ServerFn<Protocol = Http<PostUrl, Output>, Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    Output: 'static,
{
    let error = error.unwrap_or_else(|| action_error(action));
    let verb_class = if danger { "btn btn-danger btn-lg" } else { "btn btn-primary btn-lg" };
    view! {
        <Dialog title close_href=close.clone()>
            <ActionForm action>
                <div class="stack-4">
                    <RefusalNote error/>
                    {children()}
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">{keep}</a>
                        <button type="submit" class=verb_class disabled=move || action.pending().get()>{verb}</button>
                    </div>
                </div>
            </ActionForm>
        </Dialog>
    }
}

/// What follows from a press: an icon, the consequence, and what it means.
#[component]
pub fn Consequence(icon: &'static str, #[prop(into)] title: String, #[prop(into)] text: String) -> impl IntoView {
    view! { <li><Icon name=icon size=18/><div><strong>{title}</strong><small>{text}</small></div></li> }
}

/// The box that lets an old secret work for another day beside a new one.
#[component]
pub fn KeepOldSecret(label: &'static str, hint: &'static str) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name="keep" value="1" checked/>
            <span>{label}<span class="check-hint">{hint}</span></span>
        </label>
    }
}
