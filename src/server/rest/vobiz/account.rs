//! The account behind the credentials, and tokens in their place.

use axum::http::StatusCode;
use serde::Serialize;

use super::REFRESH;
use super::asked::Asked;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::rest::credentials::bearer;
use crate::server::rest::envelope::{Instant, Rendered};
use crate::server::rest::handler::{Call, Unread};
use crate::server::rest::table::Route;
use crate::server::services::tokens::{ACCESS_S, Tokens};
use crate::server::services::{organization, sub_accounts, tokens};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/auth/me", "getProfile", me),
        // It makes a token and writes nothing, so a repeat needs no memory.
        Route::post("/auth/refresh", REFRESH, refresh).reading(),
    ]
}

/// A pair of tokens.
#[derive(Debug, Clone, Serialize)]
pub struct TokensBody {
    access_token: Option<String>,
    refresh_token: Option<String>,
    token_type: &'static str,
    /// Seconds for which the access token is accepted.
    expires_in: i64,
}

impl TokensBody {
    /// Without the tokens: they are shown once.
    #[must_use]
    pub const fn hidden() -> Self {
        Self { access_token: None, refresh_token: None, token_type: "bearer", expires_in: ACCESS_S }
    }
}

impl From<Tokens> for TokensBody {
    fn from(tokens: Tokens) -> Self {
        Self { access_token: Some(tokens.access), refresh_token: Some(tokens.refresh), ..Self::hidden() }
    }
}

#[derive(Serialize)]
struct Profile {
    id: String,
    auth_id: String,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    role: &'static str,
    account_type: &'static str,
    postpaid: bool,
    enabled: bool,
    is_active: bool,
    is_verified: bool,
    is_trial_account: bool,
    currency: String,
    credit_limit: i64,
    /// Calls do not run through here, so none are limited.
    cps_limit: i64,
    concurrent_calls_limit: i64,
    pricing_tier: PricingTier,
    created_at: Instant,
}

#[derive(Serialize)]
struct PricingTier {
    name: &'static str,
    currency: String,
}

async fn me(call: Call, unread: Unread) -> Result<Rendered> {
    let asked = Asked::read(call, unread).await?;
    let (id, name, created_at): (String, String, Timestamp) = match &asked.caller.sub_account_id {
        None => {
            let organization = organization::get(&asked.call.state, &asked.caller).await?;
            (organization.id, organization.name, organization.created_at)
        }
        Some(id) => {
            let sub_account = sub_accounts::get(&asked.call.state, &asked.caller, id).await?;
            (sub_account.id, sub_account.name, sub_account.created_at)
        }
    };
    let currency = asked.call.state.settings.currency.clone();
    let profile = Profile {
        id,
        name,
        kind: if asked.is_parent() { "MASTER" } else { "SUB_ACCOUNT" },
        // What Vobiz calls an admin account is one that may force.
        role: if asked.call.holds(Scope::AdminOverride) { "ADMIN" } else { "USER" },
        account_type: "PREPAID",
        postpaid: false,
        enabled: true,
        is_active: true,
        is_verified: true,
        is_trial_account: false,
        credit_limit: 0,
        cps_limit: 0,
        concurrent_calls_limit: 0,
        pricing_tier: PricingTier { name: "standard", currency: currency.clone() },
        currency,
        created_at: Instant(created_at),
        auth_id: asked.auth_id,
    };
    Rendered::json(StatusCode::OK, &profile)
}

async fn refresh(call: Call, unread: Unread) -> Result<Rendered> {
    let token = bearer(&unread.headers).ok_or(Code::Unauthenticated)?;
    Rendered::json(StatusCode::OK, &TokensBody::from(tokens::renew(&call.state, token).await?))
}
