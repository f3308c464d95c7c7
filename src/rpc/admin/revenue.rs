//! What the installation earned, by month and kind, for the operator.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::rpc::wire::Answer;

use crate::domain::chart::Bars;
use crate::domain::money::Micros;
use crate::rpc::error::AppError;

/// What one kind of transfer came to in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRow {
    /// `Rental`, `Setup fee`, `Top-up`, …
    pub what: String,
    pub count: u64,
    /// Above zero where organizations paid, below where they were given or paid back.
    pub amount: Micros,
    /// How much of it was paid with promotional credit.
    pub promotional: Micros,
    /// It was earned: rental and setup. All else is money that came, went back or was given.
    pub is_revenue: bool,
}

/// A month, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevenueMonth {
    /// `2026-11`
    pub month: String,
    /// `November 2026`
    pub name: String,
    /// `Nov`
    pub short: String,
    /// Rental and setup together.
    pub earned: Micros,
    pub kinds: Vec<KindRow>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevenueView {
    pub from: String,
    pub to: String,
    /// The latest first; months in which nothing moved too.
    pub months: Vec<RevenueMonth>,
    pub earned: Micros,
    /// Rental below, setup on it; the earliest month first. The same for a desk and for a phone, whose letters must not shrink.
    pub wide: Bars,
    pub narrow: Bars,
    /// Names of the levels, such as `$100`, in their order.
    pub level_names: Vec<String>,
}

/// Months from `from` to `to`, both included; the last twelve where they are empty.
#[server(prefix = "/rpc", endpoint = "admin/revenue", input = GetUrl, output = Answer)]
pub async fn revenue(#[server(default)] from: String, #[server(default)] to: String) -> Result<RevenueView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/revenue").await?;
    let report_of_months = crate::server::services::operator::revenue_or_year(&guarded.state, &from, &to).await.map_err(report)?;
    Ok(crate::server::views::admin::revenue::report(report_of_months, &guarded.state.settings.currency))
}
