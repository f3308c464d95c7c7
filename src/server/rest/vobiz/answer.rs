//! Successes: objects, pages that are counted by number, and nothing at all.

use axum::http::StatusCode;
use serde::Serialize;

use crate::server::error::Result;
use crate::server::rest::envelope::{Rendered, text};

/// An object with a secret in it, and the same without, for repeats (R11).
///
/// # Errors
/// When it cannot be written as JSON, which is a fault of ours.
pub fn secret<T: Serialize>(status: StatusCode, body: &T, repeat: &T) -> Result<Rendered> {
    Ok(Rendered { repeat: Some(text(repeat)?), ..Rendered::json(status, body)? })
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
