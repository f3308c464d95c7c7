//! The native REST API over HTTP, in process, over a real database: modules as the URLs are.

#[path = "../support/mod.rs"]
mod support;

mod admin;
mod agents;
mod audit;
mod authorization;
mod billing;
mod calls;
mod client;
mod guide;
mod keys;
mod members;
mod numbers;
mod organization;
mod replay;
mod replay_accounts;
mod routes;
mod schema;
mod sub_accounts;
mod surface;
mod webhooks;
