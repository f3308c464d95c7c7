//! Whether a request that changes something comes from our own pages. Pure: headers in, yes or no out.

use http::HeaderMap;
use http::header::{HOST, ORIGIN};

/// Whether the browser says that one of our pages sent it: `Sec-Fetch-Site`, else `Origin`, else no (R41).
///
/// `public_url` is where people reach the site; behind a proxy it differs from the Host that arrives here.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        // `none` is the person's own doing (a restored tab); no page can cause it.
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(ORIGIN.as_str()) else {
        return false;
    };
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    if origin.eq_ignore_ascii_case(public_url.trim_end_matches('/')) {
        return true;
    }
    let our_scheme = public_url.split_once("://").map_or("", |(scheme, _)| scheme);
    let host = text(HOST.as_str()).unwrap_or_default();
    !host.is_empty() && authority.eq_ignore_ascii_case(host) && scheme.eq_ignore_ascii_case(our_scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn each_way_of_asking_has_its_answer() {
        let table: [(&[(&'static str, &'static str)], bool); 14] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3000")], false),
            (&[("origin", "http://127.0.0.1:3000")], true),
            (&[("origin", "http://127.0.0.1:3000"), ("host", "internal:80")], true),
            (&[("origin", "http://localhost:3000"), ("host", "localhost:3000")], true),
            (&[("origin", "https://localhost:3000"), ("host", "localhost:3000")], false),
            (&[("origin", "http://evil.example"), ("host", "127.0.0.1:3000")], false),
            (&[("origin", "null"), ("host", "127.0.0.1:3000")], false),
            (&[("origin", "http://127.0.0.1:3000.evil.example"), ("host", "127.0.0.1:3000")], false),
            (&[("host", "127.0.0.1:3000")], false),
        ];
        for (pairs, expected) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(is_same_origin(&headers, "http://127.0.0.1:3000"), expected, "{pairs:?}");
        }
    }
}
