//! A small drawing of counts over time, for beside the words that say the same.

use leptos::prelude::*;

use crate::ui::view::view;

const HEIGHT: u64 = 24;
const BAR: usize = 3;
const GAP: usize = 1;

/// Bars of counts, the oldest first. `title` says what they are, for those who do not see them.
#[component]
pub fn Sparkline(counts: Vec<u64>, #[prop(into)] title: String) -> impl IntoView {
    let most = counts.iter().copied().max().unwrap_or_default();
    let view_box = format!("0 0 {} {HEIGHT}", counts.len() * (BAR + GAP));
    let bars = counts
        .into_iter()
        .enumerate()
        .map(|(at, count)| {
            let height = bar_height(count, most);
            let (x, y) = (at * (BAR + GAP), HEIGHT - height);
            view! { <rect class:sparkline-none=count == 0 x=x.to_string() y=y.to_string() width=BAR.to_string() height=height.to_string() rx="1"></rect> }
        })
        .collect_view();
    view! { <svg class="sparkline" role="img" aria-label=title viewBox=view_box>{bars}</svg> }
}

/// What there is shows, however little it is beside the most; nothing is a dot.
fn bar_height(count: u64, most: u64) -> u64 {
    if count == 0 { 1 } else { (count * HEIGHT / most.max(1)).max(3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_shows() {
        assert_eq!(
            [bar_height(0, 0), bar_height(0, 9), bar_height(1, 1_000), bar_height(5, 10), bar_height(10, 10)],
            [1, 1, 3, 12, HEIGHT]
        );
    }
}
