//! Telling other systems: what is sent (`payload`), how it is signed (`signature`), where it may go (`target`) and the sending itself
//! (`send`). When it is sent is `jobs::webhooks`; who is told of what is `services::webhooks`.

pub mod payload;
pub mod send;
pub mod signature;
pub mod target;
