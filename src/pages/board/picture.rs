//! The board as it is shown: the last answer of the server, and on it the moves that the server has not answered yet. Every part follows
//! by itself, and only what differs is drawn again. No markup lives here.

use leptos::prelude::*;

use super::state::{BoardState, laid_out};
use crate::domain::time::Timestamp;
use crate::rpc::numbers::{BoardColumn, BoardView, OwnedRow};
use crate::ui::form::use_text_parameter;

/// The parts of the picture; copies share them.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    pub now: Memo<Timestamp>,
    /// Numbers on all columns, also those without a card.
    pub total: Memo<u32>,
    /// All columns with the cards that stand in them.
    pub layout: Memo<Vec<BoardColumn>>,
    /// The columns without cards, with their counts.
    pub heads: Memo<Vec<BoardColumn>>,
    /// The columns without anything that a move changes.
    pub faces: Memo<Vec<BoardColumn>>,
    /// The one that a phone shows.
    pub chosen: Memo<String>,
}

impl Picture {
    /// The picture that begins with this answer.
    #[must_use]
    pub fn new(view: BoardView, state: BoardState) -> Self {
        let begun = view.now;
        state.board.set(Some(view));
        let board = state.board;
        let columns = move || board.with(|board| board.as_ref().map(|board| board.columns.clone()).unwrap_or_default());
        let layout = Memo::new(move |_| state.placed.with(|placed| laid_out(&columns(), placed)));
        let heads = Memo::new(move |_| layout.with(|columns| columns.iter().map(head).collect::<Vec<_>>()));
        let faces = Memo::new(move |_| heads.get().into_iter().map(|column| BoardColumn { count: 0, ..column }).collect::<Vec<_>>());
        let wanted = use_text_parameter("column");
        let chosen = Memo::new(move |_| {
            let wanted = wanted.get();
            faces.with(|faces| {
                let known = faces.iter().find(|column| column.id == wanted).or_else(|| faces.first());
                known.map(|column| column.id.clone()).unwrap_or_default()
            })
        });
        Self {
            now: Memo::new(move |_| board.with(|board| board.as_ref().map_or(begun, |board| board.now))),
            total: Memo::new(move |_| board.with(|board| board.as_ref().map_or(0, |board| board.total))),
            layout,
            heads,
            faces,
            chosen,
        }
    }
}

/// A column without its cards, which are never copied for it.
fn head(column: &BoardColumn) -> BoardColumn {
    BoardColumn {
        id: column.id.clone(),
        group: column.group.clone(),
        name: column.name.clone(),
        detail: column.detail.clone(),
        lit: column.lit,
        disabled: column.disabled,
        cards: Vec::new(),
        count: column.count,
    }
}

/// What a card shows, apart from how long ago things were: a card is drawn again when this differs.
#[must_use]
pub fn card_key(card: &OwnedRow) -> String {
    let answer = card.answer.as_ref().map(|answer| (answer.name.as_str(), answer.lit));
    let clock = card.cool_off.as_ref().map(|clock| clock.until.at);
    let called = card.last_call.as_ref().map(|call| call.at);
    let place = card.sub_account.as_ref().map(|place| place.id.as_str());
    format!("{} {} {:?} {answer:?} {clock:?} {called:?} {place:?} {}", card.id, card.label, card.states, card.locked)
}
