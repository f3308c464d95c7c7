//! What `dialyard …` does: the flags, and one function a command. Rules live in services.

mod flags;
mod inventory;
mod ledger;
mod people;
mod serve;

use std::process::ExitCode;
use std::sync::Arc;

use super::carriers::Carriers;
use super::clock::SystemClock;
use super::config::Settings;
use super::db::Db;
use super::error::{Error, StoreError};
use super::ids::Ids;
use super::payments::{PaymentProvider, demo::DemoPayments};
use super::seal::Seal;
use super::search::Stock;
use super::state::AppState;
use super::telemetry;
pub use flags::Cli;
use flags::{AdminCommand, Command, InventoryCommand, KeyCommand, LedgerCommand, Storage};

/// Why a command ended without doing its work. The text is for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A service refused or failed.
    #[error("{0}")]
    Service(String),
    /// A file or a socket.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        match error.refusal() {
            Some(refusal) => {
                let fields = match &refusal {
                    crate::domain::refusal::Refusal::Validation { errors } => {
                        errors.iter().map(|error| format!("\n  {}: {}", error.field, error.message)).collect()
                    }
                    _ => String::new(),
                };
                Self::Service(format!("{} {}{fields}", refusal.code().title(), refusal.code().remedy()))
            }
            None => Self::Service(error.to_string()),
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

/// Runs one command to its end.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    telemetry::start(&cli.log);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("dialyard: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dialyard: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(flags) => serve::serve(*flags).await,
        Command::Inventory { command: InventoryCommand::Import { file, storage } } => inventory::import(&file, &storage).await,
        Command::Admin { command: AdminCommand::Create { email, storage } } => people::create_operator(&email, &storage).await,
        Command::Admin { command: AdminCommand::Key { command: KeyCommand::Create { name, scopes, storage } } } => {
            people::create_key(name, &scopes, &storage).await
        }
        Command::Admin { command: AdminCommand::ResetPassword { email, public_url, storage } } => {
            people::reset_password(&email, public_url, &storage).await
        }
        Command::Ledger { command: LedgerCommand::Verify { storage } } => ledger::verify(&storage).await,
        Command::Backup { file, storage } => {
            let state = open(&storage, Settings::default()).await?;
            if file.exists() {
                return Err(CommandError::Service(format!("{} exists already; choose a new name.", file.display())));
            }
            state.db.backup(&file).await?;
            println!("Copied the database to {}.", file.display());
            Ok(())
        }
    }
}

/// Opens the data directory and the database, and puts everything together that services are given.
async fn open(storage: &Storage, settings: Settings) -> Result<AppState, CommandError> {
    std::fs::create_dir_all(&storage.data_dir).map_err(|error| CommandError::Io(storage.data_dir.display().to_string(), error))?;
    let url = storage.database_url.clone().unwrap_or_else(|| Db::sqlite_url(&storage.data_dir.join("dialyard.db")));
    let db = Db::open(&url).await?;
    let ids = Ids::from_system();
    let seal = Seal::open(&storage.data_dir, &ids).map_err(|error| CommandError::Io(storage.data_dir.display().to_string(), error))?;
    let payments: Option<Arc<dyn PaymentProvider>> = if settings.demo { Some(Arc::new(DemoPayments)) } else { None };
    Ok(AppState {
        db,
        clock: Arc::new(SystemClock),
        ids: Arc::new(ids),
        settings: Arc::new(Settings { data_dir: storage.data_dir.clone(), ..settings }),
        carriers: Carriers::default(),
        payments,
        stock: Arc::new(Stock::new()),
        seal: Arc::new(seal),
    })
}
