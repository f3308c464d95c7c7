//! The database: which engine, its pools, migrations, and [`Db::write`], the only way to write.
//!
//! No statement of the product lives here; those are in `store`.

pub mod companion;
mod writer;

use std::path::Path;
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection};

use super::error::StoreError;
use writer::Writer;

/// Readers beside the one writer. SQLite reads do not block each other in WAL.
const READERS: u32 = 8;

/// Sent to each connection to SQLite: money needs every commit on disk, and a reader may wait for a checkpoint.
const SQLITE_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;";

/// The database with its readers and its one writer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    readers: AnyPool,
    writer: Writer,
    url: String,
}

impl Db {
    /// Opens the database at `url` (made when missing), brings its tables up to date and starts the writer.
    ///
    /// # Errors
    /// When the file cannot be opened or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        // The driver would log whole statements; what is slow is found by measuring, and what fails is an error.
        let options = AnyConnectOptions::from_str(url)?.disable_statement_logging();
        let mut first = AnyConnection::connect_with(&options).await?;
        prepare(&mut first).await?;
        migrate(&mut first).await?;
        first.close().await?;
        let readers = AnyPoolOptions::new()
            .max_connections(READERS)
            .after_connect(|connection, _| Box::pin(prepare(connection)))
            .connect_with(options.clone())
            .await?;
        Ok(Self { readers, writer: Writer::start(options).await?, url: url.to_owned() })
    }

    /// The address of an SQLite file, made when it is missing.
    #[must_use]
    pub fn sqlite_url(file: &Path) -> String {
        format!("sqlite://{}?mode=rwc", file.display())
    }

    /// Where the database is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// When no reader is free in time.
    pub async fn read(&self) -> Result<PoolConnection<Any>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Runs `work` in a transaction of its own and answers after it is on disk. An error rolls it back.
    ///
    /// The closure may run together with others in one commit and may be run again after a conflict, so it must do nothing
    /// but speak to the connection: no network, no clock. What it captures is only borrowed by the body. The companion of the
    /// running task, if it has one, is written along with the first closure (see [`companion`]).
    ///
    /// # Errors
    /// What `work` answers, or [`StoreError::Busy`] when the writer did not get to it within five seconds.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFn(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(companion) = companion::waiting() else { return self.writer.run(work).await };
        let along = companion.clone();
        let written = self
            .writer
            .run(async move |connection: &mut AnyConnection| {
                along.write(connection).await?;
                work(connection).await
            })
            .await;
        if written.is_ok() {
            companion.committed();
        }
        written
    }

    /// Copies the whole database into a new file while it is in use.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let mut connection = self.read().await?;
        sqlx::query("VACUUM INTO $1").bind(file.display().to_string()).execute(&mut *connection).await?;
        Ok(())
    }
}

async fn prepare(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    if connection.backend_name() == "SQLite" {
        sqlx::raw_sql(SQLITE_PRAGMAS).execute(connection).await?;
    }
    Ok(())
}

/// Two sets share one table of applied migrations: the portable ones, then those that only one engine understands.
async fn migrate(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let mut portable = sqlx::migrate!("./migrations");
    let mut sqlite = sqlx::migrate!("./migrations/sqlite");
    for migrator in [&mut portable, &mut sqlite] {
        migrator.set_ignore_missing(true);
        migrator.run(&mut *connection).await.map_err(|error| StoreError::Driver(sqlx::Error::from(error)))?;
    }
    Ok(())
}
