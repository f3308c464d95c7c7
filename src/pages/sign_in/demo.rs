//! The accounts of the demo, each with one press to use it. A press is a sign-in like any other.

use leptos::prelude::*;

use crate::rpc::accounts::{DemoAccount, SignIn};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::view::view;

/// Name, role, email, password and a button for each account.
#[component]
pub(super) fn DemoAccounts(accounts: Vec<DemoAccount>, action: ServerAction<SignIn>, next: Memo<String>) -> impl IntoView {
    let rows = accounts.into_iter().map(|account| view! { <DemoRow account action next/> }).collect_view();
    view! {
        <section class="door-demo" aria-labelledby="demo-title">
            <div class="row-2 door-demo-head">
                <h2 id="demo-title">"Demo accounts"</h2>
                <Badge family="lamp" icon="flask-conical" text="Demo mode"/>
            </div>
            <p class="muted small">"Everything here is made up. These accounts exist in demo mode only."</p>
            <ul class="demo-accounts">{rows}</ul>
        </section>
    }
}

#[component]
fn DemoRow(account: DemoAccount, action: ServerAction<SignIn>, next: Memo<String>) -> impl IntoView {
    view! {
        <li class="demo-account">
            <div class="demo-who"><strong>{account.name.clone()}</strong><span>{account.role}</span></div>
            <span class="demo-email"><span class="sr-only">"Email "</span>{account.email.clone()}</span>
            <span class="demo-password"><span class="sr-only">"Password "</span>{account.password.clone()}</span>
            <ActionForm action>
                <input type="hidden" name="email" value=account.email/>
                <input type="hidden" name="password" value=account.password/>
                <input type="hidden" name="next" value=move || next.get()/>
                <button type="submit" class="btn btn-sm" aria-label=format!("Use the account of {}", account.name) disabled=move || action.pending().get()>"Use"</button>
            </ActionForm>
        </li>
    }
}
