//! `/sign-in`: the form, where you return to, and in demo mode the accounts to use. The server checks and redirects.

mod demo;
pub mod door;
pub mod next;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::rpc::accounts::{SignIn, sign_in_page};
use crate::ui::action_form::ActionForm;
use crate::ui::field::Field;
use crate::ui::form::{LoadRefused, field_error, use_text_parameter};
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::urls::with_param;
use crate::ui::view::view;

use demo::DemoAccounts;
use door::{Door, PasswordField};
use next::{local_path, return_text};

/// Signing in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let parameter = use_text_parameter("next");
    let next = Memo::new(move |_| local_path(&parameter.get()));
    let action = ServerAction::<SignIn>::new();
    let resource = load(|| (), |()| sign_in_page());
    view! {
        <Title text="Sign in"/>
        <Door>
            <h1>"Sign in"</h1>
            <p class="door-lead">{move || return_text(&next.get())}</p>
            <RefusalNote error=action_error(action)/>
            <SignInForm action next/>
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(page) => view! {
                            {page.sign_up_open.then(|| view! { <SignUpLink next/> })}
                            {(!page.demo.is_empty()).then(|| view! { <DemoAccounts accounts=page.demo action next/> })}
                        },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Suspense>
        </Door>
    }
}

#[component]
fn SignInForm(action: ServerAction<SignIn>, next: Memo<String>) -> impl IntoView {
    let error = action_error(action);
    view! {
        <ActionForm action>
            <div class="door-form stack-4">
                <input type="hidden" name="next" value=move || next.get()/>
                <Field label="Email" name="email" kind="email" required=true autocomplete="username" error=field_error(error, "email")/>
                <PasswordField label="Password" id="password" autocomplete="current-password" error=field_error(error, "password")/>
                <button type="submit" class="btn btn-primary btn-lg door-button" disabled=move || action.pending().get()>
                    {move || if action.pending().get() { "Signing in\u{2026}" } else { "Sign in" }}
                </button>
            </div>
        </ActionForm>
    }
}

#[component]
fn SignUpLink(next: Memo<String>) -> impl IntoView {
    let href = move || next.with(|next| with_param("/sign-up", "next", (!next.is_empty()).then_some(next)));
    view! { <p class="door-other">"No account yet? "<a class="link" href=href>"Create an organization"</a></p> }
}
