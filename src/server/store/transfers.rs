//! Transfers as statements and usage show them. Writing them is `ledger`.

use sqlx::AnyConnection;

use crate::domain::forecast::Rental;
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store::ledger::TransferKind;

/// A transfer as the wallet sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    pub id: String,
    pub sequence: i64,
    pub at: Timestamp,
    pub kind: String,
    /// Below zero where money left the wallet.
    pub amount: Micros,
    pub balance_after: Micros,
    pub description: String,
    pub number_id: Option<String>,
    pub e164: Option<String>,
    pub order_id: Option<String>,
    /// The agent that answers the number now.
    pub agent_id: Option<String>,
    /// What it is about: the number, else the payment, else the order.
    pub reference: Option<String>,
}

/// Which way money moved, as the wallet sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Into the wallet.
    Credit,
    /// Out of it.
    Debit,
}

/// What the transfers of one kind came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindTotals {
    pub kind: String,
    pub count: i64,
    pub credit: Micros,
    pub debit: Micros,
}

#[derive(sqlx::FromRow)]
struct TransferRow {
    id: String,
    sequence: i64,
    at: i64,
    kind: String,
    amount_micros: i64,
    balance_after_micros: i64,
    description: String,
    number_id: Option<String>,
    e164: Option<String>,
    order_id: Option<String>,
    agent_id: Option<String>,
    reference: Option<String>,
}

impl Direction {
    const fn name(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Debit => "debit",
        }
    }
}

impl From<TransferRow> for Transfer {
    fn from(row: TransferRow) -> Self {
        Self {
            id: row.id,
            sequence: row.sequence,
            at: Timestamp::from_micros(row.at),
            kind: row.kind,
            amount: Micros(row.amount_micros),
            balance_after: Micros(row.balance_after_micros),
            description: row.description,
            number_id: row.number_id,
            e164: row.e164,
            order_id: row.order_id,
            agent_id: row.agent_id,
            reference: row.reference,
        }
    }
}

/// Which transfers to read.
#[derive(Debug, Clone, Default)]
pub struct TransferFilter {
    pub organization_id: String,
    /// Only those of numbers in that sub-account.
    pub sub_account_id: Option<String>,
    pub kind: Option<String>,
    /// Only what numbers cost: setup and rental.
    pub charges_only: bool,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    pub direction: Option<Direction>,
    pub id: Option<String>,
    /// A LIKE pattern on the description in lower case; `!` escapes.
    pub description: Option<String>,
    /// The same on the reference.
    pub reference: Option<String>,
}

/// What a transfer `t` from `d` to `c` did to the wallet: what is owed is an account of the organization too, but nothing that it has.
macro_rules! effect {
    () => {
        "CASE WHEN c.kind IN ('wallet', 'promo') THEN t.amount_micros WHEN d.kind IN ('wallet', 'promo') THEN -t.amount_micros ELSE 0 END"
    };
}
pub(super) use effect;

/// The filter as SQL over `$1` to `$10`, the same for rows and sums.
macro_rules! filtered {
    ($head:expr, $rest:literal) => {
        concat!(
            $head,
            " FROM transfers t JOIN ledger_accounts c ON c.id = t.credit_account_id JOIN ledger_accounts d ON d.id = t.debit_account_id LEFT JOIN owned_numbers n ON n.id = t.ownership_id \
             WHERE t.organization_id = $1 AND ($2 IS NULL OR n.sub_account_id = $2) AND ($3 IS NULL OR t.kind = $3) \
             AND ($4 = 0 OR t.kind IN ('setup_fee', 'rental')) AND ($5 IS NULL OR t.at >= $5) AND ($6 IS NULL OR t.at < $6) \
             AND ($7 IS NULL OR $7 = CASE WHEN c.kind IN ('wallet', 'promo') THEN 'credit' ELSE 'debit' END) AND ($8 IS NULL OR t.id = $8) \
             AND ($9 IS NULL OR LOWER(t.description) LIKE $9 ESCAPE '!') \
             AND ($10 IS NULL OR LOWER(COALESCE(t.e164, t.payment_id, t.order_id)) LIKE $10 ESCAPE '!')",
            $rest
        )
    };
}

macro_rules! bound {
    ($query:expr, $filter:expr) => {
        $query
            .bind($filter.organization_id.clone())
            .bind($filter.sub_account_id.clone())
            .bind($filter.kind.clone())
            .bind(i64::from($filter.charges_only))
            .bind($filter.from.map(Timestamp::micros))
            .bind($filter.to.map(Timestamp::micros))
            .bind($filter.direction.map(Direction::name))
            .bind($filter.id.clone())
            .bind($filter.description.clone())
            .bind($filter.reference.clone())
    };
}

/// Transfers that the filter lets through, newest first, below the one with the number `before` in the ledger, without the first `offset`.
pub async fn list(
    connection: &mut AnyConnection,
    filter: &TransferFilter,
    before: Option<i64>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Transfer>, StoreError> {
    let query = sqlx::query_as(filtered!(
        concat!(
            "SELECT t.id AS id, t.sequence AS sequence, t.at AS at, t.kind AS kind, ",
            effect!(),
            " AS amount_micros, t.balance_after_micros AS balance_after_micros, t.description AS description, t.ownership_id AS number_id, \
             t.e164 AS e164, t.order_id AS order_id, n.agent_id AS agent_id, COALESCE(t.e164, t.payment_id, t.order_id) AS reference"
        ),
        " AND ($11 IS NULL OR t.sequence < $11) ORDER BY t.sequence DESC LIMIT $12 OFFSET $13"
    ));
    let rows: Vec<TransferRow> = bound!(query, filter).bind(before).bind(limit).bind(offset).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Transfer::from).collect())
}

