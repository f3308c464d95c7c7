//! Who asks and whether they may: passwords, sessions, keys, attempts, same-origin. Use cases are in `services`.

pub mod access;
pub mod form;
pub mod keys;
pub mod limits;
pub mod password;
pub mod return_path;
pub mod same_origin;
pub mod session;
