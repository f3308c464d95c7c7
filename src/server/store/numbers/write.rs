//! Changes of owned numbers. Each is one compare-and-swap on the row's version; false means that somebody was faster.
//!
//! What may be changed was decided by `domain::number::decide` before.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection};

use super::OwnedNumber;
use crate::domain::money::Micros;
use crate::domain::number::{BillingState, Features, NumberType, ReleaseCause, Source};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// An ownership to be written.
#[derive(Debug, Clone)]
pub struct NewOwnership {
    pub id: String,
    pub e164: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    /// An agent of the same place.
    pub agent_id: Option<String>,
    pub source: Source,
    pub verified: bool,
    pub number_type: NumberType,
    pub locality: String,
    pub administrative_area: String,
    pub rate_center: String,
    pub features: Features,
    pub provider: String,
    pub setup: Micros,
    pub monthly: Micros,
    /// None for imported numbers, for which nothing is ever due.
    pub anchor_at: Option<Timestamp>,
    pub next_billing_at: Option<Timestamp>,
    pub periods_charged: u32,
    pub at: Timestamp,
}

/// The clocks that a release starts.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseTimes {
    pub released_at: Timestamp,
    pub recoverable_until: Timestamp,
    /// Set where there is no recovery window: the end of aging is then known at once (R14).
    pub aging_until: Option<Timestamp>,
}

/// Where a restored number comes back to: what of it still exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    pub agent_id: Option<String>,
    pub sub_account_id: Option<String>,
    pub primary_route_id: Option<String>,
    pub failover_route_id: Option<String>,
}

/// Runs an update that must touch one row or none.
async fn swap(connection: &mut AnyConnection, query: Query<'_, Any, AnyArguments>) -> Result<bool, StoreError> {
    match query.execute(connection).await?.rows_affected() {
        0 => Ok(false),
        1 => Ok(true),
        actual => Err(StoreError::RowsAffected { expected: 1, actual }),
    }
}

