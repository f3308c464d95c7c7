//! Sub-accounts with what is kept about the people behind them, page by page, and making one together with a key of its own.

use serde_json::json;

use super::super::caller::Caller;
use super::super::keys::{self, Minted, NewKey};
use super::super::recorder::{Change, Recorder};
use super::{SubAccountChange, SubAccountInput, change_in, check_change, create_in, draft, object, own};
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::scope::{Scope, Scopes};
use crate::server::auth::form::Faults;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::sub_accounts::profiles::{Profile, ProfiledSubAccount};

/// The rate limit of a customer for whom none was chosen.
const RATE_LIMIT: i64 = 1_000;
/// The highest that can be chosen.
const MOST_RATE_LIMIT: i64 = 1_000_000;
/// Characters of a telephone number as people write it.
const LONGEST_PHONE: usize = 32;
/// Characters of a description.
const LONGEST_DESCRIPTION: usize = 500;
/// Bytes of permissions.
const LONGEST_PERMISSIONS: usize = 2_000;

/// What shall be another one; the inner none takes it away.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    pub email: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub description: Option<Option<String>>,
    /// A JSON object.
    pub permissions: Option<Option<String>>,
    pub rate_limit: Option<i64>,
}

/// A sub-account to be made with a key.
#[derive(Debug, Clone, Default)]
pub struct NewCustomer {
    pub name: String,
    /// It is made disabled: its key opens nothing yet.
    pub disabled: bool,
    pub profile: ProfileChange,
}

/// A sub-account that was just made, with its key. The secret is shown once.
#[derive(Debug, Clone)]
pub struct Customer {
    pub sub_account: ProfiledSubAccount,
    pub minted: Minted,
}

/// A page of sub-accounts and how many there are on all pages.
#[derive(Debug, Clone)]
pub struct Customers {
    pub rows: Vec<ProfiledSubAccount>,
    pub total: i64,
}

impl Default for Profile {
    fn default() -> Self {
        Self { email: None, phone: None, description: None, permissions: None, rate_limit: RATE_LIMIT }
    }
}

impl ProfileChange {
    /// The profile that comes out, with the field names of the caller's dialect.
    fn applied(&self, was: &Profile) -> Result<Profile> {
        let mut faults = Faults::default();
        let one_line = |text: &str, longest: usize| text.chars().count() <= longest && !text.chars().any(char::is_control);
        let email = match &self.email {
            Some(Some(email)) => Some(faults.email(email)),
            Some(None) => None,
            None => was.email.clone(),
        };
        let phone = self.phone.clone().unwrap_or_else(|| was.phone.clone());
        faults.note("phone", phone.as_deref().filter(|phone| !one_line(phone, LONGEST_PHONE)).map(|_| "Use at most 32 characters."));
        let description = self.description.clone().unwrap_or_else(|| was.description.clone());
        let too_long = description.as_deref().filter(|text| text.chars().count() > LONGEST_DESCRIPTION);
        faults.note("description", too_long.map(|_| "Use at most 500 characters."));
        let permissions = self.permissions.clone().unwrap_or_else(|| was.permissions.clone());
        let too_long = permissions.as_deref().filter(|text| text.len() > LONGEST_PERMISSIONS);
        faults.note("permissions", too_long.map(|_| "Use at most 2,000 bytes."));
        let rate_limit = self.rate_limit.unwrap_or(was.rate_limit);
        faults.note("rate_limit", (!(1..=MOST_RATE_LIMIT).contains(&rate_limit)).then_some("Choose a number from 1 to 1,000,000."));
        faults.into_result()?;
        Ok(Profile { email, phone, description, permissions, rate_limit })
    }
}

fn told(profile: &Profile) -> serde_json::Value {
    json!({ "email": profile.email, "phone": profile.phone, "description": profile.description, "rateLimit": profile.rate_limit })
}

