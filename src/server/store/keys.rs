//! API keys. A key is only a secret (R4); its SHA-256 is what is stored and looked up.

use sqlx::AnyConnection;

use super::place::{Place, bind_place, in_place};
use crate::domain::scope::{Scope, Scopes};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A key as it is stored; the secret is not.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: String,
    /// None for platform keys.
    pub organization_id: Option<String>,
    pub sub_account_id: Option<String>,
    pub name: String,
    pub scopes: Scopes,
    pub created_by: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// Until then the secret before the last rotation is accepted too.
    pub old_secret_until: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    organization_id: Option<String>,
    sub_account_id: Option<String>,
    name: String,
    scopes: String,
    created_by: Option<String>,
    created_at: i64,
    last_used_at: Option<i64>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    old_secret_until: Option<i64>,
}

impl TryFrom<KeyRow> for Key {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        let scopes =
            Scopes::parse(&row.scopes).map_err(|_| StoreError::Inconsistent { table: "api_keys", column: "scopes", id: row.id.clone() })?;
        Ok(Self {
            id: row.id,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            name: row.name,
            scopes,
            created_by: row.created_by,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
            expires_at: row.expires_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            old_secret_until: row.old_secret_until.map(Timestamp::from_micros),
        })
    }
}

/// Writes a key under the hash of its secret.
pub async fn insert(connection: &mut AnyConnection, key: &Key, secret_hash: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO api_keys (id, organization_id, sub_account_id, name, secret_hash, scopes, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&key.id)
    .bind(&key.organization_id)
    .bind(&key.sub_account_id)
    .bind(&key.name)
    .bind(secret_hash)
    .bind(key.scopes.to_string())
    .bind(&key.created_by)
    .bind(key.created_at.micros())
    .bind(key.expires_at.map(Timestamp::micros))
    .execute(connection)
    .await?;
    Ok(())
}

macro_rules! select_key {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, sub_account_id, name, scopes, created_by, created_at, last_used_at, expires_at, revoked_at, \
             old_secret_until FROM api_keys ",
            $rest
        )
    };
}

/// The keys of a place that are not revoked, the newest first, below the key `after` (its time and id).
pub async fn list(
    connection: &mut AnyConnection,
    place: &Place,
    after: Option<&(i64, String)>,
    limit: i64,
) -> Result<Vec<Key>, StoreError> {
    let query = sqlx::query_as(in_place!(
        "SELECT id, organization_id, sub_account_id, name, scopes, created_by, created_at, last_used_at, expires_at, revoked_at, \
         old_secret_until FROM api_keys WHERE revoked_at IS NULL AND COALESCE(organization_id, '') = $1",
        "AND ($5 IS NULL OR (created_at, id) < ($5, $6)) ORDER BY created_at DESC, id DESC LIMIT $7"
    ));
    let rows: Vec<KeyRow> = bind_place!(query, place)
        .bind(after.map(|(at, _)| *at))
        .bind(after.map(|(_, id)| id.clone()))
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Key::try_from).collect()
}

/// How many keys of a place are not revoked.
pub async fn count(connection: &mut AnyConnection, place: &Place) -> Result<i64, StoreError> {
    let query =
        sqlx::query_scalar(in_place!("SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL AND COALESCE(organization_id, '') = $1", ""));
    Ok(bind_place!(query, place).fetch_one(connection).await?)
}

/// One key of an organization, or of the platform for an empty one, revoked or not.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<Key>, StoreError> {
    let row: Option<KeyRow> = sqlx::query_as(select_key!("WHERE COALESCE(organization_id, '') = $1 AND id = $2"))
        .bind(organization_id)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(Key::try_from).transpose()
}

/// The person behind a key: who minted it, or who minted the key by which it was minted. The outer none is for an id of no key.
pub async fn creator(connection: &mut AnyConnection, id: &str) -> Result<Option<Option<String>>, StoreError> {
    let row: Option<(Option<String>,)> =
        sqlx::query_as("SELECT created_by FROM api_keys WHERE id = $1").bind(id).fetch_optional(connection).await?;
    Ok(row.map(|(created_by,)| created_by))
}

