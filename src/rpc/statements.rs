//! Statements of months: their list, and one to read and to print. Their tables for spreadsheets are downloads.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::rpc::wire::Answer;

use super::error::AppError;
use super::shapes::Moment;
use super::wallet::LedgerLine;
use crate::domain::money::Micros;

/// Where the ledger's lines can be downloaded; `?kind=` keeps one kind.
pub const LEDGER_TABLE: &str = "/wallet/ledger.csv";
/// Where the lines of a month can be downloaded.
pub const STATEMENT_TABLE: &str = "/wallet/statements/{month}/lines.csv";

/// A month in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthRow {
    /// `2026-11`
    pub month: String,
    /// `November 2026`
    pub name: String,
    /// False while the month runs.
    pub closed: bool,
    pub opening: Micros,
    pub credited: Micros,
    pub debited: Micros,
    pub closing: Micros,
    pub lines: u64,
}

/// Months that have a statement, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementsView {
    pub rows: Vec<MonthRow>,
    pub next_cursor: Option<String>,
}

/// What one kind of line came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SumRow {
    /// `Rental`, `Top-up`, …
    pub what: String,
    pub count: u64,
    /// Below zero where money left the wallet.
    pub amount: Micros,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementView {
    pub month: String,
    pub name: String,
    pub organization: String,
    pub closed: bool,
    pub from: Moment,
    /// The beginning of the next month, or now while this one runs.
    pub until: Moment,
    pub opening: Micros,
    pub closing: Micros,
    pub sums: Vec<SumRow>,
    pub lines: Vec<LedgerLine>,
    /// Earlier lines that did not fit in.
    pub left_out: u64,
}

#[server(prefix = "/rpc", endpoint = "wallet/statements", input = GetUrl, output = Answer)]
pub async fn statements(#[server(default)] cursor: String) -> Result<StatementsView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("wallet/statements").await?;
    let months = crate::server::services::billing::months(&guarded.state, &guarded.caller()?, Some(&cursor)).await.map_err(report)?;
    Ok(crate::server::views::statements::list(months))
}

#[server(prefix = "/rpc", endpoint = "wallet/statement", input = GetUrl, output = Answer)]
pub async fn statement(month: String) -> Result<StatementView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("wallet/statement").await?;
    let statement = crate::server::services::billing::statement(&guarded.state, &guarded.caller()?, &month).await.map_err(report)?;
    Ok(crate::server::views::statements::one(guarded.state.now(), guarded.session()?, statement))
}
