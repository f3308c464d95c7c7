//! Toasts repeat what the page shows; they never hold the only copy of anything. They exist in the browser only.

use std::cell::Cell;

use leptos::prelude::*;

use super::browser;
use super::icon::Icon;
use crate::ui::view::{reactive, view};

/// How long a toast stays.
const SHOWN_MS: u32 = 8_000;
/// Toasts that are shown at a time, at the most; one more takes the place of the oldest.
const PLACES: usize = 4;

/// Each toast keeps its place until it goes, so that none is made anew because another goes.
type Places = [RwSignal<Option<Toast>>; PLACES];

thread_local! {
    /// Set by an effect, so that it stays empty on the server, where a thread serves many people.
    static SHOWN: Cell<Option<Places>> = const { Cell::new(None) };
    static NEXT_KEY: Cell<u32> = const { Cell::new(0) };
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    key: u32,
    title: String,
    text: String,
    /// Address and word of the link, such as Open.
    link: Option<(String, String)>,
}

/// Shows a toast for a while.
pub fn toast(title: String, text: String) {
    show(title, text, None);
}

/// Shows a toast with a link, such as Open.
pub fn toast_with_link(title: String, text: String, href: String, word: String) {
    show(title, text, Some((href, word)));
}

fn show(title: String, text: String, link: Option<(String, String)>) {
    let Some(shown) = SHOWN.get() else { return };
    let key = NEXT_KEY.replace(NEXT_KEY.get().wrapping_add(1));
    let age = |place: &RwSignal<Option<Toast>>| place.with_untracked(|shown| shown.as_ref().map(|shown| shown.key));
    // None is the least: a free place comes before that of the oldest.
    if let Some(place) = shown.iter().min_by_key(|place| age(place)) {
        place.set(Some(Toast { key, title, text, link }));
        browser::after(SHOWN_MS, move || dismiss(key));
    }
}

fn dismiss(key: u32) {
    let shows = |place: &&RwSignal<Option<Toast>>| place.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.key == key));
    if let Some(place) = SHOWN.get().iter().flatten().find(shows) {
        place.set(None);
    }
}

/// The place where toasts appear; part of the frame.
#[component]
pub fn Toasts() -> impl IntoView {
    let places: Places = std::array::from_fn(|_| RwSignal::new(None));
    Effect::new(move |_| SHOWN.set(Some(places)));
    let shown = places.map(|place| {
        reactive(move || {
            let Toast { key, title, text, link } = place.get()?;
            Some(view! { <ToastView title text link=link close=move || dismiss(key)/> })
        })
    });
    view! { <div class="toasts" role="status" aria-live="polite">{shown.into_iter().collect_view()}</div> }
}

/// One toast.
#[component]
pub fn ToastView(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Address and word.
    #[prop(into)]
    link: Option<(String, String)>,
    close: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div class="toast">
            <Icon name="circle-check" size=20/>
            <div class="toast-text">
                <strong>{title}</strong>
                <span>{text}</span>
            </div>
            {link.map(|(href, word)| view! { <a class="link" href=href>{word}</a> })}
            <button type="button" class="btn btn-quiet btn-icon btn-sm" aria-label="Dismiss" on:click=move |_| close()>
                <Icon name="x"/>
            </button>
        </div>
    }
}
