//! Giving a number up, what that would mean, and undoing it within the recovery window.
//!
//! Telling the carrier and aging come later, from the jobs `disconnects` and `aging`.

use std::sync::Arc;

use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cool_offs::{check_typed, last_four};
use super::moving::parent_only;
use super::numbers::{own, reload};
use super::recorder::{Change, Recorder};
use crate::domain::account::Role;
use crate::domain::audit::{Action, EventKind};
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::number::{Release, ReleaseCause, Source};
use crate::domain::refusal::Refusal;
use crate::domain::rental::period_due;
use crate::domain::time::Timestamp;
use crate::server::config::Settings;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::ledger::{Memo, TransferKind};
use crate::server::store::numbers::{ListedNumber, OwnedNumber, Placement, ReleaseTimes};

/// Days in which calls are counted for the preview.
const CALL_DAYS: i64 = 30;

/// What a release would stop and cost.
#[derive(Debug, Clone)]
pub struct Preview {
    pub number: OwnedNumber,
    /// What stops working, one sentence each.
    pub stops: Vec<String>,
    /// The end of the paid month, which is not refunded.
    pub paid_until: Option<Timestamp>,
    pub recoverable_until: Timestamp,
    pub recovery_s: i64,
    /// None for a number that was brought along: it never enters the stock.
    pub aging_until: Option<Timestamp>,
    /// The digits to type.
    pub confirm: String,
    /// Why it would be refused.
    pub refusal: Option<Refusal>,
}

/// A number that was restored.
#[derive(Debug, Clone)]
pub struct Restored {
    pub number: OwnedNumber,
    /// What no longer exists: `agent`, `primary route`, `failover route`, `sub-account`.
    pub not_restored: Vec<&'static str>,
    /// The rental that was due in the meantime.
    pub charged: Option<Micros>,
}

/// Says what a release would mean, without doing it.
///
/// # Errors
/// `not_found`, `number_gone`.
pub async fn preview(state: &AppState, caller: &Caller, key: &str) -> Result<Preview> {
    let now = state.now();
    let mut connection = state.db.read().await?;
    let number = own(&mut connection, caller, key).await?;
    if number.is_gone() {
        return Err(Code::NumberGone.into());
    }
    let listed = store::numbers::listed(&mut connection, &number.id).await?.ok_or(Code::NotFound)?;
    let calls = store::calls::count_since(&mut connection, &number.id, now.plus_days(-CALL_DAYS)).await?;
    let recoverable_until = number.recoverable_until.unwrap_or_else(|| now.plus_seconds(state.settings.recovery_s));
    let refusal = match number.facts().may_release() {
        Ok(Release::Go) => None,
        Ok(Release::Noop) => Some(Code::NumberReleased.into()),
        Err(refusal) => Some(refusal),
    };
    Ok(Preview {
        stops: stops(&listed, calls),
        paid_until: number.next_billing_at.filter(|until| *until > now),
        recoverable_until,
        recovery_s: state.settings.recovery_s,
        aging_until: ages(&number).then(|| aging_end(&state.settings, recoverable_until)),
        confirm: last_four(&number.e164).to_owned(),
        refusal,
        number,
    })
}

/// When a released number can be had by others again; none for one that was brought along.
#[must_use]
pub fn aging_of(settings: &Settings, number: &OwnedNumber) -> Option<Timestamp> {
    let window = number.recoverable_until.filter(|_| ages(number))?;
    Some(number.aging_until.unwrap_or_else(|| aging_end(settings, window)))
}

/// Only what came from the stock goes back into it (R17).
fn ages(number: &OwnedNumber) -> bool {
    number.source == Source::Purchased
}

/// Aging counts from the end of the recovery window, whenever the job gets to it (R14).
pub fn aging_end(settings: &Settings, recoverable_until: Timestamp) -> Timestamp {
    recoverable_until.plus_days(settings.aging_days)
}

