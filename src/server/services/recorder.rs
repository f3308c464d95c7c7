//! Writing down what was done: the line in a number's timeline and the row in the audit log, in the transaction of the change.
//!
//! What was done is decided elsewhere; a change that was none is not written down.

use std::sync::Arc;

use serde_json::Value;
use sqlx::AnyConnection;

use super::caller::Caller;
use crate::domain::audit::{Action, Actor, Channel, EventKind};
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::ids::Ids;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::OwnedNumber;

/// Who acts, through which door, and when.
#[derive(Debug, Clone)]
pub struct Recorder {
    actor: Actor,
    channel: Channel,
    ids: Arc<Ids>,
    now: Timestamp,
}

/// What the audit log says was touched.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    pub organization_id: &'a str,
    /// `number`, `agent`, `sub_account`.
    pub kind: &'static str,
    pub id: &'a str,
    /// As people know it.
    pub label: &'a str,
}

/// What was, what is, and why.
#[derive(Debug, Clone, Default)]
pub struct Change<'a> {
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: Option<&'a str>,
}

impl<'a> Change<'a> {
    /// From one state to another, without a reason.
    #[must_use]
    pub const fn between(before: Value, after: Value) -> Self {
        Self { before: Some(before), after: Some(after), reason: None }
    }

    /// Something new, or something that went.
    #[must_use]
    pub const fn to(after: Value) -> Self {
        Self { before: None, after: Some(after), reason: None }
    }

    /// The same with the reason that was given.
    #[must_use]
    pub fn because(self, reason: Option<&'a str>) -> Self {
        Self { reason, ..self }
    }
}

impl Recorder {
    /// For what a caller does now.
    #[must_use]
    pub fn new(state: &AppState, caller: &Caller) -> Self {
        Self::of(state, caller.actor.clone(), caller.channel)
    }

    /// For what an actor without an organization does now: the operator, a job.
    #[must_use]
    pub fn of(state: &AppState, actor: Actor, channel: Channel) -> Self {
        Self { actor, channel, ids: state.ids.clone(), now: state.now() }
    }

    /// The instant of the change.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Through which door it came.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A new row id.
    #[must_use]
    pub fn new_id(&self) -> String {
        self.ids.next(self.now)
    }

    /// Writes a line of the number's timeline, now.
    pub async fn event(&self, connection: &mut AnyConnection, number: &OwnedNumber, kind: EventKind, data: Value) -> Result<()> {
        self.event_at(connection, number, kind, data, self.now).await
    }

    /// Writes a line of the number's timeline for something that happened at another instant.
    pub async fn event_at(
        &self,
        connection: &mut AnyConnection,
        number: &OwnedNumber,
        kind: EventKind,
        data: Value,
        at: Timestamp,
    ) -> Result<()> {
        let event = store::events::NewEvent {
            id: &self.new_id(),
            organization_id: &number.organization_id,
            ownership_id: Some(&number.id),
            kind,
            actor: &self.actor,
            data,
            at,
        };
        Ok(store::events::append(connection, &event).await?)
    }

    /// Writes an audit row about a number.
    pub async fn audit_number(
        &self,
        connection: &mut AnyConnection,
        number: &OwnedNumber,
        action: Action,
        change: Change<'_>,
    ) -> Result<()> {
        let label = phone::formatted(&number.e164);
        let object = Object { organization_id: &number.organization_id, kind: "number", id: &number.id, label: &label };
        self.audit(connection, object, action, change).await
    }

    /// Writes an audit row.
    pub async fn audit(&self, connection: &mut AnyConnection, object: Object<'_>, action: Action, change: Change<'_>) -> Result<()> {
        let row = store::audit::NewAudit {
            id: &self.new_id(),
            organization_id: Some(object.organization_id),
            actor: &self.actor,
            action,
            object_kind: object.kind,
            object_id: object.id,
            object_label: object.label,
            before: change.before,
            after: change.after,
            reason: change.reason,
            channel: self.channel,
            at: self.now,
        };
        Ok(store::audit::append(connection, &row).await?)
    }
}
