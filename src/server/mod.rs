//! Everything that runs on the server only. Gated once, in `lib.rs`.

pub mod auth;
pub mod carriers;
pub mod clock;
pub mod command;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod orders;
pub mod payments;
pub mod phone;
pub mod rest;
pub mod run;
pub mod seal;
pub mod search;
pub mod services;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod views;
pub mod webhooks;
