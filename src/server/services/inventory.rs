//! The stock as callers and operators ask about it: can a number be had, what is close to it, taking one out, and filling it from a file.

mod file;
mod offers;
mod overview;
pub mod uploads;

use serde_json::json;

use crate::domain::audit::{Action, Actor, Channel, EventKind};
use crate::domain::code::Code;
use crate::domain::e164::E164;
use crate::domain::memorability::{Memorability, memorability, vanity_format};
use crate::domain::money::Micros;
use crate::domain::number::{Claim, Withdrawal};
use crate::domain::refusal::Refusal;
use crate::server::error::{Error, Result};
use crate::server::orders::claim::{Standing, standing};
use crate::server::phone;
use crate::server::search::alike::Alike;
use crate::server::search::words;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::audit::NewAudit;
use crate::server::store::events::NewEvent;
use crate::server::store::holds::Hold;
pub use crate::server::store::inventory::StockRow;
use crate::server::store::notices::NewNotice;

use super::caller::Caller;
use super::cursor::{self, Found};
use super::holds::buyer;
use super::search::{Seeker, on_stock};

pub use file::{ImportReport, dry_run, import, import_again, import_by};
pub use offers::{OfferQuery, Offered, offered};
pub use overview::{AGES, Overview, STATES, StockWanted, overview};

fn read_number(e164: &str) -> Result<E164> {
    phone::parse(e164).map_err(|fault| Refusal::field("e164", fault.to_string()).into())
}

/// How a number stands to a caller: table 3a.
///
/// # Errors
/// `validation` for what is no number; faults of the store.
pub async fn availability(state: &AppState, caller: Option<&Caller>, e164: &str) -> Result<Standing> {
    let number = read_number(e164)?;
    let buyer = caller.map(buyer);
    let mut connection = state.db.read().await?;
    standing(&mut connection, buyer.as_ref(), number.as_str(), state.now()).await
}

/// A number that the caller can have now.
#[derive(Debug, Clone)]
pub struct Offer {
    pub row: StockRow,
    /// The caller's own hold on it; its price is then the held one.
    pub hold: Option<Hold>,
    pub setup: Micros,
    pub monthly: Micros,
    /// With the best word that it spells.
    pub vanity: Option<String>,
    pub memorability: Memorability,
    /// It rests after a release, and only the caller may have it.
    pub buy_back: bool,
}

/// A number that can be had, with its present price.
///
/// # Errors
/// `validation`, `never_stocked`, `number_unavailable`, `order_in_progress` while the caller's own order for it is under way.
pub async fn offer(state: &AppState, caller: &Caller, e164: &str) -> Result<Offer> {
    let (row, hold, buy_back) = match availability(state, Some(caller), e164).await? {
        Standing::Free { row, hold, buy_back } => (*row, hold.map(|hold| *hold), buy_back),
        Standing::Ordering(_) => return Err(Code::OrderInProgress.into()),
        Standing::Refused(refusal) => return Err(refusal.into()),
    };
    let number = read_number(&row.e164)?;
    let word = words::spells(number.national());
    let (setup, monthly) = hold.as_ref().map_or((row.setup, row.monthly), |hold| (hold.setup, hold.monthly));
    Ok(Offer {
        vanity: word.as_ref().map(|word| vanity_format(number.national(), word)),
        memorability: memorability(number.national(), word.as_ref()),
        row,
        hold,
        setup,
        monthly,
        buy_back,
    })
}

/// Up to `limit` numbers that are free now and close to `e164`, whether that was ever in stock or not. Visitors see no provider.
///
/// # Errors
/// `validation` for what is no number, `unauthenticated` where only signed-in people may search; faults of the store.
pub async fn look_alikes(state: &AppState, seeker: Seeker<'_>, e164: &str, limit: usize) -> Result<Vec<Alike>> {
    let number = read_number(e164)?;
    let (_, mut alike) = on_stock(state, seeker, move |stock, claims| stock.alike(claims, &number, limit)).await?;
    if matches!(seeker, Seeker::Visitor) {
        for one in &mut alike {
            one.row.provider = None;
        }
    }
    Ok(alike)
}

/// A page of the stock by E.164, for the operator. `state` is the name of the only state to show.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn page(state: &AppState, stock_state: Option<&str>, limit: usize, cursor: Option<&str>) -> Result<Found<StockRow>> {
    let after = cursor::decode::<1>(cursor)?.map(|[e164]| e164);
    let mut connection = state.db.read().await?;
    let rows = store::inventory::page(&mut connection, stock_state, after.as_deref(), cursor::rows(limit)).await?;
    let total = store::inventory::count(&mut connection, stock_state).await?;
    Ok(Found::new(rows, total, limit, |row| cursor::encode(&[&row.e164])))
}

