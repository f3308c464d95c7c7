//! Sub-accounts: customers of the organization. Their numbers come and go through `moving`; what is kept about the people behind them,
//! and credentials that are made with them, are in [`profiles`].

pub mod profiles;

use serde_json::json;
use sqlx::AnyConnection;

use super::agents::check_name;
use super::caller::Caller;
use super::cool_offs::running_after;
use super::cursor::{self, Found};
use super::moving::parent_only;
use super::recorder::{Change, Object, Recorder};
use crate::domain::account::Role;
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::auth::keys::new_auth_id;
use crate::server::error::{Error, Result, StoreError};
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::sub_accounts::SubAccount;
use crate::server::store::sub_accounts::{ListedSubAccount, NewSubAccount, Uses};

/// What people write about a sub-account.
#[derive(Debug, Clone, Default)]
pub struct SubAccountInput {
    pub name: String,
    /// A decimal; empty when only the organization's budget binds.
    pub budget: String,
}

/// What shall be another one; nothing for what stays.
#[derive(Debug, Clone, Default)]
pub struct SubAccountChange {
    pub name: Option<String>,
    /// The inner none takes the budget away.
    pub budget: Option<Option<Micros>>,
    pub disabled: Option<bool>,
}

/// All sub-accounts that the caller sees.
#[derive(Debug, Clone)]
pub struct SubAccountList {
    pub sub_accounts: Vec<ListedSubAccount>,
    pub can_edit: bool,
}

fn check(input: &SubAccountInput) -> Result<(String, Option<Micros>)> {
    let name = check_name(&input.name);
    let budget = match input.budget.trim() {
        "" => Ok(None),
        text => Micros::parse(text, 6).map(Some).map_err(|fault| FieldError::new("budget", format!("The budget cannot be read: {fault}."))),
    };
    match (name, budget) {
        (Ok(name), Ok(budget)) => Ok((name, budget)),
        (name, budget) => Err(Refusal::Validation { errors: name.err().into_iter().chain(budget.err()).collect() }.into()),
    }
}

/// A name that a live sub-account has already is refused by the database itself.
fn name_taken(error: StoreError) -> Error {
    if error.is_unique_violation() { Code::NameTaken.into() } else { error.into() }
}

async fn own(connection: &mut AnyConnection, caller: &Caller, id: &str) -> Result<SubAccount> {
    Ok(store::sub_accounts::find(connection, &caller.organization_id, id).await?.ok_or(Code::NotFound)?)
}

fn object(sub_account: &SubAccount) -> Object<'_> {
    Object { organization_id: &sub_account.organization_id, kind: "sub_account", id: &sub_account.id, label: &sub_account.name }
}

/// The sub-accounts by name; a caller of one sees that one.
///
/// # Errors
/// Only when the store fails.
pub async fn list(state: &AppState, caller: &Caller) -> Result<SubAccountList> {
    let after = running_after(state.now(), state.settings.cool_off_days);
    let mut connection = state.db.read().await?;
    let sub_accounts = store::sub_accounts::list(&mut connection, &caller.organization_id, caller.sub_account_id.as_deref(), after).await?;
    Ok(SubAccountList { sub_accounts, can_edit: caller.sub_account_id.is_none() && caller.role >= Role::Admin })
}

/// A page of the sub-accounts by name; a caller of one sees that one.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn page(state: &AppState, caller: &Caller, limit: usize, cursor: Option<&str>) -> Result<Found<SubAccount>> {
    let after = cursor::decode::<2>(cursor)?;
    let only = caller.sub_account_id.as_deref();
    let mut connection = state.db.read().await?;
    let rows = store::sub_accounts::page(&mut connection, &caller.organization_id, only, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::sub_accounts::count_live(&mut connection, &caller.organization_id, only).await?;
    Ok(Found::new(rows, total, limit, |sub_account| cursor::encode(&[&sub_account.name, &sub_account.id])))
}

/// One of the caller's sub-accounts.
///
/// # Errors
/// `not_found`.
pub async fn get(state: &AppState, caller: &Caller, id: &str) -> Result<SubAccount> {
    if caller.sub_account_id.as_deref().is_some_and(|own| own != id) {
        return Err(Code::NotFound.into());
    }
    let mut connection = state.db.read().await?;
    own(&mut connection, caller, id).await
}

/// One of the caller's sub-accounts by any of its names: its id, its `SA_` id or its public number.
///
/// # Errors
/// `not_found`.
pub async fn named(state: &AppState, caller: &Caller, name: &str) -> Result<SubAccount> {
    let mut connection = state.db.read().await?;
    let found = store::sub_accounts::find_by_any_id(&mut connection, &caller.organization_id, name).await?;
    Ok(found.filter(|found| caller.sees(Some(&found.id))).ok_or(Code::NotFound)?)
}

/// Makes a sub-account with its fixed `SA_` id.
///
/// # Errors
/// `role_too_low` for a caller of a sub-account, `validation`, `name_taken`.
pub async fn create(state: &AppState, caller: &Caller, input: &SubAccountInput) -> Result<SubAccount> {
    let recorder = Recorder::new(state, caller);
    let new = draft(state, caller, &recorder, input)?;
    state.db.write(async move |connection| create_in(connection, &recorder, &new).await).await
}

