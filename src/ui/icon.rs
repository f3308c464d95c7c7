//! Icons from the sprite `/icons.svg`; ids are lucide names. Nothing here has a name for screen readers: the text beside it does.

use crate::ui::view::view;
use leptos::prelude::*;

/// One icon, hidden from screen readers. Sizes: 14 in badges, 16 in buttons, 18 in lists, 20 in notes.
#[component]
pub fn Icon(name: &'static str, #[prop(default = 16)] size: u8) -> impl IntoView {
    view! {
        <svg class="icon" width=size height=size aria-hidden="true">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}
