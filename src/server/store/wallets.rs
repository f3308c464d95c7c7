//! The wallet of an organization as one account: its identity, and how much of it is a gift. Moving money is `ledger`.

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// What identifies a wallet, and its promotional part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    pub id: String,
    pub promo: Micros,
    pub promo_set_aside: Micros,
    pub created_at: Timestamp,
    /// When money last moved.
    pub updated_at: Timestamp,
}

/// The wallet of an organization; none before it was opened.
pub async fn find(connection: &mut AnyConnection, organization_id: &str) -> Result<Option<Wallet>, StoreError> {
    let row: Option<(String, i64, i64, i64, Option<i64>)> = sqlx::query_as(
        "SELECT w.id, COALESCE(p.balance_micros, 0), COALESCE(p.set_aside_micros, 0), w.created_at, \
         (SELECT MAX(t.at) FROM transfers t WHERE t.organization_id = $1) \
         FROM ledger_accounts w LEFT JOIN ledger_accounts p ON p.organization_id = w.organization_id AND p.kind = 'promo' \
         WHERE w.organization_id = $1 AND w.kind = 'wallet'",
    )
    .bind(organization_id)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(id, promo, promo_set_aside, created_at, moved_at)| Wallet {
        id,
        promo: Micros(promo),
        promo_set_aside: Micros(promo_set_aside),
        created_at: Timestamp::from_micros(created_at),
        updated_at: Timestamp::from_micros(moved_at.unwrap_or(created_at)),
    }))
}
