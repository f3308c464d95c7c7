//! Server functions and the shapes they speak, one file a page area. A body is: guard, one service call, translation.
//!
//! No rule lives here. What each function needs is in [`access`]; errors are [`error::AppError`].

pub mod access;
pub mod accounts;
pub mod admin;
pub mod agents;
pub mod error;
pub mod holds;
pub mod keys;
pub mod notices;
pub mod numbers;
pub mod orders;
pub mod routes;
pub mod saved_searches;
pub mod search;
pub mod session;
pub mod settings;
pub mod shapes;
pub mod statements;
pub mod sub_accounts;
pub mod wallet;
pub mod webhooks;
pub mod wire;
