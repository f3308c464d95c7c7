//! Payments that bring money into wallets, and the provider notices that were handled.

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: String,
    pub organization_id: String,
    pub amount: Micros,
    /// `pending`, `succeeded` or `failed`.
    pub status: String,
    pub created_at: Timestamp,
    /// When it succeeded or failed.
    pub settled_at: Option<Timestamp>,
    /// Nobody pressed a button for it: the wallet fell below its threshold.
    pub automatic: bool,
    /// Where it is paid in a browser; none where the caller has a form of its own.
    pub page_url: Option<String>,
}

#[derive(sqlx::FromRow)]
struct PaymentRow {
    id: String,
    organization_id: String,
    amount_micros: i64,
    status: String,
    created_at: i64,
    settled_at: Option<i64>,
    automatic: i64,
    page_url: Option<String>,
}

impl From<PaymentRow> for Payment {
    fn from(row: PaymentRow) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            amount: Micros(row.amount_micros),
            status: row.status,
            created_at: Timestamp::from_micros(row.created_at),
            settled_at: row.settled_at.map(Timestamp::from_micros),
            automatic: row.automatic != 0,
            page_url: row.page_url,
        }
    }
}

macro_rules! select_payment {
    ($rest:literal) => {
        concat!("SELECT id, organization_id, amount_micros, status, created_at, settled_at, automatic, page_url FROM payments ", $rest)
    };
}

/// A payment to be written.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub id: String,
    pub organization_id: String,
    pub provider: &'static str,
    pub reference: String,
    /// Where it is paid in a browser.
    pub page_url: Option<String>,
    pub amount: Micros,
    /// What tells a repeated request; none where nobody asked.
    pub request_key: Option<String>,
    pub automatic: bool,
}

/// Writes a pending payment. False when the same request made one already.
pub async fn insert(connection: &mut AnyConnection, payment: &NewPayment, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO payments (id, organization_id, provider, provider_reference, amount_micros, status, request_key, automatic, created_at, \
         page_url) VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(&payment.id)
    .bind(&payment.organization_id)
    .bind(payment.provider)
    .bind(&payment.reference)
    .bind(payment.amount.0)
    .bind(&payment.request_key)
    .bind(i64::from(payment.automatic))
    .bind(now.micros())
    .bind(&payment.page_url)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One payment of an organization.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<Payment>, StoreError> {
    let row: Option<PaymentRow> = sqlx::query_as(select_payment!("WHERE organization_id = $1 AND id = $2"))
        .bind(organization_id)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(Payment::from))
}

/// The payment that a request made.
pub async fn by_request(connection: &mut AnyConnection, organization_id: &str, request_key: &str) -> Result<Option<Payment>, StoreError> {
    let row: Option<PaymentRow> = sqlx::query_as(select_payment!("WHERE organization_id = $1 AND request_key = $2"))
        .bind(organization_id)
        .bind(request_key)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(Payment::from))
}

/// The payment that a provider knows by `reference`.
pub async fn by_reference(connection: &mut AnyConnection, provider: &str, reference: &str) -> Result<Option<Payment>, StoreError> {
    let row: Option<PaymentRow> = sqlx::query_as(select_payment!("WHERE provider = $1 AND provider_reference = $2"))
        .bind(provider)
        .bind(reference)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(Payment::from))
}

/// The payment with our id `id` that was started with that provider, whosever it is.
pub async fn of_provider(connection: &mut AnyConnection, provider: &str, id: &str) -> Result<Option<Payment>, StoreError> {
    let row: Option<PaymentRow> =
        sqlx::query_as(select_payment!("WHERE provider = $1 AND id = $2")).bind(provider).bind(id).fetch_optional(connection).await?;
    Ok(row.map(Payment::from))
}

/// Notes the provider's name for a payment.
pub async fn set_reference(connection: &mut AnyConnection, id: &str, reference: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE payments SET provider_reference = $1 WHERE id = $2").bind(reference).bind(id).execute(connection).await?;
    Ok(())
}

/// Remembers how an organization can be charged while nobody is there, in place of what was remembered before.
pub async fn save_method(
    connection: &mut AnyConnection,
    organization_id: &str,
    provider: &str,
    customer: &str,
    method: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO payment_methods (organization_id, provider, customer_reference, method_reference, updated_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id) DO UPDATE SET provider = excluded.provider, \
         customer_reference = excluded.customer_reference, method_reference = excluded.method_reference, updated_at = excluded.updated_at",
    )
    .bind(organization_id)
    .bind(provider)
    .bind(customer)
    .bind(method)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a way of paying is saved.
pub async fn has_method(connection: &mut AnyConnection, organization_id: &str) -> Result<bool, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT organization_id FROM payment_methods WHERE organization_id = $1")
        .bind(organization_id)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Forgets how an organization can be charged. False when nothing was known.
pub async fn forget_method(connection: &mut AnyConnection, organization_id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM payment_methods WHERE organization_id = $1").bind(organization_id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// A payment whose end the provider has not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub id: String,
    /// The provider's name for it.
    pub reference: String,
}

