//! Whose rows a list shows: those of an organization, of one of its sub-accounts, or of none of them. The lists themselves are with
//! their tables.

/// Rows of an organization, narrowed by who asks and by what is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Empty for what belongs to the platform.
    pub organization_id: String,
    /// The sub-account of the caller, who sees nothing else.
    pub within: Option<String>,
    /// The sub-account that is asked for.
    pub sub_account_id: Option<String>,
    /// Only what is in no sub-account.
    pub pool_only: bool,
}

/// A [`Place`] as SQL over `$1` to `$4`. The head compares `$1` with the organization, each table in its own way.
macro_rules! in_place {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " AND ($2 IS NULL OR sub_account_id = $2) AND ($3 IS NULL OR sub_account_id = $3) AND ($4 = 0 OR sub_account_id IS NULL) ",
            $tail
        )
    };
}

/// Binds a [`Place`] to `$1` to `$4`.
macro_rules! bind_place {
    ($query:expr, $place:expr) => {
        $query.bind(&$place.organization_id).bind(&$place.within).bind(&$place.sub_account_id).bind(i64::from($place.pool_only))
    };
}

pub(super) use {bind_place, in_place};
