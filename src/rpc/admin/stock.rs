//! The stock for the operator: how much of it is where, taking numbers out and putting them back, and files of it.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::rpc::numbers::ChipCount;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::rpc::wire::Answer;

/// Where a form sends a CSV file to. It leads back to the page.
pub const UPLOAD: &str = "/admin/inventory/file";
/// The field of that form.
pub const FILE_FIELD: &str = "file";

/// The filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct StockInput {
    /// Digits of the number, or part of a city's name.
    pub q: String,
    /// `all` (default), `available`, `sold`, `aging`, `withdrawn`.
    pub chip: String,
    /// A state or province by its letters.
    pub region: String,
    /// An area code.
    pub area: String,
    pub cursor: String,
}

/// One number of the stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLine {
    pub phone: PhoneView,
    pub locality: String,
    pub region: String,
    pub kind: String,
    pub provider: String,
    pub setup: Micros,
    pub monthly: Micros,
    /// `available`, `sold`, `aging`, `withdrawn`.
    pub state: String,
    /// The organization that holds it.
    pub held_by: Option<String>,
    pub aging_until: Option<Moment>,
    /// It goes out instead of back when it has rested.
    pub goes_out: bool,
    pub since: Moment,
}

/// Something with how many numbers it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub name: String,
    pub count: u64,
}

/// A file of stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    pub id: String,
    pub file_name: String,
    pub size_bytes: i64,
    /// `checked`, `running`, `done`, `stopped`.
    pub state: String,
    pub read_bytes: i64,
    pub inserted: i64,
    pub updated: i64,
    pub skipped: i64,
    /// Lines that change nothing, each with why; not more than a page has room for.
    pub faults: Vec<(u64, String)>,
    pub by: String,
    pub created_at: Moment,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockView {
    pub now: Timestamp,
    /// When the counts were made; rows are as of `now`.
    pub counted_at: Moment,
    pub total: u64,
    pub chips: Vec<ChipCount>,
    /// By state or province.
    pub regions: Vec<Counted>,
    /// Area codes of the chosen region.
    pub areas: Vec<Counted>,
    pub ages: Vec<Counted>,
    pub rows: Vec<StockLine>,
    pub next_cursor: Option<String>,
    pub imports: Vec<ImportView>,
}

#[server(prefix = "/rpc", endpoint = "admin/stock", input = GetUrl, output = Answer)]
pub async fn stock_overview(input: StockInput) -> Result<StockView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::inventory::{StockWanted, overview, uploads};
    let guarded = guard("admin/stock").await?;
    let wanted = StockWanted { text: input.q, state: input.chip, region: input.region, area: input.area, cursor: input.cursor };
    let overview = overview(&guarded.state, &wanted).await.map_err(report)?;
    let imports = uploads::latest(&guarded.state).await.map_err(report)?;
    Ok(crate::server::views::admin::stock::page(overview, imports))
}

#[server(prefix = "/rpc", endpoint = "admin/stock-import", input = GetUrl, output = Answer)]
pub async fn stock_import(id: String) -> Result<ImportView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/stock-import").await?;
    Ok(crate::server::services::inventory::uploads::find(&guarded.state, &id).await.map_err(report)?.into())
}

/// Imports a file that was checked, or one whose import broke off.
#[server(prefix = "/rpc", endpoint = "admin/start-import", output = Answer)]
pub async fn start_import(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/start-import").await?;
    crate::server::services::inventory::uploads::start(&guarded.state, &guarded.caller()?, &id).await.map_err(report)
}

/// Takes a number out of the stock. `cancel_holds` 1 ends a hold on it, with a notice to its holder.
#[server(name = WithdrawStock, prefix = "/rpc", endpoint = "admin/withdraw", output = Answer)]
pub async fn withdraw_stock(e164: String, #[server(default)] cancel_holds: u8) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("admin/withdraw").await?;
    let operator = guarded.caller()?;
    let withdrawn =
        crate::server::services::inventory::withdraw(&guarded.state, &operator.actor, operator.channel, &e164, cancel_holds != 0).await;
    withdrawn.map_err(report)?;
    close_dialog();
    Ok(())
}

/// Puts a withdrawn number back.
#[server(prefix = "/rpc", endpoint = "admin/restock", output = Answer)]
pub async fn restock(e164: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/restock").await?;
    crate::server::services::inventory::restock(&guarded.state, &guarded.caller()?, &e164).await.map_err(report)?;
    Ok(())
}
