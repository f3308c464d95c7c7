//! Keys that work on every page, and the dialog that lists them.

use std::cell::Cell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::browser;
use super::icon::Icon;
use crate::ui::view::view;

/// Id of the dialog that lists the keys.
pub const KEYS_DIALOG: &str = "keys";
/// The field that `/` goes to.
const SEARCH_FIELD: &str = "input[name=q]:not([type=hidden])";
/// What `g` followed by a key opens.
const GO: [(&str, &str, &str); 5] =
    [("s", "/", "Search"), ("n", "/numbers", "Numbers"), ("b", "/board", "Board"), ("w", "/wallet", "Wallet"), ("a", "/agents", "Agents")];
/// Keys that other parts of the page listen to.
const ELSEWHERE: [(&str, &str); 3] =
    [("E", "30 more minutes for the hold that ends first"), ("H", "Open or fold the hold tray"), ("Esc", "Close or put back")];

/// Listens for the keys once the page is hydrated.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let go = move |address: &str| navigate(address, NavigateOptions::default());
        let after_g = Rc::new(Cell::new(false));
        let listening = window_event_listener(ev::keydown, move |event| on_key(&event, &after_g, &go));
        on_cleanup(move || listening.remove());
    });
}

fn on_key(event: &ev::KeyboardEvent, after_g: &Cell<bool>, go: &impl Fn(&str)) {
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    if modified || event.default_prevented() || browser::is_typing(event) || browser::dialog_is_open() {
        return;
    }
    let key = event.key();
    if after_g.replace(key == "g") {
        if let Some((_, address, _)) = GO.iter().find(|(second, ..)| *second == key) {
            event.prevent_default();
            go(address);
        }
        return;
    }
    match key.as_str() {
        "/" => {
            event.prevent_default();
            if !browser::focus_first(SEARCH_FIELD) {
                go("/");
            }
        }
        "?" => {
            event.prevent_default();
            browser::open_dialog(KEYS_DIALOG);
        }
        _ => {}
    }
}

/// The list of keys. It is no page state: without JavaScript there are no keys either.
#[component]
pub fn KeysHelp() -> impl IntoView {
    let close_beside = |event: ev::MouseEvent| {
        if browser::is_own_target(&event) {
            browser::close_dialog(KEYS_DIALOG);
        }
    };
    let row = |keys: Vec<&'static str>, text: String| {
        let keys = keys.into_iter().map(|key| view! { <kbd class="kbd">{key}</kbd> " " }).collect_view();
        view! { <div class="keys-row"><dt>{keys}</dt> <dd>{text}</dd></div> }
    };
    let go = GO.into_iter().map(|(key, _, page)| row(vec!["g", key], format!("Go to {page}"))).collect_view();
    let elsewhere = ELSEWHERE.into_iter().map(|(key, text)| row(vec![key], text.to_owned())).collect_view();
    view! {
        <dialog id=KEYS_DIALOG class="dialog" aria-labelledby="keys-title" on:mousedown=close_beside>
            <div class="dialog-box">
                <header class="dialog-head">
                    <h2 id="keys-title" class="dialog-title">"Keys"</h2>
                    <button
                        type="button"
                        class="btn btn-quiet btn-icon dialog-close"
                        aria-label="Close"
                        on:click=|_| browser::close_dialog(KEYS_DIALOG)
                    >
                        <Icon name="x" size=18/>
                    </button>
                </header>
                <dl class="dialog-body keys-list">
                    {row(vec!["/"], String::from("Type into the search or filter of the page"))}
                    {go}
                    {row(vec!["?"], String::from("Show this list"))}
                    {elsewhere}
                </dl>
            </div>
        </dialog>
    }
}
