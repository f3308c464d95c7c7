//! Agents: making one, editing its draft, publishing a version, deleting it. Which numbers it answers is decided in `moving`.

use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cursor::{self, Found};
use super::recorder::{Change, Object, Recorder};
use crate::domain::account::Role;
use crate::domain::answering::{AgentKind, agent_destination};
use crate::domain::audit::{Action, EventKind};
use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::agents::{Agent, AgentVersion};
use crate::server::store::agents::{ListedAgent, NewAgent};
use crate::server::store::sub_accounts::SubAccount;

use super::cool_offs::running_after;

/// Letters of a name.
const LONGEST_NAME: usize = 80;

/// What people write about an agent.
#[derive(Debug, Clone, Default)]
pub struct AgentInput {
    pub name: String,
    /// `ai_voice`, `call_centre`, `person`.
    pub kind: String,
    pub destination: String,
}

/// What shall be another one; nothing for what stays.
#[derive(Debug, Clone, Default)]
pub struct AgentChange {
    pub name: Option<String>,
    pub kind: Option<String>,
    pub destination: Option<String>,
}

/// All agents that the caller sees.
#[derive(Debug, Clone)]
pub struct AgentList {
    pub agents: Vec<ListedAgent>,
    /// Where a new one can be made besides the pool.
    pub sub_accounts: Vec<SubAccount>,
    pub can_edit: bool,
    pub can_delete: bool,
}

/// What a deletion freed.
#[derive(Debug, Clone)]
pub struct Deleted {
    pub agent: Agent,
    /// The numbers that it answered, as E.164.
    pub freed: Vec<String>,
}

/// What was written, checked.
struct Checked {
    name: String,
    kind: AgentKind,
    destination: String,
}

/// A name of 1 to 80 letters without control characters.
///
/// # Errors
/// The field error.
pub fn check_name(name: &str) -> std::result::Result<String, FieldError> {
    let name = name.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(FieldError::new("name", format!("Write a name of 1 to {LONGEST_NAME} letters."))) }
}

fn check(input: &AgentInput) -> Result<Checked> {
    let name = check_name(&input.name);
    let kind = AgentKind::from_name(&input.kind).ok_or_else(|| FieldError::new("kind", "Choose what kind of agent it is."));
    let destination = agent_destination(&input.destination).map_err(|fault| FieldError::new("destination", fault.to_string()));
    match (name, kind, destination) {
        (Ok(name), Ok(kind), Ok(destination)) => Ok(Checked { name, kind, destination }),
        (name, kind, destination) => {
            let errors = [name.err(), kind.err(), destination.err()].into_iter().flatten().collect();
            Err(Refusal::Validation { errors }.into())
        }
    }
}

/// The caller's agent.
async fn own(connection: &mut AnyConnection, caller: &Caller, id: &str) -> Result<Agent> {
    let agent = store::agents::find(connection, &caller.organization_id, id).await?;
    Ok(agent.filter(|agent| caller.sees(agent.sub_account_id.as_deref())).ok_or(Code::NotFound)?)
}

fn object(agent: &Agent) -> Object<'_> {
    Object { organization_id: &agent.organization_id, kind: "agent", id: &agent.id, label: &agent.name }
}

/// All agents that the caller sees, by name.
///
/// # Errors
/// Only when the store fails.
pub async fn list(state: &AppState, caller: &Caller) -> Result<AgentList> {
    let only = caller.sub_account_id.as_deref();
    let after = running_after(state.now(), state.settings.cool_off_days);
    let mut connection = state.db.read().await?;
    let sub_accounts = store::sub_accounts::list(&mut connection, &caller.organization_id, only, after).await?;
    Ok(AgentList {
        agents: store::agents::list(&mut connection, &caller.organization_id, only).await?,
        sub_accounts: sub_accounts.into_iter().map(|listed| listed.sub_account).collect(),
        can_edit: caller.role >= Role::Member,
        can_delete: caller.role >= Role::Admin,
    })
}

/// The agents that a number of the caller's own place can be given to.
///
/// # Errors
/// Only when the store fails.
pub async fn choices(state: &AppState, caller: &Caller) -> Result<Vec<ListedAgent>> {
    let only = caller.sub_account_id.as_deref();
    let mut connection = state.db.read().await?;
    let agents = store::agents::list(&mut connection, &caller.organization_id, only).await?;
    Ok(agents.into_iter().filter(|listed| listed.agent.sub_account_id.as_deref() == only).collect())
}

