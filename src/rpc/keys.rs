//! API keys: what they may do and when they were last used. A secret is shown once.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{Moment, Named};
use crate::rpc::wire::Answer;

/// Something that a key may be allowed to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeChoice {
    pub name: String,
    pub text: String,
    /// Keys of a sub-account may have it too.
    pub fits_sub_account: bool,
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    pub id: String,
    pub name: String,
    pub scopes: Vec<String>,
    pub sub_account: Option<Named>,
    /// None before its first use.
    pub last_used_at: Option<Moment>,
    /// None where it does not end by itself.
    pub expires_at: Option<Moment>,
    /// It has ended by itself.
    pub ended: bool,
    /// Until when the secret before the last one is accepted too.
    pub old_secret_until: Option<Moment>,
    pub created_at: Moment,
}

/// A secret that is shown now and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySecret {
    pub name: String,
    pub secret: String,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysView {
    pub keys: Vec<KeyView>,
    pub scopes: Vec<ScopeChoice>,
    pub sub_accounts: Vec<Named>,
    /// What the form before this page made, where there is no JavaScript to show it.
    pub new_secret: Option<KeySecret>,
}

#[server(prefix = "/rpc", endpoint = "keys/list", input = GetUrl, output = Answer)]
pub async fn keys_page() -> Result<KeysView, AppError> {
    use crate::server::run::context::{guard, report, take_shown_once};
    use crate::server::views::keys::{PATH, page};
    let guarded = guard("keys/list").await?;
    let overview = crate::server::services::keys::overview(&guarded.state, &guarded.caller()?).await.map_err(report)?;
    Ok(page(overview, take_shown_once(&guarded.state, PATH)))
}

/// `sub_account_id` may be empty; `lifetime_days` 0 makes a key that does not end by itself.
#[server(prefix = "/rpc", endpoint = "keys/create", output = Answer)]
pub async fn create_key(
    name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] sub_account_id: String,
    #[server(default)] lifetime_days: u16,
) -> Result<KeySecret, AppError> {
    use crate::server::run::context::{close_dialog, guard, report, show_once};
    use crate::server::services::keys::{Form, mint_from_form};
    use crate::server::views::keys::PATH;
    let guarded = guard("keys/create").await?;
    let form = Form { name, scopes, sub_account_id, lifetime_days };
    let minted = mint_from_form(&guarded.state, &guarded.caller()?, form).await.map_err(report)?;
    show_once(&guarded.state, PATH, &minted.key.name, &minted.secret);
    close_dialog();
    Ok(KeySecret { name: minted.key.name, secret: minted.secret })
}

/// A new secret; with `keep` the old one is accepted beside it for a day.
#[server(prefix = "/rpc", endpoint = "keys/rotate", output = Answer)]
pub async fn rotate_key(id: String, #[server(default)] keep: u8) -> Result<KeySecret, AppError> {
    use crate::server::run::context::{close_dialog, guard, report, show_once};
    use crate::server::services::keys::{LONGEST_OVERLAP_S, rotate};
    use crate::server::views::keys::PATH;
    let guarded = guard("keys/rotate").await?;
    let overlap_s = if keep == 0 { 0 } else { LONGEST_OVERLAP_S };
    let minted = rotate(&guarded.state, &guarded.caller()?, &id, overlap_s).await.map_err(report)?;
    show_once(&guarded.state, PATH, &minted.key.name, &minted.secret);
    close_dialog();
    Ok(KeySecret { name: minted.key.name, secret: minted.secret })
}

#[server(prefix = "/rpc", endpoint = "keys/revoke", output = Answer)]
pub async fn revoke_key(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("keys/revoke").await?;
    crate::server::services::keys::revoke(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    close_dialog();
    Ok(())
}
