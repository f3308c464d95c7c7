//! Clocks: a hold is time that ticks, longer spans are cells, one a day. Both count against the server's clock.

use leptos::prelude::*;

use super::browser;
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::rpc::numbers::DayClock;
use crate::ui::view::view;

/// Under this many seconds a hold is nearly up.
const WARN_BELOW_S: i64 = 5 * 60;
/// Under this many seconds it is nearly gone.
const DANGER_BELOW_S: i64 = 60;
/// More days than this are drawn as one bar.
const MOST_CELLS: u16 = 62;
const HOUR_S: i64 = 3_600;
const MINUTE_S: i64 = 60;

/// Seconds left until `expires_at`, counted down once a second by the server's clock after hydration. `now` is the server's clock
/// of the answer that told `expires_at`.
#[must_use]
pub fn use_remaining_s(expires_at: Timestamp, now: Timestamp) -> ReadSignal<i64> {
    let (remaining_s, set_remaining_s) = signal(now.seconds_until(expires_at).max(0));
    let hydrating = browser::during_hydration();
    Effect::new(move |_| {
        browser::observe_server_clock(now, hydrating);
        let tick = move || {
            if let Some(server_now) = browser::server_now() {
                let left_s = server_now.seconds_until(expires_at).max(0);
                set_remaining_s.maybe_update(|shown| std::mem::replace(shown, left_s) != left_s);
            }
        };
        tick();
        let ticking = browser::set_interval(1_000, tick);
        on_cleanup(move || drop(ticking));
    });
    remaining_s
}

/// `12:41` over a bar that drains. Sizes: `md` (22 px) and `sm` (in a line of text, no bar).
#[component]
pub fn Countdown(
    expires_at: Timestamp,
    now: Timestamp,
    hold_timeout_s: i64,
    #[prop(default = "md")] size: &'static str,
    #[prop(optional)] on_end: Option<Callback<()>>,
) -> impl IntoView {
    let remaining_s = use_remaining_s(expires_at, now);
    if let Some(on_end) = on_end {
        Effect::new(move |ended: Option<bool>| {
            let ends = remaining_s.get() <= 0;
            if ends && ended == Some(false) {
                on_end.run(());
            }
            ends
        });
    }
    let class = move || format!("countdown countdown-{size} {}", urgency(remaining_s.get()));
    let bar = (size != "sm").then(|| {
        let width = move || percent(share(remaining_s.get(), hold_timeout_s));
        view! {
            <svg class="countdown-bar" aria-hidden="true">
                <rect class="bar-rest" width="100%" height="100%"></rect>
                <rect class="bar-fill" width=width height="100%"></rect>
            </svg>
        }
    });
    view! {
        <span class=class role="timer" aria-label="Time left">
            <span class="countdown-time">{move || countdown_text(remaining_s.get())}</span>
            {bar}
        </span>
    }
}

/// The class that colours a hold's clock: none, `is-warn` or `is-danger`.
#[must_use]
pub const fn urgency(remaining_s: i64) -> &'static str {
    match remaining_s {
        0 => "is-ended",
        1..DANGER_BELOW_S => "is-danger",
        DANGER_BELOW_S..WARN_BELOW_S => "is-warn",
        _ => "",
    }
}

/// Lengths that are drawn: hundredths of a percent of the whole. Printing fractions would bring 14 KB of code for floating-point numbers.
type Length = i64;

const WHOLE: Length = 10_000;

/// What is left of `whole_s`.
fn share(remaining_s: i64, whole_s: i64) -> Length {
    remaining_s.clamp(0, whole_s.max(0)) * WHOLE / whole_s.max(1)
}

fn percent(length: Length) -> String {
    format!("{}.{:02}%", length / 100, length % 100)
}

/// `12:41`, `1:04:06`, `Ended`.
#[must_use]
pub fn countdown_text(remaining_s: i64) -> String {
    let (hours, minutes, seconds) = (remaining_s / HOUR_S, remaining_s % HOUR_S / MINUTE_S, remaining_s % MINUTE_S);
    match remaining_s {
        ..=0 => String::from("Ended"),
        HOUR_S.. => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{minutes:02}:{seconds:02}"),
    }
}

/// One cell a day, left to right: passed pale, left filled, today partly. `skipped` hatches what is left, as an override does.
/// The exact end has to stand beside it.
#[component]
pub fn DayCells(
    clock: DayClock,
    now: Timestamp,
    #[prop(default = "cool")] family: &'static str,
    #[prop(optional)] skipped: bool,
) -> impl IntoView {
    let left_s = now.seconds_until(clock.until.at).max(0);
    let cells = day_cells(clock.length_days, left_s).into_iter().map(|cell| {
        let pale = cell.pale.map(|span| view! { <rect class="cell-passed" x=percent(span.0) width=percent(span.1) height="100%"></rect> });
        let full = cell.full.map(|span| view! { <rect class="cell-left" x=percent(span.0) width=percent(span.1) height="100%"></rect> });
        view! { {pale} {full} }
    });
    view! {
        <svg class=format!("day-cells day-cells-{family}") class:day-cells-skipped=skipped aria-hidden="true">{cells.collect_view()}</svg>
    }
}

/// Start and width.
type Span = (Length, Length);

/// The passed part and the part that is left of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    pale: Option<Span>,
    full: Option<Span>,
}

