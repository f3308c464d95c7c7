//! What dragging on the board needs besides the browser's own calls, which are in `ui::browser`.

use leptos::ev::KeyboardEvent;

/// The element that follows the pointer.
pub const GHOST_ID: &str = "board-ghost";

/// The key was pressed on the card itself, not on a link or a box inside it.
#[must_use]
pub fn on_itself(event: &KeyboardEvent) -> bool {
    event.target() == event.current_target()
}
