//! API keys: minting, listing, rotating, ending, and finding the one that a request carries (R4, R13).

use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cursor::{self, Found};
use crate::domain::account::Role;
use crate::domain::audit::{Action, Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::scope::{Scope, Scopes};
use crate::domain::time::Timestamp;
use crate::server::auth::form::Faults;
use crate::server::auth::keys::{hash, new_secret};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::audit::NewAudit;
pub use crate::server::store::keys::{Key, KeyOfAccount};
use crate::server::store::sub_accounts::SubAccount;

/// Seconds for which an old secret may be accepted beside the new one (R4).
pub const LONGEST_OVERLAP_S: i64 = 24 * 3_600;
/// Keys that the page shows.
const MOST_ON_PAGE: i64 = 500;

/// A key to be made. A caller without an organization, the operator, makes a platform key.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub name: String,
    pub scopes: Scopes,
    pub sub_account_id: Option<String>,
    pub expires_at: Option<Timestamp>,
}

/// A key that was just made or rotated. Its secret is shown once.
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
    let draft = draft(state, caller, new)?;
    let caller = caller.clone();
    state
        .db
        .write(async move |connection| {
            if let (Some(organization_id), Some(sub_account_id)) = (&draft.key.organization_id, &draft.key.sub_account_id)
                && !store::keys::sub_account_exists(connection, organization_id, sub_account_id).await?
            {
                return Err(Error::from(Code::NotFound));
            }
            mint_in(connection, &caller, &draft).await
        })
        .await
}

/// A key that may be made.
pub(super) struct Draft {
    key: Key,
    secret: String,
    secret_hash: String,
    audit_id: String,
}

/// Checks whether the caller may make a key.
pub(super) fn draft(state: &AppState, caller: &Caller, new: NewKey) -> Result<Draft> {
    parent_only(caller)?;
    let organization_id = Some(caller.organization_id.clone()).filter(|id| !id.is_empty());
    let mut faults = Faults::default();
    let name = faults.name("name", &new.name);
    faults.note("scopes", scope_fault(new.scopes, organization_id.is_some(), new.sub_account_id.is_some()));
    faults.note("expiresAt", new.expires_at.filter(|end| *end <= state.now()).map(|_| "Choose a time to come."));
    faults.into_result()?;
    may_override(caller, new.scopes)?;
    let (secret, secret_hash) = fresh_secret(state)?;
    let key = Key {
        id: state.new_id(),
        organization_id,
        sub_account_id: new.sub_account_id,
        name,
        scopes: new.scopes,
        created_by: None,
        created_at: state.now(),
        last_used_at: None,
        expires_at: new.expires_at,
        revoked_at: None,
        old_secret_until: None,
    };
    Ok(Draft { key, secret, secret_hash, audit_id: state.new_id() })
}

/// [`mint`] inside a transaction that knows the key's sub-account.
pub(super) async fn mint_in(connection: &mut AnyConnection, caller: &Caller, draft: &Draft) -> Result<Minted> {
    let key = Key { created_by: person_behind(connection, &caller.actor).await?, ..draft.key.clone() };
    store::keys::insert(connection, &key, &draft.secret_hash).await?;
    let facts = json!({ "scopes": key.scopes.to_string() });
    store::audit::append(connection, &audit(&draft.audit_id, caller, &key, Action::KeyCreated, facts, key.created_at)).await?;
    Ok(Minted { key, secret: draft.secret.clone() })
}

/// Makes a key of the platform, for `dialyard admin key create`.
///
/// # Errors
/// `validation` when the name or a scope does not fit.
pub async fn mint_by_command(state: &AppState, name: String, scopes: Scopes) -> Result<Minted> {
    let operator = Caller {
        organization_id: String::new(),
        sub_account_id: None,
        actor: Actor::system("command line"),
        role: Role::Owner,
        may_force: true,
        channel: Channel::Command,
    };
    mint(state, &operator, NewKey { name, scopes, sub_account_id: None, expires_at: None }).await
}

/// Makes a key by means of another one, which can pass on no more than it may do itself.
///
/// # Errors
/// As [`mint`], and `missing_scope` with the first scope that the other key lacks.
pub async fn mint_by_key(state: &AppState, caller: &Caller, own: Scopes, new: NewKey) -> Result<Minted> {
    within(own, new.scopes)?;
    mint(state, caller, new).await
}

