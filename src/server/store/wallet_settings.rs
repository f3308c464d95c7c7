//! When an organization wants to be told that its wallet runs low, and the telling: once a crossing, again only after the wallet has
//! recovered to 110 % of the threshold (R56).

use serde_json::json;
use sqlx::AnyConnection;

use super::events::{self, NewEvent};
use super::ledger;
use super::many::places;
use crate::domain::audit::{Actor, EventKind};
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Organizations that one statement asks about.
const ASKED_AT_ONCE: usize = 100;

/// When a wallet is topped up by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reload {
    /// Below this much that can be spent.
    pub threshold: Micros,
    /// With so much.
    pub amount: Micros,
}

/// What an organization has chosen for its wallet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WalletSettings {
    /// Below this the organization is told; none for never.
    pub low_balance: Option<Micros>,
    /// Below this the wallet is topped up by itself, with how much; none for never.
    pub reload: Option<Reload>,
    /// It was told, and the wallet has not recovered yet.
    pub low: bool,
}

#[derive(sqlx::FromRow)]
struct SettingsRow {
    low_balance_micros: Option<i64>,
    reload_threshold_micros: Option<i64>,
    reload_amount_micros: Option<i64>,
    low: i64,
}

/// What was chosen; the default where nothing was.
pub async fn find(connection: &mut AnyConnection, organization_id: &str) -> Result<WalletSettings, StoreError> {
    let row: Option<SettingsRow> = sqlx::query_as(
        "SELECT low_balance_micros, reload_threshold_micros, reload_amount_micros, low FROM wallet_settings WHERE organization_id = $1",
    )
    .bind(organization_id)
    .fetch_optional(connection)
    .await?;
    Ok(row.map_or_else(WalletSettings::default, |row| WalletSettings {
        low_balance: row.low_balance_micros.map(Micros),
        reload: row
            .reload_threshold_micros
            .zip(row.reload_amount_micros)
            .map(|(threshold, amount)| Reload { threshold: Micros(threshold), amount: Micros(amount) }),
        low: row.low == 1,
    }))
}

/// Writes another threshold. A wallet that is below it counts as crossing it now.
pub async fn set_low_balance(
    connection: &mut AnyConnection,
    organization_id: &str,
    low_balance: Option<Micros>,
    new_id: &(dyn Fn() -> String + Sync),
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO wallet_settings (organization_id, low_balance_micros, low, updated_at) VALUES ($1, $2, 0, $3) \
         ON CONFLICT (organization_id) DO UPDATE SET low_balance_micros = excluded.low_balance_micros, low = 0, updated_at = excluded.updated_at",
    )
    .bind(organization_id)
    .bind(low_balance.map(|amount| amount.0))
    .bind(now.micros())
    .execute(&mut *connection)
    .await?;
    note_levels(connection, &[organization_id], new_id, now).await
}

/// Chooses when the wallet is topped up by itself.
pub async fn set_reload(
    connection: &mut AnyConnection,
    organization_id: &str,
    reload: Option<Reload>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO wallet_settings (organization_id, reload_threshold_micros, reload_amount_micros, low, updated_at) \
         VALUES ($1, $2, $3, 0, $4) ON CONFLICT (organization_id) DO UPDATE SET \
         reload_threshold_micros = excluded.reload_threshold_micros, reload_amount_micros = excluded.reload_amount_micros, \
         updated_at = excluded.updated_at",
    )
    .bind(organization_id)
    .bind(reload.map(|reload| reload.threshold.0))
    .bind(reload.map(|reload| reload.amount.0))
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Tells of wallets that have just fallen below their threshold. Called after whatever takes money out of what is available.
pub(super) async fn note_levels(
    connection: &mut AnyConnection,
    organization_ids: &[&str],
    new_id: &(dyn Fn() -> String + Sync),
    now: Timestamp,
) -> Result<(), StoreError> {
    for ids in organization_ids.chunks(ASKED_AT_ONCE) {
        let sql = format!(
            "SELECT organization_id, low_balance_micros FROM wallet_settings WHERE low = 0 AND low_balance_micros IS NOT NULL \
             AND organization_id IN {} ORDER BY organization_id",
            places(1, ids.len())
        );
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(*id);
        }
        let watched: Vec<(String, i64)> = query.fetch_all(&mut *connection).await?;
        for (organization_id, threshold) in watched {
            note_level(connection, &organization_id, Micros(threshold), new_id, now).await?;
        }
    }
    Ok(())
}

async fn note_level(
    connection: &mut AnyConnection,
    organization_id: &str,
    threshold: Micros,
    new_id: &(dyn Fn() -> String + Sync),
    now: Timestamp,
) -> Result<(), StoreError> {
    let available = ledger::balances(connection, organization_id).await?.available();
    if available >= threshold {
        return Ok(());
    }
    set_low(connection, organization_id, true, now).await?;
    let event = NewEvent {
        id: &new_id(),
        organization_id,
        ownership_id: None,
        kind: EventKind::WalletLow,
        actor: &Actor::system("wallet"),
        data: json!({ "availableMicros": available.0, "thresholdMicros": threshold.0 }),
        at: now,
    };
    events::append(connection, &event).await
}

/// Forgets that the wallet was low once it has recovered. Called after whatever brings money back.
pub(super) async fn note_recovery(connection: &mut AnyConnection, organization_id: &str, now: Timestamp) -> Result<(), StoreError> {
    let WalletSettings { low_balance: Some(threshold), low: true, .. } = find(connection, organization_id).await? else { return Ok(()) };
    let available = ledger::balances(connection, organization_id).await?.available();
    if available.0 < threshold.0.saturating_add(threshold.0 / 10) {
        return Ok(());
    }
    set_low(connection, organization_id, false, now).await
}

async fn set_low(connection: &mut AnyConnection, organization_id: &str, low: bool, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE wallet_settings SET low = $1, updated_at = $2 WHERE organization_id = $3")
        .bind(i64::from(low))
        .bind(now.micros())
        .bind(organization_id)
        .execute(connection)
        .await?;
    Ok(())
}
