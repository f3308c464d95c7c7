//! The empty state: the mark, one sentence that teaches, one button.

use leptos::prelude::*;

use super::mark::Mark;
use crate::ui::view::view;

/// What stands where a list would stand. `children` is the button.
#[component]
pub fn Empty(#[prop(into)] title: String, #[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="empty">
            <Mark width=32/>
            <h2 class="empty-title">{title}</h2>
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="row-2">{children()}</div> })}
        </div>
    }
}
