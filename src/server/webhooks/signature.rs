//! Signatures as Standard Webhooks has them: HMAC-SHA256 over id, timestamp and body, with secrets that read `whsec_` and base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::server::ids::Ids;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret of 256 random bits.
#[must_use]
pub fn new_secret(ids: &Ids) -> String {
    format!("{PREFIX}{}", STANDARD.encode(ids.bytes::<32>()))
}

/// The value of `webhook-signature` under these secrets: one signature each, with spaces between. None when a secret is not one of ours.
#[must_use]
pub fn header(secrets: &[&str], id: &str, timestamp_s: i64, body: &str) -> Option<String> {
    let signed = format!("{id}.{timestamp_s}.{body}");
    let signatures: Option<Vec<String>> = secrets
        .iter()
        .map(|secret| {
            let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
            Some(format!("v1,{}", STANDARD.encode(tag.as_ref())))
        })
        .collect();
    signatures.map(|signatures| signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification; the signature was computed by hand with another program.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = r#"{"test": 2432232314}"#;

    #[test]
    fn signs_as_the_specification_does() {
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(header(&[SECRET], ID, 1_614_265_330, BODY).as_deref(), Some(expected));
    }

    #[test]
    fn two_secrets_give_two_signatures_and_foreign_ones_none() {
        let second = new_secret(&Ids::seeded(1));
        let both = header(&[&second, SECRET], ID, 1, BODY).expect("signed");
        let one = |secret: &str| header(&[secret], ID, 1, BODY).expect("signed");
        assert_eq!(both, format!("{} {}", one(&second), one(SECRET)));
        assert_ne!(one(&second), one(SECRET));
        assert_eq!(header(&["plain text"], ID, 1, BODY), None);
    }
}
