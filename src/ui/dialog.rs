//! Dialogs that are part of the address: a link opens one, going to `close_href` closes it, with or without JavaScript.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::browser;
use super::icon::Icon;
use crate::ui::view::view;

/// A dialog that is open as long as it is rendered. The server renders it open, the browser makes it modal.
/// Escape, a press beside it and the × go to `close_href`. `head` stands beside the title.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    #[prop(into)] close_href: String,
    #[prop(optional)] wide: bool,
    #[prop(optional, into)] head: ViewFn,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let navigate = use_navigate();
    let close = {
        let close_href = close_href.clone();
        move || navigate(&close_href, NavigateOptions { scroll: false, ..NavigateOptions::default() })
    };
    let on_cancel = {
        let close = close.clone();
        move |event: ev::Event| {
            event.prevent_default();
            close();
        }
    };
    // A press beside a modal dialog arrives at the dialog itself. The click may not: it also ends a selection that left the dialog.
    let on_press = move |event: ev::MouseEvent| {
        if browser::is_own_target(&event) {
            close();
        }
    };
    Effect::new(move |_| browser::show_modal(&node));
    view! {
        <a class="dialog-scrim" href=close_href.clone() data-noscroll="" aria-hidden="true" tabindex="-1"></a>
        <dialog
            class="dialog"
            class:dialog-wide=wide
            open=true
            node_ref=node
            aria-labelledby="dialog-title"
            on:cancel=on_cancel
            on:mousedown=on_press
        >
            <div class="dialog-box">
                <header class="dialog-head">
                    <h2 id="dialog-title" class="dialog-title">{title}</h2>
                    {head.run()}
                </header>
                <div class="dialog-body">{children()}</div>
                // Last, so that an opened dialog puts the focus on what it is for.
                <a class="btn btn-quiet btn-icon dialog-close" href=close_href data-noscroll="" aria-label="Close">
                    <Icon name="x" size=18/>
                </a>
            </div>
        </dialog>
    }
}
