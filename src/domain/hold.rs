//! The state machine of a hold (R1, R49): a timed, free claim of one organization on one number.
//!
//! How many holds somebody may have is counted by the service; the limits stand here as the settings' defaults.

use super::code::Code;
use super::refusal::{Refusal, ReservationFault};
use super::time::Timestamp;

/// Length of a hold, of each extension, and of the stretch before the end in which it may be extended.
pub const HOLD_TIMEOUT_S: i64 = 1800;
/// Live holds of one organization.
pub const HOLDS_PER_ORGANIZATION: u32 = 10;
/// Live holds of one sub-account; they count to the organization's too.
pub const HOLDS_PER_SUB_ACCOUNT: u32 = 5;
/// Live holds of an organization that never topped up (R40).
pub const HOLDS_BEFORE_TOP_UP: u32 = 2;
/// How often one organization may hold the same number in 24 hours (R40).
pub const SAME_NUMBER_HOLDS_A_DAY: u32 = 3;
/// How often one hold may be extended (R49).
pub const EXTENSIONS_PER_HOLD: u8 = 10;

/// Where a hold stands. Expiry and extensions matter only while it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// The number is kept until `expires_at`; from then on this counts as expired, swept or not.
    Active { expires_at: Timestamp, extensions: u8 },
    /// An order lives on it: its time does not count.
    Committed { expires_at: Timestamp, extensions: u8 },
    /// The number was bought with it.
    Consumed,
    /// Given back.
    Released,
    /// Its time ended.
    Expired,
}

impl HoldState {
    /// A new hold.
    #[must_use]
    pub const fn start(now: Timestamp, hold_timeout_s: i64) -> Self {
        Self::Active { expires_at: now.plus_seconds(hold_timeout_s), extensions: 0 }
    }

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active { .. } => "active",
            Self::Committed { .. } => "committed",
            Self::Consumed => "consumed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// The state with that name.
    #[must_use]
    pub fn from_name(name: &str, expires_at: Timestamp, extensions: u8) -> Option<Self> {
        match name {
            "active" => Some(Self::Active { expires_at, extensions }),
            "committed" => Some(Self::Committed { expires_at, extensions }),
            "consumed" => Some(Self::Consumed),
            "released" => Some(Self::Released),
            "expired" => Some(Self::Expired),
            _ => None,
        }
    }

    /// The number is kept from others: committed, or active and not past its expiry.
    #[must_use]
    pub fn is_live(self, now: Timestamp) -> bool {
        match self {
            Self::Active { expires_at, .. } => now < expires_at,
            Self::Committed { .. } => true,
            _ => false,
        }
    }

    /// From when on it may be extended; none when it may not be any more.
    #[must_use]
    pub fn extendable_from(self, hold_timeout_s: i64) -> Option<Timestamp> {
        match self {
            Self::Active { expires_at, extensions } => extendable_from(expires_at, extensions, hold_timeout_s),
            _ => None,
        }
    }

    /// An order claims the number.
    ///
    /// # Errors
    /// When it has ended, or another order has it.
    pub fn commit(self, now: Timestamp) -> Result<Self, Refusal> {
        let (expires_at, extensions) = self.active(now)?;
        Ok(Self::Committed { expires_at, extensions })
    }

    /// The order was completed.
    ///
    /// # Errors
    /// When no order had it.
    pub fn consume(self) -> Result<Self, Refusal> {
        match self {
            Self::Committed { .. } => Ok(Self::Consumed),
            _ => Err(Code::Conflict.into()),
        }
    }

    /// The order failed: the hold goes on if its time is not over.
    ///
    /// # Errors
    /// When no order had it.
    pub fn reopen(self, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Committed { expires_at, extensions } if now < expires_at => Ok(Self::Active { expires_at, extensions }),
            Self::Committed { .. } => Ok(Self::Expired),
            _ => Err(Code::Conflict.into()),
        }
    }

    /// Gives it back. One that has ended by itself or was given back stays as it is.
    ///
    /// # Errors
    /// When it is being bought, or was used.
    pub fn release(self, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Active { expires_at, .. } if now < expires_at => Ok(Self::Released),
            Self::Active { .. } | Self::Expired => Ok(Self::Expired),
            Self::Released => Ok(Self::Released),
            Self::Committed { .. } => Err(Code::HoldCommitted.into()),
            Self::Consumed => Err(Refusal::ReservationInvalid { reason: ReservationFault::Consumed }),
        }
    }

    /// Its time is over.
    ///
    /// # Errors
    /// When its time is not over, or does not count.
    pub fn expire(self, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Active { expires_at, .. } if now >= expires_at => Ok(Self::Expired),
            _ => Err(Code::Conflict.into()),
        }
    }

    /// Adds one length to the old expiry, in the last stretch before it and at most ten times.
    ///
    /// # Errors
    /// When it has ended or is being bought, too early, and after the tenth time.
    pub fn extend(self, now: Timestamp, hold_timeout_s: i64) -> Result<Self, Refusal> {
        let (expires_at, extensions) = self.active(now)?;
        match extendable_from(expires_at, extensions, hold_timeout_s) {
            Some(from) if now >= from => {
                Ok(Self::Active { expires_at: expires_at.plus_seconds(hold_timeout_s), extensions: extensions + 1 })
            }
            extendable_from => Err(Refusal::ExtendLimitReached { extendable_from }),
        }
    }

    fn active(self, now: Timestamp) -> Result<(Timestamp, u8), Refusal> {
        let reason = match self {
            Self::Active { expires_at, extensions } if now < expires_at => return Ok((expires_at, extensions)),
            Self::Committed { .. } => return Err(Code::HoldCommitted.into()),
            Self::Active { .. } | Self::Expired => ReservationFault::Expired,
            Self::Consumed => ReservationFault::Consumed,
            Self::Released => ReservationFault::Released,
        };
        Err(Refusal::ReservationInvalid { reason })
    }
}

