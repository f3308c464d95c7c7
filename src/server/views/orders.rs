//! The quote for the buy dialog, and what was bought.

use crate::domain::code::Code;
use crate::domain::e164::E164;
use crate::domain::memorability::vanity_format;
use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::number::Features;
use crate::domain::order::OrderState;
use crate::domain::refusal::Refusal;
use crate::domain::rental::{charge_day, day_ordinal, first_period_end};
use crate::domain::time::SECONDS_PER_DAY;
use crate::rpc::error::AppError;
use crate::rpc::holds::HoldView;
use crate::rpc::orders::{BoughtView, QuoteView};
use crate::rpc::shapes::{AgentChoice, Moment, PhoneView};
use crate::server::config::Settings;
use crate::server::run::context::{Guarded, redirect, report};
use crate::server::search::words;
use crate::server::services::agents;
use crate::server::services::holds::Held;
use crate::server::services::purchase::{self, Buy, Quote};
use crate::server::store::orders::Order;

/// A sensible top-up is a multiple of this many units.
const TOP_UP_STEP: i64 = 5 * MICROS_PER_UNIT;

/// The quote with the caller's agents and a fresh request key.
#[must_use]
pub fn quote(quote: Quote, agents: Vec<AgentChoice>, request_key: String, can_top_up: bool, settings: &Settings) -> QuoteView {
    let available = quote.balances.available();
    let shortfall = Micros((quote.due_now.0 - available.0).max(0));
    let row = &quote.row;
    let hold = quote.hold.clone().map(|hold| {
        let extendable_from = hold.state.extendable_from(settings.hold_timeout_s);
        HoldView::from(&Held { hold, row: row.clone(), extendable_from })
    });
    QuoteView {
        phone: PhoneView::new(&row.e164),
        vanity: vanity(&row.e164),
        locality: row.locality.clone(),
        region: row.administrative_area.clone(),
        number_type: row.number_type.label().to_owned(),
        features: row.features.labels().into_iter().map(str::to_owned).collect(),
        emergency: row.features.contains(Features::EMERGENCY),
        setup: quote.setup,
        monthly: quote.monthly,
        due_now: quote.due_now,
        first_from: Moment::new(quote.now).day,
        // The last day that is paid; the next charge is due on the day after it.
        first_to: Moment::new(first_period_end(quote.now).plus_seconds(-SECONDS_PER_DAY)).day,
        next_charge: Moment::new(quote.next_charge_at),
        charge_day: day_ordinal(charge_day(quote.now)),
        wallet_available: available,
        wallet_after: (shortfall == Micros::ZERO).then(|| Micros(available.0 - quote.due_now.0)),
        shortfall,
        suggested_top_up: Micros(shortfall.0.div_euclid(TOP_UP_STEP).saturating_add(1).saturating_mul(TOP_UP_STEP)).decimal(),
        hold,
        agents,
        request_key,
        max_price: quote.due_now.decimal(),
        refusal: quote.refusal,
        can_top_up,
    }
}

/// The best word a number spells, as `555-CAFE`; empty when it spells none.
#[must_use]
pub fn vanity(e164: &str) -> String {
    let Ok(number) = E164::parse(e164) else { return String::new() };
    words::spells(number.national()).map(|hit| vanity_format(number.national(), &hit)).unwrap_or_default()
}

/// What was bought, for the toast.
#[must_use]
pub fn bought(order: &Order, agent_name: Option<String>) -> BoughtView {
    BoughtView {
        phone: PhoneView::new(&order.e164),
        charged: Micros(order.setup.0.saturating_add(order.monthly.0)),
        agent_name,
        order_id: order.id.clone(),
    }
}

/// Buys for a server function and sends the browser to the number's page.
///
/// # Errors
/// What the purchase refuses; an order that its carrier has not answered yet is `order_in_progress`.
pub async fn buy(
    guarded: &Guarded,
    e164: String,
    request_key: String,
    max_price: String,
    agent_id: String,
) -> Result<BoughtView, AppError> {
    let caller = guarded.caller()?;
    let max_price = Micros::parse(&max_price, 6).map_err(|fault| Refusal::field("max_price", fault.to_string()))?;
    let wish = Buy {
        e164,
        hold_id: None,
        max_price: Some(max_price),
        agent_id: Some(agent_id).filter(|id| !id.is_empty()),
        request_key: Some(request_key).filter(|key| !key.is_empty()),
        request: None,
        sub_account_id: None,
    };
    let order = purchase::buy(&guarded.state, &caller, wish).await.map_err(report)?;
    if order.state != OrderState::Completed {
        return Err(report(Code::OrderInProgress.into()));
    }
    let agent_name = match &order.agent_id {
        Some(id) => agents::name_of(&guarded.state, &caller, id).await.map_err(report)?,
        None => None,
    };
    redirect(&format!("/numbers/{}?bought=1", order.e164));
    Ok(bought(&order, agent_name))
}
