//! Sub-accounts. A deleted one keeps its row, so that history can name it. What is kept about the customer behind one is in
//! [`profiles`].

pub mod profiles;

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A customer of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubAccount {
    pub id: String,
    pub organization_id: String,
    pub auth_id: String,
    pub public_number: i64,
    pub name: String,
    pub disabled: bool,
    pub budget: Option<Micros>,
    pub created_at: Timestamp,
}

/// A sub-account as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSubAccount {
    pub sub_account: SubAccount,
    pub numbers: u32,
    pub agents: u32,
    /// Numbers whose cool-off runs.
    pub cooling_off: u32,
    pub monthly: Micros,
}

/// What keeps a sub-account from being deleted (R37).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    pub owned: u32,
    pub recoverable: u32,
    pub ordering: u32,
}

/// A sub-account to be made; its public number is the next free one.
#[derive(Debug, Clone)]
pub struct NewSubAccount {
    pub id: String,
    pub organization_id: String,
    pub auth_id: String,
    pub name: String,
    pub budget: Option<Micros>,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SubAccountRow {
    id: String,
    organization_id: String,
    auth_id: String,
    public_number: i64,
    name: String,
    disabled: i64,
    budget_micros: Option<i64>,
    created_at: i64,
}

impl From<SubAccountRow> for SubAccount {
    fn from(row: SubAccountRow) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            auth_id: row.auth_id,
            public_number: row.public_number,
            name: row.name,
            disabled: row.disabled != 0,
            budget: row.budget_micros.map(Micros),
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    sub_account: SubAccountRow,
    numbers: i64,
    agents: i64,
    cooling_off: i64,
    monthly_micros: i64,
}

macro_rules! columns {
    () => {
        "s.id AS id, s.organization_id AS organization_id, s.auth_id AS auth_id, s.public_number AS public_number, s.name AS name, \
         s.disabled AS disabled, s.budget_micros AS budget_micros, s.created_at AS created_at"
    };
}

use columns;

fn count(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Writes a sub-account with the next public number. A unique index refuses a name that a live one of the organization has.
pub async fn insert(connection: &mut AnyConnection, sub_account: &NewSubAccount) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sub_accounts (id, organization_id, auth_id, public_number, name, budget_micros, created_at, updated_at) \
         VALUES ($1, $2, $3, (SELECT COALESCE(MAX(public_number), 10000) + 1 FROM sub_accounts), $4, $5, $6, $6)",
    )
    .bind(&sub_account.id)
    .bind(&sub_account.organization_id)
    .bind(&sub_account.auth_id)
    .bind(&sub_account.name)
    .bind(sub_account.budget.map(|budget| budget.0))
    .bind(sub_account.at.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// A live sub-account of the organization.
pub async fn find(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<SubAccount>, StoreError> {
    let row: Option<SubAccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM sub_accounts s WHERE s.organization_id = $1 AND s.id = $2 AND s.deleted_at IS NULL"
    ))
    .bind(organization_id)
    .bind(id)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(SubAccount::from))
}

/// A live sub-account of the organization by any of its names: its id, its `SA_` id or its public number.
pub async fn find_by_any_id(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<SubAccount>, StoreError> {
    let row: Option<SubAccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM sub_accounts s WHERE s.organization_id = $1 AND s.deleted_at IS NULL \
         AND (s.id = $2 OR s.auth_id = $2 OR CAST(s.public_number AS TEXT) = $2)"
    ))
    .bind(organization_id)
    .bind(id)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(SubAccount::from))
}

/// The name of a sub-account, also of a deleted one.
pub async fn name(connection: &mut AnyConnection, id: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT name FROM sub_accounts WHERE id = $1").bind(id).fetch_optional(connection).await?;
    Ok(row.map(|(name,)| name))
}

