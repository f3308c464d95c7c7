//! What only a browser can do: its clock, its storage, focus, dialogs. `browser_absent.rs` is the same list for the server, doing nothing.
//!
//! Called from effects and event handlers only, never while a view is made.

use std::cell::Cell;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use wasm_bindgen::{JsCast, JsValue};

use crate::domain::time::Timestamp;

const THEME_KEY: &str = "theme";

thread_local! {
    /// Microseconds that the browser's clock is ahead of the server's, with the shortest way of an answer seen so far.
    static AHEAD_MICROS: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Microseconds since the epoch by the browser's clock.
#[must_use]
pub fn now_micros() -> Option<i64> {
    Some(micros_of(js_sys::Date::now()))
}

/// JavaScript counts milliseconds as a float; whole microseconds of it fit an integer for the next 200,000 years.
#[allow(clippy::cast_possible_truncation)]
fn micros_of(milliseconds: f64) -> i64 {
    (milliseconds * 1_000.0) as i64
}

/// Whether the page that the server rendered is being taken over right now. Ask while the component is made.
#[must_use]
pub fn during_hydration() -> bool {
    Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}

/// Notes that an answer said it is `server_now`. Of all answers the one that took the shortest way tells best how far apart the clocks are.
pub fn observe_server_clock(server_now: Timestamp, rendered_by_server: bool) {
    let answered_at = if rendered_by_server { page_answered_micros().or_else(now_micros) } else { now_micros() };
    let Some(ahead) = answered_at.map(|at| at - server_now.micros()) else { return };
    AHEAD_MICROS.set(Some(AHEAD_MICROS.get().map_or(ahead, |known| known.min(ahead))));
}

/// What the server's clock shows now; none before any answer was observed.
#[must_use]
pub fn server_now() -> Option<Timestamp> {
    let ahead = AHEAD_MICROS.get()?;
    now_micros().map(|now| Timestamp::from_micros(now - ahead))
}

/// When the first byte of the page arrived, by the browser's clock.
fn page_answered_micros() -> Option<i64> {
    let performance = js_sys::Reflect::get(&window(), &JsValue::from_str("performance")).ok()?;
    let timing = js_sys::Reflect::get(&performance, &JsValue::from_str("timing")).ok()?;
    let arrived = js_sys::Reflect::get(&timing, &JsValue::from_str("responseStart")).ok()?.as_f64()?;
    (arrived > 0.0).then(|| micros_of(arrived))
}

/// Stops its interval when it is dropped.
#[derive(Debug)]
pub struct IntervalGuard(Option<IntervalHandle>);

impl Drop for IntervalGuard {
    fn drop(&mut self) {
        if let Some(handle) = self.0 {
            handle.clear();
        }
    }
}

/// Runs `tick` every `period_ms` until the guard is dropped.
#[must_use]
pub fn set_interval(period_ms: u32, tick: impl Fn() + 'static) -> IntervalGuard {
    IntervalGuard(set_interval_with_handle(tick, Duration::from_millis(period_ms.into())).ok())
}

/// Runs `then` once, later.
pub fn after(delay_ms: u32, then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::from_millis(delay_ms.into()));
}

/// Makes a dialog that is rendered open a modal one, and closes it when its owner goes, so that focus returns where it was.
pub fn show_modal(node: &NodeRef<html::Dialog>) {
    let Some(dialog) = node.get() else { return };
    make_modal(&dialog);
    let dialog = StoredValue::new_local(dialog);
    on_cleanup(move || {
        dialog.try_with_value(|dialog| dialog.close());
    });
}

/// Opens the dialog with this id, if it is on the page.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = element(id).and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
        make_modal(&dialog);
    }
}

/// Closes the dialog with this id.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = element(id).and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

fn make_modal(dialog: &web_sys::HtmlDialogElement) {
    if dialog.matches(":modal").unwrap_or(false) {
        return;
    }
    // An open dialog refuses to become modal.
    dialog.set_open(false);
    if dialog.show_modal().is_err() {
        dialog.set_open(true);
    }
}

/// Whether any dialog is open.
#[must_use]
pub fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Whether the event happened on the very element that listens, not on one inside.
#[must_use]
pub fn is_own_target(event: &web_sys::MouseEvent) -> bool {
    event.target() == event.current_target()
}

/// Whether the event comes from a place where keys write text.
#[must_use]
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return false };
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable()
}

/// The instant in the reader's own zone. Styles: `short` (`Nov 26, 10:14`), `day` (`Nov 26`), `full` (with year and zone).
#[must_use]
pub fn local_text(micros: i64, style: &str) -> Option<String> {
    let parts: &[(&str, &str)] = match style {
        "day" => &[("month", "short"), ("day", "numeric")],
        "full" => &[
            ("year", "numeric"),
            ("month", "short"),
            ("day", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("hourCycle", "h23"),
            ("timeZoneName", "short"),
        ],
        _ => &[("month", "short"), ("day", "numeric"), ("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")],
    };
    let options = js_sys::Object::new();
    for (name, value) in parts {
        js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    Some(String::from(js_date(micros).to_locale_string("en-US", &options)))
}

#[allow(clippy::cast_precision_loss)]
fn js_date(micros: i64) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64(micros as f64 / 1_000.0))
}

/// Puts a text on the clipboard.
pub fn copy(text: &str) {
    // The promise is refused without permission; the text stands on the page to be selected, so nothing is lost.
    let _ = window().navigator().clipboard().write_text(text);
}

