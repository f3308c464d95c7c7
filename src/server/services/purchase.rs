//! Buying a number: the quote before, the purchase itself, and what an order became.

use std::time::Duration;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::order::OrderState;
use crate::domain::refusal::{Refusal, Unavailable};
use crate::domain::rental::period_due;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::ids::secret_hash;
use crate::server::orders::claim::{self, Claim, Claimed, Standing, standing};
use crate::server::orders::engine;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::holds::Hold;
use crate::server::store::idempotency::RequestKey;
use crate::server::store::inventory::StockRow;
use crate::server::store::ledger::Balances;
use crate::server::store::orders::Order;

use super::caller::Caller;
use super::holds::buyer;

/// How often a joined request looks at the order of another one, and for how long: ten seconds, as long as the carrier may take (R18).
const JOIN_INTERVAL: Duration = Duration::from_millis(50);
const JOIN_LOOKS: u32 = 200;

/// What the caller wants to buy.
#[derive(Debug, Clone, Default)]
pub struct Buy {
    pub e164: String,
    /// A hold of the caller's; without one its live hold on the number is used.
    pub hold_id: Option<String>,
    /// Setup and first month together, as the caller saw them.
    pub max_price: Option<Micros>,
    pub agent_id: Option<String>,
    /// Repeating a purchase with the same key gives the same answer.
    pub request_key: Option<String>,
    /// The same for a request of an API, which says itself where its key counts and what came with it.
    pub request: Option<RequestKey>,
    /// The sub-account that the organization buys for; a caller of a sub-account always buys for its own.
    pub sub_account_id: Option<String>,
}

/// What buying it now would mean.
#[derive(Debug, Clone)]
pub struct Quote {
    pub row: StockRow,
    pub hold: Option<Hold>,
    pub setup: Micros,
    pub monthly: Micros,
    pub due_now: Micros,
    pub now: Timestamp,
    pub next_charge_at: Timestamp,
    pub balances: Balances,
    /// Why it cannot be bought, if so; the rest then tells what it was.
    pub refusal: Option<Refusal>,
}

/// The price, the dates and the wallet before a purchase. Changes nothing.
///
/// # Errors
/// `never_stocked`, `validation`.
pub async fn quote(state: &AppState, caller: &Caller, e164: &str) -> Result<Quote> {
    let e164 = phone::parse(e164).map_err(|fault| Refusal::field("e164", fault.to_string()))?;
    let mut connection = state.db.read().await?;
    let now = state.now();
    let (row, hold, refusal) = match standing(&mut connection, Some(&buyer(caller)), e164.as_str(), now).await? {
        Standing::Free { row, hold, .. } => (Some(*row), hold.map(|hold| *hold), None),
        Standing::Ordering(_) => (None, None, Some(Code::OrderInProgress.into())),
        Standing::Refused(refusal) if refusal.code() == Code::NeverStocked => return Err(refusal.into()),
        Standing::Refused(refusal) => (None, None, Some(refusal)),
    };
    let row = match row {
        Some(row) => row,
        None => store::inventory::find(&mut connection, e164.as_str()).await?.ok_or(Code::NeverStocked)?,
    };
    let (setup, monthly) = hold.as_ref().map_or((row.setup, row.monthly), |hold| (hold.setup, hold.monthly));
    Ok(Quote {
        due_now: setup.checked_add(monthly).ok_or_else(|| Error::Internal(String::from("a price is out of range")))?,
        next_charge_at: period_due(now, 1),
        balances: store::ledger::balances(&mut connection, &caller.organization_id).await?,
        row,
        hold,
        setup,
        monthly,
        now,
        refusal,
    })
}

/// Buys a number. Two requests with the same key have one effect; the same account buying a number twice at once joins.
///
/// Answers the completed order, or a live one while the carrier has not answered in time (R18).
///
/// # Errors
/// Every refusal of table 3a, `insufficient_funds`, `price_changed`, `budget_exceeded`, `payment_hold`, `carrier_unavailable`.
pub async fn buy(state: &AppState, caller: &Caller, wish: Buy) -> Result<Order> {
    let e164 = phone::parse(&wish.e164).map_err(|fault| Refusal::field("e164", fault.to_string()))?.as_str().to_owned();
    let for_sub_account = wish.sub_account_id.filter(|_| caller.sub_account_id.is_none());
    if let Some(id) = &for_sub_account {
        check_sub_account(state, caller, id).await?;
    }
    let mut buyer = buyer(caller);
    buyer.sub_account_id = buyer.sub_account_id.or(for_sub_account);
    let claim = Claim {
        order_id: state.new_id(),
        ids: state.ids.clone(),
        buyer,
        request: wish.request.or_else(|| wish.request_key.as_deref().map(|key| request_key(caller, key, &e164))),
        e164,
        hold_id: wish.hold_id,
        max_price: wish.max_price,
        agent_id: wish.agent_id,
        actor: serde_json::to_string(&(&caller.actor, caller.channel)).map_err(|error| Error::Internal(error.to_string()))?,
        dialect: caller.channel.name(),
    };
    let now = state.now();
    let claimed = state.db.write(async move |connection| claim::claim(connection, &claim, now).await).await?;
    let order = match claimed {
        Claimed::New(order) => {
            tracing::info!(order.id = %order.id, "order is claimed and funded");
            engine::drive(state, order).await?
        }
        Claimed::Joined(order) => wait_for(state, order).await?,
    };
    tracing::info!(order.id = %order.id, order.state = order.state.name(), "order stands");
    outcome(order)
}

/// The organization buys for a sub-account of its own that takes numbers.
async fn check_sub_account(state: &AppState, caller: &Caller, id: &str) -> Result<()> {
    let mut connection = state.db.read().await?;
    let found = store::sub_accounts::find(&mut connection, &caller.organization_id, id).await?.ok_or(Code::NotFound)?;
    if found.disabled { Err(Code::SubAccountDisabled.into()) } else { Ok(()) }
}

/// The order as an answer: a failed one is the refusal that its failure means.
fn outcome(order: Order) -> Result<Order> {
    if order.state != OrderState::Failed {
        return Ok(order);
    }
    match order.failure.as_deref() {
        Some("carrier_unavailable") => Err(Code::CarrierUnavailable.into()),
        _ => Err(Refusal::NumberUnavailable {
            e164: order.e164,
            reason: Unavailable::Sold,
            free_at: None,
            owned_by_you: false,
            restore_until: None,
        }
        .into()),
    }
}

/// Waits a while for an order that another request drives.
async fn wait_for(state: &AppState, mut order: Order) -> Result<Order> {
    for _look in 0..JOIN_LOOKS {
        if !matches!(order.state, OrderState::Created | OrderState::Funded | OrderState::Ordered) {
            break;
        }
        tokio::time::sleep(JOIN_INTERVAL).await;
        let mut connection = state.db.read().await?;
        match store::orders::find(&mut connection, &order.id).await? {
            Some(current) => order = current,
            None => break,
        }
    }
    Ok(order)
}

/// The place where a browser's or client's key counts. The number is what the key must not be used for twice.
fn request_key(caller: &Caller, key: &str, e164: &str) -> RequestKey {
    RequestKey {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone().unwrap_or_default(),
        method: String::from("POST"),
        path: String::from("/numbers/purchase"),
        key: key.to_owned(),
        request_hash: secret_hash(e164),
    }
}
