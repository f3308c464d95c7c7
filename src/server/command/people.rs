//! `dialyard admin …`: operators and passwords. Both print a one-time link, so that no password is ever on a command line.

use super::flags::Storage;
use super::{CommandError, open};
use crate::server::config::Settings;
use crate::server::services;

/// Makes a platform administrator (or gives the flag to a person who exists) and prints the link.
pub async fn create_operator(email: &str, storage: &Storage) -> Result<(), CommandError> {
    let state = open(storage, Settings::default()).await?;
    let link = services::accounts::create_operator(&state, email).await?;
    println!("Platform administrator {email}. Set the password within 30 minutes at\n{}", link.url);
    Ok(())
}

/// Prints a link by which a person sets a new password.
pub async fn reset_password(email: &str, public_url: String, storage: &Storage) -> Result<(), CommandError> {
    let state = open(storage, Settings { public_url, ..Settings::default() }).await?;
    let link = services::accounts::reset_by_command(&state, email).await?;
    println!("Set a new password for {email} within 30 minutes at\n{}", link.url);
    Ok(())
}