/// One of the caller's sub-accounts by any of its names.
///
/// # Errors
/// `not_found`.
pub async fn get(state: &AppState, caller: &Caller, name: &str) -> Result<ProfiledSubAccount> {
    let id = super::named(state, caller, name).await?.id;
    let mut connection = state.db.read().await?;
    Ok(store::sub_accounts::profiles::find(&mut connection, &caller.organization_id, &id).await?.ok_or(Code::NotFound)?)
}

/// The caller's sub-accounts, newest first, without the first `offset`.
///
/// # Errors
/// Faults of the store.
pub async fn page(state: &AppState, caller: &Caller, active_only: bool, offset: i64, limit: i64) -> Result<Customers> {
    let (organization, only) = (caller.organization_id.as_str(), caller.sub_account_id.as_deref());
    let mut connection = state.db.read().await?;
    Ok(Customers {
        rows: store::sub_accounts::profiles::page(&mut connection, organization, only, active_only, offset, limit).await?,
        total: store::sub_accounts::profiles::count(&mut connection, organization, only, active_only).await?,
    })
}

/// Makes a sub-account and a key for it, both or neither. The key carries what a sub-account may have of `own`, the scopes of the key
/// that asks.
///
/// # Errors
/// As for making a sub-account, and `missing_scope` for a key that may make no keys.
pub async fn create(state: &AppState, caller: &Caller, own: Scopes, new: &NewCustomer) -> Result<Customer> {
    if !own.contains(Scope::KeysWrite) {
        return Err(Refusal::MissingScope { scope: Scope::KeysWrite.name().to_owned() }.into());
    }
    let profile = new.profile.applied(&Profile::default())?;
    let recorder = Recorder::new(state, caller);
    let input = SubAccountInput { name: new.name.clone(), budget: String::new() };
    let sub_account = draft(state, caller, &recorder, &input)?;
    let scopes = own.iter().filter(|scope| scope.fits_sub_account()).collect();
    let key = NewKey { name: sub_account.name.clone(), scopes, sub_account_id: Some(sub_account.id.clone()), expires_at: None };
    let key = keys::draft(state, caller, key)?;
    let (caller, disabled) = (caller.clone(), new.disabled);
    state
        .db
        .write(async move |connection| {
            let made = create_in(connection, &recorder, &sub_account).await?;
            store::sub_accounts::profiles::set(connection, &made.id, &profile, recorder.now()).await?;
            if disabled {
                let change = SubAccountChange { disabled: Some(true), ..SubAccountChange::default() };
                change_in(connection, &recorder, &made, &change).await?;
            }
            let minted = keys::mint_in(connection, &caller, &key).await?;
            let found = store::sub_accounts::profiles::find(connection, &caller.organization_id, &made.id).await?;
            Ok::<_, Error>(Customer { sub_account: found.ok_or(Code::NotFound)?, minted })
        })
        .await
}

/// Changes a sub-account and its profile, both or neither.
///
/// # Errors
/// As for changing a sub-account.
pub async fn change(
    state: &AppState,
    caller: &Caller,
    name: &str,
    change: &SubAccountChange,
    profile: &ProfileChange,
) -> Result<ProfiledSubAccount> {
    check_change(caller, change)?;
    let id = super::named(state, caller, name).await?.id;
    let recorder = Recorder::new(state, caller);
    let (caller, change, profile) = (caller.clone(), change.clone(), profile.clone());
    state
        .db
        .write(async move |connection| {
            let was = own(connection, &caller, &id).await?;
            change_in(connection, &recorder, &was, &change).await?;
            let read = store::sub_accounts::profiles::find;
            let known = read(connection, &caller.organization_id, &id).await?.ok_or(Code::NotFound)?;
            let wanted = profile.applied(&known.profile)?;
            if wanted != known.profile {
                store::sub_accounts::profiles::set(connection, &id, &wanted, recorder.now()).await?;
                let change = Change::between(told(&known.profile), told(&wanted));
                recorder.audit(connection, object(&was), Action::SubAccountEdited, change).await?;
            }
            Ok::<_, Error>(read(connection, &caller.organization_id, &id).await?.ok_or(Code::NotFound)?)
        })
        .await
}
