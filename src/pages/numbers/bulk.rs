//! What is done to several selected numbers at once begins here: the bar that floats while something is selected, and for a browser
//! without JavaScript a form under the list that the ticked boxes belong to. Both lead to the same preview, which is in [`super::plan`].

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::ListState;
use crate::domain::account::Role;
use crate::rpc::numbers::OwnedRow;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// The form that ticked boxes belong to.
pub const FORM_ID: &str = "picked-numbers";

/// A work by its name in the address, its icon, and its words on a button.
type Work = (&'static str, &'static str, &'static str);

const MOVE: Work = ("move", "headphones", "Move to\u{2026}");
const LABEL: Work = ("label", "pencil", "Label\u{2026}");
const TAG: Work = ("tag", "tag", "Tag\u{2026}");
const LOCK: Work = ("lock", "lock", "Lock\u{2026}");
const UNLOCK: Work = ("unlock", "lock-open", "Unlock\u{2026}");
const UNASSIGN: Work = ("unassign", "unplug", "Unassign\u{2026}");
const RELEASE: Work = ("release", "phone-off", "Release\u{2026}");

/// The address of a work's preview.
fn plan_href(here: &str, work: &str, ids: &str) -> String {
    with_param(&with_param(&with_param(&with_param(here, "done", None), "value", None), "pick", Some(ids)), "bulk", Some(work))
}

/// The bar at the foot of the page, while something is selected. Rows are those of this page.
#[component]
pub fn BulkBar(rows: Vec<OwnedRow>, total: u64, state: ListState) -> impl IntoView {
    let here = use_here();
    let may_lock = use_frame().can(Role::Admin);
    let rows = StoredValue::new(rows);
    let chosen = move || {
        let selected = state.selected.get();
        rows.with_value(|rows| rows.iter().filter(|row| selected.contains(&row.id)).cloned().collect::<Vec<_>>())
    };
    reactive(move || {
        let chosen = chosen();
        (!chosen.is_empty()).then(|| {
            let ids = chosen.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(",");
            let lock = may_lock.then_some(if chosen.iter().all(|row| row.locked) { UNLOCK } else { LOCK });
            let unassign = chosen.iter().any(|row| row.agent_id.is_some()).then_some(UNASSIGN);
            let works = [Some(MOVE), Some(LABEL), Some(TAG), lock, unassign, Some(RELEASE)];
            let links = works.into_iter().flatten().map(|(work, icon, text)| {
                let href = plan_href(&here.get(), work, &ids);
                let class = if work == RELEASE.0 { "bulk-btn bulk-danger" } else { "bulk-btn" };
                view! { <a class=class href=href data-noscroll=""><Icon name=icon/>{text}</a> }
            });
            view! {
                <section class="bulk-bar" aria-label="Selected numbers">
                    <p class="bulk-count" role="status">
                        <strong>{format!("{} selected", chosen.len())}</strong>
                        <span>{format!(" of {total}")}</span>
                    </p>
                    {links.collect_view()}
                    <button
                        type="button"
                        class="bulk-btn bulk-close"
                        aria-label="Clear the selection"
                        on:click=move |_| state.selected.update(BTreeSet::clear)
                    >
                        <Icon name="x"/>
                    </button>
                </section>
            }
        })
    })
}

/// The same for a browser without JavaScript: the form that takes the ticked boxes to the preview, and keeps the list as it is.
#[component]
pub fn PickedForm() -> impl IntoView {
    let here = use_here().get_untracked();
    let may_lock = use_frame().can(Role::Admin);
    let kept = kept(&here).into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    let locks = [LOCK, UNLOCK].into_iter().filter(move |_| may_lock);
    let works = [MOVE, LABEL, TAG].into_iter().chain(locks).chain([UNASSIGN, RELEASE]);
    let buttons = works.map(|(work, icon, text)| {
        let class = if work == RELEASE.0 { "btn btn-sm btn-danger-line" } else { "btn btn-sm" };
        view! { <button type="submit" name="bulk" value=work class=class><Icon name=icon/>{text}</button> }
    });
    view! {
        <form class="picked-form without-browser" id=FORM_ID action="/numbers" method="get" aria-label="Ticked numbers">
            {kept}
            <span class="muted">"With the ticked numbers:"</span>
            {buttons.collect_view()}
        </form>
    }
}

/// The parameters of the list that a preview keeps, decoded.
fn kept(here: &str) -> Vec<(String, String)> {
    let query = here.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let listed = |(name, _): &(&str, &str)| ["q", "chip", "drift", "tag", "sort", "cursor"].contains(name);
    pairs.filter(listed).map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

/// A percent-encoded value as text; what is no encoding stays as it is.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let hex = || {
            let digits = rest.clone().take(2).collect::<Vec<_>>();
            u8::from_str_radix(std::str::from_utf8(&digits).ok().filter(|digits| digits.len() == 2)?, 16).ok()
        };
        match (byte, hex()) {
            (b'%', Some(decoded)) => {
                bytes.push(decoded);
                rest.nth(1);
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_keeps_the_list_and_forgets_the_last_outcome() {
        let href = plan_href("/numbers?chip=free&done=lock%2C1&value=x", "label", "a,b");
        assert_eq!(href, "/numbers?chip=free&pick=a%2Cb&bulk=label");
    }

    #[test]
    fn only_what_lists_is_kept() {
        let kept = kept("/numbers?q=%2B1+415%25&pick=a&bulk=lock&sort=number");
        assert_eq!(kept, [("q", "+1 415%"), ("sort", "number")].map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(decoded("100%"), "100%");
    }
}
