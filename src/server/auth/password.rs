//! Passwords: what a good one is, and Argon2id off the async threads. Nothing here knows people or sessions.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::server::error::{Error, Result};
use crate::server::ids::Ids;

/// Shortest password in characters.
pub const MIN_LENGTH: usize = 10;
/// Longest password in characters: enough for any phrase, and no work for nothing.
pub const MAX_LENGTH: usize = 200;

/// Each hash takes 19 MiB and a core for a while, so that a crowd at the door must queue instead of filling the memory.
static HASHERS: Semaphore = Semaphore::const_new(4);

/// What a stranger's address is verified against: the same work as for a known one, and no password fits it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZGlhbHlhcmQtbm9ib2R5$mVn1H9MqR1pB1oS4rE4m0k3bq0vS5JbYw3u0a7zWn9E";

/// Guessed first by everybody. Only those of at least [`MIN_LENGTH`] need to be here.
const COMMON: [&str; 24] = [
    "1234567890",
    "12345678910",
    "0123456789",
    "0987654321",
    "9876543210",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "qwertyuiop",
    "qwerty123456",
    "q1w2e3r4t5",
    "asdfghjkl1",
    "password12",
    "password123",
    "password1234",
    "passwordpassword",
    "iloveyou12",
    "letmein123",
    "letmeinplease",
    "welcome123",
    "administrator",
    "changeme123",
    "dialyard12",
    "dialyard123",
    "trustno1trustno1",
];

/// What is wrong with a password that somebody wants to use, for people.
#[must_use]
pub fn fault(password: &str, email: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return Some("Use at least 10 characters.");
    }
    if length > MAX_LENGTH {
        return Some("Use at most 200 characters.");
    }
    let lower = password.to_lowercase();
    let one_character = lower.chars().all(|character| lower.starts_with(character));
    if one_character || COMMON.contains(&lower.as_str()) {
        return Some("This password is guessed first by everybody. Choose another one.");
    }
    let own_name = email.split('@').next().unwrap_or_default();
    if lower == email.to_lowercase() || (own_name.len() >= MIN_LENGTH && lower == own_name.to_lowercase()) {
        return Some("Your email address is no password.");
    }
    None
}

/// Hashes a password with a fresh salt.
///
/// # Errors
/// When the server is shutting down or out of memory.
pub async fn hash(password: &str, ids: &Ids) -> Result<String> {
    let password = password.to_owned();
    let salt = ids.bytes::<16>();
    on_a_hasher(move || {
        let hash: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|error| internal(&error))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password fits the hash. Without a hash the same work is done and the answer is no.
///
/// # Errors
/// When the stored hash is none, or the server is shutting down.
pub async fn fits(password: &str, stored: Option<&str>) -> Result<bool> {
    let known = stored.is_some();
    let stored = stored.unwrap_or(NOBODY).to_owned();
    // A form may carry any length; what nobody could have chosen need not be hashed at length.
    let password: String = password.chars().take(MAX_LENGTH + 1).collect();
    on_a_hasher(move || {
        let stored = PasswordHash::new(&stored).map_err(|error| internal(&error))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok() && known)
    })
    .await
}

async fn on_a_hasher<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = HASHERS.acquire().await.map_err(|error| internal(&error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))?
}

fn internal(error: &dyn std::fmt::Display) -> Error {
    Error::Internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named() {
        for weak in ["short", "123456789", "password123", "PassWord123", "aaaaaaaaaaaaa", "ada@example.com"] {
            assert!(fault(weak, "ada@example.com").is_some(), "{weak}");
        }
        assert!(fault(&"x1".repeat(101), "ada@example.com").is_some());
        for good in ["correct horse", "\u{e9}t\u{e9} \u{e0} la mer", "ten chars!"] {
            assert_eq!(fault(good, "ada@example.com"), None, "{good}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let ids = Ids::seeded(1);
        let hash = hash("correct horse", &ids).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$"));
        assert!(fits("correct horse", Some(&hash)).await.expect("verifies"));
        assert!(!fits("correct horsf", Some(&hash)).await.expect("verifies"));
        assert!(!fits("correct horse", None).await.expect("does the same work for nobody"));
    }
}
