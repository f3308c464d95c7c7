//! The wallet: balance, ledger and top-up.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{Moment, PhoneView};
use crate::domain::chart::Falling;
use crate::domain::money::Micros;
use crate::rpc::wire::Answer;

/// The ledger's filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerInput {
    /// `all` (default), `rental`, `setup_fee`, `topup`, `set_aside`.
    pub kind: String,
    pub cursor: String,
    /// How many days ahead: `30`, `60` (default) or `90`.
    pub days: String,
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

/// The same drawing for a desk and for a phone, whose letters must not shrink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastDrawing {
    pub falling: Falling,
    /// Names of the levels, such as `$100`, in their order.
    pub level_names: Vec<String>,
    /// Names of the marked days, in their order.
    pub mark_names: Vec<String>,
}

/// What the renewals of the days ahead leave, if nothing else happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastView {
    /// How many days are drawn.
    pub ahead: u16,
    pub wide: ForecastDrawing,
    pub narrow: ForecastDrawing,
    pub until: Moment,
    pub days: Vec<ForecastDay>,
    /// When the first renewal is not covered; none for the next two years.
    pub runs_out: Option<Moment>,
    /// That day with its year where it lies behind the days that are drawn.
    pub lasts_until: Option<String>,
    /// Renewals of those days that are not covered.
    pub unpaid: u32,
    /// The first day after which less is left than somebody wants to be told of.
    pub low_from: Option<Moment>,
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
    /// What the numbers may cost a month together; none where nothing limits it.
    pub budget: Option<Micros>,
    /// What they cost a month, those under way included.
    pub committed: Micros,
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
    let days = input.days.parse().unwrap_or_default();
    let overview = crate::server::services::wallet::overview(&guarded.state, &caller, kind, cursor, days).await.map_err(report)?;
    Ok(crate::server::views::wallet::wallet(&guarded.state, overview, caller.role >= crate::domain::account::Role::Admin))
}

/// A payment of the provider's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentView {
    pub amount: Micros,
    /// `pending`, `succeeded` or `failed`.
    pub status: String,
    /// Where it is paid while it is pending.
    pub page_url: Option<String>,
}

/// Tops up by a decimal of at most two places; `save_method` says that the card may be used again for automatic top-ups. A provider with a
/// page of its own is led to from `/wallet?pay=`. Answers whether the money is there already.
#[server(prefix = "/rpc", endpoint = "wallet/top-up", output = Answer)]
pub async fn top_up(amount: String, request_key: String, #[server(default)] save_method: bool) -> Result<bool, AppError> {
    use crate::server::run::context::{guard, redirect, report};
    use crate::server::services::wallet::{Wish, start_payment};
    let guarded = guard("wallet/top-up").await?;
    let money = Micros::parse(&amount, 2).map_err(|fault| crate::domain::refusal::Refusal::field("amount", fault.to_string()))?;
    let wish = Wish { amount: money, save_method, on_page: true };
    let payment = start_payment(&guarded.state, &guarded.caller()?, wish, &request_key).await.map_err(report)?.payment;
    let paid = payment.status == "succeeded";
    redirect(&if paid { String::from("/wallet?topped_up=1") } else { format!("/wallet?pay={}", payment.id) });
    Ok(paid)
}

/// How a payment stands.
#[server(prefix = "/rpc", endpoint = "wallet/payment", input = GetUrl, output = Answer)]
pub async fn payment(id: String) -> Result<PaymentView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("wallet/payment").await?;
    let payment = crate::server::services::wallet::payment(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(crate::server::views::wallet::payment(payment))
}

/// Forgets the saved card: nothing is paid by itself any more.
#[server(prefix = "/rpc", endpoint = "wallet/forget-card", output = Answer)]
pub async fn forget_card() -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("wallet/forget-card").await?;
    crate::server::services::wallet::forget_method(&guarded.state, &guarded.caller()?).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// Chooses what the numbers of the organization may cost a month together; an empty text for no limit.
#[server(prefix = "/rpc", endpoint = "wallet/budget", output = Answer)]
pub async fn set_budget(#[server(default)] budget: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("wallet/budget").await?;
    let amount = Some(budget.trim()).filter(|text| !text.is_empty()).map(|text| Micros::parse(text, 6)).transpose();
    let amount = amount.map_err(|fault| Refusal::field("budget", format!("Write an amount such as 120: {fault}.")))?;
    crate::server::services::organization::set_budget(&guarded.state, &guarded.caller()?, None, amount).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// Chooses below which available amount webhooks are told that the wallet is low; an empty text for never.
#[server(prefix = "/rpc", endpoint = "wallet/low-balance", output = Answer)]
pub async fn set_low_balance(#[server(default)] low_balance: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::wallet::{SettingsChange, change_settings};
    let guarded = guard("wallet/low-balance").await?;
    let threshold = Some(low_balance.trim()).filter(|text| !text.is_empty()).map(|text| Micros::parse(text, 6)).transpose();
    let threshold = threshold.map_err(|fault| Refusal::field("low_balance", format!("Write an amount such as 20: {fault}.")))?;
    // Zero is what people write for never.
    let threshold = threshold.filter(|amount| *amount > Micros::ZERO);
    let change = SettingsChange { low_balance: Some(threshold), ..SettingsChange::default() };
    change_settings(&guarded.state, &guarded.caller()?, change).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// Chooses when the wallet is topped up by itself: below `threshold` with `amount`; two empty texts for never.
#[server(prefix = "/rpc", endpoint = "wallet/auto-reload", output = Answer)]
pub async fn set_auto_reload(#[server(default)] threshold: String, #[server(default)] amount: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{close_dialog, guard, report};
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
    close_dialog();
    Ok(())
}