/// What was kept in this browser under `key`.
#[must_use]
pub fn storage_get(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps a text in this browser. A browser that forbids it forgets it, which harms nothing that is kept here.
pub fn storage_set(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Chooses `light` or `dark` for this browser from now on.
pub fn set_theme(theme: &str) {
    set_root_attribute("data-theme", theme);
    storage_set(THEME_KEY, theme);
}

/// The theme that is shown: the chosen one, or the system's.
#[must_use]
pub fn theme() -> &'static str {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    let system_is_dark = || window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches());
    let dark = chosen.map_or_else(system_is_dark, |theme| theme == "dark");
    if dark { "dark" } else { "light" }
}

/// Says on the root element that the page answers to its handlers.
pub fn mark_hydrated() {
    set_root_attribute("data-hydrated", "");
}

fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}

fn element(id: &str) -> Option<web_sys::Element> {
    document().get_element_by_id(id)
}

/// Moves focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether no element has focus, as after the focused one went away.
#[must_use]
pub fn focus_is_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Moves focus to the first element that matches and is shown; false when there is none. A text field has its text selected.
pub fn focus_first(selector: &str) -> bool {
    let Ok(found) = document().query_selector_all(selector) else { return false };
    let shown = (0..found.length())
        .filter_map(|index| found.get(index))
        .filter_map(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
        .find(|element| element.offset_parent().is_some());
    let Some(element) = shown else { return false };
    let _ = element.focus();
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        input.select();
    }
    true
}

/// Folds up every menu.
pub fn close_menus() {
    close_menus_but(|_| false);
}

fn close_menus_but(stays: impl Fn(&web_sys::Element) -> bool) {
    let Ok(open) = document().query_selector_all("details[data-menu][open]") else { return };
    let menus = (0..open.length()).filter_map(|index| open.get(index)).filter_map(|node| node.dyn_into::<web_sys::Element>().ok());
    for menu in menus.filter(|menu| !stays(menu)) {
        let _ = menu.remove_attribute("open");
    }
}

/// Folds up every menu that the event did not happen in.
pub fn close_menus_outside(event: &web_sys::MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    close_menus_but(|menu| menu.contains(target.as_ref()));
}

/// The fields of the form that is submitted, with the button that submits it. Files are left out.
#[must_use]
pub fn form_fields(event: &web_sys::SubmitEvent) -> Vec<(String, String)> {
    let form = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok());
    let Some(data) = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok()) else { return Vec::new() };
    let entries = data.entries().into_iter().flatten().filter_map(|entry| {
        let entry = js_sys::Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    });
    let button = event.submitter().and_then(|submitter| submitter.dyn_into::<web_sys::HtmlButtonElement>().ok());
    entries.chain(button.map(|button| (button.name(), button.value()))).filter(|(name, _)| !name.is_empty()).collect()
}

/// Loads the page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// The reader's zone, such as `Europe/Berlin`.
#[must_use]
pub fn timezone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &JsValue::from_str("timeZone")).ok()?.as_string()
}

/// Follows every redirect of a server function by loading the page: who is signed in, counts and money are then read anew everywhere.
pub fn after_redirects_reload() {
    // Only the first hook counts; the router would set one that navigates in place.
    let _ = leptos::server_fn::redirect::set_redirect_hook(|address: &str| {
        let _ = window().location().assign(address);
    });
}

/// Whether the query of the address names one of these parameters.
#[must_use]
pub fn address_names(parameters: &[&str]) -> bool {
    let query = window().location().search().unwrap_or_default();
    let named = |pair: &str| parameters.contains(&pair.split('=').next().unwrap_or_default());
    query.trim_start_matches('?').split('&').any(named)
}

/// Whether the document has an element that `selector` names.
#[must_use]
pub fn document_has(selector: &str) -> bool {
    document().query_selector(selector).is_ok_and(|found| found.is_some())
}

/// Puts a text into a drag, and the element `ghost` under the pointer.
pub fn drag_start(event: &web_sys::DragEvent, text: &str, ghost: &str) {
    let Some(transfer) = event.data_transfer() else { return };
    // A browser that refuses one of these still drags; who started the drag keeps its text too.
    let _ = transfer.set_data("text/plain", text);
    transfer.set_effect_allowed("move");
    if let Some(ghost) = element(ghost) {
        transfer.set_drag_image(&ghost, 24, 20);
    }
}

/// Says that a drop is welcome here.
pub fn drag_welcome(event: &web_sys::DragEvent) {
    event.prevent_default();
    if let Some(transfer) = event.data_transfer() {
        transfer.set_drop_effect("move");
    }
}

/// What of a list is in view, whether it scrolls by itself or with the page: pixels above the view, in it, and of the whole list.
#[must_use]
pub fn list_view(node: &NodeRef<html::Ul>) -> Option<(f64, f64, f64)> {
    let list = node.get_untracked()?;
    let mut top = f64::from(list.offset_top());
    let mut around = list.offset_parent().and_then(|parent| parent.dyn_into::<web_sys::HtmlElement>().ok());
    while let Some(parent) = around {
        top += f64::from(parent.offset_top());
        around = parent.offset_parent().and_then(|parent| parent.dyn_into::<web_sys::HtmlElement>().ok());
    }
    let above_page = (window().scroll_y().unwrap_or_default() - top).max(0.0);
    let page = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let height = f64::from(list.client_height()).min(page);
    Some((f64::from(list.scroll_top()) + above_page, height, f64::from(list.scroll_height())))
}

/// Scrolls a row sideways, and nothing else, so that `item` stands at its start. Both are selectors.
pub fn scroll_row_to(row: &str, item: &str) {
    let find =
        |selector: &str| document().query_selector(selector).ok().flatten().and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let (Some(row), Some(item)) = (find(row), find(item)) {
        row.set_scroll_left(item.offset_left() - row.offset_left() - 16);
    }
}
