//! What the rentals that go on will take from a wallet, day by day, and when it no longer covers one. Nothing is charged here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::money::Micros;
use super::rental::period_due;
use super::time::{MICROS_PER_SECOND, SECONDS_PER_DAY, Timestamp};

/// Renewals that are looked at in all.
const MOST_STEPS: usize = 500_000;

/// A rental that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rental {
    /// When its first period began.
    pub anchor_at: Timestamp,
    /// Periods that are paid: the number of the next one.
    pub periods_charged: u32,
    /// When the next one is due.
    pub due_at: Timestamp,
    /// What each costs.
    pub monthly: Micros,
}

/// A day on which something renews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Its beginning, in UTC.
    pub starts_at: Timestamp,
    /// How many periods come due on it.
    pub renewals: u32,
    /// What they cost together.
    pub amount: Micros,
    /// What is left after it; below zero is what would be missing.
    pub available_after: Micros,
}

/// What is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The days with renewals, in order, up to the end that was asked for.
    pub days: Vec<Day>,
    /// When the first renewal comes due that is not covered.
    pub runs_out_at: Option<Timestamp>,
    /// How far was looked for that.
    pub looked_until: Timestamp,
}

/// Projects the rentals from `now` on. Days are listed up to `days_until`; that the wallet runs out is looked for up to `search_until`.
/// What is overdue counts as due now.
#[must_use]
pub fn project(now: Timestamp, available: Micros, rentals: &[Rental], days_until: Timestamp, search_until: Timestamp) -> Forecast {
    let mut due: BinaryHeap<Reverse<(Timestamp, usize, u32)>> =
        rentals.iter().enumerate().map(|(index, rental)| Reverse((rental.due_at.max(now), index, rental.periods_charged))).collect();
    let (mut days, mut left, mut runs_out_at) = (BTreeMap::<i64, Day>::new(), available, None);
    let mut looked_until = search_until.max(days_until);
    for step in 0.. {
        let Some(Reverse((at, index, period))) = due.pop() else { break };
        let Some(rental) = rentals.get(index) else { continue };
        if at > looked_until || (at > days_until && runs_out_at.is_some()) {
            break;
        }
        if step >= MOST_STEPS {
            looked_until = at;
            break;
        }
        left = Micros(left.0.saturating_sub(rental.monthly.0));
        if left < Micros::ZERO && runs_out_at.is_none() {
            runs_out_at = Some(at);
        }
        if at <= days_until {
            let start = at.micros().div_euclid(SECONDS_PER_DAY * MICROS_PER_SECOND) * SECONDS_PER_DAY;
            let fresh = Day { starts_at: Timestamp::from_seconds(start), renewals: 0, amount: Micros::ZERO, available_after: left };
            let day = days.entry(start).or_insert(fresh);
            day.renewals = day.renewals.saturating_add(1);
            day.amount = Micros(day.amount.0.saturating_add(rental.monthly.0));
            day.available_after = left;
        }
        let next = period.saturating_add(1);
        due.push(Reverse((period_due(rental.anchor_at, next).max(at), index, next)));
    }
    Forecast { days: days.into_values().collect(), runs_out_at, looked_until }
}

/// What can be spent over time as a line of steps, in whole units of a drawing `width` wide and `height` high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// `x,y` with spaces between, from now to the end.
    pub points: String,
    /// How far down nothing is left.
    pub zero_y: i64,
}

