//! Rentals as the job sees them: which are due, which are not paid, and what is written about many of them at once.

use sqlx::AnyConnection;

use super::many::{places, places_after};
use crate::domain::money::Micros;
use crate::domain::number::{BillingState, ReleaseCause};
use crate::domain::rental::{Ladder, Unpaid};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store::numbers::ReleaseTimes;

/// Rows of one statement.
const ROWS: usize = 32;

/// A rental with a period to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rental {
    pub ownership_id: String,
    pub e164: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub locked: bool,
    pub monthly: Micros,
    /// The day that periods count from.
    pub anchor_at: Timestamp,
    /// Periods that are paid: the number of the next one.
    pub periods_charged: u32,
    /// When the next one is due.
    pub due_at: Timestamp,
    /// Where it stands on the ladder; none while it is paid.
    pub unpaid: Option<Unpaid>,
}

#[derive(sqlx::FromRow)]
struct RentalRow {
    id: String,
    e164: String,
    organization_id: String,
    sub_account_id: Option<String>,
    locked: i64,
    monthly_micros: i64,
    anchor_at: i64,
    periods_charged: i64,
    next_billing_at: i64,
    billing_state: String,
    past_due_since: Option<i64>,
    step_announced_at: Option<i64>,
    lock_announced_at: Option<i64>,
}

impl TryFrom<RentalRow> for Rental {
    type Error = StoreError;

    fn try_from(row: RentalRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "owned_numbers", column, id: row.id.clone() };
        let state = BillingState::from_name(&row.billing_state).ok_or_else(|| broken("billing_state"))?;
        let unpaid = row.past_due_since.zip(row.step_announced_at).filter(|_| state.is_unpaid()).map(|(since, announced_at)| Unpaid {
            state,
            since: Timestamp::from_micros(since),
            announced_at: Timestamp::from_micros(announced_at),
            locked: row.locked != 0,
            lock_announced_at: row.lock_announced_at.map(Timestamp::from_micros),
        });
        Ok(Self {
            periods_charged: u32::try_from(row.periods_charged).map_err(|_| broken("periods_charged"))?,
            ownership_id: row.id,
            e164: row.e164,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            locked: row.locked != 0,
            monthly: Micros(row.monthly_micros),
            anchor_at: Timestamp::from_micros(row.anchor_at),
            due_at: Timestamp::from_micros(row.next_billing_at),
            unpaid,
        })
    }
}

macro_rules! select_rental {
    ($rest:literal) => {
        concat!(
            "SELECT id, e164, organization_id, sub_account_id, locked, monthly_micros, anchor_at, periods_charged, next_billing_at, \
             billing_state, past_due_since, step_announced_at, lock_announced_at FROM owned_numbers \
             WHERE status IN ('available', 'assigned') AND anchor_at IS NOT NULL AND next_billing_at IS NOT NULL ",
            $rest
        )
    };
}

fn rentals(rows: Vec<RentalRow>) -> Result<Vec<Rental>, StoreError> {
    rows.into_iter().map(Rental::try_from).collect()
}

/// Paid rentals whose next period is due at `now`, in the order in which they fell due.
pub async fn due(connection: &mut AnyConnection, now: Timestamp, limit: i64) -> Result<Vec<Rental>, StoreError> {
    let sql = select_rental!("AND billing_state = 'current' AND next_billing_at <= $1 ORDER BY next_billing_at, id LIMIT $2");
    rentals(sqlx::query_as(sql).bind(now.micros()).bind(limit).fetch_all(connection).await?)
}

/// Unpaid rentals of an organization that cost no more than `at_most`, the oldest due first.
pub async fn unpaid(
    connection: &mut AnyConnection,
    organization_id: &str,
    at_most: Micros,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Rental>, StoreError> {
    let sql = select_rental!(
        "AND organization_id = $1 AND billing_state IN ('past_due', 'suspended') AND next_billing_at <= $2 AND monthly_micros <= $3 \
         ORDER BY next_billing_at, id LIMIT $4"
    );
    let query = sqlx::query_as(sql).bind(organization_id).bind(now.micros()).bind(at_most.0).bind(limit);
    rentals(query.fetch_all(connection).await?)
}

/// Organizations with an unpaid rental that what they can spend would cover.
pub async fn able_to_settle(connection: &mut AnyConnection, now: Timestamp, limit: i64) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT n.organization_id FROM owned_numbers n WHERE n.billing_state IN ('past_due', 'suspended') \
         AND n.status IN ('available', 'assigned') AND n.next_billing_at <= $1 GROUP BY n.organization_id \
         HAVING MIN(n.monthly_micros) <= (SELECT COALESCE(SUM(a.balance_micros - a.set_aside_micros), 0) FROM ledger_accounts a \
            WHERE a.organization_id = n.organization_id AND a.kind IN ('wallet', 'promo')) ORDER BY n.organization_id LIMIT $2",
    )
    .bind(now.micros())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Unpaid rentals that may have a next step at `now`; whether they have is the ladder's to say.
