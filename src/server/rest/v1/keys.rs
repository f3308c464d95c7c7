//! `/keys`: the keys of the organization, of its sub-accounts and, for keys of the platform, of the platform.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::scope::{Scope, Scopes};
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{PlaceQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::keys::{self, Key, LONGEST_OVERLAP_S, Minted, NewKey};

pub fn group() -> Group {
    let routes = vec![
        Route::get("/keys", "listKeys", list).scope(Scope::KeysRead).about("Lists the keys that are not revoked, newest first."),
        Route::post("/keys", "createKey", create)
            .scope(Scope::KeysWrite)
            .about("Makes a key; it passes on no scope that the key of the request lacks. The secret is shown in this answer only.")
            .answers(&[201])
            .refuses(&[Code::AdminRequired, Code::NotFound]),
        Route::get("/keys/{id}", "getKey", get)
            .scope(Scope::KeysRead)
            .about("Reads one key, also when it is revoked.")
            .refuses(&[Code::NotFound]),
        Route::post("/keys/{id}/rotate", "rotateKey", rotate)
            .scope(Scope::KeysWrite)
            .about("Gives a key a new secret, shown in this answer only; the old one ends at once or after the time that is named.")
            .refuses(&[Code::NotFound, Code::AdminRequired]),
        Route::delete("/keys/{id}", "revokeKey", revoke)
            .scope(Scope::KeysWrite)
            .about("Ends a key; within a second it is refused everywhere. Ending it again changes nothing.")
            .refuses(&[Code::NotFound]),
    ];
    Group {
        name: "Keys",
        text: "Keys belong to the organization, to a sub-account or to the platform, and may do what their scopes name.",
        routes: routes.into_iter().map(|route| route.holders(Holders::OrganizationOrPlatform)).collect(),
    }
}

/// A key, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Key)]
pub struct KeyBody {
    /// Its id; it stays when the secret is rotated.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<&'static str>,
    /// The organization; null for keys of the platform.
    #[schema(required)]
    pub organization_id: Option<String>,
    /// The sub-account that it belongs to; null for the organization's own.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// When it was last used, to the minute.
    #[schema(required)]
    pub last_used_at: Option<Instant>,
    /// When it ends by itself.
    #[schema(required)]
    pub expires_at: Option<Instant>,
    /// Until then the secret before the last rotation is accepted too.
    #[schema(required)]
    pub old_secret_until: Option<Instant>,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

impl From<Key> for KeyBody {
    fn from(key: Key) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes.iter().map(Scope::name).collect(),
            organization_id: key.organization_id,
            sub_account_id: key.sub_account_id,
            last_used_at: key.last_used_at.map(Instant),
            expires_at: key.expires_at.map(Instant),
            old_secret_until: key.old_secret_until.map(Instant),
            revoked_at: key.revoked_at.map(Instant),
            created_at: Instant(key.created_at),
        }
    }
}

impl Sample for KeyBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-8000-7aaa-8bbb-0123456789ab"),
            name: String::from("Reporting"),
            scopes: vec![Scope::NumbersRead.name(), Scope::CallsRead.name()],
            organization_id: Some(String::from("019ab3c0-1000-7aaa-8bbb-0123456789ab")),
            sub_account_id: None,
            last_used_at: Some(Instant::sample()),
            expires_at: None,
            old_secret_until: None,
            revoked_at: None,
            created_at: Instant::sample(),
        }
    }
}

/// A key with its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewKey)]
pub struct SecretBody {
    /// The key.
    #[serde(flatten)]
    pub key: KeyBody,
    /// The secret, shown once; null where the same request is answered again.
    #[schema(required)]
    pub secret: Option<String>,
    /// The secret was in the answer that was given first.
    pub secret_shown_before: bool,
}

impl SecretBody {
    /// What is sent now, and what a repeat is sent.
    fn both(minted: Minted) -> (Self, Self) {
        let key = KeyBody::from(minted.key);
        let later = Self { key: key.clone(), secret: None, secret_shown_before: true };
        (Self { key, secret: Some(minted.secret), secret_shown_before: false }, later)
    }
}

impl Sample for SecretBody {
    fn sample() -> Self {
        let secret = String::from("dy_sk_0000000000000000000000000000000000000000000000000000000000000000");
        Self { key: KeyBody::sample(), secret: Some(secret), secret_shown_before: false }
    }
}

struct CreateBody {
    name: String,
    scopes: Vec<String>,
    sub_account_id: Option<String>,
    expires_at: Option<Timestamp>,
}

impl FromBody for CreateBody {
    const FIELDS: &'static [Field] = &[
        Field::required("name", Kind::Text(80), "What people call it.").like("\"Reporting\""),
        Field::required("scopes", Kind::Choices(Scope::NAMES), "What it may do.").like("[\"numbers:read\"]"),
        Field::optional("subAccountId", Kind::Text(64), "The sub-account that it shall belong to.").or_null(),
        Field::optional("expiresAt", Kind::Time, "When it ends by itself; never when it is not given.").or_null(),
    ];

    fn read(values: &Values) -> Self {
        Self {
            name: values.required("name"),
            scopes: values.texts("scopes").unwrap_or_default(),
            sub_account_id: values.text("subAccountId"),
            expires_at: values.time("expiresAt"),
        }
    }
}

struct RotateBody {
    overlap_s: i64,
}

impl FromBody for RotateBody {
    const FIELDS: &'static [Field] = &[Field::optional(
        "overlapSeconds",
        Kind::Integer(0, LONGEST_OVERLAP_S),
        "Seconds for which the old secret is accepted beside the new one; 0 when it is not given.",
    )
    .like("3600")];

    fn read(values: &Values) -> Self {
        Self { overlap_s: values.integer("overlapSeconds").unwrap_or_default() }
    }
}

async fn list(call: Call, Query(query): Query<PlaceQuery>) -> Result<Page<KeyBody>> {
    let found = keys::page(&call.state, &call.caller, query.sub_account_id.as_deref(), query.limit, query.cursor.as_deref()).await?;
    Ok(Page::of(query.limit, found))
}

async fn create(call: Call, Body(body): Body<CreateBody>) -> Result<Reply<SecretBody>> {
    let scopes: Scopes = body.scopes.iter().filter_map(|name| Scope::from_name(name)).collect();
    let new = NewKey { name: body.name, scopes, sub_account_id: body.sub_account_id, expires_at: body.expires_at };
    let minted = keys::mint_by_key(&call.state, &call.caller, call.key.scopes, new).await?;
    let path = format!("/keys/{}", minted.key.id);
    let (now, later) = SecretBody::both(minted);
    Ok(Reply::created(&path, now).repeated_as(later))
}

async fn get(call: Call) -> Result<Reply<KeyBody>> {
    Ok(Reply::of(keys::get(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn rotate(call: Call, Body(body): Body<RotateBody>) -> Result<Reply<SecretBody>> {
    let minted = keys::rotate_by_key(&call.state, &call.caller, &call.key, call.path("id"), body.overlap_s).await?;
    let (now, later) = SecretBody::both(minted);
    Ok(Reply::of(now).repeated_as(later))
}

async fn revoke(call: Call) -> Result<Reply<KeyBody>> {
    Ok(Reply::of(keys::revoke(&call.state, &call.caller, call.path("id")).await?.into()))
}
