//! `dialyard admin …`: operators, passwords and keys of the platform. People get a one-time link, so that no password is ever on a command
//! line.

use super::flags::Storage;
use super::{CommandError, open};
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scopes;
use crate::server::config::Settings;
use crate::server::error::Error;
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

/// Makes a key of the platform and prints its secret, which nothing can show again.
pub async fn create_key(name: String, scopes: &[String], storage: &Storage) -> Result<(), CommandError> {
    let scopes = Scopes::parse(&scopes.join(" ")).map_err(|unknown| Error::from(Refusal::field("scopes", unknown.to_string())))?;
    let state = open(storage, Settings::default()).await?;
    let minted = services::keys::mint_by_command(&state, name, scopes).await?;
    println!("Key {} of the platform, with {scopes}. Its secret is shown only now:\n{}", minted.key.name, minted.secret);
    Ok(())
}
