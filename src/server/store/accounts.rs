//! Organizations, people and who belongs where. Sessions, one-time links and keys have files of their own.

use sqlx::AnyConnection;

use crate::domain::account::Role;
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A person to be written.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub id: String,
    pub email: String,
    pub name: String,
    /// None until a one-time link has set a password.
    pub password_hash: Option<String>,
    pub platform_admin: bool,
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    pub id: String,
    pub email: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub platform_admin: bool,
}

/// An organization to be written.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    pub id: String,
    /// `MA_…`, fixed for good (R4).
    pub auth_id: String,
    pub name: String,
}

/// An organization.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: String,
    pub auth_id: String,
    pub name: String,
    pub closed_at: Option<Timestamp>,
    /// It has two holds instead of ten until it has paid something in (R40).
    pub ever_topped_up: bool,
    pub budget: Option<Micros>,
    pub created_at: Timestamp,
}

/// One organization that a person belongs to.
#[derive(Debug, Clone)]
pub struct Membership {
    pub organization_id: String,
    pub organization_name: String,
    pub role: Role,
    pub sub_account_id: Option<String>,
}

/// One person of an organization.
#[derive(Debug, Clone)]
pub struct Member {
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub platform_admin: bool,
    pub role: Role,
    pub since: Timestamp,
}

/// What the frame counts of an organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    pub numbers: i64,
    pub agents: i64,
    pub sub_accounts: i64,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    email: String,
    name: String,
    password_hash: Option<String>,
    platform_admin: i64,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self { id: row.id, email: row.email, name: row.name, password_hash: row.password_hash, platform_admin: row.platform_admin == 1 }
    }
}

#[derive(sqlx::FromRow)]
struct OrganizationRow {
    id: String,
    auth_id: String,
    name: String,
    closed_at: Option<i64>,
    ever_topped_up: i64,
    budget_micros: Option<i64>,
    created_at: i64,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self {
            id: row.id,
            auth_id: row.auth_id,
            name: row.name,
            closed_at: row.closed_at.map(Timestamp::from_micros),
            ever_topped_up: row.ever_topped_up == 1,
            budget: row.budget_micros.map(Micros),
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    organization_id: String,
    organization_name: String,
    role: String,
    sub_account_id: Option<String>,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StoreError;

    fn try_from(row: MembershipRow) -> Result<Self, StoreError> {
        Ok(Self {
            role: role_of(&row.role, &row.organization_id)?,
            organization_id: row.organization_id,
            organization_name: row.organization_name,
            sub_account_id: row.sub_account_id,
        })
    }
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    user_id: String,
    name: String,
    email: String,
    platform_admin: i64,
    role: String,
    created_at: i64,
}

impl TryFrom<MemberRow> for Member {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        Ok(Self {
            role: role_of(&row.role, &row.user_id)?,
            user_id: row.user_id,
            name: row.name,
            email: row.email,
            platform_admin: row.platform_admin == 1,
            since: Timestamp::from_micros(row.created_at),
        })
    }
}

fn role_of(name: &str, id: &str) -> Result<Role, StoreError> {
    Role::from_name(name).ok_or_else(|| StoreError::Inconsistent { table: "memberships", column: "role", id: id.to_owned() })
}

/// Writes a person. The email must be normalised already; a second one with it is a unique violation.
pub async fn insert_user(connection: &mut AnyConnection, user: &NewUser, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO users (id, email, name, password_hash, platform_admin, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&user.id)
        .bind(&user.email)
        .bind(&user.name)
        .bind(&user.password_hash)
        .bind(i64::from(user.platform_admin))
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// The person with that id.
pub async fn find_user(connection: &mut AnyConnection, id: &str) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = sqlx::query_as("SELECT id, email, name, password_hash, platform_admin FROM users WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(User::from))
}

/// The person with that normalised email.
pub async fn find_user_by_email(connection: &mut AnyConnection, email: &str) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = sqlx::query_as("SELECT id, email, name, password_hash, platform_admin FROM users WHERE email = $1")
        .bind(email)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(User::from))
}

