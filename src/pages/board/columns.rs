//! The columns of the board in their three groups, what each says while something is moved, and what a drop on it does.

use leptos::ev::DragEvent;
use leptos::prelude::*;

use super::cards::ColumnCards;
use super::move_dialog::override_href;
use super::picture::Picture;
use super::state::BoardState;
use super::verdict::{Landing, landing};
use crate::domain::code::Code;
use crate::rpc::numbers::{BoardColumn, BoardInput};
use crate::ui::browser;
use crate::ui::icon::Icon;
use crate::ui::view::{reactive, view};

const GROUPS: [(&str, &str, &str); 3] =
    [("pool", "Pool", "inbox"), ("agent", "Agents", "headphones"), ("sub_account", "Sub-accounts", "building-2")];

/// All columns. `filtered` says that a filter is on.
#[component]
pub fn Columns(picture: Picture, can_move: bool, input: Memo<BoardInput>, filtered: Memo<bool>, state: BoardState) -> impl IntoView {
    let frame = ColumnFrame { picture, can_move, input, filtered, state };
    let groups = move || {
        let faces = picture.faces.get();
        let group = |(group, title, icon): (&'static str, &'static str, &'static str)| {
            let columns: Vec<BoardColumn> = faces.iter().filter(|column| column.group == group).cloned().collect();
            let count = columns.len();
            (count > 0).then(|| {
                let columns = columns.into_iter().map(|column| view! { <Column column=column frame=frame/> }).collect_view();
                view! {
                    <section class=format!("board-group board-group-{}", count.min(12)) aria-labelledby=format!("board-{group}")>
                        <h2 class="board-group-head" id=format!("board-{group}")><Icon name=icon size=16/>{title}</h2>
                        <div class="board-group-columns">{columns}</div>
                    </section>
                }
            })
        };
        GROUPS.into_iter().map(group).collect_view()
    };
    view! { <div class="board">{groups}</div> }
}

/// What all columns share.
#[derive(Clone, Copy)]
pub struct ColumnFrame {
    pub picture: Picture,
    pub can_move: bool,
    pub input: Memo<BoardInput>,
    pub filtered: Memo<bool>,
    pub state: BoardState,
}

#[component]
fn Column(column: BoardColumn, frame: ColumnFrame) -> impl IntoView {
    let state = frame.state;
    let id = StoredValue::new(column.id.clone());
    let target = StoredValue::new(column.clone());
    let verdict = Memo::new(move |_| {
        let now = frame.picture.now.get();
        state.moving.with(|moving| moving.as_ref().map(|moving| target.with_value(|target| landing(&moving.cards, target, now))))
    });
    let over = Memo::new(move |_| state.over.with(|over| id.with_value(|id| over.as_ref() == Some(id))));
    let on_over = move |event: DragEvent| {
        let Some(landing) = id.with_value(|id| state.landing_on(id)) else { return };
        event.stop_propagation();
        id.with_value(|id| state.hover(Some(id)));
        // No welcome where all would be refused: the browser then shows that a drop is not possible and sends none.
        if !matches!(landing, Landing::Refused(_)) {
            browser::drag_welcome(&event);
        }
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        id.with_value(|id| state.drop_on(id));
    };
    let class = move || {
        let verdict = verdict.with(|verdict| verdict.as_ref().map_or("", verdict_class));
        let over = if over.get() { "board-over" } else { "" };
        let shown = if frame.picture.chosen.with(|chosen| id.with_value(|id| chosen == id)) { "board-shown" } else { "" };
        format!("board-column {verdict} {over} {shown}")
    };
    let (labelled_by, name) = (format!("column-{}", column.id), column.id.clone());
    view! {
        <section
            class=class
            aria-labelledby=labelled_by
            data-column=name
            on:dragenter=on_over
            on:dragover=on_over
            on:drop=on_drop
        >
            <ColumnHead column=column.clone() heads=frame.picture.heads/>
            <div class="board-verdict">
                {move || verdict.get().map(|landing| view! { <VerdictStrip landing=landing/> })}
            </div>
            <ColumnCards id=column.id frame=frame/>
        </section>
    }
}

const fn verdict_class(landing: &Landing) -> &'static str {
    match landing {
        Landing::PutBack => "board-origin",
        Landing::Go(go) if go.draft => "board-warns",
        Landing::Go(_) => "board-accepts",
        Landing::Refused(_) => "board-refuses hatched",
    }
}

#[component]
fn ColumnHead(column: BoardColumn, heads: Memo<Vec<BoardColumn>>) -> impl IntoView {
    let id = column.id.clone();
    let count = move || heads.with(|columns| columns.iter().find(|known| known.id == id).map_or(0, |known| known.count));
    let sign = match column.group.as_str() {
        "agent" => view! { <span class="lamp-dot" class:lamp-lit=column.lit aria-hidden="true"></span> },
        "pool" => view! { <Icon name="circle-dashed" size=18/> },
        _ => view! { <Icon name="building-2" size=18/> },
    };
    view! {
        <header class="board-column-head">
            <h3 class="board-column-name" id=format!("column-{}", column.id)>{sign}<span>{column.name}</span></h3>
            <span class="board-count num">{count}<span class="sr-only">" numbers"</span></span>
            <p class="board-detail muted">{column.detail}</p>
        </header>
    }
}

/// What a drop here would do.
#[component]
fn VerdictStrip(landing: Landing) -> impl IntoView {
    match landing {
        Landing::PutBack => view! { <p class="board-strip"><Icon name="corner-up-left"/>"Put back"</p> },
        Landing::Go(go) => {
            let class = if go.draft { "board-strip board-strip-warn" } else { "board-strip board-strip-go" };
            view! { <p class=class><Icon name=go.icon()/>{go.label()}</p> }
        }
        Landing::Refused(reason) => view! {
            <div class="board-refusal">
                <p class="board-refusal-head"><Icon name="ban"/>"Would be refused"</p>
                <p>{reason.text}</p>
            </div>
        },
    }
}

/// A drop that was refused before anything was sent, with its reason and what can be done.
#[component]
pub fn StoppedNote(state: BoardState, can_force: bool) -> impl IntoView {
    reactive(move || {
        state.stopped.get().map(|stopped| {
            let force = (can_force && stopped.reason.code == Code::DidCoolOffInEffect)
                .then(|| view! { <a class="btn btn-sm btn-danger-line" href=override_href(&stopped.id)>"Override\u{2026}"</a> });
            view! {
                <div class="board-stopped">
                    <Icon name="ban" size=20/>
                    <p>
                        <strong>{format!("{} refuses {}. ", stopped.column, stopped.what)}</strong>
                        {stopped.reason.text}
                        " Nothing was changed."
                    </p>
                    {force}
                    <button type="button" class="btn btn-quiet btn-icon btn-sm" aria-label="Dismiss" on:click=move |_| state.stopped.set(None)>
                        <Icon name="x"/>
                    </button>
                </div>
            }
        })
    })
}
