//! Which key a request carries (R4): a bearer token, a basic pair or an X-Auth pair. Sessions are never looked at here.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use crate::domain::account::Role;
use crate::domain::audit::{Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::keys::{self, KeyOfAccount};
use crate::server::state::AppState;

/// How long a key that was read is believed: a revoked one is refused within a second.
const BELIEVED: Duration = Duration::from_millis(900);
/// Seconds between two notes of when a key was last used.
const NOTED_EVERY_S: i64 = 60;
/// Keys that are remembered before those that are no longer believed are forgotten.
const REMEMBERED: usize = 10_000;

/// The secret of a request, and the account ids that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Presented {
    secret: String,
    accounts: Vec<String>,
}

/// Keys that were read in the last second, by the hash of their secrets.
#[derive(Debug, Default)]
pub struct KeyCache(Mutex<HashMap<String, Believed>>);

#[derive(Debug, Clone)]
struct Believed {
    account: KeyOfAccount,
    read_at: Instant,
    /// When its use was last written down.
    noted_at: Option<Timestamp>,
}

/// Finds the key that the request carries. `hash` makes of a secret what its key is looked up by; none for what is no secret.
///
/// # Errors
/// `unauthenticated` for none, an unknown or ended one, and two that disagree; `account_disabled`.
pub async fn check(
    state: &AppState,
    cache: &KeyCache,
    headers: &HeaderMap,
    hash: impl FnOnce(&str) -> Option<String>,
) -> Result<KeyOfAccount> {
    let presented = presented(headers).ok_or(Code::Unauthenticated)?;
    let hash = hash(&presented.secret).ok_or(Code::Unauthenticated)?;
    let now = state.now();
    let account = match cache.believed(&hash) {
        Some(account) => account,
        None => {
            let account = keys::check(state, &hash).await?.ok_or(Code::Unauthenticated)?;
            cache.remember(&hash, &account);
            account
        }
    };
    if account.key.expires_at.is_some_and(|end| end <= now) || !names(&account, &presented.accounts) {
        return Err(Code::Unauthenticated.into());
    }
    if account.disabled {
        return Err(Code::AccountDisabled.into());
    }
    if cache.is_to_be_noted(&hash, now) {
        note(state.clone(), account.key.id.clone());
    }
    Ok(account)
}

/// Writes down that a key was used, without keeping its request waiting.
fn note(state: AppState, key_id: String) {
    tokio::spawn(async move {
        if let Err(error) = keys::used(&state, &key_id).await {
            tracing::warn!(%error, key.id = %key_id, "the use of a key was not noted");
        }
    });
}

/// The bearer token of a request.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether every account id that was sent is the key's own.
fn names(account: &KeyOfAccount, sent: &[String]) -> bool {
    let own = account.auth_id.as_deref().unwrap_or_default();
    sent.iter().all(|sent| !own.is_empty() && bool::from(sent.as_bytes().ct_eq(own.as_bytes())))
}

/// Who acts with a key: its scopes were checked before, so it counts as an administrator of its account.
#[must_use]
pub fn caller(account: &KeyOfAccount, channel: Channel) -> Caller {
    let key = &account.key;
    let kind = if key.organization_id.is_some() { ActorKind::Key } else { ActorKind::Platform };
    Caller {
        organization_id: key.organization_id.clone().unwrap_or_default(),
        sub_account_id: key.sub_account_id.clone(),
        actor: Actor::new(kind, key.id.clone(), key.name.clone()),
        role: Role::Admin,
        may_force: key.scopes.contains(Scope::AdminOverride),
        channel,
    }
}

/// Reads every form of credential that was sent; none when there is none, or when two disagree.
fn presented(headers: &HeaderMap) -> Option<Presented> {
    let mut found = Vec::new();
    for value in headers.get_all(AUTHORIZATION) {
        found.push(authorization(value.to_str().ok()?)?);
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned());
    match (text("x-auth-id"), text("x-auth-token")) {
        (None, None) => {}
        (Some(id), Some(secret)) => found.push(Presented { secret, accounts: vec![id] }),
        _ => return None,
    }
    let mut all = found.into_iter();
    let mut first = all.next()?;
    for other in all {
        if !bool::from(first.secret.as_bytes().ct_eq(other.secret.as_bytes())) {
            return None;
        }
        first.accounts.extend(other.accounts);
    }
    Some(first)
}

fn authorization(value: &str) -> Option<Presented> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Presented { secret: rest.to_owned(), accounts: Vec::new() });
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some(Presented { secret: secret.to_owned(), accounts: vec![id.to_owned()] })
}

impl KeyCache {
    fn believed(&self, hash: &str) -> Option<KeyOfAccount> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(hash).filter(|believed| believed.read_at.elapsed() < BELIEVED).map(|believed| believed.account.clone())
    }

    fn remember(&self, hash: &str, account: &KeyOfAccount) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= REMEMBERED {
            keys.retain(|_, believed| believed.read_at.elapsed() < BELIEVED);
        }
        let noted_at = keys.get(hash).and_then(|believed| believed.noted_at).or(account.key.last_used_at);
        keys.insert(hash.to_owned(), Believed { account: account.clone(), read_at: Instant::now(), noted_at });
    }

    /// Whether the use of the key is to be written down now; then it counts as written.
    fn is_to_be_noted(&self, hash: &str, now: Timestamp) -> bool {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(believed) = keys.get_mut(hash) else { return false };
        let due = believed.noted_at.is_none_or(|noted| noted.plus_seconds(NOTED_EVERY_S) <= now);
        if due {
            believed.noted_at = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn read(pairs: &[(&'static str, &str)]) -> Option<Presented> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
        }
        presented(&headers)
    }

    #[test]
    fn all_three_forms_are_read() {
        let basic = format!("Basic {}", STANDARD.encode("MA_1:dy_sk_1"));
        assert_eq!(read(&[("authorization", "Bearer dy_sk_1")]), Some(Presented { secret: "dy_sk_1".into(), accounts: vec![] }));
        let pair = Some(Presented { secret: "dy_sk_1".into(), accounts: vec!["MA_1".into()] });
        assert_eq!(read(&[("authorization", &basic)]), pair);
        assert_eq!(read(&[("x-auth-id", "MA_1"), ("x-auth-token", "dy_sk_1")]), pair);
        assert_eq!(read(&[("authorization", "bearer dy_sk_1"), ("x-auth-id", "MA_1"), ("x-auth-token", "dy_sk_1")]), pair);
    }

    #[test]
    fn nothing_half_or_contradictory_is_read() {
        let cases: [&[(&'static str, &str)]; 8] = [
            &[],
            &[("authorization", "Bearer")],
            &[("authorization", "Digest dy_sk_1")],
            &[("authorization", "Basic !!!")],
            &[("x-auth-token", "dy_sk_1")],
            &[("authorization", "Bearer dy_sk_1"), ("authorization", "Bearer dy_sk_2")],
            &[("authorization", "Bearer dy_sk_1"), ("x-auth-id", "MA_1"), ("x-auth-token", "dy_sk_2")],
            &[("authorization", "Bearer dy_sk_1"), ("x-auth-id", "MA_1")],
        ];
        for case in cases {
            assert_eq!(read(case), None, "{case:?}");
        }
    }
}
