//! The hold tray: every live hold of the viewer with its clock, on all pages of the frame. Announcing, polling and keys live in
//! [`watch`], one hold's card in [`card`]. Holding a number is the search page's.

mod card;
mod watch;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

pub use self::card::ExtendForm;
use self::card::HoldCard;
use super::clock::{Countdown, countdown_text, urgency, use_remaining_s};
use super::frame::use_frame;
use super::icon::Icon;
use super::refusal_words::refusal_text;
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::rpc::holds::{self, ExtendHold, HoldView, ReleaseHold, TrayView};
use crate::ui::load::{Load, load};
use crate::ui::view::{reactive, view};

/// Names the panel in a document.
pub const PANEL: &str = ".tray-fold";

/// The viewer's holds and what can be done with them, shared by the frame and the search page.
#[derive(Clone, Copy)]
pub struct TrayContext {
    pub view: Load<Result<TrayView, AppError>>,
    pub extend: ServerAction<ExtendHold>,
    pub release: ServerAction<ReleaseHold>,
    readings: RwSignal<u32>,
    changes: RwSignal<u32>,
    /// A change that this page made itself, so that the reading after it is no news.
    told: StoredValue<bool>,
    /// The last reading, for what happens outside of views.
    seen: StoredValue<Option<TrayView>>,
}

impl std::fmt::Debug for TrayContext {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TrayContext").finish_non_exhaustive()
    }
}

impl TrayContext {
    /// Reads the holds again.
    pub fn refetch(&self) {
        self.readings.update(|count| *count += 1);
    }

    /// This page changed a hold: reads again and lets the other tabs know.
    pub fn changed(&self) {
        self.told.set_value(true);
        self.changes.update(|count| *count += 1);
        self.refetch();
        watch::tell_other_tabs();
    }

    /// Tracked; grows when the holds have changed, so that rows and quotes are read again with them.
    #[must_use]
    pub fn changes(&self) -> u32 {
        self.changes.get()
    }
}

/// Makes the tray's context. Once, by the frame.
pub fn provide_tray() {
    let readings = RwSignal::new(0_u32);
    let context = TrayContext {
        view: load(move || readings.get(), |_| holds::tray()),
        extend: ServerAction::new(),
        release: ServerAction::new(),
        readings,
        changes: RwSignal::new(0),
        told: StoredValue::new(false),
        seen: StoredValue::new(None),
    };
    provide_context(context);
    Effect::new(move |before: Option<(usize, usize)>| {
        let versions = (context.extend.version().get(), context.release.version().get());
        if before.is_some_and(|before| before != versions) {
            context.changed();
        }
        versions
    });
}

/// The tray's context; the frame provides it to all pages.
#[must_use]
pub fn use_tray() -> TrayContext {
    expect_context()
}

/// The badge "Held for you, 12:41 left", which turns to warn near the end.
#[component]
pub fn HeldBadge(now: Timestamp, expires_at: Timestamp) -> impl IntoView {
    let left_s = use_remaining_s(expires_at, now);
    let class = move || match urgency(left_s.get()) {
        "" => "badge badge-lamp",
        "is-warn" => "badge badge-warn",
        _ => "badge badge-danger",
    };
    let text = reactive(move || match left_s.get() {
        0 => view! { <span>"Your hold has ended"</span> },
        left => view! { <span><b>"Held for you,"</b> " " <span class="num">{countdown_text(left)}</span> " left"</span> },
    });
    view! { <span class=class role="timer"><Icon name="timer" size=14/> {text}</span> }
}

/// The tray itself, at the foot of every page: nothing without holds, unless the last press on one was refused.
#[component]
pub fn Tray() -> impl IntoView {
    let tray = use_tray();
    let fold = NodeRef::<html::Details>::new();
    let news = watch::start(tray, fold);
    view! {
        <p class="sr-only" aria-live="polite">{move || news.polite.get()}</p>
        <p class="sr-only" aria-live="assertive">{move || news.urgent.get()}</p>
        <Transition>
            {move || Suspend::new(async move {
                match tray.view.await {
                    Ok(view) if view.holds.is_empty() => Some(view! { <EmptyTray/> }),
                    Ok(view) => Some(panel(view, fold).await),
                    Err(_) => None,
                }
            })}
        </Transition>
    }
}

/// A part of the program that is fetched for those who hold something.
#[lazy]
pub fn panel(view: TrayView, fold: NodeRef<html::Details>) -> AnyView {
    view! { <TrayPanel view fold/> }
}

