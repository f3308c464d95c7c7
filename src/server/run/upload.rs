//! Files that a form sends, written to disk as they come. What becomes of one is its service's.
//!
//! Not a server function: those gather what they are sent, and a file may be larger than the memory.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::server_fn::error::ServerFnUrlError;
use multer::Multipart;

use super::context::report;
use crate::domain::account::Need;
use crate::domain::refusal::Refusal;
use crate::rpc::admin::stock::{FILE_FIELD, UPLOAD};
use crate::rpc::error::AppError;
use crate::server::auth::access::check;
use crate::server::error::Result;
use crate::server::http::refuse::refused;
use crate::server::http::visitor::Visitor;
use crate::server::services::caller::Caller;
use crate::server::services::inventory::uploads::{self, StockImport};
use crate::server::state::AppState;

/// Takes a CSV file of stock in, for the operator, and leads to what a check of it has found, or back with the refusal.
pub async fn stock(State(state): State<AppState>, Extension(visitor): Extension<Visitor>, request: Request) -> Response {
    let headers = request.headers().clone();
    let received = match check(Need::PlatformAdmin, visitor.session.as_ref()) {
        Ok(principal) => receive(&state, principal.caller(), request).await,
        Err(error) => Err(error),
    };
    match received {
        Ok(import) => see(&format!("/admin/inventory?file={}", import.id)),
        Err(error) => {
            let error = report(error);
            let back = ServerFnUrlError::new(UPLOAD, error.clone()).to_url("http://page/admin/inventory?new=1");
            match (back, error) {
                (Ok(back), _) => see(&format!("{}?{}", back.path(), back.query().unwrap_or_default())),
                (Err(_), AppError::Refused { refusal }) => refused(&refusal, &headers),
                (Err(_), _) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
    }
}

fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

async fn receive(state: &AppState, operator: Option<&Caller>, request: Request) -> Result<StockImport> {
    let no_file = || Refusal::field(FILE_FIELD, "Choose a CSV file.");
    let operator = operator.ok_or_else(no_file)?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| no_file())?;
    let mut form = Multipart::new(request.into_body().into_data_stream(), boundary);
    while let Some(field) = form.next_field().await.map_err(|_| no_file())? {
        if field.name() == Some(FILE_FIELD) {
            let name = field.file_name().unwrap_or_default().to_owned();
            return uploads::receive(state, operator, &name, field).await;
        }
    }
    Err(no_file().into())
}
