//! What an API key may do: the scopes, and sets of them as they are stored. Roles of people live in [`super::account`].

use serde::{Deserialize, Serialize};

macro_rules! scopes {
    ($($variant:ident, $name:literal, $text:literal;)+) => {
        /// One thing that a key may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Scope { $(#[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl Scope {
            /// Every scope, in the order in which a form lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Their names, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// The name in the database and on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)+ } }

            /// What it allows, for people.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $(Self::$variant => $text,)+ } }
        }
    };
}

scopes! {
    NumbersRead, "numbers:read", "See stock, holds, orders, numbers, routes and sub-accounts";
    NumbersWrite, "numbers:write", "Hold, buy, import, assign, hand over, take back and release";
    BillingRead, "billing:read", "See the wallet, its ledger and statements";
    BillingWrite, "billing:write", "Top up and change wallet settings and budgets";
    AgentsRead, "agents:read", "See agents and their versions";
    AgentsWrite, "agents:write", "Create, edit, publish and delete agents";
    CallsRead, "calls:read", "See reported calls";
    CallsWrite, "calls:write", "Report calls";
    RoutingRead, "routing:read", "Ask where a call goes";
    AuditRead, "audit:read", "Read the audit log";
    KeysRead, "keys:read", "See keys, never their secrets";
    KeysWrite, "keys:write", "Create, rotate and revoke keys";
    WebhooksRead, "webhooks:read", "See webhooks and their deliveries";
    WebhooksWrite, "webhooks:write", "Create, test, redeliver and delete webhooks";
    TeamRead, "team:read", "See members and invitations";
    TeamWrite, "team:write", "Invite members and change roles";
    AdminRead, "admin:read", "See all organizations, cool-offs, stock and orders";
    AdminWrite, "admin:write", "Change stock, adjust wallets and repair orders";
    AdminOverride, "admin:override", "Force a cool-off to end";
}

impl Scope {
    /// The scope with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }

    /// Only platform keys may hold it (R21). `admin:override` is not among them: a platform admin may mint it for an organization.
    #[must_use]
    pub const fn is_platform_only(self) -> bool {
        matches!(self, Self::AdminRead | Self::AdminWrite)
    }

    /// A sub-account's key may hold it (R10, R13).
    #[must_use]
    pub const fn fits_sub_account(self) -> bool {
        matches!(
            self,
            Self::NumbersRead
                | Self::NumbersWrite
                | Self::BillingRead
                | Self::AgentsRead
                | Self::AgentsWrite
                | Self::CallsRead
                | Self::RoutingRead
        )
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A name that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("There is no scope {0}. One that exists is numbers:read.")]
pub struct UnknownScope(pub String);

/// A set of scopes; as text their names with spaces between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u32);

impl Scopes {
    /// No scope.
    pub const NONE: Self = Self(0);

    /// Reads names with white space between.
    ///
    /// # Errors
    /// The first name that is no scope.
    pub fn parse(text: &str) -> Result<Self, UnknownScope> {
        text.split_whitespace().map(|name| Scope::from_name(name).ok_or_else(|| UnknownScope(name.to_owned()))).collect()
    }

    /// Is the scope in it?
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The same set with one more.
    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | scope.bit())
    }

    /// No scope is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its scopes in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::NONE, Self::with)
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::name).collect();
        formatter.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_scope_has_its_own_name_and_bit() {
        let all: Scopes = Scope::ALL.iter().copied().collect();
        assert_eq!(all.iter().count(), Scope::ALL.len());
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.name()), Some(*scope));
            assert_eq!(serde_json::to_string(scope).expect("text"), format!("\"{}\"", scope.name()));
        }
    }

    #[test]
    fn unknown_names_are_named() {
        assert_eq!(Scopes::parse("numbers:read numbers:all"), Err(UnknownScope(String::from("numbers:all"))));
        assert_eq!(Scopes::parse("  "), Ok(Scopes::NONE));
    }

    #[test]
    fn sub_accounts_get_no_power_over_others() {
        for scope in [Scope::CallsWrite, Scope::BillingWrite, Scope::KeysWrite, Scope::TeamRead, Scope::AdminOverride, Scope::AdminRead] {
            assert!(!scope.fits_sub_account(), "{}", scope.name());
        }
    }

    proptest! {
        #[test]
        fn text_and_set_agree(bits in any::<u32>()) {
            let scopes: Scopes = Scope::ALL.iter().copied().filter(|scope| bits & scope.bit() != 0).collect();
            prop_assert_eq!(Scopes::parse(&scopes.to_string()), Ok(scopes));
        }
    }
}
