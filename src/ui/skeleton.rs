//! The shape of rows that are being fetched.

use crate::ui::view::view;
use leptos::prelude::*;

/// Grey rows in the shape of a list; says "Loading" to screen readers.
#[component]
pub fn SkeletonRows(#[prop(default = 6)] rows: u8) -> impl IntoView {
    let row = |_| {
        view! {
            <div class="skeleton-row">
                <span class="skeleton skeleton-number"></span>
                <span class="skeleton-lines">
                    <span class="skeleton skeleton-line"></span>
                    <span class="skeleton skeleton-line skeleton-long"></span>
                </span>
                <span class="skeleton skeleton-money"></span>
            </div>
        }
    };
    view! {
        <div class="skeleton-rows" role="status">
            <span class="sr-only">"Loading"</span>
            {(0..rows).map(row).collect_view()}
        </div>
    }
}
