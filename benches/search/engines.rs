//! The other ways to search: a table of numbers in SQLite or PostgreSQL, by LIKE over it or by an index of trigrams.

use dialyard::server::store::inventory::Change;
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

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
pub struct Built {
    connection: AnyConnection,
    from: &'static str,
    _folder: Option<tempfile::TempDir>,
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

    /// What it needs where it cannot be built.
    pub const fn missing(self) -> &'static str {
        match self {
            Self::SqliteLike | Self::SqliteTrigram => "SQLite has not what it needs",
            Self::PostgresTrigram => "set BENCH_POSTGRES_URL to a database with the extension pg_trgm, and build with sqlx's postgres",
        }
    }

    /// A table of all numbers; none where the engine is not there.
    pub async fn build(self, rows: &[Change]) -> Option<Built> {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().ok()?;
        let url = match self {
            Self::PostgresTrigram => std::env::var("BENCH_POSTGRES_URL").ok()?,
            _ => format!("sqlite://{}?mode=rwc", folder.path().join("bench.db").display()),
        };
        let mut connection = AnyConnection::connect(&url).await.ok()?;
        let (before, after, from): (&[&str], &[&str], _) = match self {
            Self::SqliteLike => (&["CREATE TABLE numbers (n TEXT)"], &[], "numbers WHERE n LIKE $1"),
            Self::SqliteTrigram => (&["CREATE VIRTUAL TABLE numbers USING fts5 (n, tokenize = 'trigram')"], &[], "numbers WHERE n LIKE $1"),
            Self::PostgresTrigram => (
                &["CREATE EXTENSION IF NOT EXISTS pg_trgm", "DROP TABLE IF EXISTS numbers", "CREATE TABLE numbers (n TEXT)"],
                &["CREATE INDEX numbers_trigram ON numbers USING gin (n gin_trgm_ops)", "ANALYZE numbers"],
                "numbers WHERE n LIKE $1",
            ),
        };
        for sql in before {
            run(&mut connection, sql).await?;
        }
        run(&mut connection, "BEGIN").await?;
        for rows in rows.chunks(WRITTEN) {
            let values: Vec<String> = rows.iter().map(|row| format!("('{}')", row.e164.get(2..).unwrap_or_default())).collect();
            run(&mut connection, &format!("INSERT INTO numbers (n) VALUES {}", values.join(","))).await?;
        }
        run(&mut connection, "COMMIT").await?;
        for sql in after {
            run(&mut connection, sql).await?;
        }
        Some(Built { connection, from, _folder: Some(folder) })
    }
}

async fn run(connection: &mut AnyConnection, sql: &str) -> Option<()> {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await.ok().map(|_| ())
}

impl Built {
    /// The exact total, after the first twenty rows were read too.
    pub async fn total_and_first_rows(&mut self, like: &str) -> u64 {
        let count = format!("SELECT COUNT(*) FROM {}", self.from);
        let total: i64 = sqlx::query_scalar(AssertSqlSafe(count)).bind(like).fetch_one(&mut self.connection).await.unwrap();
        let rows = format!("SELECT n FROM {} LIMIT 20", self.from);
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(rows)).bind(like).fetch_all(&mut self.connection).await.unwrap();
        std::hint::black_box(rows);
        u64::try_from(total).unwrap()
    }
}
