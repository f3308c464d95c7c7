//! Absolute links: from the host that was asked, or from the public address where that is the host.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use url::form_urlencoded::Serializer;

use super::BASE;
use super::query::Window;

/// What every link begins with, such as `https://numbers.example.com/v2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// The links of an installation at that address.
    pub fn new(origin: &str) -> Self {
        Self(format!("{}{BASE}", origin.trim_end_matches('/')))
    }

    /// The links of an answer to a request. Hosts that are not ours never get here.
    pub fn of(headers: &HeaderMap, public_url: &str) -> Self {
        let public_host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest).trim_end_matches('/');
        match headers.get(HOST).and_then(|host| host.to_str().ok()) {
            // Who asks another name than the public one is on this machine, where nothing stands in front of it.
            Some(host) if !host.eq_ignore_ascii_case(public_host) => Self::new(&format!("http://{host}")),
            _ => Self::new(public_url),
        }
    }

    /// A number by its digits.
    pub fn number(&self, id: &str) -> String {
        format!("{}/numbers/{id}", self.0)
    }

    /// A route by its public number.
    pub fn inbound_route(&self, id: &str) -> String {
        format!("{}/routes/{id}", self.0)
    }

    /// An address with parameters in that order.
    pub fn query(&self, path: &str, parameters: &[(&str, String)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(parameters);
        let query = query.finish();
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{separator}{query}", self.0)
    }

    /// A page of a list and the one behind it, if there is more: what was asked, then limit and offset.
    pub fn page(&self, path: &str, asked: &[(&str, String)], window: Window, more: bool) -> (String, Option<String>) {
        let at = |offset: usize| {
            let mut parameters = asked.to_vec();
            parameters.push(("limit", window.limit.to_string()));
            parameters.push(("offset", offset.to_string()));
            self.query(path, &parameters)
        };
        (at(window.offset), more.then(|| at(window.offset.saturating_add(window.limit))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn base(host: &'static str, public_url: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(host));
        Base::of(&headers, public_url).number("1")
    }

    #[test]
    fn links_go_to_the_host_that_was_asked() {
        assert_eq!(base("numbers.example.com", "https://numbers.example.com"), "https://numbers.example.com/v2/numbers/1");
        assert_eq!(base("localhost:3000", "https://numbers.example.com/"), "http://localhost:3000/v2/numbers/1");
        assert_eq!(Base::of(&HeaderMap::new(), "https://a.example").inbound_route("0"), "https://a.example/v2/routes/0");
    }

    #[test]
    fn a_page_names_what_was_asked_and_where_it_stands() {
        let base = Base::new("https://a.example");
        let asked = [("starts_with", String::from("+44")), ("rate_center", String::from("st. paul"))];
        let (this, next) = base.page("/numbers", &asked, Window { limit: 3, offset: 6 }, true);
        assert_eq!(this, "https://a.example/v2/numbers?starts_with=%2B44&rate_center=st.+paul&limit=3&offset=6");
        assert_eq!(next.as_deref(), Some("https://a.example/v2/numbers?starts_with=%2B44&rate_center=st.+paul&limit=3&offset=9"));
        assert_eq!(base.page("/routes", &[], Window { limit: 10, offset: 0 }, false).1, None);
    }
}
