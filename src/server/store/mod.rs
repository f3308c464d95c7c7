//! SQL and nothing else, a file a table group, on a connection or a transaction that the caller brings.
//!
//! Row types are private; what leaves is plain data or a domain type. Statements are portable between SQLite and PostgreSQL.

pub mod accounts;
pub mod agents;
pub mod audit;
pub mod calls;
pub mod deliveries;
pub mod endpoints;
pub mod events;
pub mod holds;
pub mod idempotency;
pub mod installation;
pub mod inventory;
pub mod keys;
pub mod ledger;
pub mod links;
mod many;
pub mod notices;
pub mod numbers;
pub mod orders;
pub mod payments;
pub mod place;
pub mod rentals;
pub mod routes;
pub mod saved_searches;
pub mod sessions;
pub mod settings;
pub mod statements;
pub mod stock_imports;
pub mod sub_accounts;
pub mod transfers;
pub mod wallet_settings;
pub mod wallets;