/// Gives a key that is not revoked a new secret; the old one is accepted until `old_until`, or from now on no more. False when it is
/// revoked.
pub async fn rotate(connection: &mut AnyConnection, id: &str, secret_hash: &str, old_until: Option<Timestamp>) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE api_keys SET old_secret_hash = CASE WHEN $1 IS NULL THEN NULL ELSE secret_hash END, old_secret_until = $1, \
         secret_hash = $2 WHERE id = $3 AND revoked_at IS NULL",
    )
    .bind(old_until.map(Timestamp::micros))
    .bind(secret_hash)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a key; false when it had ended already.
pub async fn revoke(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the keys that carry `scope` and were minted by that person.
pub async fn revoke_minted_by(connection: &mut AnyConnection, user_id: &str, scope: Scope, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE api_keys SET revoked_at = $1 WHERE created_by = $2 AND ' ' || scopes || ' ' LIKE '% ' || $3 || ' %' AND revoked_at IS NULL",
    )
    .bind(now.micros())
    .bind(user_id)
    .bind(scope.name())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Ends all keys of a sub-account (it is being deleted).
pub async fn revoke_of_sub_account(connection: &mut AnyConnection, sub_account_id: &str, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("UPDATE api_keys SET revoked_at = $1 WHERE sub_account_id = $2 AND revoked_at IS NULL")
        .bind(now.micros())
        .bind(sub_account_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Whether the organization has that sub-account, so that a key may be made for it.
pub async fn sub_account_exists(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sub_accounts WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL")
        .bind(organization_id)
        .bind(id)
        .fetch_one(connection)
        .await?;
    Ok(count == 1)
}

/// A live key with the account it belongs to.
#[derive(Debug, Clone)]
pub struct KeyOfAccount {
    pub key: Key,
    /// `MA_…` or `SA_…`; none for platform keys.
    pub auth_id: Option<String>,
    /// The sub-account is disabled or the organization is closed.
    pub disabled: bool,
}

#[derive(sqlx::FromRow)]
struct KeyOfAccountRow {
    #[sqlx(flatten)]
    key: KeyRow,
    auth_id: Option<String>,
    disabled: i64,
}

/// The live key with that hash and its account: what a request is checked against.
pub async fn find_with_account(
    connection: &mut AnyConnection,
    secret_hash: &str,
    now: Timestamp,
) -> Result<Option<KeyOfAccount>, StoreError> {
    let row: Option<KeyOfAccountRow> = sqlx::query_as(
        "SELECT k.id AS id, k.organization_id AS organization_id, k.sub_account_id AS sub_account_id, k.name AS name, k.scopes AS scopes, \
         k.created_by AS created_by, k.created_at AS created_at, k.last_used_at AS last_used_at, k.expires_at AS expires_at, \
         k.revoked_at AS revoked_at, k.old_secret_until AS old_secret_until, COALESCE(s.auth_id, o.auth_id) AS auth_id, \
         CASE WHEN s.disabled = 1 OR o.closed_at IS NOT NULL THEN 1 ELSE 0 END AS disabled FROM api_keys k \
         LEFT JOIN organizations o ON o.id = k.organization_id LEFT JOIN sub_accounts s ON s.id = k.sub_account_id \
         WHERE (k.secret_hash = $1 OR (k.old_secret_hash = $1 AND k.old_secret_until > $2)) AND k.revoked_at IS NULL \
         AND (k.expires_at IS NULL OR k.expires_at > $2)",
    )
    .bind(secret_hash)
    .bind(now.micros())
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(KeyOfAccount { key: row.key.try_into()?, auth_id: row.auth_id, disabled: row.disabled != 0 })).transpose()
}

/// Notes that a key was used.
pub async fn set_last_used(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE api_keys SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}
