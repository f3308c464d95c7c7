//! Translations of what services answer into the shapes of `rpc`. No decisions: only names and texts.

pub mod accounts;
pub mod admin;
pub mod agents;
pub mod audit;
pub mod cool_offs;
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
