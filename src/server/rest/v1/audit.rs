//! `/audit`: who did what, and why.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::audit::Action;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Instant, Page, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::audit::{self, Audit, Wanted};

pub fn group() -> Group {
    let routes = vec![
        Route::get("/audit", "listAudit", list)
            .scope(Scope::AuditRead)
            .holders(Holders::OrganizationOrPlatform)
            .about("Lists what was done, newest first; a key of the platform reads the log of every organization."),
    ];
    Group { name: "Audit", text: "The log of what people, keys, the operator and Dialyard itself did. It is never changed.", routes }
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Actor)]
pub struct ActorBody {
    /// `user`, `key`, `platform` or `system`.
    pub kind: &'static str,
    /// Their id.
    pub id: String,
    /// The name that they had then.
    pub name: String,
}

/// What it was done to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditObject)]
pub struct ObjectBody {
    /// Such as `number`, `agent`, `key`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// As people know it.
    pub label: String,
}

/// A row of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEntry)]
pub struct AuditBody {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Instant,
    /// The organization's name; null for what concerns none.
    #[schema(required)]
    pub organization: Option<String>,
    /// Who.
    pub actor: ActorBody,
    /// What, such as `number.purchased`.
    pub action: &'static str,
    /// To what.
    pub object: ObjectBody,
    /// What was before.
    #[schema(required, value_type = Option<Object>)]
    pub before: Option<serde_json::Value>,
    /// What was after.
    #[schema(required, value_type = Option<Object>)]
    pub after: Option<serde_json::Value>,
    /// Why, where a reason was given.
    #[schema(required)]
    pub reason: Option<String>,
    /// Through which door: `browser`, `native`, `flowroute`, `vobiz`, `command` or `job`.
    pub channel: &'static str,
}

impl From<Audit> for AuditBody {
    fn from(row: Audit) -> Self {
        Self {
            id: row.id,
            at: Instant(row.at),
            organization: row.organization,
            actor: ActorBody { kind: row.actor.kind.name(), id: row.actor.id, name: row.actor.name },
            action: row.action.name(),
            object: ObjectBody { kind: row.object_kind, id: row.object_id, label: row.object_label },
            before: row.before,
            after: row.after,
            reason: row.reason,
            channel: row.channel.name(),
        }
    }
}

impl Sample for AuditBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-a000-7aaa-8bbb-0123456789ab"),
            at: Instant::sample(),
            organization: Some(String::from("Brightline")),
            actor: ActorBody { kind: "key", id: String::from("019ab3c0-8000-7aaa-8bbb-0123456789ab"), name: String::from("Reporting") },
            action: Action::NumberLocked.name(),
            object: ObjectBody {
                kind: String::from("number"),
                id: String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21"),
                label: String::from("(415) 555-0123"),
            },
            before: None,
            after: Some(serde_json::json!({ "locked": true })),
            reason: None,
            channel: "native",
        }
    }
}

struct AuditQuery {
    wanted: Wanted,
    limit: usize,
}

impl FromQuery for AuditQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("q", Kind::Text(100), "Part of a number, of an object's name, or of an actor's name."),
        Field::optional("action", Kind::Choice(Action::NAMES), "Only that action."),
        Field::optional(
            "actorKind",
            Kind::Choice(&["user", "key", "platform", "system"]),
            "Only what people, keys, the operator or Dialyard itself did.",
        ),
        Field::optional("from", Kind::Text(10), "The first day in UTC, such as `2026-11-30`."),
        Field::optional("until", Kind::Text(10), "The last day in UTC."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        let wanted = Wanted {
            text: values.required("q"),
            action: values.required("action"),
            actor: values.required("actorKind"),
            from: values.required("from"),
            until: values.required("until"),
            cursor: values.required("cursor"),
            of_everybody: false,
        };
        Self { wanted, limit: values.limit() }
    }
}

async fn list(call: Call, Query(query): Query<AuditQuery>) -> Result<Page<AuditBody>> {
    Ok(Page::of(query.limit, audit::list_by_key(&call.state, &call.caller, &query.wanted, query.limit).await?))
}
