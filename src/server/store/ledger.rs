//! The double-entry ledger: accounts, immutable transfers, set-asides. One transfer is one row with both its sides (R23).
//!
//! What a wallet may do is decided by CHECKs in the schema as well as here: `balance - set_aside >= 0`.

use sqlx::AnyConnection;

use super::wallet_settings;
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
            Self::TopUp => "payments",
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
    pub description: &'a str,
}

/// One account of one organization with what can be taken from it.
#[derive(Debug, sqlx::FromRow)]
struct Purse {
    id: String,
    balance_micros: i64,
    set_aside_micros: i64,
}

/// A pending part of a set-aside.
#[derive(Debug, sqlx::FromRow)]
struct Part {
    id: String,
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
    sqlx::query("INSERT INTO ledger_accounts (id, organization_id, kind, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
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
    for purse in purses(connection, organization_id).await? {
        let part = missing.min(purse.balance_micros - purse.set_aside_micros);
        if part <= 0 {
            continue;
        }
        sqlx::query("UPDATE ledger_accounts SET set_aside_micros = set_aside_micros + $1 WHERE id = $2")
            .bind(part)
            .bind(&purse.id)
            .execute(&mut *connection)
            .await?;
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
    wallet_settings::note_level(connection, organization_id, new_id, now).await?;
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

/// The spendable accounts of an organization, promotional credit first.
async fn purses(connection: &mut AnyConnection, organization_id: &str) -> Result<Vec<Purse>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT id, balance_micros, set_aside_micros FROM ledger_accounts \
         WHERE organization_id = $1 AND kind IN ('promo', 'wallet') ORDER BY kind",
    )
    .bind(organization_id)
    .fetch_all(connection)
    .await?)
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
    for (kind, amount, memo) in charges {
        let mut missing = amount.0;
        while missing > 0 {
            let Some(part) = parts.iter_mut().find(|part| part.amount_micros > 0) else {
                return Err(StoreError::Inconsistent { table: "set_asides", column: "amount_micros", id: order_id.to_owned() });
            };
            let taken = missing.min(part.amount_micros);
            let revenue = format!("platform:{}", kind.revenue_account());
            let transfer =
                NewTransfer { debit: &part.account_id, credit: &revenue, amount: Micros(taken), kind: *kind, organization_id, memo };
            record(connection, &new_id(), &transfer, now).await?;
            part.amount_micros -= taken;
            missing -= taken;
        }
    }
    Ok(())
}

async fn end_parts(connection: &mut AnyConnection, order_id: &str, state: &str, now: Timestamp) -> Result<Vec<Part>, StoreError> {
    let parts: Vec<Part> = sqlx::query_as(
        "UPDATE set_asides SET state = $1, ended_at = $2 WHERE order_id = $3 AND state = 'pending' RETURNING id, account_id, amount_micros",
    )
    .bind(state)
    .bind(now.micros())
    .bind(order_id)
    .fetch_all(&mut *connection)
    .await?;
    for part in &parts {
        let done = sqlx::query("UPDATE ledger_accounts SET set_aside_micros = set_aside_micros - $1 WHERE id = $2")
            .bind(part.amount_micros)
            .bind(&part.account_id)
            .execute(&mut *connection)
            .await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Inconsistent { table: "set_asides", column: "account_id", id: part.id.clone() });
        }
    }
    Ok(parts)
}

/// A transfer to be written: `amount` above zero leaves `debit` and arrives at `credit`.
#[derive(Debug)]
struct NewTransfer<'a> {
    debit: &'a str,
    credit: &'a str,
    amount: Micros,
    kind: TransferKind,
    organization_id: &'a str,
    memo: &'a Memo<'a>,
}

/// Writes a transfer and moves both balances. Assets (what is owed to us) grow on the debit side, all others on the credit side.
async fn record(connection: &mut AnyConnection, id: &str, transfer: &NewTransfer<'_>, now: Timestamp) -> Result<(), StoreError> {
    for (account, amount) in [(transfer.debit, -transfer.amount.0), (transfer.credit, transfer.amount.0)] {
        let done = sqlx::query(
            "UPDATE ledger_accounts SET balance_micros = balance_micros + \
             CASE WHEN kind IN ('receivable', 'payments') THEN -1 ELSE 1 END * $1 WHERE id = $2",
        )
        .bind(amount)
        .bind(account)
        .execute(&mut *connection)
        .await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::RowsAffected { expected: 1, actual: done.rows_affected() });
        }
    }
    let after = balances(connection, transfer.organization_id).await?;
    sqlx::query(
        "INSERT INTO transfers (id, sequence, debit_account_id, credit_account_id, amount_micros, kind, organization_id, ownership_id, \
         order_id, payment_id, e164, description, balance_after_micros, at) \
         VALUES ($1, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM transfers), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(id)
    .bind(transfer.debit)
    .bind(transfer.credit)
    .bind(transfer.amount.0)
    .bind(transfer.kind.name())
    .bind(transfer.organization_id)
    .bind(transfer.memo.ownership_id)
    .bind(transfer.memo.order_id)
    .bind(transfer.memo.payment_id)
    .bind(transfer.memo.e164)
    .bind(transfer.memo.description)
    .bind(after.balance.0)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Credits a settled payment to the wallet.
pub async fn credit_payment(
    connection: &mut AnyConnection,
    id: &str,
    organization_id: &str,
    amount: Micros,
    memo: &Memo<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    credit(connection, id, organization_id, TransferKind::TopUp, amount, memo, now).await
}

/// Puts money into a wallet from the account of the installation that goes with the kind. Taking it out again is [`charge`].
pub async fn credit(
    connection: &mut AnyConnection,
    id: &str,
    organization_id: &str,
    kind: TransferKind,
    amount: Micros,
    memo: &Memo<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let wallet: Option<(String,)> = sqlx::query_as("SELECT id FROM ledger_accounts WHERE organization_id = $1 AND kind = 'wallet'")
        .bind(organization_id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some((wallet,)) = wallet else {
        return Err(StoreError::Inconsistent { table: "ledger_accounts", column: "kind", id: organization_id.to_owned() });
    };
    let source = format!("platform:{}", kind.source_account());
    let transfer = NewTransfer { debit: &source, credit: &wallet, amount, kind, organization_id, memo };
    record(connection, id, &transfer, now).await?;
    wallet_settings::note_recovery(connection, organization_id, now).await
}

/// Charges an amount without an order (a rental period), promotional credit first. False, and nothing is changed, when it is
/// not covered. A zero amount writes no transfer.
pub async fn charge(
    connection: &mut AnyConnection,
    new_id: &(dyn Fn() -> String + Sync),
    organization_id: &str,
    kind: TransferKind,
    amount: Micros,
    memo: &Memo<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let purses = purses(connection, organization_id).await?;
    let spendable: i64 = purses.iter().map(|purse| purse.balance_micros - purse.set_aside_micros).sum();
    if spendable < amount.0 {
        return Ok(false);
    }
    let revenue = format!("platform:{}", kind.revenue_account());
    let mut missing = amount.0;
    for purse in purses {
        let part = missing.min(purse.balance_micros - purse.set_aside_micros);
        if part > 0 {
            let transfer = NewTransfer { debit: &purse.id, credit: &revenue, amount: Micros(part), kind, organization_id, memo };
            record(connection, &new_id(), &transfer, now).await?;
            missing -= part;
        }
    }
    wallet_settings::note_level(connection, organization_id, new_id, now).await?;
    Ok(true)
}
