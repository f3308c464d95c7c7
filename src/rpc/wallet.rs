//! The wallet: balance, ledger and top-up.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{Moment, PhoneView};
use crate::domain::money::Micros;
use crate::rpc::wire::Answer;

/// The ledger's filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerInput {
    /// `all` (default), `rental`, `setup_fee`, `topup`, `set_aside`.
    pub kind: String,
    pub cursor: String,
}

/// One line: a transfer, or a set-aside that is pending or was returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub id: String,
    pub at: Moment,
    /// `Top-up`, `Rental`, `Setup fee`, `Set aside`, `Set-aside returned`, …
    pub what: String,
    pub detail: String,
    pub phone: Option<PhoneView>,
    /// Signed as the wallet sees it.
    pub amount: Micros,
    /// Balance after this line.
    pub balance_after: Micros,
    pub pending: bool,
}

/// A day on which something renews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastDay {
    pub day: Moment,
    pub renewals: u32,
    pub amount: Micros,
    /// What can be spent after it; below zero is what would be missing.
    pub after: Micros,
}

/// What the renewals of the next 90 days leave, if nothing else happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastView {
    /// The line in a drawing of 720 by 160, and how far down nothing is left.
    pub points: String,
    pub zero_y: i64,
    pub until: Moment,
    pub days: Vec<ForecastDay>,
    /// When the first renewal is not covered; none for the next two years.
    pub runs_out: Option<Moment>,
    /// What all numbers cost together each month.
    pub monthly: Micros,
}

/// The wallet page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletView {
    pub balance: Micros,
    pub set_aside: Micros,
    pub available: Micros,
    pub owed: Micros,
    pub orders_in_progress: u32,
    /// What renews in the next 30 days, and how many numbers that is.
    pub renewals: Micros,
    pub renewing_numbers: u32,
    pub lines: Vec<LedgerLine>,
    pub total_lines: u64,
    pub next_cursor: Option<String>,
    /// Below this the event `wallet.low` is sent; none for never.
    pub low_balance: Option<Micros>,
    pub forecast: ForecastView,
    /// The wallet is topped up below the first with the second; none for never.
    pub reload: Option<(Micros, Micros)>,
    /// A way of paying is saved.
    pub method_saved: bool,
    pub can_top_up: bool,
    pub payments_configured: bool,
    /// One key an attempt, made by the server.
    pub request_key: String,
    pub past_due_after_days: u16,
    pub released_after_days: u16,
}

#[server(prefix = "/rpc", endpoint = "wallet/get", input = GetUrl, output = Answer)]
pub async fn wallet(input: LedgerInput) -> Result<WalletView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("wallet/get").await?;
    let caller = guarded.caller()?;
    let kind = Some(input.kind.as_str()).filter(|kind| !kind.is_empty() && *kind != "all");
    let cursor = Some(input.cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let overview = crate::server::services::wallet::overview(&guarded.state, &caller, kind, cursor).await.map_err(report)?;
    Ok(crate::server::views::wallet::wallet(&guarded.state, overview, caller.role >= crate::domain::account::Role::Admin))
}

/// Tops up by a decimal of at most two places.
#[server(prefix = "/rpc", endpoint = "wallet/top-up", output = Answer)]
pub async fn top_up(amount: String, request_key: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, redirect, report};
    let guarded = guard("wallet/top-up").await?;
    let money = Micros::parse(&amount, 2).map_err(|fault| crate::domain::refusal::Refusal::field("amount", fault.to_string()))?;
    crate::server::services::wallet::top_up(&guarded.state, &guarded.caller()?, money, &request_key).await.map_err(report)?;
    redirect("/wallet?topped_up=1");
    Ok(())
}

/// Chooses below which available amount webhooks are told that the wallet is low; an empty text for never.
#[server(prefix = "/rpc", endpoint = "wallet/low-balance", output = Answer)]
pub async fn set_low_balance(#[server(default)] low_balance: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{guard, report};
    use crate::server::services::wallet::{SettingsChange, change_settings};
    let guarded = guard("wallet/low-balance").await?;
    let threshold = Some(low_balance.trim()).filter(|text| !text.is_empty()).map(|text| Micros::parse(text, 6)).transpose();
    let threshold = threshold.map_err(|fault| Refusal::field("low_balance", format!("Write an amount such as 20: {fault}.")))?;
    // Zero is what people write for never.
    let threshold = threshold.filter(|amount| *amount > Micros::ZERO);
    let change = SettingsChange { low_balance: Some(threshold), ..SettingsChange::default() };
    change_settings(&guarded.state, &guarded.caller()?, change).await.map_err(report)?;
    Ok(())
}

/// Chooses when the wallet is topped up by itself: below `threshold` with `amount`; two empty texts for never.
#[server(prefix = "/rpc", endpoint = "wallet/auto-reload", output = Answer)]
pub async fn set_auto_reload(#[server(default)] threshold: String, #[server(default)] amount: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{guard, report};
    use crate::server::services::wallet::{Reload, SettingsChange, change_settings};
    let guarded = guard("wallet/auto-reload").await?;
    let read = |field: &'static str, text: &str, decimals: u8| {
        Micros::parse(text, decimals).map_err(|fault| Refusal::field(field, format!("Write an amount such as 20: {fault}.")))
    };
    let reload = if threshold.trim().is_empty() && amount.trim().is_empty() {
        None
    } else {
        Some(Reload { threshold: read("autoReloadThreshold", &threshold, 6)?, amount: read("autoReloadAmount", &amount, 6)? })
    };
    let change = SettingsChange { reload: Some(reload), ..SettingsChange::default() };
    change_settings(&guarded.state, &guarded.caller()?, change).await.map_err(report)?;
    Ok(())
}