/// Writes an ownership. The unique index on live ownerships refuses a second owner.
pub async fn insert(connection: &mut AnyConnection, number: &NewOwnership) -> Result<(), StoreError> {
    let billing_state = if number.anchor_at.is_some() { BillingState::Current } else { BillingState::None };
    sqlx::query(
        "INSERT INTO owned_numbers (id, e164, organization_id, sub_account_id, agent_id, status, billing_state, source, verified, \
         number_type, locality, administrative_area, rate_center, features, provider, setup_micros, monthly_micros, anchor_at, \
         periods_charged, next_billing_at, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21)",
    )
    .bind(&number.id)
    .bind(&number.e164)
    .bind(&number.organization_id)
    .bind(&number.sub_account_id)
    .bind(&number.agent_id)
    .bind(if number.agent_id.is_some() { "assigned" } else { "available" })
    .bind(billing_state.name())
    .bind(number.source.name())
    .bind(i64::from(number.verified))
    .bind(number.number_type.name())
    .bind(&number.locality)
    .bind(&number.administrative_area)
    .bind(&number.rate_center)
    .bind(i64::from(number.features.bits()))
    .bind(&number.provider)
    .bind(number.setup.0)
    .bind(number.monthly.0)
    .bind(number.anchor_at.map(Timestamp::micros))
    .bind(i64::from(number.periods_charged))
    .bind(number.next_billing_at.map(Timestamp::micros))
    .bind(number.at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a period of rental was charged. The primary key refuses to charge it twice (R35).
pub async fn insert_period(
    connection: &mut AnyConnection,
    ownership_id: &str,
    period: u32,
    due_at: Timestamp,
    amount: Micros,
    charged_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO rental_periods (ownership_id, period, due_at, amount_micros, charged_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(ownership_id)
        .bind(i64::from(period))
        .bind(due_at.micros())
        .bind(amount.0)
        .bind(charged_at.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that all periods up to `periods_charged` are paid and when the next one is due.
pub async fn set_paid(
    connection: &mut AnyConnection,
    id: &str,
    periods_charged: u32,
    next_billing_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET periods_charged = $1, next_billing_at = $2, billing_state = 'current', version = version + 1, \
         updated_at = $3 WHERE id = $4 AND periods_charged < $1",
    )
    .bind(i64::from(periods_charged))
    .bind(next_billing_at.micros())
    .bind(now.micros())
    .bind(id);
    swap(connection, query).await
}

/// Sets the agent, in place of another one if there is one.
pub async fn assign(connection: &mut AnyConnection, number: &OwnedNumber, agent_id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET agent_id = $1, status = 'assigned', version = version + 1, updated_at = $2 \
         WHERE id = $3 AND version = $4 AND status IN ('available', 'assigned')",
    )
    .bind(agent_id)
    .bind(now.micros())
    .bind(&number.id)
    .bind(number.version);
    swap(connection, query).await
}

/// Takes the agent off.
pub async fn clear_agent(connection: &mut AnyConnection, number: &OwnedNumber, now: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET agent_id = NULL, status = 'available', version = version + 1, updated_at = $1 \
         WHERE id = $2 AND version = $3 AND status = 'assigned'",
    )
    .bind(now.micros())
    .bind(&number.id)
    .bind(number.version);
    swap(connection, query).await
}

/// Moves a number without agent from the pool into a sub-account. Its routes are the pool's, so they go.
pub async fn hand_over(
    connection: &mut AnyConnection,
    number: &OwnedNumber,
    sub_account_id: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET sub_account_id = $1, primary_route_id = NULL, failover_route_id = NULL, version = version + 1, \
         updated_at = $2 WHERE id = $3 AND version = $4 AND status = 'available' AND sub_account_id IS NULL AND locked = 0",
    )
    .bind(sub_account_id)
    .bind(now.micros())
    .bind(&number.id)
    .bind(number.version);
    swap(connection, query).await
}

/// Moves a number from its sub-account into the pool, without agent and routes. Unless forced, its last call must have started at
/// `called_by` or earlier: a call that is reported in the same moment is seen by this very statement.
pub async fn take_back(
    connection: &mut AnyConnection,
    number: &OwnedNumber,
    called_by: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET sub_account_id = NULL, agent_id = NULL, status = 'available', primary_route_id = NULL, \
         failover_route_id = NULL, version = version + 1, updated_at = $1 \
         WHERE id = $2 AND version = $3 AND sub_account_id = $4 AND locked = 0 AND status IN ('available', 'assigned') \
         AND ($5 IS NULL OR last_call_at IS NULL OR last_call_at <= $5)",
    )
    .bind(now.micros())
    .bind(&number.id)
    .bind(number.version)
    .bind(&number.sub_account_id)
    .bind(called_by.map(Timestamp::micros));
    swap(connection, query).await
}

/// Changes the label.
pub async fn set_label(connection: &mut AnyConnection, number: &OwnedNumber, label: &str, now: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query("UPDATE owned_numbers SET label = $1, version = version + 1, updated_at = $2 WHERE id = $3 AND version = $4")
        .bind(label)
        .bind(now.micros())
        .bind(&number.id)
        .bind(number.version);
    swap(connection, query).await
}

/// Sets or lifts the deletion lock.
pub async fn set_locked(connection: &mut AnyConnection, number: &OwnedNumber, locked: bool, now: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query("UPDATE owned_numbers SET locked = $1, version = version + 1, updated_at = $2 WHERE id = $3 AND version = $4")
        .bind(i64::from(locked))
        .bind(now.micros())
        .bind(&number.id)
        .bind(number.version);
    swap(connection, query).await
}

/// Switches the look-up of callers' names on or off.
pub async fn set_cnam_lookups(
    connection: &mut AnyConnection,
    number: &OwnedNumber,
    enabled: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET cnam_lookups_enabled = $1, version = version + 1, updated_at = $2 WHERE id = $3 AND version = $4",
    )
    .bind(i64::from(enabled))
    .bind(now.micros())
    .bind(&number.id)
    .bind(number.version);
    swap(connection, query).await
}

