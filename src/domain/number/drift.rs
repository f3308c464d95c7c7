//! What has drifted: numbers that fail or cost money quietly, because nobody looks at them. Which rows those are is decided in the store.

/// Days without a call after which a number that costs money counts as idle.
pub const IDLE_DAYS: i64 = 30;

/// A way to drift. A number may have drifted in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Drift {
    /// Neither agent nor route, though it was handed to a sub-account or people call it. A free number of the pool that nobody calls is
    /// no fault: it waits.
    NoRoute,
    /// Its agent was never published, so calls pass it by.
    DraftAgent,
    /// Its agent or one of its routes was deleted.
    LostTarget,
    /// It costs money, and nobody has called it for [`IDLE_DAYS`] days.
    Idle,
}

impl Drift {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] = [Self::NoRoute, Self::DraftAgent, Self::LostTarget, Self::Idle];
    /// The name that stands for each of them in a filter.
    pub const ANY: &'static str = "any";
    /// What a filter may be called.
    pub const NAMES: [&'static str; 5] = [Self::ANY, "no_route", "draft_agent", "lost_target", "idle"];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoRoute => "no_route",
            Self::DraftAgent => "draft_agent",
            Self::LostTarget => "lost_target",
            Self::Idle => "idle",
        }
    }

    /// The one with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|drift| drift.name() == name)
    }

    /// One number in words, as the end of a sentence that may begin with others.
    #[must_use]
    pub fn one(self, formatted: &str) -> String {
        match self {
            Self::NoRoute => format!("nobody answers {formatted}"),
            Self::DraftAgent => format!("the agent of {formatted} is a draft"),
            Self::LostTarget => format!("{formatted} points to something deleted"),
            Self::Idle => format!("{formatted} has been idle for {IDLE_DAYS} days"),
        }
    }

    /// Several numbers in words.
    #[must_use]
    pub fn several(self, count: u64) -> String {
        match self {
            Self::NoRoute => format!("nobody answers {count} numbers"),
            Self::DraftAgent => format!("the agent of {count} numbers is a draft"),
            Self::LostTarget => format!("{count} numbers point to something deleted"),
            Self::Idle => format!("{count} numbers have been idle for {IDLE_DAYS} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for drift in Drift::ALL {
            assert_eq!(Drift::from_name(drift.name()), Some(drift));
        }
        assert_eq!(Drift::from_name(Drift::ANY), None);
        assert_eq!(Drift::NAMES[1..], Drift::ALL.map(Drift::name));
    }
}
