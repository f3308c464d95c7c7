//! The server's half of `browser.rs`: there is no browser, so nothing happens and nothing is known.

use leptos::html;
use leptos::prelude::*;
use leptos::web_sys;

use crate::domain::time::Timestamp;

/// Microseconds since the epoch by the browser's clock.
#[must_use]
pub const fn now_micros() -> Option<i64> {
    None
}

/// Whether the page that the server rendered is being taken over right now.
#[must_use]
pub const fn during_hydration() -> bool {
    false
}

/// Notes that an answer said it is `server_now`.
pub const fn observe_server_clock(_server_now: Timestamp, _rendered_by_server: bool) {}

/// What the server's clock shows now.
#[must_use]
pub const fn server_now() -> Option<Timestamp> {
    None
}

/// Stops its interval when it is dropped.
#[derive(Debug)]
pub struct IntervalGuard;

impl Drop for IntervalGuard {
    fn drop(&mut self) {}
}

/// Runs `tick` every `period_ms` until the guard is dropped.
#[must_use]
pub fn set_interval(_period_ms: u32, _tick: impl Fn() + 'static) -> IntervalGuard {
    IntervalGuard
}

/// Runs `then` once, later.
pub fn after(_delay_ms: u32, _then: impl FnOnce() + 'static) {}

/// Makes a dialog that is rendered open a modal one.
pub const fn show_modal(_node: &NodeRef<html::Dialog>) {}

/// Opens the dialog with this id, if it is on the page.
pub const fn open_dialog(_id: &str) {}

/// Closes the dialog with this id.
pub const fn close_dialog(_id: &str) {}

/// Whether any dialog is open.
#[must_use]
pub const fn dialog_is_open() -> bool {
    false
}

/// Whether the event happened on the very element that listens.
#[must_use]
pub const fn is_own_target(_event: &web_sys::MouseEvent) -> bool {
    false
}

/// Whether the event comes from a place where keys write text.
#[must_use]
pub const fn is_typing(_event: &web_sys::KeyboardEvent) -> bool {
    false
}

/// The instant in the reader's own zone.
#[must_use]
pub const fn local_text(_micros: i64, _style: &str) -> Option<String> {
    None
}

/// Puts a text on the clipboard.
pub const fn copy(_text: &str) {}

/// What was kept in this browser under `key`.
#[must_use]
pub const fn storage_get(_key: &str) -> Option<String> {
    None
}

/// Keeps a text in this browser.
pub const fn storage_set(_key: &str, _value: &str) {}

/// Chooses `light` or `dark` for this browser from now on.
pub const fn set_theme(_theme: &str) {}

/// The theme that is shown.
#[must_use]
pub const fn theme() -> &'static str {
    "light"
}

/// Says on the root element that the page answers to its handlers.
pub const fn mark_hydrated() {}

/// Moves focus to the element with this id.
pub const fn focus(_id: &str) {}

/// Whether no element has focus.
#[must_use]
pub const fn focus_is_nowhere() -> bool {
    false
}

/// Moves focus to the first element that matches and is shown; false when there is none.
#[must_use]
pub const fn focus_first(_selector: &str) -> bool {
    false
}

/// Folds up every menu of the frame.
pub const fn close_menus() {}

/// The fields of the form that is submitted, with the button that submits it.
#[must_use]
pub const fn form_fields(_event: &web_sys::SubmitEvent) -> Vec<(String, String)> {
    Vec::new()
}

/// Folds up every menu of the frame that the event did not happen in.
pub const fn close_menus_outside(_event: &web_sys::MouseEvent) {}

/// Loads the page again.
pub const fn reload() {}

/// The reader's zone.
#[must_use]
pub const fn timezone() -> Option<String> {
    None
}

/// Puts a text into a drag, and the element `ghost` under the pointer.
pub const fn drag_start(_event: &web_sys::DragEvent, _text: &str, _ghost: &str) {}

/// Says that a drop is welcome here.
pub const fn drag_welcome(_event: &web_sys::DragEvent) {}

/// What of a list is in view.
#[must_use]
pub const fn list_view(_node: &NodeRef<html::Ul>) -> Option<(f64, f64, f64)> {
    None
}

/// Scrolls a row sideways, and nothing else, so that `item` stands at its start. Both are selectors.
pub const fn scroll_row_to(_row: &str, _item: &str) {}
