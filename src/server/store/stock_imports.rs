//! Files of stock that were given in the browser: what a check found in them, and how far their import is. The files are not here.

use sqlx::AnyConnection;

use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// It was read and nothing was written.
    Checked,
    /// It is being imported.
    Running,
    /// It was imported to its end.
    Done,
    /// Its import broke off; importing it again is safe.
    Stopped,
}

impl ImportState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Checked, Self::Running, Self::Done, Self::Stopped];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What a file does, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub inserted: i64,
    pub updated: i64,
    pub skipped: i64,
    /// Lines that change nothing, each with why; the first thousand.
    pub faults: Vec<(u64, String)>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockImport {
    pub id: String,
    pub file_name: String,
    pub size_bytes: i64,
    pub state: ImportState,
    pub read_bytes: i64,
    pub counts: Counts,
    pub actor_name: String,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct ImportRow {
    id: String,
    file_name: String,
    size_bytes: i64,
    state: String,
    read_bytes: i64,
    inserted: i64,
    updated: i64,
    skipped: i64,
    faults: String,
    actor_name: String,
    created_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<ImportRow> for StockImport {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "stock_imports", column, id: row.id.clone() };
        Ok(Self {
            state: ImportState::from_name(&row.state).ok_or_else(|| broken("state"))?,
            counts: Counts {
                inserted: row.inserted,
                updated: row.updated,
                skipped: row.skipped,
                faults: serde_json::from_str(&row.faults).map_err(|_| broken("faults"))?,
            },
            id: row.id,
            file_name: row.file_name,
            size_bytes: row.size_bytes,
            read_bytes: row.read_bytes,
            actor_name: row.actor_name,
            created_at: Timestamp::from_micros(row.created_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        })
    }
}

macro_rules! select_import {
    ($rest:literal) => {
        concat!(
            "SELECT id, file_name, size_bytes, state, read_bytes, inserted, updated, skipped, faults, actor_name, created_at, ended_at \
             FROM stock_imports ",
            $rest
        )
    };
}

fn faults_text(counts: &Counts) -> String {
    serde_json::to_string(&counts.faults).unwrap_or_else(|_| String::from("[]"))
}

/// Writes a file that was checked.
pub async fn insert(connection: &mut AnyConnection, import: &StockImport) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO stock_imports (id, file_name, size_bytes, state, inserted, updated, skipped, faults, actor_name, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&import.id)
    .bind(&import.file_name)
    .bind(import.size_bytes)
    .bind(import.state.name())
    .bind(import.counts.inserted)
    .bind(import.counts.updated)
    .bind(import.counts.skipped)
    .bind(faults_text(&import.counts))
    .bind(&import.actor_name)
    .bind(import.created_at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// One file.
pub async fn find(connection: &mut AnyConnection, id: &str) -> Result<Option<StockImport>, StoreError> {
    let row: Option<ImportRow> = sqlx::query_as(select_import!("WHERE id = $1")).bind(id).fetch_optional(connection).await?;
    row.map(StockImport::try_from).transpose()
}

/// The latest files.
pub async fn latest(connection: &mut AnyConnection, limit: i64) -> Result<Vec<StockImport>, StoreError> {
    let rows: Vec<ImportRow> =
        sqlx::query_as(select_import!("ORDER BY created_at DESC, id DESC LIMIT $1")).bind(limit).fetch_all(connection).await?;
    rows.into_iter().map(StockImport::try_from).collect()
}

/// `checked` or `stopped` → `running`. False for a file that is running or done.
pub async fn start(connection: &mut AnyConnection, id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE stock_imports SET state = 'running', read_bytes = 0, ended_at = NULL WHERE id = $1 AND state IN ('checked', 'stopped')",
    )
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How far the import of a file is.
pub async fn set_read(connection: &mut AnyConnection, id: &str, read_bytes: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE stock_imports SET read_bytes = $1 WHERE id = $2 AND state = 'running'")
        .bind(read_bytes)
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// `running` → `done`, with what was done.
pub async fn finish(connection: &mut AnyConnection, id: &str, counts: &Counts, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE stock_imports SET state = 'done', read_bytes = size_bytes, inserted = $1, updated = $2, skipped = $3, faults = $4, \
         ended_at = $5 WHERE id = $6 AND state = 'running'",
    )
    .bind(counts.inserted)
    .bind(counts.updated)
    .bind(counts.skipped)
    .bind(faults_text(counts))
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

/// `running` → `stopped`: of one file, or of all that a server which has ended left behind.
pub async fn stop(connection: &mut AnyConnection, id: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE stock_imports SET state = 'stopped', ended_at = $1 WHERE state = 'running' AND ($2 IS NULL OR id = $2)")
        .bind(now.micros())
        .bind(id.map(str::to_owned))
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets files that were checked and never imported; answers their ids.
pub async fn forget_checked(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("DELETE FROM stock_imports WHERE state = 'checked' RETURNING id").fetch_all(connection).await?)
}
