//! A new secret, shown once: from the answer of the form, or carried over where there is no JavaScript.

use leptos::prelude::*;

use crate::rpc::keys::{CreateKey, KeySecret, RotateKey};
use crate::ui::browser;
use crate::ui::form::use_alive;
use crate::ui::icon::Icon;
use crate::ui::toast::toast;

/// The newest secret that this page has made.
#[component]
pub(super) fn Secrets(
    /// Made by a plain form before this page.
    carried: Option<KeySecret>,
    create: ServerAction<CreateKey>,
    rotate: ServerAction<RotateKey>,
) -> impl IntoView {
    let carried = StoredValue::new(carried);
    // At most one of the two has an answer: each forgets its own when the dialog of the other opens.
    let made = move || {
        let (created, rotated) = (create.value().get(), rotate.value().get());
        rotated.and_then(Result::ok).or_else(|| created.and_then(Result::ok)).or_else(|| carried.get_value())
    };
    view! { <div aria-live="polite">{move || made().map(|secret| view! { <OneSecret secret/> })}</div> }
}

#[component]
fn OneSecret(secret: KeySecret) -> impl IntoView {
    let alive = use_alive();
    let text = StoredValue::new(secret.secret.clone());
    let copy = move |_| {
        browser::copy(&text.get_value());
        toast(String::from("Copied"), String::from("Keep the secret where the program can read it, and nobody else."));
    };
    let label = format!("Secret of {}", secret.name);
    view! {
        <div class="one-time-link">
            <p class="one-time-title"><Icon name="key-round" size=18/><strong>{label.clone()}</strong></p>
            <div class="one-time-row">
                <input class="field-input one-time-url" type="text" readonly value=secret.secret aria-label=label/>
                {move || alive.get().then(|| view! { <button type="button" class="btn" on:click=copy><Icon name="copy"/>"Copy"</button> })}
            </div>
            <p class="one-time-note">"Shown only now. A program sends it as Authorization: Bearer."</p>
        </div>
    }
}
