//! Views of one thing side by side, each with how much is in it. They are links, because what is shown lives in the URL.

use leptos::prelude::*;

use super::chips::ChipLink;
use super::urls::{use_here, with_param};
use crate::rpc::numbers::ChipCount;
use crate::ui::view::{reactive, view};

/// One of the views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// What the URL says; it need not name `all`, or what is empty.
    pub value: String,
    pub label: String,
    pub count: Option<u64>,
}

impl Tab {
    /// A view without a count.
    #[must_use]
    pub fn new(value: &str, label: &str) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), count: None }
    }

    fn is_default(&self) -> bool {
        is_default(&self.value)
    }
}

impl From<ChipCount> for Tab {
    fn from(chip: ChipCount) -> Self {
        Self { value: chip.value, label: chip.label, count: Some(chip.count) }
    }
}

fn is_default(value: &str) -> bool {
    matches!(value, "" | "all")
}

/// A row of tabs; the URL's `parameter` says which one is open. Another view starts at its first page.
///
/// What they show is asked of functions, and not of signals of the component that they stand in: while the next answer is on its way, that component is gone
/// already but still on the page.
#[component]
pub fn Tabs(
    label: &'static str,
    class: &'static str,
    parameter: &'static str,
    tabs: impl Fn() -> Vec<Tab> + Send + Sync + 'static,
    chosen: impl Fn() -> String + Send + Sync + 'static,
) -> impl IntoView {
    let here = use_here();
    let links = reactive(move || {
        let (here, chosen) = (with_param(&here.get(), "cursor", None), chosen());
        let link = |tab: Tab| {
            let href = with_param(&here, parameter, (!tab.is_default()).then_some(tab.value.as_str()));
            let is_chosen = tab.value == chosen || (tab.is_default() && is_default(&chosen));
            view! { <ChipLink href label=tab.label count=tab.count chosen=is_chosen/> }
        };
        tabs().into_iter().map(link).collect_view()
    });
    view! { <nav class=class aria-label=label>{links}</nav> }
}
