//! Numbers that have drifted, counted over all that somebody owns. What each kind means is told in [`crate::domain::number::drift`].

use sqlx::AnyConnection;

use super::list::listed_joins;
use crate::domain::money::Micros;
use crate::domain::number::Drift;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Numbers of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drifted {
    pub drift: Drift,
    pub count: i64,
    /// The first one in the order of digits.
    pub first_e164: Option<String>,
    /// What they cost a month together.
    pub monthly: Micros,
}

/// Numbers of every kind; one that has drifted in several ways is counted in each, and once in `any`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drifts {
    pub any: i64,
    pub kinds: [Drifted; Drift::ALL.len()],
}

/// Something answers: a published agent or a route. It needs [`listed_joins`].
macro_rules! answers {
    () => {
        "((a.published_version IS NOT NULL AND a.deleted_at IS NULL) OR p.id IS NOT NULL OR f.id IS NOT NULL)"
    };
}

/// Whether a number has drifted in that way. It needs [`listed_joins`], and the place of the instant before which a number is idle.
macro_rules! has_drifted {
    ("no_route", $idle_before:tt) => {
        concat!(
            "(n.status = 'available' AND n.verified = 1 AND n.billing_state <> 'suspended' AND n.primary_route_id IS NULL \
             AND n.failover_route_id IS NULL AND (n.sub_account_id IS NOT NULL OR n.last_call_at >= ",
            $idle_before,
            "))"
        )
    };
    ("draft_agent", $idle_before:tt) => {
        "(n.status = 'assigned' AND a.deleted_at IS NULL AND a.id IS NOT NULL AND a.published_version IS NULL)"
    };
    ("lost_target", $idle_before:tt) => {
        "(n.status <> 'released' AND ((n.agent_id IS NOT NULL AND (a.id IS NULL OR a.deleted_at IS NOT NULL)) \
         OR (n.primary_route_id IS NOT NULL AND p.id IS NULL) OR (n.failover_route_id IS NOT NULL AND f.id IS NULL)))"
    };
    ("idle", $idle_before:tt) => {
        concat!("(n.status <> 'released' AND n.monthly_micros > 0 AND COALESCE(n.last_call_at, n.created_at) < ", $idle_before, ")")
    };
}

/// Whether a number has drifted in the way that is named at place `$kind`; everything where none is named.
macro_rules! in_drift {
    ($kind:tt, $idle_before:tt) => {
        concat!(
            "CASE WHEN ",
            $kind,
            " IS NULL THEN 1 WHEN ",
            $kind,
            " IN ('any', 'no_route') AND ",
            has_drifted!("no_route", $idle_before),
            " THEN 1 WHEN ",
            $kind,
            " IN ('any', 'draft_agent') AND ",
            has_drifted!("draft_agent", $idle_before),
            " THEN 1 WHEN ",
            $kind,
            " IN ('any', 'lost_target') AND ",
            has_drifted!("lost_target", $idle_before),
            " THEN 1 WHEN ",
            $kind,
            " IN ('any', 'idle') AND ",
            has_drifted!("idle", $idle_before),
            " THEN 1 ELSE 0 END = 1"
        )
    };
}
pub(super) use {answers, has_drifted, in_drift};

/// Counts in one pass over the numbers of an organization, or of one of its sub-accounts.
pub async fn drifts(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
    idle_before: Timestamp,
) -> Result<Drifts, StoreError> {
    macro_rules! flag {
        ($kind:tt) => {
            concat!(", CASE WHEN ", has_drifted!($kind, "$3"), " THEN 1 ELSE 0 END AS ", $kind)
        };
    }
    macro_rules! kind {
        ($kind:tt) => {
            concat!(
                "SELECT '",
                $kind,
                "' AS kind, CAST(COALESCE(SUM(d.",
                $kind,
                "), 0) AS BIGINT), MIN(CASE WHEN d.",
                $kind,
                " = 1 THEN d.e164 END), CAST(COALESCE(SUM(CASE WHEN d.",
                $kind,
                " = 1 THEN d.monthly_micros END), 0) AS BIGINT) FROM drifted d"
            )
        };
    }
    let rows: Vec<(String, i64, Option<String>, i64)> = sqlx::query_as(concat!(
        "WITH drifted AS (SELECT n.e164, n.monthly_micros",
        flag!("no_route"),
        flag!("draft_agent"),
        flag!("lost_target"),
        flag!("idle"),
        " FROM owned_numbers n",
        listed_joins!(),
        "WHERE n.organization_id = $1 AND ($2 IS NULL OR n.sub_account_id = $2) AND n.status IN ('available', 'assigned')) ",
        kind!("no_route"),
        " UNION ALL ",
        kind!("draft_agent"),
        " UNION ALL ",
        kind!("lost_target"),
        " UNION ALL ",
        kind!("idle"),
        " UNION ALL SELECT 'any', COUNT(*), NULL, 0 FROM drifted d WHERE d.no_route + d.draft_agent + d.lost_target + d.idle > 0"
    ))
    .bind(organization_id)
    .bind(sub_account_id)
    .bind(idle_before.micros())
    .fetch_all(connection)
    .await?;
    let kinds = Drift::ALL.map(|drift| {
        let found = rows.iter().find(|(kind, ..)| kind == drift.name());
        let (count, first_e164, monthly) = found.map_or((0, None, 0), |(_, count, first, monthly)| (*count, first.clone(), *monthly));
        Drifted { drift, count, first_e164, monthly: Micros(monthly) }
    });
    let any = rows.iter().find(|(kind, ..)| kind == Drift::ANY).map_or(0, |(_, count, ..)| *count);
    Ok(Drifts { any, kinds })
}
