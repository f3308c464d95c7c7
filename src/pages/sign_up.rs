//! `/sign-up`: a new organization with its first owner. The server checks, signs in and redirects.

use leptos::prelude::*;
use leptos_meta::Title;

use super::sign_in::door::{Door, PasswordField};
use super::sign_in::next::local_path;
use crate::rpc::accounts::{SignUp, sign_in_page};
use crate::ui::action_form::ActionForm;
use crate::ui::field::Field;
use crate::ui::form::{field_error, use_text_parameter};
use crate::ui::load::load;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::urls::with_param;
use crate::ui::view::view;

/// Creating an organization.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let parameter = use_text_parameter("next");
    let next = Memo::new(move |_| local_path(&parameter.get()));
    let action = ServerAction::<SignUp>::new();
    let resource = load(|| (), |()| sign_in_page());
    let sign_in = move || next.with(|next| with_param("/sign-in", "next", (!next.is_empty()).then_some(next)));
    view! {
        <Title text="Create an organization"/>
        <Door>
            <h1>"Create an organization"</h1>
            <p class="door-lead">"You become its owner. Invite others afterwards."</p>
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    if resource.await.is_ok_and(|page| !page.sign_up_open) {
                        view! { <Closed/> }
                    } else {
                        view! { <SignUpForm action next/> }
                    }
                })}
            </Suspense>
            <p class="door-other">"Have an account? "<a class="link" href=sign_in>"Sign in"</a></p>
        </Door>
    }
}

#[component]
fn Closed() -> impl IntoView {
    view! { <Note family="warn" icon="lock" title="This installation takes no new organizations." text="Ask the operator, or an administrator of your organization for an invitation."/> }
}

#[component]
fn SignUpForm(action: ServerAction<SignUp>, next: Memo<String>) -> impl IntoView {
    let error = action_error(action);
    view! {
        <RefusalNote error/>
        <ActionForm action>
            <div class="door-form stack-4">
                <input type="hidden" name="next" value=move || next.get()/>
                <Field label="Organization" name="organization" required=true autocomplete="organization" maxlength=80 error=field_error(error, "organization")/>
                <Field label="Your name" name="name" required=true autocomplete="name" maxlength=80 error=field_error(error, "name")/>
                <Field label="Email" name="email" kind="email" required=true autocomplete="username" error=field_error(error, "email")/>
                <PasswordField label="Password" id="password" autocomplete="new-password" error=field_error(error, "password")/>
                <button type="submit" class="btn btn-primary btn-lg door-button" disabled=move || action.pending().get()>"Create the organization"</button>
            </div>
        </ActionForm>
    }
}
