//! The native REST API over HTTP, in process, over a real database: modules as the URLs are.

#[path = "../support/mod.rs"]
mod support;

mod agents;
mod audit;
mod authorization;
mod billing;
mod calls;
mod client;
mod guide;
mod numbers;
mod keys;
mod replay;
mod schema;
mod surface;
mod replay_accounts;
mod routes;
mod sub_accounts;
mod webhooks;
