//! Agents, their draft and their published versions. A deleted agent keeps its row, so that history can name it.

use sqlx::AnyConnection;

use super::place::{Place, bind_place, in_place};
use crate::domain::answering::AgentKind;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// What answers calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub id: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub name: String,
    pub kind: AgentKind,
    pub draft_destination: String,
    pub published_version: Option<u32>,
    pub published_destination: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// An agent as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAgent {
    pub agent: Agent,
    pub sub_account_name: Option<String>,
    /// Numbers that it answers.
    pub numbers: u32,
}

/// An agent to be made, without a published version.
#[derive(Debug, Clone)]
pub struct NewAgent {
    pub id: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub name: String,
    pub kind: AgentKind,
    pub destination: String,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct AgentRow {
    id: String,
    organization_id: String,
    sub_account_id: Option<String>,
    name: String,
    kind: String,
    draft_destination: String,
    published_version: Option<i64>,
    published_destination: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<AgentRow> for Agent {
    type Error = StoreError;

    fn try_from(row: AgentRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "agents", column, id: row.id.clone() };
        Ok(Self {
            kind: AgentKind::from_name(&row.kind).ok_or_else(|| broken("kind"))?,
            published_version: row.published_version.map(u32::try_from).transpose().map_err(|_| broken("published_version"))?,
            id: row.id,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            name: row.name,
            draft_destination: row.draft_destination,
            published_destination: row.published_destination,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    agent: AgentRow,
    sub_account_name: Option<String>,
    numbers: i64,
}

macro_rules! agent_columns {
    () => {
        "a.id AS id, a.organization_id AS organization_id, a.sub_account_id AS sub_account_id, a.name AS name, a.kind AS kind, \
         a.draft_destination AS draft_destination, a.published_version AS published_version, v.destination AS published_destination, \
         a.created_at AS created_at, a.updated_at AS updated_at"
    };
}

macro_rules! agent_source {
    () => {
        " FROM agents a LEFT JOIN agent_versions v ON v.agent_id = a.id AND v.version = a.published_version "
    };
}

/// Writes an agent.
pub async fn insert(connection: &mut AnyConnection, agent: &NewAgent) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO agents (id, organization_id, sub_account_id, name, kind, draft_destination, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(&agent.id)
    .bind(&agent.organization_id)
    .bind(&agent.sub_account_id)
    .bind(&agent.name)
    .bind(agent.kind.name())
    .bind(&agent.destination)
    .bind(agent.at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// A live agent of the organization.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<Agent>, StoreError> {
    let row: Option<AgentRow> = sqlx::query_as(concat!(
        "SELECT ",
        agent_columns!(),
        agent_source!(),
        "WHERE a.organization_id = $1 AND a.id = $2 AND a.deleted_at IS NULL"
    ))
    .bind(organization_id)
    .bind(id)
    .fetch_optional(connection)
    .await?;
    row.map(Agent::try_from).transpose()
}

/// The name of an agent, also of a deleted one.
pub async fn name(connection: &mut AnyConnection, id: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT name FROM agents WHERE id = $1").bind(id).fetch_optional(connection).await?;
    Ok(row.map(|(name,)| name))
}

/// Whether a live agent with that id is in exactly that place: the sub-account, or the pool for none.
pub async fn belongs(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
    id: &str,
) -> Result<bool, StoreError> {
    Ok(find(connection, organization_id, id).await?.is_some_and(|agent| agent.sub_account_id.as_deref() == sub_account_id))
}

/// The live agents of the organization, or of one sub-account, by name.
pub async fn list(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
) -> Result<Vec<ListedAgent>, StoreError> {
    let rows: Vec<ListedRow> = sqlx::query_as(concat!(
        "SELECT ",
        agent_columns!(),
        ", s.name AS sub_account_name, \
         (SELECT COUNT(*) FROM owned_numbers n WHERE n.agent_id = a.id AND n.status = 'assigned') AS numbers",
        agent_source!(),
        "LEFT JOIN sub_accounts s ON s.id = a.sub_account_id \
         WHERE a.organization_id = $1 AND ($2 IS NULL OR a.sub_account_id = $2) AND a.deleted_at IS NULL ORDER BY a.name, a.id"
    ))
    .bind(organization_id)
    .bind(sub_account_id)
    .fetch_all(connection)
    .await?;
    let listed = |row: ListedRow| {
        Ok(ListedAgent {
            numbers: u32::try_from(row.numbers).unwrap_or(u32::MAX),
            sub_account_name: row.sub_account_name,
            agent: Agent::try_from(row.agent)?,
        })
    };
    rows.into_iter().map(listed).collect()
}

/// The live agents of a place by name, below the agent `after` (its name and id).
pub async fn page(
    connection: &mut AnyConnection,
    place: &Place,
    after: Option<&[String; 2]>,
    limit: i64,
) -> Result<Vec<Agent>, StoreError> {
    let query = sqlx::query_as(in_place!(
        "SELECT a.id AS id, a.organization_id AS organization_id, a.sub_account_id AS sub_account_id, a.name AS name, a.kind AS kind, \
         a.draft_destination AS draft_destination, a.published_version AS published_version, v.destination AS published_destination, \
         a.created_at AS created_at, a.updated_at AS updated_at FROM agents a \
         LEFT JOIN agent_versions v ON v.agent_id = a.id AND v.version = a.published_version \
         WHERE a.deleted_at IS NULL AND a.organization_id = $1",
        "AND ($5 IS NULL OR (a.name, a.id) > ($5, $6)) ORDER BY a.name, a.id LIMIT $7"
    ));
    let rows: Vec<AgentRow> = bind_place!(query, place)
        .bind(after.map(|[name, _]| name.clone()))
        .bind(after.map(|[_, id]| id.clone()))
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Agent::try_from).collect()
}

/// How many live agents a place has.
pub async fn count(connection: &mut AnyConnection, place: &Place) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar(in_place!("SELECT COUNT(*) FROM agents WHERE deleted_at IS NULL AND organization_id = $1", ""));
    Ok(bind_place!(query, place).fetch_one(connection).await?)
}

/// Changes name, kind and draft of a live agent.
pub async fn update_draft(
    connection: &mut AnyConnection,
    id: &str,
    name: &str,
    kind: AgentKind,
    destination: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE agents SET name = $1, kind = $2, draft_destination = $3, updated_at = $4 WHERE id = $5 AND deleted_at IS NULL")
            .bind(name)
            .bind(kind.name())
            .bind(destination)
            .bind(now.micros())
            .bind(id)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Freezes the draft as the next version and points calls at it. Answers the version.
pub async fn publish(connection: &mut AnyConnection, id: &str, published_by: &str, now: Timestamp) -> Result<u32, StoreError> {
    let (version,): (i64,) = sqlx::query_as(
        "INSERT INTO agent_versions (agent_id, version, destination, published_by, created_at) \
         SELECT a.id, (SELECT COALESCE(MAX(v.version), 0) + 1 FROM agent_versions v WHERE v.agent_id = a.id), a.draft_destination, $2, $3 \
         FROM agents a WHERE a.id = $1 RETURNING version",
    )
    .bind(id)
    .bind(published_by)
    .bind(now.micros())
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query("UPDATE agents SET published_version = $1, updated_at = $2 WHERE id = $3")
        .bind(version)
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    u32::try_from(version).map_err(|_| StoreError::Inconsistent { table: "agent_versions", column: "version", id: id.to_owned() })
}

/// A published version of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentVersion {
    pub version: u32,
    pub destination: String,
    /// The name of whoever published it.
    pub published_by: String,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    destination: String,
    published_by: String,
    created_at: i64,
}

/// The versions of an agent, the newest first, below the version `before`.
pub async fn versions(connection: &mut AnyConnection, id: &str, before: Option<i64>, limit: i64) -> Result<Vec<AgentVersion>, StoreError> {
    let rows: Vec<VersionRow> = sqlx::query_as(
        "SELECT version, destination, published_by, created_at FROM agent_versions \
         WHERE agent_id = $1 AND ($2 IS NULL OR version < $2) ORDER BY version DESC LIMIT $3",
    )
    .bind(id)
    .bind(before)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let read = |row: VersionRow| {
        let broken = |_| StoreError::Inconsistent { table: "agent_versions", column: "version", id: id.to_owned() };
        Ok(AgentVersion {
            version: u32::try_from(row.version).map_err(broken)?,
            destination: row.destination,
            published_by: row.published_by,
            created_at: Timestamp::from_micros(row.created_at),
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many versions of an agent were published.
pub async fn count_versions(connection: &mut AnyConnection, id: &str) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM agent_versions WHERE agent_id = $1").bind(id).fetch_one(connection).await?)
}

/// Points calls at a version that was published before. False when the agent has none of that number.
pub async fn go_to_version(connection: &mut AnyConnection, id: &str, version: u32, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE agents SET published_version = $1, updated_at = $2 WHERE id = $3 AND deleted_at IS NULL \
         AND EXISTS (SELECT 1 FROM agent_versions v WHERE v.agent_id = $3 AND v.version = $1)",
    )
    .bind(i64::from(version))
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks an agent as deleted. False when it was so already.
pub async fn delete(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE agents SET deleted_at = $1, updated_at = $1 WHERE id = $2 AND deleted_at IS NULL")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks all agents of a sub-account as deleted.
pub async fn delete_of_sub_account(connection: &mut AnyConnection, sub_account_id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET deleted_at = $1, updated_at = $1 WHERE sub_account_id = $2 AND deleted_at IS NULL")
        .bind(now.micros())
        .bind(sub_account_id)
        .execute(connection)
        .await?;
    Ok(())
}
