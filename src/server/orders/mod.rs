//! The purchase as recorded steps: claim and funds in one transaction, the carrier outside any, completion in one transaction.
//!
//! After a crash at any point [`recovery`] finishes or undoes it. Which numbers may be claimed is decided in [`claim`]; what to
//! do next with a live order is decided by `domain::order::plan`.

pub mod claim;
pub mod engine;
pub mod finish;
pub mod recovery;
