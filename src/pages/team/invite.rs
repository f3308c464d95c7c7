//! Inviting somebody, and a one-time link, which is shown once.

use leptos::prelude::*;

use super::role_options;
use crate::domain::account::Role;
use crate::rpc::accounts::{Invite, NewLink};
use crate::ui::action_form::ActionForm;
use crate::ui::browser;
use crate::ui::field::{Field, SelectField};
use crate::ui::form::{field_error, use_alive};
use crate::ui::icon::Icon;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::toast::toast;
use crate::ui::view::view;
use crate::ui::when::When;

/// The form that makes an invitation, and its answer.
#[component]
pub(super) fn InvitePanel(action: ServerAction<Invite>, roles: Vec<Role>) -> impl IntoView {
    let error = action_error(action);
    let chosen = if roles.contains(&Role::Member) { Role::Member.name() } else { "" };
    view! {
        <section class="panel" aria-labelledby="invite-title">
            <div class="panel-head"><h2 id="invite-title">"Invite somebody"</h2></div>
            <div class="panel-body stack-4">
                <RefusalNote error/>
                <ActionForm action>
                    <div class="stack-4">
                        <Field label="Email" name="email" id="invite-email" kind="email" required=true autocomplete="off" error=field_error(error, "email") placeholder="ada@example.com"/>
                        <SelectField label="Role" name="role" id="invite-role" options=role_options(&roles) value=chosen error=field_error(error, "role")/>
                        <button type="submit" class="btn btn-primary" disabled=move || action.pending().get()>"Make the invitation"</button>
                        <p class="muted small">"You get a link to hand over. It works once."</p>
                        <noscript>"Without JavaScript you are led to the link. Its address is what you hand over."</noscript>
                    </div>
                </ActionForm>
                <div aria-live="polite">
                    {move || action.value().get().and_then(Result::ok).map(|link| view! { <OneTimeLink link title="Invitation"/> })}
                </div>
            </div>
        </section>
    }
}

/// A link that nobody can read again, with a button that copies it.
#[component]
pub(super) fn OneTimeLink(link: NewLink, title: &'static str) -> impl IntoView {
    let alive = use_alive();
    let url = StoredValue::new(link.url.clone());
    let copy = move |_| {
        browser::copy(&url.get_value());
        toast(String::from("Copied"), String::from("Hand the link over. It works once."));
    };
    view! {
        <div class="one-time-link">
            <p class="one-time-title"><Icon name="link" size=18/><strong>{format!("{title} for {}", link.email)}</strong></p>
            <div class="one-time-row">
                <input class="field-input one-time-url" type="text" readonly value=link.url aria-label=format!("{title} link for {}", link.email)/>
                {move || alive.get().then(|| view! { <button type="button" class="btn" on:click=copy><Icon name="copy"/>"Copy"</button> })}
            </div>
            <p class="one-time-note">"Shown only now. It works once, until "<When moment=link.expires_at/>"."</p>
        </div>
    }
}
