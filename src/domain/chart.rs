//! Drawings of money over time, in whole units of a drawing: what is left of a wallet day by day, and bars of months. Colours, words and
//! markup are the pages' business.

use serde::{Deserialize, Serialize};

use super::forecast::Day;
use super::money::{MICROS_PER_UNIT, Micros};
use super::time::{MICROS_PER_SECOND, SECONDS_PER_DAY, Timestamp};

/// Room for the amounts on the left.
const LEFT: i64 = 48;
/// Room above the highest amount, for what is said there.
const TOP: i64 = 40;
/// Room for the ticks of renewals and the names of days.
const FOOT: i64 = 44;
/// The longest and the shortest tick of a day with renewals.
const TICKS: (i64, i64) = (16, 5);
/// Lines across at the most, besides the one of nothing.
const MOST_LINES: i64 = 3;

/// How large a drawing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: i64,
    pub height: i64,
    /// Names of days below it, the first included.
    pub labels: i64,
}

/// A line across at a round amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    pub y: i64,
    pub amount: Micros,
}

/// A day on which something renews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    pub x: i64,
    /// The more it costs, the longer.
    pub length: i64,
    /// The wallet does not cover all of it.
    pub unpaid: bool,
}

/// Where the name of a day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub x: i64,
    pub at: Timestamp,
}

/// What is left of a wallet: a line that falls in steps, down to nothing and no further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Falling {
    pub width: i64,
    pub height: i64,
    /// Where the line begins.
    pub left: i64,
    /// Where the drawing proper begins, below what is said above it.
    pub top: i64,
    /// `x,y` with spaces between.
    pub line: String,
    /// The same with its foot, as the outline of what is under it.
    pub area: String,
    /// Where nothing is left.
    pub zero_y: i64,
    pub levels: Vec<Level>,
    /// Where the amount stands below which somebody is told.
    pub alert_y: Option<i64>,
    /// The step with which it falls below that.
    pub alert_from: Option<(i64, i64)>,
    /// Where the first renewal is not covered.
    pub runs_out_x: Option<i64>,
    pub ticks: Vec<Tick>,
    pub marks: Vec<Mark>,
}

/// What a drawing shows.
#[derive(Debug, Clone, Copy)]
pub struct Ahead<'a> {
    pub now: Timestamp,
    pub until: Timestamp,
    pub available: Micros,
    pub days: &'a [Day],
    /// Below which amount somebody is told.
    pub alert: Option<Micros>,
    /// When the first renewal is not covered.
    pub runs_out_at: Option<Timestamp>,
}

/// The share of `length` that `part` is of `whole`. In 128 bits, so that no amount is too large to be drawn.
fn share(part: i64, whole: i64, length: i64) -> i64 {
    let share = i128::from(part) * i128::from(length) / i128::from(whole.max(1));
    i64::try_from(share).unwrap_or(length).clamp(0, length)
}

/// The smallest of 1, 2 and 5 times a power of ten of which no more than [`MOST_LINES`] fit below `top`.
fn round_step(top: i64) -> i64 {
    let mut step = MICROS_PER_UNIT;
    for factor in [2, 5, 10].into_iter().cycle() {
        if top / step <= MOST_LINES {
            break;
        }
        // 1, 2, 5, 10, 20, …: each from the last power of ten.
        step = match factor {
            2 => step.saturating_mul(2),
            5 => step / 2 * 5,
            _ => step.saturating_mul(2),
        };
    }
    step
}

