//! Webhooks as rules: which events may be sent, what an endpoint asks for, and when a delivery is tried again.
//!
//! Signing, sealing and sending live on the server.

use super::audit::EventKind;
use super::time::{SECONDS_PER_DAY, Timestamp};

/// How long a delivery is tried, counted from its first attempt since it was asked for.
pub const GIVE_UP_AFTER_S: i64 = SECONDS_PER_DAY;
/// Pauses after the first, second, … failed attempt; the last one repeats.
const PAUSES_S: [i64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];

/// Kinds of events that endpoints are told, each with what it means, in the order in which a form lists them.
pub const SENT: [(EventKind, &str); 12] = [
    (EventKind::NumberPurchased, "A number was bought"),
    (EventKind::NumberAssigned, "A number was assigned to an agent"),
    (EventKind::NumberUnassigned, "A number was taken from its agent"),
    (EventKind::NumberReleased, "A number was released"),
    (EventKind::NumberRestored, "A release was undone"),
    (EventKind::HoldExpiring, "A hold ends within five minutes"),
    (EventKind::HoldExpired, "A hold has ended by itself"),
    (EventKind::WalletLow, "The wallet fell below its threshold"),
    (EventKind::RentalFailed, "The rental of a number could not be charged"),
    (EventKind::NumberSuspended, "A number stopped answering, its rental is unpaid"),
    (EventKind::RentalSettled, "An unpaid rental was settled"),
    (EventKind::CoolOffEnded, "A cool-off has ended by itself"),
];

/// Whether endpoints may ask for events of this kind.
#[must_use]
pub fn is_sent(kind: EventKind) -> bool {
    SENT.iter().any(|(sent, _)| *sent == kind)
}

/// Which events an endpoint is told; an empty set means all of them, also those that come with later versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter(Vec<EventKind>);

impl EventFilter {
    /// The filter with these names, in the order of [`SENT`], each once.
    ///
    /// # Errors
    /// The first name that no event has.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut wanted = Vec::new();
        for name in names {
            wanted.push(EventKind::from_name(name).filter(|kind| is_sent(*kind)).ok_or_else(|| name.to_owned())?);
        }
        Ok(Self(SENT.iter().map(|(kind, _)| *kind).filter(|kind| wanted.contains(kind)).collect()))
    }

    /// The kinds that were asked for; empty for all.
    #[must_use]
    pub fn kinds(&self) -> &[EventKind] {
        &self.0
    }

    /// The names that were asked for; empty for all.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|kind| kind.name()).collect()
    }
}

/// When a delivery is tried again after `failed` failed attempts since it was asked for; none when it would be past `give_up_at`.
/// `spread` (0 to 99) delays it by up to a tenth, so that a receiver that comes back is not met by all at once.
#[must_use]
pub fn next_attempt(now: Timestamp, failed: u32, give_up_at: Timestamp, spread: i64) -> Option<Timestamp> {
    let index = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES_S.len() - 1);
    let pause_s = PAUSES_S.get(index).copied().unwrap_or(SECONDS_PER_DAY);
    let next = now.plus_seconds(pause_s + pause_s * spread.clamp(0, 99) / 1_000);
    (next <= give_up_at).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_keep_the_order_of_the_table_and_name_what_they_do_not_know() {
        let filter = EventFilter::from_names(["wallet.low", "number.purchased", "wallet.low"]).expect("known names");
        assert_eq!(filter.names(), ["number.purchased", "wallet.low"]);
        assert_eq!(EventFilter::from_names([]), Ok(EventFilter::default()));
        // Known to the timeline, but not sent.
        assert_eq!(EventFilter::from_names(["number.labelled"]), Err(String::from("number.labelled")));
        assert_eq!(EventFilter::from_names(["number.bought"]), Err(String::from("number.bought")));
    }

    #[test]
    fn attempts_fill_a_day_and_then_end() {
        let asked = Timestamp::from_seconds(0);
        let give_up_at = asked.plus_seconds(GIVE_UP_AFTER_S);
        for spread in [0, 99] {
            let (mut now, mut failed) = (asked, 1);
            while let Some(next) = next_attempt(now, failed, give_up_at, spread) {
                assert!(next > now && next <= give_up_at);
                now = next;
                failed += 1;
            }
            // Each pause is at least as long as the one before, and the last try is late in the day.
            assert!((9..=12).contains(&failed), "{failed} attempts");
            assert!(asked.seconds_until(now) > GIVE_UP_AFTER_S / 2, "the last try is {} s after the first", asked.seconds_until(now));
        }
    }
}
