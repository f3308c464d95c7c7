//! Secrets of API keys and the account ids they go with (R4). What a key may do is `domain::scope`.

use crate::server::ids::{Ids, secret_hash};

/// What every key begins with, so that a leaked one is recognised.
pub const PREFIX: &str = "dy_sk_";

/// Letters and digits that cannot be taken for each other.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A new secret: the prefix and 256 random bits.
#[must_use]
pub fn new_secret(ids: &Ids) -> String {
    format!("{PREFIX}{}", ids.secret())
}

/// How a secret is stored and looked up; none for a text that was never one of our secrets.
#[must_use]
pub fn hash(secret: &str) -> Option<String> {
    let bits = secret.strip_prefix(PREFIX)?;
    let well_formed = bits.len() == 64 && bits.bytes().all(|byte| byte.is_ascii_hexdigit());
    well_formed.then(|| secret_hash(secret))
}

/// A new account id: `MA_` for an organization, `SA_` for a sub-account, and eight characters.
#[must_use]
pub fn new_auth_id(prefix: &str, ids: &Ids) -> String {
    let characters = ids.bytes::<8>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    format!("{prefix}{}", String::from_iter(characters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hash_to_what_is_stored() {
        let ids = Ids::seeded(7);
        let (one, other) = (new_secret(&ids), new_secret(&ids));
        assert_ne!(one, other);
        assert_eq!(one.len(), PREFIX.len() + 64);
        assert_eq!(hash(&one), Some(secret_hash(&one)));
        assert_eq!(hash("dy_sk_short"), None);
        assert_eq!(hash(&one.replace(PREFIX, "sk_live_")), None);
    }

    #[test]
    fn account_ids_have_their_form() {
        let id = new_auth_id("MA_", &Ids::seeded(7));
        assert_eq!(id.len(), 11);
        assert!(id.starts_with("MA_") && id[3..].bytes().all(|byte| ALPHABET.contains(&byte)));
    }
}
