//! The line above the columns (what is selected, what is being moved), what a screen reader hears, and what follows the pointer.

use std::collections::BTreeSet;

use leptos::ev;
use leptos::prelude::*;

use super::card::{KEYS_ID, place_text};
use super::drag::GHOST_ID;
use super::move_dialog::move_href;
use super::state::{BoardState, Moving};
use crate::ui::icon::Icon;
use crate::ui::phone::Phone;
use crate::ui::urls::use_here;
use crate::ui::view::view;

/// Moving, else selected, else how to begin. Always there, so that the columns do not jump.
#[component]
pub fn BoardLine(state: BoardState) -> impl IntoView {
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && state.moving.with_untracked(Option::is_some) {
            state.cancel();
        }
    });
    // A column keeps its own drags to itself, so what arrives here hovers over none.
    let outside = window_event_listener(ev::dragover, move |_| state.hover(None));
    on_cleanup(move || {
        escape.remove();
        outside.remove();
    });
    let count = Memo::new(move |_| state.selected.with(BTreeSet::len));
    view! {
        <div class="board-line">
            {move || match (state.moving.get(), count.get()) {
                (Some(moving), _) => view! { <MovingBanner moving=moving state=state/> },
                (None, 0) => view! { <p class="muted board-idle">"Select several cards with their boxes to move them together."</p> },
                (None, count) => view! { <SelectionLine count=count state=state/> },
            }}
        </div>
    }
}

#[component]
fn MovingBanner(moving: Moving, state: BoardState) -> impl IntoView {
    let what = match moving.cards.as_slice() {
        [card] => format!("Moving 1 number, {}, from {}.", card.phone.formatted, moving.from),
        cards => format!("Moving {} numbers from {}.", cards.len(), moving.from),
    };
    let how = if moving.by_keyboard { "Arrow keys choose a column, Enter drops." } else { "Drop on a column." };
    view! {
        <div class="board-banner">
            <Icon name="grab" size=18/>
            <p class="board-banner-text">
                <strong>{what}</strong>
                " "
                {how}
            </p>
            <span class="board-legend" aria-hidden="true">
                <span class="board-legend-accepts"></span>"accepts"
                <span class="board-legend-refuses hatched"></span>"would refuse"
            </span>
            <button type="button" class="btn btn-sm" on:click=move |_| state.cancel()>"Cancel"<span class="kbd">"Esc"</span></button>
        </div>
    }
}

#[component]
fn SelectionLine(count: usize, state: BoardState) -> impl IntoView {
    let here = use_here();
    let href = move || {
        let ids: Vec<String> = state.selected.with(|selected| selected.iter().cloned().collect());
        move_href(&here.get(), &ids.join(","))
    };
    view! {
        <div class="board-selection">
            <strong>{format!("{count} selected")}</strong>
            <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| state.selected.update(BTreeSet::clear)>"Clear"</button>
            <a class="btn btn-primary" href=href data-noscroll="">"Move to\u{2026}"</a>
        </div>
    }
}

/// Spoken news, and the description of a card's keys.
#[component]
pub fn LiveRegion(state: BoardState) -> impl IntoView {
    view! {
        <p class="sr-only" id=KEYS_ID>"Press Space to pick the number up, left and right arrow to choose a column, Enter to drop, Escape to cancel."</p>
        <div class="sr-only" role="status" aria-live="assertive">{move || state.said.get()}</div>
    }
}

/// The picture of a drag: the card, and how many go with it.
#[component]
pub fn Ghost(state: BoardState) -> impl IntoView {
    view! {
        <div class="board-ghost" id=GHOST_ID aria-hidden="true">
            {move || {
                state
                    .ghost
                    .get()
                    .map(|(card, count)| {
                        let line = if card.label.is_empty() { place_text(&card) } else { card.label };
                        view! {
                            <div class="board-ghost-card">
                                <Phone phone=card.phone size="sm"/>
                                <span class="board-place">{line}</span>
                                {(count > 1).then(|| view! { <span class="board-ghost-count">{count}</span> })}
                            </div>
                        }
                    })
            }}
        </div>
    }
}