/// The name of one of the caller's agents; none when it has none of that id.
///
/// # Errors
/// Only when the store fails.
pub async fn name_of(state: &AppState, caller: &Caller, id: &str) -> Result<Option<String>> {
    let mut connection = state.db.read().await?;
    let agent = store::agents::find(&mut connection, &caller.organization_id, id).await?;
    Ok(agent.filter(|agent| caller.sees(agent.sub_account_id.as_deref())).map(|agent| agent.name))
}

/// Makes an agent, in a sub-account or in the pool; a caller of a sub-account makes it there. With `publish` its draft is
/// published at once.
///
/// # Errors
/// `validation`, `not_found` for a sub-account of somebody else.
pub async fn create(state: &AppState, caller: &Caller, input: &AgentInput, sub_account_id: Option<&str>, publish: bool) -> Result<Agent> {
    let checked = check(input)?;
    let place = sub_account_id.map(str::to_owned).or_else(|| caller.sub_account_id.clone());
    if !caller.sees(place.as_deref()) {
        return Err(Code::NotFound.into());
    }
    let recorder = Recorder::new(state, caller);
    let agent = NewAgent {
        id: recorder.new_id(),
        organization_id: caller.organization_id.clone(),
        sub_account_id: place,
        name: checked.name,
        kind: checked.kind,
        destination: checked.destination,
        at: recorder.now(),
    };
    state
        .db
        .write(async move |connection| {
            if let Some(place) = &agent.sub_account_id
                && store::sub_accounts::find(connection, &agent.organization_id, place).await?.is_none()
            {
                return Err(Code::NotFound.into());
            }
            store::agents::insert(connection, &agent).await?;
            let made = reload(connection, &agent.organization_id, &agent.id).await?;
            let change =
                Change::to(json!({ "kind": made.kind, "destination": made.draft_destination, "subAccountId": made.sub_account_id }));
            recorder.audit(connection, object(&made), Action::AgentCreated, change).await?;
            if publish {
                publish_in(connection, &recorder, &made).await?;
            }
            reload(connection, &agent.organization_id, &agent.id).await
        })
        .await
}

