//! Moving numbers: to an agent and off it, into a sub-account and back. What may move is decided by `domain::number::decide`.
//!
//! Each function of a number comes twice: with a transaction of its own for callers, and as a part of another one.

use futures::future::join_all;
use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cool_offs;
use super::numbers::{own, reload};
use super::recorder::{Change, Recorder};
use crate::domain::audit::{Action, Channel, EventKind};
use crate::domain::code::Code;
use crate::domain::cool_off;
use crate::domain::number::{Assign, HandOver, OwnedStatus, TargetAgent, TargetSubAccount, Unassign, Warning};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::OwnedNumber;

/// Numbers that one move, or another work on several, may name.
pub const MOST_AT_ONCE: usize = 200;

/// A number after a change, and what the caller should know about it.
#[derive(Debug, Clone)]
pub struct Changed {
    pub number: OwnedNumber,
    pub warnings: Vec<Warning>,
}

/// Whether a take-back skips the cool-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Force {
    /// The cool-off decides.
    No,
    /// For platform admins. The reason may be missing in the Vobiz dialect only (R3).
    Yes { reason: Option<String> },
}

/// A column of the board that numbers are moved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Unassigns; takes back what is in a sub-account.
    Free,
    /// Assigns.
    Agent(String),
    /// Hands over; what has an agent is unassigned first.
    SubAccount(String),
}

/// What became of one number of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub id: String,
    /// None when the caller has no such number.
    pub e164: Option<String>,
    pub refusal: Option<Refusal>,
}

impl Target {
    /// Reads `free`, `agent:<id>` or `sub:<id>`.
    ///
    /// # Errors
    /// Everything else, naming the field.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            None if text == "free" => Ok(Self::Free),
            Some(("agent", id)) if !id.is_empty() => Ok(Self::Agent(id.to_owned())),
            Some(("sub", id)) if !id.is_empty() => Ok(Self::SubAccount(id.to_owned())),
            _ => Err(Refusal::field("target", "Choose a column: free, an agent or a sub-account.").into()),
        }
    }
}

/// A swap that found another row than it had read.
fn swapped(done: bool) -> Result<()> {
    if done { Ok(()) } else { Err(Code::Conflict.into()) }
}

/// Makes `agent_id` answer the number. The agent must be in the number's own place.
///
/// # Errors
/// `not_found` for a number or agent of somebody else, `number_released`, `number_gone`.
pub async fn assign(state: &AppState, caller: &Caller, number: &str, agent_id: &str) -> Result<Changed> {
    let recorder = Recorder::new(state, caller);
    let (caller, number, agent_id) = (caller.clone(), number.to_owned(), agent_id.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            let warnings = assign_in(connection, &recorder, &number, &agent_id).await?;
            Ok::<_, Error>(Changed { number: reload(connection, &number.id).await?, warnings })
        })
        .await
}

/// [`assign`] inside a transaction.
pub async fn assign_in(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber, agent_id: &str) -> Result<Vec<Warning>> {
    let agent = store::agents::find(connection, &number.organization_id, agent_id).await?;
    let target = agent.as_ref().map(|agent| TargetAgent {
        id: agent.id.clone(),
        sub_account_id: agent.sub_account_id.clone(),
        published: agent.published_version.is_some(),
    });
    let Assign::Set { warnings } = number.facts().may_assign(target.as_ref())? else { return Ok(Vec::new()) };
    let previous = match number.agent_id() {
        Some(id) => store::agents::name(connection, id).await?,
        None => None,
    };
    swapped(store::numbers::assign(connection, number, agent_id, recorder.now()).await?)?;
    let data = json!({
        "agentId": agent_id,
        "agentName": agent.as_ref().map(|agent| &agent.name),
        "agentVersion": agent.as_ref().and_then(|agent| agent.published_version),
        "previousAgentName": previous,
    });
    recorder.event(connection, number, EventKind::NumberAssigned, data).await?;
    Ok(warnings)
}

