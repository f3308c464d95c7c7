//! The few calls to the browser that dragging needs. On the server they do nothing, so that the views stay one.

use leptos::ev::{DragEvent, KeyboardEvent};

/// The element that follows the pointer.
pub const GHOST_ID: &str = "board-ghost";

/// Puts the ids into the drag and the ghost under the pointer.
#[cfg(feature = "hydrate")]
pub fn start(event: &DragEvent, ids: &str) {
    let Some(transfer) = event.data_transfer() else { return };
    // A browser that refuses one of these still drags; the board keeps the ids itself.
    let _ = transfer.set_data("text/plain", ids);
    transfer.set_effect_allowed("move");
    let ghost = leptos::prelude::document().get_element_by_id(GHOST_ID);
    if let Some(ghost) = ghost {
        transfer.set_drag_image(&ghost, 24, 20);
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn start(_event: &DragEvent, _ids: &str) {}

/// Says that a drop is welcome here.
#[cfg(feature = "hydrate")]
pub fn welcome(event: &DragEvent) {
    event.prevent_default();
    if let Some(transfer) = event.data_transfer() {
        transfer.set_drop_effect("move");
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn welcome(_event: &DragEvent) {}

/// Scrolls a row sideways, and nothing else, so that `item` stands at its start. Both are selectors.
#[cfg(feature = "hydrate")]
pub fn reveal(row: &str, item: &str) {
    use leptos::wasm_bindgen::JsCast;
    let find = |selector: &str| leptos::prelude::document().query_selector(selector).ok().flatten();
    let (Some(row), Some(item)) = (find(row), find(item)) else { return };
    if let (Some(row), Some(item)) = (row.dyn_ref::<web_sys::HtmlElement>(), item.dyn_ref::<web_sys::HtmlElement>()) {
        row.set_scroll_left(item.offset_left() - row.offset_left() - 16);
    }
}

#[cfg(not(feature = "hydrate"))]
pub const fn reveal(_row: &str, _item: &str) {}

/// The key was pressed on the card itself, not on a link or a box inside it.
#[must_use]
pub fn on_itself(event: &KeyboardEvent) -> bool {
    event.target() == event.current_target()
}
