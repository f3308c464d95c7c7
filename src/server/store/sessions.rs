//! Sessions of people, and the sign-in attempts that are counted against guessing.

use sqlx::AnyConnection;

use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A session to be written. `id_hash` is the SHA-256 of what the cookie carries.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub id_hash: String,
    pub user_id: String,
    pub organization_id: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The organization that a session has chosen, with the role as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenOrganization {
    pub id: String,
    pub name: String,
    pub role: Role,
    pub sub_account_id: Option<String>,
}

/// A session with the person and the membership as they are now, so that a change counts from the next request on.
#[derive(Debug, Clone)]
pub struct StoredSession {
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub platform_admin: bool,
    pub organization: Option<ChosenOrganization>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    user_id: String,
    name: String,
    email: String,
    platform_admin: i64,
    organization_id: Option<String>,
    organization_name: Option<String>,
    role: Option<String>,
    sub_account_id: Option<String>,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
}

impl TryFrom<SessionRow> for StoredSession {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        // All three come from the same joined rows: either all are there or the person is no member (any more).
        let organization = match (row.organization_id, row.organization_name, row.role) {
            (Some(id), Some(name), Some(role)) => {
                let role = Role::from_name(&role).ok_or_else(|| StoreError::Inconsistent {
                    table: "memberships",
                    column: "role",
                    id: row.user_id.clone(),
                })?;
                Some(ChosenOrganization { id, name, role, sub_account_id: row.sub_account_id })
            }
            _ => None,
        };
        Ok(Self {
            user_id: row.user_id,
            name: row.name,
            email: row.email,
            platform_admin: row.platform_admin == 1,
            organization,
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

/// Writes a session.
pub async fn insert(connection: &mut AnyConnection, session: &NewSession) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (id_hash, user_id, organization_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)",
    )
    .bind(&session.id_hash)
    .bind(&session.user_id)
    .bind(&session.organization_id)
    .bind(session.created_at.micros())
    .bind(session.expires_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// The session with that hash, whether it has ended or not. A person of a sub-account that was deleted is no member any more.
pub async fn find(connection: &mut AnyConnection, id_hash: &str) -> Result<Option<StoredSession>, StoreError> {
    let row: Option<SessionRow> = sqlx::query_as(
        "SELECT users.id AS user_id, users.name, users.email, users.platform_admin, organizations.id AS organization_id, \
         organizations.name AS organization_name, memberships.role, memberships.sub_account_id, \
         sessions.created_at, sessions.last_seen_at, sessions.expires_at \
         FROM sessions JOIN users ON users.id = sessions.user_id \
         LEFT JOIN memberships ON memberships.user_id = sessions.user_id AND memberships.organization_id = sessions.organization_id \
         AND (memberships.sub_account_id IS NULL OR EXISTS ( \
         SELECT 1 FROM sub_accounts WHERE sub_accounts.id = memberships.sub_account_id AND sub_accounts.deleted_at IS NULL)) \
         LEFT JOIN organizations ON organizations.id = memberships.organization_id AND organizations.closed_at IS NULL \
         WHERE sessions.id_hash = $1",
    )
    .bind(id_hash)
    .fetch_optional(connection)
    .await?;
    row.map(StoredSession::try_from).transpose()
}

/// Notes that the session was used.
pub async fn touch(connection: &mut AnyConnection, id_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE id_hash = $2 AND last_seen_at < $1")
        .bind(now.micros())
        .bind(id_hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends one session; false when it had ended already.
pub async fn delete(connection: &mut AnyConnection, id_hash: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE id_hash = $1").bind(id_hash).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of a person.
pub async fn delete_of_user(connection: &mut AnyConnection, user_id: &str) -> Result<u64, StoreError> {
    Ok(sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user_id).execute(connection).await?.rows_affected())
}

/// Ends the sessions in which a person had chosen that organization.
pub async fn delete_of_member(connection: &mut AnyConnection, user_id: &str, organization_id: &str) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND organization_id = $2")
        .bind(user_id)
        .bind(organization_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// The live sessions of a person, the latest used first: their hash, when they began, and when they were last used.
pub async fn of_user(
    connection: &mut AnyConnection,
    user_id: &str,
    now: Timestamp,
    seen_after: Timestamp,
    limit: i64,
) -> Result<Vec<(String, Timestamp, Timestamp)>, StoreError> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT id_hash, created_at, last_seen_at FROM sessions WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3 \
         ORDER BY last_seen_at DESC, id_hash LIMIT $4",
    )
    .bind(user_id)
    .bind(now.micros())
    .bind(seen_after.micros())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let session = |(id_hash, created, seen)| (id_hash, Timestamp::from_micros(created), Timestamp::from_micros(seen));
    Ok(rows.into_iter().map(session).collect())
}

/// Ends all sessions of a person but one.
pub async fn delete_others(connection: &mut AnyConnection, user_id: &str, id_hash: &str) -> Result<u64, StoreError> {
    let done =
        sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id_hash <> $2").bind(user_id).bind(id_hash).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Deletes sessions that nobody can use any more.
pub async fn delete_ended(connection: &mut AnyConnection, now: Timestamp, seen_before: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2")
        .bind(now.micros())
        .bind(seen_before.micros())
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// When the attempts of a subject after `since` were made, newest first, at most `limit` of them.
pub async fn attempts(connection: &mut AnyConnection, subject: &str, since: Timestamp, limit: i64) -> Result<Vec<Timestamp>, StoreError> {
    let rows: Vec<i64> = sqlx::query_scalar("SELECT at FROM sign_in_attempts WHERE subject = $1 AND at > $2 ORDER BY at DESC LIMIT $3")
        .bind(subject)
        .bind(since.micros())
        .bind(limit)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(Timestamp::from_micros).collect())
}

/// Writes an attempt.
pub async fn insert_attempt(connection: &mut AnyConnection, id: &str, subject: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO sign_in_attempts (id, subject, at) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(subject)
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets one attempt, which turned out to be right.
pub async fn delete_attempt(connection: &mut AnyConnection, id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sign_in_attempts WHERE id = $1").bind(id).execute(connection).await?;
    Ok(())
}

/// Forgets all attempts of a subject.
pub async fn delete_attempts_of(connection: &mut AnyConnection, subject: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sign_in_attempts WHERE subject = $1").bind(subject).execute(connection).await?;
    Ok(())
}

/// Forgets attempts that no limit looks at any more.
pub async fn delete_attempts_before(connection: &mut AnyConnection, before: Timestamp) -> Result<u64, StoreError> {
    Ok(sqlx::query("DELETE FROM sign_in_attempts WHERE at < $1").bind(before.micros()).execute(connection).await?.rows_affected())
}