/// The live sub-accounts of the organization (or the one that is named) by name. A cool-off runs where the last call started after
/// `called_after`.
pub async fn list(
    connection: &mut AnyConnection,
    organization_id: &str,
    only: Option<&str>,
    called_after: Timestamp,
) -> Result<Vec<ListedSubAccount>, StoreError> {
    let rows: Vec<ListedRow> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        ", (SELECT COUNT(*) FROM owned_numbers n WHERE n.sub_account_id = s.id AND n.status IN ('available', 'assigned')) AS numbers, \
         (SELECT COUNT(*) FROM agents a WHERE a.sub_account_id = s.id AND a.deleted_at IS NULL) AS agents, \
         (SELECT COUNT(*) FROM owned_numbers n WHERE n.sub_account_id = s.id AND n.status IN ('available', 'assigned') \
             AND n.last_call_at > $3) AS cooling_off, \
         (SELECT CAST(COALESCE(SUM(n.monthly_micros), 0) AS BIGINT) FROM owned_numbers n WHERE n.sub_account_id = s.id \
             AND n.status IN ('available', 'assigned')) AS monthly_micros \
         FROM sub_accounts s WHERE s.organization_id = $1 AND ($2 IS NULL OR s.id = $2) AND s.deleted_at IS NULL ORDER BY s.name, s.id"
    ))
    .bind(organization_id)
    .bind(only)
    .bind(called_after.micros())
    .fetch_all(connection)
    .await?;
    let listed = |row: ListedRow| ListedSubAccount {
        sub_account: row.sub_account.into(),
        numbers: count(row.numbers),
        agents: count(row.agents),
        cooling_off: count(row.cooling_off),
        monthly: Micros(row.monthly_micros),
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The live sub-accounts of the organization (or the one that is named) by name, below the one `after` (its name and id).
pub async fn page(
    connection: &mut AnyConnection,
    organization_id: &str,
    only: Option<&str>,
    after: Option<&[String; 2]>,
    limit: i64,
) -> Result<Vec<SubAccount>, StoreError> {
    let rows: Vec<SubAccountRow> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM sub_accounts s WHERE s.organization_id = $1 AND ($2 IS NULL OR s.id = $2) AND s.deleted_at IS NULL \
         AND ($3 IS NULL OR (s.name, s.id) > ($3, $4)) ORDER BY s.name, s.id LIMIT $5"
    ))
    .bind(organization_id)
    .bind(only)
    .bind(after.map(|[name, _]| name.clone()))
    .bind(after.map(|[_, id]| id.clone()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(SubAccount::from).collect())
}

/// How many [`page`] would find without a limit.
pub async fn count_live(connection: &mut AnyConnection, organization_id: &str, only: Option<&str>) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT COUNT(*) FROM sub_accounts WHERE organization_id = $1 AND ($2 IS NULL OR id = $2) AND deleted_at IS NULL",
    )
    .bind(organization_id)
    .bind(only)
    .fetch_one(connection)
    .await?)
}

/// Changes name, budget and whether it takes numbers. The unique index on names applies.
pub async fn update(
    connection: &mut AnyConnection,
    id: &str,
    name: &str,
    budget: Option<Micros>,
    disabled: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sub_accounts SET name = $1, budget_micros = $2, disabled = $3, updated_at = $4 WHERE id = $5 AND deleted_at IS NULL",
    )
    .bind(name)
    .bind(budget.map(|budget| budget.0))
    .bind(i64::from(disabled))
    .bind(now.micros())
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What still uses the sub-account.
pub async fn uses(connection: &mut AnyConnection, id: &str) -> Result<Uses, StoreError> {
    let (owned, recoverable, ordering): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM owned_numbers WHERE sub_account_id = $1 AND status IN ('available', 'assigned')), \
         (SELECT COUNT(*) FROM owned_numbers WHERE (restore_sub_account_id = $1 OR sub_account_id = $1) AND status = 'released'), \
         (SELECT COUNT(*) FROM orders WHERE sub_account_id = $1 AND state IN ('created', 'funded', 'ordered', 'stuck'))",
    )
    .bind(id)
    .fetch_one(connection)
    .await?;
    Ok(Uses { owned: count(owned), recoverable: count(recoverable), ordering: count(ordering) })
}

/// Marks a sub-account as deleted. False when it was so already.
pub async fn delete(connection: &mut AnyConnection, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sub_accounts SET deleted_at = $1 WHERE id = $2 AND deleted_at IS NULL")
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
