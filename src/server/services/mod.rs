//! Use cases, a file a noun. Each owns its transaction; server functions, REST handlers and jobs call these and nothing below.

pub mod accounts;
pub mod agents;
pub mod audit;
pub mod caller;
pub mod calls;
pub mod cool_offs;
pub mod cursor;
pub mod frame;
pub mod holds;
pub mod import;
pub mod inventory;
pub mod keys;
pub mod links;
pub mod members;
pub mod moving;
pub mod numbers;
pub mod purchase;
pub mod recorder;
pub mod releasing;
pub mod repeats;
pub mod routes;
pub mod routing;
pub mod search;
pub mod sub_accounts;
pub mod timeline;
pub mod wallet;