/// Payments that the provider has named and not told the end of, and that are due to be asked about: first a minute after they were
/// started, then each time as long after as they had waited by then. Those that were started before `since` are left alone.
pub async fn to_ask_about(
    connection: &mut AnyConnection,
    provider: &str,
    since: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Open>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, provider_reference FROM payments WHERE provider = $1 AND status = 'pending' AND created_at > $2 \
         AND provider_reference <> id AND COALESCE(2 * asked_at - created_at, created_at + 60000000) <= $3 ORDER BY created_at, id LIMIT $4",
    )
    .bind(provider)
    .bind(since.micros())
    .bind(now.micros())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(id, reference)| Open { id, reference }).collect())
}

/// Notes that the provider was asked about a payment.
pub async fn mark_asked(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE payments SET asked_at = $1 WHERE id = $2").bind(now.micros()).bind(id).execute(connection).await?;
    Ok(())
}

/// An automatic payment to be made, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reload {
    pub organization_id: String,
    pub amount: Micros,
    /// The provider's name for the customer.
    pub customer: String,
    /// The provider's name for the way of paying.
    pub method: String,
}

/// Organizations, or one of them, whose wallet is below the threshold of its automatic top-up: with a saved method of that provider,
/// nothing pending, and fewer than `a_day` automatic payments since `since`.
pub async fn due_reloads(
    connection: &mut AnyConnection,
    provider: &str,
    organization_id: Option<&str>,
    a_day: i64,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Reload>, StoreError> {
    let rows: Vec<(String, i64, String, String)> = sqlx::query_as(
        "SELECT s.organization_id, s.reload_amount_micros, m.customer_reference, m.method_reference FROM wallet_settings s \
         JOIN payment_methods m ON m.organization_id = s.organization_id AND m.provider = $1 \
         JOIN organizations o ON o.id = s.organization_id AND o.closed_at IS NULL \
         WHERE s.reload_threshold_micros IS NOT NULL AND ($2 IS NULL OR s.organization_id = $2) \
         AND s.reload_threshold_micros > (SELECT COALESCE(SUM(a.balance_micros - a.set_aside_micros), 0) FROM ledger_accounts a \
            WHERE a.organization_id = s.organization_id AND a.kind IN ('wallet', 'promo')) \
         AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.organization_id = s.organization_id AND p.automatic = 1 \
            AND p.status = 'pending' AND p.created_at > $3) \
         AND (SELECT COUNT(*) FROM payments p WHERE p.organization_id = s.organization_id AND p.automatic = 1 AND p.created_at > $3) < $4 \
         ORDER BY s.organization_id LIMIT $5",
    )
    .bind(provider)
    .bind(organization_id)
    .bind(since.micros())
    .bind(a_day)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let reload = |(organization_id, amount, customer, method): (String, i64, String, String)| Reload {
        organization_id,
        amount: Micros(amount),
        customer,
        method,
    };
    Ok(rows.into_iter().map(reload).collect())
}

/// Automatic payments that the provider was asked for and has not named yet, with when that was.
pub async fn unanswered(
    connection: &mut AnyConnection,
    provider: &str,
    limit: i64,
) -> Result<Vec<(String, Reload, Timestamp)>, StoreError> {
    let rows: Vec<(String, String, i64, String, String, i64)> = sqlx::query_as(
        "SELECT p.id, p.organization_id, p.amount_micros, m.customer_reference, m.method_reference, p.created_at FROM payments p \
         JOIN payment_methods m ON m.organization_id = p.organization_id AND m.provider = p.provider \
         WHERE p.automatic = 1 AND p.status = 'pending' AND p.provider = $1 AND p.provider_reference = p.id ORDER BY p.created_at, p.id LIMIT $2",
    )
    .bind(provider)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let payment = |(id, organization_id, amount, customer, method, at): (String, String, i64, String, String, i64)| {
        (id, Reload { organization_id, amount: Micros(amount), customer, method }, Timestamp::from_micros(at))
    };
    Ok(rows.into_iter().map(payment).collect())
}

/// Notes that a provider's event was handled. False when it was handled before.
pub async fn note_event(
    connection: &mut AnyConnection,
    provider: &str,
    event_id: &str,
    payment_id: &str,
    kind: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO payment_events (provider, event_id, payment_id, kind, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(provider)
    .bind(event_id)
    .bind(payment_id)
    .bind(kind)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a payment. False when it had ended already; but money that comes after all makes a success out of a failure.
pub async fn settle(connection: &mut AnyConnection, id: &str, status: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE payments SET status = $1, settled_at = $2 WHERE id = $3 AND (status = 'pending' OR (status = 'failed' AND $1 = 'succeeded'))")
        .bind(status)
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Remembers that the organization has paid once: it may then hold as many numbers as others (R40).
pub async fn mark_topped_up(connection: &mut AnyConnection, organization_id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE organizations SET ever_topped_up = 1 WHERE id = $1 AND ever_topped_up = 0")
        .bind(organization_id)
        .execute(connection)
        .await?;
    Ok(())
}
