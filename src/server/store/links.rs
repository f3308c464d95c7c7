//! One-time links: invitations and password resets. Only the hash of a link's secret is stored.

use sqlx::AnyConnection;

use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Joining an organization.
    Invitation,
    /// Choosing a new password.
    Reset,
}

impl Purpose {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    /// The purpose with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Invitation, Self::Reset].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A link as it is stored.
#[derive(Debug, Clone)]
pub struct Link {
    pub token_hash: String,
    pub purpose: Purpose,
    pub email: String,
    /// Where an invitation leads; none for a reset.
    pub organization_id: Option<String>,
    pub role: Option<Role>,
    pub created_by: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    token_hash: String,
    purpose: String,
    email: String,
    organization_id: Option<String>,
    role: Option<String>,
    created_by: Option<String>,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "one_time_links", column, id: row.token_hash.clone() };
        Ok(Self {
            purpose: Purpose::from_name(&row.purpose).ok_or_else(|| broken("purpose"))?,
            role: row.role.as_deref().map(|role| Role::from_name(role).ok_or_else(|| broken("role"))).transpose()?,
            email: row.email,
            organization_id: row.organization_id,
            created_by: row.created_by,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            token_hash: row.token_hash,
        })
    }
}

/// Writes a link.
pub async fn insert(connection: &mut AnyConnection, link: &Link) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO one_time_links (token_hash, purpose, email, organization_id, role, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&link.token_hash)
    .bind(link.purpose.name())
    .bind(&link.email)
    .bind(&link.organization_id)
    .bind(link.role.map(|role| role.name().to_owned()))
    .bind(&link.created_by)
    .bind(link.created_at.micros())
    .bind(link.expires_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// The link with that hash, if it can still be used.
pub async fn find_usable(connection: &mut AnyConnection, token_hash: &str, now: Timestamp) -> Result<Option<Link>, StoreError> {
    let row: Option<LinkRow> = sqlx::query_as(
        "SELECT token_hash, purpose, email, organization_id, role, created_by, created_at, expires_at FROM one_time_links \
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now.micros())
    .fetch_optional(connection)
    .await?;
    row.map(Link::try_from).transpose()
}

/// Uses a link up; false when somebody else did, or when its time has ended.
pub async fn mark_used(connection: &mut AnyConnection, token_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE one_time_links SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1")
        .bind(now.micros())
        .bind(token_hash)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes older links of the same kind for the same person useless: only the newest one counts.
pub async fn withdraw(
    connection: &mut AnyConnection,
    purpose: Purpose,
    email: &str,
    organization_id: Option<&str>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE one_time_links SET used_at = $1 WHERE purpose = $2 AND email = $3 AND ($4 IS NULL OR organization_id = $4) AND used_at IS NULL",
    )
    .bind(now.micros())
    .bind(purpose.name())
    .bind(email)
    .bind(organization_id.map(str::to_owned))
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// A page of the invitations that nobody has used yet, the newest first, below the one `after` (its time and email).
pub async fn invitations_page(
    connection: &mut AnyConnection,
    organization_id: &str,
    now: Timestamp,
    after: Option<&(i64, String)>,
    limit: i64,
) -> Result<Vec<Link>, StoreError> {
    let rows: Vec<LinkRow> = sqlx::query_as(
        "SELECT token_hash, purpose, email, organization_id, role, created_by, created_at, expires_at FROM one_time_links \
         WHERE organization_id = $1 AND purpose = 'invitation' AND used_at IS NULL AND expires_at > $2 \
         AND ($3 IS NULL OR (created_at, email) < ($3, $4)) ORDER BY created_at DESC, email DESC LIMIT $5",
    )
    .bind(organization_id)
    .bind(now.micros())
    .bind(after.map(|(at, _)| *at))
    .bind(after.map(|(_, email)| email.clone()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Link::try_from).collect()
}

/// How many invitations nobody has used yet.
pub async fn count_invitations(connection: &mut AnyConnection, organization_id: &str, now: Timestamp) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT COUNT(*) FROM one_time_links WHERE organization_id = $1 AND purpose = 'invitation' AND used_at IS NULL AND expires_at > $2",
    )
    .bind(organization_id)
    .bind(now.micros())
    .fetch_one(connection)
    .await?)
}

/// Invitations of an organization that nobody has used yet, the newest first.
pub async fn open_invitations(connection: &mut AnyConnection, organization_id: &str, now: Timestamp) -> Result<Vec<Link>, StoreError> {
    let rows: Vec<LinkRow> = sqlx::query_as(
        "SELECT token_hash, purpose, email, organization_id, role, created_by, created_at, expires_at FROM one_time_links \
         WHERE organization_id = $1 AND purpose = 'invitation' AND used_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, token_hash",
    )
    .bind(organization_id)
    .bind(now.micros())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Link::try_from).collect()
}
