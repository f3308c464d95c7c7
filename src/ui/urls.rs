//! Addresses: the one the reader is at, and the same one with a parameter changed.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_url};

/// The parameters that bring a refusal back to the page of a plain form.
const REFUSED: [&str; 2] = ["__path", "__err"];

/// `path_and_query` with parameter `name` set to `value`, or without it when `value` is none. Other parameters stay as they are;
/// what came back with a refused form ([`REFUSED`]) belongs to the address it came back to and goes.
#[must_use]
pub fn with_param(path_and_query: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let other = |pair: &&str| {
        let known = pair.split('=').next().unwrap_or_default();
        !known.is_empty() && known != name && !REFUSED.contains(&known)
    };
    let mut pairs: Vec<String> = query.split('&').filter(other).map(str::to_owned).collect();
    if let Some(value) = value {
        pairs.push(format!("{name}={}", encoded(value)));
    }
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Percent-encodes everything but unreserved characters, so that a plus stays a plus.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What the URL says of a parameter, as a function that may be asked as long as the page is there: unlike a memo it belongs to no component, so that
/// it outlives an answer that is just being replaced.
pub fn url_text(name: &'static str) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let url = use_url();
    move || url.with(|url| url.search_params().get(name)).unwrap_or_default()
}

/// Path and query, one for the whole application.
#[derive(Clone, Copy)]
struct Here(Memo<String>);

/// Makes [`use_here`] lasting. Once, by the frame: a part of a page that is shown until its next data have come has lost what it made
/// itself, but still follows the address.
pub fn provide_here() {
    let location = use_location();
    provide_context(Here(Memo::new(move |_| {
        let path = location.pathname.get();
        let query = location.search.get();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    })));
}

/// Path and query of the page that is open.
#[must_use]
pub fn use_here() -> Memo<String> {
    expect_context::<Here>().0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_replaces_and_removes() {
        assert_eq!(with_param("/", "buy", Some("+14155550123")), "/?buy=%2B14155550123");
        assert_eq!(with_param("/?q=CAFE&buy=1", "buy", Some("2")), "/?q=CAFE&buy=2");
        assert_eq!(with_param("/?q=CAFE&buy=1", "buy", None), "/?q=CAFE");
        assert_eq!(with_param("/numbers?buy=1", "buy", None), "/numbers");
        assert_eq!(with_param("/?q=a%26b", "at", Some("ends")), "/?q=a%26b&at=ends");
        assert_eq!(with_param("/?q", "q", None), "/");
        assert_eq!(with_param("/numbers?label=1&__path=%2Frpc&__err=e30%3D", "label", None), "/numbers");
    }
}
