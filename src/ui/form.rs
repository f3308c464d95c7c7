//! What forms share: the parameter that opens a dialog, when a write has succeeded, and the message of one field.
//!
//! No markup but the smallest pieces lives here, and no rule.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::rpc::error::AppError;
use crate::ui::message::RefusalNote;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// A query parameter of the page; an empty one counts as absent.
#[must_use]
pub fn use_parameter(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name)).filter(|value| !value.is_empty()))
}

/// The same parameter as a text, empty where it is absent.
#[must_use]
pub fn use_text_parameter(name: &'static str) -> Memo<String> {
    let parameter = use_parameter(name);
    Memo::new(move |_| parameter.get().unwrap_or_default())
}

/// Grows with every success of a write and with nothing else: what a resource waits for, so that a refusal reloads
/// nothing and leaves the open form as it is.
#[must_use]
pub fn successes<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    let (version, value) = (action.version(), action.value());
    Memo::new(move |last: Option<&usize>| {
        let version = version.get();
        let succeeded = value.with(|value| matches!(value, Some(Ok(_))));
        if succeeded { version } else { last.copied().unwrap_or_default() }
    })
}

/// Ties a write to the dialog that a URL parameter opens: a success closes it, and a dialog that opens anew forgets the
/// refusal that the last one ended with. Answers [`successes`].
pub fn dialog_action<S>(action: ServerAction<S>, parameter: &'static str) -> Memo<usize>
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    let saved = successes(action);
    let opened = use_parameter(parameter);
    let here = use_here();
    let navigate = use_navigate();
    Effect::watch(
        move || saved.get(),
        move |_, _, _| {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&with_param(&here.get_untracked(), parameter, None), options);
        },
        false,
    );
    Effect::watch(
        move || opened.get(),
        move |value, _, _| {
            if value.is_some() {
                action.clear();
            }
        },
        false,
    );
    saved
}

/// What a refused write says about one field.
#[must_use]
pub fn field_error(error: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| error.field(field))))
}

/// Whether the page is alive in a browser. False on the server and without JavaScript, so that a button which waits
/// for typed text stays usable there.
#[must_use]
pub fn use_alive() -> ReadSignal<bool> {
    let (alive, set_alive) = signal(false);
    Effect::new(move || set_alive.set(true));
    alive
}

/// Stands where a page's data would, when it could not be read.
#[component]
pub fn LoadRefused(error: AppError) -> impl IntoView {
    view! { <RefusalNote error=Signal::stored(Some(error))/> }
}

/// A dash in a table cell, spoken as "none".
#[component]
pub fn NoValue() -> impl IntoView {
    view! {
        <span class="muted" aria-hidden="true">"\u{2013}"</span>
        <span class="sr-only">"none"</span>
    }
}
