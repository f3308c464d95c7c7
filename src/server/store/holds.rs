//! Holds on stock. A hold past its expiry counts as free at once, whether or not it was swept (R49).

use serde_json::json;
use sqlx::AnyConnection;

use super::events::{self, NewEvent};
use crate::domain::audit::{Actor, EventKind};
use crate::domain::hold::HoldState;
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A timed, free claim on a number with the price it froze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: String,
    pub e164: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub state: HoldState,
    pub setup: Micros,
    pub monthly: Micros,
    pub expires_at: Timestamp,
    pub extensions: u8,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct HoldRow {
    id: String,
    e164: String,
    organization_id: String,
    sub_account_id: Option<String>,
    state: String,
    setup_micros: i64,
    monthly_micros: i64,
    expires_at: i64,
    extensions: i64,
    created_at: i64,
}

impl TryFrom<HoldRow> for Hold {
    type Error = StoreError;

    fn try_from(row: HoldRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "holds", column, id: row.id.clone() };
        let expires_at = Timestamp::from_micros(row.expires_at);
        let extensions = u8::try_from(row.extensions).map_err(|_| broken("extensions"))?;
        Ok(Self {
            state: HoldState::from_name(&row.state, expires_at, extensions).ok_or_else(|| broken("state"))?,
            extensions,
            id: row.id,
            e164: row.e164,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            setup: Micros(row.setup_micros),
            monthly: Micros(row.monthly_micros),
            expires_at,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

/// Makes an id for an event that a change brings with it.
pub type NewId<'a> = &'a (dyn Fn() -> String + Sync);

/// What an event says of a hold.
#[derive(sqlx::FromRow)]
struct Told {
    id: String,
    e164: String,
    organization_id: String,
    sub_account_id: Option<String>,
    expires_at: i64,
}

macro_rules! select_hold {
    ($rest:literal) => {
        concat!(
            "SELECT id, e164, organization_id, sub_account_id, state, setup_micros, monthly_micros, expires_at, extensions, created_at FROM holds ",
            $rest
        )
    };
}

/// One hold, whoever has it.
pub async fn find(connection: &mut AnyConnection, id: &str) -> Result<Option<Hold>, StoreError> {
    let row: Option<HoldRow> = sqlx::query_as(select_hold!("WHERE id = $1")).bind(id).fetch_optional(connection).await?;
    row.map(Hold::try_from).transpose()
}

/// The live hold on a number: committed, or active and not past its end.
pub async fn live_of_e164(connection: &mut AnyConnection, e164: &str, now: Timestamp) -> Result<Option<Hold>, StoreError> {
    let row: Option<HoldRow> =
        sqlx::query_as(select_hold!("WHERE e164 = $1 AND (state = 'committed' OR (state = 'active' AND expires_at > $2))"))
            .bind(e164)
            .bind(now.micros())
            .fetch_optional(connection)
            .await?;
    row.map(Hold::try_from).transpose()
}

/// The live holds of a buyer, soonest end first. With `every_sub_account` also those of its sub-accounts.
pub async fn live_of(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
    every_sub_account: bool,
    now: Timestamp,
) -> Result<Vec<Hold>, StoreError> {
    let rows: Vec<HoldRow> = sqlx::query_as(select_hold!(
        "WHERE organization_id = $1 AND ($3 = 1 OR (sub_account_id IS NULL AND $2 IS NULL) OR sub_account_id = $2) \
         AND (state = 'committed' OR (state = 'active' AND expires_at > $4)) ORDER BY expires_at, id LIMIT 100"
    ))
    .bind(organization_id)
    .bind(sub_account_id)
    .bind(i64::from(every_sub_account))
    .bind(now.micros())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Hold::try_from).collect()
}

/// A number that is not free although its stock row is: it is held or being bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveClaim {
    pub e164: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    /// None for a live order.
    pub hold_id: Option<String>,
    /// None for a live order, and for a hold that is being bought.
    pub expires_at: Option<Timestamp>,
}

/// All live holds and orders of the installation: what a search takes out of the stock.
pub async fn live(connection: &mut AnyConnection, now: Timestamp) -> Result<Vec<LiveClaim>, StoreError> {
    type ClaimRow = (String, String, Option<String>, Option<String>, Option<i64>);
    let rows: Vec<ClaimRow> = sqlx::query_as(
        "SELECT e164, organization_id, sub_account_id, id, expires_at FROM holds WHERE state = 'active' AND expires_at > $1 \
         UNION ALL SELECT e164, organization_id, sub_account_id, NULL, NULL FROM orders WHERE state IN ('created', 'funded', 'ordered', 'stuck')",
    )
    .bind(now.micros())
    .fetch_all(connection)
    .await?;
    let claim = |(e164, organization_id, sub_account_id, hold_id, expires_at): ClaimRow| LiveClaim {
        e164,
        organization_id,
        sub_account_id,
        hold_id,
        expires_at: expires_at.map(Timestamp::from_micros),
    };
    Ok(rows.into_iter().map(claim).collect())
}

/// Turns the lapsed hold on a number to `expired`, so that the index of live holds lets a new one in (R49).
pub async fn sweep_e164(connection: &mut AnyConnection, e164: &str, new_id: NewId<'_>, now: Timestamp) -> Result<(), StoreError> {
    let lapsed: Vec<Told> = sqlx::query_as(
        "UPDATE holds SET state = 'expired', ended_at = $1 WHERE e164 = $2 AND state = 'active' AND expires_at <= $1 \
         RETURNING id, e164, organization_id, sub_account_id, expires_at",
    )
    .bind(now.micros())
    .bind(e164)
    .fetch_all(&mut *connection)
    .await?;
    tell(connection, EventKind::HoldExpired, &lapsed, new_id, now).await
}

/// Turns lapsed holds to `expired`, at most `limit`; answers how many.
pub async fn sweep(connection: &mut AnyConnection, limit: i64, new_id: NewId<'_>, now: Timestamp) -> Result<u64, StoreError> {
    let lapsed: Vec<Told> = sqlx::query_as(
        "UPDATE holds SET state = 'expired', ended_at = $1 WHERE id IN \
         (SELECT id FROM holds WHERE state = 'active' AND expires_at <= $1 ORDER BY expires_at LIMIT $2) \
         RETURNING id, e164, organization_id, sub_account_id, expires_at",
    )
    .bind(now.micros())
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    tell(connection, EventKind::HoldExpired, &lapsed, new_id, now).await?;
    Ok(lapsed.len() as u64)
}

/// Tells once of each end before `until`, at most `limit` of them; an extended hold is told of again. Answers how many.
pub async fn tell_expiring(
    connection: &mut AnyConnection,
    until: Timestamp,
    limit: i64,
    new_id: NewId<'_>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let expiring: Vec<Told> = sqlx::query_as(
        "UPDATE holds SET expiring_told_for = expires_at WHERE id IN (SELECT id FROM holds WHERE state = 'active' AND expires_at > $1 \
         AND expires_at <= $2 AND (expiring_told_for IS NULL OR expiring_told_for <> expires_at) ORDER BY expires_at LIMIT $3) \
         RETURNING id, e164, organization_id, sub_account_id, expires_at",
    )
    .bind(now.micros())
    .bind(until.micros())
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    tell(connection, EventKind::HoldExpiring, &expiring, new_id, now).await?;
    Ok(expiring.len() as u64)
}

