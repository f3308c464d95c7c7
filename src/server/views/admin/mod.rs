//! The operator's pages but the cool-offs and the audit log, which have files of their own beside this folder.

pub mod accounts;
pub mod orders;
pub mod revenue;
pub mod stock;
