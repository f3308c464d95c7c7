//! The stock as the operator looks through it: how much of it is where, in which state and how old, and its rows.

use sqlx::AnyConnection;

use super::{InventoryRow, StockRow};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store::numbers::TextFilter;

/// How many numbers share a place, a state and an age.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Cell {
    /// State or province; empty for numbers that belong to none.
    pub region: String,
    pub state: String,
    /// Index into the ages that were asked for; their count for what is older.
    pub age: i64,
    pub count: i64,
}

/// Which rows are shown; a missing part does not matter.
#[derive(Debug, Clone, Default)]
pub struct StockFilter {
    pub state: Option<String>,
    pub region: Option<String>,
    /// Three digits of NANP.
    pub area: Option<String>,
    pub text: Option<TextFilter>,
}

/// A row, and who holds it now.
#[derive(Debug, Clone)]
pub struct Shelved {
    pub row: StockRow,
    /// The organization with a live hold on it.
    pub held_by: Option<String>,
}

/// Counts the whole stock in one pass over the index `inventory_by_place`, which has all that it needs. `ages` are the ends of three ages, the youngest first.
pub async fn cells(connection: &mut AnyConnection, ages: [Timestamp; 3]) -> Result<Vec<Cell>, StoreError> {
    let [first, second, third] = ages.map(Timestamp::micros);
    let cells = sqlx::query_as(
        "SELECT administrative_area AS region, state, \
         CASE WHEN created_at > $1 THEN 0 WHEN created_at > $2 THEN 1 WHEN created_at > $3 THEN 2 ELSE 3 END AS age, \
         COUNT(*) AS count FROM inventory GROUP BY 1, 2, 3",
    )
    .bind(first)
    .bind(second)
    .bind(third)
    .fetch_all(connection)
    .await?;
    Ok(cells)
}

/// Area codes of a state with their numbers, the fullest first.
pub async fn areas(
    connection: &mut AnyConnection,
    region: &str,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT substr(e164, 3, 3), COUNT(*) FROM inventory WHERE state IN ('available', 'sold', 'aging', 'withdrawn') \
         AND administrative_area = $1 AND e164 LIKE '+1%' AND ($2 IS NULL OR state = $2) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3",
    )
    .bind(region)
    .bind(state.map(str::to_owned))
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

macro_rules! condition {
    () => {
        " WHERE ($1 IS NULL OR i.state = $1) AND ($2 IS NULL OR i.administrative_area = $2) AND ($3 IS NULL OR (i.e164 >= $3 AND i.e164 < $3 || ':')) \
         AND ($6 IS NULL OR i.e164 LIKE $4 OR i.e164 LIKE $5 OR LOWER(i.locality) LIKE $6 ESCAPE '!')"
    };
}

macro_rules! bind_condition {
    ($query:expr, $filter:expr) => {
        $query
            .bind(&$filter.state)
            .bind(&$filter.region)
            .bind($filter.area.as_ref().map(|area| format!("+1{area}")))
            .bind($filter.text.as_ref().and_then(|text| text.digits.clone()))
            .bind($filter.text.as_ref().and_then(|text| text.national.clone()))
            .bind($filter.text.as_ref().map(|text| text.words.clone()))
    };
}

#[derive(sqlx::FromRow)]
struct ShelvedRow {
    #[sqlx(flatten)]
    row: InventoryRow,
    held_by: Option<String>,
}

/// The rows of a filter by E.164, below the one `after`.
pub async fn rows(
    connection: &mut AnyConnection,
    filter: &StockFilter,
    after: Option<&str>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Shelved>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT i.e164, i.country, i.carrier_id, c.public_label AS provider, i.number_type, i.locality, i.administrative_area, \
         i.rate_center, i.features, i.setup_micros, i.monthly_micros, i.state, i.aging_until, i.last_owner_organization_id, \
         i.last_owner_sub_account_id, i.withdraw_after_aging, i.created_at, i.updated_at, \
         (SELECT o.name FROM holds h JOIN organizations o ON o.id = h.organization_id WHERE h.e164 = i.e164 \
          AND (h.state = 'committed' OR (h.state = 'active' AND h.expires_at > $7))) AS held_by \
         FROM inventory i JOIN carriers c ON c.id = i.carrier_id",
        condition!(),
        " AND ($8 IS NULL OR i.e164 > $8) ORDER BY i.e164 LIMIT $9"
    ));
    let rows: Vec<ShelvedRow> =
        bind_condition!(query, filter).bind(now.micros()).bind(after.map(str::to_owned)).bind(limit).fetch_all(connection).await?;
    rows.into_iter().map(|row| Ok(Shelved { row: StockRow::try_from(row.row)?, held_by: row.held_by })).collect()
}

/// How many rows the filter shows on all pages.
pub async fn count_rows(connection: &mut AnyConnection, filter: &StockFilter) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar(concat!("SELECT COUNT(*) FROM inventory i", condition!()));
    Ok(bind_condition!(query, filter).fetch_one(connection).await?)
}