fn within(own: Scopes, wanted: Scopes) -> Result<()> {
    match wanted.iter().find(|scope| !own.contains(*scope)) {
        Some(scope) => Err(Refusal::MissingScope { scope: scope.name().to_owned() }.into()),
        None => Ok(()),
    }
}

/// `admin:override` is given by platform administrators only: by people with the flag, and by keys of the platform.
fn may_override(caller: &Caller, scopes: Scopes) -> Result<()> {
    let may = caller.may_force && caller.actor.kind != ActorKind::Key;
    if scopes.contains(Scope::AdminOverride) && !may { Err(Code::AdminRequired.into()) } else { Ok(()) }
}

fn parent_only(caller: &Caller) -> Result<()> {
    if caller.sub_account_id.is_some() { Err(Code::RoleTooLow.into()) } else { Ok(()) }
}

fn fresh_secret(state: &AppState) -> Result<(String, String)> {
    let secret = new_secret(&state.ids);
    let secret_hash = hash(&secret).ok_or_else(|| Error::Internal(String::from("a fresh key is malformed")))?;
    Ok((secret, secret_hash))
}

/// The person who answers for a key: the actor, or who minted the key that acts. Keys end with the rights of that person.
async fn person_behind(connection: &mut AnyConnection, actor: &Actor) -> Result<Option<String>> {
    if actor.kind == ActorKind::System {
        return Ok(None);
    }
    Ok(store::keys::creator(connection, &actor.id).await?.unwrap_or_else(|| Some(actor.id.clone())))
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

/// The caller's keys that are not revoked, newest first: what the page shows.
///
/// # Errors
/// When the store fails.
pub async fn list(state: &AppState, caller: &Caller) -> Result<Vec<Key>> {
    let mut connection = state.db.read().await?;
    Ok(store::keys::list(&mut connection, &caller.place(None), None, MOST_ON_PAGE).await?)
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Overview {
    pub now: Timestamp,
    /// Newest first.
    pub keys: Vec<Key>,
    /// The live sub-accounts, for which keys can be made.
    pub sub_accounts: Vec<SubAccount>,
    /// What this person may give to a key.
    pub scopes: Scopes,
}

/// The keys of the caller's organization, and what a new one can be.
///
/// # Errors
/// `role_too_low` for people of a sub-account.
pub async fn overview(state: &AppState, caller: &Caller) -> Result<Overview> {
    parent_only(caller)?;
    let keys = list(state, caller).await?;
    let mut connection = state.db.read().await?;
    let sub_accounts = store::sub_accounts::page(&mut connection, &caller.organization_id, None, None, MOST_ON_PAGE).await?;
    let fits = |scope: &Scope| !scope.is_platform_only() && may_override(caller, Scopes::NONE.with(*scope)).is_ok();
    Ok(Overview { now: state.now(), keys, sub_accounts, scopes: Scope::ALL.iter().copied().filter(fits).collect() })
}

/// What people fill in to make a key.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub name: String,
    pub scopes: Vec<String>,
    /// Empty for a key of the organization.
    pub sub_account_id: String,
    /// Days after which it ends; 0 for never.
    pub lifetime_days: u16,
}

/// Makes a key from the page's form.
///
/// # Errors
/// As [`mint`]; `validation` for a name that is no scope.
pub async fn mint_from_form(state: &AppState, caller: &Caller, form: Form) -> Result<Minted> {
    let scopes = Scopes::parse(&form.scopes.join(" ")).map_err(|unknown| Refusal::field("scopes", unknown.to_string()))?;
    let new = NewKey {
        name: form.name,
        scopes,
        sub_account_id: Some(form.sub_account_id).filter(|id| !id.is_empty()),
        expires_at: (form.lifetime_days > 0).then(|| state.now().plus_days(i64::from(form.lifetime_days))),
    };
    mint(state, caller, new).await
}

/// A page of the caller's keys that are not revoked, newest first. `sub_account_id` is `none` for those of the organization itself.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn page(
    state: &AppState,
    caller: &Caller,
    sub_account_id: Option<&str>,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Found<Key>> {
    let after = cursor::decode_at(cursor)?;
    let place = caller.place(sub_account_id);
    let mut connection = state.db.read().await?;
    let rows = store::keys::list(&mut connection, &place, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::keys::count(&mut connection, &place).await?;
    Ok(Found::new(rows, total, limit, |key| cursor::encode(&[&key.created_at.micros().to_string(), &key.id])))
}

/// One of the caller's keys, also when it is revoked.
///
/// # Errors
/// `not_found` for a key of somebody else.
pub async fn get(state: &AppState, caller: &Caller, id: &str) -> Result<Key> {
    parent_only(caller)?;
    let mut connection = state.db.read().await?;
    Ok(store::keys::find(&mut connection, &caller.organization_id, id).await?.ok_or(Code::NotFound)?)
}

/// Gives a key a new secret at once. The old one is accepted for `overlap_s` seconds more; the one before it ends now.
///
/// # Errors
/// `not_found` for a key of somebody else and for one that has ended, `validation` for more than a day, `admin_required` for a key
/// with `admin:override` by anybody but a platform admin.
pub async fn rotate(state: &AppState, caller: &Caller, id: &str, overlap_s: i64) -> Result<Minted> {
    rotate_within(state, caller, None, id, overlap_s).await
}

/// The same by means of another key, which rotates no key that may do more than itself: it would else take over what it lacks.
///
/// # Errors
/// As [`rotate`], and `missing_scope`.
pub async fn rotate_by_key(state: &AppState, caller: &Caller, own: &Key, id: &str, overlap_s: i64) -> Result<Minted> {
    rotate_within(state, caller, Some(own), id, overlap_s).await
}

async fn rotate_within(state: &AppState, caller: &Caller, own: Option<&Key>, id: &str, overlap_s: i64) -> Result<Minted> {
    parent_only(caller)?;
    if !(0..=LONGEST_OVERLAP_S).contains(&overlap_s) {
        return Err(Refusal::field("overlapSeconds", format!("A whole number from 0 to {LONGEST_OVERLAP_S}.")).into());
    }
    let (secret, secret_hash) = fresh_secret(state)?;
    let now = state.now();
    let old_until = (overlap_s > 0).then(|| now.plus_seconds(overlap_s));
    let (audit_id, caller, id, own) = (state.new_id(), caller.clone(), id.to_owned(), own.cloned());
    state
        .db
        .write(async move |connection| {
            let key = store::keys::find(connection, &caller.organization_id, &id).await?.ok_or(Code::NotFound)?;
            match &own {
                // A key may always renew itself.
                Some(own) if own.id == key.id => {}
                Some(own) => {
                    within(own.scopes, key.scopes)?;
                    may_override(&caller, key.scopes)?;
                }
                None => may_override(&caller, key.scopes)?,
            }
            let ended = key.expires_at.is_some_and(|end| end <= now);
            if ended || !store::keys::rotate(connection, &id, &secret_hash, old_until).await? {
                return Err(Error::from(Code::NotFound));
            }
            let facts = json!({ "overlapSeconds": overlap_s });
            store::audit::append(connection, &audit(&audit_id, &caller, &key, Action::KeyRotated, facts, now)).await?;
            Ok(Minted { key: Key { old_secret_until: old_until, ..key }, secret: secret.clone() })
        })
        .await
}

/// Ends a key and both its secrets at once. Ending it again changes nothing.
///
/// # Errors
/// `not_found` for a key of somebody else, `role_too_low` for callers of a sub-account.
pub async fn revoke(state: &AppState, caller: &Caller, id: &str) -> Result<Key> {
    parent_only(caller)?;
    let (now, audit_id, caller, id) = (state.now(), state.new_id(), caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let key = store::keys::find(connection, &caller.organization_id, &id).await?.ok_or(Code::NotFound)?;
            if !store::keys::revoke(connection, &id, now).await? {
                return Ok(key);
            }
            let facts = json!({ "scopes": key.scopes.to_string() });
            store::audit::append(connection, &audit(&audit_id, &caller, &key, Action::KeyRevoked, facts, now)).await?;
            Ok::<_, Error>(Key { revoked_at: Some(now), ..key })
        })
        .await
}

fn audit<'a>(id: &'a str, caller: &'a Caller, key: &'a Key, action: Action, facts: Value, at: Timestamp) -> NewAudit<'a> {
    NewAudit {
        id,
        organization_id: key.organization_id.as_deref(),
        actor: &caller.actor,
        action,
        object_kind: "key",
        object_id: &key.id,
        object_label: &key.name,
        before: None,
        after: Some(facts),
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