/// Takes the agent off; the number stays where it is. Without an agent nothing happens.
///
/// # Errors
/// `not_found`, `number_released`, `number_gone`.
pub async fn unassign(state: &AppState, caller: &Caller, number: &str) -> Result<OwnedNumber> {
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            unassign_in(connection, &recorder, &number).await?;
            reload(connection, &number.id).await
        })
        .await
}

/// [`unassign`] inside a transaction.
pub async fn unassign_in(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber) -> Result<()> {
    if number.facts().may_unassign()? == Unassign::Noop {
        return Ok(());
    }
    let name = match number.agent_id() {
        Some(id) => store::agents::name(connection, id).await?,
        None => None,
    };
    swapped(store::numbers::clear_agent(connection, number, recorder.now()).await?)?;
    let data = json!({ "agentId": number.agent_id(), "agentName": name });
    recorder.event(connection, number, EventKind::NumberUnassigned, data).await
}

/// Hands a number of the pool to a sub-account. It must have no agent.
///
/// # Errors
/// `role_too_low` for a sub-account's own people and keys, `not_found`, `number_in_use`, `number_locked`, `past_due`,
/// `sub_account_disabled`, `number_released`, `number_gone`.
pub async fn hand_over(state: &AppState, caller: &Caller, number: &str, sub_account_id: &str) -> Result<OwnedNumber> {
    parent_only(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, number, target) = (caller.clone(), number.to_owned(), sub_account_id.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            hand_over_in(connection, &recorder, &number, &target).await?;
            reload(connection, &number.id).await
        })
        .await
}

/// [`hand_over`] inside a transaction.
pub async fn hand_over_in(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber, sub_account_id: &str) -> Result<()> {
    let target = store::sub_accounts::find(connection, &number.organization_id, sub_account_id).await?;
    let facts = target.as_ref().map(|target| TargetSubAccount { id: target.id.clone(), disabled: target.disabled });
    if number.facts().may_hand_over(facts.as_ref())? == HandOver::Noop {
        return Ok(());
    }
    swapped(store::numbers::hand_over(connection, number, sub_account_id, recorder.now()).await?)?;
    let data = json!({ "subAccountId": sub_account_id, "subAccountName": target.as_ref().map(|target| &target.name) });
    recorder.event(connection, number, EventKind::NumberHandedOver, data.clone()).await?;
    let before = json!({ "subAccountId": null, "primaryRouteId": number.primary_route_id, "failoverRouteId": number.failover_route_id });
    recorder.audit_number(connection, number, Action::NumberHandedOver, Change::between(before, data)).await
}

/// A number of the pool as it is once its agent is off: what a move into a sub-account is decided on (R53).
#[must_use]
pub fn without_agent(number: &OwnedNumber) -> OwnedNumber {
    let assigned = number.agent_id().is_some() && number.sub_account_id.is_none();
    let status = if assigned { OwnedStatus::Available } else { number.status.clone() };
    OwnedNumber { status, ..number.clone() }
}

/// Takes the agent off, where there is one, and hands the number over: one decision, both or neither (R53).
async fn unassign_and_hand_over(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber, target: &str) -> Result<()> {
    if number.agent_id().is_none() || number.sub_account_id.is_some() {
        return hand_over_in(connection, recorder, number, target).await;
    }
    // Whether it can be handed over is decided before anything is written: the refusal is then about the hand-over.
    let found = store::sub_accounts::find(connection, &number.organization_id, target).await?;
    let facts = found.map(|found| TargetSubAccount { id: found.id, disabled: found.disabled });
    without_agent(number).facts().may_hand_over(facts.as_ref())?;
    unassign_in(connection, recorder, number).await?;
    let free = reload(connection, &number.id).await?;
    hand_over_in(connection, recorder, &free, target).await
}

