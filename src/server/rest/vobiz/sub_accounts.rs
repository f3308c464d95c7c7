//! Sub-accounts with the credentials that are made with them. All of it is asked with the credentials of the main account.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;

use super::account::TokensBody;
use super::answer;
use super::asked::Asked;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::auth::keys::hash;
use crate::server::error::{Error, Result};
use crate::server::rest::envelope::{Instant, Rendered};
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::sub_accounts::profiles::{self, NewCustomer, ProfileChange, ProfiledSubAccount};
use crate::server::services::sub_accounts::{self, SubAccountChange};
use crate::server::services::tokens;

/// What stands where a secret was shown before.
const REDACTED: &str = "<redacted>";
/// Rows of a page at the most.
const MOST_ROWS: usize = 1_000;

pub fn routes() -> Vec<Route> {
    let (all, one) = ("/accounts/{auth_id}/sub-accounts/", "/accounts/{auth_id}/sub-accounts/{id}");
    let routes = vec![
        Route::get(all, "listSubAccounts", list).scope(Scope::NumbersRead),
        Route::post(all, "createSubAccount", create).scope(Scope::NumbersWrite).answers(&[201]),
        Route::get(one, "getSubAccount", get).scope(Scope::NumbersRead),
        Route::put(one, "updateSubAccount", update).scope(Scope::NumbersWrite),
        Route::delete(one, "deleteSubAccount", delete).scope(Scope::NumbersWrite),
    ];
    routes.into_iter().map(|route| route.holders(Holders::Organization)).collect()
}

#[derive(Serialize)]
struct SubAccountBody {
    id: String,
    auth_id: String,
    auth_token: String,
    parent_account_id: String,
    parent_auth_id: String,
    api_id: String,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    description: Option<String>,
    permissions: Option<Box<RawValue>>,
    rate_limit: i64,
    email_verified: bool,
    enabled: bool,
    is_active: bool,
    created: Instant,
    modified: Instant,
    created_at: Instant,
    updated_at: Instant,
    last_used: Option<Instant>,
    account: String,
    resource_uri: String,
}

impl SubAccountBody {
    fn new(found: ProfiledSubAccount, auth_token: String) -> Self {
        let ProfiledSubAccount { sub_account, profile, updated_at, last_used_at, parent_auth_id, parent_public_number } = found;
        let (created_at, updated_at) = (Instant(sub_account.created_at), Instant(updated_at));
        let account = format!("/v1/Account/{parent_auth_id}/");
        Self {
            id: sub_account.public_number.to_string(),
            auth_token,
            parent_account_id: parent_public_number.to_string(),
            parent_auth_id,
            api_id: sub_account.id,
            name: sub_account.name,
            email: profile.email,
            phone: profile.phone,
            description: profile.description,
            permissions: profile.permissions.and_then(|permissions| RawValue::from_string(permissions).ok()),
            rate_limit: profile.rate_limit,
            email_verified: false,
            enabled: !sub_account.disabled,
            is_active: !sub_account.disabled,
            created: created_at,
            modified: updated_at,
            created_at,
            updated_at,
            last_used: last_used_at.map(Instant),
            resource_uri: format!("{account}Subaccount/{}/", sub_account.auth_id),
            account,
            auth_id: sub_account.auth_id,
        }
    }

    fn redacted(found: ProfiledSubAccount) -> Self {
        Self::new(found, REDACTED.to_owned())
    }
}

#[derive(Serialize)]
struct SubAccounts {
    sub_accounts: Vec<SubAccountBody>,
    total: i64,
    page: usize,
    size: usize,
}

#[derive(Serialize)]
struct Created {
    message: &'static str,
    sub_account: SubAccountBody,
    auth_credentials: Credentials,
    tokens: TokensBody,
    #[serde(skip_serializing_if = "Option::is_none", rename = "secretShownBefore")]
    secret_shown_before: Option<bool>,
}

#[derive(Serialize)]
struct Credentials {
    auth_id: String,
    auth_token: Option<String>,
}

#[derive(Serialize)]
struct Deleted {
    message: &'static str,
}

/// Reads a request for the main account: its sub-accounts have none of their own.
async fn asked(call: Call, unread: Unread) -> Result<Asked> {
    let asked = Asked::read(call, unread).await?;
    if asked.is_parent() { Ok(asked) } else { Err(Code::NotFound.into()) }
}

fn profile(asked: &mut Asked) -> ProfileChange {
    ProfileChange {
        email: asked.change("email"),
        phone: asked.change("phone"),
        description: asked.change("description"),
        permissions: asked.member_object("permissions"),
        rate_limit: asked.member_number("rate_limit"),
    }
}

async fn list(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = asked(call, unread).await?;
    let paging = asked.paging("size", MOST_ROWS);
    let active_only = asked.flag("active_only").unwrap_or(false);
    asked.check()?;
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let found = profiles::page(&asked.call.state, &asked.caller, active_only, count(paging.offset()), count(paging.per_page)).await?;
    let sub_accounts = found.rows.into_iter().map(SubAccountBody::redacted).collect();
    Rendered::json(StatusCode::OK, &SubAccounts { sub_accounts, total: found.total, page: paging.page, size: paging.per_page })
}

async fn create(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = asked(call, unread).await?;
    // A password for Vobiz's own console may come too. People are invited here and choose theirs, so it is not even looked at.
    let new =
        NewCustomer { name: asked.required("name"), disabled: asked.member_flag("enabled") == Some(false), profile: profile(&mut asked) };
    asked.check()?;
    let state = &asked.call.state;
    let made = profiles::create(state, &asked.caller, asked.call.key.scopes, &new).await?;
    let secret = made.minted.secret;
    let secret_hash = hash(&secret).ok_or_else(|| Error::Internal(String::from("a fresh key is malformed")))?;
    let issued = tokens::issue(state, &secret_hash)?;
    let body = |shown: bool| Created {
        message: "Sub-account created successfully",
        sub_account: SubAccountBody::new(made.sub_account.clone(), if shown { secret.clone() } else { REDACTED.to_owned() }),
        auth_credentials: Credentials { auth_id: made.sub_account.sub_account.auth_id.clone(), auth_token: shown.then(|| secret.clone()) },
        tokens: if shown { TokensBody::from(issued.clone()) } else { TokensBody::hidden() },
        secret_shown_before: (!shown).then_some(true),
    };
    answer::secret(StatusCode::CREATED, &body(true), &body(false))
}

async fn get(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = asked(call, unread).await?;
    let found = profiles::get(&asked.call.state, &asked.caller, asked.call.path("id")).await?;
    Rendered::json(StatusCode::OK, &SubAccountBody::redacted(found))
}

async fn update(call: Call, unread: Unread) -> Result<Rendered> {
    let mut asked = asked(call, unread).await?;
    let change = SubAccountChange {
        name: asked.change("name").map(Option::unwrap_or_default),
        budget: None,
        disabled: asked.member_flag("enabled").map(|enabled| !enabled),
    };
    let profile = profile(&mut asked);
    asked.check()?;
    let found = profiles::change(&asked.call.state, &asked.caller, asked.call.path("id"), &change, &profile).await?;
    Rendered::json(StatusCode::OK, &SubAccountBody::redacted(found))
}

async fn delete(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = asked(call, unread).await?;
    let found = sub_accounts::named(&asked.call.state, &asked.caller, asked.call.path("id")).await?;
    sub_accounts::delete(&asked.call.state, &asked.caller, &found.id).await?;
    Rendered::json(StatusCode::OK, &Deleted { message: "Sub-account deleted successfully" })
}