fn stops(listed: &ListedNumber, calls: u64) -> Vec<String> {
    let mut stops = Vec::new();
    if let Some(agent) = &listed.agent {
        stops.push(format!("{} no longer answers it.", agent.name));
    }
    let routes = [&listed.primary, &listed.failover].into_iter().flatten().map(|route| route.name.as_str()).collect::<Vec<_>>();
    match routes.as_slice() {
        [] => {}
        [route] => stops.push(format!("Its route {route} is removed.")),
        routes => stops.push(format!("Its routes {} are removed.", routes.join(" and "))),
    }
    stops.push(match calls {
        0 => String::from("Callers no longer reach anybody. Nobody called in the last 30 days."),
        1 => String::from("Callers no longer reach anybody. There was 1 call in the last 30 days."),
        calls => format!("Callers no longer reach anybody. There were {calls} calls in the last 30 days."),
    });
    if listed.number.anchor_at.is_some() {
        stops.push(String::from("The rental ends now. What is left of the paid month is not refunded."));
    }
    stops
}

/// Releases a number of the pool. Its rental ends at once; agent and routes are kept for a restore. Releasing it again changes
/// nothing. `typed` are the last four digits where a person confirms.
///
/// # Errors
/// `not_found`, `validation` for the typed digits, `number_in_sub_account`, `number_locked`, `number_gone`.
pub async fn release(state: &AppState, caller: &Caller, number: &str, typed: Option<&str>) -> Result<OwnedNumber> {
    release_within(state, caller, number, typed, state.settings.recovery_s.max(0)).await
}

/// Releases a number for good: nobody can undo it, not even for a moment (R46). For administrators and keys of the organization.
///
/// # Errors
/// `role_too_low`, and those of [`release`].
pub async fn release_finally(state: &AppState, caller: &Caller, number: &str, typed: Option<&str>) -> Result<OwnedNumber> {
    if caller.role < Role::Admin {
        return Err(Code::RoleTooLow.into());
    }
    release_within(state, caller, number, typed, 0).await
}

async fn release_within(state: &AppState, caller: &Caller, number: &str, typed: Option<&str>, recovery_s: i64) -> Result<OwnedNumber> {
    let recorder = Recorder::new(state, caller);
    let settings = state.settings.clone();
    let (caller, number, typed) = (caller.clone(), number.to_owned(), typed.map(str::to_owned));
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            let decision = number.facts().may_release()?;
            if decision == Release::Noop {
                return Ok(number);
            }
            if let Some(typed) = &typed {
                check_typed(&number, typed)?;
            }
            release_in(connection, &recorder, &settings, &number, recovery_s).await?;
            reload(connection, &number.id).await
        })
        .await
}

async fn release_in(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    settings: &Arc<Settings>,
    number: &OwnedNumber,
    recovery_s: i64,
) -> Result<()> {
    let now = recorder.now();
    let recoverable_until = now.plus_seconds(recovery_s);
    let aging_until = aging_end(settings, recoverable_until);
    // Without a window aging is settled now; else the job writes it when the window has ended (R14).
    let times = ReleaseTimes { released_at: now, recoverable_until, aging_until: (ages(number) && recovery_s <= 0).then_some(aging_until) };
    if !store::numbers::release(connection, number, ReleaseCause::Asked, times).await? {
        return Err(Code::Conflict.into());
    }
    let agent = match number.agent_id() {
        Some(id) => store::agents::name(connection, id).await?,
        None => None,
    };
    let data = json!({
        "cause": ReleaseCause::Asked.name(),
        "recoverableUntil": recoverable_until.rfc3339(),
        "agingUntil": ages(number).then(|| aging_until.rfc3339()),
        "rentalEndsAt": number.anchor_at.map(|_| now.rfc3339()),
        "agentName": agent,
    });
    recorder.event(connection, number, EventKind::NumberReleased, data.clone()).await?;
    let before = json!({ "status": number.status.name(), "agentName": agent, "label": number.label });
    recorder.audit_number(connection, number, Action::NumberReleased, Change::between(before, data)).await
}

