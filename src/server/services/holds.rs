//! Holding a number, extending, giving back, and the tray. Free of charge; a hold freezes the price (R36, R40, R49).

use crate::domain::code::Code;
use crate::domain::hold::HoldState;
use crate::domain::refusal::{Refusal, ReservationFault};
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::server::config::Settings;
use crate::server::error::{Error, Result};
use crate::server::orders::claim::{Buyer, Standing, standing};
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::holds::Hold;
use crate::server::store::inventory::StockRow;

use super::caller::Caller;

/// A hold with the place of its number.
#[derive(Debug, Clone)]
pub struct Held {
    pub hold: Hold,
    pub row: StockRow,
    /// From then on it may be extended; none when it was extended as often as it may be.
    pub extendable_from: Option<Timestamp>,
}

/// What came of holding a number.
#[derive(Debug, Clone)]
pub struct Placed {
    pub held: Held,
    /// False when the caller had it on hold already: nothing was made.
    pub new: bool,
}

/// The caller as a buyer.
#[must_use]
pub fn buyer(caller: &Caller) -> Buyer {
    Buyer { organization_id: caller.organization_id.clone(), sub_account_id: caller.sub_account_id.clone() }
}

/// Holds a number for 30 minutes. Holding it again gives the same hold back, its end unchanged.
///
/// # Errors
/// `number_unavailable`, `never_stocked`, `order_in_progress`, `hold_limit_reached`, `payment_hold`, `validation`.
pub async fn place(state: &AppState, caller: &Caller, e164: &str) -> Result<Placed> {
    let e164 = phone::parse(e164).map_err(|fault| Refusal::field("e164", fault.to_string()))?.as_str().to_owned();
    let (buyer, settings, id, now) = (buyer(caller), state.settings.clone(), state.new_id(), state.now());
    let ids = state.ids.clone();
    state
        .db
        .write(async move |connection| {
            let row = match standing(connection, Some(&buyer), &e164, now).await? {
                Standing::Refused(refusal) => return Err(refusal.into()),
                Standing::Ordering(_) => return Err(Code::OrderInProgress.into()),
                Standing::Free { row, hold: Some(hold), .. } => return Ok(Placed { held: held(*hold, *row, &settings), new: false }),
                Standing::Free { row, hold: None, .. } => row,
            };
            if store::ledger::balances(connection, &buyer.organization_id).await?.owed.0 > 0 {
                return Err(Code::PaymentHold.into());
            }
            check_limits(connection, &buyer, &settings, &e164, now).await?;
            store::holds::sweep_e164(connection, &e164, &|| ids.next(now), now).await?;
            let hold = Hold {
                id: id.clone(),
                e164: e164.clone(),
                organization_id: buyer.organization_id.clone(),
                sub_account_id: buyer.sub_account_id.clone(),
                state: HoldState::start(now, settings.hold_timeout_s),
                setup: row.setup,
                monthly: row.monthly,
                expires_at: now.plus_seconds(settings.hold_timeout_s),
                extensions: 0,
                created_at: now,
            };
            store::holds::insert(connection, &hold).await?;
            Ok::<_, Error>(Placed { held: held(hold, *row, &settings), new: true })
        })
        .await
}

/// Ten live holds an organization, five of them for one sub-account, two before the first payment; one number three times a day.
async fn check_limits(connection: &mut sqlx::AnyConnection, buyer: &Buyer, settings: &Settings, e164: &str, now: Timestamp) -> Result<()> {
    let topped_up = store::holds::ever_topped_up(connection, &buyer.organization_id).await?;
    let all = store::holds::live_of(connection, &buyer.organization_id, None, true, now).await?;
    let limit = if topped_up { settings.holds_per_organization } else { settings.holds_before_top_up };
    if all.len() >= usize::from(limit) {
        return Err(Refusal::HoldLimitReached { limit: u32::from(limit) }.into());
    }
    let own = all.iter().filter(|hold| hold.sub_account_id == buyer.sub_account_id).count();
    if buyer.sub_account_id.is_some() && own >= usize::from(settings.holds_per_sub_account) {
        return Err(Refusal::HoldLimitReached { limit: u32::from(settings.holds_per_sub_account) }.into());
    }
    let since = now.plus_seconds(-SECONDS_PER_DAY);
    let times = store::holds::times_held(connection, &buyer.organization_id, e164, since).await?;
    if times >= i64::from(settings.same_number_holds_per_day) {
        return Err(Refusal::HoldLimitReached { limit: u32::from(settings.same_number_holds_per_day) }.into());
    }
    Ok(())
}

