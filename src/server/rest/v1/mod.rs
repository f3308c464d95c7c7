//! The endpoints of `/api/v1`, a file or folder a group: its schema types, its handlers, and its rows of the table.

pub mod billing;
pub mod numbers;
pub mod webhooks;
