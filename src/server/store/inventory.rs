//! The stock: one row a number, whoever has it now. Each change takes the next sequence number, by which the search follows (R30).
//!
//! Writing many rows at once is in [`bulk`], what a buyer could have page by page in [`offers`], the operator's view in [`overview`]. `held` is not here: that is a live hold or order.

pub mod bulk;
pub mod offers;
pub mod overview;

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType, StockState};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// One number in stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    pub e164: String,
    pub country: String,
    pub carrier_id: String,
    /// The carrier's opaque public label.
    pub provider: String,
    pub number_type: NumberType,
    pub locality: String,
    pub administrative_area: String,
    pub rate_center: String,
    pub features: Features,
    pub setup: Micros,
    pub monthly: Micros,
    pub state: StockState,
    pub last_owner_organization_id: Option<String>,
    pub last_owner_sub_account_id: Option<String>,
    pub withdraw_after_aging: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct InventoryRow {
    e164: String,
    country: String,
    carrier_id: String,
    provider: String,
    number_type: String,
    locality: String,
    administrative_area: String,
    rate_center: String,
    features: i64,
    setup_micros: i64,
    monthly_micros: i64,
    state: String,
    aging_until: Option<i64>,
    last_owner_organization_id: Option<String>,
    last_owner_sub_account_id: Option<String>,
    withdraw_after_aging: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<InventoryRow> for StockRow {
    type Error = StoreError;

    fn try_from(row: InventoryRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "inventory", column, id: row.e164.clone() };
        let aging_until = row.aging_until.map(Timestamp::from_micros);
        Ok(Self {
            number_type: NumberType::from_name(&row.number_type).ok_or_else(|| broken("number_type"))?,
            features: u8::try_from(row.features).map(Features::from_bits).map_err(|_| broken("features"))?,
            state: StockState::from_name(&row.state, aging_until).ok_or_else(|| broken("state"))?,
            e164: row.e164,
            country: row.country,
            carrier_id: row.carrier_id,
            provider: row.provider,
            locality: row.locality,
            administrative_area: row.administrative_area,
            rate_center: row.rate_center,
            setup: Micros(row.setup_micros),
            monthly: Micros(row.monthly_micros),
            last_owner_organization_id: row.last_owner_organization_id,
            last_owner_sub_account_id: row.last_owner_sub_account_id,
            withdraw_after_aging: row.withdraw_after_aging == 1,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

macro_rules! select_stock {
    ($rest:literal) => {
        concat!(
            "SELECT i.e164, i.country, i.carrier_id, c.public_label AS provider, i.number_type, i.locality, i.administrative_area, \
             i.rate_center, i.features, i.setup_micros, i.monthly_micros, i.state, i.aging_until, i.last_owner_organization_id, \
             i.last_owner_sub_account_id, i.withdraw_after_aging, i.created_at, i.updated_at \
             FROM inventory AS i JOIN carriers AS c ON c.id = i.carrier_id ",
            $rest
        )
    };
}

use select_stock;

/// One number, in whatever state.
pub async fn find(connection: &mut AnyConnection, e164: &str) -> Result<Option<StockRow>, StoreError> {
    let row: Option<InventoryRow> = sqlx::query_as(select_stock!("WHERE i.e164 = $1")).bind(e164).fetch_optional(connection).await?;
    row.map(StockRow::try_from).transpose()
}

/// The stock by E.164, below the one `after`; `state` is the name of the only state to show.
pub async fn page(
    connection: &mut AnyConnection,
    state: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<StockRow>, StoreError> {
    let rows: Vec<InventoryRow> =
        sqlx::query_as(select_stock!("WHERE ($1 IS NULL OR i.state = $1) AND ($2 IS NULL OR i.e164 > $2) ORDER BY i.e164 LIMIT $3"))
            .bind(state)
            .bind(after)
            .bind(limit)
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(StockRow::try_from).collect()
}

/// How many numbers [`page`] shows on all pages.
pub async fn count(connection: &mut AnyConnection, state: Option<&str>) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM inventory WHERE ($1 IS NULL OR state = $1)").bind(state).fetch_one(connection).await?)
}

/// The sequence number of the last change.
pub async fn head(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT n FROM feed_head WHERE id = 1").fetch_one(connection).await?)
}

/// What the search needs of a row that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub e164: String,
    pub available: bool,
    pub country: String,
    pub number_type: NumberType,
    pub locality: String,
    pub administrative_area: String,
    pub rate_center: String,
    pub features: Features,
    pub setup: Micros,
    pub monthly: Micros,
    /// The carrier's opaque public label.
    pub provider: String,
    pub changed_seq: i64,
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    e164: String,
    available: i64,
    country: String,
    number_type: String,
    locality: String,
    administrative_area: String,
    rate_center: String,
    features: i64,
    setup_micros: i64,
    monthly_micros: i64,
    provider: String,
    changed_seq: i64,
}

impl TryFrom<ChangeRow> for Change {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "inventory", column, id: row.e164.clone() };
        Ok(Self {
            number_type: NumberType::from_name(&row.number_type).ok_or_else(|| broken("number_type"))?,
            features: u8::try_from(row.features).map(Features::from_bits).map_err(|_| broken("features"))?,
            e164: row.e164,
            available: row.available == 1,
            country: row.country,
            locality: row.locality,
            administrative_area: row.administrative_area,
            rate_center: row.rate_center,
            setup: Micros(row.setup_micros),
            monthly: Micros(row.monthly_micros),
            provider: row.provider,
            changed_seq: row.changed_seq,
        })
    }
}

/// Rows that changed after `(sequence, e164)`, in the order of their changes. A batch shares one sequence number, hence the pair.
pub async fn changed_since(connection: &mut AnyConnection, sequence: i64, e164: &str, limit: i64) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "SELECT i.e164, CASE WHEN i.state = 'available' THEN 1 ELSE 0 END AS available, i.country, i.number_type, i.locality, \
         i.administrative_area, i.rate_center, i.features, i.setup_micros, i.monthly_micros, c.public_label AS provider, i.changed_seq \
         FROM inventory AS i JOIN carriers AS c ON c.id = i.carrier_id \
         WHERE (i.changed_seq, i.e164) > ($1, $2) ORDER BY i.changed_seq, i.e164 LIMIT $3",
    )
    .bind(sequence)
    .bind(e164)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Change::try_from).collect()
}

