//! Reading the ledger back: lines of an organization, newest first, and the sums that the wallet page shows.

use sqlx::AnyConnection;

use super::transfers::effect;
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// What a line of the ledger is: a transfer, or a set-aside that is pending or was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub at: Timestamp,
    /// Its place in the ledger; a set-aside has that of the transfer before it.
    pub sequence: i64,
    /// A transfer kind, `set_aside` or `set_aside_returned`.
    pub kind: String,
    pub description: String,
    pub e164: Option<String>,
    /// Signed as the wallet sees it.
    pub amount: Micros,
    /// Balance after the line; what is set aside still belongs to the balance.
    pub balance_after: Micros,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: String,
    at: i64,
    sequence: i64,
    kind: String,
    description: String,
    e164: Option<String>,
    amount_micros: i64,
    balance_after_micros: i64,
}

impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        Self {
            id: row.id,
            at: Timestamp::from_micros(row.at),
            sequence: row.sequence,
            kind: row.kind,
            description: row.description,
            e164: row.e164,
            amount: Micros(row.amount_micros),
            balance_after: Micros(row.balance_after_micros),
        }
    }
}

/// Transfers as the wallet sees them, and set-asides that are not captured: a captured one is told by its transfers.
const LINES: &str = concat!(
    "SELECT t.id AS id, t.at AS at, t.sequence AS sequence, t.kind AS kind, t.description AS description, t.e164 AS e164, \
        ",
    effect!(),
    " AS amount_micros, t.balance_after_micros AS balance_after_micros \
     FROM transfers t JOIN ledger_accounts c ON c.id = t.credit_account_id JOIN ledger_accounts d ON d.id = t.debit_account_id WHERE t.organization_id = $1 \
     UNION ALL \
     SELECT s.id, s.created_at, \
        COALESCE((SELECT MAX(p.sequence) FROM transfers p WHERE p.organization_id = $1 AND p.at <= s.created_at), 0), \
        CASE WHEN s.state = 'pending' THEN 'set_aside' ELSE 'set_aside_returned' END, 'Order ' || s.order_id, o.e164, \
        CASE WHEN s.state = 'pending' THEN -s.amount_micros ELSE 0 END, \
        COALESCE((SELECT p.balance_after_micros FROM transfers p WHERE p.organization_id = $1 AND p.at <= s.created_at \
                  ORDER BY p.sequence DESC LIMIT 1), 0) \
     FROM set_asides s JOIN orders o ON o.id = s.order_id WHERE s.organization_id = $1 AND s.state IN ('pending', 'voided')"
);

/// One page of lines, newest first, after the line `after` = (sequence, instant, id): a purchase writes two lines in one instant, and
/// only by their sequence does each balance follow from the one before. `kind` keeps one kind (`set_aside` keeps both of them).
pub async fn lines(
    connection: &mut AnyConnection,
    organization_id: &str,
    kind: Option<&str>,
    after: Option<(i64, Timestamp, String)>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let (after_sequence, after_at, after_id) =
        after.map_or((i64::MAX, i64::MAX, String::new()), |(sequence, at, id)| (sequence, at.micros(), id));
    let sql = format!(
        "SELECT * FROM ({LINES}) AS l WHERE ($2 IS NULL OR kind = $2 OR ($2 = 'set_aside' AND kind = 'set_aside_returned')) \
         AND (sequence < $3 OR (sequence = $3 AND (at < $4 OR (at = $4 AND id < $5)))) \
         ORDER BY sequence DESC, at DESC, id DESC LIMIT $6"
    );
    let rows: Vec<LineRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(organization_id)
        .bind(kind)
        .bind(after_sequence)
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(Line::from).collect())
}

/// How many lines there are of that kind, or in all.
pub async fn count(connection: &mut AnyConnection, organization_id: &str, kind: Option<&str>) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) FROM ({LINES}) AS l WHERE ($2 IS NULL OR kind = $2 OR ($2 = 'set_aside' AND kind = 'set_aside_returned'))"
    );
    let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(organization_id).bind(kind).fetch_one(connection).await?;
    Ok(count)
}

/// What renews up to `until`: the sum and how many numbers.
pub async fn renewals(connection: &mut AnyConnection, organization_id: &str, until: Timestamp) -> Result<(Micros, i64), StoreError> {
    let (sum, count): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(monthly_micros), 0) AS BIGINT), COUNT(*) FROM owned_numbers \
         WHERE organization_id = $1 AND status IN ('available', 'assigned') AND next_billing_at <= $2",
    )
    .bind(organization_id)
    .bind(until.micros())
    .fetch_one(connection)
    .await?;
    Ok((Micros(sum), count))
}

/// Orders whose money is still set aside.
pub async fn orders_in_progress(connection: &mut AnyConnection, organization_id: &str) -> Result<i64, StoreError> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(DISTINCT order_id) FROM set_asides WHERE organization_id = $1 AND state = 'pending'")
            .bind(organization_id)
            .fetch_one(connection)
            .await?;
    Ok(count)
}

/// When the first transfer of an organization was written.
pub async fn first_at(connection: &mut AnyConnection, organization_id: &str) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> =
        sqlx::query_scalar("SELECT MIN(at) FROM transfers WHERE organization_id = $1").bind(organization_id).fetch_one(connection).await?;
    Ok(at.map(Timestamp::from_micros))
}

/// What moved in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub lines: i64,
    pub credited: Micros,
    pub debited: Micros,
}

/// What moved in a wallet from `from` on and before `to`.
pub async fn moved(connection: &mut AnyConnection, organization_id: &str, from: Timestamp, to: Timestamp) -> Result<Moved, StoreError> {
    let (lines, credited, debited): (i64, i64, i64) = sqlx::query_as(concat!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN e > 0 THEN e ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN e < 0 THEN -e ELSE 0 END), 0) AS BIGINT) FROM (SELECT ",
        effect!(),
        " AS e FROM transfers t JOIN ledger_accounts c ON c.id = t.credit_account_id JOIN ledger_accounts d ON d.id = t.debit_account_id \
         WHERE t.organization_id = $1 AND t.at >= $2 AND t.at < $3) AS moved"
    ))
    .bind(organization_id)
    .bind(from.micros())
    .bind(to.micros())
    .fetch_one(connection)
    .await?;
    Ok(Moved { lines, credited: Micros(credited), debited: Micros(debited) })
}