/// Sets a person's password; false when there is no such person.
pub async fn set_password_hash(connection: &mut AnyConnection, user_id: &str, password_hash: &str) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2").bind(password_hash).bind(user_id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Gives or takes the platform-admin flag; false when it was so already.
pub async fn set_platform_admin(connection: &mut AnyConnection, user_id: &str, platform_admin: bool) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE users SET platform_admin = $1 WHERE id = $2 AND platform_admin <> $1")
        .bind(i64::from(platform_admin))
        .bind(user_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes an organization with the next public number.
pub async fn insert_organization(connection: &mut AnyConnection, organization: &NewOrganization, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO organizations (id, auth_id, name, public_number, created_at) \
         VALUES ($1, $2, $3, (SELECT COALESCE(MAX(public_number), 10000) + 1 FROM organizations), $4)",
    )
    .bind(&organization.id)
    .bind(&organization.auth_id)
    .bind(&organization.name)
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// The organization with that id.
pub async fn find_organization(connection: &mut AnyConnection, id: &str) -> Result<Option<Organization>, StoreError> {
    let row: Option<OrganizationRow> =
        sqlx::query_as("SELECT id, auth_id, name, closed_at, ever_topped_up, budget_micros, created_at FROM organizations WHERE id = $1")
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(Organization::from))
}

/// Renames an organization.
pub async fn rename_organization(connection: &mut AnyConnection, id: &str, name: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE organizations SET name = $1 WHERE id = $2").bind(name).bind(id).execute(connection).await?;
    Ok(())
}

/// Sets the monthly number budget of an organization; none takes the limit away.
pub async fn set_budget(connection: &mut AnyConnection, id: &str, budget: Option<Micros>) -> Result<(), StoreError> {
    sqlx::query("UPDATE organizations SET budget_micros = $1 WHERE id = $2")
        .bind(budget.map(|budget| budget.0))
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// All organizations by name, below the one `after` (its name and id). For the operator only.
pub async fn organizations(
    connection: &mut AnyConnection,
    after: Option<&[String; 2]>,
    limit: i64,
) -> Result<Vec<Organization>, StoreError> {
    let rows: Vec<OrganizationRow> = sqlx::query_as(
        "SELECT id, auth_id, name, closed_at, ever_topped_up, budget_micros, created_at FROM organizations \
         WHERE ($1 IS NULL OR (name, id) > ($1, $2)) ORDER BY name, id LIMIT $3",
    )
    .bind(after.map(|[name, _]| name.clone()))
    .bind(after.map(|[_, id]| id.clone()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Organization::from).collect())
}

/// How many organizations there are: an installation with none is empty (R24).
pub async fn count_organizations(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM organizations").fetch_one(connection).await?)
}

/// How many people there are.
pub async fn count_users(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(connection).await?)
}

/// Makes somebody a member; false when they are one already.
pub async fn insert_membership(
    connection: &mut AnyConnection,
    user_id: &str,
    organization_id: &str,
    role: Role,
    sub_account_id: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO memberships (user_id, organization_id, role, sub_account_id, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (user_id, organization_id) DO NOTHING",
    )
    .bind(user_id)
    .bind(organization_id)
    .bind(role.name())
    .bind(sub_account_id.map(str::to_owned))
    .bind(now.micros())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The open organizations of a person, the oldest membership first.
pub async fn memberships_of(connection: &mut AnyConnection, user_id: &str) -> Result<Vec<Membership>, StoreError> {
    let rows: Vec<MembershipRow> = sqlx::query_as(
        "SELECT memberships.organization_id, organizations.name AS organization_name, memberships.role, memberships.sub_account_id \
         FROM memberships JOIN organizations ON organizations.id = memberships.organization_id \
         WHERE memberships.user_id = $1 AND organizations.closed_at IS NULL ORDER BY memberships.created_at, memberships.organization_id",
    )
    .bind(user_id)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Membership::try_from).collect()
}

/// The people of an organization by name. Those of a sub-account are among them.
pub async fn members(connection: &mut AnyConnection, organization_id: &str) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<MemberRow> = sqlx::query_as(
        "SELECT memberships.user_id, users.name, users.email, users.platform_admin, memberships.role, memberships.created_at \
         FROM memberships JOIN users ON users.id = memberships.user_id WHERE memberships.organization_id = $1 ORDER BY users.name, users.id",
    )
    .bind(organization_id)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Member::try_from).collect()
}

