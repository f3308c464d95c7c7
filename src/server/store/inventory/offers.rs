//! What a buyer could have now, by number, page by page: in stock, and neither held nor being bought by anybody else.

use sqlx::AnyConnection;

use super::{InventoryRow, StockRow, select_stock};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Which numbers are offered; a missing part does not matter.
#[derive(Debug, Clone, Default)]
pub struct OfferFilter {
    /// The buyer: its own holds keep nothing from it.
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    /// Two letters.
    pub country: Option<String>,
    /// A LIKE pattern on the E.164.
    pub e164: Option<String>,
    /// LIKE patterns on the E.164, of which none may fit.
    pub excluded: Vec<String>,
}

/// The parameters $1 to $5 of an [`OfferFilter`], with the time as $3; the excluded patterns follow from $6 on.
const OFFERED: &str = "WHERE i.state = 'available' AND ($4 IS NULL OR i.country = $4) AND ($5 IS NULL OR i.e164 LIKE $5) \
     AND i.e164 NOT IN (SELECT h.e164 FROM holds h WHERE h.state IN ('active', 'committed') AND (h.state = 'committed' OR h.expires_at > $3) \
     AND NOT (h.state = 'active' AND h.organization_id = $1 AND COALESCE(h.sub_account_id, '') = COALESCE($2, ''))) \
     AND i.e164 NOT IN (SELECT r.e164 FROM orders r WHERE r.state IN ('created', 'funded', 'ordered', 'stuck'))";
/// How many parameters that has.
const SHARED: usize = 5;

fn statement(head: &str, filter: &OfferFilter, tail: &str) -> sqlx::AssertSqlSafe<String> {
    let excluded = (0..filter.excluded.len()).map(|index| format!(" AND i.e164 NOT LIKE ${}", SHARED + index + 1));
    sqlx::AssertSqlSafe(format!("{head}{OFFERED}{}{tail}", excluded.collect::<String>()))
}

macro_rules! bind_offered {
    ($query:expr, $filter:expr, $now:expr) => {{
        let shared = $query
            .bind(&$filter.organization_id)
            .bind(&$filter.sub_account_id)
            .bind($now.micros())
            .bind(&$filter.country)
            .bind(&$filter.e164);
        $filter.excluded.iter().fold(shared, |query, pattern| query.bind(pattern))
    }};
}

/// One page in the order of the digits, without the first `offset`.
pub async fn page(
    connection: &mut AnyConnection,
    filter: &OfferFilter,
    now: Timestamp,
    offset: i64,
    limit: i64,
) -> Result<Vec<StockRow>, StoreError> {
    let place = SHARED + filter.excluded.len();
    let tail = format!(" ORDER BY i.e164 LIMIT ${} OFFSET ${}", place + 1, place + 2);
    let query = sqlx::query_as(statement(select_stock!(""), filter, &tail));
    let rows: Vec<InventoryRow> = bind_offered!(query, filter, now).bind(limit).bind(offset).fetch_all(connection).await?;
    rows.into_iter().map(StockRow::try_from).collect()
}

/// How many there are on all pages.
pub async fn count(connection: &mut AnyConnection, filter: &OfferFilter, now: Timestamp) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar(statement("SELECT COUNT(*) FROM inventory i ", filter, ""));
    Ok(bind_offered!(query, filter, now).fetch_one(connection).await?)
}
