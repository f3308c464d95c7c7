//! Owned numbers: finding one, its label and its lock. What lists and pages show of them is in [`show`], [`list`], [`board`] and [`detail`].

mod board;
pub mod bulk;
mod detail;
mod drift;
mod edit;
mod list;
mod query;
mod record;
mod show;

use serde_json::json;
use sqlx::AnyConnection;

pub use board::{Board, BoardWanted, Column, ColumnKind, board, cards};
pub use detail::{Link, NumberPage, page};
pub use drift::{DriftReport, drift};
pub use edit::{Edit, edit};
pub use list::{ChipRow, ListInput, NumberList, list};
pub use query::{containing, exactly, text_filter};
pub use record::{Record, RecordQuery, Records, record, records};
pub use show::{Answer, AnswerKind, Clock, Line, agent_detail, line, lines};

use super::caller::Caller;
use super::recorder::{Change, Recorder};
use crate::domain::account::Role;
use crate::domain::audit::{Action, ActorKind, EventKind};
use crate::domain::code::Code;
use crate::domain::e164::E164;
use crate::domain::number::Lock;
use crate::domain::refusal::Refusal;
use crate::server::error::{Result, StoreError};
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::numbers::{Drifted, OwnedNumber, RouteBrief};

/// Letters of a label.
const LONGEST_LABEL: usize = 64;

/// The caller's number by id, or by E.164 with or without `+` (R12). Somebody else's is not found, also inside the organization
/// for a caller of a sub-account.
///
/// # Errors
/// `not_found`.
pub async fn own(connection: &mut AnyConnection, caller: &Caller, key: &str) -> Result<OwnedNumber> {
    let digits = key.strip_prefix('+').unwrap_or(key);
    let is_e164 = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let found = if is_e164 {
        let e164 = E164::parse(key).map_err(|_| Code::NotFound)?;
        store::numbers::find_by_e164(connection, &caller.organization_id, e164.as_str()).await?
    } else {
        store::numbers::find_of(connection, &caller.organization_id, key).await?
    };
    match found {
        Some(number) if caller.sees(number.sub_account_id.as_deref()) => Ok(number),
        _ => Err(Code::NotFound.into()),
    }
}

/// A number that was just changed, as it is now.
pub async fn reload(connection: &mut AnyConnection, id: &str) -> Result<OwnedNumber> {
    let missing = || StoreError::Inconsistent { table: "owned_numbers", column: "id", id: id.to_owned() };
    Ok(store::numbers::find(connection, id).await?.ok_or_else(missing)?)
}

/// Changes the label; spaces around it go. The same label again is no change.
///
/// # Errors
/// `validation`, `not_found`, `number_released`, `number_gone`.
pub async fn set_label(state: &AppState, caller: &Caller, number: &str, label: &str) -> Result<OwnedNumber> {
    let label = checked_label(label)?;
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            set_label_in(connection, &recorder, number, &label).await
        })
        .await
}

fn checked_label(label: &str) -> Result<String> {
    let label = label.trim();
    if label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
        return Err(Refusal::field("label", format!("At most {LONGEST_LABEL} letters in one line.")).into());
    }
    Ok(label.to_owned())
}

/// [`set_label`] inside a transaction.
async fn set_label_in(connection: &mut AnyConnection, recorder: &Recorder, number: OwnedNumber, label: &str) -> Result<OwnedNumber> {
    // Whoever may not unassign may not label either: the number is released or gone.
    number.facts().may_unassign()?;
    if number.label == label {
        return Ok(number);
    }
    if !store::numbers::set_label(connection, &number, label, recorder.now()).await? {
        return Err(Code::Conflict.into());
    }
    let data = json!({ "before": number.label, "after": label });
    recorder.event(connection, &number, EventKind::NumberLabelled, data).await?;
    reload(connection, &number.id).await
}

/// Sets or lifts the deletion lock: admins, owners, and keys of the parent (R38).
///
/// # Errors
/// `role_too_low`, `not_found`, `number_released`, `number_gone`.
pub async fn set_locked(state: &AppState, caller: &Caller, number: &str, locked: bool) -> Result<OwnedNumber> {
    check_may_lock(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            set_locked_in(connection, &recorder, number, locked).await
        })
        .await
}

fn check_may_lock(caller: &Caller) -> Result<()> {
    let may = caller.sub_account_id.is_none() && (caller.role >= Role::Admin || caller.actor.kind == ActorKind::Key);
    if may { Ok(()) } else { Err(Code::RoleTooLow.into()) }
}

/// [`set_locked`] inside a transaction.
async fn set_locked_in(connection: &mut AnyConnection, recorder: &Recorder, number: OwnedNumber, locked: bool) -> Result<OwnedNumber> {
    if number.facts().may_lock(locked)? == Lock::Noop {
        return Ok(number);
    }
    if !store::numbers::set_locked(connection, &number, locked, recorder.now()).await? {
        return Err(Code::Conflict.into());
    }
    let (kind, action) =
        if locked { (EventKind::NumberLocked, Action::NumberLocked) } else { (EventKind::NumberUnlocked, Action::NumberUnlocked) };
    recorder.event(connection, &number, kind, json!({})).await?;
    let change = Change::between(json!({ "locked": number.locked }), json!({ "locked": locked }));
    recorder.audit_number(connection, &number, action, change).await?;
    reload(connection, &number.id).await
}