/// Draws what is left from now to the end.
#[must_use]
pub fn falling(ahead: &Ahead<'_>, size: Size) -> Falling {
    let zero_y = size.height - FOOT;
    let highest = ahead.days.iter().map(|day| day.available_after.0).chain([ahead.available.0, 1]).max().unwrap_or(1);
    // The line of the alert stands in the drawing too, unless it would press all else flat.
    let alert = ahead.alert.filter(|alert| alert.0 <= highest.saturating_mul(3));
    let top = alert.map_or(highest, |alert| highest.max(alert.0));
    let (span, width) = (ahead.until.micros().saturating_sub(ahead.now.micros()), size.width - LEFT);
    let x = |at: Timestamp| LEFT + share(at.micros().saturating_sub(ahead.now.micros()), span, width);
    let y = |amount: Micros| zero_y - share(amount.0, top, zero_y - TOP);
    let (mut line, mut level) = (format!("{LEFT},{}", y(ahead.available)), y(ahead.available));
    for day in ahead.days {
        let (place, next) = (x(day.starts_at), y(day.available_after));
        line.push_str(&format!(" {place},{level} {place},{next}"));
        level = next;
    }
    line.push_str(&format!(" {},{level}", size.width));
    let area = format!("{LEFT},{zero_y} {line} {},{zero_y}", size.width);
    let falls_below = |day: &&Day| alert.is_some_and(|alert| ahead.available >= alert && day.available_after < alert);
    let alert_from = ahead.days.iter().find(falls_below);
    let step = round_step(top);
    Falling {
        width: size.width,
        height: size.height,
        left: LEFT,
        top: TOP,
        line,
        area,
        zero_y,
        levels: (0..=top / step).map(|count| Micros(count * step)).map(|amount| Level { y: y(amount), amount }).collect(),
        alert_y: alert.map(y),
        alert_from: alert_from.map(|day| (x(day.starts_at), y(day.available_after))),
        runs_out_x: ahead.runs_out_at.filter(|at| *at <= ahead.until).map(|at| x(start_of_day(at).max(ahead.now))),
        ticks: ticks(ahead.days, x),
        marks: marks(ahead, size, x),
    }
}

fn start_of_day(at: Timestamp) -> Timestamp {
    let day = SECONDS_PER_DAY * MICROS_PER_SECOND;
    Timestamp::from_micros(at.micros().div_euclid(day) * day)
}

fn ticks(days: &[Day], x: impl Fn(Timestamp) -> i64) -> Vec<Tick> {
    let most = days.iter().map(|day| day.amount.0).max().unwrap_or(1);
    let (long, short) = TICKS;
    let tick = |day: &Day| Tick { x: x(day.starts_at), length: short + share(day.amount.0, most, long - short), unpaid: day.uncovered > 0 };
    days.iter().map(tick).collect()
}

/// Days at even distances; the day on which the money ends stands among them, in place of those too near to it.
fn marks(ahead: &Ahead<'_>, size: Size, x: impl Fn(Timestamp) -> i64) -> Vec<Mark> {
    let days = ahead.until.micros().saturating_sub(ahead.now.micros()) / (SECONDS_PER_DAY * MICROS_PER_SECOND);
    let parts = (size.labels - 1).max(1);
    let near = size.width / (parts * 3 / 2 + 1);
    let end = ahead.runs_out_at.filter(|at| *at <= ahead.until).map(|at| Mark { x: x(start_of_day(at).max(ahead.now)), at });
    let even = (0..=parts).map(|part| ahead.now.plus_days(days * part / parts)).map(|at| Mark { x: x(at), at });
    let mut marks: Vec<Mark> = even.filter(|mark| end.is_none_or(|end| (mark.x - end.x).abs() > near)).chain(end).collect();
    marks.sort_by_key(|mark| mark.x);
    marks
}

/// A bar of a month: its parts lie on each other, the first at the foot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    pub x: i64,
    pub width: i64,
    /// Upper end and height of each part.
    pub parts: Vec<(i64, i64)>,
}

/// Bars of equal width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bars {
    pub width: i64,
    pub height: i64,
    pub left: i64,
    pub zero_y: i64,
    pub levels: Vec<Level>,
    pub bars: Vec<Bar>,
}

/// Room below bars, for the names of months.
const BARS_FOOT: i64 = 24;
/// Room above the highest bar.
const BARS_TOP: i64 = 12;

