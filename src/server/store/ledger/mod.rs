//! The double-entry ledger: accounts, immutable transfers, set-asides. One transfer is one row with both its sides (R23).
//!
//! Code decides and the engine keeps: a balance moves with its transfer and what is set aside with its set-asides, by triggers
//! (`migrations/sqlite/1002_ledger.sql`), and `balance - set_aside >= 0` is a CHECK. Many charges at once are in [`post`].

mod post;
mod verify;

use std::borrow::Cow;
use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::wallet_settings;
pub use post::Charges;
use post::{NewTransfer, purses};
pub use verify::{Findings, verify};

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Accounts that an organization has: what it paid in, what it was given, what it owes.
pub const ORGANIZATION_ACCOUNTS: [&str; 3] = ["wallet", "promo", "receivable"];
/// Accounts of the installation itself.
pub const PLATFORM_ACCOUNTS: [&str; 5] = ["payments", "revenue_setup", "revenue_rental", "promotion", "adjustments"];

/// Why money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferKind {
    TopUp,
    Promo,
    SetupFee,
    Rental,
    Refund,
    Dispute,
    DisputeReversal,
    Adjustment,
}

impl TransferKind {
    const ALL: [Self; 8] =
        [Self::TopUp, Self::Promo, Self::SetupFee, Self::Rental, Self::Refund, Self::Dispute, Self::DisputeReversal, Self::Adjustment];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TopUp => "topup",
            Self::Promo => "promo",
            Self::SetupFee => "setup_fee",
            Self::Rental => "rental",
            Self::Refund => "refund",
            Self::Dispute => "dispute",
            Self::DisputeReversal => "dispute_reversal",
            Self::Adjustment => "adjustment",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The installation's account on the other side of a credit.
    const fn source_account(self) -> &'static str {
        match self {
            Self::TopUp | Self::Refund | Self::Dispute | Self::DisputeReversal => "payments",
            Self::Promo => "promotion",
            _ => "adjustments",
        }
    }

    /// The installation's account on the other side of a charge.
    const fn revenue_account(self) -> &'static str {
        match self {
            Self::SetupFee => "revenue_setup",
            Self::Rental => "revenue_rental",
            _ => "adjustments",
        }
    }
}

/// What an organization has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balances {
    /// Wallet and promotional credit together.
    pub balance: Micros,
    /// Promised to live orders.
    pub set_aside: Micros,
    /// Owed after a payment was taken back; buying is paused while it is above zero (R8).
    pub owed: Micros,
}

impl Balances {
    /// What may be spent now.
    #[must_use]
    pub const fn available(&self) -> Micros {
        Micros(self.balance.0 - self.set_aside.0)
    }
}

/// What a transfer is about, besides its sides and its amount.
#[derive(Debug, Clone, Default)]
pub struct Memo<'a> {
    pub ownership_id: Option<&'a str>,
    pub order_id: Option<&'a str>,
    pub payment_id: Option<&'a str>,
    pub e164: Option<&'a str>,
    /// For people.
    pub description: Cow<'a, str>,
}

/// A pending part of a set-aside.
#[derive(Debug, sqlx::FromRow)]
struct Part {
    account_id: String,
    amount_micros: i64,
}

/// Makes the accounts of a new organization. `ids` are one for each of [`ORGANIZATION_ACCOUNTS`].
pub async fn open_organization(
    connection: &mut AnyConnection,
    ids: [&str; 3],
    organization_id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (id, kind) in ids.into_iter().zip(ORGANIZATION_ACCOUNTS) {
        open(connection, id, Some(organization_id), kind, now).await?;
    }
    Ok(())
}

/// Makes the installation's own accounts; repeating it changes nothing.
pub async fn open_platform(connection: &mut AnyConnection, now: Timestamp) -> Result<(), StoreError> {
    for kind in PLATFORM_ACCOUNTS {
        open(connection, &format!("platform:{kind}"), None, kind, now).await?;
    }
    Ok(())
}

