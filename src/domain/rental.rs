//! When rental is due (R35): once a month from the anchor, at its UTC time of day; and the ladder of a rental that is not paid (R6).
//! Charging does not live here.

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::number::BillingState;
use super::time::{Timestamp, day_text};

/// How long a rental may stay unpaid, in days after the charge was tried and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Calls are no longer routed.
    pub suspended_after_days: i64,
    /// The number is released.
    pub released_after_days: i64,
}

/// A rental that is not paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpaid {
    /// The step it is on.
    pub state: BillingState,
    /// When the charge was tried and failed; not when it was due.
    pub since: Timestamp,
    /// When the step that it is on was announced.
    pub announced_at: Timestamp,
    /// The number carries a deletion lock.
    pub locked: bool,
    /// When it was announced that a lock does not stop the release.
    pub lock_announced_at: Option<Timestamp>,
}

/// What comes next for an unpaid rental.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// Nothing yet.
    Stay,
    /// The one extra announcement that a locked number gets.
    AnnounceLock,
    /// Calls stop being routed.
    Suspend,
    /// The number is released.
    Release,
}

impl Ladder {
    /// When calls stop: never sooner after the announcement before than after the failed charge.
    #[must_use]
    pub fn suspends_at(&self, since: Timestamp, announced_at: Timestamp) -> Timestamp {
        since.max(announced_at).plus_days(self.suspended_after_days)
    }

    /// When the number is released, if it was suspended at `announced_at`.
    #[must_use]
    pub fn releases_at(&self, since: Timestamp, announced_at: Timestamp) -> Timestamp {
        since.plus_days(self.released_after_days).max(announced_at.plus_days(self.notice_days()))
    }

    /// Days between the announcement of the suspension and the release.
    #[must_use]
    pub const fn notice_days(&self) -> i64 {
        let days = self.released_after_days - self.suspended_after_days;
        if days > 0 { days } else { 0 }
    }

    /// The next rung of an unpaid rental, one at a time however much time has passed: each was announced before the next is taken.
    #[must_use]
    pub fn next(&self, unpaid: &Unpaid, now: Timestamp) -> Rung {
        if unpaid.locked && unpaid.lock_announced_at.is_none() {
            return Rung::AnnounceLock;
        }
        let lock_over = unpaid.lock_announced_at.filter(|_| unpaid.locked).map(|at| at.plus_days(self.suspended_after_days));
        match unpaid.state {
            BillingState::PastDue if now >= self.suspends_at(unpaid.since, unpaid.announced_at) => Rung::Suspend,
            BillingState::Suspended
                if now >= self.releases_at(unpaid.since, unpaid.announced_at) && lock_over.is_none_or(|at| now >= at) =>
            {
                Rung::Release
            }
            _ => Rung::Stay,
        }
    }
}

/// When period `n` is due: the anchor plus `n` months, on the anchor's day or the month's last one. Period 0 is due at the anchor.
///
/// Past the calendar's end (the year 9999) nothing is ever due.
#[must_use]
pub fn period_due(anchor: Timestamp, n: u32) -> Timestamp {
    let due = || {
        let start = jiff::Timestamp::from_microsecond(anchor.micros()).ok()?.to_zoned(TimeZone::UTC).datetime();
        // Adding months to the anchor itself, and not to the previous due date, brings a 31st back after February.
        let span = 0.months().try_months(i64::from(n)).ok()?;
        start.checked_add(span).ok()?.to_zoned(TimeZone::UTC).ok()
    };
    due().map_or(Timestamp::from_micros(i64::MAX), |at| Timestamp::from_micros(at.timestamp().as_microsecond()))
}

/// A paid period as people say it: `Nov 22 to Dec 21`, both days in UTC.
#[must_use]
pub fn period_text(from: Timestamp, until: Timestamp) -> String {
    format!("{} to {}", day_text(from), day_text(until.plus_days(-1)))
}

/// When the first paid month ends and the second one is due.
#[must_use]
pub fn first_period_end(anchor: Timestamp) -> Timestamp {
    period_due(anchor, 1)
}

/// The UTC day of the month on which rental is charged, where the month has it.
#[must_use]
pub fn charge_day(anchor: Timestamp) -> u8 {
    jiff::Timestamp::from_microsecond(anchor.micros()).map_or(1, |at| at.to_zoned(TimeZone::UTC).day().unsigned_abs())
}

