//! The other ways to search: a table of numbers in SQLite or PostgreSQL, by LIKE over it or by an index of trigrams.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::inventory::Inventory;
use crate::postgres::Postgres;

/// Rows that are written by one statement.
const WRITTEN: usize = 500;

/// A way to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    SqliteLike,
    SqliteTrigram,
    PostgresTrigram,
}

/// A table that was built, and how it is asked.
pub enum Built {
    Sqlite(AnyConnection, #[allow(dead_code, reason = "the folder goes away with it")] tempfile::TempDir),
    Postgres(Postgres),
}

impl Engine {
    pub const ALL: [Self; 3] = [Self::SqliteLike, Self::SqliteTrigram, Self::PostgresTrigram];

    pub const fn name(self) -> &'static str {
        match self {
            Self::SqliteLike => "SQLite LIKE",
            Self::SqliteTrigram => "SQLite FTS5 trigram",
            Self::PostgresTrigram => "PostgreSQL pg_trgm",
        }
    }

    /// How often each question is asked: a way that takes seconds is asked less often.
    pub const fn rounds(self) -> usize {
        match self {
            Self::SqliteLike | Self::SqliteTrigram => 3,
            Self::PostgresTrigram => 7,
        }
    }

    /// A table of all numbers; what is missing where the engine is not there.
    pub async fn build(self, rows: &Inventory) -> Result<Built, String> {
        let table = match self {
            Self::SqliteLike => "CREATE TABLE numbers (n TEXT)",
            Self::SqliteTrigram => "CREATE VIRTUAL TABLE numbers USING fts5 (n, tokenize = 'trigram')",
            Self::PostgresTrigram => return Ok(Built::Postgres(Postgres::build(rows)?)),
        };
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("bench.db").display());
        let mut connection = AnyConnection::connect(&url).await.map_err(|error| error.to_string())?;
        // Only reading is measured; the table need not survive.
        for sql in ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000", table, "BEGIN"] {
            run(&mut connection, sql).await?;
        }
        let mut values: Vec<String> = Vec::with_capacity(WRITTEN);
        for national in rows.nationals() {
            values.push(format!("('{national}')"));
            if values.len() == WRITTEN {
                run(&mut connection, &format!("INSERT INTO numbers (n) VALUES {}", values.join(","))).await?;
                values.clear();
            }
        }
        if !values.is_empty() {
            run(&mut connection, &format!("INSERT INTO numbers (n) VALUES {}", values.join(","))).await?;
        }
        run(&mut connection, "COMMIT").await?;
        Ok(Built::Sqlite(connection, folder))
    }
}

async fn run(connection: &mut AnyConnection, sql: &str) -> Result<(), String> {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await.map(|_| ()).map_err(|error| error.to_string())
}

impl Built {
    /// The exact total, and how long that and the first twenty rows took.
    pub async fn total_and_first_rows(&mut self, like: &str) -> (u64, Duration) {
        let connection = match self {
            Self::Postgres(postgres) => return postgres.total_and_first_rows(like),
            Self::Sqlite(connection, _) => connection,
        };
        let begun = Instant::now();
        let total: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM numbers WHERE n LIKE $1").bind(like).fetch_one(&mut *connection).await.unwrap();
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT n FROM numbers WHERE n LIKE $1 LIMIT 20").bind(like).fetch_all(&mut *connection).await.unwrap();
        std::hint::black_box(rows);
        (u64::try_from(total).unwrap(), begun.elapsed())
    }
}
