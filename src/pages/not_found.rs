//! What stands where no page is.

use leptos::prelude::*;

use crate::ui::empty::Empty;
use crate::ui::frame::PageHead;
use crate::ui::view::view;

/// The page for addresses that lead nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <div class="page">
            <PageHead title="Page not found"/>
            <Empty title="Nothing answers at this address" text="The address may be mistyped, or what was here has been deleted. Numbers that you released and let go are no longer listed.">
                <a class="btn btn-primary" href="/">"Find a number"</a>
                <a class="btn" href="/numbers">"Your numbers"</a>
            </Empty>
        </div>
    }
}
