//! `/board`: every number as a card on the column of where it is, dragged or moved by keyboard or by the Move to… sheet.
//!
//! The page and its header live here; state, columns, cards, verdicts and the sheet have files of their own.

mod banner;
mod card;
mod cards;
mod columns;
mod drag;
mod follow;
pub(crate) mod move_dialog;
mod picture;
mod state;
mod targets;
mod verdict;
mod window;

pub(crate) use card::{last_call_text, place_text};

use leptos::ev::Event;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::Form;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::rpc::numbers::{BoardColumn, BoardInput, BoardView, board as read_board};
use crate::ui::empty::Empty;
use crate::ui::form::LoadRefused;
use crate::ui::frame::PageHead;
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::RefusalNote;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use banner::{BoardLine, Ghost, LiveRegion};
use columns::{Columns, StoppedNote};
use move_dialog::{MoveActions, MoveDialog, MoveResult};
use picture::Picture;
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

/// What the address asks for.
fn use_input() -> Memo<BoardInput> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let text = |name| query.get(name).unwrap_or_default();
            BoardInput { q: text("q"), only: text("state"), open: text("open"), cards: text("cards").parse().unwrap_or_default() }
        })
    })
}

/// The page is made once, from the first answer. Later answers only change what differs, so that a move costs what it moves.
#[component]
fn Board() -> impl IntoView {
    let input = use_input();
    let actions = MoveActions::default();
    let state = BoardState::new(actions);
    let first = load(|| (), move |()| read_board(input.get_untracked()));
    follow::follow(state, input);
    view! {
        <div class="page-fluid board-page">
            <Transition fallback=|| view! { <PageHead title="Board"/><SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(view) => view! { <BoardBody view=view input=input state=state/> },
                        Err(error) => view! { <PageHead title="Board"/><LoadRefused error=error/> },
                    }
                })}
            </Transition>
            <MoveDialog actions=actions/>
            <LiveRegion state=state/>
            <Ghost state=state/>
        </div>
    }
}

fn subtitle(total: u32, can_move: bool) -> String {
    let numbers = if total == 1 { String::from("1 number.") } else { format!("{total} numbers.") };
    if can_move {
        format!("{numbers} Drag a card, or press Space on it and use the arrow keys.")
    } else {
        format!("{numbers} Your role reads; a member moves them.")
    }
}

#[component]
fn BoardBody(view: BoardView, input: Memo<BoardInput>, state: BoardState) -> impl IntoView {
    let (can_force, can_move) = (view.can_force, view.can_move);
    let picture = Picture::new(view, state);
    let filtered = Memo::new(move |_| input.with(|input| !input.q.is_empty() || !input.only.is_empty()));
    let nothing = Memo::new(move |_| picture.total.get() == 0 && !filtered.get());
    view! {
        <Title text="Board"/>
        <header class="page-head">
            <div class="page-head-text">
                <h1>"Board"</h1>
                <p class="page-subtitle">{move || subtitle(picture.total.get(), can_move)}</p>
            </div>
            <div class="page-actions"><Filter input=input/></div>
        </header>
        {move || nothing.get().then(|| view! {
            <Empty title="The board is empty" text="Numbers that you buy or import stand here as cards. Drop one on an agent and calls to it are answered.">
                <a class="btn btn-primary" href="/"><Icon name="search"/>"Find a number"</a>
            </Empty>
        })}
        <RefusalNote error=state.unread/>
        <ColumnTabs picture=picture/>
        <BoardLine state=state/>
        <StoppedNote state=state can_force=can_force/>
        <MoveResult actions=state.actions can_force=can_force/>
        <Columns picture=picture can_move=can_move input=input filtered=filtered state=state/>
    }
}

/// One column at a time on the phone.
#[component]
fn ColumnTabs(picture: Picture) -> impl IntoView {
    let tabs = move || {
        let tab = |column: BoardColumn| Tab { value: column.id, label: column.name, count: Some(u64::from(column.count)) };
        picture.heads.get().into_iter().map(tab).collect()
    };
    view! { <Tabs label="Columns" class="board-tabs" parameter="column" tabs chosen=move || picture.chosen.get()/> }
}

#[component]
fn Filter(input: Memo<BoardInput>) -> impl IntoView {
    let BoardInput { q, only, .. } = input.get_untracked();
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
                    <input type="search" name="q" value=q prop:value=move || input.with(|input| input.q.clone()) placeholder="Filter: digits, word, label" autocomplete="off" data-search=""/>
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
