//! What may be done to an owned number in each of its states: the columns of table 3b. Tested cell by cell in `decide_tests`.
//!
//! Each function answers what to do, or refuses; nothing is changed here. Whether somebody may ask at all is decided before.

use super::owned::{BillingState, OwnedStatus, Recovery, ReleaseCause, Source};
use crate::domain::code::Code;
use crate::domain::cool_off;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;

/// What a decision needs to know about an owned number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedFacts {
    /// With its agent where one is assigned.
    pub status: OwnedStatus,
    /// The sub-account that has it; none in the pool.
    pub sub_account_id: Option<String>,
    /// The deletion lock.
    pub locked: bool,
    /// Whether its rental is paid.
    pub billing_state: BillingState,
    /// Bought or imported.
    pub source: Source,
    /// The latest start of a call in this ownership.
    pub last_call_at: Option<Timestamp>,
    /// False while an import waits for the operator.
    pub verified: bool,
}

/// An agent of the caller's organization that a number shall go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetAgent {
    /// Its id.
    pub id: String,
    /// The sub-account it belongs to.
    pub sub_account_id: Option<String>,
    /// It has a published version.
    pub published: bool,
}

/// A sub-account of the caller's organization that a number shall go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetSubAccount {
    /// Its id.
    pub id: String,
    /// It takes no numbers.
    pub disabled: bool,
}

/// Something that the caller should know about a change that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Warning {
    /// Calls go elsewhere until the agent is published.
    NoPublishedVersion,
    /// Calls are not routed while the rental is unpaid.
    Suspended,
    /// Calls are not routed until the operator has verified the import.
    Unverified,
}

impl Warning {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoPublishedVersion => "no_published_version",
            Self::Suspended => "suspended",
            Self::Unverified => "unverified",
        }
    }
}

/// What assigning an agent does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assign {
    /// The agent is there already.
    Noop,
    /// It becomes the agent, in place of another one if there is one.
    Set { warnings: Vec<Warning> },
}

/// What unassigning does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unassign {
    /// There is no agent.
    Noop,
    /// The agent goes; the number stays where it is.
    Go,
}

/// What handing to a sub-account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOver {
    /// The number is there already.
    Noop,
    /// It moves; trunk and routes are cleared.
    Move,
}

/// A take-back that may be done: agent, trunk and routes are cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeBack {
    /// Seconds of cool-off that force skips; 0 when none ran.
    pub overridden_s: i64,
}

/// What releasing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// It is released already; its clock stays.
    Noop,
    /// Rental and any debt end, the agent goes, the recovery window starts.
    Go,
}

/// What locking or unlocking does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// It is so already.
    Noop,
    /// The lock changes.
    Go,
}

/// A restore that may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restore {
    /// It was released because rental was unpaid: that period is paid first.
    pub pay_first: bool,
}

impl OwnedFacts {
    /// The agent, where one is assigned.
    #[must_use]
    pub fn agent_id(&self) -> Option<&str> {
        self.status.agent_id()
    }

    /// Assigning an agent; `agent` is none when no live agent of the organization has that id.
    ///
    /// # Errors
    /// For a number that is released or gone, and for an agent that is not in the number's own place.
    pub fn may_assign(&self, agent: Option<&TargetAgent>) -> Result<Assign, Refusal> {
        self.not_gone()?;
        self.not_released()?;
        let agent = agent.filter(|agent| agent.sub_account_id == self.sub_account_id).ok_or(Code::NotFound)?;
        if self.agent_id() == Some(agent.id.as_str()) {
            return Ok(Assign::Noop);
        }
        let warnings = [
            (!agent.published, Warning::NoPublishedVersion),
            (self.billing_state == BillingState::Suspended, Warning::Suspended),
            (!self.verified, Warning::Unverified),
        ];
        Ok(Assign::Set { warnings: warnings.into_iter().filter_map(|(applies, warning)| applies.then_some(warning)).collect() })
    }

    /// Unassigning the agent.
    ///
    /// # Errors
    /// For a number that is released or gone.
    pub fn may_unassign(&self) -> Result<Unassign, Refusal> {
        self.not_gone()?;
        self.not_released()?;
        Ok(if self.agent_id().is_some() { Unassign::Go } else { Unassign::Noop })
    }

