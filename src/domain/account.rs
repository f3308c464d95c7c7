//! Roles in an organization, who acts, and what a role may do (rules.md R20).

use serde::{Deserialize, Serialize};

/// A person's role in one organization, lowest first. Being platform admin is a flag on the user, not a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Works with numbers.
    Member,
    /// Also tops up, manages agents, sub-accounts, routes, keys and people up to admin.
    Admin,
    /// Also manages owners and closes the organization.
    Owner,
}

impl Role {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Viewer, Self::Member, Self::Admin, Self::Owner].into_iter().find(|role| role.name() == name)
    }
}

/// What a server function needs before it runs. The table of all of them is `rpc::access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody, signed in or not.
    Open,
    /// Any signed-in person, with or without an organization.
    SignedIn,
    /// A member of the chosen organization with at least this role.
    Role(Role),
    /// The platform-admin flag.
    PlatformAdmin,
}
