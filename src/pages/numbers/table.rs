//! The table of numbers: sortable heads as links, one row a number, and the menu of each row.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::ListState;
use super::bulk::FORM_ID;
use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::pages::board::move_dialog::move_href;
use crate::rpc::numbers::{NumbersView, OwnedRow};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::OwnedBadges;
use crate::ui::clock::DayCells;
use crate::ui::form::NoValue;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::{Ago, When};

/// Value in the URL, head, class of the column, and which end comes first.
const SORTS: [(&str, &str, &str, &str); 4] = [
    ("number", "Number", "col-number", "ascending"),
    ("last_call", "Last call", "col-call", "descending"),
    ("renews", "Renews", "col-renews", "ascending"),
    ("monthly", "Monthly", "col-monthly num-right", "descending"),
];

#[component]
pub fn NumbersTable(view: NumbersView, sort: String, may: bool, state: ListState) -> impl IntoView {
    let here = use_here();
    let now = view.now;
    let frame = use_frame();
    let row_frame = RowFrame { now, may, may_lock: frame.can(Role::Admin), tagged: !view.tags.is_empty(), state };
    let currency = frame.currency();
    let tagged = !view.tags.is_empty();
    let sort = if sort.is_empty() { String::from("last_call") } else { sort };
    let ids: Vec<String> = view.rows.iter().filter(|row| row.restore_until.is_none()).map(|row| row.id.clone()).collect();
    let heads = SORTS.map(|(value, title, class, order)| {
        let sorted = sort == value;
        view! { <SortHead value=value title=title class=class order=order sorted=sorted/> }
    });
    let [number, last_call, renews, monthly] = heads;
    let rows = view
        .rows
        .into_iter()
        .map(|row| {
            let monthly = row.monthly.display(&currency);
            view! { <Row row=row monthly=monthly here=here frame=row_frame/> }
        })
        .collect_view();
    view! {
        <div class="table-wrap numbers-wrap">
            <table class="table numbers-table">
                <caption class="sr-only">"Your numbers, with their state, who answers and what they cost"</caption>
                <thead>
                    <tr>
                        {may.then(|| view! { <th scope="col" class="col-pick"><PickAll ids=ids state=state/></th> })}
                        {number}
                        <th scope="col" class="col-state">"State"</th>
                        <th scope="col" class="col-answer">"Who answers"</th>
                        <th scope="col" class="col-sub">"Sub-account"</th>
                        {tagged.then(|| view! { <th scope="col" class="col-tags">"Tags"</th> })}
                        {last_call}
                        {renews}
                        {monthly}
                        <th scope="col" class="col-menu"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn SortHead(value: &'static str, title: &'static str, class: &'static str, order: &'static str, sorted: bool) -> impl IntoView {
    let here = use_here();
    let href = move || with_param(&with_param(&here.get(), "cursor", None), "sort", Some(value));
    let icon = match (sorted, order) {
        (false, _) => "chevrons-up-down",
        (true, "ascending") => "arrow-up",
        (true, _) => "arrow-down",
    };
    let class = if sorted { format!("{class} col-sorted") } else { class.to_owned() };
    view! {
        <th scope="col" class=class aria-sort=sorted.then_some(order)>
            <a href=href data-noscroll="">{title}<Icon name=icon size=14/></a>
        </th>
    }
}

#[component]
fn PickAll(ids: Vec<String>, state: ListState) -> impl IntoView {
    let ids = StoredValue::new(ids);
    let all = move || state.selected.with(|selected| ids.with_value(|ids| !ids.is_empty() && ids.iter().all(|id| selected.contains(id))));
    let on_change = move |event| {
        let chosen = if event_target_checked(&event) { ids.with_value(|ids| ids.iter().cloned().collect()) } else { BTreeSet::new() };
        state.selected.set(chosen);
    };
    view! {
        <input type="checkbox" class="needs-browser" aria-label="Select all on this page" prop:checked=all on:change=on_change/>
    }
}

/// What all rows share.
#[derive(Clone, Copy)]
struct RowFrame {
    now: Timestamp,
    may: bool,
    may_lock: bool,
    /// Some number has a tag.
    tagged: bool,
    state: ListState,
}

#[component]
fn Row(row: OwnedRow, monthly: String, here: Memo<String>, frame: RowFrame) -> impl IntoView {
    let selected = frame.state.selected;
    let id = StoredValue::new(row.id.clone());
    let is_selected = Memo::new(move |_| selected.with(|selected| id.with_value(|id| selected.contains(id))));
    let released = row.restore_until.is_some();
    let on_change = move |_| {
        selected.update(|selected| {
            let id = id.get_value();
            if !selected.remove(&id) {
                selected.insert(id);
            }
        });
    };
    let pick = frame.may.then(|| {
        let box_view = (!released).then(|| {
            let label = format!("Select {}", row.phone.formatted);
            view! {
                <input
                    type="checkbox"
                    name="pick"
                    value=id.get_value()
                    form=FORM_ID
                    aria-label=label
                    prop:checked=move || is_selected.get()
                    on:change=on_change
                />
            }
        });
        view! { <td class="col-pick">{box_view}</td> }
    });
    let sub_account = match row.sub_account.clone() {
        Some(sub_account) => sub_account.name.into_any(),
        None => view! { <NoValue/> },
    };
    let last_call = match row.last_call.clone() {
        Some(call) => view! { <Ago moment=call now=frame.now/> },
        None => view! { <span class="muted">"never"</span> },
    };
    let renews = match row.renews.clone() {
        _ if released => view! { <span class="muted">"ended"</span> },
        Some(renews) => view! { <When moment=renews style="day"/> },
        None => view! { <NoValue/> },
    };
    view! {
        <tr class=move || if is_selected.get() { "is-selected" } else { "" }>
            {pick}
            <NumberCell row=row.clone()/>
            <td class="col-state"><StateCell row=row.clone() now=frame.now/></td>
            <td class="col-answer"><AnswerCell row=row.clone()/></td>
            <td class="col-sub">{sub_account}</td>
            {frame.tagged.then(|| view! { <td class="col-tags"><TagsCell tags=row.tags.clone()/></td> })}
            <td class="col-call num">{last_call}</td>
            <td class="col-renews num">{renews}</td>
            <td class="col-monthly num num-right">{monthly}</td>
            <td class="col-menu"><RowEnd row=row here=here frame=frame/></td>
        </tr>
    }
}

#[component]
fn NumberCell(row: OwnedRow) -> impl IntoView {
    let words = match (row.label.is_empty(), row.locked) {
        (false, _) => Some(row.label.clone()),
        (true, true) => Some(String::from("Locked")),
        (true, false) => None,
    };
    let page = format!("/numbers/{}", row.phone.e164);
    let spoken_lock = row.locked && !row.label.is_empty();
    view! {
        <th scope="row" class="col-number">
            <a class="number-link" href=page><Phone phone=row.phone/></a>
            {words.map(|words| view! {
                <span class="number-words muted">
                    {row.locked.then(|| view! { <Icon name="lock" size=14/> })}
                    {spoken_lock.then(|| view! { <span class="sr-only">"Locked, "</span> })}
                    {words}
                </span>
            })}
        </th>
    }
}

/// Each tag leads to the numbers that have it.
#[component]
fn TagsCell(tags: Vec<String>) -> impl IntoView {
    if tags.is_empty() {
        return view! { <NoValue/> };
    }
    let here = with_param(&use_here().get_untracked(), "cursor", None);
    tags.into_iter()
        .map(|tag| {
            let href = with_param(&here, "tag", Some(&tag));
            view! { <a class="tag" href=href data-noscroll="">{tag}</a> }
        })
        .collect_view()
        .into_any()
}

/// The states that no other column says already.
#[component]
fn StateCell(row: OwnedRow, now: Timestamp) -> impl IntoView {
    let released = row.restore_until.is_some();
    let clock = row.cool_off.clone().filter(|clock| now < clock.until.at && !released);
    let mut badges = row;
    badges.sub_account = None;
    let cooling = clock.is_some();
    badges.states.retain(|state| match state.as_str() {
        "locked" => false,
        "answered" => !cooling && !released,
        "free" | "nobody_answers" | "cool_off" => !released,
        _ => true,
    });
    view! {
        <OwnedBadges row=badges now=now/>
        {clock.map(|clock| view! { <DayCells clock=clock now=now/> })}
    }
}

#[component]
fn AnswerCell(row: OwnedRow) -> impl IntoView {
    match row.answer {
        Some(answer) => view! {
            <span class="answer">
                <span class="lamp-dot" class:lamp-lit=answer.lit aria-hidden="true"></span>
                <span class="answer-words">
                    <span>{answer.name}</span>
                    <span class="muted">{answer.detail}</span>
                </span>
            </span>
        },
        None => view! { <NoValue/> },
    }
}

/// The menu of a row, or the way to undo its release.
#[component]
fn RowEnd(row: OwnedRow, here: Memo<String>, frame: RowFrame) -> impl IntoView {
    if !frame.may {
        return ().into_any();
    }
    if row.restore_until.is_some() {
        return view! {
            <ActionForm action=frame.state.restore>
                <input type="hidden" name="id" value=row.id/>
                <button type="submit" class="btn btn-sm" aria-label=format!("Undo the release of {}", row.phone.formatted)>
                    <Icon name="undo-2"/>
                    "Undo"
                </button>
            </ActionForm>
        };
    }
    view! { <RowMenu row=row here=here frame=frame/> }
}

#[component]
fn RowMenu(row: OwnedRow, here: Memo<String>, frame: RowFrame) -> impl IntoView {
    let page = format!("/numbers/{}", row.phone.e164);
    let id = row.id.clone();
    let inside = row.sub_account.is_some();
    let lock = frame.may_lock.then(|| {
        let (value, icon, text) = if row.locked { ("0", "lock-open", "Unlock") } else { ("1", "lock", "Lock") };
        view! {
            <ActionForm action=frame.state.lock>
                <input type="hidden" name="id" value=row.id.clone()/>
                <input type="hidden" name="locked" value=value/>
                <button type="submit" class="menu-item"><Icon name=icon/>{text}</button>
            </ActionForm>
        }
    });
    // Where a release would be refused, the page says why; the menu does not offer it.
    let release = (!row.locked && !inside).then(|| {
        view! { <a class="menu-item menu-danger" href=with_param(&page, "release", Some("1"))><Icon name="phone-off"/>"Release\u{2026}"</a> }
    });
    view! {
        <details class="row-menu" data-menu="">
            <summary class="btn btn-quiet btn-icon" aria-label=format!("Actions for {}", row.phone.formatted)><Icon name="ellipsis"/></summary>
            <div class="menu menu-right">
                <a class="menu-item" href=move || move_href(&here.get(), &id) data-noscroll=""><Icon name="headphones"/>"Move to\u{2026}"</a>
                <a class="menu-item" href=with_param(&page, "label", Some("1"))><Icon name="tag"/>"Label and tags"</a>
                {lock}
                {release}
            </div>
        </details>
    }
}
