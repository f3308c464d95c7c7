//! Shapes that more than one page area speaks: a number as people read it, and a moment in time.

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// A number: `e164` for links and forms, `formatted` for people. Outside NANP only the server can format, so the text travels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhoneView {
    pub e164: String,
    pub formatted: String,
}

/// An instant with its UTC texts, made on the server so that both renderings agree; the browser shows its own zone after hydration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub at: Timestamp,
    /// `Nov 26, 10:14`
    pub short: String,
    /// `Nov 26`
    pub day: String,
    /// `2026-11-26 10:14 UTC`
    pub full: String,
}

/// A named thing that a select offers or a card names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// An agent as a select offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentChoice {
    pub id: String,
    pub name: String,
    /// `AI voice agent, version 7` or `Person, draft only`.
    pub detail: String,
    pub published: bool,
    pub sub_account_id: Option<String>,
}
