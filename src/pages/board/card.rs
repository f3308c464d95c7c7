//! One number as a card: what stands on it, and how it is selected, picked up and moved by pointer and by keyboard.

use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::prelude::*;

use super::drag;
use super::move_dialog::move_href;
use super::state::BoardState;
use crate::domain::time::Timestamp;
use crate::rpc::numbers::OwnedRow;
use crate::ui::browser;
use crate::ui::clock::{DayCells, ago_text, remaining_text};
use crate::ui::icon::Icon;
use crate::ui::phone::Phone;
use crate::ui::view::view;
use crate::ui::when::When;

/// Describes the keys of a card to screen readers; the element stands once on the page.
pub const KEYS_ID: &str = "board-keys";

/// The id of a card's element.
#[must_use]
pub fn element_id(id: &str) -> String {
    format!("card-{id}")
}

/// `San Francisco, CA`, or what the number is where it has no place.
#[must_use]
pub fn place_text(row: &OwnedRow) -> String {
    match (row.locality.as_str(), row.region.as_str()) {
        ("", "") => String::from("No fixed place"),
        ("", region) => region.to_owned(),
        (locality, "") => locality.to_owned(),
        (locality, region) => format!("{locality}, {region}"),
    }
}

/// `Called 4 min ago`, `Never used`.
#[must_use]
pub fn last_call_text(row: &OwnedRow, now: Timestamp) -> String {
    row.last_call.as_ref().map_or_else(|| String::from("Never used"), |call| format!("Called {}", ago_text(now, call.at)))
}

/// The card. A viewer's cannot be moved.
#[component]
pub fn Card(card: OwnedRow, now: Memo<Timestamp>, here: Memo<String>, can_move: bool, state: BoardState) -> impl IntoView {
    let id = StoredValue::new(card.id.clone());
    let selected = Memo::new(move |_| state.selected.with(|selected| id.with_value(|id| selected.contains(id))));
    let lifted = Memo::new(move |_| {
        state.moving.with(|moving| moving.as_ref().is_some_and(|moving| id.with_value(|id| moving.cards.iter().any(|card| card.id == *id))))
    });
    let arrived = Memo::new(move |_| state.arrived.with(|arrived| id.with_value(|id| arrived.contains(id))));
    let on_dragstart = move |event: DragEvent| {
        if let Some(ids) = id.with_value(|id| state.drag(id)) {
            browser::drag_start(&event, &ids, drag::GHOST_ID);
        }
    };
    let on_keydown = move |event: KeyboardEvent| keys(&event, &id.get_value(), can_move, state);
    let element = element_id(&card.id);
    let label = format!("{}, {}", card.phone.formatted, if card.label.is_empty() { place_text(&card) } else { card.label.clone() });
    view! {
        <li class="board-item" class:board-arrived=move || arrived.get()>
            <article
                class="board-card"
                class:board-selected=move || selected.get()
                class:board-lifted=move || lifted.get()
                id=element
                tabindex="0"
                draggable=if can_move { "true" } else { "false" }
                aria-label=label
                aria-describedby=can_move.then_some(KEYS_ID)
                on:dragstart=on_dragstart
                on:dragend=move |_| state.drag_ended()
                on:pointerdown=move |_| id.with_value(|id| state.show_ghost(id))
                on:keydown=on_keydown
            >
                <CardTop card=card.clone() here=here can_move=can_move selected=selected state=state/>
                <CardLines card=card now=now/>
            </article>
        </li>
    }
}

#[component]
fn CardTop(card: OwnedRow, here: Memo<String>, can_move: bool, selected: Memo<bool>, state: BoardState) -> impl IntoView {
    let spoken = card.phone.formatted.clone();
    let controls = can_move.then(|| {
        let (id, menu_id) = (card.id.clone(), card.id.clone());
        (
            view! {
                <input
                    type="checkbox"
                    class="board-pick needs-browser"
                    aria-label=format!("Select {spoken}")
                    prop:checked=move || selected.get()
                    on:change=move |_| state.toggle(&id)
                />
            },
            view! {
                <a
                    class="btn btn-quiet btn-icon board-menu"
                    href=move || move_href(&here.get(), &menu_id)
                    data-noscroll=""
                    draggable="false"
                    aria-label=format!("Move {spoken} to\u{2026}")
                    title="Move to\u{2026}"
                >
                    <Icon name="ellipsis"/>
                </a>
            },
        )
    });
    let (pick, menu) = controls.unzip();
    let page = format!("/numbers/{}", card.phone.e164);
    view! {
        <div class="board-card-top">
            {pick}
            <a class="board-number" href=page draggable="false">
                <Phone phone=card.phone size="sm"/>
            </a>
            {menu}
        </div>
    }
}

