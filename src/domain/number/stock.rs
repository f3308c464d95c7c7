//! The state machine of a number in stock (R14, R51). `held` is no state of it: that is a live hold or order.

use crate::domain::code::Code;
use crate::domain::e164::E164;
use crate::domain::refusal::{Refusal, Unavailable};
use crate::domain::time::Timestamp;

/// Days that a released number rests at least; settings below it are refused for +1 numbers (R14).
pub const AGING_DAYS: i64 = 45;

/// Where a number in stock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockState {
    /// Can be searched, held and bought.
    Available,
    /// Somebody here owns it.
    Sold,
    /// Rests after a release; only its last owner may buy it.
    Aging { until: Timestamp },
    /// The operator took it out; it may not come back before the aging that it was taken out of.
    Withdrawn { aging_until: Option<Timestamp> },
}

/// What stands on a number at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nothing.
    None,
    /// A live hold.
    Hold,
    /// A live order.
    Order,
}

/// What withdrawing does to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// It is out; a hold on it ends with a notice.
    Out(StockState),
    /// It is owned: it stays so and is out when its aging ends.
    AfterAging,
    /// It was out already.
    Unchanged,
}

impl StockState {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Sold => "sold",
            Self::Aging { .. } => "aging",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The state with that name. Aging without an end is no state.
    #[must_use]
    pub fn from_name(name: &str, aging_until: Option<Timestamp>) -> Option<Self> {
        match name {
            "available" => Some(Self::Available),
            "sold" => Some(Self::Sold),
            "aging" => aging_until.map(|until| Self::Aging { until }),
            "withdrawn" => Some(Self::Withdrawn { aging_until }),
            _ => None,
        }
    }

    /// When its aging ends, as the database stores it.
    #[must_use]
    pub const fn aging_until(self) -> Option<Timestamp> {
        match self {
            Self::Aging { until } => Some(until),
            Self::Withdrawn { aging_until } => aging_until,
            Self::Available | Self::Sold => None,
        }
    }

    /// May it be held or bought? While it ages only by its last owner, from the end of aging on by anybody.
    ///
    /// # Errors
    /// Sold and withdrawn read alike; aging says when it ends.
    pub fn may_claim(self, e164: &E164, by_last_owner: bool, now: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::Available => Ok(()),
            Self::Aging { until } if by_last_owner || now >= until => Ok(()),
            Self::Aging { until } => Err(unavailable(e164, Unavailable::Aging, Some(until))),
            Self::Sold | Self::Withdrawn { .. } => Err(unavailable(e164, Unavailable::Sold, None)),
        }
    }

    /// Somebody bought it.
    ///
    /// # Errors
    /// As [`Self::may_claim`].
    pub fn sell(self, e164: &E164, by_last_owner: bool, now: Timestamp) -> Result<Self, Refusal> {
        self.may_claim(e164, by_last_owner, now).map(|()| Self::Sold)
    }

    /// Its owner's recovery window has ended. The end of aging is written once.
    ///
    /// # Errors
    /// When nobody owned it.
    pub fn start_aging(self, until: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Sold => Ok(Self::Aging { until }),
            _ => Err(Code::Conflict.into()),
        }
    }

    /// It has rested; where it was marked while it was owned it goes out instead of back.
    ///
    /// # Errors
    /// When it does not age, or not long enough.
    pub fn end_aging(self, now: Timestamp, withdraw_after_aging: bool) -> Result<Self, Refusal> {
        match self {
            Self::Aging { until } if now >= until && withdraw_after_aging => Ok(Self::Withdrawn { aging_until: None }),
            Self::Aging { until } if now >= until => Ok(Self::Available),
            _ => Err(Code::Conflict.into()),
        }
    }

    /// The operator takes it out. A hold ends only with `cancel_holds`, an order never.
    ///
    /// # Errors
    /// While it is being bought, or held without `cancel_holds`.
    pub fn withdraw(self, e164: &E164, claim: Claim, cancel_holds: bool) -> Result<Withdrawal, Refusal> {
        match (self, claim) {
            (Self::Withdrawn { .. }, _) => Ok(Withdrawal::Unchanged),
            (Self::Sold, _) => Ok(Withdrawal::AfterAging),
            (_, Claim::Order) => Err(Code::OrderInProgress.into()),
            (_, Claim::Hold) if !cancel_holds => Err(unavailable(e164, Unavailable::Held, None)),
            _ => Ok(Withdrawal::Out(Self::Withdrawn { aging_until: self.aging_until() })),
        }
    }

    /// The operator puts it back.
    ///
    /// # Errors
    /// While the aging that it was taken out of would still run, and for a number that is not out.
    pub fn restock(self, e164: &E164, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Withdrawn { aging_until: Some(until) } if now < until => Err(unavailable(e164, Unavailable::Aging, Some(until))),
            Self::Withdrawn { .. } => Ok(Self::Available),
            _ => Err(Code::Conflict.into()),
        }
    }
}

