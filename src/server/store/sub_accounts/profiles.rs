//! Sub-accounts with what is kept about the customer behind each: how to reach them, and what the Vobiz dialect shows besides.

use sqlx::AnyConnection;

use super::{SubAccount, SubAccountRow, columns};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// What is kept about a customer. Nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub description: Option<String>,
    /// A JSON object of flags, as it was given.
    pub permissions: Option<String>,
    /// Requests that the customer's own programs are meant to send in a period.
    pub rate_limit: i64,
}

/// A sub-account with its profile and what else is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfiledSubAccount {
    pub sub_account: SubAccount,
    pub profile: Profile,
    pub updated_at: Timestamp,
    /// When one of its keys was used last.
    pub last_used_at: Option<Timestamp>,
    /// The `MA_` id of its organization.
    pub parent_auth_id: String,
    pub parent_public_number: i64,
}

#[derive(sqlx::FromRow)]
struct ProfiledRow {
    #[sqlx(flatten)]
    sub_account: SubAccountRow,
    email: Option<String>,
    phone: Option<String>,
    description: Option<String>,
    permissions: Option<String>,
    rate_limit: i64,
    updated_at: i64,
    last_used_at: Option<i64>,
    parent_auth_id: String,
    parent_public_number: i64,
}

impl From<ProfiledRow> for ProfiledSubAccount {
    fn from(row: ProfiledRow) -> Self {
        Self {
            sub_account: row.sub_account.into(),
            profile: Profile {
                email: row.email,
                phone: row.phone,
                description: row.description,
                permissions: row.permissions,
                rate_limit: row.rate_limit,
            },
            updated_at: Timestamp::from_micros(row.updated_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
            parent_auth_id: row.parent_auth_id,
            parent_public_number: row.parent_public_number,
        }
    }
}

/// The rows of [`ProfiledRow`]: $1 is the organization, $2 the only sub-account or null.
macro_rules! select_profiled {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", s.email AS email, s.phone AS phone, s.description AS description, s.permissions AS permissions, \
             s.rate_limit AS rate_limit, COALESCE(s.updated_at, s.created_at) AS updated_at, \
             (SELECT MAX(k.last_used_at) FROM api_keys k WHERE k.sub_account_id = s.id) AS last_used_at, \
             o.auth_id AS parent_auth_id, COALESCE(o.public_number, 0) AS parent_public_number \
             FROM sub_accounts s JOIN organizations o ON o.id = s.organization_id \
             WHERE s.organization_id = $1 AND ($2 IS NULL OR s.id = $2) AND s.deleted_at IS NULL",
            $rest
        )
    };
}

/// One live sub-account.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<ProfiledSubAccount>, StoreError> {
    let row: Option<ProfiledRow> = sqlx::query_as(select_profiled!("")).bind(organization_id).bind(id).fetch_optional(connection).await?;
    Ok(row.map(ProfiledSubAccount::from))
}

/// The live sub-accounts (or the one that is named), newest first, without the first `offset`.
pub async fn page(
    connection: &mut AnyConnection,
    organization_id: &str,
    only: Option<&str>,
    active_only: bool,
    offset: i64,
    limit: i64,
) -> Result<Vec<ProfiledSubAccount>, StoreError> {
    let rows: Vec<ProfiledRow> =
        sqlx::query_as(select_profiled!(" AND ($3 = 0 OR s.disabled = 0) ORDER BY s.created_at DESC, s.id DESC LIMIT $4 OFFSET $5"))
            .bind(organization_id)
            .bind(only)
            .bind(i64::from(active_only))
            .bind(limit)
            .bind(offset)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(ProfiledSubAccount::from).collect())
}

/// How many [`page`] would find without a limit.
pub async fn count(
    connection: &mut AnyConnection,
    organization_id: &str,
    only: Option<&str>,
    active_only: bool,
) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT COUNT(*) FROM sub_accounts WHERE organization_id = $1 AND ($2 IS NULL OR id = $2) AND deleted_at IS NULL \
         AND ($3 = 0 OR disabled = 0)",
    )
    .bind(organization_id)
    .bind(only)
    .bind(i64::from(active_only))
    .fetch_one(connection)
    .await?)
}

/// Writes a profile. False when the sub-account is gone.
pub async fn set(connection: &mut AnyConnection, id: &str, profile: &Profile, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sub_accounts SET email = $1, phone = $2, description = $3, permissions = $4, rate_limit = $5, updated_at = $6 \
         WHERE id = $7 AND deleted_at IS NULL",
    )
    .bind(&profile.email)
    .bind(&profile.phone)
    .bind(&profile.description)
    .bind(&profile.permissions)
    .bind(profile.rate_limit)
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