/// Draws what is left from `now`, when `available` is there, to `until`. The top is the highest amount, the bottom the lowest or nothing.
#[must_use]
pub fn curve(now: Timestamp, available: Micros, days: &[Day], until: Timestamp, width: i64, height: i64) -> Curve {
    let after = || days.iter().map(|day| day.available_after.0);
    let top = after().chain([available.0, 1]).max().unwrap_or(1);
    let bottom = after().chain([0]).min().unwrap_or(0);
    let scaled = |part: i64, whole: i64, length: i64| {
        // In 128 bits, so that no amount is too large to be drawn.
        let share = i128::from(part) * i128::from(length) / i128::from(whole.max(1));
        i64::try_from(share).unwrap_or(length)
    };
    let x = |at: Timestamp| {
        scaled(at.micros().saturating_sub(now.micros()), until.micros().saturating_sub(now.micros()), width).clamp(0, width)
    };
    let y = |amount: i64| scaled(top.saturating_sub(amount), top.saturating_sub(bottom), height).clamp(0, height);
    let (mut points, mut level) = (format!("0,{}", y(available.0)), y(available.0));
    for day in days {
        let (place, next) = (x(day.starts_at), y(day.available_after.0));
        points.push_str(&format!(" {place},{level} {place},{next}"));
        level = next;
    }
    points.push_str(&format!(" {width},{level}"));
    Curve { points, zero_y: y(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond())
    }

    fn rental(anchor: &str, periods_charged: u32, monthly: i64) -> Rental {
        let anchor_at = at(anchor);
        Rental { anchor_at, periods_charged, due_at: period_due(anchor_at, periods_charged), monthly: Micros(monthly) }
    }

    #[test]
    fn every_renewal_is_counted_on_its_day_until_the_wallet_runs_out() {
        let now = at("2026-11-22T12:00:00Z");
        let rentals = [rental("2026-01-31T10:00:00Z", 10, 2_000_000), rental("2026-11-15T09:00:00Z", 1, 3_000_000)];
        let forecast = project(now, Micros(10_000_000), &rentals, now.plus_days(45), now.plus_days(730));
        let days: Vec<(String, u32, i64, i64)> =
            forecast.days.iter().map(|day| (day.starts_at.rfc3339(), day.renewals, day.amount.0, day.available_after.0)).collect();
        // A 31st falls on the 30th in November and comes back in December. What is left is taken
        // by January 15th, and the 31st is not covered.
        assert_eq!(
            days,
            [
                (String::from("2026-11-30T00:00:00Z"), 1, 2_000_000, 8_000_000),
                (String::from("2026-12-15T00:00:00Z"), 1, 3_000_000, 5_000_000),
                (String::from("2026-12-31T00:00:00Z"), 1, 2_000_000, 3_000_000),
            ]
        );
        assert_eq!(forecast.runs_out_at, Some(at("2027-01-31T10:00:00Z")));
    }

    #[test]
    fn the_curve_falls_in_steps_and_knows_where_nothing_is_left() {
        let now = at("2026-11-22T00:00:00Z");
        let day =
            |days: i64, after: i64| Day { starts_at: now.plus_days(days), renewals: 1, amount: Micros(1), available_after: Micros(after) };
        let curve = |available, days: &[Day]| super::curve(now, Micros(available), days, now.plus_days(100), 100, 50);
        let falling = curve(80, &[day(25, 30), day(50, -20)]);
        assert_eq!((falling.points.as_str(), falling.zero_y), ("0,0 25,0 25,25 50,25 50,50 100,50", 40));
        assert_eq!(curve(80, &[]), Curve { points: String::from("0,0 100,0"), zero_y: 50 });
        let empty = curve(0, &[]);
        assert_eq!((empty.points.as_str(), empty.zero_y), ("0,50 100,50", 50));
        assert!(curve(i64::MAX, &[day(1, i64::MIN)]).points.starts_with("0,0 1,0 1,"));
    }

    #[test]
    fn what_is_overdue_is_due_now_and_nothing_runs_out_without_rentals() {
        let now = at("2026-11-22T12:00:00Z");
        let overdue = [rental("2026-09-01T00:00:00Z", 1, 1_000_000)];
        let forecast = project(now, Micros::ZERO, &overdue, now.plus_days(1), now.plus_days(730));
        assert_eq!(forecast.runs_out_at, Some(now));
        let day = forecast.days.first().expect("today");
        // October's and November's periods are both behind already.
        assert_eq!((day.renewals, day.available_after), (2, Micros(-2_000_000)));
        let none = project(now, Micros::ZERO, &[], now.plus_days(1), now.plus_days(730));
        assert_eq!(none, Forecast { days: Vec::new(), runs_out_at: None, looked_until: now.plus_days(730) });
    }
}
