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
}

#[derive(sqlx::FromRow)]
struct PaymentRow {
    id: String,
    organization_id: String,
    amount_micros: i64,
    status: String,
    created_at: i64,
    settled_at: Option<i64>,
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
        }
    }
}

macro_rules! select_payment {
    ($rest:literal) => {
        concat!("SELECT id, organization_id, amount_micros, status, created_at, settled_at FROM payments ", $rest)
    };
}

/// A payment to be written.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub id: String,
    pub organization_id: String,
    pub provider: &'static str,
    pub reference: String,
    pub amount: Micros,
    pub request_key: String,
}

/// Writes a pending payment. False when the same request made one already.
pub async fn insert(connection: &mut AnyConnection, payment: &NewPayment, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO payments (id, organization_id, provider, provider_reference, amount_micros, status, request_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(&payment.id)
    .bind(&payment.organization_id)
    .bind(payment.provider)
    .bind(&payment.reference)
    .bind(payment.amount.0)
    .bind(&payment.request_key)
    .bind(now.micros())
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

/// Ends a pending payment. False when it had ended already.
pub async fn settle(connection: &mut AnyConnection, id: &str, status: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE payments SET status = $1, settled_at = $2 WHERE id = $3 AND status = 'pending'")
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
