//! Files of stock that the operator gives in the browser: received, checked without writing anything, then imported in the background.
//!
//! A file lies in the data directory until it was imported. Importing one again is safe, so one whose import broke off is simply imported
//! again.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::{Stream, StreamExt};

use super::{ImportReport, dry_run, import_by};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::server::error::{Error, Result};
use crate::server::services::caller::Caller;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::stock_imports::Counts;
pub use crate::server::store::stock_imports::{ImportState, StockImport};

/// Bytes of a file at the most.
const MOST_BYTES: i64 = 2 * 1_024 * 1_024 * 1_024;
/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 80;
/// Files on the operator's page.
const LATEST: i64 = 5;
/// How often the progress of an import is written down.
const TELL_EVERY: Duration = Duration::from_millis(500);

fn path(state: &AppState, id: &str) -> PathBuf {
    state.settings.data_dir.join("imports").join(format!("{id}.csv"))
}

fn broken(what: &str, error: &std::io::Error) -> Error {
    Error::Internal(format!("{what}: {error}"))
}

fn counts(report: ImportReport) -> Counts {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Counts { inserted: count(report.inserted), updated: count(report.updated), skipped: count(report.skipped), faults: report.errors }
}

/// Takes a file in and checks it. Files that were checked before and never imported are forgotten.
///
/// # Errors
/// `validation` for a file that is too large, empty, no CSV or without its columns; internal when it cannot be written.
pub async fn receive<B, E>(
    state: &AppState,
    operator: &Caller,
    file_name: &str,
    chunks: impl Stream<Item = std::result::Result<B, E>>,
) -> Result<StockImport>
where
    B: AsRef<[u8]>,
{
    let id = state.new_id();
    let written = write(state, &id, chunks).await;
    let checked = match written {
        Ok(size_bytes) => check(state, operator, &id, file_name, size_bytes).await,
        Err(error) => Err(error),
    };
    if checked.is_err() {
        remove(state, &id);
    }
    checked
}

async fn write<B, E>(state: &AppState, id: &str, chunks: impl Stream<Item = std::result::Result<B, E>>) -> Result<i64>
where
    B: AsRef<[u8]>,
{
    let path = path(state, id);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| broken("the folder of imports cannot be made", &error))?;
    }
    let mut file = File::create_new(&path).map_err(|error| broken("a file of stock cannot be written", &error))?;
    let mut size_bytes = 0_i64;
    let mut chunks = std::pin::pin!(chunks);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::field("file", "The file broke off on its way here. Send it again."))?;
        size_bytes = size_bytes.saturating_add(i64::try_from(chunk.as_ref().len()).unwrap_or(i64::MAX));
        if size_bytes > MOST_BYTES {
            return Err(Refusal::field("file", "The file is larger than 2 GiB. Use the command line for it.").into());
        }
        file.write_all(chunk.as_ref()).map_err(|error| broken("a file of stock cannot be written", &error))?;
    }
    if size_bytes == 0 {
        return Err(Refusal::field("file", "Choose a CSV file.").into());
    }
    Ok(size_bytes)
}

async fn check(state: &AppState, operator: &Caller, id: &str, file_name: &str, size_bytes: i64) -> Result<StockImport> {
    let file = File::open(path(state, id)).map_err(|error| broken("a file of stock cannot be read", &error))?;
    let report = dry_run(state, BufReader::new(file)).await?;
    let name: String = file_name.chars().filter(|character| !character.is_control()).take(LONGEST_NAME).collect();
    let import = StockImport {
        id: id.to_owned(),
        file_name: if name.trim().is_empty() { String::from("stock.csv") } else { name.trim().to_owned() },
        size_bytes,
        state: ImportState::Checked,
        read_bytes: 0,
        counts: counts(report),
        actor_name: operator.actor.name.clone(),
        created_at: state.now(),
        ended_at: None,
    };
    let row = import.clone();
    let forgotten = state
        .db
        .write(async move |connection| {
            let forgotten = store::stock_imports::forget_checked(connection).await?;
            store::stock_imports::insert(connection, &row).await?;
            Ok::<_, Error>(forgotten)
        })
        .await?;
    for id in forgotten {
        remove(state, &id);
    }
    Ok(import)
}

fn remove(state: &AppState, id: &str) {
    if let Err(error) = std::fs::remove_file(path(state, id)) {
        tracing::debug!(import.id = id, %error, "a file of stock was not there to be removed");
    }
}

/// One file.
///
/// # Errors
/// `not_found`.
pub async fn find(state: &AppState, id: &str) -> Result<StockImport> {
    let mut connection = state.db.read().await?;
    Ok(store::stock_imports::find(&mut connection, id).await?.ok_or(Code::NotFound)?)
}

/// The latest files.
///
/// # Errors
/// Faults of the store.
pub async fn latest(state: &AppState) -> Result<Vec<StockImport>> {
    let mut connection = state.db.read().await?;
    Ok(store::stock_imports::latest(&mut connection, LATEST).await?)
}

/// Begins the import of a file that was checked, or whose import broke off; it goes on by itself.
///
/// # Errors
/// `not_found`, `conflict` for one that is running or done.
pub async fn start(state: &AppState, operator: &Caller, id: &str) -> Result<()> {
    let import = find(state, id).await?;
    let key = import.id.clone();
    if !state.db.write(async move |connection| store::stock_imports::start(connection, &key).await).await? {
        return Err(Code::Conflict.into());
    }
    let (state, operator) = (state.clone(), operator.clone());
    tokio::spawn(async move {
        if let Err(error) = run(&state, &operator, &import.id).await {
            tracing::error!(import.id = %import.id, %error, "an import of stock broke off");
            let (id, now) = (import.id, state.now());
            let stopped = state.db.write(async move |connection| store::stock_imports::stop(connection, Some(&id), now).await).await;
            if let Err(error) = stopped {
                tracing::error!(%error, "that it broke off could not be written down");
            }
        }
    });
    Ok(())
}

async fn run(state: &AppState, operator: &Caller, id: &str) -> Result<()> {
    let file = File::open(path(state, id)).map_err(|error| broken("a file of stock cannot be read", &error))?;
    let read_bytes = Arc::new(AtomicU64::new(0));
    let told = read_bytes.clone();
    let work = import_by(state, &operator.actor, operator.channel, BufReader::new(file), move |bytes| told.store(bytes, Ordering::Relaxed));
    // Both go on together: the one must not wait for the other, since both write.
    let report = tokio::select! {
        report = work => report?,
        told = tell(state, id, &read_bytes) => return told,
    };
    let (key, counts, now) = (id.to_owned(), counts(report), state.now());
    state.db.write(async move |connection| store::stock_imports::finish(connection, &key, &counts, now).await).await?;
    remove(state, id);
    Ok(())
}

/// Writes the progress of an import down until that ends, or until writing fails.
async fn tell(state: &AppState, id: &str, read_bytes: &AtomicU64) -> Result<()> {
    let mut clock = tokio::time::interval(TELL_EVERY);
    loop {
        clock.tick().await;
        let (id, bytes) = (id.to_owned(), i64::try_from(read_bytes.load(Ordering::Relaxed)).unwrap_or(i64::MAX));
        state.db.write(async move |connection| store::stock_imports::set_read(connection, &id, bytes).await).await?;
    }
}

/// Says of imports that a server left behind that they have stopped. For the start of a server.
///
/// # Errors
/// Faults of the store.
pub async fn note_stopped(state: &AppState) -> Result<()> {
    let now = state.now();
    Ok(state.db.write(async move |connection| store::stock_imports::stop(connection, None, now).await).await?)
}
