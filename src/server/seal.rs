//! Secrets that must be read again, sealed with a key that lies beside the database and not in it (R39). Secrets that are only compared
//! are hashed instead (`ids::secret_hash`).

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::ids::Ids;

/// The key's file in the data directory.
const FILE: &str = "secret.key";
/// Bytes of the key.
const KEY_LEN: usize = 32;
/// Version of the sealed form.
const VERSION: &str = "v1:";

/// Seals and opens with the installation's key (ChaCha20-Poly1305).
#[derive(Debug)]
pub struct Seal(LessSafeKey);

/// What was sealed with another key, or was changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret does not fit the installation's key")]
pub struct Unsealable;

impl Seal {
    /// Reads the key of a data directory; the first time it is made, readable by its owner only.
    ///
    /// # Errors
    /// When the file can neither be read nor made, or holds something else.
    pub fn open(data_dir: &Path, ids: &Ids) -> std::io::Result<Self> {
        let file = data_dir.join(FILE);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(data_dir, &file, ids)?;
                fs::read_to_string(&file)?
            }
            Err(error) => return Err(error),
        };
        keep_private(&file)?;
        let bytes = hex::decode(text.trim()).ok().filter(|bytes| bytes.len() == KEY_LEN);
        let key = bytes.and_then(|bytes| UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok());
        let fault = || std::io::Error::new(ErrorKind::InvalidData, format!("{} holds no key", file.display()));
        Ok(Self(LessSafeKey::new(key.ok_or_else(fault)?)))
    }

    /// The secret as it may be stored. It opens for the same `owner` only: a row's secret is of no use in another row.
    ///
    /// # Errors
    /// Never for texts of less than 256 GiB.
    pub fn seal(&self, ids: &Ids, owner: &str, secret: &str) -> Result<String, Unsealable> {
        let nonce = ids.bytes::<NONCE_LEN>();
        let mut sealed = secret.as_bytes().to_vec();
        let nonce_once = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce_once, Aad::from(owner), &mut sealed).map_err(|_| Unsealable)?;
        Ok(format!("{VERSION}{}", STANDARD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// The secret again.
    ///
    /// # Errors
    /// When it was sealed with another key or for another owner, or was changed.
    pub fn unseal(&self, owner: &str, sealed: &str) -> Result<String, Unsealable> {
        let bytes = sealed.strip_prefix(VERSION).and_then(|text| STANDARD.decode(text).ok()).ok_or(Unsealable)?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut rest = rest.to_vec();
        let secret = self.0.open_in_place(nonce, Aad::from(owner), &mut rest).map_err(|_| Unsealable)?;
        String::from_utf8(secret.to_vec()).map_err(|_| Unsealable)
    }
}

/// Writes a new key beside its place and links it there, so that nobody reads half a key and two starts agree on one.
fn make(data_dir: &Path, file: &Path, ids: &Ids) -> std::io::Result<()> {
    let draft = data_dir.join(format!("{FILE}.{}", hex::encode(ids.bytes::<8>())));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(&draft)?;
    opened.write_all(hex::encode(ids.bytes::<KEY_LEN>()).as_bytes())?;
    opened.sync_all()?;
    let linked = match fs::hard_link(&draft, file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    };
    fs::remove_file(&draft)?;
    linked
}

/// Takes a key that others could read away from them.
#[cfg(unix)]
fn keep_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(file)?.permissions().mode() & 0o077 != 0 {
        tracing::warn!(file = %file.display(), "the key was readable by others; it is the owner's alone now");
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_file: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_for_its_owner_and_unchanged_only() {
        let (ids, folder) = (Ids::seeded(3), tempfile::tempdir().expect("a folder"));
        let seal = Seal::open(folder.path(), &ids).expect("a key");
        let sealed = seal.seal(&ids, "endpoint-1", "whsec_secret").expect("sealed");
        assert!(!sealed.contains("secret"));
        assert_ne!(sealed, seal.seal(&ids, "endpoint-1", "whsec_secret").expect("sealed"), "the same secret twice looks different");
        let again = Seal::open(folder.path(), &Ids::seeded(4)).expect("the same key");
        assert_eq!(again.unseal("endpoint-1", &sealed).as_deref(), Ok("whsec_secret"));
        assert_eq!(again.unseal("endpoint-2", &sealed), Err(Unsealable));
        let elsewhere = tempfile::tempdir().expect("a folder");
        let other = Seal::open(elsewhere.path(), &Ids::seeded(4)).expect("another key");
        assert_eq!(other.unseal("endpoint-1", &sealed), Err(Unsealable));
        for broken in ["", "v1:", "v1:AAAA", &sealed[..sealed.len() - 4], "v2:whatever"] {
            assert_eq!(seal.unseal("endpoint-1", broken), Err(Unsealable), "{broken}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (ids, folder) = (Ids::seeded(3), tempfile::tempdir().expect("a folder"));
        let file = folder.path().join(FILE);
        let mode = || fs::metadata(&file).expect("a file").permissions().mode() & 0o777;
        Seal::open(folder.path(), &ids).expect("a key");
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("permissions");
        Seal::open(folder.path(), &ids).expect("a key");
        assert_eq!(mode(), 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left");
    }
}
