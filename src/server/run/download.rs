//! Tables that a link downloads: the lines of the ledger, and those of a statement. What stands in them is their service's.
//!
//! Not server functions: those answer JSON, and a file has a name and a type of its own.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::context::report;
use crate::domain::account::Need;
use crate::domain::account::Role::Viewer;
use crate::domain::code::Code;
use crate::rpc::error::AppError;
use crate::server::auth::access::check;
use crate::server::error::Result;
use crate::server::http::refuse::refused;
use crate::server::http::visitor::Visitor;
use crate::server::services::billing;
use crate::server::services::caller::Caller;
use crate::server::services::line_table::{MEDIA_TYPE, table};
use crate::server::state::AppState;

/// Which lines.
#[derive(Debug, Deserialize)]
pub struct LedgerQuery {
    kind: Option<String>,
}

/// The lines of the ledger, the newest first.
pub async fn ledger(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<LedgerQuery>,
    headers: HeaderMap,
) -> Response {
    let kind = query.kind.as_deref().filter(|kind| !kind.is_empty() && *kind != "all");
    let lines = async {
        let lines = billing::all_lines(&state, &reader(&visitor)?, kind).await?;
        table(&state.settings.currency, &lines)
    };
    answer("dialyard-ledger.csv", lines.await, &headers)
}

/// The lines of a month, in their order.
pub async fn statement(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    Path(month): Path<String>,
    headers: HeaderMap,
) -> Response {
    let lines = async {
        let statement = billing::statement(&state, &reader(&visitor)?, &month).await?;
        table(&state.settings.currency, &statement.lines)
    };
    // Only a month that was found becomes part of the name.
    answer(&format!("dialyard-{month}.csv"), lines.await, &headers)
}

/// Whoever may see the wallet.
fn reader(visitor: &Visitor) -> Result<Caller> {
    Ok(check(Need::Role(Viewer), visitor.session.as_ref())?.caller().cloned().ok_or(Code::RoleTooLow)?)
}

fn answer(name: &str, table: Result<String>, asked: &HeaderMap) -> Response {
    let body = match table.map_err(report) {
        Ok(body) => body,
        Err(AppError::Refused { refusal }) => return refused(&refusal, asked),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    // It has the name of a file, and is somebody's money.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(attachment) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, attachment);
    }
    response
}
