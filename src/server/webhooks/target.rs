//! Where a webhook may go (R39): which addresses are taken down, and which of the addresses behind a name may be connected to.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use url::{Host, Url};

use crate::domain::address::is_public;
use crate::server::config::Settings;

/// Longest address that is stored.
const MAX_URL: usize = 2_048;
/// How long a name may take to resolve.
const RESOLVE: Duration = Duration::from_secs(5);

/// What the installation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Only `https`.
    pub https_only: bool,
    /// Addresses of this machine and of private networks too.
    pub private: bool,
}

impl Policy {
    /// Outside demo https and public addresses only; a demo that others can reach still allows no private ones (R24).
    #[must_use]
    pub const fn of(settings: &Settings) -> Self {
        Self { https_only: !settings.demo, private: settings.demo && !settings.demo_public }
    }

    /// Whether the server may connect there.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        self.private || is_public(address)
    }
}

/// Why a text is no address for a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    #[error("Write a whole address, such as https://example.com/hooks.")]
    NotAnAddress,
    #[error("Use an address of at most 2048 characters.")]
    TooLong,
    #[error("The address must begin with https://.")]
    HttpsOnly,
    #[error("Leave user name and password out; deliveries are signed instead.")]
    Credentials,
    #[error("Leave out what follows #; it is never sent.")]
    Fragment,
    #[error("Private and local addresses are not told anything.")]
    NotPublic,
}

/// Reads an address. Names are resolved when something is sent, each time.
///
/// # Errors
/// What is wrong with it, for people.
pub fn parse(text: &str, policy: Policy) -> Result<Url, UrlFault> {
    let text = text.trim();
    if text.len() > MAX_URL {
        return Err(UrlFault::TooLong);
    }
    let url = Url::parse(text).map_err(|_| UrlFault::NotAnAddress)?;
    match url.scheme() {
        "https" => {}
        "http" if !policy.https_only => {}
        "http" => return Err(UrlFault::HttpsOnly),
        _ => return Err(UrlFault::NotAnAddress),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlFault::Credentials);
    }
    if url.fragment().is_some() {
        return Err(UrlFault::Fragment);
    }
    let literal = match url.host().ok_or(UrlFault::NotAnAddress)? {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    if literal.is_some_and(|address| !policy.allows(address)) {
        return Err(UrlFault::NotPublic);
    }
    if url.as_str().len() > MAX_URL {
        return Err(UrlFault::TooLong);
    }
    Ok(url)
}

/// Why there is nothing to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAddress {
    /// The name has no address, or did not resolve in time.
    Unknown,
    /// One of its addresses is not allowed; none of them is tried then.
    Refused,
}

/// The addresses behind an address that was read, each of them checked. Connect to these and to nothing else: asking for the name again
/// could answer something else.
///
/// # Errors
/// See [`NoAddress`].
pub async fn resolve(url: &Url, policy: Policy) -> Result<Vec<SocketAddr>, NoAddress> {
    let port = url.port_or_known_default().ok_or(NoAddress::Unknown)?;
    let addresses: Vec<SocketAddr> = match url.host().ok_or(NoAddress::Unknown)? {
        Host::Ipv4(address) => vec![SocketAddr::new(IpAddr::V4(address), port)],
        Host::Ipv6(address) => vec![SocketAddr::new(IpAddr::V6(address), port)],
        Host::Domain(name) => {
            let found = tokio::time::timeout(RESOLVE, tokio::net::lookup_host((name, port))).await;
            found.map_err(|_| NoAddress::Unknown)?.map_err(|_| NoAddress::Unknown)?.collect()
        }
    };
    match addresses.iter().all(|address| policy.allows(address.ip())) {
        _ if addresses.is_empty() => Err(NoAddress::Unknown),
        true => Ok(addresses),
        false => Err(NoAddress::Refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Policy = Policy { https_only: true, private: false };
    const DEMO: Policy = Policy { https_only: false, private: true };

    #[test]
    fn a_demo_may_reach_this_machine_unless_others_reach_the_demo() {
        let policy = |demo, demo_public| Policy::of(&Settings { demo, demo_public, ..Settings::default() });
        assert_eq!(policy(false, false), STRICT);
        assert_eq!(policy(true, false), DEMO);
        assert_eq!(policy(true, true), Policy { https_only: false, private: false });
    }

    #[test]
    fn addresses_that_are_taken_down() {
        for text in ["https://example.com/hooks?x=1", "https://example.com:8443", "https://1.1.1.1/", "https://[2606:4700::1111]/a"] {
            assert!(parse(text, STRICT).is_ok(), "{text}");
        }
        for (text, fault) in [
            ("", UrlFault::NotAnAddress),
            ("example.com/hooks", UrlFault::NotAnAddress),
            ("ftp://example.com", UrlFault::NotAnAddress),
            ("https:///", UrlFault::NotAnAddress),
            ("http://example.com", UrlFault::HttpsOnly),
            ("https://ada:secret@example.com", UrlFault::Credentials),
            ("https://example.com/#part", UrlFault::Fragment),
            ("https://127.0.0.1/", UrlFault::NotPublic),
            ("https://2130706433/", UrlFault::NotPublic),
            ("https://0x7f.1/", UrlFault::NotPublic),
            ("https://[::ffff:10.0.0.1]/", UrlFault::NotPublic),
            ("https://169.254.169.254/latest/meta-data", UrlFault::NotPublic),
        ] {
            assert_eq!(parse(text, STRICT), Err(fault), "{text}");
        }
        assert_eq!(parse(&format!("https://example.com/{}", "x".repeat(MAX_URL)), STRICT), Err(UrlFault::TooLong));
        assert!(parse("http://127.0.0.1:4000/hooks", DEMO).is_ok());
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_when_it_is_resolved() {
        let url = parse("https://localhost/", STRICT).expect("a name is only a name");
        assert_eq!(resolve(&url, STRICT).await, Err(NoAddress::Refused));
        assert!(resolve(&url, DEMO).await.is_ok_and(|addresses| addresses.iter().all(|address| address.ip().is_loopback())));
        let nowhere = parse("https://nowhere.invalid/", STRICT).expect("a name");
        assert_eq!(resolve(&nowhere, STRICT).await, Err(NoAddress::Unknown));
    }
}
