//! What the board remembers between two answers of the server: the selection, what is being moved and where it hovers,
//! and where moved cards stand until the server has answered. No markup lives here; verdicts come from [`super::verdict`].

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use super::card::element_id;
use super::move_dialog::MoveActions;
use super::verdict::{Landing, Reason, Verdict, home, landing, verdict};
use crate::rpc::error::AppError;
use crate::rpc::numbers::{BoardColumn, BoardInput, BoardView, MoveNumbers, OwnedRow, board as read_board};
use crate::ui::browser;

/// Cards that an opened column shows at most; the server gives no more.
pub const MOST_CARDS: usize = 600;
/// Cards that an opened column reads on at once.
pub const READ_ON: usize = 96;

/// Numbers that were picked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    pub cards: Vec<OwnedRow>,
    /// The name of the column they come from, or how many columns.
    pub from: String,
    pub by_keyboard: bool,
}

impl Moving {
    /// `(510) 555-0107`, or `2 numbers`.
    #[must_use]
    pub fn what(&self) -> String {
        what(&self.cards)
    }
}

/// `(510) 555-0107`, or `2 numbers`.
#[must_use]
pub fn what(cards: &[OwnedRow]) -> String {
    match cards {
        [card] => card.phone.formatted.clone(),
        _ => format!("{} numbers", cards.len()),
    }
}

/// A drop that was refused before anything was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    pub what: String,
    pub column: String,
    pub reason: Reason,
    /// The first of the numbers, for the operator's override.
    pub id: String,
}

/// The board's own state; copies share it.
#[derive(Debug, Clone, Copy)]
pub struct BoardState {
    pub actions: MoveActions,
    /// The last answer of the server.
    pub board: RwSignal<Option<BoardView>>,
    /// Why the board could not be read again; what is shown is then old.
    pub unread: RwSignal<Option<AppError>>,
    /// Counts readings: of two on their way the later one counts.
    turn: StoredValue<u32>,
    /// The opened column, and how many cards of it were asked for.
    reading: StoredValue<(String, u32)>,
    pub selected: RwSignal<BTreeSet<String>>,
    /// What is under the pointer, known before the page shows it: a browser gives up a drag whose card moves in the very
    /// moment it starts, so [`Self::moving`] follows one frame later.
    dragged: StoredValue<Option<Moving>>,
    pub moving: RwSignal<Option<Moving>>,
    /// The column under the pointer, or the one the arrow keys chose.
    pub over: RwSignal<Option<String>>,
    /// Cards that stand elsewhere until the server has answered.
    pub placed: RwSignal<BTreeMap<String, String>>,
    /// Cards that just found their place, for the motion.
    pub arrived: RwSignal<BTreeSet<String>>,
    /// A move that needs a question first: ids and column.
    pub asking: RwSignal<Option<(String, String)>>,
    pub stopped: RwSignal<Option<Stopped>>,
    /// The number and the count on the ghost that follows the pointer, ready before the drag starts.
    pub ghost: RwSignal<Option<(OwnedRow, usize)>>,
    /// What a screen reader hears.
    pub said: RwSignal<String>,
    /// The card that the keyboard moved: it keeps the focus when the board is drawn again.
    pub follow: StoredValue<Option<String>>,
}

impl BoardState {
    #[must_use]
    pub fn new(actions: MoveActions) -> Self {
        Self {
            actions,
            board: RwSignal::new(None),
            unread: RwSignal::new(None),
            turn: StoredValue::new(0),
            reading: StoredValue::new((String::new(), 0)),
            selected: RwSignal::default(),
            dragged: StoredValue::new(None),
            moving: RwSignal::new(None),
            over: RwSignal::new(None),
            placed: RwSignal::default(),
            arrived: RwSignal::default(),
            asking: RwSignal::new(None),
            stopped: RwSignal::new(None),
            ghost: RwSignal::new(None),
            said: RwSignal::default(),
            follow: StoredValue::new(None),
        }
    }