fn unavailable(e164: &E164, reason: Unavailable, free_at: Option<Timestamp>) -> Refusal {
    Refusal::NumberUnavailable { e164: e164.as_str().to_owned(), reason, free_at, owned_by_you: false, restore_until: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: Timestamp = Timestamp::from_seconds(100);
    const BEFORE: Timestamp = Timestamp::from_seconds(99);
    const AGING: StockState = StockState::Aging { until: UNTIL };
    const OUT: StockState = StockState::Withdrawn { aging_until: None };

    fn number() -> E164 {
        E164::parse("+14155552233").expect("a number")
    }

    fn refused(reason: Unavailable, free_at: Option<Timestamp>) -> Refusal {
        unavailable(&number(), reason, free_at)
    }

    #[test]
    fn selling_needs_stock_or_the_last_owner() {
        let sell = |state: StockState, by_last_owner, now| state.sell(&number(), by_last_owner, now);
        assert_eq!(sell(StockState::Available, false, BEFORE), Ok(StockState::Sold));
        assert_eq!(sell(StockState::Sold, true, BEFORE), Err(refused(Unavailable::Sold, None)));
        assert_eq!(sell(AGING, false, BEFORE), Err(refused(Unavailable::Aging, Some(UNTIL))));
        assert_eq!(sell(AGING, true, BEFORE), Ok(StockState::Sold));
        assert_eq!(sell(AGING, false, UNTIL), Ok(StockState::Sold));
        assert_eq!(sell(OUT, true, UNTIL), Err(refused(Unavailable::Sold, None)));
    }

    #[test]
    fn aging_starts_once_and_ends_at_its_time() {
        assert_eq!(StockState::Sold.start_aging(UNTIL), Ok(AGING));
        for state in [StockState::Available, AGING, OUT] {
            assert_eq!(state.start_aging(UNTIL), Err(Code::Conflict.into()));
        }
        assert_eq!(AGING.end_aging(BEFORE, false), Err(Code::Conflict.into()));
        assert_eq!(AGING.end_aging(UNTIL, false), Ok(StockState::Available));
        assert_eq!(AGING.end_aging(UNTIL, true), Ok(OUT));
        assert_eq!(StockState::Sold.end_aging(UNTIL, false), Err(Code::Conflict.into()));
    }

    #[test]
    fn withdrawing_never_touches_an_order() {
        let withdraw = |state: StockState, claim, cancel_holds| state.withdraw(&number(), claim, cancel_holds);
        assert_eq!(withdraw(StockState::Available, Claim::None, false), Ok(Withdrawal::Out(OUT)));
        assert_eq!(withdraw(StockState::Available, Claim::Hold, false), Err(refused(Unavailable::Held, None)));
        assert_eq!(withdraw(StockState::Available, Claim::Hold, true), Ok(Withdrawal::Out(OUT)));
        assert_eq!(withdraw(StockState::Available, Claim::Order, true), Err(Code::OrderInProgress.into()));
        assert_eq!(withdraw(AGING, Claim::None, false), Ok(Withdrawal::Out(StockState::Withdrawn { aging_until: Some(UNTIL) })));
        assert_eq!(withdraw(AGING, Claim::Order, true), Err(Code::OrderInProgress.into()));
        assert_eq!(withdraw(StockState::Sold, Claim::None, false), Ok(Withdrawal::AfterAging));
        assert_eq!(withdraw(OUT, Claim::None, false), Ok(Withdrawal::Unchanged));
    }

    #[test]
    fn putting_back_respects_the_aging() {
        let rests = StockState::Withdrawn { aging_until: Some(UNTIL) };
        assert_eq!(rests.restock(&number(), BEFORE), Err(refused(Unavailable::Aging, Some(UNTIL))));
        assert_eq!(rests.restock(&number(), UNTIL), Ok(StockState::Available));
        assert_eq!(OUT.restock(&number(), BEFORE), Ok(StockState::Available));
        for state in [StockState::Available, StockState::Sold, AGING] {
            assert_eq!(state.restock(&number(), UNTIL), Err(Code::Conflict.into()));
        }
    }

    #[test]
    fn rows_come_back() {
        for state in [StockState::Available, StockState::Sold, AGING, OUT, StockState::Withdrawn { aging_until: Some(UNTIL) }] {
            assert_eq!(StockState::from_name(state.name(), state.aging_until()), Some(state));
        }
        assert_eq!(StockState::from_name("aging", None), None);
        assert_eq!(StockState::from_name("held", None), None);
    }
}
