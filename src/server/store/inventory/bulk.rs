//! Many stock rows in one statement: what an import and the demo write, and what stands in the way of an import.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType, StockState};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

use super::next_sequence;

/// Numbers that are looked up by one statement.
pub const ROWS: usize = 500;
/// Rows that are written by one statement. SQLite looks for the name of each parameter from the first one on, so that ten times as many
/// rows would cost a hundred times as much.
const WRITTEN_ROWS: usize = 24;
/// Parameters of a row that is written.
const COLUMNS: usize = 12;
/// Parameters that all rows of a statement share: sequence number and time.
const SHARED: usize = 2;

/// A row to be written. There may be very many at once, so texts that repeat are not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStock {
    pub e164: String,
    pub country: Cow<'static, str>,
    pub carrier_id: Arc<str>,
    pub number_type: NumberType,
    pub locality: Cow<'static, str>,
    pub administrative_area: Cow<'static, str>,
    pub rate_center: Cow<'static, str>,
    pub features: Features,
    pub setup: Micros,
    pub monthly: Micros,
    pub state: StockState,
}

/// Writes rows that are not there yet, under one sequence number.
pub async fn insert(connection: &mut AnyConnection, rows: &[NewStock], now: Timestamp) -> Result<(), StoreError> {
    let sequence = next_sequence(connection).await?;
    write_all(connection, rows, "", sequence, now).await
}

/// Writes new rows and gives those that are available already their new price, place, type and features. Rows in any other
/// state stay as they are.
pub async fn upsert(connection: &mut AnyConnection, rows: &[NewStock], now: Timestamp) -> Result<(), StoreError> {
    let sequence = next_sequence(connection).await?;
    write_all(connection, rows, RENEW_AVAILABLE, sequence, now).await
}

const INSERT: &str = "INSERT INTO inventory (changed_seq, created_at, updated_at, e164, country, carrier_id, number_type, locality, \
     administrative_area, rate_center, features, setup_micros, monthly_micros, state, aging_until)";

/// What becomes of a row that is there already.
const RENEW_AVAILABLE: &str = " ON CONFLICT (e164) DO UPDATE SET country = excluded.country, carrier_id = excluded.carrier_id, \
     number_type = excluded.number_type, locality = excluded.locality, administrative_area = excluded.administrative_area, \
     rate_center = excluded.rate_center, features = excluded.features, setup_micros = excluded.setup_micros, \
     monthly_micros = excluded.monthly_micros, changed_seq = excluded.changed_seq, updated_at = excluded.updated_at \
     WHERE inventory.state = 'available'";

async fn write_all(
    connection: &mut AnyConnection,
    rows: &[NewStock],
    conflict: &str,
    sequence: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = |rows: usize| format!("{INSERT} VALUES {}{conflict}", places(rows));
    let whole = sql(WRITTEN_ROWS);
    for rows in rows.chunks(WRITTEN_ROWS) {
        let sql = if rows.len() == WRITTEN_ROWS { whole.clone() } else { sql(rows.len()) };
        write(connection, sql, rows, sequence, now).await?;
    }
    Ok(())
}

/// `($1,$2,$2,$3,…,$14),($1,$2,$2,$15,…)`
fn places(rows: usize) -> String {
    let row = |row: usize| {
        let own = (0..COLUMNS).map(|column| format!("${}", SHARED + row * COLUMNS + column + 1)).collect::<Vec<_>>();
        format!("($1,$2,$2,{})", own.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}

async fn write(connection: &mut AnyConnection, sql: String, rows: &[NewStock], sequence: i64, now: Timestamp) -> Result<(), StoreError> {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(sequence).bind(now.micros());
    for row in rows {
        query = query
            .bind(&row.e164)
            .bind(&*row.country)
            .bind(&*row.carrier_id)
            .bind(row.number_type.name())
            .bind(&*row.locality)
            .bind(&*row.administrative_area)
            .bind(&*row.rate_center)
            .bind(i64::from(row.features.bits()))
            .bind(row.setup.0)
            .bind(row.monthly.0)
            .bind(row.state.name())
            .bind(row.state.aging_until().map(Timestamp::micros));
    }
    query.execute(connection).await?;
    Ok(())
}

/// What an import meets where it wants to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Present {
    /// In stock and free: it takes the new price and place.
    Available,
    /// Held or being bought.
    InUse,
    /// Sold, or brought along by an organization.
    Owned,
    /// Resting after a release.
    Aging,
    /// Taken out by the operator.
    Withdrawn,
}

/// What is known of these numbers; what is not in the answer is new.
pub async fn present(connection: &mut AnyConnection, e164s: &[&str], now: Timestamp) -> Result<HashMap<String, Present>, StoreError> {
    let mut known = HashMap::new();
    for part in e164s.chunks(ROWS) {
        let list = (0..part.len()).map(|index| format!("${}", index + 2)).collect::<Vec<_>>().join(",");
        // What is available by its row may still be held, being bought, or owned by somebody who brought it along.
        let sql = format!(
            "SELECT e164, state FROM inventory WHERE e164 IN ({list}) \
             UNION ALL SELECT e164, 'in_use' FROM holds WHERE e164 IN ({list}) AND (state = 'committed' OR (state = 'active' AND expires_at > $1)) \
             UNION ALL SELECT e164, 'in_use' FROM orders WHERE e164 IN ({list}) AND state IN ('created', 'funded', 'ordered', 'stuck') \
             UNION ALL SELECT e164, 'sold' FROM owned_numbers WHERE e164 IN ({list}) AND status IN ('available', 'assigned', 'released')"
        );
        let mut query = sqlx::query_as::<_, (String, String)>(sqlx::AssertSqlSafe(sql)).bind(now.micros());
        for e164 in part {
            query = query.bind(*e164);
        }
        for (e164, state) in query.fetch_all(&mut *connection).await? {
            let present = match state.as_str() {
                "available" => Present::Available,
                "in_use" => Present::InUse,
                "sold" => Present::Owned,
                "aging" => Present::Aging,
                "withdrawn" => Present::Withdrawn,
                _ => return Err(StoreError::Inconsistent { table: "inventory", column: "state", id: e164 }),
            };
            let strongest = known.entry(e164).or_insert(present);
            if *strongest == Present::Available {
                *strongest = present;
            }
        }
    }
    Ok(known)
}

/// The carrier row of that name, made when it is missing. Customers see only its label, `c-1`, `c-2`, … (R60).
pub async fn carrier(connection: &mut AnyConnection, new_id: &str, name: &str, now: Timestamp) -> Result<String, StoreError> {
    sqlx::query(
        "INSERT INTO carriers (id, name, public_label, created_at) \
         VALUES ($1, $2, 'c-' || (SELECT COUNT(*) + 1 FROM carriers), $3) ON CONFLICT (name) DO NOTHING",
    )
    .bind(new_id)
    .bind(name)
    .bind(now.micros())
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar("SELECT id FROM carriers WHERE name = $1").bind(name).fetch_one(connection).await?)
}