pub async fn on_the_ladder(connection: &mut AnyConnection, ladder: &Ladder, now: Timestamp, limit: i64) -> Result<Vec<Rental>, StoreError> {
    let sql = select_rental!(
        "AND billing_state IN ('past_due', 'suspended') AND ((locked = 1 AND lock_announced_at IS NULL) \
         OR (billing_state = 'past_due' AND past_due_since <= $1 AND step_announced_at <= $1) \
         OR (billing_state = 'suspended' AND past_due_since <= $2 AND step_announced_at <= $3 AND (locked = 0 OR lock_announced_at <= $1))) \
         ORDER BY past_due_since, id LIMIT $4"
    );
    let query = sqlx::query_as(sql)
        .bind(now.plus_days(-ladder.suspended_after_days).micros())
        .bind(now.plus_days(-ladder.released_after_days).micros())
        .bind(now.plus_days(-ladder.notice_days()).micros())
        .bind(limit);
    rentals(query.fetch_all(connection).await?)
}

/// A period that was paid.
#[derive(Debug, Clone, Copy)]
pub struct PaidPeriod<'a> {
    pub ownership_id: &'a str,
    pub period: u32,
    pub due_at: Timestamp,
    pub amount: Micros,
}

/// Records periods that were charged. The primary key refuses to charge one twice (R35).
pub async fn insert_periods(connection: &mut AnyConnection, periods: &[PaidPeriod<'_>], charged_at: Timestamp) -> Result<(), StoreError> {
    for rows in periods.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO rental_periods (ownership_id, period, due_at, amount_micros, charged_at) VALUES {}",
            places(rows.len(), 5)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for row in rows {
            query = query
                .bind(row.ownership_id)
                .bind(i64::from(row.period))
                .bind(row.due_at.micros())
                .bind(row.amount.0)
                .bind(charged_at.micros());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Up to where a rental is paid now.
#[derive(Debug, Clone, Copy)]
pub struct PaidUp<'a> {
    pub ownership_id: &'a str,
    pub periods_charged: u32,
    pub next_billing_at: Timestamp,
}

/// Notes up to where rentals are paid; what was unpaid is forgotten.
pub async fn mark_paid(connection: &mut AnyConnection, paid: &[PaidUp<'_>], now: Timestamp) -> Result<(), StoreError> {
    for rows in paid.chunks(ROWS) {
        let sql = format!(
            "WITH paid (id, periods, due_at) AS (VALUES {}) UPDATE owned_numbers SET periods_charged = paid.periods, \
             next_billing_at = paid.due_at, billing_state = 'current', past_due_since = NULL, step_announced_at = NULL, \
             lock_announced_at = NULL, version = version + 1, updated_at = $1 FROM paid \
             WHERE owned_numbers.id = paid.id AND owned_numbers.periods_charged < paid.periods",
            places_after(1, rows.len(), 3)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.micros());
        for row in rows {
            query = query.bind(row.ownership_id).bind(i64::from(row.periods_charged)).bind(row.next_billing_at.micros());
        }
        expect(query.execute(&mut *connection).await?.rows_affected(), rows.len())?;
    }
    Ok(())
}

fn expect(actual: u64, rows: usize) -> Result<(), StoreError> {
    let expected = u64::try_from(rows).unwrap_or(u64::MAX);
    if actual == expected { Ok(()) } else { Err(StoreError::RowsAffected { expected, actual }) }
}

/// Notes that the charge of a paid rental failed now, and that this was announced.
pub async fn mark_past_due(connection: &mut AnyConnection, ownership_id: &str, now: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE owned_numbers SET billing_state = 'past_due', past_due_since = $1, step_announced_at = $1, version = version + 1, \
         updated_at = $1 WHERE id = $2 AND billing_state = 'current'",
    )
    .bind(now.micros())
    .bind(ownership_id)
    .execute(connection)
    .await?;
    expect(done.rows_affected(), 1)
}

/// Notes that it was announced that the lock of an unpaid number does not stop its release.
pub async fn mark_lock_announced(connection: &mut AnyConnection, ownership_id: &str, now: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE owned_numbers SET lock_announced_at = $1 WHERE id = $2")
        .bind(now.micros())
        .bind(ownership_id)
        .execute(connection)
        .await?;
    expect(done.rows_affected(), 1)
}

/// Suspends a number that is past due, which was announced now. False when it was settled in the meantime.
pub async fn suspend(connection: &mut AnyConnection, ownership_id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE owned_numbers SET billing_state = 'suspended', step_announced_at = $1, version = version + 1, updated_at = $1 \
         WHERE id = $2 AND billing_state = 'past_due' AND status IN ('available', 'assigned')",
    )
    .bind(now.micros())
    .bind(ownership_id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Releases a suspended number wherever it is and whatever its lock says (R6). Place and agent are kept for a restore; the debt ends. False
/// when it was settled in the meantime.
pub async fn release_unpaid(connection: &mut AnyConnection, ownership_id: &str, times: ReleaseTimes) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE owned_numbers SET status = 'released', restore_agent_id = agent_id, agent_id = NULL, \
         restore_sub_account_id = sub_account_id, sub_account_id = NULL, release_cause = $1, released_at = $2, recoverable_until = $3, \
         aging_until = $4, billing_state = 'current', past_due_since = NULL, step_announced_at = NULL, lock_announced_at = NULL, \
         version = version + 1, updated_at = $2 WHERE id = $5 AND billing_state = 'suspended' AND status IN ('available', 'assigned')",
    )
    .bind(ReleaseCause::Unpaid.name())
    .bind(times.released_at.micros())
    .bind(times.recoverable_until.micros())
    .bind(times.aging_until.map(Timestamp::micros))
    .bind(ownership_id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