/// Writes an event for each of these holds.
async fn tell(
    connection: &mut AnyConnection,
    kind: EventKind,
    holds: &[Told],
    new_id: NewId<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let actor = Actor::system("holds");
    for hold in holds {
        let event = NewEvent {
            id: &new_id(),
            organization_id: &hold.organization_id,
            ownership_id: None,
            kind,
            actor: &actor,
            data: json!({
                "holdId": hold.id,
                "e164": hold.e164,
                "subAccountId": hold.sub_account_id,
                "expiresAt": Timestamp::from_micros(hold.expires_at).rfc3339(),
            }),
            at: now,
        };
        events::append(connection, &event).await?;
    }
    Ok(())
}

/// Writes an active hold; the unique index refuses a second live one.
pub async fn insert(connection: &mut AnyConnection, hold: &Hold) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO holds (id, e164, organization_id, sub_account_id, state, setup_micros, monthly_micros, expires_at, extensions, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&hold.id)
    .bind(&hold.e164)
    .bind(&hold.organization_id)
    .bind(&hold.sub_account_id)
    .bind(hold.state.name())
    .bind(hold.setup.0)
    .bind(hold.monthly.0)
    .bind(hold.expires_at.micros())
    .bind(i64::from(hold.extensions))
    .bind(hold.created_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// How often this organization held this number since `since`.
pub async fn times_held(connection: &mut AnyConnection, organization_id: &str, e164: &str, since: Timestamp) -> Result<i64, StoreError> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM holds WHERE organization_id = $1 AND e164 = $2 AND created_at > $3")
        .bind(organization_id)
        .bind(e164)
        .bind(since.micros())
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// Whether the organization has ever paid (R40).
pub async fn ever_topped_up(connection: &mut AnyConnection, organization_id: &str) -> Result<bool, StoreError> {
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT ever_topped_up FROM organizations WHERE id = $1").bind(organization_id).fetch_optional(connection).await?;
    Ok(row.is_some_and(|(flag,)| flag == 1))
}

/// Moves the end of an active hold from `from` to `to` and counts the extension. False when it had changed or lapsed.
pub async fn extend(connection: &mut AnyConnection, id: &str, from: Timestamp, to: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE holds SET expires_at = $1, extensions = extensions + 1 WHERE id = $2 AND state = 'active' AND expires_at = $3 AND expires_at > $4",
    )
    .bind(to.micros())
    .bind(id)
    .bind(from.micros())
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `active → committed`, only before its end.
pub async fn commit(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE holds SET state = 'committed' WHERE id = $1 AND state = 'active' AND expires_at > $2")
        .bind(id)
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// `committed → consumed`.
pub async fn consume(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE holds SET state = 'consumed', ended_at = $1 WHERE id = $2 AND state = 'committed'")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(StoreError::Inconsistent { table: "holds", column: "state", id: id.to_owned() }),
    }
}

/// After a failed order: `committed → active` when its end is still ahead, else `→ expired` (R1).
pub async fn reopen(connection: &mut AnyConnection, id: &str, new_id: NewId<'_>, now: Timestamp) -> Result<(), StoreError> {
    let reopened: Vec<Told> = sqlx::query_as(
        "UPDATE holds SET state = CASE WHEN expires_at > $1 THEN 'active' ELSE 'expired' END, \
         ended_at = CASE WHEN expires_at > $1 THEN NULL ELSE $1 END WHERE id = $2 AND state = 'committed' \
         RETURNING id, e164, organization_id, sub_account_id, expires_at",
    )
    .bind(now.micros())
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    let expired: Vec<Told> = reopened.into_iter().filter(|hold| hold.expires_at <= now.micros()).collect();
    tell(connection, EventKind::HoldExpired, &expired, new_id, now).await
}

/// `active → released`. False when it was not active.
pub async fn release(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE holds SET state = 'released', ended_at = $1 WHERE id = $2 AND state = 'active'")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives back every active hold on a number: it is no longer to be had.
pub async fn release_of_e164(connection: &mut AnyConnection, e164: &str, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("UPDATE holds SET state = 'released', ended_at = $1 WHERE e164 = $2 AND state = 'active'")
        .bind(now.micros())
        .bind(e164)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Gives back the active holds of a sub-account that is being deleted.
pub async fn release_of_sub_account(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE holds SET state = 'released', ended_at = $1 WHERE organization_id = $2 AND sub_account_id = $3 AND state = 'active'",
    )
    .bind(now.micros())
    .bind(organization_id)
    .bind(sub_account_id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
