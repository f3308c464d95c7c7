//! Who asks: the organization (and sub-account) on whose behalf, and the person, key or job that acts.

use crate::domain::account::Role;
use crate::domain::audit::{Actor, Channel};
use crate::server::store::place::Place;

/// What is asked for instead of a sub-account's id to see what is in none of them.
pub const NO_SUB_ACCOUNT: &str = "none";

/// A caller whose session or key was checked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub organization_id: String,
    /// Set for keys (and people) of a sub-account: they see and touch only what is in it.
    pub sub_account_id: Option<String>,
    pub actor: Actor,
    /// The person's role; a key's scopes are checked before a caller is made, and it then counts as `Member` or `Admin`.
    pub role: Role,
    /// A platform admin, or a key with `admin:override`: may force a take-back.
    pub may_force: bool,
    pub channel: Channel,
}

impl Caller {
    /// Whether this caller sees rows of that sub-account (or of the pool, for none).
    #[must_use]
    pub fn sees(&self, sub_account_id: Option<&str>) -> bool {
        self.sub_account_id.is_none() || self.sub_account_id.as_deref() == sub_account_id
    }

    /// Whose rows a list shows: what the caller sees, and of it only one sub-account's, or with `none` only the pool's.
    #[must_use]
    pub fn place(&self, sub_account_id: Option<&str>) -> Place {
        Place {
            organization_id: self.organization_id.clone(),
            within: self.sub_account_id.clone(),
            sub_account_id: sub_account_id.filter(|id| *id != NO_SUB_ACCOUNT).map(str::to_owned),
            pool_only: sub_account_id == Some(NO_SUB_ACCOUNT),
        }
    }
}