    /// Handing it to a sub-account; `target` is none when no sub-account of the organization has that id. Whether the number can
    /// move at all is answered before whether the target can take it.
    ///
    /// # Errors
    /// Gone, released, locked, in another sub-account, with an agent, unpaid, target unknown, target disabled: in this order.
    pub fn may_hand_over(&self, target: Option<&TargetSubAccount>) -> Result<HandOver, Refusal> {
        self.not_gone()?;
        self.not_released()?;
        self.not_locked()?;
        if let Some(current) = &self.sub_account_id {
            let same = target.is_some_and(|target| target.id == *current);
            return if same { Ok(HandOver::Noop) } else { Err(Code::NumberInUse.into()) };
        }
        if self.agent_id().is_some() {
            return Err(Code::NumberInUse.into());
        }
        if self.billing_state.is_unpaid() {
            return Err(Code::PastDue.into());
        }
        match target {
            None => Err(Code::NotFound.into()),
            Some(target) if target.disabled => Err(Code::SubAccountDisabled.into()),
            Some(_) => Ok(HandOver::Move),
        }
    }

    /// Taking it back into the pool. `force` is decided on by the caller's guard; here it only skips the cool-off, never the lock.
    ///
    /// # Errors
    /// Gone, in no sub-account (a released number is in none), locked, in cool-off.
    pub fn may_take_back(&self, now: Timestamp, cool_off_days: i64, force: bool) -> Result<TakeBack, Refusal> {
        self.not_gone()?;
        if self.sub_account_id.is_none() || matches!(self.status, OwnedStatus::Released(_)) {
            return Err(Code::NotInSubAccount.into());
        }
        self.not_locked()?;
        if !force {
            cool_off::check(self.last_call_at, cool_off_days, now)?;
        }
        Ok(TakeBack { overridden_s: cool_off::remaining_s(self.last_call_at, cool_off_days, now) })
    }

    /// Releasing it on request. A release for unpaid rental asks nobody (R6).
    ///
    /// # Errors
    /// Gone, in a sub-account, locked.
    pub fn may_release(&self) -> Result<Release, Refusal> {
        self.not_gone()?;
        if matches!(self.status, OwnedStatus::Released(_)) {
            return Ok(Release::Noop);
        }
        if self.sub_account_id.is_some() {
            return Err(Code::NumberInSubAccount.into());
        }
        self.not_locked()?;
        Ok(Release::Go)
    }

    /// Locking (`lock`) or unlocking it.
    ///
    /// # Errors
    /// For a number that is released or gone.
    pub fn may_lock(&self, lock: bool) -> Result<Lock, Refusal> {
        self.not_gone()?;
        self.not_released()?;
        Ok(if self.locked == lock { Lock::Noop } else { Lock::Go })
    }

    /// Undoing the release (R15).
    ///
    /// # Errors
    /// Not released, or too late: the window has ended or the disconnect has begun.
    pub fn may_restore(&self, now: Timestamp) -> Result<Restore, Refusal> {
        match &self.status {
            OwnedStatus::Available | OwnedStatus::Assigned { .. } => Err(Code::NotReleased.into()),
            OwnedStatus::Released(Recovery { recoverable_until, disconnect_started_at: None, cause }) if now < *recoverable_until => {
                Ok(Restore { pay_first: *cause == ReleaseCause::Unpaid })
            }
            OwnedStatus::Released(_) | OwnedStatus::Gone | OwnedStatus::PortedOut => Err(Code::RestoreTooLate.into()),
        }
    }

    fn not_gone(&self) -> Result<(), Refusal> {
        match &self.status {
            OwnedStatus::Gone | OwnedStatus::PortedOut | OwnedStatus::Released(Recovery { disconnect_started_at: Some(_), .. }) => {
                Err(Code::NumberGone.into())
            }
            _ => Ok(()),
        }
    }

    fn not_released(&self) -> Result<(), Refusal> {
        if matches!(self.status, OwnedStatus::Released(_)) { Err(Code::NumberReleased.into()) } else { Ok(()) }
    }

    fn not_locked(&self) -> Result<(), Refusal> {
        if self.locked { Err(Code::NumberLocked.into()) } else { Ok(()) }
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod decide_tests;
