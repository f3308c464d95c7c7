//! A file (or folder) a URL: the address bar tells which one. Components that two pages share live in `ui`.

pub mod admin;
pub mod agents;
pub mod audit;
pub mod board;
#[cfg(debug_assertions)]
pub mod components;
pub mod keys;
pub mod link;
pub mod not_found;
pub mod notices;
pub mod number;
pub mod numbers;
pub mod routes;
pub mod search;
pub mod searches;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod sub_accounts;
pub mod team;
pub mod wallet;
pub mod webhooks;