/// From when on an active hold may be extended, so that presses cannot stack; none after the tenth time.
#[must_use]
pub const fn extendable_from(expires_at: Timestamp, extensions: u8, hold_timeout_s: i64) -> Option<Timestamp> {
    if extensions >= EXTENSIONS_PER_HOLD { None } else { Some(expires_at.plus_seconds(-hold_timeout_s)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn active(expires_s: i64, extensions: u8) -> HoldState {
        HoldState::Active { expires_at: at(expires_s), extensions }
    }

    fn invalid(reason: ReservationFault) -> Result<HoldState, Refusal> {
        Err(Refusal::ReservationInvalid { reason })
    }

    #[test]
    fn a_lapsed_hold_is_expired_whether_swept_or_not() {
        let hold = HoldState::start(at(0), HOLD_TIMEOUT_S);
        assert!(hold.is_live(at(1799)) && !hold.is_live(at(1800)));
        assert_eq!(hold.commit(at(1800)), invalid(ReservationFault::Expired));
        assert_eq!(hold.extend(at(1800), HOLD_TIMEOUT_S), invalid(ReservationFault::Expired));
        assert_eq!(hold.release(at(1800)), Ok(HoldState::Expired));
        assert_eq!(hold.expire(at(1800)), Ok(HoldState::Expired));
        assert_eq!(hold.expire(at(1799)), Err(Code::Conflict.into()));
    }

    #[test]
    fn a_committed_hold_neither_expires_extends_nor_releases() {
        let committed = active(1800, 3).commit(at(10)).expect("it lives");
        assert!(committed.is_live(at(99_999)));
        assert_eq!(committed.commit(at(10)), Err(Code::HoldCommitted.into()));
        assert_eq!(committed.extend(at(10), HOLD_TIMEOUT_S), Err(Code::HoldCommitted.into()));
        assert_eq!(committed.release(at(10)), Err(Code::HoldCommitted.into()));
        assert_eq!(committed.expire(at(99_999)), Err(Code::Conflict.into()));
        assert_eq!(committed.consume(), Ok(HoldState::Consumed));
        assert_eq!(committed.reopen(at(1799)), Ok(active(1800, 3)));
        assert_eq!(committed.reopen(at(1800)), Ok(HoldState::Expired));
        assert_eq!(active(1800, 0).reopen(at(1)), Err(Code::Conflict.into()));
    }

    #[test]
    fn ended_holds_say_how_they_ended() {
        for (state, reason) in [
            (HoldState::Consumed, ReservationFault::Consumed),
            (HoldState::Released, ReservationFault::Released),
            (HoldState::Expired, ReservationFault::Expired),
        ] {
            assert_eq!(state.commit(at(0)), invalid(reason));
            assert_eq!(state.extend(at(0), HOLD_TIMEOUT_S), invalid(reason));
            assert_eq!(state.consume(), Err(Code::Conflict.into()));
            assert!(!state.is_live(at(0)));
        }
        assert_eq!(HoldState::Consumed.release(at(0)), invalid(ReservationFault::Consumed));
        assert_eq!(HoldState::Released.release(at(0)), Ok(HoldState::Released));
        assert_eq!(HoldState::Expired.release(at(0)), Ok(HoldState::Expired));
    }

    #[test]
    fn presses_do_not_stack_and_end_after_ten() {
        let mut hold = HoldState::start(at(0), HOLD_TIMEOUT_S);
        for press in 1..=10_u8 {
            let now = at(1800 * i64::from(press) - 60);
            hold = hold.extend(now, HOLD_TIMEOUT_S).expect("in the last half hour");
            assert_eq!(hold, active(1800 * (i64::from(press) + 1), press));
            if press < 10 {
                let extendable_from = Some(at(1800 * i64::from(press)));
                assert_eq!(hold.extend(now, HOLD_TIMEOUT_S), Err(Refusal::ExtendLimitReached { extendable_from }));
            }
        }
        assert_eq!(hold.extend(at(1800 * 11 - 1), HOLD_TIMEOUT_S), Err(Refusal::ExtendLimitReached { extendable_from: None }));
        assert_eq!(hold.extendable_from(HOLD_TIMEOUT_S), None);
    }

    #[test]
    fn names_come_back() {
        for state in [
            active(5, 2),
            HoldState::Committed { expires_at: at(5), extensions: 2 },
            HoldState::Consumed,
            HoldState::Released,
            HoldState::Expired,
        ] {
            assert_eq!(HoldState::from_name(state.name(), at(5), 2), Some(state));
        }
        assert_eq!(HoldState::from_name("held", at(5), 2), None);
    }

    proptest! {
        #[test]
        fn never_more_than_two_lengths_ahead(presses in proptest::collection::vec(0_i64..4000, 0..60)) {
            let mut hold = HoldState::start(at(0), HOLD_TIMEOUT_S);
            let mut now_s = 0;
            for wait in presses {
                now_s += wait;
                if let Ok(next) = hold.extend(at(now_s), HOLD_TIMEOUT_S) {
                    hold = next;
                }
                if let HoldState::Active { expires_at, extensions } = hold {
                    prop_assert!(extensions <= EXTENSIONS_PER_HOLD);
                    prop_assert!(at(now_s).seconds_until(expires_at) <= 2 * HOLD_TIMEOUT_S);
                    prop_assert_eq!(expires_at, at(HOLD_TIMEOUT_S * (i64::from(extensions) + 1)));
                }
            }
        }
    }
}
