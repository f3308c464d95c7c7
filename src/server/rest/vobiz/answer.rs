//! Successes: objects, pages that are counted by number, and nothing at all.

use axum::http::StatusCode;
use serde::Serialize;

use crate::server::error::{Error, Result};
use crate::server::rest::envelope::Rendered;

/// An object.
///
/// # Errors
/// When it cannot be written as JSON, which is a fault of ours.
pub fn object<T: Serialize>(status: StatusCode, body: &T) -> Result<Rendered> {
    Ok(Rendered { status, body: text(body)?, repeat: None, location: None, media_type: None })
}

/// An object with a secret in it, and the same without, for repeats (R11).
///
/// # Errors
/// As [`object`].
pub fn secret<T: Serialize>(status: StatusCode, body: &T, repeat: &T) -> Result<Rendered> {
    Ok(Rendered { repeat: Some(text(repeat)?), ..object(status, body)? })
}

/// Done, and nothing to say.
#[must_use]
pub const fn nothing() -> Rendered {
    Rendered { status: StatusCode::NO_CONTENT, body: String::new(), repeat: None, location: None, media_type: None }
}

fn text<T: Serialize>(body: &T) -> Result<String> {
    serde_json::to_string(body).map_err(|error| Error::Internal(format!("an answer cannot be written: {error}")))
}

/// A page of numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Items<T> {
    pub items: Vec<T>,
    /// From 1 on.
    pub page: usize,
    pub per_page: usize,
    /// On all pages.
    pub total: i64,
}