/// Sets the primary and the failover route.
pub async fn set_routes(
    connection: &mut AnyConnection,
    number: &OwnedNumber,
    primary: Option<&str>,
    failover: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET primary_route_id = $1, failover_route_id = $2, version = version + 1, updated_at = $3 \
         WHERE id = $4 AND version = $5 AND status IN ('available', 'assigned')",
    )
    .bind(primary)
    .bind(failover)
    .bind(now.micros())
    .bind(&number.id)
    .bind(number.version);
    swap(connection, query).await
}

/// Moves the clock of the last call forward, never back. The version stays: a call is no change that anybody decided on.
pub async fn move_clock(connection: &mut AnyConnection, id: &str, started_at: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query("UPDATE owned_numbers SET last_call_at = $1 WHERE id = $2 AND (last_call_at IS NULL OR last_call_at < $1)")
        .bind(started_at.micros())
        .bind(id);
    swap(connection, query).await
}

/// Remembers that the end of the cool-off after that call was told.
pub async fn cool_off_told(connection: &mut AnyConnection, id: &str, called_at: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query("UPDATE owned_numbers SET cool_off_told_for = $1 WHERE id = $2").bind(called_at.micros()).bind(id);
    swap(connection, query).await
}

/// Releases a number of the pool: agent off and remembered, debt ended, clocks started.
pub async fn release(
    connection: &mut AnyConnection,
    number: &OwnedNumber,
    cause: ReleaseCause,
    times: ReleaseTimes,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET status = 'released', restore_agent_id = agent_id, agent_id = NULL, release_cause = $1, released_at = $2, \
         recoverable_until = $3, aging_until = $4, \
         billing_state = CASE WHEN billing_state = 'none' THEN 'none' ELSE 'current' END, version = version + 1, updated_at = $2 \
         WHERE id = $5 AND version = $6 AND status IN ('available', 'assigned') AND sub_account_id IS NULL AND locked = 0",
    )
    .bind(cause.name())
    .bind(times.released_at.micros())
    .bind(times.recoverable_until.micros())
    .bind(times.aging_until.map(Timestamp::micros))
    .bind(&number.id)
    .bind(number.version);
    swap(connection, query).await
}

/// Undoes a release, in its window and before the carrier was told (R15).
pub async fn restore(
    connection: &mut AnyConnection,
    number: &OwnedNumber,
    placement: &Placement,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET status = CASE WHEN $1 IS NULL THEN 'available' ELSE 'assigned' END, agent_id = $1, sub_account_id = $2, \
         primary_route_id = $3, failover_route_id = $4, released_at = NULL, release_cause = NULL, recoverable_until = NULL, \
         aging_until = NULL, restore_agent_id = NULL, restore_sub_account_id = NULL, version = version + 1, updated_at = $5 \
         WHERE id = $6 AND status = 'released' AND recoverable_until > $5 AND disconnect_started_at IS NULL",
    )
    .bind(&placement.agent_id)
    .bind(&placement.sub_account_id)
    .bind(&placement.primary_route_id)
    .bind(&placement.failover_route_id)
    .bind(now.micros())
    .bind(&number.id);
    swap(connection, query).await
}

/// Marks that the carrier is about to be told; from here on nothing can be restored. The end of aging is written once.
pub async fn start_disconnect(
    connection: &mut AnyConnection,
    id: &str,
    aging_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET disconnect_started_at = $1, aging_until = COALESCE(aging_until, $2), version = version + 1, \
         updated_at = $1 WHERE id = $3 AND status = 'released' AND disconnect_started_at IS NULL",
    )
    .bind(now.micros())
    .bind(aging_until.map(Timestamp::micros))
    .bind(id);
    swap(connection, query).await
}

/// Ends the ownership after the carrier has agreed.
pub async fn finish_disconnect(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "UPDATE owned_numbers SET status = 'gone', gone_at = $1, version = version + 1, updated_at = $1 \
         WHERE id = $2 AND status = 'released' AND disconnect_started_at IS NOT NULL",
    )
    .bind(now.micros())
    .bind(id);
    swap(connection, query).await
}
