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
    /// How many of its periods are not covered.
    pub uncovered: u32,
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
            let fresh =
                Day { starts_at: Timestamp::from_seconds(start), renewals: 0, amount: Micros::ZERO, available_after: left, uncovered: 0 };
            let day = days.entry(start).or_insert(fresh);
            day.renewals = day.renewals.saturating_add(1);
            day.amount = Micros(day.amount.0.saturating_add(rental.monthly.0));
            day.available_after = left;
            day.uncovered = day.uncovered.saturating_add(u32::from(left < Micros::ZERO));
        }
        let next = period.saturating_add(1);
        due.push(Reverse((period_due(rental.anchor_at, next).max(at), index, next)));
    }
    Forecast { days: days.into_values().collect(), runs_out_at, looked_until }
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
    fn what_is_overdue_is_due_now_and_nothing_runs_out_without_rentals() {
        let now = at("2026-11-22T12:00:00Z");
        let overdue = [rental("2026-09-01T00:00:00Z", 1, 1_000_000)];
        let forecast = project(now, Micros::ZERO, &overdue, now.plus_days(1), now.plus_days(730));
        assert_eq!(forecast.runs_out_at, Some(now));
        let day = forecast.days.first().expect("today");
        // October's and November's periods are both behind already.
        assert_eq!((day.renewals, day.available_after, day.uncovered), (2, Micros(-2_000_000), 2));
        let none = project(now, Micros::ZERO, &[], now.plus_days(1), now.plus_days(730));
        assert_eq!(none, Forecast { days: Vec::new(), runs_out_at: None, looked_until: now.plus_days(730) });
    }
}
