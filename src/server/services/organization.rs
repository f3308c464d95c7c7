//! The organization itself: reading it, renaming it, and its monthly budgets (R48). Buying checks them in the claim of an order.

use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cursor::{self, Found};
use super::moving::parent_only;
use super::recorder::{Change, Object, Recorder};
use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::server::auth::form::Faults;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::accounts::Organization;

/// What the numbers of an organization, or of one of its sub-accounts, may cost a month together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// None for the organization.
    pub sub_account_id: Option<String>,
    /// Of the organization or of the sub-account.
    pub name: String,
    /// None where nothing limits it.
    pub budget: Option<Micros>,
    /// What owned numbers and those under way cost a month.
    pub committed: Micros,
}

/// The budgets that a caller sees.
#[derive(Debug, Clone)]
pub struct Budgets {
    /// None for callers of a sub-account.
    pub organization: Option<Budget>,
    pub sub_accounts: Found<Budget>,
}

/// The caller's organization.
///
/// # Errors
/// `role_too_low` for callers of a sub-account.
pub async fn get(state: &AppState, caller: &Caller) -> Result<Organization> {
    parent_only(caller)?;
    let mut connection = state.db.read().await?;
    own(&mut connection, caller).await
}

async fn own(connection: &mut AnyConnection, caller: &Caller) -> Result<Organization> {
    Ok(store::accounts::find_organization(connection, &caller.organization_id).await?.ok_or(Code::NotFound)?)
}

fn object(organization: &Organization) -> Object<'_> {
    Object { organization_id: &organization.id, kind: "organization", id: &organization.id, label: &organization.name }
}

/// Renames the caller's organization. The same name again is no change.
///
/// # Errors
/// `role_too_low` for callers of a sub-account, `validation`.
pub async fn rename(state: &AppState, caller: &Caller, name: &str) -> Result<Organization> {
    parent_only(caller)?;
    let mut faults = Faults::default();
    let name = faults.name("name", name);
    faults.into_result()?;
    let recorder = Recorder::new(state, caller);
    let caller = caller.clone();
    state
        .db
        .write(async move |connection| {
            let was = own(connection, &caller).await?;
            if was.name == name {
                return Ok(was);
            }
            store::accounts::rename_organization(connection, &was.id, &name).await?;
            let change = Change::between(json!({ "name": was.name }), json!({ "name": name }));
            recorder.audit(connection, object(&was), Action::OrganizationRenamed, change).await?;
            Ok::<_, Error>(Organization { name: name.clone(), ..was })
        })
        .await
}

/// The budgets: the organization's, and a page of those of its sub-accounts by name.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn budgets(state: &AppState, caller: &Caller, limit: usize, cursor: Option<&str>) -> Result<Budgets> {
    let after = cursor::decode::<2>(cursor)?;
    let only = caller.sub_account_id.as_deref();
    let mut connection = state.db.read().await?;
    let rows = store::sub_accounts::page(&mut connection, &caller.organization_id, only, after.as_ref(), cursor::rows(limit)).await?;
    let total = store::sub_accounts::count_live(&mut connection, &caller.organization_id, only).await?;
    let found = Found::new(rows, total, limit, |row| cursor::encode(&[&row.name, &row.id]));
    let mut budgets = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        budgets.push(budget_of(&mut connection, &caller.organization_id, Some(&row.id), row.name, row.budget).await?);
    }
    let organization = match only {
        Some(_) => None,
        None => Some(budget(&mut connection, caller).await?),
    };
    Ok(Budgets { organization, sub_accounts: Found { rows: budgets, total: found.total, next_cursor: found.next_cursor } })
}

/// The budget of the caller's organization, on a connection that is there.
pub(super) async fn budget(connection: &mut AnyConnection, caller: &Caller) -> Result<Budget> {
    let own = own(connection, caller).await?;
    budget_of(connection, &own.id, None, own.name, own.budget).await
}

async fn budget_of(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
    name: String,
    budget: Option<Micros>,
) -> Result<Budget> {
    let owned = store::numbers::monthly_committed(connection, organization_id, sub_account_id).await?;
    let ordering = store::orders::monthly_ordering(connection, organization_id, sub_account_id).await?;
    let committed = Micros(owned.0.saturating_add(ordering.0));
    Ok(Budget { sub_account_id: sub_account_id.map(str::to_owned), name, budget, committed })
}

/// Sets the budget of the caller's organization, or of one of its sub-accounts; none takes the limit away. One below what is committed
/// stops new purchases and nothing else.
///
/// # Errors
/// `role_too_low` for callers of a sub-account, `not_found`.
pub async fn set_budget(state: &AppState, caller: &Caller, sub_account_id: Option<&str>, budget: Option<Micros>) -> Result<Budget> {
    parent_only(caller)?;
    let recorder = Recorder::new(state, caller);
    let (caller, sub_account_id) = (caller.clone(), sub_account_id.map(str::to_owned));
    state
        .db
        .write(async move |connection| {
            let organization = own(connection, &caller).await?;
            let (object, was, name) = match &sub_account_id {
                None => (object(&organization), organization.budget, organization.name.clone()),
                Some(id) => {
                    let sub_account = store::sub_accounts::find(connection, &organization.id, id).await?.ok_or(Code::NotFound)?;
                    store::sub_accounts::update(connection, id, &sub_account.name, budget, sub_account.disabled, recorder.now()).await?;
                    let object = Object { organization_id: &organization.id, kind: "sub_account", id, label: "" };
                    (object, sub_account.budget, sub_account.name)
                }
            };
            if sub_account_id.is_none() {
                store::accounts::set_budget(connection, &organization.id, budget).await?;
            }
            if was != budget {
                let micros = |budget: Option<Micros>| json!({ "budgetMicros": budget.map(|budget| budget.0) });
                let object = Object { label: &name, ..object };
                recorder.audit(connection, object, Action::BudgetChanged, Change::between(micros(was), micros(budget))).await?;
            }
            budget_of(connection, &organization.id, sub_account_id.as_deref(), name, budget).await
        })
        .await
}
