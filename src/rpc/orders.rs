//! The buy dialog: its quote, the purchase, and topping up and buying in one press.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::holds::HoldView;
use super::shapes::{AgentChoice, Moment, PhoneView};
use crate::domain::money::Micros;
use crate::domain::refusal::Refusal;
use crate::rpc::wire::Answer;

/// Everything the buy dialog shows before the press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteView {
    pub phone: PhoneView,
    pub vanity: String,
    pub locality: String,
    pub region: String,
    pub number_type: String,
    pub features: Vec<String>,
    pub emergency: bool,
    pub setup: Micros,
    pub monthly: Micros,
    pub due_now: Micros,
    /// First day of the first month and the last one: `Nov 22`, `Dec 21`.
    pub first_from: String,
    pub first_to: String,
    pub next_charge: Moment,
    /// `22nd`
    pub charge_day: String,
    pub wallet_available: Micros,
    /// What would be left; none when the wallet does not cover it.
    pub wallet_after: Option<Micros>,
    pub shortfall: Micros,
    /// The shortfall rounded up to a sensible top-up, as a decimal for the form.
    pub suggested_top_up: String,
    pub hold: Option<HoldView>,
    pub agents: Vec<AgentChoice>,
    /// One key an attempt, made by the server (R42).
    pub request_key: String,
    /// `due_now` as the decimal that goes back as `max_price`.
    pub max_price: String,
    /// Set when the number cannot be bought; the rest then tells what it was.
    pub refusal: Option<Refusal>,
    pub can_top_up: bool,
}

/// The bought number, for the toast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoughtView {
    pub phone: PhoneView,
    pub charged: Micros,
    pub agent_name: Option<String>,
    pub order_id: String,
}

#[server(prefix = "/rpc", endpoint = "orders/quote", input = GetUrl, output = Answer)]
pub async fn quote(e164: String) -> Result<QuoteView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::{agents, purchase};
    use crate::server::views;
    let guarded = guard("orders/quote").await?;
    let caller = guarded.caller()?;
    let quote = purchase::quote(&guarded.state, &caller, &e164).await.map_err(report)?;
    let agents = agents::choices(&guarded.state, &caller).await.map_err(report)?;
    let agents = agents.into_iter().map(AgentChoice::from).collect();
    let can_top_up = caller.role >= crate::domain::account::Role::Admin && guarded.state.payments.is_some();
    Ok(views::orders::quote(quote, agents, guarded.state.new_id(), can_top_up, &guarded.state.settings))
}

/// Buys a number and sends the browser to its page (`/numbers/{e164}?bought=1`). `agent_id` may be empty.
#[server(prefix = "/rpc", endpoint = "orders/buy", output = Answer)]
pub async fn buy(
    e164: String,
    request_key: String,
    max_price: String,
    #[server(default)] agent_id: String,
) -> Result<BoughtView, AppError> {
    use crate::server::run::context::guard;
    let guarded = guard("orders/buy").await?;
    crate::server::views::orders::buy(&guarded, e164, request_key, max_price, agent_id).await
}

/// Tops up by `amount` and then buys; the hold is kept if either step is refused. Where the money only comes once it was paid on a page of
/// the provider's, it leads there: what the wallet does not cover until then is refused.
#[server(prefix = "/rpc", endpoint = "orders/top-up-and-buy", output = Answer)]
pub async fn top_up_and_buy(
    e164: String,
    request_key: String,
    max_price: String,
    amount: String,
    #[server(default)] agent_id: String,
) -> Result<BoughtView, AppError> {
    use crate::server::run::context::{guard, redirect, report};
    use crate::server::services::wallet::{Wish, start_payment};
    let guarded = guard("orders/top-up-and-buy").await?;
    let caller = guarded.caller()?;
    let money = crate::domain::money::Micros::parse(&amount, 2).map_err(|fault| Refusal::field("amount", fault.to_string()))?;
    let wish = Wish { on_page: true, ..Wish::of(money) };
    let payment = start_payment(&guarded.state, &caller, wish, &format!("{request_key}-top-up")).await.map_err(report)?.payment;
    if payment.status == "pending" {
        redirect(&format!("/wallet?pay={}", payment.id));
    }
    crate::server::views::orders::buy(&guarded, e164, request_key, max_price, agent_id).await
}
