//! API keys: minting, listing, ending, and finding the one that a request carries (R4, R13).

use serde_json::json;

use super::caller::Caller;
use crate::domain::audit::{Action, ActorKind};
use crate::domain::code::Code;
use crate::domain::scope::{Scope, Scopes};
use crate::domain::time::Timestamp;
use crate::server::auth::form::Faults;
use crate::server::auth::keys::{hash, new_secret};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::audit::NewAudit;
pub use crate::server::store::keys::{Key, KeyOfAccount};

/// A key to be made. A caller without an organization, the operator, makes a platform key.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub name: String,
    pub scopes: Scopes,
    pub sub_account_id: Option<String>,
    pub expires_at: Option<Timestamp>,
}

/// A key that was just made. Its secret is shown once.
#[derive(Debug, Clone)]
pub struct Minted {
    pub key: Key,
    pub secret: String,
}

/// Makes a key.
///
/// # Errors
/// `validation` when the name or a scope does not fit, `admin_required` for `admin:override` by anybody but a platform admin,
/// `not_found` for a sub-account of somebody else, `role_too_low` for people of a sub-account.
pub async fn mint(state: &AppState, caller: &Caller, new: NewKey) -> Result<Minted> {
    if caller.sub_account_id.is_some() {
        return Err(Code::RoleTooLow.into());
    }
    let organization_id = Some(caller.organization_id.clone()).filter(|id| !id.is_empty());
    let mut faults = Faults::default();
    let name = faults.name("name", &new.name);
    faults.note("scopes", scope_fault(new.scopes, organization_id.is_some(), new.sub_account_id.is_some()));
    faults.note("expires_at", new.expires_at.filter(|end| *end <= state.now()).map(|_| "Choose a time to come."));
    faults.into_result()?;
    if new.scopes.contains(Scope::AdminOverride) && !caller.may_force {
        return Err(Code::AdminRequired.into());
    }
    let secret = new_secret(&state.ids);
    let secret_hash = hash(&secret).ok_or_else(|| Error::Internal(String::from("a fresh key is malformed")))?;
    let key = Key {
        id: state.new_id(),
        organization_id,
        sub_account_id: new.sub_account_id,
        name,
        scopes: new.scopes,
        created_by: (caller.actor.kind != ActorKind::System).then(|| caller.actor.id.clone()),
        created_at: state.now(),
        last_used_at: None,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    let minted = Minted { key: key.clone(), secret };
    let (audit_id, caller) = (state.new_id(), caller.clone());
    state
        .db
        .write(async move |connection| {
            if let (Some(organization_id), Some(sub_account_id)) = (&key.organization_id, &key.sub_account_id)
                && !store::keys::sub_account_exists(connection, organization_id, sub_account_id).await?
            {
                return Err(Error::from(Code::NotFound));
            }
            store::keys::insert(connection, &key, &secret_hash).await?;
            Ok(store::audit::append(connection, &audit(&audit_id, &caller, &key, Action::KeyCreated, key.created_at)).await?)
        })
        .await?;
    Ok(minted)
}

/// What is wrong with a choice of scopes.
fn scope_fault(scopes: Scopes, of_organization: bool, of_sub_account: bool) -> Option<&'static str> {
    if scopes.is_empty() {
        Some("Choose at least one scope.")
    } else if of_organization && scopes.iter().any(Scope::is_platform_only) {
        Some("One of these scopes is for keys of the platform only.")
    } else if of_sub_account && !scopes.iter().all(Scope::fits_sub_account) {
        Some("One of these scopes is not for keys of a sub-account.")
    } else if of_sub_account && !of_organization {
        Some("A key of the platform belongs to no sub-account.")
    } else {
        None
    }
}

/// The caller's keys that are not revoked, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(state: &AppState, caller: &Caller) -> Result<Vec<Key>> {
    let mut connection = state.db.read().await?;
    Ok(store::keys::of_organization(&mut connection, &caller.organization_id).await?)
}

/// Ends a key at once. Ending it again changes nothing.
///
/// # Errors
/// `not_found` for a key of somebody else.
pub async fn revoke(state: &AppState, caller: &Caller, id: &str) -> Result<()> {
    let (now, audit_id, caller, id) = (state.now(), state.new_id(), caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let key = store::keys::find(connection, &caller.organization_id, &id).await?.ok_or(Code::NotFound)?;
            if store::keys::revoke(connection, &id, now).await? {
                store::audit::append(connection, &audit(&audit_id, &caller, &key, Action::KeyRevoked, now)).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}

fn audit<'a>(id: &'a str, caller: &'a Caller, key: &'a Key, action: Action, at: Timestamp) -> NewAudit<'a> {
    NewAudit {
        id,
        organization_id: key.organization_id.as_deref(),
        actor: &caller.actor,
        action,
        object_kind: "key",
        object_id: &key.id,
        object_label: &key.name,
        before: None,
        after: Some(json!({ "scopes": key.scopes.to_string() })),
        reason: None,
        channel: caller.channel,
        at,
    }
}

/// The live key with that secret and its account; none for anything else.
///
/// # Errors
/// When the store fails.
pub async fn check(state: &AppState, secret_hash: &str) -> Result<Option<KeyOfAccount>> {
    let mut connection = state.db.read().await?;
    Ok(store::keys::find_with_account(&mut connection, secret_hash, state.now()).await?)
}

/// Notes that a key was used now.
///
/// # Errors
/// When the store fails.
pub async fn used(state: &AppState, key_id: &str) -> Result<()> {
    let (id, now) = (key_id.to_owned(), state.now());
    state.db.write(async move |connection| Ok(store::keys::set_last_used(connection, &id, now).await?)).await
}
