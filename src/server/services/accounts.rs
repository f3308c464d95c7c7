//! Signing up, in and out, choosing an organization, and what the command line and the demo make. Links and members have files of their own.

use std::net::IpAddr;

use serde_json::json;
use sqlx::AnyConnection;

pub use super::links::reset_by_command;
use super::links::{self, NewLink};
use crate::domain::account::Role;
use crate::domain::audit::{Action, Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;
use crate::server::auth::form::Faults;
use crate::server::auth::keys::new_auth_id;
use crate::server::auth::session::{Fresh, IDLE_S, Session};
use crate::server::auth::{limits, password};
use crate::server::config::SignUp;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::accounts::{NewOrganization, NewUser};
use crate::server::store::audit::NewAudit;
use crate::server::store::installation::Installation;

/// What somebody writes who makes an organization.
#[derive(Debug, Clone)]
pub struct SignUpForm {
    pub organization: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// A new organization with its first owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founded {
    pub organization_id: String,
    /// `MA_…`
    pub auth_id: String,
    pub user_id: String,
}

/// Somebody to be added without an invitation: by the demo.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub password: String,
    pub platform_admin: bool,
    pub membership: Option<NewMembership>,
}

/// Where a new person belongs.
#[derive(Debug, Clone)]
pub struct NewMembership {
    pub organization_id: String,
    pub role: Role,
    pub sub_account_id: Option<String>,
}

/// What the sign-in page offers.
#[derive(Debug, Clone)]
pub struct SignInPage {
    /// Empty outside demo mode, and in a demo that others can reach (R24).
    pub demo: Vec<DemoPerson>,
    pub sign_up_open: bool,
}

/// An account of the demo.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    pub name: String,
    pub role: String,
    pub email: String,
    pub password: String,
}

/// The part of `demo.json` that the sign-in page shows.
#[derive(Debug, Default, serde::Deserialize)]
struct DemoFile {
    users: Vec<DemoUser>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct DemoUser {
    email: String,
    password: String,
    role: Option<String>,
    organization: Option<String>,
    #[serde(default)]
    platform_admin: bool,
}

/// What the sign-in page offers. A demo whose file is gone offers no accounts until it is started again.
///
/// # Errors
/// When the store fails.
pub async fn sign_in_page(state: &AppState) -> Result<SignInPage> {
    let mut page = SignInPage { demo: Vec::new(), sign_up_open: state.settings.sign_up == SignUp::Open };
    if !state.settings.demo || state.settings.demo_public {
        return Ok(page);
    }
    let text = std::fs::read_to_string(state.settings.data_dir.join("demo.json")).unwrap_or_default();
    let file: DemoFile = serde_json::from_str(&text).unwrap_or_default();
    let mut connection = state.db.read().await?;
    for user in file.users {
        let Some(known) = store::accounts::find_user_by_email(&mut connection, &user.email).await? else { continue };
        let role = match (user.platform_admin, user.role, user.organization) {
            (true, _, None) | (true, None, _) => String::from("operator"),
            (true, Some(role), Some(organization)) => format!("operator, {role} of {organization}"),
            (false, Some(role), Some(organization)) => format!("{role} of {organization}"),
            (false, role, _) => role.unwrap_or_default(),
        };
        page.demo.push(DemoPerson { name: known.name, role, email: user.email, password: user.password });
    }
    Ok(page)
}

/// Checks that the database is the kind that the settings speak of, and marks an empty one as that (R24).
///
/// # Errors
/// `validation` when a demo meets real data, when real work meets demo data, and for another currency than the database has.
pub async fn check_installation(state: &AppState) -> Result<()> {
    let wanted = Installation { demo: state.settings.demo, currency: state.settings.currency.clone() };
    let now = state.now();
    state
        .db
        .write(async move |connection| {
            let found = store::installation::find(connection).await?;
            let in_use = store::installation::is_in_use(connection).await?;
            if let Some(fault) = installation_fault(found.as_ref(), in_use, &wanted) {
                return Err(Error::from(Refusal::field("database", fault)));
            }
            store::installation::insert(connection, &wanted, now).await?;
            store::ledger::open_platform(connection, now).await?;
            Ok(())
        })
        .await
}

fn installation_fault(found: Option<&Installation>, in_use: bool, wanted: &Installation) -> Option<&'static str> {
    match found {
        Some(found) if found.demo && !wanted.demo => Some("This data directory holds a demo. Add --demo, or choose another --data-dir."),
        Some(found) if !found.demo && wanted.demo => Some("This data directory is not a demo's. Choose an empty --data-dir for --demo."),
        Some(found) if found.currency != wanted.currency => Some("This database counts in another currency. Give its --currency."),
        None if wanted.demo && in_use => Some("This database is in use already. Choose an empty --data-dir for --demo."),
        _ => None,
    }
}

