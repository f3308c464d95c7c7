//! `/board`: every number as a card on the column of where it is, dragged or moved by keyboard or by the Move to… sheet.
//!
//! The page and its header live here; state, columns, cards, verdicts and the sheet have files of their own.

mod banner;
mod card;
mod columns;
mod drag;
mod follow;
pub(crate) mod move_dialog;
mod state;
mod targets;
mod verdict;

pub(crate) use card::{last_call_text, place_text};

use leptos::ev::Event;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Form;
use leptos_router::hooks::use_navigate;

use crate::rpc::numbers::{BoardColumn, BoardView, board as read_board};
use crate::ui::chips::ChipLink;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, use_text_parameter};
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::urls::{use_here, with_param};
use banner::{BoardLine, Ghost, LiveRegion};
use columns::{Columns, StoppedNote};
use move_dialog::{MoveActions, MoveDialog, MoveResult};
use state::BoardState;

/// States that the board can be filtered by, as the server names them.
const STATES: [(&str, &str); 7] = [
    ("", "All states"),
    ("answered", "Answered"),
    ("nobody_answers", "Nobody answers"),
    ("cool_off", "Cool-off"),
    ("locked", "Locked"),
    ("imported", "Imported"),
    ("past_due", "Past due"),
];

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    view! { <SignedIn><Board/></SignedIn> }
}

#[component]
fn Board() -> impl IntoView {
    let q = use_text_parameter("q");
    let only = use_text_parameter("state");
    let column = use_text_parameter("column");
    let actions = MoveActions::default();
    let state = BoardState::new(actions);
    let view = load(move || (q.get(), actions.version()), |(q, _)| read_board(q));
    follow::follow(state, view);
    view! {
        <div class="page-fluid board-page">
            <Transition fallback=|| view! { <PageHead title="Board"/><SkeletonRows rows=8/> }>
                {move || {
                    let (q, only, column) = (q.get(), only.get(), column.get());
                    Suspend::new(async move {
                        match view.await {
                            Ok(view) => view! { <BoardBody view=view q=q only=only column=column state=state/> }.into_any(),
                            Err(error) => view! { <PageHead title="Board"/><LoadRefused error=error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
            <MoveDialog actions=actions/>
            <LiveRegion state=state/>
            <Ghost state=state/>
        </div>
    }
}

/// The cards in that state only; the counts follow.
fn in_state(mut view: BoardView, only: &str) -> BoardView {
    if !only.is_empty() {
        for column in &mut view.columns {
            column.cards.retain(|card| card.states.iter().any(|state| state == only));
            column.count = u32::try_from(column.cards.len()).unwrap_or(u32::MAX);
        }
    }
    view
}

fn subtitle(view: &BoardView) -> String {
    let numbers = if view.total == 1 { String::from("1 number.") } else { format!("{} numbers.", view.total) };
    if view.can_move {
        format!("{numbers} Drag a card, or press Space on it and use the arrow keys.")
    } else {
        format!("{numbers} Your role reads; a member moves them.")
    }
}

#[component]
fn BoardBody(view: BoardView, q: String, only: String, column: String, state: BoardState) -> impl IntoView {
    let view = in_state(view, &only);
    state.board.set_value(Some(view.clone()));
    let filtered = !q.is_empty() || !only.is_empty();
    let can_force = view.can_force;
    let title = subtitle(&view);
    let nothing = view.total == 0 && !filtered;
    let chosen = if view.columns.iter().any(|known| known.id == column) {
        column
    } else {
        view.columns.first().map(|column| column.id.clone()).unwrap_or_default()
    };
    let tabs = view.columns.clone();
    view! {
        <PageHead title="Board" subtitle=title>
            <Filter q=q only=only/>
        </PageHead>
        {nothing.then(|| view! {
            <Empty title="The board is empty" text="Numbers that you buy or import stand here as cards. Drop one on an agent and calls to it are answered.">
                <a class="btn btn-primary" href="/"><Icon name="search"/>"Find a number"</a>
            </Empty>
        })}
        <ColumnTabs columns=tabs chosen=chosen.clone()/>
        <BoardLine state=state/>
        <StoppedNote state=state can_force=can_force/>
        <MoveResult actions=state.actions can_force=can_force/>
        <Columns view=view chosen=chosen filtered=filtered state=state/>
    }
}

/// One column at a time on the phone.
#[component]
fn ColumnTabs(columns: Vec<BoardColumn>, chosen: String) -> impl IntoView {
    let here = use_here().get_untracked();
    let tabs = columns
        .into_iter()
        .map(|column| {
            let href = with_param(&here, "column", Some(&column.id));
            let is_chosen = column.id == chosen;
            view! { <ChipLink href=href label=column.name count=u64::from(column.count) chosen=is_chosen/> }
        })
        .collect_view();
    view! { <nav class="board-tabs" aria-label="Columns">{tabs}</nav> }
}

#[component]
fn Filter(q: String, only: String) -> impl IntoView {
    let here = use_here();
    let navigate = use_navigate();
    let on_state = move |event: Event| {
        let chosen = event_target_value(&event);
        let chosen = (!chosen.is_empty()).then_some(chosen);
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&with_param(&here.get_untracked(), "state", chosen.as_deref()), options);
    };
    let options =
        STATES.into_iter().map(|(value, text)| view! { <option value=value selected=value == only>{text}</option> }).collect_view();
    view! {
        <Form action="/board" method="get" noscroll=true>
            <div class="filter-form" role="search">
                <label class="search-field">
                    <span class="sr-only">"Filter cards"</span>
                    <Icon name="search" size=18/>
                    <input type="search" name="q" value=q placeholder="Filter: digits, word, label" autocomplete="off" data-search=""/>
                </label>
                <label class="select">
                    <span class="sr-only">"State"</span>
                    <select class="field-input" name="state" on:change=on_state>{options}</select>
                    <Icon name="list-filter"/>
                </label>
                <button type="submit" class="btn without-browser">"Filter"</button>
            </div>
        </Form>
    }
}
