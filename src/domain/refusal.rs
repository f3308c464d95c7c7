//! A rule that said no, with the facts a caller needs to act on it. Texts live in [`super::code`].

use serde::{Deserialize, Serialize};

use super::code::Code;
use super::money::Micros;
use super::time::Timestamp;

/// One field that needs another value, and the rule it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name on the wire.
    pub field: String,
    /// What is wrong and what would be right, for people.
    pub message: String,
}

impl FieldError {
    /// A field error from anything that reads as text.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Why a number cannot be had. A withdrawn number reads as sold to customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unavailable {
    /// Somebody owns it, or the operator took it out.
    Sold,
    /// Somebody else holds it or is buying it.
    Held,
    /// It rests after a release.
    Aging,
    /// For an import: it is owned or stocked here.
    Taken,
}

/// Why a hold cannot be used (R22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationFault {
    /// Its time has ended.
    Expired,
    /// It was given back.
    Released,
    /// It was used for a purchase.
    Consumed,
    /// It is for another number.
    OtherNumber,
    /// No hold of this caller has that id.
    Unknown,
}

/// A refusal: what the rule is called, with its facts. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Fields that need another value.
    Validation { errors: Vec<FieldError> },
    /// A wallet that does not cover the price; the hold is kept.
    InsufficientFunds { required: Micros, available: Micros, shortfall: Micros },
    /// The number cannot be had; `free_at` where the end is known.
    NumberUnavailable {
        e164: String,
        reason: Unavailable,
        free_at: Option<Timestamp>,
        /// The caller owns it already.
        owned_by_you: bool,
        /// The caller released it and may restore it until then.
        restore_until: Option<Timestamp>,
    },
    /// The hold that was named cannot be used.
    ReservationInvalid { reason: ReservationFault },
    /// The price is above what the caller saw.
    PriceChanged { setup: Micros, monthly: Micros, max_price: Micros },
    /// Too many live holds; `limit` is how many there may be.
    HoldLimitReached { limit: u32 },
    /// Extended ten times, or not yet in the last 30 minutes, from when on it may be extended.
    ExtendLimitReached { extendable_from: Option<Timestamp> },
    /// The cool-off runs until `cool_off_until`; `remaining_s` is rounded up and at least 1.
    DidCoolOffInEffect { cool_off_until: Timestamp, remaining_s: i64 },
    /// Budget, committed sum and the sum it would be.
    BudgetExceeded { budget: Micros, committed: Micros, over: Micros },
    /// Numbers, recoverable numbers and orders that are still in the sub-account.
    SubAccountInUse { owned: u32, recoverable: u32, ordering: u32 },
    /// Scope that the key lacks.
    MissingScope { scope: String },
    /// Seconds until the next try is worth it.
    RateLimited { retry_after_s: i64 },
    /// Any refusal whose code says it all.
    #[serde(untagged)]
    Plain { code: Code },
}

impl Refusal {
    /// One field error as a refusal.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation { errors: vec![FieldError::new(field, message)] }
    }

    /// The row of the code table.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Validation { .. } => Code::Validation,
            Self::InsufficientFunds { .. } => Code::InsufficientFunds,
            Self::NumberUnavailable { .. } => Code::NumberUnavailable,
            Self::ReservationInvalid { .. } => Code::ReservationInvalid,
            Self::PriceChanged { .. } => Code::PriceChanged,
            Self::HoldLimitReached { .. } => Code::HoldLimitReached,
            Self::ExtendLimitReached { .. } => Code::ExtendLimitReached,
            Self::DidCoolOffInEffect { .. } => Code::DidCoolOffInEffect,
            Self::BudgetExceeded { .. } => Code::BudgetExceeded,
            Self::SubAccountInUse { .. } => Code::SubAccountInUse,
            Self::MissingScope { .. } => Code::MissingScope,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Plain { code } => *code,
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::Plain { code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_wire() {
        let refusals = [
            Refusal::field("email", "Write an address such as ada@example.com."),
            Refusal::InsufficientFunds { required: Micros(5), available: Micros(2), shortfall: Micros(3) },
            Refusal::DidCoolOffInEffect { cool_off_until: Timestamp::from_seconds(9), remaining_s: 1 },
            Refusal::from(Code::NumberLocked),
        ];
        for refusal in refusals {
            let text = serde_json::to_string(&refusal).expect("a refusal is JSON");
            assert!(text.contains(&format!("\"code\":\"{}\"", refusal.code().name())), "{text}");
            assert_eq!(serde_json::from_str::<Refusal>(&text).expect("and reads back"), refusal);
        }
    }
}