/// How many transfers the filter lets through.
pub async fn count(connection: &mut AnyConnection, filter: &TransferFilter) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar(filtered!("SELECT COUNT(*)", ""));
    Ok(bound!(query, filter).fetch_one(connection).await?)
}

/// How many transfers of each kind there are, and what went in and out by them, by the name of the kind.
pub async fn totals(connection: &mut AnyConnection, filter: &TransferFilter) -> Result<Vec<KindTotals>, StoreError> {
    let query = sqlx::query_as(filtered!(
        "SELECT t.kind, COUNT(*), \
         CAST(SUM(CASE WHEN c.kind IN ('wallet', 'promo') THEN t.amount_micros ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN d.kind IN ('wallet', 'promo') AND c.kind NOT IN ('wallet', 'promo') THEN t.amount_micros ELSE 0 END) AS BIGINT)",
        " GROUP BY t.kind ORDER BY t.kind"
    ));
    let rows: Vec<(String, i64, i64, i64)> = bound!(query, filter).fetch_all(connection).await?;
    let totals =
        |(kind, count, credit, debit): (String, i64, i64, i64)| KindTotals { kind, count, credit: Micros(credit), debit: Micros(debit) };
    Ok(rows.into_iter().map(totals).collect())
}

/// How many transfers of each kind there are and what they add up to, by the name of the kind.
pub async fn sums(connection: &mut AnyConnection, filter: &TransferFilter) -> Result<Vec<(String, i64, Micros)>, StoreError> {
    let totals = totals(connection, filter).await?;
    Ok(totals.into_iter().map(|total| (total.kind, total.count, Micros(total.credit.0 - total.debit.0))).collect())
}

/// What transfers of that kind have moved for a payment.
pub async fn moved_by(connection: &mut AnyConnection, payment_id: &str, kind: TransferKind) -> Result<Micros, StoreError> {
    let sum: i64 =
        sqlx::query_scalar("SELECT CAST(COALESCE(SUM(amount_micros), 0) AS BIGINT) FROM transfers WHERE payment_id = $1 AND kind = $2")
            .bind(payment_id)
            .bind(kind.name())
            .fetch_one(connection)
            .await?;
    Ok(Micros(sum))
}

/// What one kind of transfer came to over all organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarnedRow {
    pub kind: String,
    pub count: i64,
    /// Above zero where organizations paid, below where they were given or paid back.
    pub amount: Micros,
    /// How much of it came out of promotional credit.
    pub promotional: Micros,
}

/// What each kind of transfer between organizations and the installation came to from `from` on and before `to`.
pub async fn earned(connection: &mut AnyConnection, from: Timestamp, to: Timestamp) -> Result<Vec<EarnedRow>, StoreError> {
    let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
        "SELECT t.kind, COUNT(*), \
         CAST(SUM(CASE WHEN d.kind = 'payments' THEN t.amount_micros WHEN c.kind = 'payments' THEN -t.amount_micros \
            WHEN c.organization_id IS NULL THEN t.amount_micros ELSE -t.amount_micros END) AS BIGINT), \
         CAST(SUM(CASE WHEN d.kind = 'promo' THEN t.amount_micros ELSE 0 END) AS BIGINT) \
         FROM transfers t JOIN ledger_accounts c ON c.id = t.credit_account_id JOIN ledger_accounts d ON d.id = t.debit_account_id \
         WHERE t.at >= $1 AND t.at < $2 AND (c.organization_id IS NULL OR d.organization_id IS NULL) GROUP BY t.kind ORDER BY t.kind",
    )
    .bind(from.micros())
    .bind(to.micros())
    .fetch_all(connection)
    .await?;
    let row = |(kind, count, amount, promotional): (String, i64, i64, i64)| EarnedRow {
        kind,
        count,
        amount: Micros(amount),
        promotional: Micros(promotional),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// What was in the wallet just before `at`.
pub async fn balance_before(connection: &mut AnyConnection, organization_id: &str, at: Timestamp) -> Result<Micros, StoreError> {
    let balance: Option<i64> = sqlx::query_scalar(
        "SELECT balance_after_micros FROM transfers WHERE organization_id = $1 AND at < $2 ORDER BY sequence DESC LIMIT 1",
    )
    .bind(organization_id)
    .bind(at.micros())
    .fetch_optional(connection)
    .await?;
    Ok(Micros(balance.unwrap_or_default()))
}

/// The rentals of an organization that go on, soonest due first.
pub async fn rentals(connection: &mut AnyConnection, organization_id: &str, limit: i64) -> Result<Vec<Rental>, StoreError> {
    let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT anchor_at, periods_charged, next_billing_at, monthly_micros FROM owned_numbers WHERE organization_id = $1 \
         AND status IN ('available', 'assigned') AND anchor_at IS NOT NULL AND next_billing_at IS NOT NULL AND monthly_micros > 0 \
         ORDER BY next_billing_at, id LIMIT $2",
    )
    .bind(organization_id)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let rental = |(anchor, periods, due, monthly): (i64, i64, i64, i64)| Rental {
        anchor_at: Timestamp::from_micros(anchor),
        periods_charged: u32::try_from(periods).unwrap_or(u32::MAX),
        due_at: Timestamp::from_micros(due),
        monthly: Micros(monthly),
    };
    Ok(rows.into_iter().map(rental).collect())
}
