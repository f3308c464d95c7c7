//! The states of the USA as a map of equal tiles, shaded by a count. The counts come from the caller.

use leptos::prelude::*;

/// A state's place on the map: code, name, column and row, both from 1.
type Tile = (&'static str, &'static str, u8, u8);

/// All tiles in the order of the alphabet of their names, which is also the order in which the keyboard visits them.
const TILES: [Tile; 51] = [
    ("AL", "Alabama", 7, 7),
    ("AK", "Alaska", 1, 1),
    ("AZ", "Arizona", 2, 6),
    ("AR", "Arkansas", 5, 6),
    ("CA", "California", 1, 5),
    ("CO", "Colorado", 3, 5),
    ("CT", "Connecticut", 10, 4),
    ("DE", "Delaware", 10, 5),
    ("DC", "District of Columbia", 9, 6),
    ("FL", "Florida", 9, 8),
    ("GA", "Georgia", 8, 7),
    ("HI", "Hawaii", 1, 8),
    ("ID", "Idaho", 2, 3),
    ("IL", "Illinois", 6, 3),
    ("IN", "Indiana", 6, 4),
    ("IA", "Iowa", 5, 4),
    ("KS", "Kansas", 4, 6),
    ("KY", "Kentucky", 6, 5),
    ("LA", "Louisiana", 5, 7),
    ("ME", "Maine", 11, 1),
    ("MD", "Maryland", 9, 5),
    ("MA", "Massachusetts", 11, 3),
    ("MI", "Michigan", 8, 3),
    ("MN", "Minnesota", 5, 3),
    ("MS", "Mississippi", 6, 7),
    ("MO", "Missouri", 5, 5),
    ("MT", "Montana", 3, 3),
    ("NE", "Nebraska", 4, 5),
    ("NV", "Nevada", 2, 4),
    ("NH", "New Hampshire", 11, 2),
    ("NJ", "New Jersey", 9, 4),
    ("NM", "New Mexico", 3, 6),
    ("NY", "New York", 9, 3),
    ("NC", "North Carolina", 7, 6),
    ("ND", "North Dakota", 4, 3),
    ("OH", "Ohio", 7, 4),
    ("OK", "Oklahoma", 4, 7),
    ("OR", "Oregon", 1, 4),
    ("PA", "Pennsylvania", 8, 4),
    ("RI", "Rhode Island", 10, 3),
    ("SC", "South Carolina", 8, 6),
    ("SD", "South Dakota", 4, 4),
    ("TN", "Tennessee", 6, 6),
    ("TX", "Texas", 4, 8),
    ("UT", "Utah", 2, 5),
    ("VT", "Vermont", 10, 2),
    ("VA", "Virginia", 8, 5),
    ("WA", "Washington", 1, 3),
    ("WV", "West Virginia", 7, 5),
    ("WI", "Wisconsin", 7, 3),
    ("WY", "Wyoming", 3, 4),
];

/// The name of a state by its code of two letters.
#[must_use]
pub fn state_name(code: &str) -> Option<&'static str> {
    TILES.iter().find(|(known, ..)| *known == code).map(|(_, name, ..)| *name)
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
        .map(|&(code, name, column, row)| {
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
                        aria-label=words
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
        let mut places: Vec<(u8, u8)> = TILES.iter().map(|(.., column, row)| (*column, *row)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), TILES.len());
    }

    #[test]
    fn shades_are_quarters_of_the_largest() {
        assert_eq!([0, 1, 25, 26, 75, 76, 100].map(|count| shade(count, 100)), [0, 1, 1, 2, 3, 4, 4]);
        assert_eq!(shade(0, 0), 0);
    }
}
