//! Edges: the places where calls of inbound routes enter. An installation has one, its own; clients that choose one by its id ask here.

use crate::domain::refusal::FieldError;
use crate::server::config::Settings;

/// A place that a route's calls can enter by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub id: i64,
    pub name: &'static str,
    pub description: &'static str,
    /// What a firewall has to let in.
    pub firewall_rules: String,
    /// The name to look the edge up by.
    pub naptr: String,
}

/// Every edge of the installation.
#[must_use]
pub fn all(settings: &Settings) -> Vec<Edge> {
    let url = &settings.public_url;
    let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host =
        authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit())).map_or(authority, |(host, _)| host);
    vec![Edge {
        id: 1,
        name: "Main",
        description: "Calls enter where this installation runs.",
        firewall_rules: host.to_owned(),
        naptr: host.to_owned(),
    }]
}

/// An edge that was chosen; none is always right.
///
/// # Errors
/// An id that no edge has.
pub(super) fn check(settings: &Settings, chosen: Option<i64>) -> Result<Option<i64>, FieldError> {
    match chosen {
        Some(id) if !all(settings).iter().any(|edge| edge.id == id) => {
            Err(FieldError::new("edgeStrategyId", "There is no such edge; list them to see which there are."))
        }
        chosen => Ok(chosen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_named_after_the_installation() {
        let naptr = |public_url: &str| all(&Settings { public_url: public_url.to_owned(), ..Settings::default() })[0].naptr.clone();
        assert_eq!(naptr("https://numbers.example.com"), "numbers.example.com");
        assert_eq!(naptr("http://127.0.0.1:3000/"), "127.0.0.1");
        assert_eq!(naptr("http://[::1]:3000"), "[::1]");
    }

    #[test]
    fn only_edges_that_are_there_are_taken() {
        let settings = Settings::default();
        assert_eq!(check(&settings, None), Ok(None));
        assert_eq!(check(&settings, Some(1)), Ok(Some(1)));
        assert!(check(&settings, Some(4)).is_err());
    }
}