/// A page of the people of an organization by name, below the one `after` (their name and id).
pub async fn members_page(
    connection: &mut AnyConnection,
    organization_id: &str,
    after: Option<&[String; 2]>,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<MemberRow> = sqlx::query_as(
        "SELECT memberships.user_id, users.name, users.email, users.platform_admin, memberships.role, memberships.created_at \
         FROM memberships JOIN users ON users.id = memberships.user_id WHERE memberships.organization_id = $1 \
         AND ($2 IS NULL OR (users.name, users.id) > ($2, $3)) ORDER BY users.name, users.id LIMIT $4",
    )
    .bind(organization_id)
    .bind(after.map(|[name, _]| name.clone()))
    .bind(after.map(|[_, id]| id.clone()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Member::try_from).collect()
}

/// How many people belong to an organization.
pub async fn count_members(connection: &mut AnyConnection, organization_id: &str) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM memberships WHERE organization_id = $1")
        .bind(organization_id)
        .fetch_one(connection)
        .await?)
}

/// One person of an organization.
pub async fn find_member(connection: &mut AnyConnection, organization_id: &str, user_id: &str) -> Result<Option<Member>, StoreError> {
    let row: Option<MemberRow> = sqlx::query_as(
        "SELECT memberships.user_id, users.name, users.email, users.platform_admin, memberships.role, memberships.created_at \
         FROM memberships JOIN users ON users.id = memberships.user_id WHERE memberships.organization_id = $1 AND memberships.user_id = $2",
    )
    .bind(organization_id)
    .bind(user_id)
    .fetch_optional(connection)
    .await?;
    row.map(Member::try_from).transpose()
}

/// Changes a role if it is still what the caller saw.
pub async fn set_role(
    connection: &mut AnyConnection,
    organization_id: &str,
    user_id: &str,
    from: Role,
    to: Role,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE memberships SET role = $1 WHERE organization_id = $2 AND user_id = $3 AND role = $4")
        .bind(to.name())
        .bind(organization_id)
        .bind(user_id)
        .bind(from.name())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes somebody out of an organization.
pub async fn delete_membership(connection: &mut AnyConnection, organization_id: &str, user_id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM memberships WHERE organization_id = $1 AND user_id = $2")
        .bind(organization_id)
        .bind(user_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Owners of an organization.
pub async fn count_owners(connection: &mut AnyConnection, organization_id: &str) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM memberships WHERE organization_id = $1 AND role = 'owner'")
        .bind(organization_id)
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// What the frame counts, within one sub-account where the caller belongs to one.
pub async fn counts(connection: &mut AnyConnection, organization_id: &str, sub_account_id: Option<&str>) -> Result<Counts, StoreError> {
    let counts = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM owned_numbers WHERE organization_id = $1 AND ($2 IS NULL OR sub_account_id = $2) \
                 AND status IN ('available', 'assigned')) AS numbers, \
                (SELECT COUNT(*) FROM agents WHERE organization_id = $1 AND ($2 IS NULL OR sub_account_id = $2) AND deleted_at IS NULL) AS agents, \
                (SELECT COUNT(*) FROM sub_accounts WHERE organization_id = $1 AND ($2 IS NULL OR id = $2) AND deleted_at IS NULL) AS sub_accounts",
    )
    .bind(organization_id)
    .bind(sub_account_id.map(str::to_owned))
    .fetch_one(connection)
    .await?;
    Ok(counts)
}

/// Cool-offs in effect over all organizations: numbers in a sub-account that were called after `called_after`.
pub async fn count_cool_offs(connection: &mut AnyConnection, called_after: Timestamp) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar(
        "SELECT COUNT(*) FROM owned_numbers WHERE sub_account_id IS NOT NULL AND status IN ('available', 'assigned') AND last_call_at > $1",
    )
    .bind(called_after.micros())
    .fetch_one(connection)
    .await?;
    Ok(count)
}
