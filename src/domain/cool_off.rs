//! The cool-off after a number's last call (R16): when it ends, how long it still runs, and the refusal while it runs.
//!
//! Who may override it is decided elsewhere.

use super::refusal::Refusal;
use super::time::Timestamp;

/// The default of the setting, in days.
pub const COOL_OFF_DAYS: i64 = 15;

/// When the number may leave its sub-account: the last call plus the cool-off, rounded up to a whole second. Never used: no cool-off.
#[must_use]
pub fn cool_off_until(last_call_at: Option<Timestamp>, days: i64) -> Option<Timestamp> {
    last_call_at.map(|at| at.plus_days(days.max(0)).rounded_up_to_second())
}

/// Seconds that the cool-off still runs, rounded up; 0 when none runs.
#[must_use]
pub fn remaining_s(last_call_at: Option<Timestamp>, days: i64, now: Timestamp) -> i64 {
    cool_off_until(last_call_at, days).map_or(0, |until| now.seconds_until(until).max(0))
}

/// Passes from the very second at which the cool-off ends.
///
/// # Errors
/// While it runs: its end and the seconds that are left, at least 1.
pub fn check(last_call_at: Option<Timestamp>, days: i64, now: Timestamp) -> Result<(), Refusal> {
    match cool_off_until(last_call_at, days) {
        Some(until) if now < until => {
            Err(Refusal::DidCoolOffInEffect { cool_off_until: until, remaining_s: now.seconds_until(until).max(1) })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{MICROS_PER_SECOND, SECONDS_PER_DAY};
    use proptest::prelude::*;

    #[test]
    fn ends_at_the_very_second() {
        let last_call_at = Some(Timestamp::from_micros(1_000_001));
        let until = Timestamp::from_seconds(2 + 15 * SECONDS_PER_DAY);
        assert_eq!(cool_off_until(last_call_at, 15), Some(until));
        let last_moment = Timestamp::from_micros(until.micros() - 1);
        assert_eq!(check(last_call_at, 15, last_moment), Err(Refusal::DidCoolOffInEffect { cool_off_until: until, remaining_s: 1 }));
        assert_eq!(check(last_call_at, 15, until), Ok(()));
    }

    #[test]
    fn a_number_never_used_has_none() {
        assert_eq!(cool_off_until(None, 15), None);
        assert_eq!(remaining_s(None, 15, Timestamp::from_seconds(0)), 0);
        assert_eq!(check(None, 15, Timestamp::from_seconds(0)), Ok(()));
    }

    proptest! {
        #[test]
        fn refused_exactly_while_seconds_remain(called in 0..4_000_000_000_000_000_i64, later in -10_i64..3_000_000, micros in 0..MICROS_PER_SECOND, days in 0_i64..60) {
            let last_call_at = Some(Timestamp::from_micros(called));
            let now = Timestamp::from_micros(called + later * MICROS_PER_SECOND + micros);
            let left = remaining_s(last_call_at, days, now);
            match check(last_call_at, days, now) {
                Ok(()) => prop_assert_eq!(left, 0),
                Err(Refusal::DidCoolOffInEffect { cool_off_until, remaining_s }) => {
                    prop_assert_eq!(remaining_s, left);
                    prop_assert!(remaining_s >= 1);
                    prop_assert!(now.plus_seconds(remaining_s) >= cool_off_until);
                    prop_assert!(now.plus_seconds(remaining_s - 1) < cool_off_until);
                    prop_assert_eq!(cool_off_until.micros() % MICROS_PER_SECOND, 0);
                }
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
