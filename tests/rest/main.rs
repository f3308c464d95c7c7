//! The native REST API over HTTP, in process, over a real database: modules as the URLs are.

#[path = "../support/mod.rs"]
mod support;

mod authorization;
mod client;
mod numbers;
mod replay;
mod surface;