/// Takes a number back from its sub-account into the pool, without agent and routes.
///
/// # Errors
/// `admin_required` for a force by anybody but a platform admin, before the number is looked up, and `reason_required`; then
/// `not_found`, `not_in_sub_account`, `number_locked`, `did_cool_off_in_effect`, `number_gone`.
pub async fn take_back(state: &AppState, caller: &Caller, number: &str, force: Force) -> Result<OwnedNumber> {
    let forced = check_force(caller, force)?;
    let recorder = Recorder::new(state, caller);
    let days = state.settings.cool_off_days;
    let (caller, number) = (caller.clone(), number.to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            take_back_in(connection, &recorder, &number, days, forced.as_ref()).await?;
            reload(connection, &number.id).await
        })
        .await
}

/// A force that was let through, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forced {
    pub reason: Option<String>,
}

fn check_force(caller: &Caller, force: Force) -> Result<Option<Forced>> {
    let Force::Yes { reason } = force else { return Ok(None) };
    if !caller.may_force {
        return Err(Code::AdminRequired.into());
    }
    check_reason(reason.as_deref(), caller.channel).map(Some)
}

/// A reason has 10 to 500 characters; only the Vobiz dialect does without (R3).
///
/// # Errors
/// `reason_required`.
pub fn check_reason(reason: Option<&str>, channel: Channel) -> Result<Forced> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let length = reason.map_or(0, |reason| reason.chars().count());
    let fits = match channel {
        Channel::Vobiz => length <= 500,
        _ => (10..=500).contains(&length),
    };
    if fits { Ok(Forced { reason: reason.map(str::to_owned) }) } else { Err(Code::ReasonRequired.into()) }
}

/// [`take_back`] inside a transaction. A forced one is audited with its reason and what it skipped, also when no clock ran.
pub async fn take_back_in(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    number: &OwnedNumber,
    cool_off_days: i64,
    forced: Option<&Forced>,
) -> Result<()> {
    let now = recorder.now();
    let decision = number.facts().may_take_back(now, cool_off_days, forced.is_some())?;
    let called_by = forced.is_none().then(|| cool_offs::running_after(now, cool_off_days));
    swapped(store::numbers::take_back(connection, number, called_by, now).await?)?;
    let name = match &number.sub_account_id {
        Some(id) => store::sub_accounts::name(connection, id).await?,
        None => None,
    };
    let from = json!({ "subAccountId": number.sub_account_id, "subAccountName": name, "agentId": number.agent_id() });
    let Some(forced) = forced else {
        recorder.event(connection, number, EventKind::NumberTakenBack, from.clone()).await?;
        let after = json!({ "subAccountId": null });
        return recorder.audit_number(connection, number, Action::NumberTakenBack, Change::between(from, after)).await;
    };
    let until = cool_off::cool_off_until(number.last_call_at, cool_off_days);
    let skipped = json!({
        "e164": number.e164,
        "skippedSeconds": decision.overridden_s,
        "coolOffUntil": until.map(Timestamp::rfc3339),
        "reason": forced.reason,
    });
    if decision.overridden_s > 0 {
        recorder.event(connection, number, EventKind::CoolOffForced, skipped.clone()).await?;
    }
    recorder.event(connection, number, EventKind::NumberTakenBack, from.clone()).await?;
    let change = Change::between(from, skipped).because(forced.reason.as_deref());
    recorder.audit_number(connection, number, Action::CoolOffForced, change).await
}

/// What a sub-account's own people and keys never do (R10).
///
/// # Errors
/// `role_too_low`.
pub fn parent_only(caller: &Caller) -> Result<()> {
    if caller.sub_account_id.is_some() { Err(Code::RoleTooLow.into()) } else { Ok(()) }
}

/// Moves numbers to a column of the board, each in a transaction of its own and with an outcome of its own.
///
/// # Errors
/// `validation` for a senseless target, no number or too many. A number that is refused is no error but its outcome.
pub async fn move_numbers(state: &AppState, caller: &Caller, ids: &[String], target: &Target) -> Result<Vec<Moved>> {
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Err(Refusal::field("ids", format!("Name 1 to {MOST_AT_ONCE} numbers.")).into());
    }
    // All at once, so that the writer commits them together.
    let moves = join_all(ids.iter().map(|id| move_one(state, caller, id, target))).await;
    outcomes(state, caller, ids, moves).await
}

