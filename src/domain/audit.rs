//! Who did what: actors, channels, the actions of the audit log, and the kinds of a number's timeline. Writing them lives in the server.

use serde::{Deserialize, Serialize};

/// What kind of actor did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A member of the organization.
    User,
    /// An API key of the organization or of a sub-account.
    Key,
    /// The operator, inside an organization that need not be theirs.
    Platform,
    /// Dialyard itself.
    System,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::User, Self::Key, Self::Platform, Self::System];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Key => "key",
            Self::Platform => "platform",
            Self::System => "system",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Through which door it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The pages.
    Browser,
    /// The native REST surface.
    Native,
    /// The Flowroute dialect.
    Flowroute,
    /// The Vobiz dialect.
    Vobiz,
    /// The command line.
    Command,
    /// A job.
    Job,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 6] = [Self::Browser, Self::Native, Self::Flowroute, Self::Vobiz, Self::Command, Self::Job];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Native => "native",
            Self::Flowroute => "flowroute",
            Self::Vobiz => "vobiz",
            Self::Command => "command",
            Self::Job => "job",
        }
    }

    /// The channel with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// Who did it, with the name they had then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// Their id; for the system the name of the job.
    pub id: String,
    /// For people.
    pub name: String,
}

impl Actor {
    /// An actor of that kind.
    pub fn new(kind: ActorKind, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind, id: id.into(), name: name.into() }
    }

    /// Dialyard itself, by the name of the job or command.
    pub fn system(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { kind: ActorKind::System, id: name.clone(), name }
    }
}

macro_rules! actions {
    ($($variant:ident, $name:literal, $text:literal;)+) => {
        /// What the audit log can say was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Action { $(#[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Their names, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// The name in the database and on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)+ } }

            /// What was done, for people.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $(Self::$variant => $text,)+ } }
        }
    };
}

actions! {
    CoolOffForced, "cool_off.forced", "Forced a cool-off to end";
    NumberPurchased, "number.purchased", "Bought a number";
    NumberImported, "number.imported", "Imported a number";
    NumberVerified, "number.verified", "Verified an imported number";
    NumberAssigned, "number.assigned", "Assigned a number to an agent";
    NumberUnassigned, "number.unassigned", "Unassigned a number";
    NumberHandedOver, "number.handed_over", "Handed a number to a sub-account";
    NumberTakenBack, "number.taken_back", "Took a number back";
    NumberReleased, "number.released", "Released a number";
    NumberRestored, "number.restored", "Restored a number";
    NumberLocked, "number.locked", "Locked a number";
    NumberUnlocked, "number.unlocked", "Unlocked a number";
    NumberLabelled, "number.labelled", "Changed a label";
    AgentCreated, "agent.created", "Created an agent";
    AgentEdited, "agent.edited", "Edited an agent";
    AgentPublished, "agent.published", "Published an agent";
    AgentRolledBack, "agent.rolled_back", "Went back to a version of an agent";
    AgentDeleted, "agent.deleted", "Deleted an agent";
    RouteCreated, "route.created", "Created a route";
    RouteEdited, "route.edited", "Edited a route";
    RouteDeleted, "route.deleted", "Deleted a route";
    SubAccountCreated, "sub_account.created", "Created a sub-account";
    SubAccountEdited, "sub_account.edited", "Edited a sub-account";
    SubAccountDeleted, "sub_account.deleted", "Deleted a sub-account";
    OrganizationCreated, "organization.created", "Created an organization";
    OrganizationRenamed, "organization.renamed", "Renamed the organization";
    BudgetChanged, "budget.changed", "Changed a budget";
    MemberInvited, "member.invited", "Invited a member";
    MemberJoined, "member.joined", "Joined the organization";
    MemberRoleChanged, "member.role_changed", "Changed a member's role";
    MemberRemoved, "member.removed", "Removed a member";
    UserSignedUp, "user.signed_up", "Signed up";
    UserSignedIn, "user.signed_in", "Signed in";
    UserResetLinked, "user.reset_linked", "Made a reset link";
    UserReset, "user.reset", "Set a new password";
    WalletToppedUp, "wallet.topped_up", "Topped up the wallet";
    WalletAdjusted, "wallet.adjusted", "Adjusted a wallet";
    InventoryImported, "inventory.imported", "Imported stock";
    InventoryWithdrawn, "inventory.withdrawn", "Withdrew stock";
    InventoryRestocked, "inventory.restocked", "Put a number back into stock";
    KeyCreated, "key.created", "Created a key";
    KeyRotated, "key.rotated", "Gave a key a new secret";
    KeyRevoked, "key.revoked", "Revoked a key";
    WebhookCreated, "webhook.created", "Created a webhook";
    WebhookEdited, "webhook.edited", "Edited a webhook";
    WebhookDeleted, "webhook.deleted", "Deleted a webhook";
    WebhookRotated, "webhook.rotated", "Gave a webhook a new secret";
    SettingChanged, "setting.changed", "Changed a setting";
    OrderRepaired, "order.repaired", "Repaired an order";
}

