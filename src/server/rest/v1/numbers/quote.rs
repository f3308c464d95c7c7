//! What a purchase would cost, part by part, before it is made.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Instant, Money, Reply, Sample};
use crate::server::rest::handler::Call;
use crate::server::rest::table::Route;
use crate::server::services::purchase::{self, Quote};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/numbers/available/{e164}/quote", "getQuote", quote)
            .scope(Scope::NumbersRead)
            .about("Says what buying a number costs now and from when on each month, and what the wallet holds afterwards.")
            .refuses(&[Code::NumberUnavailable, Code::OrderInProgress, Code::NeverStocked, Code::NumberReleased]),
    ]
}

/// What a purchase would cost. Nothing is promised by it, unless the number is on hold: a hold keeps its price.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Quote)]
pub struct QuoteBody {
    /// The number.
    pub e164: String,
    /// To be paid once.
    pub setup_cost: Money,
    /// The month that begins with the purchase.
    pub first_month: Money,
    /// Both together: what `maxPrice` of the purchase is compared with.
    pub due_now: Money,
    /// What each further month costs.
    pub monthly_cost: Money,
    /// When the next month is charged.
    pub next_charge_at: Instant,
    /// The currency of all amounts.
    pub currency: String,
    /// What can be spent now; null for keys of a sub-account, and without `billing:read`.
    #[schema(required)]
    pub available: Option<Money>,
    /// What could be spent after the purchase; null where `available` is, and where it does not cover the purchase.
    #[schema(required)]
    pub available_after: Option<Money>,
    /// How much is missing; null where `available` is, and where nothing is missing.
    #[schema(required)]
    pub shortfall: Option<Money>,
}

impl QuoteBody {
    /// `shows_wallet` says whether the caller may see what the organization has.
    fn new(quote: &Quote, currency: &str, shows_wallet: bool) -> Self {
        let available = Some(quote.balances.available()).filter(|_| shows_wallet);
        let after = available.map(|available| available.0.saturating_sub(quote.due_now.0));
        Self {
            e164: quote.row.e164.clone(),
            setup_cost: Money(quote.setup),
            first_month: Money(quote.monthly),
            due_now: Money(quote.due_now),
            monthly_cost: Money(quote.monthly),
            next_charge_at: Instant(quote.next_charge_at),
            currency: currency.to_owned(),
            available: available.map(Money),
            available_after: after.filter(|after| *after >= 0).map(Micros).map(Money),
            shortfall: after.filter(|after| *after < 0).map(|after| Money(Micros(after.saturating_neg()))),
        }
    }
}

impl Sample for QuoteBody {
    fn sample() -> Self {
        Self {
            e164: String::from("+14153569377"),
            setup_cost: Money(Micros(1_000_000)),
            first_month: Money(Micros(1_250_000)),
            due_now: Money(Micros(2_250_000)),
            monthly_cost: Money(Micros(1_250_000)),
            next_charge_at: Instant::sample(),
            currency: String::from("USD"),
            available: Some(Money(Micros(104_500_000))),
            available_after: Some(Money(Micros(102_250_000))),
            shortfall: None,
        }
    }
}

async fn quote(call: Call) -> Result<Reply<QuoteBody>> {
    let quote = purchase::quote(&call.state, &call.caller, call.path("e164")).await?;
    if let Some(refusal) = quote.refusal {
        return Err(refusal.into());
    }
    let shows_wallet = call.holds(Scope::BillingRead) && call.caller.sub_account_id.is_none();
    Ok(Reply::of(QuoteBody::new(&quote, &call.state.settings.currency, shows_wallet)))
}
