//! The table of a list: a caption for those who hear it, a header row, and rows that fold into lines on narrow screens.

use crate::ui::view::view;
use leptos::prelude::*;

/// The head of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Text(&'static str),
    /// Aligned to the right, as its cells are.
    Number(&'static str),
    /// Buttons, which need no head for those who see them.
    Actions,
}

/// The table alone, for a panel that has more than it.
#[component]
pub fn FoldingTable(caption: &'static str, class: &'static str, columns: &'static [Column], children: Children) -> impl IntoView {
    let heads = columns
        .iter()
        .map(|column| match column {
            Column::Text(name) => view! { <th scope="col">{*name}</th> },
            Column::Number(name) => view! { <th scope="col" class="num-right">{*name}</th> },
            Column::Actions => view! { <th scope="col"><span class="sr-only">"Actions"</span></th> },
        })
        .collect_view();
    view! {
        <div class="table-wrap">
            <table class=format!("table table-folds {class}")>
                <caption class="sr-only">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// The table in a panel of its own. `label` is what it lists.
#[component]
pub fn ListTable(
    label: &'static str,
    caption: &'static str,
    class: &'static str,
    columns: &'static [Column],
    children: Children,
) -> impl IntoView {
    view! {
        <section class="panel" aria-label=label>
            <FoldingTable caption class columns>{children()}</FoldingTable>
        </section>
    }
}
