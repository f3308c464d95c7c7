//! Which names this installation answers to (R41). A page of another name that resolves here is not ours.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::Response;

use super::refuse::with_text;
use crate::domain::code::Code;
use crate::server::rest::{self, dialect};

/// The hosts with their ports, in small letters.
#[derive(Debug, Clone)]
pub struct KnownHosts(Arc<[String]>);

impl KnownHosts {
    /// The public address, and the machine's own names on the port that is listened on.
    #[must_use]
    pub fn new(public_url: &str, listen: SocketAddr) -> Self {
        let (scheme, rest) = public_url.split_once("://").unwrap_or(("http", public_url));
        let authority = rest.split('/').next().unwrap_or_default().to_lowercase();
        let usual_port = if scheme == "https" { ":443" } else { ":80" };
        let mut known = vec![authority.strip_suffix(usual_port).unwrap_or(&authority).to_owned()];
        let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let listened = if listen.is_ipv6() { format!("[{}]", listen.ip()) } else { listen.ip().to_string() };
        for name in own.into_iter().chain([listened]) {
            known.push(if listen.port() == 80 { name } else { format!("{name}:{}", listen.port()) });
        }
        Self(known.into())
    }

    /// Whether requests for that host are for us.
    #[must_use]
    pub fn contains(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let bare = host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(&host);
        self.0.iter().any(|known| *known == host || known == bare)
    }
}

/// Refuses requests for another host with 421.
pub async fn known(State(hosts): State<KnownHosts>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(HOST).iter();
    let host = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().ok(),
        (None, _) => request.uri().authority().map(|authority| authority.as_str()),
        (Some(_), Some(_)) => None,
    };
    if host.is_some_and(|host| hosts.contains(host)) {
        return next.run(request).await;
    }
    if let Some(dialect) = dialect::of_path(request.uri().path()) {
        return rest::refused(dialect, Code::UnknownHost.into(), request).await;
    }
    with_text(
        StatusCode::MISDIRECTED_REQUEST,
        "This installation does not answer for the host that was asked for. The operator names it with --public-url.\n",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_known() {
        let hosts = KnownHosts::new("https://numbers.example.com", SocketAddr::from(([0, 0, 0, 0], 3_000)));
        for good in ["numbers.example.com", "Numbers.Example.com:443", "localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(hosts.contains(good), "{good}");
        }
        for bad in ["", "evil.example", "numbers.example.com:8443", "numbers.example.com.evil.example", "localhost:9", "localhost"] {
            assert!(!hosts.contains(bad), "{bad}");
        }
    }
}
