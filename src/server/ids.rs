//! The one place where random bits are drawn: row ids (UUIDv7 strings) and secrets.

use std::sync::{Mutex, PoisonError};

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::domain::time::Timestamp;

/// Makes ids and secrets from a cryptographic generator, seeded by the system or, in tests, by a number.
#[derive(Debug)]
pub struct Ids(Mutex<ChaCha20Rng>);

impl Ids {
    /// Seeded by the operating system.
    #[must_use]
    pub fn from_system() -> Self {
        Self(Mutex::new(ChaCha20Rng::from_os_rng()))
    }

    /// The same sequence for the same seed: for tests and the demo's stock.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    fn fill(&self, bytes: &mut [u8]) {
        // A panic while the lock was held leaves the generator usable: it has no invariant to break.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    /// A row id: UUIDv7, so that ids sort by the time they were made.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> String {
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
    }

    /// 256 random bits in hexadecimal: cookies, one-time links, keys.
    #[must_use]
    pub fn secret(&self) -> String {
        let mut random = [0_u8; 32];
        self.fill(&mut random);
        hex::encode(random)
    }

    /// Random bytes for salts.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut random = [0_u8; N];
        self.fill(&mut random);
        random
    }

    /// A number below `bound`, for the demo's choices; 0 when `bound` is 0.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_le_bytes(self.bytes::<8>()).checked_rem(bound).unwrap_or_default()
    }
}

/// An id for what has none of its own, always the same for the same text: a UUID of version 8 out of its SHA-256.
#[must_use]
pub fn stable_id(text: &str) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(text.as_bytes());
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digested)| *byte = digested);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// SHA-256 in hexadecimal: how every secret that is looked up is stored.
#[must_use]
pub fn secret_hash(secret: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(secret.as_bytes()))
}
