//! The audit log: appended to, read, never changed (a trigger refuses it).

use serde_json::Value;
use sqlx::AnyConnection;

use crate::domain::audit::{Action, Actor, ActorKind, Channel};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A row to be written in the transaction of what it tells of.
#[derive(Debug)]
pub struct NewAudit<'a> {
    pub id: &'a str,
    pub organization_id: Option<&'a str>,
    pub actor: &'a Actor,
    pub action: Action,
    /// `number`, `agent`, `sub_account`, `user`, …
    pub object_kind: &'static str,
    pub object_id: &'a str,
    /// The object as people know it: the formatted number, a name.
    pub object_label: &'a str,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: Option<&'a str>,
    pub channel: Channel,
    pub at: Timestamp,
}

/// Writes an audit row.
pub async fn append(connection: &mut AnyConnection, row: &NewAudit<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (id, organization_id, actor_kind, actor_id, actor_name, action, object_kind, object_id, object_label, \
         before_json, after_json, reason, channel, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(row.id)
    .bind(row.organization_id)
    .bind(row.actor.kind.name())
    .bind(&row.actor.id)
    .bind(&row.actor.name)
    .bind(row.action.name())
    .bind(row.object_kind)
    .bind(row.object_id)
    .bind(row.object_label)
    .bind(row.before.as_ref().map(Value::to_string))
    .bind(row.after.as_ref().map(Value::to_string))
    .bind(row.reason)
    .bind(row.channel.name())
    .bind(row.at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// A row as it was written, with the organization's name for the operator.
#[derive(Debug, Clone)]
pub struct Audit {
    pub id: String,
    pub organization: Option<String>,
    pub actor: Actor,
    pub action: Action,
    pub object_kind: String,
    pub object_id: String,
    pub object_label: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: Option<String>,
    pub channel: Channel,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    id: String,
    organization: Option<String>,
    actor_kind: String,
    actor_id: String,
    actor_name: String,
    action: String,
    object_kind: String,
    object_id: String,
    object_label: String,
    before_json: Option<String>,
    after_json: Option<String>,
    reason: Option<String>,
    channel: String,
    at: i64,
}

impl TryFrom<AuditRow> for Audit {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "audit", column, id: row.id.clone() };
        let json = |text: Option<&String>, column| text.map(|text| serde_json::from_str(text).map_err(|_| broken(column))).transpose();
        Ok(Self {
            actor: Actor::new(ActorKind::from_name(&row.actor_kind).ok_or_else(|| broken("actor_kind"))?, row.actor_id, row.actor_name),
            action: Action::from_name(&row.action).ok_or_else(|| broken("action"))?,
            before: json(row.before_json.as_ref(), "before_json")?,
            after: json(row.after_json.as_ref(), "after_json")?,
            channel: Channel::from_name(&row.channel).ok_or_else(|| broken("channel"))?,
            at: Timestamp::from_micros(row.at),
            id: row.id,
            organization: row.organization,
            object_kind: row.object_kind,
            object_id: row.object_id,
            object_label: row.object_label,
            reason: row.reason,
        })
    }
}

/// Which rows to read. Texts are patterns for LIKE, escaped with `!` and in small letters.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// None reads all organizations: for the operator only.
    pub organization_id: Option<String>,
    /// Found in the object's or the actor's name, and in the organization's where all are read.
    pub text: Option<String>,
    /// Found among the digits of the object's name: a number typed without its punctuation.
    pub digits: Option<String>,
    pub action: Option<String>,
    pub actor_kind: Option<String>,
    /// Rows of this instant and later ones.
    pub from: Option<Timestamp>,
    /// Rows before this instant.
    pub before: Option<Timestamp>,
}

/// The filter as SQL over `$1` to `$7`, the same for rows and count.
macro_rules! filtered {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " FROM audit LEFT JOIN organizations ON organizations.id = audit.organization_id \
             WHERE ($1 IS NULL OR audit.organization_id = $1) AND ($2 IS NULL OR audit.action = $2) \
             AND ($3 IS NULL OR LOWER(audit.object_label) LIKE $3 ESCAPE '!' OR LOWER(audit.actor_name) LIKE $3 ESCAPE '!' \
             OR ($1 IS NULL AND LOWER(organizations.name) LIKE $3 ESCAPE '!') \
             OR ($4 IS NOT NULL AND REPLACE(REPLACE(REPLACE(REPLACE(audit.object_label, '(', ''), ')', ''), ' ', ''), '-', '') LIKE $4)) \
             AND ($5 IS NULL OR audit.actor_kind = $5) AND ($6 IS NULL OR audit.at >= $6) AND ($7 IS NULL OR audit.at < $7)",
            $tail
        )
    };
}

/// Rows that the filter lets through, newest first, below the row `after` (its time and id).
pub async fn list(
    connection: &mut AnyConnection,
    filter: &AuditFilter,
    after: Option<(Timestamp, &str)>,
    limit: i64,
) -> Result<Vec<Audit>, StoreError> {
    let rows: Vec<AuditRow> = sqlx::query_as(filtered!(
        "SELECT audit.id, organizations.name AS organization, actor_kind, actor_id, actor_name, action, object_kind, object_id, object_label, \
         before_json, after_json, reason, channel, at",
        " AND ($8 IS NULL OR (audit.at, audit.id) < ($8, $9)) ORDER BY audit.at DESC, audit.id DESC LIMIT $10"
    ))
    .bind(&filter.organization_id)
    .bind(&filter.action)
    .bind(&filter.text)
    .bind(&filter.digits)
    .bind(&filter.actor_kind)
    .bind(filter.from.map(Timestamp::micros))
    .bind(filter.before.map(Timestamp::micros))
    .bind(after.map(|(at, _)| at.micros()))
    .bind(after.map(|(_, id)| id.to_owned()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Audit::try_from).collect()
}

/// How many rows the filter lets through.
pub async fn count(connection: &mut AnyConnection, filter: &AuditFilter) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar(filtered!("SELECT COUNT(*)", ""))
        .bind(&filter.organization_id)
        .bind(&filter.action)
        .bind(&filter.text)
        .bind(&filter.digits)
        .bind(&filter.actor_kind)
        .bind(filter.from.map(Timestamp::micros))
        .bind(filter.before.map(Timestamp::micros))
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// The actions that occur, by name: what the page's filter offers.
pub async fn actions(connection: &mut AnyConnection, organization_id: Option<&str>) -> Result<Vec<String>, StoreError> {
    let names = sqlx::query_scalar("SELECT DISTINCT action FROM audit WHERE ($1 IS NULL OR organization_id = $1) ORDER BY action")
        .bind(organization_id.map(str::to_owned))
        .fetch_all(connection)
        .await?;
    Ok(names)
}
