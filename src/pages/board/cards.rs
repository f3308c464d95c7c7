//! The cards of one column. A short column has all its cards in the document, a long one a window of them that moves with the view; an
//! opened column reads on as its end comes near.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::card::Card;
use super::columns::ColumnFrame;
use super::picture::card_key;
use super::state::{MOST_CARDS, READ_ON};
use super::window::{Span, View, WHOLE, between, height_px, span, whole};
use crate::rpc::numbers::{BoardColumn, OwnedRow};
use crate::ui::browser;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// An opened column reads on when fewer pixels than this are left below the view.
const READ_ON_PX: f64 = 1_200.0;

/// A list of cards that is looked at through a window.
#[derive(Clone, Copy)]
struct Windowed {
    cards: Memo<Vec<OwnedRow>>,
    heights: Memo<Vec<f64>>,
    /// None until the browser has measured: the server sends all that it has.
    view: RwSignal<Option<View>>,
    /// How much higher cards are here than [`height_px`] says.
    scale: StoredValue<f64>,
    span: Memo<Span>,
}

impl Windowed {
    fn new(cards: Memo<Vec<OwnedRow>>, frame: ColumnFrame) -> Self {
        let heights = Memo::new(move |_| cards.with(|cards| cards.iter().map(height_px).collect::<Vec<_>>()));
        let (view, scale) = (RwSignal::new(None), StoredValue::new(1.0));
        let span = Memo::new(move |before: Option<&Span>| {
            heights.with(|heights| {
                let Some(view) = view.get() else { return whole(heights.len()) };
                let wanted = span(heights, scale.get_value(), view);
                // A browser ends a drag whose card leaves the document, so meanwhile the window only grows.
                match before.filter(|before| before.last <= heights.len() && frame.state.moving.with_untracked(Option::is_some)) {
                    Some(before) => between(heights, scale.get_value(), before.first.min(wanted.first), before.last.max(wanted.last)),
                    None => wanted,
                }
            })
        });
        Self { cards, heights, view, scale, span }
    }

    /// Looks again at what is in view. Short lists are not looked at.
    fn look(self, node: NodeRef<html::Ul>) {
        if self.heights.with_untracked(Vec::len) <= WHOLE {
            return;
        }
        let Some((top, height, content)) = browser::list_view(&node) else { return };
        let seen = View { top, height, content };
        if self.view.with_untracked(Option::is_none) {
            let sum: f64 = self.heights.with_untracked(|heights| heights.iter().sum());
            self.scale.set_value(if sum > 0.0 && seen.content > 0.0 { seen.content / sum } else { 1.0 });
        }
        self.view.set(Some(seen));
    }

    fn shown(self) -> Vec<OwnedRow> {
        let span = self.span.get();
        self.cards.with(|cards| cards.get(span.first..span.last.min(cards.len())).unwrap_or_default().to_vec())
    }
}

/// The list, and what leads to the rest of the column.
#[component]
pub fn ColumnCards(id: String, frame: ColumnFrame) -> impl IntoView {
    let here = use_here();
    let column = StoredValue::new(id);
    let cards =
        Memo::new(move |_| frame.picture.layout.with(|columns| of_column(columns, &column.get_value(), |found| found.cards.clone())));
    let count = Memo::new(move |_| frame.picture.layout.with(|columns| of_column(columns, &column.get_value(), |found| found.count)));
    let opened = Memo::new(move |_| frame.input.with(|input| column.with_value(|id| input.open == *id)));
    let node = NodeRef::<html::Ul>::new();
    let windowed = Windowed::new(cards, frame);
    let beyond = Memo::new(move |_| usize::try_from(count.get()).unwrap_or_default().saturating_sub(cards.with(Vec::len)));
    let look = move || {
        windowed.look(node);
        let near = windowed.view.get_untracked().is_none_or(|view| view.content - view.top - view.height < READ_ON_PX);
        if near && opened.get_untracked() && beyond.get_untracked() > 0 {
            frame.state.read_on(frame.input.get_untracked(), cards.with_untracked(Vec::len));
        }
    };
    // New cards change the height of the list, also where nobody has scrolled.
    Effect::new(move |_| {
        cards.track();
        opened.track();
        request_animation_frame(look);
    });
    let scrolled = window_event_listener(ev::scroll, move |_| look());
    on_cleanup(move || scrolled.remove());
    let empty = move || {
        let text = if frame.filtered.get() { "No match here" } else { "Nothing here yet" };
        cards.with(Vec::is_empty).then(|| view! { <p class="board-empty muted">{text}</p> })
    };
    view! {
        {empty}
        <ul class="board-cards" node_ref=node on:scroll=move |_| look()>
            <Space height=Signal::derive(move || windowed.span.get().above_px)/>
            <For each=move || windowed.shown() key=card_key let:card>
                <Card card=card now=frame.picture.now here=here can_move=frame.can_move state=frame.state/>
            </For>
            <Space height=Signal::derive(move || windowed.span.get().below_px)/>
        </ul>
        <More column=column known=Signal::derive(move || cards.with(Vec::len)) beyond=beyond opened=opened/>
    }
}

fn of_column<T: Default>(columns: &[BoardColumn], id: &str, part: impl Fn(&BoardColumn) -> T) -> T {
    columns.iter().find(|column| column.id == id).map(part).unwrap_or_default()
}

/// Stands for cards that are not in the document. A height goes into an attribute: the content policy forbids styles of elements.
#[component]
fn Space(height: Signal<u32>) -> impl IntoView {
    reactive(move || {
        let height = height.get();
        (height > 0).then(|| view! { <li class="board-space" aria-hidden="true"><svg width="1" height=height></svg></li> })
    })
}

/// The rest of the column: a link opens it, in an opened one a link shows more, which a script does by itself.
#[component]
fn More(column: StoredValue<String>, known: Signal<usize>, beyond: Memo<usize>, opened: Memo<bool>) -> impl IntoView {
    let here = use_here();
    reactive(move || {
        let (beyond, known, here) = (beyond.get(), known.get(), here.get());
        match (beyond, opened.get()) {
            (0, _) => ().into_any(),
            (_, false) => {
                let href = with_param(&with_param(&here, "cards", None), "open", Some(&column.get_value()));
                view! { <a class="link board-more" href=href data-noscroll="">{format!("{beyond} more")}</a> }
            }
            (_, true) if known >= MOST_CARDS => {
                view! { <p class="muted board-more">{format!("{beyond} not shown: filter to find them")}</p> }
            }
            (_, true) => {
                let href = with_param(&here, "cards", Some(&known.saturating_add(READ_ON).to_string()));
                view! { <a class="link board-more without-browser" href=href data-noscroll="">{format!("{beyond} more")}</a> }
            }
        }
    })
}