#[component]
fn CardLines(card: OwnedRow, now: Memo<Timestamp>) -> impl IntoView {
    let has = |state: &str| card.states.iter().any(|known| known == state);
    let badges = [
        ("imported", "plain", "import", "Imported"),
        ("unverified", "warn", "shield-question-mark", "Unverified"),
        ("past_due", "warn", "triangle-alert", "Past due"),
        ("suspended", "danger", "circle-pause", "Suspended"),
    ]
    .into_iter()
    .filter(|(state, ..)| has(state))
    .map(|(_, family, icon, text)| view! { <crate::ui::badge::Badge family=family icon=icon text=text/> })
    .collect_view();
    let has_badges = ["imported", "unverified", "past_due", "suspended"].into_iter().any(has);
    let first = match &card.sub_account {
        Some(_) => view! { <AgentLine card=card.clone()/> },
        None if card.label.is_empty() => view! { <span class="board-place">{place_text(&card)}</span> },
        None => view! { <span class="board-label">{card.label.clone()}</span> },
    };
    // What tells how long ago or how long still follows the clock; the rest of the card stays.
    let last = move || match card.cool_off.clone().filter(|clock| now.get() < clock.until.at) {
        Some(clock) => {
            let left = remaining_text(now.get().seconds_until(clock.until.at));
            view! {
                <span class="board-clock">
                    <span class="board-clock-left"><Icon name="snowflake" size=14/>{left}<span class="sr-only">" of cool-off left"</span></span>
                    <When moment=clock.until.clone()/>
                </span>
                <DayCells clock=clock now=now.get()/>
            }
        }
        None => {
            let locked = card.locked.then(|| view! { <span class="board-locked"><Icon name="lock" size=14/>"Locked"</span> });
            let full = card.last_call.as_ref().map(|call| call.full.clone());
            let called = last_call_text(&card, now.get());
            view! { <span class="board-last">{locked}<span title=full>{called}</span></span> }
        }
    };
    view! {
        {first}
        {has_badges.then_some(view! { <span class="board-badges">{badges}</span> })}
        {last}
    }
}

/// Inside a sub-account the card names its agent.
#[component]
fn AgentLine(card: OwnedRow) -> impl IntoView {
    let (lit, name) = match card.answer {
        Some(answer) => (answer.lit, answer.name),
        None => (false, String::from("No agent")),
    };
    view! {
        <span class="board-agent"><span class="lamp-dot" class:lamp-lit=lit aria-hidden="true"></span>{name}</span>
    }
}

/// Space picks up, arrows move, Enter or Space drops, Escape cancels. Without anything picked up, up and down go to the next card.
fn keys(event: &KeyboardEvent, id: &str, can_move: bool, state: BoardState) {
    if !drag::on_itself(event) {
        return;
    }
    let carrying = state.moving.with_untracked(|moving| moving.as_ref().is_some_and(|moving| moving.by_keyboard));
    match (event.key().as_str(), carrying) {
        (" ", false) if can_move => state.pick_up(id),
        (" " | "Enter", true) => {
            if let Some(over) = state.over.get_untracked() {
                state.drop_on(&over);
            }
        }
        ("ArrowRight", true) => state.step(true),
        ("ArrowLeft", true) => state.step(false),
        ("ArrowUp" | "ArrowDown", true) => {}
        ("Escape", true) => state.cancel(),
        ("ArrowDown" | "ArrowUp", false) => {
            if let Some(next) = state.neighbour(id, event.key() == "ArrowDown") {
                browser::focus(&element_id(&next));
            }
        }
        _ => return,
    }
    event.prevent_default();
}
