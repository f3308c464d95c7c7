//! The states of the USA as a map of equal tiles, shaded by a count. The counts come from the caller.

use leptos::prelude::*;

use crate::domain::place::state_name;
use crate::ui::view::view;

/// A state's place on the map: code, column and row, both from 1.
type Tile = (&'static str, u8, u8);

/// All tiles in the order of the alphabet of their names, which is also the order in which the keyboard visits them.
const TILES: [Tile; 51] = [
    ("AL", 7, 7),
    ("AK", 1, 1),
    ("AZ", 2, 6),
    ("AR", 5, 6),
    ("CA", 1, 5),
    ("CO", 3, 5),
    ("CT", 10, 4),
    ("DE", 10, 5),
    ("DC", 9, 6),
    ("FL", 9, 8),
    ("GA", 8, 7),
    ("HI", 1, 8),
    ("ID", 2, 3),
    ("IL", 6, 3),
    ("IN", 6, 4),
    ("IA", 5, 4),
    ("KS", 4, 6),
    ("KY", 6, 5),
    ("LA", 5, 7),
    ("ME", 11, 1),
    ("MD", 9, 5),
    ("MA", 11, 3),
    ("MI", 8, 3),
    ("MN", 5, 3),
    ("MS", 6, 7),
    ("MO", 5, 5),
    ("MT", 3, 3),
    ("NE", 4, 5),
    ("NV", 2, 4),
    ("NH", 11, 2),
    ("NJ", 9, 4),
    ("NM", 3, 6),
    ("NY", 9, 3),
    ("NC", 7, 6),
    ("ND", 4, 3),
    ("OH", 7, 4),
    ("OK", 4, 7),
    ("OR", 1, 4),
    ("PA", 8, 4),
    ("RI", 10, 3),
    ("SC", 8, 6),
    ("SD", 4, 4),
    ("TN", 6, 6),
    ("TX", 4, 8),
    ("UT", 2, 5),
    ("VT", 10, 2),
    ("VA", 8, 5),
    ("WA", 1, 3),
    ("WV", 7, 5),
    ("WI", 7, 3),
    ("WY", 3, 4),
];

/// Whether a state has a tile; territories and provinces have none.
#[must_use]
pub fn has_tile(code: &str) -> bool {
    TILES.iter().any(|(known, ..)| *known == code)
}

/// The shade of a tile: 0 for none, else the quarter of the largest count that it falls in, 1 to 4.
fn shade(count: u64, largest: u64) -> u64 {
    if largest == 0 { 0 } else { count.saturating_mul(4).div_ceil(largest).min(4) }
}

/// One tile's count and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCount {
    pub code: String,
    pub count: u64,
}

/// The map. Every tile is a link that `href` makes from its code; the chosen one leads back to no choice.
#[component]
pub fn TileMap(
    counts: Vec<StateCount>,
    /// The chosen state's code, or empty.
    #[prop(into)]
    chosen: Signal<String>,
    /// The address that a tile leads to; it gets the code, or an empty text to choose none.
    href: Callback<String, String>,
) -> impl IntoView {
    let largest = counts.iter().map(|state| state.count).max().unwrap_or(0);
    let tiles = TILES
        .iter()
        .map(|&(code, column, row)| {
            let name = state_name(code).unwrap_or(code);
            let count = counts.iter().find(|state| state.code == code).map_or(0, |state| state.count);
            let place = format!("tile tile-{} tile-column-{column} tile-row-{row}", shade(count, largest));
            let is_chosen = move || chosen.get() == code;
            let words = match count {
                1 => format!("{name}, 1 number"),
                _ => format!("{name}, {count} numbers"),
            };
            view! {
                <li class=place class:tile-chosen=is_chosen>
                    <a
                        href=move || href.run(if is_chosen() { String::new() } else { code.to_owned() })
                        title=words.clone()
                        // Who speaks to the page says what the tile shows.
                        aria-label=format!("{code}, {words}")
                        aria-current=move || is_chosen().then_some("true")
                        data-noscroll=""
                    >
                        {code}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="tile-map" aria-label="States">{tiles}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_states_share_a_tile() {
        let mut places: Vec<(u8, u8)> = TILES.iter().map(|(_, column, row)| (*column, *row)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), TILES.len());
    }

    #[test]
    fn every_tile_is_a_state_with_a_name() {
        assert!(TILES.iter().all(|(code, ..)| state_name(code).is_some()));
    }

    #[test]
    fn shades_are_quarters_of_the_largest() {
        assert_eq!([0, 1, 25, 26, 75, 76, 100].map(|count| shade(count, 100)), [0, 1, 1, 2, 3, 4, 4]);
        assert_eq!(shade(0, 0), 0);
    }
}
