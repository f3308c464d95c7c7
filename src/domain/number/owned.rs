//! The states of an owned number (R7): its status, whether its rental is paid, and where it came from. What may be done is in [`super::decide`].

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// Hours in which a release can be undone, as the setting's default.
pub const RECOVERY_HOURS: i64 = 24;

/// Why a number was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseCause {
    /// Somebody asked for it.
    Asked,
    /// Its rental stayed unpaid.
    Unpaid,
}

impl ReleaseCause {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Unpaid => "unpaid",
        }
    }

    /// The cause with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Asked, Self::Unpaid].into_iter().find(|cause| cause.name() == name)
    }
}

/// How long a release can be undone, and whether the carrier is being told already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// The end of the window.
    pub recoverable_until: Timestamp,
    /// When the disconnect began; from then on nothing can be undone.
    pub disconnect_started_at: Option<Timestamp>,
    /// Why it was released.
    pub cause: ReleaseCause,
}

/// Where an owned number stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedStatus {
    /// Owned, without an agent.
    Available,
    /// An agent answers it.
    Assigned { agent_id: String },
    /// Given up, recoverable for a while.
    Released(Recovery),
    /// Left the organization.
    Gone,
    /// Moved to another carrier by its user.
    PortedOut,
}

impl OwnedStatus {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Assigned { .. } => "assigned",
            Self::Released(_) => "released",
            Self::Gone => "gone",
            Self::PortedOut => "ported_out",
        }
    }

    /// The status with that name; assigned needs its agent, released its recovery.
    #[must_use]
    pub fn from_name(name: &str, agent_id: Option<String>, recovery: Option<Recovery>) -> Option<Self> {
        match name {
            "available" => Some(Self::Available),
            "assigned" => agent_id.map(|agent_id| Self::Assigned { agent_id }),
            "released" => recovery.map(Self::Released),
            "gone" => Some(Self::Gone),
            "ported_out" => Some(Self::PortedOut),
            _ => None,
        }
    }

    /// The agent, where one is assigned.
    #[must_use]
    pub fn agent_id(&self) -> Option<&str> {
        match self {
            Self::Assigned { agent_id } => Some(agent_id),
            _ => None,
        }
    }
}

/// Whether the rental is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingState {
    /// Paid.
    Current,
    /// Not paid, still routed.
    PastDue,
    /// Not paid, not routed.
    Suspended,
    /// Nothing is ever due (imported).
    None,
}

impl BillingState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Current, Self::PastDue, Self::Suspended, Self::None];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::PastDue => "past_due",
            Self::Suspended => "suspended",
            Self::None => "none",
        }
    }

    /// The state with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Rental is owed.
    #[must_use]
    pub const fn is_unpaid(self) -> bool {
        matches!(self, Self::PastDue | Self::Suspended)
    }
}

/// How the number came to its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Bought from stock.
    Purchased,
    /// Brought along from a carrier of the organization's own.
    Imported,
}

impl Source {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchased => "purchased",
            Self::Imported => "imported",
        }
    }

    /// The source with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Purchased, Self::Imported].into_iter().find(|source| source.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        let recovery = Recovery { recoverable_until: Timestamp::from_seconds(9), disconnect_started_at: None, cause: ReleaseCause::Unpaid };
        let assigned = OwnedStatus::Assigned { agent_id: String::from("a") };
        for status in [OwnedStatus::Available, assigned, OwnedStatus::Released(recovery), OwnedStatus::Gone, OwnedStatus::PortedOut] {
            let agent_id = status.agent_id().map(str::to_owned);
            assert_eq!(OwnedStatus::from_name(status.name(), agent_id, Some(recovery)), Some(status));
        }
        assert_eq!(OwnedStatus::from_name("assigned", None, None), None);
        assert_eq!(OwnedStatus::from_name("released", None, None), None);
        for state in BillingState::ALL {
            assert_eq!(BillingState::from_name(state.name()), Some(state));
        }
        for source in [Source::Purchased, Source::Imported] {
            assert_eq!(Source::from_name(source.name()), Some(source));
        }
        for cause in [ReleaseCause::Asked, ReleaseCause::Unpaid] {
            assert_eq!(ReleaseCause::from_name(cause.name()), Some(cause));
        }
    }
}
