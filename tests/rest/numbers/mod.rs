//! `/numbers` and `/orders`.

mod change;
mod ending;
mod holds;
mod purchase;
mod read;
pub mod replays;
mod stock;