/// A sub-account that may be made, with its fixed `SA_` id.
fn draft(state: &AppState, caller: &Caller, recorder: &Recorder, input: &SubAccountInput) -> Result<NewSubAccount> {
    parent_only(caller)?;
    let (name, budget) = check(input)?;
    Ok(NewSubAccount {
        id: recorder.new_id(),
        organization_id: caller.organization_id.clone(),
        auth_id: new_auth_id("SA_", &state.ids),
        name,
        budget,
        at: recorder.now(),
    })
}

/// [`create`] inside a transaction.
async fn create_in(connection: &mut AnyConnection, recorder: &Recorder, new: &NewSubAccount) -> Result<SubAccount> {
    store::sub_accounts::insert(connection, new).await.map_err(name_taken)?;
    let made = store::sub_accounts::find(connection, &new.organization_id, &new.id).await?.ok_or(Code::NotFound)?;
    let change = Change::to(json!({ "name": made.name, "authId": made.auth_id, "budgetMicros": made.budget }));
    recorder.audit(connection, object(&made), Action::SubAccountCreated, change).await?;
    Ok(made)
}

/// Changes name, budget, and whether it takes numbers. Disabling it stops its keys and hand-overs to it; its numbers stay and route.
///
/// # Errors
/// `role_too_low` for a caller of a sub-account, `validation`, `not_found`, `name_taken`.
pub async fn edit(state: &AppState, caller: &Caller, id: &str, input: &SubAccountInput, disabled: bool) -> Result<SubAccount> {
    let (name, budget) = check(input)?;
    change(state, caller, id, &SubAccountChange { name: Some(name), budget: Some(budget), disabled: Some(disabled) }).await
}

/// Changes some of name, budget, and whether it takes numbers.
///
/// # Errors
/// As [`edit`].
pub async fn change(state: &AppState, caller: &Caller, id: &str, change: &SubAccountChange) -> Result<SubAccount> {
    check_change(caller, change)?;
    let recorder = Recorder::new(state, caller);
    let (caller, id, change) = (caller.clone(), id.to_owned(), change.clone());
    state
        .db
        .write(async move |connection| {
            let was = own(connection, &caller, &id).await?;
            change_in(connection, &recorder, &was, &change).await?;
            own(connection, &caller, &id).await
        })
        .await
}

fn check_change(caller: &Caller, change: &SubAccountChange) -> Result<()> {
    parent_only(caller)?;
    match change.name.as_deref().map(check_name) {
        Some(Err(error)) => Err(Refusal::Validation { errors: vec![error] }.into()),
        _ => Ok(()),
    }
}

/// [`change`] inside a transaction. What is so already is no change.
async fn change_in(connection: &mut AnyConnection, recorder: &Recorder, was: &SubAccount, change: &SubAccountChange) -> Result<()> {
    let name = change.name.as_deref().map_or_else(|| was.name.clone(), |name| name.trim().to_owned());
    let budget = change.budget.unwrap_or(was.budget);
    let disabled = change.disabled.unwrap_or(was.disabled);
    if was.name == name && was.budget == budget && was.disabled == disabled {
        return Ok(());
    }
    let updated = store::sub_accounts::update(connection, &was.id, &name, budget, disabled, recorder.now()).await;
    if !updated.map_err(name_taken)? {
        return Err(Code::NotFound.into());
    }
    let before = json!({ "name": was.name, "budgetMicros": was.budget, "disabled": was.disabled });
    let after = json!({ "name": name, "budgetMicros": budget, "disabled": disabled });
    recorder.audit(connection, object(was), Action::SubAccountEdited, Change::between(before, after)).await
}

/// Deletes a sub-account that has no numbers: its holds are given back, its keys end, its agents and routes go (R37).
///
/// # Errors
/// `role_too_low` for a caller of a sub-account, `not_found`, `sub_account_in_use` with counts.
pub async fn delete(state: &AppState, caller: &Caller, id: &str) -> Result<SubAccount> {
    parent_only(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, id) = (caller.clone(), id.to_owned());
    state
        .db
        .write(async move |connection| {
            let sub_account = own(connection, &caller, &id).await?;
            let uses = store::sub_accounts::uses(connection, &id).await?;
            if uses != Uses::default() {
                let Uses { owned, recoverable, ordering } = uses;
                return Err(Refusal::SubAccountInUse { owned, recoverable, ordering }.into());
            }
            let now = recorder.now();
            let holds = store::holds::release_of_sub_account(connection, &caller.organization_id, &id, now).await?;
            let keys = store::keys::revoke_of_sub_account(connection, &id, now).await?;
            store::agents::delete_of_sub_account(connection, &id, now).await?;
            store::routes::delete_of_sub_account(connection, &id, now).await?;
            if !store::sub_accounts::delete(connection, &id, now).await? {
                return Err(Code::NotFound.into());
            }
            let change = Change::to(json!({ "holdsReleased": holds, "keysRevoked": keys }));
            recorder.audit(connection, object(&sub_account), Action::SubAccountDeleted, change).await?;
            Ok::<_, Error>(sub_account)
        })
        .await
}
