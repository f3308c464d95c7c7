//! Pure rules of Dialyard, compiled into the server and into the browser.
//!
//! Nothing here reads a clock, makes an id, or does input and output: time and ids are arguments.

pub mod account;
pub mod address;
pub mod answering;
pub mod audit;
pub mod chart;
pub mod code;
pub mod cool_off;
pub mod count;
pub mod e164;
pub mod forecast;
pub mod hold;
pub mod keypad;
pub mod memorability;
pub mod money;
pub mod number;
pub mod order;
pub mod pattern;
pub mod place;
pub mod refusal;
pub mod rental;
pub mod scope;
pub mod search;
pub mod time;
pub mod webhook;
