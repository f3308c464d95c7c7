//! `/webhooks/stripe`: where the payment provider reports what became of payments. Asked for by a machine that signs what it sends.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;

use super::refuse::with_text;
use crate::domain::code::Code;
use crate::server::services::payments;
use crate::server::state::AppState;

/// Bytes of a notice at the most (R32).
const MAX_NOTICE: usize = 256 * 1_024;

/// The one address.
pub fn router(state: AppState) -> Router {
    Router::new().route("/webhooks/stripe", post(stripe)).with_state(state)
}

/// 200 says that the notice was taken and need not come again; anything else lets the provider try again.
async fn stripe(State(state): State<AppState>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_NOTICE).await else {
        return with_text(StatusCode::PAYLOAD_TOO_LARGE, "The notice is larger than 256 KiB.\n");
    };
    let signature = parts.headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match payments::receive(&state, signature, &body).await {
        Ok(()) => with_text(StatusCode::OK, "ok\n"),
        Err(error) => {
            let code = error.refusal().map_or(Code::Internal, |refusal| refusal.code());
            if code == Code::Internal {
                tracing::error!(%error, "a payment notice could not be handled");
            }
            with_text(StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &format!("{}\n", code.title()))
        }
    }
}