/// A day of the month as people say it: `22nd`.
#[must_use]
pub fn day_ordinal(day: u8) -> String {
    let ending = match (day % 100, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond())
    }

    #[test]
    fn the_last_day_comes_back_after_a_short_month() {
        let anchor = at("2026-01-31T10:14:05.25Z");
        assert_eq!(period_due(anchor, 0), anchor);
        assert_eq!(first_period_end(anchor), at("2026-02-28T10:14:05.25Z"));
        assert_eq!(period_due(anchor, 2), at("2026-03-31T10:14:05.25Z"));
        assert_eq!(period_due(anchor, 3), at("2026-04-30T10:14:05.25Z"));
        assert_eq!(period_due(anchor, 25), at("2028-02-29T10:14:05.25Z"));
        assert_eq!(charge_day(anchor), 31);
    }

    #[test]
    fn periods_are_said_by_their_days() {
        assert_eq!(period_text(at("2026-11-22T12:00:00Z"), at("2026-12-22T12:00:00Z")), "Nov 22 to Dec 21");
    }

    #[test]
    fn years_turn() {
        assert_eq!(period_due(at("2026-11-22T23:59:59Z"), 2), at("2027-01-22T23:59:59Z"));
    }

    #[test]
    fn days_have_their_endings() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31].into_iter().map(day_ordinal).collect();
        assert_eq!(said, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st"]);
    }

    #[test]
    fn the_ladder_is_climbed_rung_by_rung() {
        let ladder = Ladder { suspended_after_days: 7, released_after_days: 30 };
        let since = at("2026-01-01T00:00:00Z");
        let day = |days: i64| since.plus_days(days);
        let unpaid = |state, announced_at| Unpaid { state, since, announced_at, locked: false, lock_announced_at: None };
        let past_due = unpaid(BillingState::PastDue, since);
        assert_eq!(ladder.next(&past_due, day(7).plus_seconds(-1)), Rung::Stay);
        assert_eq!(ladder.next(&past_due, day(7)), Rung::Suspend);
        // However long nobody looked, the release waits for the suspension to be announced.
        assert_eq!(ladder.next(&past_due, day(90)), Rung::Suspend);
        let suspended = unpaid(BillingState::Suspended, day(7));
        assert_eq!(ladder.next(&suspended, day(30).plus_seconds(-1)), Rung::Stay);
        assert_eq!(ladder.next(&suspended, day(30)), Rung::Release);
        let late = unpaid(BillingState::Suspended, day(20));
        assert_eq!(ladder.next(&late, day(30)), Rung::Stay);
        assert_eq!(ladder.next(&late, day(43)), Rung::Release);
        assert_eq!(ladder.next(&unpaid(BillingState::Current, since), day(90)), Rung::Stay);
    }

    #[test]
    fn a_lock_is_told_of_once_and_then_stops_nothing() {
        let ladder = Ladder { suspended_after_days: 7, released_after_days: 30 };
        let since = at("2026-01-01T00:00:00Z");
        let suspended = |lock_announced_at| Unpaid {
            state: BillingState::Suspended,
            since,
            announced_at: since.plus_days(7),
            locked: true,
            lock_announced_at,
        };
        assert_eq!(ladder.next(&suspended(None), since.plus_days(30)), Rung::AnnounceLock);
        // Locked a day before the release: a week from the announcement on.
        assert_eq!(ladder.next(&suspended(Some(since.plus_days(29))), since.plus_days(30)), Rung::Stay);
        assert_eq!(ladder.next(&suspended(Some(since.plus_days(29))), since.plus_days(36)), Rung::Release);
        assert_eq!(ladder.next(&suspended(Some(since)), since.plus_days(30)), Rung::Release);
    }

    proptest! {
        #[test]
        fn one_a_month_at_the_same_time_of_day(micros in 0..4_000_000_000_000_000_i64, n in 0..400_u32) {
            let anchor = Timestamp::from_micros(micros);
            let (due, next) = (period_due(anchor, n), period_due(anchor, n + 1));
            let days = due.seconds_until(next) / 86_400;
            prop_assert!((28..=31).contains(&days));
            prop_assert_eq!((due.micros() - micros) % 86_400_000_000, 0);
            prop_assert!(charge_day(due) <= charge_day(anchor));
        }

        #[test]
        fn any_input_has_an_answer(micros in any::<i64>(), n in any::<u32>()) {
            let anchor = Timestamp::from_micros(micros);
            let _ = (period_due(anchor, n), charge_day(anchor));
        }
    }
}
