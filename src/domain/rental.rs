//! When rental is due (R35): once a month from the anchor, at its UTC time of day. Charging does not live here.

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::time::Timestamp;

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
    fn years_turn() {
        assert_eq!(period_due(at("2026-11-22T23:59:59Z"), 2), at("2027-01-22T23:59:59Z"));
    }

    #[test]
    fn days_have_their_endings() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31].into_iter().map(day_ordinal).collect();
        assert_eq!(said, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st"]);
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
