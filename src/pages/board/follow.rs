//! What follows a move: cards roll back where the server refused, the news is spoken, focus stays on the moved card, and
//! the clocks on the cards stay right while the page is open. Effects only; no markup.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::move_dialog::move_href;
use super::state::BoardState;
use crate::rpc::numbers::{BoardInput, MoveOutcome};
use crate::ui::browser;
use crate::ui::browser::scroll_row_to;
use crate::ui::toast::toast;
use crate::ui::urls::{use_here, with_param};

/// Cards count days and hours, so once a minute is enough.
const REFRESH_EVERY_MS: u32 = 60_000;

/// Sets up everything that runs beside the board.
pub fn follow(state: BoardState, input: Memo<BoardInput>) {
    answers(state);
    questions(state);
    carried(state);
    Effect::watch(move || (input.get(), state.actions.version()), move |_, _, _| state.read(input.get_untracked()), false);
    Effect::new(move |_| {
        state.board.track();
        request_animation_frame(|| scroll_row_to(".board-tabs", ".board-tabs [aria-current]"));
    });
    Effect::new(move |_| {
        let ticking = browser::set_interval(REFRESH_EVERY_MS, move || {
            let busy = state.actions.mover.pending().get_untracked() || state.moving.with_untracked(Option::is_some);
            if !busy && !browser::dialog_is_open() {
                state.read(input.get_untracked());
            }
        });
        on_cleanup(move || drop(ticking));
    });
}

fn answers(state: BoardState) {
    let mover = state.actions.mover;
    Effect::watch(
        move || mover.version().get(),
        move |_, _, _| match mover.value().get_untracked() {
            Some(Ok(outcome)) => answered(state, &outcome),
            Some(Err(error)) => {
                let all: Vec<String> = state.placed.with_untracked(|placed| placed.keys().cloned().collect());
                state.roll_back(&all);
                state.said.set(format!("Refused. {error} {} Nothing was changed.", error.code().remedy()));
            }
            None => {}
        },
        false,
    );
}

fn answered(state: BoardState, outcome: &MoveOutcome) {
    let stayed: Vec<String> = outcome.rows.iter().filter(|row| row.refusal.is_some()).map(|row| row.id.clone()).collect();
    let name = state.board.with_untracked(|board| {
        let columns = board.iter().flat_map(|board| &board.columns);
        columns.filter(|column| column.id == outcome.target).map(|column| column.name.clone()).next()
    });
    let place = name.unwrap_or_else(|| String::from("its new place"));
    state.selected.update(BTreeSet::clear);
    if stayed.is_empty() {
        let what = match outcome.rows.as_slice() {
            [row] => format!("{} moved", row.phone.formatted),
            rows => format!("{} numbers moved", rows.len()),
        };
        state.said.set(format!("{what} to {place}."));
        toast(what, format!("Now in {place}."));
    } else {
        state.roll_back(&stayed);
        state.said.set(format!(
            "{} of {} moved to {place}. The others were refused and stay where they are.",
            outcome.moved,
            outcome.rows.len()
        ));
    }
}

/// The column that the arrow keys chose comes into view.
fn carried(state: BoardState) {
    Effect::new(move |_| {
        let Some(column) = state.over.get() else { return };
        if state.moving.with_untracked(|moving| moving.as_ref().is_some_and(|moving| moving.by_keyboard)) {
            scroll_row_to(".board", &format!("[data-column=\"{column}\"]"));
        }
    });
}

/// A drop that asks first opens the question, which lives in the URL.
fn questions(state: BoardState) {
    let here = use_here();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let Some((ids, column)) = state.asking.get() else { return };
        state.asking.set(None);
        let href = with_param(&move_href(&here.get_untracked(), &ids), "to", Some(&column));
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
}
