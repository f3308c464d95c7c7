//! A secret that a plain form has made, carried to the page that shows it once. With JavaScript nothing is carried: the answer says it.
//!
//! The cookie reaches that page only, no script, for a minute; the page takes it away.

use http::HeaderMap;
use http::header::COOKIE;

use crate::server::config::Settings;

/// How long the browser keeps it.
const SECONDS: u32 = 60;
/// Its name, and what stands between its two parts. Both parts are hexadecimal.
const NAME: &str = "dialyard_once";
const BETWEEN: char = '.';

/// A secret and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub of: String,
    pub secret: String,
}

/// The cookie that carries it to the page at `path`, the only one that is sent it.
#[must_use]
pub fn cookie(settings: &Settings, path: &str, shown: &Shown) -> String {
    let value = format!("{}{BETWEEN}{}", hex::encode(&shown.of), hex::encode(&shown.secret));
    format!("{NAME}={value}; Path={path}; Max-Age={SECONDS}; HttpOnly; SameSite=Strict{}", secure(settings))
}

/// The cookie that takes it away.
#[must_use]
pub fn removed_cookie(settings: &Settings, path: &str) -> String {
    format!("{NAME}=; Path={path}; Max-Age=0; HttpOnly; SameSite=Strict{}", secure(settings))
}

const fn secure(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "; Secure" } else { "" }
}

/// What a request carries.
#[must_use]
pub fn find(headers: &HeaderMap) -> Option<Shown> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let value = cookies.flat_map(|cookies| cookies.split(';')).find_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))?;
    let (of, secret) = value.split_once(BETWEEN)?;
    let text = |hexadecimal: &str| String::from_utf8(hex::decode(hexadecimal).ok()?).ok();
    Some(Shown { of: text(of)?, secret: text(secret)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_arrives() {
        let shown = Shown { of: String::from("https://example.com/a;b=c"), secret: String::from("whsec_A+/=") };
        let cookie = cookie(&Settings::default(), "/webhooks", &shown);
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains("whsec"));
        let mut headers = HeaderMap::new();
        let pair = cookie.split(';').next().expect("a pair");
        headers.insert(COOKIE, format!("dialyard=abc; {pair}").parse().expect("a header"));
        assert_eq!(find(&headers), Some(shown));
        assert_eq!(find(&HeaderMap::new()), None);
        headers.insert(COOKIE, "dialyard_once=zz.zz".parse().expect("a header"));
        assert_eq!(find(&headers), None);
    }
}
