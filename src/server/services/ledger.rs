//! The wallet as an account with lines: its identity and parts, and pages of lines by number with sums over all of them. Lists by cursor
//! and statements are `billing`.

use super::caller::Caller;
use super::numbers::containing;
use crate::domain::code::Code;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::ledger::Balances;
use crate::server::store::transfers::TransferFilter;
pub use crate::server::store::transfers::{Direction, KindTotals, Transfer};
use crate::server::store::wallet_settings::WalletSettings;
pub use crate::server::store::wallets::Wallet;

/// The wallet with everything that is told of it.
#[derive(Debug, Clone)]
pub struct Account {
    pub wallet: Wallet,
    pub balances: Balances,
    pub settings: WalletSettings,
}

/// Which lines to read; a missing part does not matter.
#[derive(Debug, Clone, Default)]
pub struct LineQuery {
    pub kind: Option<String>,
    pub direction: Option<Direction>,
    pub id: Option<String>,
    /// Part of the description, without regard to case.
    pub description: Option<String>,
    /// Part of the reference, without regard to case.
    pub reference: Option<String>,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    pub offset: usize,
    pub limit: usize,
}

/// A page of lines, newest first, and what all lines on all pages came to.
#[derive(Debug, Clone)]
pub struct Lines {
    pub wallet_id: String,
    pub rows: Vec<Transfer>,
    pub totals: Vec<KindTotals>,
}

/// The wallet of the caller's organization.
///
/// # Errors
/// `not_found` where there is none.
pub async fn account(state: &AppState, caller: &Caller) -> Result<Account> {
    let mut connection = state.db.read().await?;
    let wallet = store::wallets::find(&mut connection, &caller.organization_id).await?.ok_or(Code::NotFound)?;
    Ok(Account {
        balances: store::ledger::balances(&mut connection, &caller.organization_id).await?,
        settings: store::wallet_settings::find(&mut connection, &caller.organization_id).await?,
        wallet,
    })
}

/// Lines of the organization; of a sub-account those of its own numbers (R10).
///
/// # Errors
/// `not_found` for an organization without a wallet.
pub async fn lines(state: &AppState, caller: &Caller, query: &LineQuery) -> Result<Lines> {
    let filter = TransferFilter {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone(),
        kind: query.kind.clone(),
        charges_only: false,
        from: query.from,
        to: query.to,
        direction: query.direction,
        id: query.id.clone(),
        description: query.description.as_deref().map(containing),
        reference: query.reference.as_deref().map(containing),
    };
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let mut connection = state.db.read().await?;
    let wallet = store::wallets::find(&mut connection, &caller.organization_id).await?.ok_or(Code::NotFound)?;
    Ok(Lines {
        wallet_id: wallet.id,
        rows: store::transfers::list(&mut connection, &filter, None, count(query.offset), count(query.limit)).await?,
        totals: store::transfers::totals(&mut connection, &filter).await?,
    })
}
