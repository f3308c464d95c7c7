//! What keeps the tray true while a page is open: the clock, reading again, other tabs, the keys E and H, and what is said aloud.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::TrayContext;
use crate::domain::time::Timestamp;
use crate::rpc::holds::{ExtendHold, HoldView};
use crate::ui::browser;

/// Written on every change, so that other tabs hear of it through the storage event.
const STORAGE_KEY: &str = "dialyard-holds";
const TICK_MS: u32 = 1_000;
/// Ticks between two readings while the page is open.
const TICKS_A_READING: u32 = 30;
/// Seconds before the end at which a polite remark is made.
const POLITE_MARKS_S: [i64; 5] = [600, 300, 240, 180, 120];
/// Seconds before the end at which everything else is interrupted.
const URGENT_MARK_S: i64 = 60;

/// What screen readers are told.
#[derive(Debug, Clone, Copy)]
pub struct News {
    pub polite: RwSignal<String>,
    pub urgent: RwSignal<String>,
}

/// Starts everything, in the browser only.
pub fn start(tray: TrayContext, fold: NodeRef<html::Details>) -> News {
    let news = News { polite: RwSignal::new(String::new()), urgent: RwSignal::new(String::new()) };
    Effect::new(move |before: Option<Held>| notice_changes(tray, before));
    Effect::new(move |_| {
        let ticks = StoredValue::new(0_u32);
        let last = StoredValue::new(browser::server_now());
        let ticking = browser::set_interval(TICK_MS, move || {
            ticks.update_value(|count| *count += 1);
            if let (Some(before), Some(now)) = (last.get_value(), browser::server_now()) {
                tick(tray, news, before, now);
            }
            last.set_value(browser::server_now());
            if ticks.get_value().is_multiple_of(TICKS_A_READING) && signed_in(tray) {
                tray.refetch();
            }
        });
        on_cleanup(move || drop(ticking));
    });
    Effect::new(move |_| {
        listen(tray);
        listen_to_keys(tray, fold);
    });
    news
}

/// Lets the other tabs of this browser know that a hold changed.
pub fn tell_other_tabs() {
    if let Some(now) = browser::now_micros() {
        browser::storage_set(STORAGE_KEY, &now.to_string());
    }
}

/// The holds that were last read, with their ends; none before the first answer.
type Held = Option<Vec<(String, Timestamp)>>;

/// Compares a reading with the one before it: what another tab, a colleague or the clock changed is news to the page.
fn notice_changes(tray: TrayContext, before: Option<Held>) -> Held {
    tray.seen.set_value(tray.view.get().and_then(Result::ok));
    let latest = tray.seen.with_value(|view| {
        view.as_ref().map(|view| view.holds.iter().map(|hold| (hold.id.clone(), hold.expires_at.at)).collect::<Vec<_>>())
    });
    let before = before.flatten();
    let own = latest.is_some() && tray.told.try_update_value(std::mem::take).unwrap_or_default();
    if let (Some(before), Some(latest)) = (&before, &latest)
        && before != latest
        && !own
    {
        tray.changes.update(|count| *count += 1);
    }
    latest.or(before)
}

fn signed_in(tray: TrayContext) -> bool {
    tray.seen.with_value(Option::is_some)
}

/// Says what has just come to pass between two ticks, and reads again when a hold has ended.
fn tick(tray: TrayContext, news: News, before: Timestamp, now: Timestamp) {
    let holds = tray.seen.get_value().map(|view| view.holds).unwrap_or_default();
    for hold in holds.iter().filter(|hold| !hold.committed) {
        let end = hold.expires_at.at;
        let passed = |mark_s: i64| before.seconds_until(end) > mark_s && now.seconds_until(end) <= mark_s;
        announce(hold, news, passed);
        if passed(0) {
            tray.refetch();
        }
    }
}

fn announce(hold: &HoldView, news: News, passed: impl Fn(i64) -> bool) {
    let number = &hold.phone.formatted;
    if let Some(mark_s) = POLITE_MARKS_S.into_iter().find(|mark_s| passed(*mark_s)) {
        news.polite.set(format!("{number} is held for {} more minutes.", mark_s / 60));
    }
    if passed(URGENT_MARK_S) {
        let how = if hold.extendable_from.is_some() { " Press E to keep it for 30 more minutes." } else { "" };
        news.urgent.set(format!("{number} is given back in one minute.{how}"));
    }
    if passed(0) {
        news.polite.set(format!("{number} is no longer held."));
    }
}

/// Reads again when another tab changed a hold and when this tab is looked at again.
fn listen(tray: TrayContext) {
    let known = StoredValue::new(browser::storage_get(STORAGE_KEY));
    let storage = window_event_listener_untyped("storage", move |_| {
        let latest = browser::storage_get(STORAGE_KEY);
        if known.get_value() != latest {
            known.set_value(latest);
            tray.refetch();
        }
    });
    let visible = window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() && signed_in(tray) {
            tray.refetch();
        }
    });
    on_cleanup(move || {
        storage.remove();
        visible.remove();
    });
}

/// E extends the hold that ends first, H folds and unfolds the tray.
fn listen_to_keys(tray: TrayContext, fold: NodeRef<html::Details>) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() || browser::is_typing(&event) {
            return;
        }
        match event.key().as_str() {
            "e" | "E" => extend_soonest(tray),
            "h" | "H" => {
                if let Some(fold) = fold.get_untracked() {
                    fold.set_open(!fold.open());
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
}

fn extend_soonest(tray: TrayContext) {
    let soonest = tray.seen.with_value(|view| {
        let view = view.as_ref()?;
        let now = browser::server_now().unwrap_or(view.now);
        let extendable = |hold: &&HoldView| !hold.committed && hold.extendable_from.is_some_and(|from| from <= now);
        view.holds.iter().find(extendable).map(|hold| hold.id.clone())
    });
    if let Some(id) = soonest {
        tray.extend.dispatch(ExtendHold { id });
    }
}
