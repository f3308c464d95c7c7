//! Sessions: their cookie, their two ends in time, and their new id whenever power changes hands (R41).
//!
//! The cookie carries 256 random bits; the database knows their SHA-256 only.

use http::HeaderMap;
use http::header::COOKIE;
use sqlx::AnyConnection;

use crate::domain::account::Role;
use crate::domain::audit::{Actor, ActorKind, Channel};
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::server::config::Settings;
use crate::server::error::{Result, StoreError};
use crate::server::ids::secret_hash;
use crate::server::services::caller::Caller;
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::sessions::ChosenOrganization;

/// A session that nobody uses ends after this long.
pub const IDLE_S: i64 = 12 * 3_600;
/// Every session ends this long after the sign-in.
pub const ABSOLUTE_S: i64 = 30 * SECONDS_PER_DAY;
/// How stale the note of the last use may be: one write a minute instead of one a request.
const NOTED_EVERY_S: i64 = 60;

/// Who is signed in, as of this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret.
    pub id_hash: String,
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub platform_admin: bool,
    /// The chosen organization; none for an operator without membership.
    pub organization: Option<ChosenOrganization>,
    /// The end that no use moves.
    pub expires_at: Timestamp,
}

impl Session {
    /// The person on behalf of their organization; none without one.
    #[must_use]
    pub fn caller(&self) -> Option<Caller> {
        let organization = self.organization.as_ref()?;
        Some(Caller {
            organization_id: organization.id.clone(),
            sub_account_id: organization.sub_account_id.clone(),
            actor: Actor::new(ActorKind::User, &self.user_id, &self.name),
            role: organization.role,
            may_force: self.platform_admin,
            channel: Channel::Browser,
        })
    }

    /// The person as the operator, in no organization: what they do inside one is audited as the platform's doing (R20).
    #[must_use]
    pub fn operator(&self) -> Option<Caller> {
        self.platform_admin.then(|| Caller {
            organization_id: String::new(),
            sub_account_id: None,
            actor: Actor::new(ActorKind::Platform, &self.user_id, &self.name),
            role: Role::Viewer,
            may_force: true,
            channel: Channel::Browser,
        })
    }
}

/// A session to come: made before the transaction that writes it.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// Goes into the cookie, and nowhere else.
    pub secret: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl Fresh {
    /// For a sign-in: both ends count from now.
    #[must_use]
    pub fn new(state: &AppState) -> Self {
        let now = state.now();
        Self { secret: state.ids.secret(), created_at: now, expires_at: now.plus_seconds(ABSOLUTE_S) }
    }

    /// For a new id in the same sign-in: the absolute end stays.
    #[must_use]
    pub fn instead_of(state: &AppState, session: &Session) -> Self {
        Self { secret: state.ids.secret(), created_at: state.now(), expires_at: session.expires_at }
    }

    /// Writes the session.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn write(
        &self,
        connection: &mut AnyConnection,
        user_id: &str,
        organization_id: Option<&str>,
    ) -> std::result::Result<(), StoreError> {
        let row = store::sessions::NewSession {
            id_hash: secret_hash(&self.secret),
            user_id: user_id.to_owned(),
            organization_id: organization_id.map(str::to_owned),
            created_at: self.created_at,
            expires_at: self.expires_at,
        };
        store::sessions::insert(connection, &row).await
    }
}

/// The live session of a cookie's secret, noted as used.
///
/// # Errors
/// When the store fails.
pub async fn load(state: &AppState, secret: &str) -> Result<Option<Session>> {
    let now = state.now();
    let id_hash = secret_hash(secret);
    let stored = {
        let mut connection = state.db.read().await?;
        store::sessions::find(&mut connection, &id_hash).await?
    };
    let Some(stored) = stored.filter(|stored| is_live(stored.last_seen_at, stored.expires_at, now)) else {
        return Ok(None);
    };
    if now >= stored.last_seen_at.plus_seconds(NOTED_EVERY_S) {
        let id_hash = id_hash.clone();
        state.db.write(async move |connection| store::sessions::touch(connection, &id_hash, now).await).await?;
    }
    Ok(Some(Session {
        id_hash,
        user_id: stored.user_id,
        name: stored.name,
        email: stored.email,
        platform_admin: stored.platform_admin,
        organization: stored.organization,
        expires_at: stored.expires_at,
    }))
}

fn is_live(last_seen_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && now < last_seen_at.plus_seconds(IDLE_S)
}

/// The cookie's name: browsers keep a `__Host-` cookie to this very host, but take it over https only.
#[must_use]
pub const fn cookie_name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-dialyard" } else { "dialyard" }
}

/// The header value that gives the browser its session.
#[must_use]
pub fn cookie(settings: &Settings, secret: &str) -> String {
    format!("{}={secret}; Path=/; Max-Age={ABSOLUTE_S}; HttpOnly; SameSite=Lax{}", cookie_name(settings), secure(settings))
}

/// The header value that takes it away.
#[must_use]
pub fn removed_cookie(settings: &Settings) -> String {
    format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{}", cookie_name(settings), secure(settings))
}

const fn secure(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "; Secure" } else { "" }
}

/// The secret that the request carries, if it looks like one of ours.
#[must_use]
pub fn secret_of<'a>(headers: &'a HeaderMap, settings: &Settings) -> Option<&'a str> {
    let name = cookie_name(settings);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
        .filter(|secret| secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_session_has_two_ends() {
        let start = Timestamp::from_seconds(0);
        let absolute = start.plus_seconds(ABSOLUTE_S);
        assert!(is_live(start, absolute, start.plus_seconds(IDLE_S - 1)));
        assert!(!is_live(start, absolute, start.plus_seconds(IDLE_S)));
        assert!(is_live(absolute.plus_seconds(-10), absolute, absolute.plus_seconds(-1)));
        assert!(!is_live(absolute.plus_seconds(-10), absolute, absolute));
    }

    #[test]
    fn the_cookie_is_found_among_others_and_only_in_its_form() {
        let secret = "ab".repeat(32);
        let plain = Settings::default();
        let secure = Settings { secure_cookies: true, ..Settings::default() };
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&format!("theme=dark; dialyard={secret}; x=1")).expect("a header"));
        assert_eq!(secret_of(&headers, &plain), Some(secret.as_str()));
        assert_eq!(secret_of(&headers, &secure), None);
        headers.insert(COOKIE, HeaderValue::from_static("dialyard=short"));
        assert_eq!(secret_of(&headers, &plain), None);
    }

    #[test]
    fn the_cookie_is_closed_to_scripts_and_other_sites() {
        let secure = Settings { secure_cookies: true, ..Settings::default() };
        let text = cookie(&secure, "abc");
        for part in ["__Host-dialyard=abc;", "Path=/", "HttpOnly", "SameSite=Lax", "; Secure"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!cookie(&Settings::default(), "abc").contains("Secure"));
        assert!(removed_cookie(&secure).contains("Max-Age=0"));
    }
}
