//! `/healthz`: the process answers. `/readyz`: it can read its database. Asked for by machines, under whatever host they use.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::refuse::with_text;
use crate::server::state::AppState;
use crate::server::store;

/// The two addresses.
pub fn router(state: AppState) -> Router {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).with_state(state)
}

async fn healthz() -> Response {
    with_text(StatusCode::OK, "ok\n")
}

async fn readyz(State(state): State<AppState>) -> Response {
    match can_read(&state).await {
        Ok(()) => with_text(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            with_text(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

async fn can_read(state: &AppState) -> Result<(), crate::server::error::StoreError> {
    let mut connection = state.db.read().await?;
    store::installation::find(&mut connection).await?;
    Ok(())
}
