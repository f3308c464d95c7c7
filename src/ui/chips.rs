//! Chips that are links, because filters live in the URL.

use leptos::prelude::*;

use super::icon::Icon;
use crate::domain::count::grouped;
use crate::ui::view::view;

/// One choice of a row of choices. `count` stands behind the label.
#[component]
pub fn ChipLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(default = None, into)] count: Option<u64>,
    chosen: bool,
) -> impl IntoView {
    view! {
        <a href=href class="chip chip-choice" class:chip-chosen=chosen aria-current=chosen.then_some("true") data-noscroll="">
            {label}
            {count.map(|count| view! { " " <span class="chip-count">{grouped(count)}</span> })}
        </a>
    }
}

/// A filter that is on; following it takes the filter away. `name` is what is filtered (`State`), `value` what for.
#[component]
pub fn FilterChip(#[prop(into)] href: String, #[prop(optional, into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    let name = (!name.is_empty()).then(|| view! { <span class="chip-name">{name}</span> " " });
    view! {
        <a href=href class="chip chip-on" data-noscroll="">
            <span class="sr-only">"Remove filter "</span>
            {name}
            {value}
            <Icon name="x" size=14/>
        </a>
    }
}
