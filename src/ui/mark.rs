//! The mark of Dialyard: a keypad on which D I A L is lit. The same drawing stands in `public/favicon.svg`.

use crate::ui::view::view;
use leptos::prelude::*;

/// Columns of the dots, left to right, on a plate of 24 by 30.
const COLUMNS: [u8; 3] = [6, 12, 18];
/// Rows of the dots, top to bottom, and which dots of each are lit: 2 3, 4 5.
const ROWS: [(u8, [bool; 3]); 4] = [(6, [false, true, true]), (12, [true, true, false]), (18, [false; 3]), (24, [false; 3])];

/// The mark; decoration beside a word or a name.
#[component]
pub fn Mark(#[prop(default = 24)] width: u8) -> impl IntoView {
    let dots = ROWS
        .into_iter()
        .flat_map(|(y, lit)| COLUMNS.into_iter().zip(lit).map(move |(x, lit)| (x, y, lit)))
        .map(|(x, y, lit)| view! { <circle cx=x cy=y r="2" class=if lit { "mark-lit" } else { "mark-dot" }></circle> })
        .collect_view();
    view! {
        <svg class="mark" viewBox="0 0 24 30" width=width height=u16::from(width) * 5 / 4 aria-hidden="true">
            <rect class="mark-plate" x="0.5" y="0.5" width="23" height="29" rx="5"></rect>
            {dots}
        </svg>
    }
}

/// Mark and wordmark.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a href="/" class="brand">
            <Mark width=24/>
            <span class="brand-word">"Dialyard"</span>
        </a>
    }
}
