//! Recomputing the ledger from its transfers and comparing: every balance, every running balance, every set-aside, every rental period.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Connection};

use crate::server::error::StoreError;

/// Transfers that are read at once.
const PAGE: i64 = 10_000;

/// What was looked at, and what is not as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    pub transfers: u64,
    pub accounts: u64,
    /// A sentence each; empty when all is right.
    pub faults: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Account {
    id: String,
    organization_id: Option<String>,
    kind: String,
    balance_micros: i64,
    set_aside_micros: i64,
}

impl Account {
    /// Assets (what is owed to us) grow on the debit side, all others on the credit side.
    fn sign(&self) -> i128 {
        if matches!(self.kind.as_str(), "receivable" | "payments") { -1 } else { 1 }
    }

    fn is_spendable(&self) -> bool {
        matches!(self.kind.as_str(), "wallet" | "promo")
    }
}

#[derive(sqlx::FromRow)]
struct TransferRow {
    id: String,
    sequence: i64,
    debit_account_id: String,
    credit_account_id: String,
    amount_micros: i64,
    organization_id: String,
    balance_after_micros: i64,
}

/// Reads the whole ledger as it is at one instant and says what does not add up. Whoever writes is not held up.
pub async fn verify(connection: &mut AnyConnection) -> Result<Findings, StoreError> {
    let mut snapshot = connection.begin().await?;
    let findings = verify_in(&mut snapshot).await?;
    snapshot.rollback().await?;
    Ok(findings)
}

async fn verify_in(connection: &mut AnyConnection) -> Result<Findings, StoreError> {
    let rows: Vec<Account> =
        sqlx::query_as("SELECT id, organization_id, kind, balance_micros, set_aside_micros FROM ledger_accounts ORDER BY id")
            .fetch_all(&mut *connection)
            .await?;
    let accounts: BTreeMap<String, Account> = rows.into_iter().map(|account| (account.id.clone(), account)).collect();
    let mut findings = Findings { accounts: accounts.len() as u64, ..Findings::default() };
    let balances = replay(connection, &accounts, &mut findings).await?;
    let pending: Vec<(String, i64)> = sqlx::query_as(
        "SELECT account_id, CAST(SUM(amount_micros) AS BIGINT) FROM set_asides WHERE state = 'pending' GROUP BY account_id ORDER BY account_id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let pending: BTreeMap<String, i64> = pending.into_iter().collect();
    for account in accounts.values() {
        let computed = balances.get(&account.id).copied().unwrap_or_default();
        let aside = pending.get(&account.id).copied().unwrap_or_default();
        if computed != i128::from(account.balance_micros) {
            findings.faults.push(format!("account {} holds {} and its transfers say {computed}", account.id, account.balance_micros));
        }
        if aside != account.set_aside_micros {
            findings
                .faults
                .push(format!("account {} has set aside {} and its set-asides say {aside}", account.id, account.set_aside_micros));
        }
        if account.is_spendable() && (account.balance_micros < account.set_aside_micros || account.set_aside_micros < 0) {
            findings.faults.push(format!("account {} is overdrawn", account.id));
        }
    }
    for (what, sql) in CROSS_CHECKS {
        let rows: Vec<(String,)> = sqlx::query_as(*sql).fetch_all(&mut *connection).await?;
        findings.faults.extend(rows.into_iter().map(|(id,)| format!("{what}: {id}")));
    }
    Ok(findings)
}

/// What must hold between tables, each with the ids of the rows for which it does not.
const CROSS_CHECKS: &[(&str, &str)] = &[
    (
        "captured and not charged, or charged and not captured, order",
        "SELECT id FROM (SELECT order_id AS id, amount_micros AS amount FROM set_asides WHERE state = 'captured' \
            UNION ALL SELECT order_id, -amount_micros FROM transfers WHERE order_id IS NOT NULL) AS both_sides \
         GROUP BY id HAVING SUM(amount) <> 0 ORDER BY id LIMIT 100",
    ),
    (
        "rental that was charged and has no period, or a period that was not charged, number",
        "SELECT id FROM (SELECT ownership_id AS id, amount_micros AS amount FROM rental_periods \
            UNION ALL SELECT ownership_id, -amount_micros FROM transfers WHERE kind = 'rental' AND ownership_id IS NOT NULL) AS both_sides \
         GROUP BY id HAVING SUM(amount) <> 0 ORDER BY id LIMIT 100",
    ),
    (
        "succeeded and not in the wallet, or in it and not succeeded, payment",
        "SELECT id FROM (SELECT id, amount_micros AS amount FROM payments WHERE status = 'succeeded' \
            UNION ALL SELECT payment_id, -amount_micros FROM transfers WHERE kind = 'topup' AND payment_id IS NOT NULL) AS both_sides \
         GROUP BY id HAVING SUM(amount) <> 0 ORDER BY id LIMIT 100",
    ),
];

/// Every balance as the transfers make it, in their order; running balances are compared on the way.
async fn replay(
    connection: &mut AnyConnection,
    accounts: &BTreeMap<String, Account>,
    findings: &mut Findings,
) -> Result<BTreeMap<String, i128>, StoreError> {
    let (mut balances, mut wallets) = (BTreeMap::<String, i128>::new(), BTreeMap::<String, i128>::new());
    let mut last = 0;
    loop {
        let page: Vec<TransferRow> = sqlx::query_as(
            "SELECT id, sequence, debit_account_id, credit_account_id, amount_micros, organization_id, balance_after_micros FROM transfers \
             WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        )
        .bind(last)
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let Some(end) = page.last() else { return Ok(balances) };
        last = end.sequence;
        findings.transfers += page.len() as u64;
        for row in page {
            for (id, amount) in
                [(&row.debit_account_id, -i128::from(row.amount_micros)), (&row.credit_account_id, i128::from(row.amount_micros))]
            {
                let Some(account) = accounts.get(id) else {
                    findings.faults.push(format!("transfer {} names an account that is not there", row.id));
                    continue;
                };
                *balances.entry(id.clone()).or_default() += amount * account.sign();
                if account.is_spendable() {
                    *wallets.entry(row.organization_id.clone()).or_default() += amount;
                }
                if account.organization_id.as_ref().is_some_and(|owner| *owner != row.organization_id) {
                    findings.faults.push(format!("transfer {} moves another organization's money", row.id));
                }
            }
            let holds = wallets.get(&row.organization_id).copied().unwrap_or_default();
            if row.amount_micros <= 0 || holds != i128::from(row.balance_after_micros) || holds < 0 {
                findings.faults.push(format!("after transfer {} the wallet holds {holds}, not {}", row.id, row.balance_after_micros));
            }
        }
    }
}