/// All holds: one line that unfolds, and the cards, which the search page shows at once where there is room.
#[component]
fn TrayPanel(view: TrayView, fold: NodeRef<html::Details>) -> impl IntoView {
    let pathname = use_location().pathname;
    let class = move || if pathname.get() == "/" { "tray tray-wide" } else { "tray" };
    let TrayView { now, limit, hold_timeout_s, holds } = view;
    let used = holds.len();
    let count = format!("{used} of {limit}");
    let first = holds.iter().find(|hold| !hold.committed).cloned();
    let brief = holds.iter().take(3).map(|hold| view! { <BriefHold hold=hold.clone() now/> }).collect_view();
    let cards = holds
        .iter()
        .enumerate()
        .map(|(index, hold)| view! { <HoldCard hold=hold.clone() now hold_timeout_s soonest=index == 0/> })
        .collect_view();
    view! {
        <section class=class aria-label="Numbers on hold">
            <details class="tray-fold" node_ref=fold>
                <summary class="tray-line">
                    <TrayLine used limit first now hold_timeout_s/>
                    <span class="tray-brief">{brief}</span>
                    <span class="tray-toggle">
                        <span class="tray-open-word">"Open tray"</span>
                        <span class="tray-fold-word">"Fold tray"</span>
                        <kbd class="kbd">"H"</kbd>
                    </span>
                    <span class="tray-sheet-head">
                        <b>"On hold"</b>
                        <span class="muted">{count.clone()} ", no charge while held"</span>
                    </span>
                    <Icon name="chevron-up" size=20/>
                </summary>
            </details>
            <div class="tray-body">
                <div class="tray-head">
                    <b>"On hold"</b>
                    <span class="muted">{count} ", no charge"</span>
                    <Lamps used limit/>
                </div>
                <ul class="tray-cards">{cards}</ul>
            </div>
            <TrayRefusal/>
        </section>
    }
}

/// How many are held, and on the phone which one ends first and when.
#[component]
fn TrayLine(used: usize, limit: u8, first: Option<HoldView>, now: Timestamp, hold_timeout_s: i64) -> impl IntoView {
    view! {
        <span class="tray-count">
            <Icon name="timer" size=18/>
            <span class="tray-count-words">
                <b>{used} " on hold"</b>
                {first.clone().map(|hold| view! { <small>{hold.phone.formatted} " ends first"</small> })}
            </span>
            <Lamps used limit/>
        </span>
        {first.map(|hold| {
            view! {
                <span class="tray-first">
                    <Countdown expires_at=hold.expires_at.at now hold_timeout_s/>
                </span>
            }
        })}
    }
}

/// A hold in the folded line: number and time.
#[component]
fn BriefHold(hold: HoldView, now: Timestamp) -> impl IntoView {
    let left_s = use_remaining_s(hold.expires_at.at, now);
    let time = move || if hold.committed { String::from("buying") } else { countdown_text(left_s.get()) };
    let class = move || format!("num {}", urgency(left_s.get()));
    view! {
        <span class="tray-brief-hold">
            {hold.phone.formatted} " "
            <b class=class role="timer" aria-label="Time left">{time}</b>
        </span>
    }
}

/// One lamp for every hold that the limit allows, lit for those in use.
#[component]
fn Lamps(used: usize, limit: u8) -> impl IntoView {
    let lamps = (0..usize::from(limit))
        .map(|index| view! { <i class=if index < used { "lamp-dot lamp-lit" } else { "lamp-dot" }></i> })
        .collect_view();
    view! { <span class="tray-lamps" aria-hidden="true">{lamps}</span> }
}

/// Tracked: what the last press in the tray was refused with.
fn refusal(tray: TrayContext) -> Option<AppError> {
    let extend = tray.extend.value().get().and_then(Result::err);
    extend.or_else(|| tray.release.value().get().and_then(Result::err))
}

/// Why the last press in the tray was refused.
#[component]
fn TrayRefusal() -> impl IntoView {
    let tray = use_tray();
    let currency = StoredValue::new(use_frame().currency());
    reactive(move || {
        refusal(tray).map(|error| {
            let (title, remedy) = match &error {
                AppError::Refused { refusal } => currency.with_value(|currency| refusal_text(refusal, currency)),
                other => (other.code().title().to_owned(), other.code().remedy().to_owned()),
            };
            view! { <p class="tray-refusal" role="alert"><Icon name="circle-alert" size=16/> <span>{title} " " {remedy}</span></p> }
        })
    })
}

/// Where the hold of a refused press is gone with all others.
#[component]
fn EmptyTray() -> impl IntoView {
    let tray = use_tray();
    reactive(move || refusal(tray).map(|_| view! { <section class="tray" aria-label="Numbers on hold"><TrayRefusal/></section> }))
}
