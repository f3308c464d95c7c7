//! Orders of all organizations for the operator: what each went through, and ending one that is stuck.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::rpc::numbers::ChipCount;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::rpc::wire::Answer;

/// The filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct OrdersInput {
    /// Digits, organization or reference.
    pub q: String,
    /// `all` (default), `stuck`, `under_way`, `completed`, `failed`.
    pub chip: String,
    pub cursor: String,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow {
    /// Also the reference that the carrier knows it by.
    pub id: String,
    pub phone: PhoneView,
    pub organization: String,
    /// `created`, `funded`, `ordered`, `completed`, `failed`, `stuck`.
    pub state: String,
    pub setup: Micros,
    pub monthly: Micros,
    /// How often the carrier denied our reference.
    pub denials: u32,
    pub created_at: Moment,
    pub updated_at: Moment,
}

/// One page of orders, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersView {
    pub now: Timestamp,
    pub total: u64,
    pub chips: Vec<ChipCount>,
    pub rows: Vec<OrderRow>,
    pub next_cursor: Option<String>,
}

/// One recorded step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// `claimed`, `funded`, `sent`, `confirmed`, `completed`, `denied`, `unknown`, `voided`, `failed`, `stuck`.
    pub step: String,
    /// What was done, for people.
    pub text: String,
    /// What the carrier said.
    pub detail: Option<String>,
    pub at: Moment,
}

/// One order, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderView {
    pub now: Timestamp,
    pub row: OrderRow,
    pub buyer: String,
    pub provider: String,
    pub sub_account: Option<String>,
    pub agent: Option<String>,
    pub steps: Vec<StepView>,
}

#[server(prefix = "/rpc", endpoint = "admin/orders", input = GetUrl, output = Answer)]
pub async fn all_orders(input: OrdersInput) -> Result<OrdersView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::orders::{Wanted, everybody};
    let guarded = guard("admin/orders").await?;
    let wanted = Wanted { text: input.q, group: input.chip, cursor: input.cursor };
    let found = everybody(&guarded.state, &wanted).await.map_err(report)?;
    Ok(crate::server::views::admin::orders::list(found))
}

#[server(prefix = "/rpc", endpoint = "admin/order", input = GetUrl, output = Answer)]
pub async fn one_order(id: String) -> Result<OrderView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/order").await?;
    let inspected = crate::server::services::orders::inspect(&guarded.state, &id).await.map_err(report)?;
    Ok(crate::server::views::admin::orders::one(inspected))
}

/// Ends an order that is stuck: `outcome` is `completed` or `failed`. With a reason; audited.
#[server(prefix = "/rpc", endpoint = "admin/repair-order", output = Answer)]
pub async fn repair_order(id: String, outcome: String, reason: String) -> Result<(), AppError> {
    use crate::domain::refusal::Refusal;
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::orders::{Repair, repair};
    let guarded = guard("admin/repair-order").await?;
    let outcome = Repair::from_name(&outcome).ok_or_else(|| Refusal::field("outcome", "Say how the order ends."))?;
    repair(&guarded.state, &guarded.caller()?, &id, outcome, Some(&reason)).await.map_err(report)?;
    close_dialog();
    Ok(())
}
