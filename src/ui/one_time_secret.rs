//! A new secret, shown once: from the answer of the form that made it, or carried over where there is no JavaScript.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::ui::browser;
use crate::ui::form::{use_alive, use_parameter};
use crate::ui::icon::Icon;
use crate::ui::toast::toast;
use crate::ui::view::view;

/// What is shown of a secret that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeSecret {
    /// What it belongs to, as in "Secret of Reporting".
    pub label: String,
    pub secret: String,
    /// What it is for.
    pub note: &'static str,
}

/// The newest of the secrets that a page has made: carried over by a plain form, created, or made anew.
pub fn use_newest<C, R, S>(
    carried: Option<S>,
    create: ServerAction<C>,
    rotate: ServerAction<R>,
    show: fn(S) -> OneTimeSecret,
) -> Signal<Option<OneTimeSecret>>
where
    S: Clone + Send + Sync + 'static,
    C: ServerFn<Output = S> + Clone + Send + Sync + 'static,
    R: ServerFn<Output = S> + Clone + Send + Sync + 'static,
    C::Error: Clone + Send + Sync + 'static,
    R::Error: Clone + Send + Sync + 'static,
{
    let carried = StoredValue::new(carried);
    // At most one of the two has an answer: each forgets its own when the dialog of the other opens.
    Signal::derive(move || {
        let (created, rotated) = (create.value().get(), rotate.value().get());
        rotated.and_then(Result::ok).or_else(|| created.and_then(Result::ok)).or_else(|| carried.get_value()).map(show)
    })
}

/// Forgets what a write has answered once another dialog opens, so that of two secrets the later one is shown.
pub fn forget_when_opened<S>(parameter: &'static str, action: ServerAction<S>)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    let opened = use_parameter(parameter);
    Effect::watch(
        move || opened.get(),
        move |value, _, _| {
            if value.is_some() {
                action.clear();
            }
        },
        false,
    );
}

/// The place where a secret is shown, empty while there is none.
#[component]
pub fn SecretPlace(#[prop(into)] secret: Signal<Option<OneTimeSecret>>) -> impl IntoView {
    view! { <div aria-live="polite">{move || secret.get().map(|secret| view! { <OneSecret secret/> })}</div> }
}

#[component]
fn OneSecret(secret: OneTimeSecret) -> impl IntoView {
    let alive = use_alive();
    let text = StoredValue::new(secret.secret.clone());
    let copy = move |_| {
        browser::copy(&text.get_value());
        toast(String::from("Copied"), String::from("Keep the secret where the program can read it, and nobody else."));
    };
    view! {
        <div class="one-time-link">
            <p class="one-time-title"><Icon name="key-round" size=18/><strong>{secret.label.clone()}</strong></p>
            <div class="one-time-row">
                <input class="field-input one-time-url" type="text" readonly value=secret.secret aria-label=secret.label/>
                {move || alive.get().then(|| view! { <button type="button" class="btn" on:click=copy><Icon name="copy"/>"Copy"</button> })}
            </div>
            <p class="one-time-note">{secret.note}</p>
        </div>
    }
}
