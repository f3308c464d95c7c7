//! The money side: rentals over years against a simple model, the ladder of what is not paid, and the ledger as the engine keeps it.

mod clock;
mod engine;
mod ladder;
mod model;
mod pages;
mod payments;
mod statements;
mod stripe;
#[path = "../support/mod.rs"]
mod support;
