//! The foot of a list that is read page by page with a cursor in the URL.

use leptos::prelude::*;

use crate::ui::icon::Icon;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// Newest page and next page; nothing when everything is on one page.
#[component]
pub fn CursorPager(
    /// The cursor of the page that is shown; empty on the first.
    #[prop(into)]
    cursor: String,
    next: Option<String>,
    /// What the links lead to, for those who hear them: `lines`, `rows`.
    #[prop(into)]
    things: String,
) -> impl IntoView {
    let here = use_here().get_untracked();
    let first = (!cursor.is_empty()).then(|| with_param(&here, "cursor", None));
    let next = next.map(|next| with_param(&here, "cursor", Some(&next)));
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="cursor-pager row-2" aria-label=format!("Pages of {things}")>
                {first.map(|href| view! { <a class="btn btn-sm" href=href><Icon name="chevrons-left"/>"Newest"</a> })}
                {next.map(|href| view! { <a class="btn btn-sm" href=href>"Older"<Icon name="chevron-right"/></a> })}
            </nav>
        }
    })
}
