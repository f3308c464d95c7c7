//! Where to go after signing in: a path of this site and nothing else (R41).

/// Longest path that is carried around.
const MAX_LENGTH: usize = 1_500;

/// The path to go to, or `/` for anything that could lead elsewhere.
///
/// A browser reads `\` as `/` and drops tabs and line ends, so both are refused wherever they stand before the query.
#[must_use]
pub fn safe(next: &str) -> &str {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let printable = next.bytes().all(|byte| byte.is_ascii_graphic());
    let inside = next.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    // Signing in once more, or running a server function by a link, is never where somebody wanted to go.
    let reserved = path == "/sign-in" || path == "/sign-up" || path.starts_with("/rpc/");
    if printable && inside && !reserved && next.len() <= MAX_LENGTH { next } else { "/" }
}

/// The path and query of a `Referer` on this site, without what a refused form left in it; `/` when there is none.
#[must_use]
pub fn of_referer(referer: &str) -> String {
    let after_scheme = referer.split_once("://").map_or("", |(_, rest)| rest);
    let path_and_query = after_scheme.find('/').map_or("/", |start| &after_scheme[start..]);
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("__path=") && !pair.starts_with("__err=")).collect();
    let next = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    safe(&next).to_owned()
}

/// Encodes a path so that it can be the value of a query parameter.
#[must_use]
pub fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in ["/", "/numbers", "/?q=FLOWERS&page=2", "/numbers/+14155550123", "/board?move=1#top", "/?back=//x"] {
            assert_eq!(safe(good), good);
        }
        for bad in [
            "",
            "numbers",
            "//evil.example",
            "/\\evil.example",
            "/\\/evil",
            "\\/evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\nb",
            "/a b",
            "/\u{e9}",
            "/\t/evil",
            "/sign-in",
            "/sign-in?next=/",
            "/sign-up",
            "/rpc/accounts/sign-out",
            "/numbers\\..",
        ] {
            assert_eq!(safe(bad), "/", "{bad}");
        }
        assert_eq!(safe(&format!("/{}", "a".repeat(2_000))), "/");
    }

    #[test]
    fn a_referer_gives_its_path_back() {
        assert_eq!(of_referer("http://127.0.0.1:3000/?q=FLOW&type=local"), "/?q=FLOW&type=local");
        assert_eq!(of_referer("http://127.0.0.1:3000/?q=FLOW&__path=%2Frpc&__err=e30"), "/?q=FLOW");
        assert_eq!(of_referer("http://127.0.0.1:3000"), "/");
        assert_eq!(of_referer("nonsense"), "/");
        assert_eq!(of_referer("http://127.0.0.1:3000//evil.example"), "/");
    }

    #[test]
    fn encoding_keeps_one_parameter() {
        assert_eq!(encoded("/?q=A&b=+1"), "/%3Fq%3DA%26b%3D%2B1");
    }
}
