//! Who sends the request: their address, and the session that their cookie names.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use super::refuse::refused;
use crate::domain::code::Code;
use crate::server::auth::session::{self, Session};
use crate::server::state::AppState;

/// Put into the extensions of each request before a page or a server function sees it.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub session: Option<Session>,
    pub address: IpAddr,
}

/// Finds out who sends the request.
pub async fn recognise(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = address(peer, request.headers(), state.settings.trusted_proxy);
    let secret = session::secret_of(request.headers(), &state.settings).map(str::to_owned);
    // Files are the same for everybody; they need no look into the database.
    let is_file = request.uri().path().starts_with("/pkg/") || request.uri().path().starts_with("/fonts/");
    let session = match secret.filter(|_| !is_file) {
        Some(secret) => match session::load(&state, &secret).await {
            Ok(session) => session,
            Err(error) => {
                tracing::error!(%error, "a session could not be read");
                return refused(&Code::Busy.into(), request.headers());
            }
        },
        None => None,
    };
    request.extensions_mut().insert(Visitor { session, address });
    next.run(request).await
}

/// The sender's address. Behind a proxy of ours it is the last one in `X-Forwarded-For`: the others are the sender's own words.
fn address(peer: Option<IpAddr>, headers: &HeaderMap, trusted_proxy: bool) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_canonical();
    if !trusted_proxy {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    forwarded
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok())
        .map_or(peer, |address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_forwarded_address_counts_behind_our_proxy_only() {
        let peer = Some(IpAddr::from([10, 0, 0, 1]));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 192.0.2.7"));
        assert_eq!(address(peer, &headers, false), IpAddr::from([10, 0, 0, 1]));
        assert_eq!(address(peer, &headers, true), IpAddr::from([192, 0, 2, 7]));
        headers.insert("x-forwarded-for", HeaderValue::from_static("garbage"));
        assert_eq!(address(peer, &headers, true), IpAddr::from([10, 0, 0, 1]));
    }
}
