//! Instants and spans as integers of microseconds. Reading a clock does not live here.

use serde::{Deserialize, Serialize};

/// Microseconds in one second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;
/// Seconds in one day. Cool-off, aging and the unpaid ladder count days of this length.
pub const SECONDS_PER_DAY: i64 = 86_400;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant `seconds` seconds after the epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, which may be negative.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// This instant moved by whole days of 86,400 seconds.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(SECONDS_PER_DAY))
    }

    /// Whole seconds from this instant to `later`, rounded up; negative or zero when `later` is not later.
    #[must_use]
    pub const fn seconds_until(self, later: Self) -> i64 {
        let micros = later.0.saturating_sub(self.0);
        let whole = micros.div_euclid(MICROS_PER_SECOND);
        if micros.rem_euclid(MICROS_PER_SECOND) > 0 { whole + 1 } else { whole }
    }

    /// The same instant, or the next one that falls on a whole second (R16).
    #[must_use]
    pub const fn rounded_up_to_second(self) -> Self {
        let rest = self.0.rem_euclid(MICROS_PER_SECOND);
        if rest == 0 { self } else { Self(self.0.saturating_add(MICROS_PER_SECOND - rest)) }
    }

    /// RFC 3339 in UTC with second precision, or with microseconds where there are some.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_microsecond(self.0).map_or_else(|_| String::from("out of range"), |at| at.to_string())
    }
}

/// The UTC day of an instant as people write it: `Nov 4`.
#[must_use]
pub fn day_text(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_microsecond(at.micros()).map(|at| at.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.map_or_else(|_| String::from("out of range"), |at| at.strftime("%b %-d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_until_rounds_up_and_knows_the_past() {
        let start = Timestamp::from_micros(1_500_000);
        assert_eq!(start.seconds_until(Timestamp::from_micros(1_500_001)), 1);
        assert_eq!(start.seconds_until(Timestamp::from_micros(2_500_000)), 1);
        assert_eq!(start.seconds_until(start), 0);
        assert_eq!(start.seconds_until(Timestamp::from_micros(0)), -1);
    }

    #[test]
    fn rounding_up_keeps_whole_seconds() {
        assert_eq!(Timestamp::from_seconds(7).rounded_up_to_second(), Timestamp::from_seconds(7));
        assert_eq!(Timestamp::from_micros(7_000_001).rounded_up_to_second(), Timestamp::from_seconds(8));
    }

    #[test]
    fn rfc3339_is_utc() {
        assert_eq!(Timestamp::from_seconds(0).rfc3339(), "1970-01-01T00:00:00Z");
    }
}
