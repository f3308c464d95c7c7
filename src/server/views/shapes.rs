//! Numbers and instants as texts. Only the server writes them, so that both renderings of a page agree.

use jiff::tz::TimeZone;

use crate::domain::time::Timestamp;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::server::phone;

impl PhoneView {
    /// A number with the text that people of its country read.
    #[must_use]
    pub fn new(e164: &str) -> Self {
        Self { e164: e164.to_owned(), formatted: phone::formatted(e164) }
    }
}

impl Moment {
    /// An instant with its texts in UTC.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        let utc = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default().to_zoned(TimeZone::UTC);
        let text = |format: &str| utc.strftime(format).to_string();
        Self { at, short: text("%b %-d, %H:%M"), day: text("%b %-d"), full: text("%Y-%m-%d %H:%M UTC") }
    }
}

/// A day that may be in another year: `Nov 7, 2027`, in UTC.
#[must_use]
pub fn day_and_year(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default().to_zoned(TimeZone::UTC).strftime("%b %-d, %Y").to_string()
}

/// A setting in days as it travels.
#[must_use]
pub fn days(days: i64) -> u16 {
    u16::try_from(days).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_three_texts() {
        let moment = Moment::new(Timestamp::from_seconds(1_795_687_440));
        assert_eq!((moment.short.as_str(), moment.day.as_str(), moment.full.as_str()), ("Nov 26, 10:04", "Nov 26", "2026-11-26 10:04 UTC"));
    }
}
