//! Searches that people keep under a name.

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A search to be kept.
#[derive(Debug, Clone)]
pub struct NewSavedSearch {
    pub id: String,
    pub user_id: String,
    pub name: String,
    /// The search as the page wrote it.
    pub asked: String,
    pub created_at: Timestamp,
}

/// A search that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    pub id: String,
    pub name: String,
    pub asked: String,
    pub created_at: Timestamp,
}

/// Keeps a search. One that the person keeps already gets the new name.
pub async fn insert(connection: &mut AnyConnection, new: &NewSavedSearch) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO saved_searches (id, user_id, name, asked, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (user_id, asked) DO UPDATE SET name = excluded.name",
    )
    .bind(&new.id)
    .bind(&new.user_id)
    .bind(&new.name)
    .bind(&new.asked)
    .bind(new.created_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// A person's searches, the latest first.
pub async fn of_user(connection: &mut AnyConnection, user_id: &str, limit: i64) -> Result<Vec<SavedSearch>, StoreError> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT id, name, asked, created_at FROM saved_searches WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(user_id)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let saved = |(id, name, asked, at)| SavedSearch { id, name, asked, created_at: Timestamp::from_micros(at) };
    Ok(rows.into_iter().map(saved).collect())
}

/// How many searches a person keeps besides this one.
pub async fn count_others(connection: &mut AnyConnection, user_id: &str, asked: &str) -> Result<i64, StoreError> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM saved_searches WHERE user_id = $1 AND asked <> $2")
        .bind(user_id)
        .bind(asked)
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// Forgets one of a person's searches; answers whether it was there.
pub async fn delete(connection: &mut AnyConnection, user_id: &str, id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM saved_searches WHERE user_id = $1 AND id = $2").bind(user_id).bind(id).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}
