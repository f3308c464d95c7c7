//! The endpoints of `/api/v1`, a file or folder a group: its schema types, its handlers, and its rows of the table.

pub mod admin;
pub mod agents;
pub mod audit;
pub mod billing;
pub mod calls;
pub mod keys;
pub mod members;
pub mod numbers;
pub mod organization;
pub mod routes;
pub mod sub_accounts;
pub mod webhooks;