/// The next sequence number. Taken in the transaction that changes stock, so that commit order is number order.
pub async fn next_sequence(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("UPDATE feed_head SET n = n + 1 WHERE id = 1 RETURNING n").fetch_one(connection).await?)
}

/// `available → sold`, and `aging → sold` for its last owner or when its aging is over. False when it is not to be had.
pub async fn mark_sold(connection: &mut AnyConnection, e164: &str, organization_id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sequence = next_sequence(connection).await?;
    let done = sqlx::query(
        "UPDATE inventory SET state = 'sold', aging_until = NULL, changed_seq = $1, updated_at = $2 WHERE e164 = $3 \
         AND (state = 'available' OR (state = 'aging' AND (aging_until <= $2 OR last_owner_organization_id = $4)))",
    )
    .bind(sequence)
    .bind(now.micros())
    .bind(e164)
    .bind(organization_id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `sold → aging`: its owner's recovery window has ended. Until `aging_until` only that owner may buy it back.
pub async fn start_aging(
    connection: &mut AnyConnection,
    e164: &str,
    organization_id: &str,
    sub_account_id: Option<&str>,
    aging_until: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sequence = next_sequence(connection).await?;
    let done = sqlx::query(
        "UPDATE inventory SET state = 'aging', aging_until = $1, last_owner_organization_id = $2, last_owner_sub_account_id = $3, \
         changed_seq = $4, updated_at = $5 WHERE e164 = $6 AND state = 'sold'",
    )
    .bind(aging_until.micros())
    .bind(organization_id)
    .bind(sub_account_id.map(str::to_owned))
    .bind(sequence)
    .bind(now.micros())
    .bind(e164)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends aging that is over, of at most `limit` numbers: back into stock, or out of it where that was asked for. Answers how many.
pub async fn end_aging(connection: &mut AnyConnection, now: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let due: Option<i64> = sqlx::query_scalar("SELECT 1 FROM inventory WHERE state = 'aging' AND aging_until <= $1 LIMIT 1")
        .bind(now.micros())
        .fetch_optional(&mut *connection)
        .await?;
    if due.is_none() {
        return Ok(0);
    }
    let sequence = next_sequence(connection).await?;
    let done = sqlx::query(
        "UPDATE inventory SET state = CASE WHEN withdraw_after_aging = 1 THEN 'withdrawn' ELSE 'available' END, aging_until = NULL, \
         last_owner_organization_id = NULL, last_owner_sub_account_id = NULL, withdraw_after_aging = 0, changed_seq = $1, updated_at = $2 \
         WHERE e164 IN (SELECT e164 FROM inventory WHERE state = 'aging' AND aging_until <= $2 ORDER BY aging_until LIMIT $3)",
    )
    .bind(sequence)
    .bind(now.micros())
    .bind(limit)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Takes a number out of the stock; one that is owned is marked to go out after its aging (R51). False when it was out already.
pub async fn withdraw(connection: &mut AnyConnection, e164: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sequence = next_sequence(connection).await?;
    let done = sqlx::query(
        "UPDATE inventory SET withdraw_after_aging = CASE WHEN state = 'sold' THEN 1 ELSE 0 END, \
         state = CASE WHEN state = 'sold' THEN 'sold' ELSE 'withdrawn' END, changed_seq = $1, updated_at = $2 \
         WHERE e164 = $3 AND state <> 'withdrawn'",
    )
    .bind(sequence)
    .bind(now.micros())
    .bind(e164)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a withdrawn number back into stock. False when it was not withdrawn, or its aging still runs.
pub async fn restock(connection: &mut AnyConnection, e164: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sequence = next_sequence(connection).await?;
    let done = sqlx::query(
        "UPDATE inventory SET state = 'available', aging_until = NULL, last_owner_organization_id = NULL, last_owner_sub_account_id = NULL, \
         changed_seq = $1, updated_at = $2 WHERE e164 = $3 AND state = 'withdrawn' AND (aging_until IS NULL OR aging_until <= $2)",
    )
    .bind(sequence)
    .bind(now.micros())
    .bind(e164)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
