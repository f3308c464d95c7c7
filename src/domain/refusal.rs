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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

impl Unavailable {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Sold, Self::Held, Self::Aging, Self::Taken];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::Held => "held",
            Self::Aging => "aging",
            Self::Taken => "taken",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Why a hold cannot be used (R22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

impl ReservationFault {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Expired, Self::Released, Self::Consumed, Self::OtherNumber, Self::Unknown];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Released => "released",
            Self::Consumed => "consumed",
            Self::OtherNumber => "other_number",
            Self::Unknown => "unknown",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A refusal: what the rule is called, with its facts. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", from = "Facts")]
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

/// A refusal as it is read: a code and whatever facts there are. Reading an enum by its tag would need a second reader for every fact.
#[derive(Deserialize)]
struct Facts {
    code: Code,
    errors: Option<Vec<FieldError>>,
    required: Option<Micros>,
    available: Option<Micros>,
    shortfall: Option<Micros>,
    e164: Option<String>,
    reason: Option<String>,
    free_at: Option<Timestamp>,
    owned_by_you: Option<bool>,
    restore_until: Option<Timestamp>,
    setup: Option<Micros>,
    monthly: Option<Micros>,
    max_price: Option<Micros>,
    limit: Option<u32>,
    extendable_from: Option<Timestamp>,
    cool_off_until: Option<Timestamp>,
    remaining_s: Option<i64>,
    budget: Option<Micros>,
    committed: Option<Micros>,
    over: Option<Micros>,
    owned: Option<u32>,
    recoverable: Option<u32>,
    ordering: Option<u32>,
    scope: Option<String>,
    retry_after_s: Option<i64>,
}

impl From<Facts> for Refusal {
    /// A code without the facts that it promises says at least the code.
    fn from(facts: Facts) -> Self {
        let code = facts.code;
        Self::with_facts(facts).unwrap_or(Self::Plain { code })
    }
}

impl Refusal {
    /// One field error as a refusal.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation { errors: vec![FieldError::new(field, message)] }
    }

    fn with_facts(facts: Facts) -> Option<Self> {
        Some(match facts.code {
            Code::Validation => Self::Validation { errors: facts.errors? },
            Code::InsufficientFunds => {
                Self::InsufficientFunds { required: facts.required?, available: facts.available?, shortfall: facts.shortfall? }
            }
            Code::NumberUnavailable => Self::NumberUnavailable {
                e164: facts.e164?,
                reason: Unavailable::from_name(&facts.reason?)?,
                free_at: facts.free_at,
                owned_by_you: facts.owned_by_you?,
                restore_until: facts.restore_until,
            },
            Code::ReservationInvalid => Self::ReservationInvalid { reason: ReservationFault::from_name(&facts.reason?)? },
            Code::PriceChanged => Self::PriceChanged { setup: facts.setup?, monthly: facts.monthly?, max_price: facts.max_price? },
            Code::HoldLimitReached => Self::HoldLimitReached { limit: facts.limit? },
            Code::ExtendLimitReached => Self::ExtendLimitReached { extendable_from: facts.extendable_from },
            Code::DidCoolOffInEffect => Self::DidCoolOffInEffect { cool_off_until: facts.cool_off_until?, remaining_s: facts.remaining_s? },
            Code::BudgetExceeded => Self::BudgetExceeded { budget: facts.budget?, committed: facts.committed?, over: facts.over? },
            Code::SubAccountInUse => {
                Self::SubAccountInUse { owned: facts.owned?, recoverable: facts.recoverable?, ordering: facts.ordering? }
            }
            Code::MissingScope => Self::MissingScope { scope: facts.scope? },
            Code::RateLimited => Self::RateLimited { retry_after_s: facts.retry_after_s? },
            _ => return None,
        })
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
        let at = Timestamp::from_seconds(9);
        let micros = Micros;
        let mut refusals = vec![
            Refusal::field("email", "Write an address such as ada@example.com."),
            Refusal::InsufficientFunds { required: micros(5), available: micros(2), shortfall: micros(3) },
            Refusal::PriceChanged { setup: micros(1), monthly: micros(2), max_price: micros(4) },
            Refusal::HoldLimitReached { limit: 10 },
            Refusal::ExtendLimitReached { extendable_from: Some(at) },
            Refusal::ExtendLimitReached { extendable_from: None },
            Refusal::DidCoolOffInEffect { cool_off_until: at, remaining_s: 1 },
            Refusal::BudgetExceeded { budget: micros(7), committed: micros(6), over: micros(1) },
            Refusal::SubAccountInUse { owned: 1, recoverable: 2, ordering: 3 },
            Refusal::MissingScope { scope: String::from("numbers:read") },
            Refusal::RateLimited { retry_after_s: 4 },
            Refusal::from(Code::NumberLocked),
            Refusal::from(Code::RateLimited),
        ];
        refusals.extend(ReservationFault::ALL.map(|reason| Refusal::ReservationInvalid { reason }));
        refusals.extend(Unavailable::ALL.map(|reason| Refusal::NumberUnavailable {
            e164: String::from("+14155550123"),
            reason,
            free_at: Some(at),
            owned_by_you: reason == Unavailable::Sold,
            restore_until: None,
        }));
        for refusal in refusals {
            let text = serde_json::to_string(&refusal).expect("a refusal is JSON");
            assert!(text.contains(&format!("\"code\":\"{}\"", refusal.code().name())), "{text}");
            assert_eq!(serde_json::from_str::<Refusal>(&text).expect("and reads back"), refusal);
        }
    }
}
