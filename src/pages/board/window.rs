//! Which cards of a long column are in the document: those in view and some around them. What is left out keeps its height, so that
//! the scroll bar tells the truth. Pure; the list is in [`super::cards`].

use crate::rpc::numbers::OwnedRow;

/// A column with fewer cards has all of them in the document.
pub const WHOLE: usize = 24;
/// Pixels beside the view that have their cards too.
const AROUND_PX: f64 = 500.0;
/// The window moves by so many cards at once, so that a scroll of a few pixels changes nothing.
const STRIDE: usize = 4;

/// What of a list is in view, in its own pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// What is scrolled away above.
    pub top: f64,
    pub height: f64,
    /// The height of the whole list.
    pub content: f64,
}

/// The cards that are in the document, and the heights that stand for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    pub first: usize,
    pub last: usize,
    pub above_px: u32,
    pub below_px: u32,
}

/// The height of a card with the gap under it, as the style draws it on a wide screen.
#[must_use]
pub fn height_px(card: &OwnedRow) -> f64 {
    let has = |state: &str| card.states.iter().any(|known| known == state);
    let badges = ["imported", "unverified", "past_due", "suspended"].into_iter().any(has);
    86.0 + if badges { 26.0 } else { 0.0 } + if has("cool_off") { 10.0 } else { 0.0 }
}

/// The whole list.
#[must_use]
pub const fn whole(count: usize) -> Span {
    Span { first: 0, last: count, above_px: 0, below_px: 0 }
}

/// The part of the list that a view needs. `heights` are those of all cards; `scale` is what they are multiplied by on this screen.
#[must_use]
pub fn span(heights: &[f64], scale: f64, view: View) -> Span {
    if heights.len() <= WHOLE {
        return whole(heights.len());
    }
    let (from, to) = (view.top - AROUND_PX, view.top + view.height + AROUND_PX);
    let (mut first, mut last, mut end) = (heights.len(), heights.len(), 0.0);
    for (index, height) in heights.iter().enumerate() {
        end += height * scale;
        if first == heights.len() && end >= from {
            first = index;
        }
        if end >= to {
            last = index + 1;
            break;
        }
    }
    // Scrolled past the end, as after cards went away: the last ones are shown.
    let first = first.min(heights.len().saturating_sub(STRIDE)) / STRIDE * STRIDE;
    let last = last.div_ceil(STRIDE).saturating_mul(STRIDE).clamp(first, heights.len());
    between(heights, scale, first, last)
}

/// The cards from `first` to `last`, with the heights of the others.
#[must_use]
pub fn between(heights: &[f64], scale: f64, first: usize, last: usize) -> Span {
    let sum = |part: &[f64]| pixels(part.iter().sum::<f64>() * scale);
    Span { first, last, above_px: sum(heights.get(..first).unwrap_or_default()), below_px: sum(heights.get(last..).unwrap_or_default()) }
}

/// Whole pixels of a height, which is never negative and far below the largest number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn pixels(height: f64) -> u32 {
    height.clamp(0.0, f64::from(u32::MAX)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { top: 0.0, height: 600.0, content: 0.0 };

    #[test]
    fn a_short_list_is_whole() {
        assert_eq!(span(&[90.0; WHOLE], 1.0, View { top: 900.0, ..VIEW }), whole(WHOLE));
    }

    #[test]
    fn a_long_one_shows_what_is_in_view_and_keeps_its_height() {
        let heights = [90.0; 600];
        for top in [0.0, 1.0, 899.0, 20_000.0, 53_400.0, 99_999.0] {
            let shown = span(&heights, 1.0, View { top, ..VIEW });
            assert!(shown.last - shown.first <= 28 && shown.last > shown.first, "{top}: {shown:?}");
            let cards = u32::try_from(shown.last - shown.first).expect("few");
            assert_eq!(shown.above_px + shown.below_px + cards * 90, 54_000, "{top}");
            assert!(f64::from(shown.above_px) <= top.min(54_000.0), "{top}: what is in view is shown");
        }
        assert_eq!(span(&heights, 1.0, VIEW).first, 0);
        assert_eq!(span(&heights, 1.0, View { top: 53_400.0, ..VIEW }).last, 600);
    }

    #[test]
    fn another_screen_scales_all_heights() {
        let (small, large) = (span(&[90.0; 100], 1.0, VIEW), span(&[90.0; 100], 2.0, VIEW));
        assert!(large.last < small.last);
        assert_eq!(large.below_px, (100 - u32::try_from(large.last).expect("few")) * 180);
    }
}