/// Cells of equal width with gaps between them; `left_s` fills from the right.
fn day_cells(length_days: u16, left_s: i64) -> Vec<Cell> {
    let count = if length_days > MOST_CELLS { 1 } else { i64::from(length_days.max(1)) };
    let gap_percent = match count {
        1 => 0,
        2..=16 => 13,
        17..=31 => 26,
        _ => 34,
    };
    // A gap fewer than cells.
    let width = WHOLE * (count * (100 - gap_percent) + gap_percent) / (100 * count * count);
    let whole_s = i64::from(length_days.max(1)) * SECONDS_PER_DAY;
    let passed_s = whole_s - left_s.min(whole_s);
    (0..count)
        .map(|day| {
            let start = (WHOLE - width) * day / (count - 1).max(1);
            // Of this cell, in parts of `whole_s`.
            let passed = (passed_s * count - day * whole_s).clamp(0, whole_s);
            let pale = width * passed / whole_s;
            Cell { pale: (passed > 0).then_some((start, pale)), full: (passed < whole_s).then_some((start + pale, width - pale)) }
        })
        .collect()
}

/// A span with the one or two units that matter: `4 d 7 h`, `7 h 20 min`, `23 h`, `38 min`, `12 s`.
#[must_use]
pub fn remaining_text(remaining_s: i64) -> String {
    let days = remaining_s / SECONDS_PER_DAY;
    let hours = remaining_s % SECONDS_PER_DAY / HOUR_S;
    let minutes = remaining_s % HOUR_S / MINUTE_S;
    match (days, hours, minutes) {
        (1.., 0, _) => format!("{days} d"),
        (1.., ..) => format!("{days} d {hours} h"),
        (_, 1..10, 1..) => format!("{hours} h {minutes} min"),
        (_, 1.., _) => format!("{hours} h"),
        (_, _, 1..) => format!("{minutes} min"),
        _ => format!("{} s", remaining_s.max(0)),
    }
}

/// How long ago `at` was: `just now`, `4 min ago`, `3 h ago`, `yesterday`, `11 d ago`; `in 4 min` for the future.
#[must_use]
pub fn ago_text(now: Timestamp, at: Timestamp) -> String {
    let passed_s = -now.seconds_until(at);
    match passed_s {
        ..0 => format!("in {}", remaining_text(-passed_s)),
        0..MINUTE_S => String::from("just now"),
        MINUTE_S..HOUR_S => format!("{} min ago", passed_s / MINUTE_S),
        HOUR_S..SECONDS_PER_DAY => format!("{} h ago", passed_s / HOUR_S),
        _ if passed_s < 2 * SECONDS_PER_DAY => String::from("yesterday"),
        _ => format!("{} d ago", passed_s / SECONDS_PER_DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_name_what_matters() {
        let expected = [
            (4 * 86_400 + 7 * 3_600 + 59, "4 d 7 h"),
            (86_400, "1 d"),
            (23 * 3_600 + 40 * 60, "23 h"),
            (7 * 3_600 + 20 * 60, "7 h 20 min"),
            (3_600, "1 h"),
            (38 * 60, "38 min"),
            (12, "12 s"),
            (-3, "0 s"),
        ];
        for (seconds, text) in expected {
            assert_eq!(remaining_text(seconds), text);
        }
    }

    #[test]
    fn the_past_is_told_in_whole_units() {
        let now = Timestamp::from_seconds(10_000_000);
        let expected =
            [(5, "just now"), (240, "4 min ago"), (3_700, "1 h ago"), (90_000, "yesterday"), (11 * 86_400, "11 d ago"), (-240, "in 4 min")];
        for (seconds, text) in expected {
            assert_eq!(ago_text(now, now.plus_seconds(-seconds)), text);
        }
    }

    #[test]
    fn a_hold_reads_as_a_clock() {
        assert_eq!(countdown_text(761), "12:41");
        assert_eq!(countdown_text(3_846), "1:04:06");
        assert_eq!(countdown_text(0), "Ended");
        assert_eq!((urgency(300), urgency(299), urgency(59), urgency(0)), ("", "is-warn", "is-danger", "is-ended"));
    }

    #[test]
    fn cells_fill_from_the_right_and_end_at_the_edge() {
        let cells = day_cells(15, 4 * SECONDS_PER_DAY + SECONDS_PER_DAY / 2);
        assert_eq!(cells.len(), 15);
        assert_eq!(cells.iter().filter(|cell| cell.full.is_some()).count(), 5);
        assert_eq!(cells.iter().filter(|cell| cell.full.is_some() && cell.pale.is_some()).count(), 1);
        let (start, width) = cells.last().and_then(|cell| cell.full).expect("the last day is left");
        assert_eq!(start + width, WHOLE);
        let (pale, full) = cells[10].pale.zip(cells[10].full).expect("half of this day has passed");
        assert!((pale.1 - full.1).abs() <= 1);
        assert_eq!(day_cells(15, 99 * SECONDS_PER_DAY).iter().filter(|cell| cell.pale.is_some()).count(), 0);
        assert_eq!(day_cells(400, 0).len(), 1);
        assert_eq!(
            [percent(share(1, 3)), percent(share(-5, 3)), percent(share(9, 3)), percent(5)],
            ["33.33%", "0.00%", "100.00%", "0.05%"]
        );
    }
}