impl Action {
    /// The action with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

macro_rules! events {
    ($($variant:ident, $name:literal, $family:literal, $title:literal;)+) => {
        /// What a number's timeline can show, and what webhooks are made from.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind { $(#[doc = $title] #[serde(rename = $name)] $variant,)+ }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the database and on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)+ } }

            /// Which filter of the timeline shows it: `call`, `money` or `change`.
            #[must_use]
            pub const fn family(self) -> &'static str { match self { $(Self::$variant => $family,)+ } }

            /// The line's headline where the event's own data give no better one.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title,)+ } }
        }
    };
}

events! {
    HoldCreated, "hold.created", "change", "Held";
    HoldExtended, "hold.extended", "change", "Hold extended";
    HoldReleased, "hold.released", "change", "Hold given back";
    HoldExpiring, "hold.expiring", "change", "Hold ends soon";
    HoldExpired, "hold.expired", "change", "Hold ended";
    NumberPurchased, "number.purchased", "money", "Bought";
    NumberImported, "number.imported", "change", "Imported";
    NumberVerified, "number.verified", "change", "Verified";
    NumberAssigned, "number.assigned", "change", "Agent assigned";
    NumberUnassigned, "number.unassigned", "change", "Agent unassigned";
    NumberHandedOver, "number.handed_over", "change", "Handed to a sub-account";
    NumberTakenBack, "number.taken_back", "change", "Taken back into the pool";
    CoolOffForced, "cool_off.forced", "change", "Cool-off ended by force";
    CoolOffEnded, "cool_off.ended", "change", "Cool-off ended";
    NumberReleased, "number.released", "change", "Released";
    NumberRestored, "number.restored", "change", "Restored";
    NumberGone, "number.gone", "change", "Left the organization";
    NumberPortedOut, "number.ported_out", "change", "Ported out";
    NumberLocked, "number.locked", "change", "Locked";
    NumberUnlocked, "number.unlocked", "change", "Unlocked";
    NumberLabelled, "number.labelled", "change", "Label changed";
    NumberTagged, "number.tagged", "change", "Tags changed";
    NumberRouted, "number.routed", "change", "Routes changed";
    NumberCnamSwitched, "number.cnam_switched", "change", "Look-up of callers' names switched";
    NumberSuspended, "number.suspended", "money", "Suspended, rental not paid";
    CallReported, "call.reported", "call", "Call";
    RentalCharged, "rental.charged", "money", "Rental charged";
    RentalFailed, "rental.failed", "money", "Rental past due";
    RentalSettled, "rental.settled", "money", "Rental settled";
    WalletLow, "wallet.low", "money", "Wallet low";
    WebhookTest, "webhook.test", "change", "Webhook tested";
}

impl EventKind {
    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_different(names: &[&str]) -> bool {
        names.iter().collect::<std::collections::BTreeSet<_>>().len() == names.len()
    }

    #[test]
    fn names_are_unique_and_come_back() {
        assert!(all_different(&Action::ALL.iter().map(|action| action.name()).collect::<Vec<_>>()));
        assert!(all_different(&EventKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>()));
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(*action));
        }
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_name(kind.name()), Some(*kind));
            assert!(["call", "money", "change"].contains(&kind.family()));
        }
        for kind in ActorKind::ALL {
            assert_eq!(ActorKind::from_name(kind.name()), Some(kind));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::from_name(channel.name()), Some(channel));
        }
    }

    #[test]
    fn the_wire_says_the_same_names() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_string(action).expect("text"), format!("\"{}\"", action.name()));
        }
        let actor = Actor::system("rentals");
        assert_eq!(serde_json::to_string(&actor).expect("text"), r#"{"kind":"system","id":"rentals","name":"rentals"}"#);
    }
}
