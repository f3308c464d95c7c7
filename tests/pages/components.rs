//! `/dev/components`, which debug builds have.

use crate::browser::operator;
use crate::support::TestApp;

#[tokio::test]
async fn a_debug_build_shows_every_component() {
    let app = TestApp::new().await;
    let operator = operator(&app).await;
    let page = operator.page("/dev/components").await;
    let parts = [
        ("Numbers", "phone-hero"),
        ("Colour roles", "var(--danger-fill)"),
        ("Buttons", "btn-danger-line"),
        ("Fields", "field-wrong"),
        ("Choices", "chip-chosen"),
        ("States", "Suspended, released Dec 22"),
        ("Clocks", "day-cells-skipped"),
        ("Messages", "toast-text"),
        ("Tile map", "tile-chosen"),
        ("Menu", "menu-link"),
        ("Skeleton", "skeleton-row"),
        ("Table", "cursor-pager"),
        ("Empty state", "empty-title"),
        ("Dialogs", "one-time-url"),
    ];
    for (part, inside) in parts {
        assert!(page.contains(&format!("aria-label=\"{part}\"")) && page.contains(inside), "{part} shows {inside}");
    }
    let dialog = operator.page("/dev/components?dialog=danger").await;
    assert!(dialog.contains("Delete the route") && dialog.contains("Keep it"), "{dialog}");
}