/// One number of the stock, for the operator.
///
/// # Errors
/// `never_stocked`.
pub async fn find(state: &AppState, e164: &str) -> Result<StockRow> {
    let number = phone::parse(e164).map_err(|_| Code::NeverStocked)?;
    let mut connection = state.db.read().await?;
    Ok(store::inventory::find(&mut connection, number.as_str()).await?.ok_or(Code::NeverStocked)?)
}

/// [`withdraw`] with the number as it is afterwards.
///
/// # Errors
/// As [`withdraw`].
pub async fn withdraw_one(state: &AppState, operator: &Actor, channel: Channel, e164: &str, cancel_holds: bool) -> Result<StockRow> {
    withdraw(state, operator, channel, e164, cancel_holds).await?;
    find(state, e164).await
}

/// Takes a number out of the stock (R51). A hold on it ends with a notice when `cancel_holds` is set; an order never does. One that
/// is owned stays with its owner and is out after its aging.
///
/// # Errors
/// `never_stocked`, `order_in_progress`, `number_unavailable` while it is held, `validation`.
pub async fn withdraw(state: &AppState, operator: &Actor, channel: Channel, e164: &str, cancel_holds: bool) -> Result<Withdrawal> {
    let number = read_number(e164)?;
    let (operator, now) = (operator.clone(), state.now());
    let (audit_id, event_id, notice_id) = (state.new_id(), state.new_id(), state.new_id());
    state
        .db
        .write(async move |connection| {
            let row = store::inventory::find(connection, number.as_str()).await?.ok_or(Code::NeverStocked)?;
            let order = store::orders::live_of_e164(connection, number.as_str()).await?;
            let hold = store::holds::live_of_e164(connection, number.as_str(), now).await?;
            let claim = match (&order, &hold) {
                (Some(_), _) => Claim::Order,
                (None, Some(_)) => Claim::Hold,
                (None, None) => Claim::None,
            };
            let withdrawal = row.state.withdraw(&number, claim, cancel_holds)?;
            if withdrawal == Withdrawal::Unchanged {
                return Ok(withdrawal);
            }
            let label = number.formatted();
            if let (Some(hold), Withdrawal::Out(_)) = (&hold, withdrawal) {
                store::holds::release_of_e164(connection, number.as_str(), now).await?;
                let event = NewEvent {
                    id: &event_id,
                    organization_id: &hold.organization_id,
                    ownership_id: None,
                    kind: EventKind::HoldReleased,
                    actor: &operator,
                    data: json!({ "e164": number.as_str(), "holdId": hold.id, "cause": "withdrawn" }),
                    at: now,
                };
                store::events::append(connection, &event).await?;
                let body = format!("The hold on {label} ended, because the number is no longer in stock. Nothing was charged.");
                let notice = NewNotice {
                    id: &notice_id,
                    organization_id: &hold.organization_id,
                    sub_account_id: hold.sub_account_id.as_deref(),
                    kind: "hold.withdrawn",
                    body: &body,
                    at: now,
                };
                store::notices::append(connection, &notice).await?;
            }
            store::inventory::withdraw(connection, number.as_str(), now).await?;
            let audit = NewAudit {
                id: &audit_id,
                organization_id: None,
                actor: &operator,
                action: Action::InventoryWithdrawn,
                object_kind: "stock",
                object_id: number.as_str(),
                object_label: &label,
                before: Some(json!({ "state": row.state.name() })),
                after: Some(json!({ "state": if withdrawal == Withdrawal::AfterAging { "sold" } else { "withdrawn" } })),
                reason: None,
                channel,
                at: now,
            };
            store::audit::append(connection, &audit).await?;
            Ok::<_, Error>(withdrawal)
        })
        .await
}

/// Puts a withdrawn number back into stock, not before the aging that it was taken out of has ended (R51).
///
/// # Errors
/// `never_stocked`, `number_unavailable` while that aging runs, `conflict` for a number that is not out, `validation`.
pub async fn restock(state: &AppState, operator: &Caller, e164: &str) -> Result<StockRow> {
    let number = read_number(e164)?;
    let (actor, channel, audit_id, now) = (operator.actor.clone(), operator.channel, state.new_id(), state.now());
    state
        .db
        .write(async move |connection| {
            let e164 = number.as_str();
            let row = store::inventory::find(connection, e164).await?.ok_or(Code::NeverStocked)?;
            let back = row.state.restock(&number, now)?;
            if !store::inventory::restock(connection, e164, now).await? {
                return Err(Error::from(Code::Conflict));
            }
            let audit = NewAudit {
                id: &audit_id,
                organization_id: None,
                actor: &actor,
                action: Action::InventoryRestocked,
                object_kind: "stock",
                object_id: e164,
                object_label: &number.formatted(),
                before: Some(json!({ "state": row.state.name() })),
                after: Some(json!({ "state": back.name() })),
                reason: None,
                channel,
                at: now,
            };
            store::audit::append(connection, &audit).await?;
            Ok(store::inventory::find(connection, e164).await?.ok_or(Code::NeverStocked)?)
        })
        .await
}