/// Undoes a release (R15): agent, routes, label, lock and sub-account come back as far as they still exist. A month of rental that
/// has come due in the meantime is charged.
///
/// # Errors
/// `role_too_low` for a sub-account's own people and keys, `not_found`, `not_released`, `restore_too_late`, and
/// `insufficient_funds`, which leaves it released.
pub async fn restore(state: &AppState, caller: &Caller, number: &str) -> Result<Restored> {
    parent_only(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            let now = recorder.now();
            number.facts().may_restore(now)?;
            let charged = charge_due(connection, &recorder, &number).await?;
            let (placement, not_restored) = placement(connection, &number).await?;
            if !store::numbers::restore(connection, &number, &placement, now).await? {
                return Err(Code::RestoreTooLate.into());
            }
            let data = json!({ "notRestored": not_restored, "chargedMicros": charged.map(|amount| amount.0) });
            recorder.event(connection, &number, EventKind::NumberRestored, data.clone()).await?;
            let before = json!({ "status": "released", "releasedAt": number.released_at.map(Timestamp::rfc3339) });
            recorder.audit_number(connection, &number, Action::NumberRestored, Change::between(before, data)).await?;
            Ok::<_, Error>(Restored { number: reload(connection, &number.id).await?, not_restored, charged })
        })
        .await
}

/// What of the number's old place still exists, and the names of what does not.
async fn placement(connection: &mut AnyConnection, number: &OwnedNumber) -> Result<(Placement, Vec<&'static str>)> {
    let organization = number.organization_id.as_str();
    let mut placement = Placement::default();
    let mut missing = Vec::new();
    if let Some(id) = &number.restore_sub_account_id {
        match store::sub_accounts::find(connection, organization, id).await? {
            Some(found) => placement.sub_account_id = Some(found.id),
            None => missing.push("sub-account"),
        }
    }
    if let Some(id) = &number.restore_agent_id {
        if store::agents::belongs(connection, organization, placement.sub_account_id.as_deref(), id).await? {
            placement.agent_id = Some(id.clone());
        } else {
            missing.push("agent");
        }
    }
    for (id, slot, name) in [
        (&number.primary_route_id, &mut placement.primary_route_id, "primary route"),
        (&number.failover_route_id, &mut placement.failover_route_id, "failover route"),
    ] {
        let Some(id) = id else { continue };
        match store::routes::find(connection, organization, id).await? {
            Some(route) => *slot = Some(route.id),
            None => missing.push(name),
        }
    }
    Ok((placement, missing))
}

/// Charges the period that came due while the number was released; inside the paid month nothing is charged.
async fn charge_due(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber) -> Result<Option<Micros>> {
    let now = recorder.now();
    let (Some(anchor), Some(due_at)) = (number.anchor_at, number.next_billing_at) else { return Ok(None) };
    if due_at > now {
        return Ok(None);
    }
    let memo =
        Memo { ownership_id: Some(&number.id), e164: Some(&number.e164), description: "Rental after a restore".into(), ..Memo::default() };
    let (organization, price) = (number.organization_id.as_str(), number.monthly);
    let new_id = || recorder.new_id();
    if !store::ledger::charge(connection, &new_id, organization, TransferKind::Rental, price, &memo, now).await? {
        let available = store::ledger::balances(connection, organization).await?.available();
        let shortfall = Micros(price.0.saturating_sub(available.0));
        return Err(Refusal::InsufficientFunds { required: price, available, shortfall }.into());
    }
    let (period, next) = (number.periods_charged, number.periods_charged.saturating_add(1));
    let ends_at = period_due(anchor, next);
    store::numbers::insert_period(connection, &number.id, period, due_at, price, now).await?;
    if !store::numbers::set_paid(connection, &number.id, next, ends_at, now).await? {
        return Err(Code::Conflict.into());
    }
    let data = json!({ "amountMicros": price.0, "dueAt": due_at.rfc3339(), "paidUntil": ends_at.rfc3339() });
    recorder.event(connection, number, EventKind::RentalCharged, data).await?;
    Ok(Some(price))
}