/// What came of a work on each of these numbers.
///
/// # Errors
/// Faults of ours; a refusal is an outcome.
pub async fn outcomes(state: &AppState, caller: &Caller, ids: &[String], answers: Vec<Result<()>>) -> Result<Vec<Moved>> {
    let mut connection = state.db.read().await?;
    let mut outcomes = Vec::with_capacity(ids.len());
    for (id, outcome) in ids.iter().zip(answers) {
        let refusal = match outcome {
            Ok(()) => None,
            Err(error) => Some(error.refusal().ok_or(error)?),
        };
        let e164 = own(&mut connection, caller, id).await.ok().map(|number| number.e164);
        outcomes.push(Moved { id: id.clone(), e164, refusal });
    }
    Ok(outcomes)
}

/// Moves one number to a column.
///
/// # Errors
/// Those of the step that it is.
pub async fn move_one(state: &AppState, caller: &Caller, id: &str, target: &Target) -> Result<()> {
    let recorder = Recorder::new(state, caller);
    let days = state.settings.cool_off_days;
    let (caller, id, target) = (caller.clone(), id.to_owned(), target.clone());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &id).await?;
            match step(&caller, &number, &target)? {
                Step::TakeBack => take_back_in(connection, &recorder, &number, days, None).await,
                Step::Unassign => unassign_in(connection, &recorder, &number).await,
                Step::Assign(agent_id) => assign_in(connection, &recorder, &number, agent_id).await.map(|_| ()),
                Step::HandOver(target) => unassign_and_hand_over(connection, &recorder, &number, target).await,
            }
        })
        .await
}

/// What a move to a column is for a number that stands where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    TakeBack,
    Unassign,
    Assign(&'a str),
    HandOver(&'a str),
}

/// Decides what a move is; whether it may be done is decided with the step.
///
/// # Errors
/// `number_in_sub_account` from a sub-account to an agent of the pool, `role_too_low` for a sub-account's own people and keys.
pub fn step<'a>(caller: &Caller, number: &OwnedNumber, target: &'a Target) -> Result<Step<'a>> {
    let inside = number.sub_account_id.is_some() && caller.sub_account_id.is_none();
    match target {
        Target::Free if inside => Ok(Step::TakeBack),
        Target::Free => Ok(Step::Unassign),
        // The columns of agents are the pool's; what is in a sub-account is taken back first (R53).
        Target::Agent(_) if inside => Err(Code::NumberInSubAccount.into()),
        Target::Agent(agent_id) => Ok(Step::Assign(agent_id)),
        Target::SubAccount(target) => parent_only(caller).map(|()| Step::HandOver(target)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_columns() {
        assert_eq!(Target::parse("free").expect("a column"), Target::Free);
        assert_eq!(Target::parse("agent:a1").expect("a column"), Target::Agent(String::from("a1")));
        assert_eq!(Target::parse("sub:s1").expect("a column"), Target::SubAccount(String::from("s1")));
        for text in ["", "agent:", "sub", "pool:x", "free:"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_reason_is_a_sentence_but_for_vobiz() {
        let long = "x".repeat(501);
        for text in [None, Some("too short"), Some("   padded     "), Some(long.as_str())] {
            assert!(check_reason(text, Channel::Native).is_err(), "{text:?}");
        }
        assert_eq!(check_reason(Some(" ten letters "), Channel::Browser).expect("fits").reason.as_deref(), Some("ten letters"));
        assert_eq!(check_reason(Some("  "), Channel::Vobiz).expect("fits").reason, None);
        assert!(check_reason(Some(&long), Channel::Vobiz).is_err());
    }
}