    /// Reads the board again.
    pub fn read(self, input: BoardInput) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        let read_on = self.reading.with_value(|(open, cards)| if *open == input.open { *cards } else { 0 });
        let input = BoardInput { cards: input.cards.max(read_on), ..input };
        leptos::task::spawn_local(async move {
            let answer = read_board(input).await;
            if self.turn.try_get_value() == Some(turn) {
                self.take(answer);
            }
        });
    }

    /// A new picture takes the place of what was shown ahead of it.
    fn take(self, answer: Result<BoardView, AppError>) {
        match answer {
            Ok(view) => {
                self.unread.set(None);
                self.board.set(Some(view));
                if !self.actions.mover.pending().get_untracked() && !self.placed.with_untracked(BTreeMap::is_empty) {
                    self.placed.update(BTreeMap::clear);
                }
                if let Some(id) = self.follow.get_value() {
                    self.follow.set_value(None);
                    request_animation_frame(move || browser::focus(&element_id(&id)));
                }
            }
            Err(error) => self.unread.set(Some(error)),
        }
    }

    /// Asks for more cards of the opened column than the `known` ones, unless they are asked for already.
    pub fn read_on(self, input: BoardInput, known: usize) {
        let wanted = u32::try_from(known.saturating_add(READ_ON).min(MOST_CARDS)).unwrap_or_default();
        let asked = self.reading.with_value(|(open, cards)| *open == input.open && *cards >= wanted);
        if !asked && known < MOST_CARDS {
            self.reading.set_value((input.open.clone(), wanted));
            self.read(input);
        }
    }

    /// Adds a card to the selection or takes it out.
    pub fn toggle(self, id: &str) {
        self.selected.update(|selected| {
            if !selected.remove(id) {
                selected.insert(id.to_owned());
            }
        });
    }

    /// The card, or the whole selection where the card belongs to it, in the order of the board.
    #[must_use]
    pub fn together(self, id: &str) -> Vec<OwnedRow> {
        let selected = self.selected.get_untracked();
        let wanted = |card: &OwnedRow| if selected.contains(id) { selected.contains(&card.id) } else { card.id == id };
        self.board.with_untracked(|board| {
            let columns = board.iter().flat_map(|board| &board.columns);
            columns.flat_map(|column| &column.cards).filter(|card| wanted(card)).cloned().collect()
        })
    }

    fn column(self, id: &str) -> Option<BoardColumn> {
        self.board.with_untracked(|board| board.as_ref()?.columns.iter().find(|column| column.id == id).cloned())
    }

    fn gather(self, id: &str, by_keyboard: bool) -> Option<Moving> {
        let cards = self.together(id);
        let homes: BTreeSet<String> = cards.iter().map(home).collect();
        let from = match homes.len() {
            0 => return None,
            1 => homes.first().and_then(|home| self.column(home)).map(|column| column.name).unwrap_or_default(),
            several => format!("{several} columns"),
        };
        Some(Moving { cards, from, by_keyboard })
    }

    /// A press on a card: a drag may follow, and its picture has to be drawn by then.
    pub fn show_ghost(self, id: &str) {
        let cards = self.together(id);
        let held = cards.iter().find(|card| card.id == id).cloned();
        self.ghost.set(held.map(|card| (card, cards.len())));
    }

    /// The pointer starts to drag a card. Answers the ids that go with it, joined by commas.
    pub fn drag(self, id: &str) -> Option<String> {
        let moving = self.gather(id, false)?;
        let ids: Vec<&str> = moving.cards.iter().map(|card| card.id.as_str()).collect();
        let ids = ids.join(",");
        self.stopped.set(None);
        self.dragged.set_value(Some(moving));
        request_animation_frame(move || {
            self.moving.try_set(self.dragged.try_get_value().flatten());
        });
        Some(ids)
    }

    /// Space on a card.
    pub fn pick_up(self, id: &str) {
        let Some(moving) = self.gather(id, true) else { return };
        let first = moving.cards.first().map(home);
        self.said.set(format!(
            "{} picked up from {}. Left and right arrow choose a column, Enter drops, Escape cancels.",
            moving.what(),
            moving.from
        ));
        self.stopped.set(None);
        self.dragged.set_value(Some(moving.clone()));
        self.moving.set(Some(moving));
        self.over.set(first);
    }

    /// What a drop on that column would do now.
    #[must_use]
    pub fn landing_on(self, column: &str) -> Option<Landing> {
        let moving = self.dragged.get_value()?;
        let target = self.column(column)?;
        let now = self.board.with_untracked(|board| board.as_ref().map(|board| board.now))?;
        Some(landing(&moving.cards, &target, now))
    }

    /// The pointer is over a column, or over none.
    pub fn hover(self, column: Option<&str>) {
        if self.over.with_untracked(|over| over.as_deref() != column) {
            self.over.set(column.map(str::to_owned));
        }
    }

    /// An arrow key: the next column to that side.
    pub fn step(self, forward: bool) {
        let ids: Vec<(String, String)> = self.board.with_untracked(|board| {
            board.iter().flat_map(|board| &board.columns).map(|column| (column.id.clone(), column.name.clone())).collect()
        });
        let over = self.over.get_untracked();
        let here = ids.iter().position(|(id, _)| Some(id) == over.as_ref()).unwrap_or_default();
        let next = if forward { here.saturating_add(1) } else { here.saturating_sub(1) };
        let Some((id, name)) = ids.get(next) else { return };
        self.over.set(Some(id.clone()));
        let verdict = self.landing_on(id).map(|landing| landing.spoken()).unwrap_or_default();
        self.said.set(format!("{name}: {verdict}"));
    }

    /// Puts everything down where it was.
    pub fn cancel(self) {
        let Some(moving) = self.dragged.get_value() else { return };
        self.finish();
        self.said.set(format!("Cancelled. {} stays in {}.", moving.what(), moving.from));
    }

    fn finish(self) {
        self.dragged.set_value(None);
        self.moving.set(None);
        self.over.set(None);
    }

    /// The drag has ended: by a drop that went before, by Escape, or over a column that refuses.
    pub fn drag_ended(self) {
        if self.dragged.with_value(Option::is_none) {
            self.finish();
            return;
        }
        let over = self.over.get_untracked();
        match over.as_deref().and_then(|over| self.landing_on(over)) {
            Some(Landing::Refused(_)) => self.drop_on(&over.unwrap_or_default()),
            _ => self.cancel(),
        }
    }

    /// Drops on a column: moves at once, asks first, or says why not.
    pub fn drop_on(self, column: &str) {
        let (Some(moving), Some(target), Some(landing)) = (self.dragged.get_value(), self.column(column), self.landing_on(column)) else {
            self.finish();
            return;
        };
        match landing {
            Landing::PutBack => self.cancel(),
            Landing::Refused(reason) => {
                let id = moving.cards.first().map(|card| card.id.clone()).unwrap_or_default();
                self.finish();
                self.said.set(format!("{} was refused. {} Nothing was changed.", target.name, reason.text));
                self.stopped.set(Some(Stopped { what: moving.what(), column: target.name, reason, id }));
            }
            Landing::Go(go) => {
                let ids = go.ids.join(",");
                if moving.by_keyboard {
                    self.follow.set_value(go.ids.first().cloned());
                }
                self.finish();
                if go.asks {
                    self.asking.set(Some((ids, target.id)));
                } else {
                    self.place(&moving, &target);
                    if let Some(id) = self.follow.get_value() {
                        request_animation_frame(move || browser::focus(&element_id(&id)));
                    }
                    self.said.set(format!("{} dropped on {}.", moving.what(), target.name));
                    self.selected.update(BTreeSet::clear);
                    self.actions.mover.dispatch(MoveNumbers { ids, target: target.id });
                }
            }
        }
    }

    /// Shows the cards that will be accepted in their new column before the server has answered.
    fn place(self, moving: &Moving, target: &BoardColumn) {
        let Some(now) = self.board.with_untracked(|board| board.as_ref().map(|board| board.now)) else { return };
        let goes = |card: &&OwnedRow| matches!(verdict(card, target, now), Verdict::Accept(_) | Verdict::Warn(_));
        let ids: Vec<String> = moving.cards.iter().filter(goes).map(|card| card.id.clone()).collect();
        self.arrived.set(ids.iter().cloned().collect());
        self.placed.update(|placed| placed.extend(ids.into_iter().map(|id| (id, target.id.clone()))));
    }

    /// Brings cards back to where the server still has them.
    pub fn roll_back(self, ids: &[String]) {
        self.placed.update(|placed| placed.retain(|id, _| !ids.contains(id)));
        self.arrived.set(ids.iter().cloned().collect());
    }

    /// The card that the focus goes to from `id`: the one above or below it in its column.
    #[must_use]
    pub fn neighbour(self, id: &str, below: bool) -> Option<String> {
        self.board.with_untracked(|board| {
            let columns = &board.as_ref()?.columns;
            let cards = &columns.iter().find(|column| column.cards.iter().any(|card| card.id == id))?.cards;
            let here = cards.iter().position(|card| card.id == id)?;
            let next = if below { here.checked_add(1)? } else { here.checked_sub(1)? };
            cards.get(next).map(|card| card.id.clone())
        })
    }
}

/// The columns with the moved cards in their new places, on top.
#[must_use]
pub fn laid_out(columns: &[BoardColumn], placed: &BTreeMap<String, String>) -> Vec<BoardColumn> {
    let mut laid: Vec<BoardColumn> = columns.to_vec();
    for (id, target) in placed {
        if !laid.iter().any(|column| column.id == *target) {
            continue;
        }
        let mut lifted = None;
        for column in &mut laid {
            if let Some(position) = column.cards.iter().position(|card| card.id == *id) {
                column.count = column.count.saturating_sub(1);
                lifted = Some(column.cards.remove(position));
            }
        }
        if let (Some(card), Some(column)) = (lifted, laid.iter_mut().find(|column| column.id == *target)) {
            column.count = column.count.saturating_add(1);
            column.cards.insert(0, card);
        }
    }
    laid
}
