//! The Flowroute dialect over HTTP, in process, over a real database: what it answers by the tables of its documentation (fixtures), what
//! it refuses and to whom, and that it follows the same rules as everything else.

#[path = "../support/mod.rs"]
mod support;

#[path = "../rest/client.rs"]
#[allow(dead_code, reason = "the client of the native tests; this crate uses its installation and keys")]
mod client;
#[path = "../rest/schema.rs"]
mod schema;

mod door;
mod fixtures;
mod inventory;
mod numbers;
mod purchase;
mod relationships;
mod replay;
mod routes;
mod town;