async fn reload(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Agent> {
    Ok(store::agents::find(connection, organization_id, id).await?.ok_or(Code::NotFound)?)
}

/// Changes name, kind and draft. Calls go on to the published version.
///
/// # Errors
/// `validation`, `not_found`.
pub async fn edit(state: &AppState, caller: &Caller, id: &str, input: &AgentInput) -> Result<Agent> {
    let AgentInput { name, kind, destination } = input.clone();
    change(state, caller, id, &AgentChange { name: Some(name), kind: Some(kind), destination: Some(destination) }).await
}

/// Changes some of name, kind and draft. Calls go on to the published version.
///
/// # Errors
/// `validation`, `not_found`.
pub async fn change(state: &AppState, caller: &Caller, id: &str, change: &AgentChange) -> Result<Agent> {
    let recorder = Recorder::new(state, caller);
    let (caller, id, change) = (caller.clone(), id.to_owned(), change.clone());
    state
        .db
        .write(async move |connection| {
            let agent = own(connection, &caller, &id).await?;
            let checked = check(&AgentInput {
                name: change.name.clone().unwrap_or_else(|| agent.name.clone()),
                kind: change.kind.clone().unwrap_or_else(|| agent.kind.name().to_owned()),
                destination: change.destination.clone().unwrap_or_else(|| agent.draft_destination.clone()),
            })?;
            if agent.name == checked.name && agent.kind == checked.kind && agent.draft_destination == checked.destination {
                return Ok(agent);
            }
            let Checked { name, kind, destination } = &checked;
            if !store::agents::update_draft(connection, &id, name, *kind, destination, recorder.now()).await? {
                return Err(Code::NotFound.into());
            }
            let before = json!({ "name": agent.name, "kind": agent.kind, "destination": agent.draft_destination });
            let after = json!({ "name": name, "kind": kind, "destination": destination });
            recorder.audit(connection, object(&agent), Action::AgentEdited, Change::between(before, after)).await?;
            reload(connection, &caller.organization_id, &id).await
        })
        .await
}

/// A page of the caller's agents by name. `sub_account_id` is `none` for those of the pool.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn page(
    state: &AppState,
    caller: &Caller,
    sub_account_id: Option<&str>,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Found<Agent>> {
    let (after, place) = (cursor::decode::<2>(cursor)?, caller.place(sub_account_id));
    let mut connection = state.db.read().await?;
    let rows = store::agents::page(&mut connection, &place, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::agents::count(&mut connection, &place).await?;
    Ok(Found::new(rows, total, limit, |agent| cursor::encode(&[&agent.name, &agent.id])))
}

/// One of the caller's agents.
///
/// # Errors
/// `not_found`.
pub async fn get(state: &AppState, caller: &Caller, id: &str) -> Result<Agent> {
    let mut connection = state.db.read().await?;
    own(&mut connection, caller, id).await
}

/// A page of the versions of an agent, newest first.
///
/// # Errors
/// `not_found`, and `validation` for a cursor that this list did not give.
pub async fn versions(
    state: &AppState,
    caller: &Caller,
    id: &str,
    limit: usize,
    cursor: Option<&str>,
) -> Result<(Agent, Found<AgentVersion>)> {
    let before = cursor::decode_number(cursor)?;
    let mut connection = state.db.read().await?;
    let agent = own(&mut connection, caller, id).await?;
    let rows = store::agents::versions(&mut connection, id, before, cursor::rows(limit)).await?;
    let total = store::agents::count_versions(&mut connection, id).await?;
    Ok((agent, Found::new(rows, total, limit, |version| cursor::encode(&[&version.version.to_string()]))))
}

/// Lets calls go to a version that was published before. The draft stays as it is. The version that they go to already is no change.
///
/// # Errors
/// `not_found` for an agent of somebody else, `validation` for a version that was never published.
pub async fn roll_back(state: &AppState, caller: &Caller, id: &str, version: u32) -> Result<Agent> {
    let recorder = Recorder::new(state, caller);
    let (caller, id) = (caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let agent = own(connection, &caller, &id).await?;
            if agent.published_version == Some(version) {
                return Ok(agent);
            }
            if !store::agents::go_to_version(connection, &id, version, recorder.now()).await? {
                return Err(Refusal::field("version", "This version was never published.").into());
            }
            let now = reload(connection, &caller.organization_id, &id).await?;
            let before = json!({ "version": agent.published_version, "destination": agent.published_destination });
            let after = json!({ "version": now.published_version, "destination": now.published_destination });
            recorder.audit(connection, object(&agent), Action::AgentRolledBack, Change::between(before, after)).await?;
            Ok::<_, Error>(now)
        })
        .await
}

/// Freezes the draft as the next version; calls go to it from now on. A draft that is published already is no change.
///
/// # Errors
/// `not_found`.
pub async fn publish(state: &AppState, caller: &Caller, id: &str) -> Result<Agent> {
    let recorder = Recorder::new(state, caller);
    let (caller, id) = (caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let agent = own(connection, &caller, &id).await?;
            publish_in(connection, &recorder, &agent).await?;
            reload(connection, &caller.organization_id, &id).await
        })
        .await
}

async fn publish_in(connection: &mut AnyConnection, recorder: &Recorder, agent: &Agent) -> Result<()> {
    if agent.published_destination.as_ref() == Some(&agent.draft_destination) {
        return Ok(());
    }
    let version = store::agents::publish(connection, &agent.id, &recorder.actor().name, recorder.now()).await?;
    let before = json!({ "version": agent.published_version, "destination": agent.published_destination });
    let after = json!({ "version": version, "destination": agent.draft_destination });
    recorder.audit(connection, object(agent), Action::AgentPublished, Change::between(before, after)).await
}

/// Deletes an agent. Its numbers become available in the same transaction, one event each (R37).
///
/// # Errors
/// `not_found`.
pub async fn delete(state: &AppState, caller: &Caller, id: &str) -> Result<Deleted> {
    let recorder = Recorder::new(state, caller);
    let (caller, id) = (caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let agent = own(connection, &caller, &id).await?;
            let numbers = store::numbers::of_agent(connection, &id).await?;
            for number in &numbers {
                if !store::numbers::clear_agent(connection, number, recorder.now()).await? {
                    return Err(Code::Conflict.into());
                }
                let data = json!({ "agentId": agent.id, "agentName": agent.name, "cause": "agent_deleted" });
                recorder.event(connection, number, EventKind::NumberUnassigned, data).await?;
            }
            if !store::agents::delete(connection, &id, recorder.now()).await? {
                return Err(Code::NotFound.into());
            }
            let freed: Vec<String> = numbers.into_iter().map(|number| number.e164).collect();
            let change = Change::to(json!({ "freed": freed }));
            recorder.audit(connection, object(&agent), Action::AgentDeleted, change).await?;
            Ok::<_, Error>(Deleted { agent, freed })
        })
        .await
}
