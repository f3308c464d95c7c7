//! The columns of the board in their three groups, what each says while something is moved, and what a drop on it does.

use leptos::ev::DragEvent;
use leptos::prelude::*;

use super::card::Card;
use super::move_dialog::override_href;
use super::state::{BoardState, laid_out};
use super::verdict::{Landing, landing};
use crate::domain::code::Code;
use crate::domain::time::Timestamp;
use crate::rpc::numbers::{BoardColumn, BoardView, OwnedRow};
use crate::ui::browser;
use crate::ui::form::use_text_parameter;
use crate::ui::icon::Icon;
use crate::ui::urls::{use_here, with_param};

/// Cards that a column shows before its "more" link.
const FIRST_CARDS: usize = 8;

const GROUPS: [(&str, &str, &str); 3] =
    [("pool", "Pool", "inbox"), ("agent", "Agents", "headphones"), ("sub_account", "Sub-accounts", "building-2")];

/// All columns. `filtered` says that a filter is on, so every match is shown; `chosen` is the column that a phone shows.
#[component]
pub fn Columns(view: BoardView, chosen: String, filtered: bool, state: BoardState) -> impl IntoView {
    let whole = StoredValue::new(view.columns.clone());
    let layout = Memo::new(move |_| state.placed.with(|placed| whole.with_value(|columns| laid_out(columns, placed))));
    let frame = ColumnFrame { now: view.now, can_move: view.can_move, filtered, layout, state };
    let groups = GROUPS.into_iter().map(|(group, title, icon)| {
        let columns: Vec<BoardColumn> = view.columns.iter().filter(|column| column.group == group).cloned().collect();
        let count = columns.len();
        (count > 0).then(|| {
            let columns = columns
                .into_iter()
                .map(|column| {
                    let shown = column.id == chosen;
                    view! { <Column column=column frame=frame chosen=shown/> }
                })
                .collect_view();
            view! {
                <section class=format!("board-group board-group-{}", count.min(12)) aria-labelledby=format!("board-{group}")>
                    <h2 class="board-group-head" id=format!("board-{group}")><Icon name=icon size=16/>{title}</h2>
                    <div class="board-group-columns">{columns}</div>
                </section>
            }
        })
    });
    view! { <div class="board">{groups.collect_view()}</div> }
}

/// What all columns share.
#[derive(Clone, Copy)]
struct ColumnFrame {
    now: Timestamp,
    can_move: bool,
    filtered: bool,
    layout: Memo<Vec<BoardColumn>>,
    state: BoardState,
}

#[component]
fn Column(column: BoardColumn, frame: ColumnFrame, chosen: bool) -> impl IntoView {
    let state = frame.state;
    let id = StoredValue::new(column.id.clone());
    let target = StoredValue::new(column.clone());
    let verdict = Memo::new(move |_| {
        state.moving.with(|moving| moving.as_ref().map(|moving| target.with_value(|target| landing(&moving.cards, target, frame.now))))
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
        let shown = if chosen { "board-shown" } else { "" };
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
            <ColumnHead column=column.clone() layout=frame.layout/>
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
fn ColumnHead(column: BoardColumn, layout: Memo<Vec<BoardColumn>>) -> impl IntoView {
    let id = column.id.clone();
    let fallback = column.count;
    let count = move || layout.with(|columns| columns.iter().find(|known| known.id == id).map_or(fallback, |known| known.count));
    let sign = match column.group.as_str() {
        "agent" => view! { <span class="lamp-dot" class:lamp-lit=column.lit aria-hidden="true"></span> }.into_any(),
        "pool" => view! { <Icon name="circle-dashed" size=18/> }.into_any(),
        _ => view! { <Icon name="building-2" size=18/> }.into_any(),
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
        Landing::PutBack => view! { <p class="board-strip"><Icon name="corner-up-left"/>"Put back"</p> }.into_any(),
        Landing::Go(go) => {
            let class = if go.draft { "board-strip board-strip-warn" } else { "board-strip board-strip-go" };
            view! { <p class=class><Icon name=go.icon()/>{go.label()}</p> }.into_any()
        }
        Landing::Refused(reason) => view! {
            <div class="board-refusal">
                <p class="board-refusal-head"><Icon name="ban"/>"Would be refused"</p>
                <p>{reason.text}</p>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn ColumnCards(id: String, frame: ColumnFrame) -> impl IntoView {
    let here = use_here();
    let open = use_text_parameter("open");
    let id = StoredValue::new(id);
    let found = Memo::new(move |_| {
        frame.layout.with(|columns| {
            columns.iter().find(|column| id.with_value(|id| column.id == *id)).map(|column| (column.cards.clone(), column.count))
        })
    });
    move || {
        let (mut cards, count) = found.get().unwrap_or_default();
        let here = here.get();
        let known = cards.len();
        let opened = frame.filtered || open.with(|open| id.with_value(|id| open == id));
        if !opened {
            cards.truncate(FIRST_CARDS);
        }
        let more = known - cards.len();
        let beyond = usize::try_from(count).unwrap_or(known).saturating_sub(known);
        let empty = cards.is_empty();
        let items = cards.into_iter().map(|card: OwnedRow| {
            view! { <Card card=card now=frame.now here=here.clone() can_move=frame.can_move state=frame.state/> }
        });
        view! {
            {empty.then(|| view! { <p class="board-empty muted">{if frame.filtered { "No match here" } else { "Nothing here yet" }}</p> })}
            <ul class="board-cards">{items.collect_view()}</ul>
            {(more > 0).then(|| {
                let href = with_param(&here, "open", Some(&id.get_value()));
                view! { <a class="link board-more" href=href data-noscroll="">{format!("{more} more")}</a> }
            })}
            {(opened && beyond > 0).then(|| view! { <p class="muted board-more">{format!("{beyond} not shown: filter to find them")}</p> })}
        }
    }
}

/// A drop that was refused before anything was sent, with its reason and what can be done.
#[component]
pub fn StoppedNote(state: BoardState, can_force: bool) -> impl IntoView {
    move || {
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
    }
}
