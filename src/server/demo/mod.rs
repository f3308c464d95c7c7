//! The demo: an empty database becomes an installation with stock, two organizations and a past (product.md, Demo mode; R24, R31).
//!
//! Everything is made by the services that real work goes through; only the stock is written in bulk.

mod brightline;
mod cobalt;
pub mod credentials;
mod keys;
mod nanp;
mod price;
mod stock;
mod story;

use std::sync::Arc;

use credentials::{Credentials, PLAYERS};
use story::Story;

use crate::domain::refusal::Refusal;
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::server::error::{Error, Result};
use crate::server::services::accounts;
use crate::server::services::search;
use crate::server::state::AppState;
use crate::server::store;

/// Numbers in the demo's stock.
pub const STOCK: usize = 250_000;
/// The stock and the story come out the same in each demo.
const SEED: u64 = 20_261_122;
/// How long before the first start the story begins.
const BEGINS_S: i64 = 100 * SECONDS_PER_DAY;
/// The setting that says that the story was told to its end.
const TOLD: &str = "demo.told";
/// Whose numbers they are.
const CARRIER: &str = "Demo stock";

/// Makes the demo on the first start, and answers who can sign in. Passwords and keys come from `demo.json`; when that is gone they
/// are made anew. The installation must be marked as a demo's already.
///
/// # Errors
/// `validation` when the first start was interrupted; faults of the store.
pub async fn prepare(state: &AppState) -> Result<Credentials> {
    prepare_sized(state, STOCK).await
}

/// [`prepare`] with another size of the stock, for tests.
///
/// # Errors
/// As [`prepare`].
pub async fn prepare_sized(state: &AppState, stock: usize) -> Result<Credentials> {
    let mut connection = state.db.read().await?;
    let told = store::settings::find(&mut connection, TOLD).await?.is_some();
    let in_use = store::installation::is_in_use(&mut connection).await?;
    drop(connection);
    let mut credentials = match (told, in_use) {
        (false, true) => {
            let message = "The first start of this demo was interrupted. Delete the data directory and start again.";
            return Err(Refusal::field("database", message).into());
        }
        (false, false) => {
            let credentials = Credentials::new(state);
            tell(state, &credentials, stock).await?;
            credentials
        }
        (true, _) => match Credentials::read(state) {
            Some(credentials) => credentials,
            None => reset_passwords(state).await?,
        },
    };
    if credentials.keys.is_empty() {
        credentials.keys = keys::mint(state).await?;
    }
    credentials.url.clone_from(&state.settings.public_url);
    credentials.write(state)?;
    search::warm(state).await?;
    Ok(credentials)
}

/// R24: the file is gone, so nobody knows the passwords.
async fn reset_passwords(state: &AppState) -> Result<Credentials> {
    let credentials = Credentials::new(state);
    for player in PLAYERS {
        accounts::set_password(state, player.email, &credentials.password(player)).await?;
    }
    Ok(credentials)
}

async fn tell(state: &AppState, credentials: &Credentials, size: usize) -> Result<()> {
    let present = state.now();
    let begins = present.plus_seconds(-BEGINS_S);
    let carrier_id = carrier(state, begins).await?;
    let rows = tokio::task::spawn_blocking(move || stock::make(size, SEED, carrier_id, present)).await;
    let rows = Arc::new(rows.map_err(|error| Error::Internal(format!("the demo's stock could not be made: {error}")))?);
    let written = Arc::clone(&rows);
    state.db.write(async move |connection| store::inventory::bulk::insert(connection, &written, begins).await).await?;
    let mut story = Story::begin(state, rows, SEED, BEGINS_S);
    brightline::tell(&mut story, credentials).await?;
    let mut story = story.beside(SEED + 1, BEGINS_S);
    cobalt::tell(&mut story, credentials).await?;
    state.db.write(async move |connection| store::settings::set(connection, TOLD, "1", present).await).await?;
    Ok(())
}

async fn carrier(state: &AppState, at: Timestamp) -> Result<Arc<str>> {
    let id = state.new_id();
    let id = state.db.write(async move |connection| store::inventory::bulk::carrier(connection, &id, CARRIER, at).await).await?;
    Ok(Arc::from(id))
}
