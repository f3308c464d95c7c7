//! Where somebody goes after signing in: only a path of this site (rules.md R41), told in words.

/// `next` when it is a path of this site, else empty. The server checks it again.
#[must_use]
pub fn local_path(next: &str) -> String {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    if inside { String::from(next) } else { String::new() }
}

/// The sentence under the heading.
#[must_use]
pub fn return_text(next: &str) -> String {
    let (path, query) = next.split_once('?').unwrap_or((next, ""));
    let place = match path {
        "" => return String::from("To your numbers, agents and wallet."),
        "/" => return search_text(query),
        "/board" => "the board",
        "/wallet" => "the wallet",
        "/agents" => "your agents",
        "/sub-accounts" => "your sub-accounts",
        "/team" => "your team",
        "/audit" | "/admin/audit" => "the audit log",
        "/admin/cool-offs" => "the cool-offs",
        "/numbers" => "your numbers",
        path if path.starts_with("/numbers/") => "the number you opened",
        _ => "the page you opened",
    };
    format!("You come back to {place}.")
}

fn search_text(query: &str) -> String {
    let value = |name: &str| {
        let text = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        Some(decoded(text)).filter(|text| !text.is_empty())
    };
    let wanted = value("q").map(|q| format!(" for {q}")).unwrap_or_default();
    let place = value("city").or_else(|| value("state")).map(|place| format!(" in {place}")).unwrap_or_default();
    format!("You come back to your search{wanted}{place}.")
}

/// Undoes percent-encoding and plus signs; what is no valid encoding stays as it is.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (byte, pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            (byte, _) => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site() {
        assert_eq!(local_path("/wallet?kind=topup"), "/wallet?kind=topup");
        for elsewhere in ["//evil.example", "/\\evil.example", "https://evil.example", "wallet", ""] {
            assert_eq!(local_path(elsewhere), "", "{elsewhere}");
        }
    }

    #[test]
    fn says_where_one_returns_to() {
        assert_eq!(return_text("/?q=CAFE&city=San%20Francisco"), "You come back to your search for CAFE in San Francisco.");
        assert_eq!(return_text("/?city=New+York"), "You come back to your search in New York.");
        assert_eq!(return_text("/?q=100%&hold=1"), "You come back to your search for 100%.");
        assert_eq!(return_text("/"), "You come back to your search.");
        assert_eq!(return_text("/numbers/+14155550123"), "You come back to the number you opened.");
        assert_eq!(return_text(""), "To your numbers, agents and wallet.");
    }
}
