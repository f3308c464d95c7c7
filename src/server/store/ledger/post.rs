//! Writing transfers: charges of many organizations are gathered against what each can spend, then written together.
//!
//! Balances are not written here: the engine moves them with each transfer (`migrations/sqlite/1002_ledger.sql`).

use std::collections::{BTreeSet, HashMap};

use sqlx::AnyConnection;

use super::{Memo, TransferKind};
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store::many::places;
use crate::server::store::wallet_settings;

/// Transfers of one statement, and its parameters for each.
const ROWS: usize = 16;
const COLUMNS: usize = 14;

/// One account that an organization can spend from, and what is left of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Purse {
    organization_id: String,
    pub(super) id: String,
    pub(super) balance_micros: i64,
    pub(super) set_aside_micros: i64,
}

impl Purse {
    pub(super) const fn spendable(&self) -> i64 {
        self.balance_micros - self.set_aside_micros
    }
}

/// The spendable accounts of these organizations, promotional credit first (R23).
pub(super) async fn purses(connection: &mut AnyConnection, organization_ids: &[&str]) -> Result<Vec<Purse>, StoreError> {
    let mut purses = Vec::with_capacity(organization_ids.len() * 2);
    for ids in organization_ids.chunks(ROWS) {
        let sql = format!(
            "SELECT organization_id, id, balance_micros, set_aside_micros FROM ledger_accounts \
             WHERE kind IN ('promo', 'wallet') AND organization_id IN {} ORDER BY organization_id, kind",
            places(1, ids.len())
        );
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(*id);
        }
        let rows: Vec<Purse> = query.fetch_all(&mut *connection).await?;
        purses.extend(rows);
    }
    Ok(purses)
}

/// A transfer to be written: `amount` above zero leaves `debit` and arrives at `credit`.
#[derive(Debug)]
pub(super) struct NewTransfer<'a> {
    pub(super) id: String,
    pub(super) debit: String,
    pub(super) credit: String,
    pub(super) amount: Micros,
    pub(super) kind: TransferKind,
    pub(super) organization_id: &'a str,
    pub(super) memo: Memo<'a>,
    /// What the wallet holds once it is written.
    pub(super) balance_after: Micros,
}

/// Writes transfers in this order, behind all that are there.
pub(super) async fn write(connection: &mut AnyConnection, transfers: &[NewTransfer<'_>], now: Timestamp) -> Result<(), StoreError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(sequence) FROM transfers").fetch_one(&mut *connection).await?;
    let mut sequence = last.unwrap_or_default();
    for rows in transfers.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO transfers (id, sequence, debit_account_id, credit_account_id, amount_micros, kind, organization_id, ownership_id, \
             order_id, payment_id, e164, description, balance_after_micros, at) VALUES {}",
            places(rows.len(), COLUMNS)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for row in rows {
            sequence += 1;
            query = query
                .bind(&row.id)
                .bind(sequence)
                .bind(&row.debit)
                .bind(&row.credit)
                .bind(row.amount.0)
                .bind(row.kind.name())
                .bind(row.organization_id)
                .bind(row.memo.ownership_id)
                .bind(row.memo.order_id)
                .bind(row.memo.payment_id)
                .bind(row.memo.e164)
                .bind(row.memo.description.as_ref())
                .bind(row.balance_after.0)
                .bind(now.micros());
        }
        let done = query.execute(&mut *connection).await?.rows_affected();
        let expected = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if done != expected {
            return Err(StoreError::RowsAffected { expected, actual: done });
        }
    }
    Ok(())
}

/// Charges of any number of organizations that are gathered first and then written together, so that a batch costs few statements.
#[derive(Debug)]
pub struct Charges<'a> {
    purses: HashMap<String, Vec<Purse>>,
    transfers: Vec<NewTransfer<'a>>,
}

impl<'a> Charges<'a> {
    /// Reads what these organizations can spend.
    pub async fn open(connection: &mut AnyConnection, organization_ids: &BTreeSet<&str>) -> Result<Self, StoreError> {
        let ids: Vec<&str> = organization_ids.iter().copied().collect();
        let mut found: HashMap<String, Vec<Purse>> = HashMap::with_capacity(ids.len());
        for purse in purses(connection, &ids).await? {
            found.entry(purse.organization_id.clone()).or_default().push(purse);
        }
        Ok(Self { purses: found, transfers: Vec::new() })
    }

    /// What the organization can still spend.
    #[must_use]
    pub fn available(&self, organization_id: &str) -> Micros {
        Micros(self.purses.get(organization_id).map_or(0, |purses| purses.iter().map(Purse::spendable).sum()))
    }

    /// Takes an amount, promotional credit first. False, and nothing is taken, when it is not covered. A zero amount makes no transfer.
    pub fn take(
        &mut self,
        new_id: &(dyn Fn() -> String + Sync),
        organization_id: &'a str,
        kind: TransferKind,
        amount: Micros,
        memo: &Memo<'a>,
    ) -> bool {
        if amount > self.available(organization_id) {
            return false;
        }
        let Some(purses) = self.purses.get_mut(organization_id) else { return amount <= Micros::ZERO };
        let mut missing = amount.0;
        let mut balance: i64 = purses.iter().map(|purse| purse.balance_micros).sum();
        for purse in purses.iter_mut() {
            let part = missing.min(purse.spendable());
            if part <= 0 {
                continue;
            }
            (purse.balance_micros, balance, missing) = (purse.balance_micros - part, balance - part, missing - part);
            self.transfers.push(NewTransfer {
                id: new_id(),
                debit: purse.id.clone(),
                credit: format!("platform:{}", kind.revenue_account()),
                amount: Micros(part),
                kind,
                organization_id,
                memo: memo.clone(),
                balance_after: Micros(balance),
            });
        }
        true
    }

    /// Writes what was taken, and tells of wallets that have fallen below their threshold by it.
    pub async fn write(
        self,
        connection: &mut AnyConnection,
        new_id: &(dyn Fn() -> String + Sync),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.transfers.is_empty() {
            return Ok(());
        }
        write(connection, &self.transfers, now).await?;
        let touched: BTreeSet<&str> = self.transfers.iter().map(|transfer| transfer.organization_id).collect();
        let touched: Vec<&str> = touched.into_iter().collect();
        wallet_settings::note_levels(connection, &touched, new_id, now).await
    }
}