fn held(hold: Hold, row: StockRow, settings: &Settings) -> Held {
    let extendable_from = hold.state.extendable_from(settings.hold_timeout_s);
    Held { hold, row, extendable_from }
}

/// Thirty minutes more from the old end, in the last thirty minutes only, ten times at the most (R49).
///
/// # Errors
/// `not_found` for a foreign hold, `reservation_invalid`, `hold_committed`, `extend_limit_reached`.
pub async fn extend(state: &AppState, caller: &Caller, id: &str) -> Result<Held> {
    let (buyer, settings, id, now) = (buyer(caller), state.settings.clone(), id.to_owned(), state.now());
    state
        .db
        .write(async move |connection| {
            let mut hold = own(connection, &buyer, &id).await?;
            let extended = hold.state.extend(now, settings.hold_timeout_s)?;
            let HoldState::Active { expires_at, extensions } = extended else { return Err(Code::Conflict.into()) };
            if !store::holds::extend(connection, &id, hold.expires_at, expires_at, now).await? {
                return Err(Refusal::ReservationInvalid { reason: ReservationFault::Expired }.into());
            }
            hold = Hold { state: extended, expires_at, extensions, ..hold };
            let row = stock_row(connection, &hold).await?;
            Ok::<_, Error>(held(hold, row, &settings))
        })
        .await
}

async fn own(connection: &mut sqlx::AnyConnection, buyer: &Buyer, id: &str) -> Result<Hold> {
    let hold = store::holds::find(connection, id).await?;
    hold.filter(|hold| hold.organization_id == buyer.organization_id && hold.sub_account_id == buyer.sub_account_id)
        .ok_or_else(|| Code::NotFound.into())
}

async fn stock_row(connection: &mut sqlx::AnyConnection, hold: &Hold) -> Result<StockRow> {
    store::inventory::find(connection, &hold.e164).await?.ok_or_else(|| Code::NeverStocked.into())
}

/// Gives a hold back. Giving it back again, or one that has lapsed, changes nothing.
///
/// # Errors
/// `not_found` for a foreign hold, `hold_committed`, `reservation_invalid` for a used one.
pub async fn release(state: &AppState, caller: &Caller, id: &str) -> Result<Hold> {
    let (buyer, id, now, ids) = (buyer(caller), id.to_owned(), state.now(), state.ids.clone());
    state
        .db
        .write(async move |connection| {
            let mut hold = own(connection, &buyer, &id).await?;
            let ended = hold.state.release(now)?;
            match ended {
                HoldState::Released => store::holds::release(connection, &id, now).await.map(|_| ())?,
                _ => store::holds::sweep_e164(connection, &hold.e164, &|| ids.next(now), now).await?,
            }
            hold.state = ended;
            Ok::<_, Error>(hold)
        })
        .await
}

/// One hold of the caller, live or not.
///
/// # Errors
/// `not_found` for a foreign hold.
pub async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<Held> {
    let mut connection = state.db.read().await?;
    let hold = own(&mut connection, &buyer(caller), id).await?;
    let row = stock_row(&mut connection, &hold).await?;
    Ok(held(hold, row, &state.settings))
}

/// The caller's live holds, soonest end first.
///
/// # Errors
/// Faults of the store.
pub async fn tray(state: &AppState, caller: &Caller) -> Result<Vec<Held>> {
    let mut connection = state.db.read().await?;
    let now = state.now();
    let holds = store::holds::live_of(&mut connection, &caller.organization_id, caller.sub_account_id.as_deref(), false, now).await?;
    let mut tray = Vec::with_capacity(holds.len());
    for hold in holds {
        let row = stock_row(&mut connection, &hold).await?;
        tray.push(held(hold, row, &state.settings));
    }
    Ok(tray)
}

/// How many numbers the caller may hold at once now.
///
/// # Errors
/// Faults of the store.
pub async fn limit(state: &AppState, caller: &Caller) -> Result<u8> {
    let mut connection = state.db.read().await?;
    let topped_up = store::holds::ever_topped_up(&mut connection, &caller.organization_id).await?;
    Ok(match (&caller.sub_account_id, topped_up) {
        (_, false) => state.settings.holds_before_top_up,
        (Some(_), true) => state.settings.holds_per_sub_account,
        (None, true) => state.settings.holds_per_organization,
    })
}