/// Draws amounts above zero as bars, from left to right.
#[must_use]
pub fn bars(months: &[Vec<Micros>], width: i64, height: i64) -> Bars {
    let sum = |parts: &Vec<Micros>| parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.0.max(0)));
    let top = months.iter().map(sum).max().unwrap_or(0).max(1);
    let zero_y = height - BARS_FOOT;
    let room = zero_y - BARS_TOP;
    let pitch = (width - LEFT) / i64::try_from(months.len().max(1)).unwrap_or(1);
    let bar = |(index, parts): (usize, &Vec<Micros>)| {
        let place = LEFT + pitch * i64::try_from(index).unwrap_or(0);
        let mut below = 0_i64;
        let parts = parts.iter().map(|part| {
            let (from, to) = (below, below.saturating_add(part.0.max(0)));
            below = to;
            let (low, high) = (share(from, top, room), share(to, top, room));
            (zero_y - high, high - low)
        });
        Bar { x: place + pitch / 8, width: (pitch - pitch / 4).max(1), parts: parts.collect() }
    };
    let step = round_step(top);
    let level = |count: i64| Level { y: zero_y - share(count * step, top, room), amount: Micros(count * step) };
    Bars {
        width,
        height,
        left: LEFT,
        zero_y,
        levels: (0..=top / step).map(level).collect(),
        bars: months.iter().enumerate().map(bar).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 148, height: 184, labels: 3 };

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_305_600)
    }

    fn day(days: i64, after: i64, uncovered: u32) -> Day {
        Day { starts_at: now().plus_days(days), renewals: 1, amount: Micros(10 * days), available_after: Micros(after), uncovered }
    }

    fn ahead(days: &[Day]) -> Ahead<'_> {
        let runs_out_at = days.iter().find(|day| day.uncovered > 0).map(|day| day.starts_at.plus_seconds(3_600));
        Ahead { now: now(), until: now().plus_days(100), available: Micros(80), days, alert: Some(Micros(40)), runs_out_at }
    }

    #[test]
    fn the_line_falls_in_steps_and_ends_at_nothing() {
        let days = [day(25, 30, 0), day(50, -20, 1)];
        let drawn = falling(&ahead(&days), SIZE);
        assert_eq!((drawn.zero_y, drawn.left, drawn.top), (140, 48, 40));
        assert_eq!(drawn.line, "48,40 73,40 73,103 98,103 98,140 148,140");
        assert_eq!(drawn.area, format!("48,140 {} 148,140", drawn.line));
        assert_eq!((drawn.alert_y, drawn.alert_from, drawn.runs_out_x), (Some(90), Some((73, 103)), Some(98)));
        assert_eq!(drawn.ticks, [Tick { x: 73, length: 10, unpaid: false }, Tick { x: 98, length: 16, unpaid: true }]);
        let marks: Vec<i64> = drawn.marks.iter().map(|mark| mark.x).collect();
        assert_eq!(marks, [48, 98, 148], "the day on which it ends takes the place of the one beside it");
    }

    #[test]
    fn a_wallet_that_is_empty_or_endless_can_be_drawn() {
        let drawn = falling(&Ahead { available: Micros::ZERO, alert: None, ..ahead(&[]) }, SIZE);
        assert_eq!((drawn.line.as_str(), drawn.runs_out_x, drawn.alert_y), ("48,140 148,140", None, None));
        let days = [day(1, i64::MIN, 1)];
        let drawn = falling(&Ahead { available: Micros(i64::MAX), ..ahead(&days) }, SIZE);
        assert_eq!(drawn.line, "48,40 49,40 49,140 148,140");
        assert!(drawn.levels.len() <= 4);
        let drawn = falling(&Ahead { alert: Some(Micros(1_000_000)), ..ahead(&[]) }, SIZE);
        assert_eq!(drawn.alert_y, None, "an alert far above all else is not drawn");
    }

    #[test]
    fn lines_across_stand_at_round_amounts() {
        for (top, step) in [(1, 1), (3, 1), (4, 2), (7, 2), (9, 5), (19, 5), (20, 10), (128, 50), (401, 200), (1_000, 500)] {
            assert_eq!(round_step(top * MICROS_PER_UNIT), step * MICROS_PER_UNIT, "{top}");
        }
    }

    #[test]
    fn bars_lie_on_each_other() {
        let drawn = bars(&[vec![Micros(30), Micros(10)], vec![Micros(0), Micros(20)], vec![Micros(-5), Micros(0)]], 168, 136);
        assert_eq!(drawn.zero_y, 112);
        let parts: Vec<&[(i64, i64)]> = drawn.bars.iter().map(|bar| bar.parts.as_slice()).collect();
        assert_eq!(parts, [[(37, 75), (12, 25)], [(112, 0), (62, 50)], [(112, 0), (112, 0)]]);
        assert_eq!(drawn.bars.iter().map(|bar| (bar.x, bar.width)).collect::<Vec<_>>(), [(53, 30), (93, 30), (133, 30)]);
        assert_eq!(bars(&[], 168, 136).bars, []);
    }
}
