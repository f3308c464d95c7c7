//! An id for each request, taken from a proxy or made here, and one line in the log. Addresses are logged by their route only:
//! paths and queries can carry one-time secrets.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::server::state::AppState;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id, in its extensions.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Runs the request under its id, answers with the id, and logs what became of it.
pub async fn traced(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = given(request.headers()).map_or_else(|| state.new_id(), str::to_owned);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| String::from("(no route)"), |path| path.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id = %id);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(%method, route, status, elapsed_ms, "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response
}

/// The id that came with the request, if it has the form of one (R41).
fn given(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(X_REQUEST_ID)?.to_str().ok()?;
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    fits.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_outside_is_kept_only_in_its_form() {
        let with = |id: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_str(id).expect("a header"));
            given(&headers).map(str::to_owned)
        };
        assert_eq!(with("a1._-Z").as_deref(), Some("a1._-Z"));
        for bad in ["", "with space", "<script>", &"a".repeat(65)] {
            assert_eq!(with(bad), None, "{bad}");
        }
        assert_eq!(given(&HeaderMap::new()), None);
    }
}