/// Makes an organization with its first owner and signs them in; answers the cookie's secret.
///
/// # Errors
/// `sign_up_closed`, or `validation` with every field that needs another value.
pub async fn sign_up(state: &AppState, form: SignUpForm) -> Result<String> {
    if state.settings.sign_up != SignUp::Open {
        return Err(Code::SignUpClosed.into());
    }
    let fresh = Fresh::new(state);
    write_founding(state, form, Some(fresh.clone()), Channel::Browser).await?;
    Ok(fresh.secret)
}

/// Makes an organization with its first owner, whatever the sign-up switch says: for the demo and the command line.
///
/// # Errors
/// `validation` with every field that needs another value.
pub async fn found(state: &AppState, form: SignUpForm) -> Result<Founded> {
    write_founding(state, form, None, Channel::Command).await
}

async fn write_founding(state: &AppState, form: SignUpForm, fresh: Option<Fresh>, channel: Channel) -> Result<Founded> {
    let mut faults = Faults::default();
    let organization_name = faults.name("organization", &form.organization);
    let name = faults.name("name", &form.name);
    let email = faults.email(&form.email);
    faults.new_password(&form.password, &email);
    faults.into_result()?;
    refuse_known_email(&mut *state.db.read().await?, &email).await?;

    let password_hash = Some(password::hash(&form.password, &state.ids).await?);
    let now = state.now();
    let user = NewUser { id: state.new_id(), email, name, password_hash, platform_admin: false };
    let organization = NewOrganization { id: state.new_id(), auth_id: new_auth_id("MA_", &state.ids), name: organization_name };
    let accounts = [state.new_id(), state.new_id(), state.new_id()];
    let audit_id = state.new_id();
    let founded = Founded { organization_id: organization.id.clone(), auth_id: organization.auth_id.clone(), user_id: user.id.clone() };
    state
        .db
        .write(async move |connection| {
            refuse_known_email(connection, &user.email).await?;
            store::accounts::insert_user(connection, &user, now).await?;
            store::accounts::insert_organization(connection, &organization, now).await?;
            store::accounts::insert_membership(connection, &user.id, &organization.id, Role::Owner, None, now).await?;
            store::ledger::open_organization(connection, [&accounts[0], &accounts[1], &accounts[2]], &organization.id, now).await?;
            let audit = NewAudit {
                id: &audit_id,
                organization_id: Some(&organization.id),
                actor: &Actor::new(ActorKind::User, &user.id, &user.name),
                action: Action::OrganizationCreated,
                object_kind: "organization",
                object_id: &organization.id,
                object_label: &organization.name,
                before: None,
                after: Some(json!({ "owner": user.email })),
                reason: None,
                channel,
                at: now,
            };
            store::audit::append(connection, &audit).await?;
            if let Some(fresh) = &fresh {
                fresh.write(connection, &user.id, Some(&organization.id)).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(founded)
}

async fn refuse_known_email(connection: &mut AnyConnection, email: &str) -> Result<()> {
    match store::accounts::find_user_by_email(connection, email).await? {
        Some(_) => Err(Refusal::field("email", "This email has an account already. Sign in instead.").into()),
        None => Ok(()),
    }
}

/// Adds a person without an invitation; answers their id.
///
/// # Errors
/// `validation` with every field that needs another value.
pub async fn add_person(state: &AppState, person: NewPerson) -> Result<String> {
    let mut faults = Faults::default();
    let name = faults.name("name", &person.name);
    let email = faults.email(&person.email);
    faults.new_password(&person.password, &email);
    faults.into_result()?;
    let password_hash = Some(password::hash(&person.password, &state.ids).await?);
    let now = state.now();
    let user = NewUser { id: state.new_id(), email, name, password_hash, platform_admin: person.platform_admin };
    let user_id = user.id.clone();
    state
        .db
        .write(async move |connection| {
            refuse_known_email(connection, &user.email).await?;
            store::accounts::insert_user(connection, &user, now).await?;
            if let Some(membership) = &person.membership {
                let sub_account_id = membership.sub_account_id.as_deref();
                store::accounts::insert_membership(connection, &user.id, &membership.organization_id, membership.role, sub_account_id, now)
                    .await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(user_id)
}

/// Signs in; answers the cookie's secret. The session that the browser had before ends.
///
/// # Errors
/// `wrong_credentials`, whether the email or the password is wrong; `rate_limited` after too many tries.
pub async fn sign_in(state: &AppState, email: &str, password: &str, address: IpAddr, previous: Option<&Session>) -> Result<String> {
    let email = email.trim().to_lowercase();
    let mut faults = Faults::default();
    faults.note("email", email.is_empty().then_some("Write your email address."));
    faults.note("password", password.is_empty().then_some("Write your password."));
    faults.into_result()?;
    let user_id = verify(state, &email, password, address).await?;
    let fresh = Fresh::new(state);
    let secret = fresh.secret.clone();
    let previous = previous.map(|session| session.id_hash.clone());
    let now = state.now();
    state
        .db
        .write(async move |connection| {
            if let Some(previous) = &previous {
                store::sessions::delete(connection, previous).await?;
            }
            store::sessions::delete_ended(connection, now, now.plus_seconds(-IDLE_S)).await?;
            let memberships = store::accounts::memberships_of(connection, &user_id).await?;
            let organization_id = memberships.first().map(|membership| membership.organization_id.as_str());
            fresh.write(connection, &user_id, organization_id).await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(secret)
}

/// The person with that email and password, with the tries counted.
pub(super) async fn verify(state: &AppState, email: &str, password: &str, address: IpAddr) -> Result<String> {
    let attempt = limits::begin_attempt(state, email, address).await?;
    let user = {
        let mut connection = state.db.read().await?;
        store::accounts::find_user_by_email(&mut connection, email).await?
    };
    let stored = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let fits = password::fits(password, stored).await?;
    match user.filter(|_| fits) {
        Some(user) => {
            limits::forget_attempt(state, attempt).await?;
            Ok(user.id)
        }
        None => Err(Code::WrongCredentials.into()),
    }
}

/// Ends the session.
///
/// # Errors
/// When the store fails.
pub async fn sign_out(state: &AppState, session: &Session) -> Result<()> {
    let id_hash = session.id_hash.clone();
    state.db.write(async move |connection| store::sessions::delete(connection, &id_hash).await).await?;
    Ok(())
}

/// Chooses another of the person's organizations. The role may be another there, so the session gets a new id (R41).
///
/// # Errors
/// `not_found` for an organization that the person does not belong to.
pub async fn choose_organization(state: &AppState, session: &Session, organization_id: &str) -> Result<String> {
    let fresh = Fresh::instead_of(state, session);
    let secret = fresh.secret.clone();
    let (id_hash, user_id, organization_id) = (session.id_hash.clone(), session.user_id.clone(), organization_id.to_owned());
    state
        .db
        .write(async move |connection| {
            let memberships = store::accounts::memberships_of(connection, &user_id).await?;
            if !memberships.iter().any(|membership| membership.organization_id == organization_id) {
                return Err(Error::from(Code::NotFound));
            }
            store::sessions::delete(connection, &id_hash).await?;
            fresh.write(connection, &user_id, Some(&organization_id)).await?;
            Ok(())
        })
        .await?;
    Ok(secret)
}

/// Makes somebody the operator, with a link to choose a password: no secret passes through the command line.
///
/// # Errors
/// `validation` when the email is none.
pub async fn create_operator(state: &AppState, email: &str) -> Result<NewLink> {
    let mut faults = Faults::default();
    let email = faults.email(email);
    faults.into_result()?;
    let now = state.now();
    let name = email.split('@').next().unwrap_or_default().to_owned();
    let user = NewUser { id: state.new_id(), email: email.clone(), name, password_hash: None, platform_admin: true };
    let (link, row) = links::prepare_reset(state, &email, None);
    let audit_id = state.new_id();
    state
        .db
        .write(async move |connection| {
            let known = store::accounts::find_user_by_email(connection, &user.email).await?;
            let user_id = match &known {
                Some(known) => known.id.clone(),
                None => user.id.clone(),
            };
            let changed = match &known {
                Some(known) => store::accounts::set_platform_admin(connection, &known.id, true).await?,
                None => {
                    store::accounts::insert_user(connection, &user, now).await?;
                    true
                }
            };
            links::write_reset(connection, &row, now).await?;
            if changed {
                note_platform_flag(connection, &audit_id, &user_id, &user.email, true, now).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(link)
}

/// Takes the platform flag from somebody: their sessions end, and so do the keys with `admin:override` that they minted.
///
/// # Errors
/// `not_found` when nobody has that email.
pub async fn remove_operator(state: &AppState, email: &str) -> Result<()> {
    let (email, now, audit_id) = (email.trim().to_lowercase(), state.now(), state.new_id());
    state
        .db
        .write(async move |connection| {
            let user = store::accounts::find_user_by_email(connection, &email).await?.ok_or(Code::NotFound)?;
            if store::accounts::set_platform_admin(connection, &user.id, false).await? {
                store::sessions::delete_of_user(connection, &user.id).await?;
                store::keys::revoke_minted_by(connection, &user.id, Scope::AdminOverride, now).await?;
                note_platform_flag(connection, &audit_id, &user.id, &user.email, false, now).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}

async fn note_platform_flag(
    connection: &mut AnyConnection,
    audit_id: &str,
    user_id: &str,
    email: &str,
    platform_admin: bool,
    now: Timestamp,
) -> Result<()> {
    let audit = NewAudit {
        id: audit_id,
        organization_id: None,
        actor: &Actor::system("command line"),
        action: Action::MemberRoleChanged,
        object_kind: "user",
        object_id: user_id,
        object_label: email,
        before: Some(json!({ "platform_admin": !platform_admin })),
        after: Some(json!({ "platform_admin": platform_admin })),
        reason: None,
        channel: Channel::Command,
        at: now,
    };
    Ok(store::audit::append(connection, &audit).await?)
}

/// Sets a password and ends the person's sessions: for the demo, whose passwords are in a file (R24).
///
/// # Errors
/// `not_found` when nobody has that email.
pub async fn set_password(state: &AppState, email: &str, password: &str) -> Result<()> {
    let email = email.trim().to_lowercase();
    let password_hash = password::hash(password, &state.ids).await?;
    state
        .db
        .write(async move |connection| {
            let user = store::accounts::find_user_by_email(connection, &email).await?.ok_or(Code::NotFound)?;
            store::accounts::set_password_hash(connection, &user.id, &password_hash).await?;
            store::sessions::delete_of_user(connection, &user.id).await?;
            Ok::<_, Error>(())
        })
        .await
}
