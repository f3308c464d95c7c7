//! Tokens that stand for a key for a while, for clients that send tokens instead of keys. A token is sealed and not stored: it names the
//! secret's hash and its own end, so it ends with the key, with its rotation, or by itself.

use super::keys;
use crate::domain::code::Code;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;

/// Seconds for which an access token is accepted.
pub const ACCESS_S: i64 = 1_800;
/// Seconds for which a refresh token is accepted.
pub const REFRESH_S: i64 = 7 * 86_400;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Requests.
    Access,
    /// New tokens, and nothing else.
    Refresh,
}

/// A pair of tokens.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Kind {
    /// What a token of that kind begins with, so that a leaked one is recognised.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Access => "dy_at_",
            Self::Refresh => "dy_rt_",
        }
    }

    const fn lifetime_s(self) -> i64 {
        match self {
            Self::Access => ACCESS_S,
            Self::Refresh => REFRESH_S,
        }
    }
}

/// Tokens for the key whose secret has that hash.
///
/// # Errors
/// Never in practice: see `Seal::seal`.
pub fn issue(state: &AppState, secret_hash: &str) -> Result<Tokens> {
    let sealed = |kind: Kind| {
        let text = format!("{}:{secret_hash}", state.now().plus_seconds(kind.lifetime_s()).micros());
        let sealed = state.seal.seal(&state.ids, kind.prefix(), &text).map_err(|error| Error::Internal(error.to_string()))?;
        Ok::<_, Error>(format!("{}{sealed}", kind.prefix()))
    };
    Ok(Tokens { access: sealed(Kind::Access)?, refresh: sealed(Kind::Refresh)? })
}

/// The hash of the secret that a token stands for; none for a token of the other kind, one that has ended, and any other text. Whether
/// the key still lives is not looked at.
#[must_use]
pub fn secret_hash(state: &AppState, kind: Kind, token: &str) -> Option<String> {
    let sealed = token.strip_prefix(kind.prefix())?;
    let text = state.seal.unseal(kind.prefix(), sealed).ok()?;
    let (ends_at, secret_hash) = text.split_once(':')?;
    (Timestamp::from_micros(ends_at.parse().ok()?) > state.now()).then(|| secret_hash.to_owned())
}

/// New tokens for a refresh token.
///
/// # Errors
/// `unauthenticated` for what is none, or whose key has ended.
pub async fn renew(state: &AppState, refresh: &str) -> Result<Tokens> {
    let hash = secret_hash(state, Kind::Refresh, refresh).ok_or(Code::Unauthenticated)?;
    keys::check(state, &hash).await?.ok_or(Code::Unauthenticated)?;
    issue(state, &hash)
}