async fn open(
    connection: &mut AnyConnection,
    id: &str,
    organization_id: Option<&str>,
    kind: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Asked for before, and not left to the conflict: the engine refuses to open an account twice.
    sqlx::query(
        "INSERT INTO ledger_accounts (id, organization_id, kind, created_at) SELECT $1, $2, $3, $4 \
         WHERE NOT EXISTS (SELECT 1 FROM ledger_accounts WHERE id = $1)",
    )
    .bind(id)
    .bind(organization_id)
    .bind(kind)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// What the organization has, all zero for one without accounts.
pub async fn balances(connection: &mut AnyConnection, organization_id: &str) -> Result<Balances, StoreError> {
    let rows: Vec<(String, i64, i64)> =
        sqlx::query_as("SELECT kind, balance_micros, set_aside_micros FROM ledger_accounts WHERE organization_id = $1")
            .bind(organization_id)
            .fetch_all(connection)
            .await?;
    let mut balances = Balances::default();
    for (kind, balance, set_aside) in rows {
        if kind == "receivable" {
            balances.owed = Micros(balance);
        } else {
            balances.balance.0 += balance;
            balances.set_aside.0 += set_aside;
        }
    }
    Ok(balances)
}

/// Promises `amount` to an order, promotional credit first; a part for each account (R23). False when it is not covered.
pub async fn set_aside(
    connection: &mut AnyConnection,
    new_id: &(dyn Fn() -> String + Sync),
    organization_id: &str,
    order_id: &str,
    amount: Micros,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut missing = amount.0;
    for purse in purses(connection, &[organization_id]).await? {
        let part = missing.min(purse.spendable());
        if part <= 0 {
            continue;
        }
        sqlx::query(
            "INSERT INTO set_asides (id, account_id, organization_id, order_id, amount_micros, state, created_at) \
             VALUES ($1, $2, $3, $4, $5, 'pending', $6)",
        )
        .bind(new_id())
        .bind(&purse.id)
        .bind(organization_id)
        .bind(order_id)
        .bind(part)
        .bind(now.micros())
        .execute(&mut *connection)
        .await?;
        missing -= part;
    }
    wallet_settings::note_levels(connection, &[organization_id], new_id, now).await?;
    Ok(missing == 0)
}

/// What is set aside for an order now.
pub async fn pending_of(connection: &mut AnyConnection, order_id: &str) -> Result<Micros, StoreError> {
    let (sum,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(SUM(amount_micros), 0) AS BIGINT) FROM set_asides WHERE order_id = $1 AND state = 'pending'")
            .bind(order_id)
            .fetch_one(connection)
            .await?;
    Ok(Micros(sum))
}

/// Gives the money of an order back. Repeating it finds nothing pending and changes nothing.
pub async fn void(connection: &mut AnyConnection, organization_id: &str, order_id: &str, now: Timestamp) -> Result<(), StoreError> {
    if end_parts(connection, order_id, "voided", now).await?.is_empty() {
        return Ok(());
    }
    wallet_settings::note_recovery(connection, organization_id, now).await
}

/// Takes the money that was set aside for an order: each of `charges` becomes transfers out of the parts. Their sum must be
/// what was set aside.
pub async fn capture(
    connection: &mut AnyConnection,
    new_id: &(dyn Fn() -> String + Sync),
    organization_id: &str,
    order_id: &str,
    charges: &[(TransferKind, Micros, Memo<'_>)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut parts = end_parts(connection, order_id, "captured", now).await?;
    let mut balance = balances(connection, organization_id).await?.balance;
    let mut transfers = Vec::new();
    for (kind, amount, memo) in charges {
        let mut missing = amount.0;
        while missing > 0 {
            let Some(part) = parts.iter_mut().find(|part| part.amount_micros > 0) else {
                return Err(StoreError::Inconsistent { table: "set_asides", column: "amount_micros", id: order_id.to_owned() });
            };
            let taken = missing.min(part.amount_micros);
            balance.0 -= taken;
            transfers.push(NewTransfer {
                id: new_id(),
                debit: part.account_id.clone(),
                credit: format!("platform:{}", kind.revenue_account()),
                amount: Micros(taken),
                kind: *kind,
                organization_id,
                memo: memo.clone(),
                balance_after: balance,
            });
            part.amount_micros -= taken;
            missing -= taken;
        }
    }
    post::write(connection, &transfers, now).await
}

async fn end_parts(connection: &mut AnyConnection, order_id: &str, state: &str, now: Timestamp) -> Result<Vec<Part>, StoreError> {
    let parts: Vec<Part> = sqlx::query_as(
        "UPDATE set_asides SET state = $1, ended_at = $2 WHERE order_id = $3 AND state = 'pending' RETURNING account_id, amount_micros",
    )
    .bind(state)
    .bind(now.micros())
    .bind(order_id)
    .fetch_all(connection)
    .await?;
    Ok(parts)
}

/// Puts money into a wallet from the account of the installation that goes with the kind: promotional credit into an account of its own,
/// all else into what was paid in, out of which what is owed is settled first (R8). Taking money out again is [`charge`] and [`take_back`].
pub async fn credit(
    connection: &mut AnyConnection,
    new_id: &(dyn Fn() -> String + Sync),
    organization_id: &str,
    kind: TransferKind,
    amount: Micros,
    memo: &Memo<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_promo = kind == TransferKind::Promo;
    let account = account_of(connection, organization_id, if is_promo { "promo" } else { "wallet" }).await?;
    let before = balances(connection, organization_id).await?;
    let mut balance = Micros(before.balance.0.saturating_add(amount.0));
    let mut transfers = vec![NewTransfer {
        id: new_id(),
        debit: format!("platform:{}", kind.source_account()),
        credit: account.clone(),
        amount,
        kind,
        organization_id,
        memo: memo.clone(),
        balance_after: balance,
    }];
    let settled = if is_promo { Micros::ZERO } else { before.owed.min(amount) };
    if settled > Micros::ZERO {
        balance.0 -= settled.0;
        transfers.push(NewTransfer {
            id: new_id(),
            debit: account,
            credit: account_of(connection, organization_id, "receivable").await?,
            amount: settled,
            kind: TransferKind::Adjustment,
            organization_id,
            memo: Memo { description: "Settled what was owed".into(), ..Memo::default() },
            balance_after: balance,
        });
    }
    post::write(connection, &transfers, now).await?;
    wallet_settings::note_recovery(connection, organization_id, now).await
}

/// Takes money back that had been paid in (a refund, a dispute): what is available, what was paid in before what was given; the rest is
/// owed from now on (R8). What is set aside stays.
pub async fn take_back(
    connection: &mut AnyConnection,
    new_id: &(dyn Fn() -> String + Sync),
    organization_id: &str,
    kind: TransferKind,
    amount: Micros,
    memo: &Memo<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut balance = balances(connection, organization_id).await?.balance;
    let mut missing = amount.0;
    let mut transfers = Vec::new();
    let mut add = |debit: String, part: i64, balance_after: Micros| {
        transfers.push(NewTransfer {
            id: new_id(),
            debit,
            credit: format!("platform:{}", kind.source_account()),
            amount: Micros(part),
            kind,
            organization_id,
            memo: memo.clone(),
            balance_after,
        });
    };
    for purse in purses(connection, &[organization_id]).await?.into_iter().rev() {
        let part = missing.min(purse.spendable());
        if part > 0 {
            (balance.0, missing) = (balance.0 - part, missing - part);
            add(purse.id, part, balance);
        }
    }
    if missing > 0 {
        add(account_of(connection, organization_id, "receivable").await?, missing, balance);
    }
    post::write(connection, &transfers, now).await?;
    wallet_settings::note_levels(connection, &[organization_id], new_id, now).await
}

/// The id of an organization's account of that kind.
async fn account_of(connection: &mut AnyConnection, organization_id: &str, kind: &str) -> Result<String, StoreError> {
    let found: Option<String> = sqlx::query_scalar("SELECT id FROM ledger_accounts WHERE organization_id = $1 AND kind = $2")
        .bind(organization_id)
        .bind(kind)
        .fetch_optional(connection)
        .await?;
    found.ok_or_else(|| StoreError::Inconsistent { table: "ledger_accounts", column: "kind", id: organization_id.to_owned() })
}

/// Charges an amount without an order, promotional credit first. False, and nothing is changed, when it is not covered. A zero amount
/// writes no transfer.
pub async fn charge(
    connection: &mut AnyConnection,
    new_id: &(dyn Fn() -> String + Sync),
    organization_id: &str,
    kind: TransferKind,
    amount: Micros,
    memo: &Memo<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut charges = Charges::open(connection, &BTreeSet::from([organization_id])).await?;
    if !charges.take(new_id, organization_id, kind, amount, memo) {
        return Ok(false);
    }
    charges.write(connection, new_id, now).await?;
    Ok(true)
}
