//! The one table of refusal codes: name on the wire, HTTP status, words for people, and what to do next.
//!
//! Every surface (pages, native REST and the dialects) takes its texts from here.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($variant:ident, $name:literal, $status:literal, $title:literal, $remedy:literal;)+) => {
        /// A stable code for something that was refused or failed. The list is rules.md R22 and what the pages need besides.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case", try_from = "String")]
        pub enum Code { $(#[doc = $title] $variant,)+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name on the wire, in snake case.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)+ } }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status,)+ } }

            /// What happened, as one sentence.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title,)+ } }

            /// What to do next, as one sentence.
            #[must_use]
            pub const fn remedy(self) -> &'static str { match self { $(Self::$variant => $remedy,)+ } }
        }
    };
}

codes! {
    MalformedJson, "malformed_json", 400, "The body is not JSON.", "Send a JSON object.";
    BadRequest, "bad_request", 400, "The request cannot be read.", "Check how it is made; nothing was changed.";
    Unauthenticated, "unauthenticated", 401, "You are not signed in.", "Sign in and try again.";
    WrongCredentials, "wrong_credentials", 401, "Email and password do not match.", "Check both, or ask an administrator for a reset link.";
    InsufficientFunds, "insufficient_funds", 402, "The wallet does not cover this. Nothing was charged.", "Top up and try again; a hold is kept.";
    ForeignOrigin, "foreign_origin", 403, "The request came from another site and was refused.", "Open Dialyard in this window and try again.";
    RoleTooLow, "role_too_low", 403, "Your role does not allow this.", "Ask an owner or administrator of your organization.";
    MissingScope, "missing_scope", 403, "The key lacks the scope for this.", "Use a key with the scope that is named.";
    AdminRequired, "admin_required", 403, "Only a platform administrator may force this.", "Wait for the cool-off to end, or ask the operator.";
    WrongKeyKind, "wrong_key_kind", 403, "This kind of key cannot do this.", "Use a key of the account that is named.";
    AccountDisabled, "account_disabled", 403, "The sub-account of this key is disabled.", "Ask the organization to enable it.";
    SignUpClosed, "sign_up_closed", 403, "This installation takes no new organizations.", "Ask the operator for an invitation.";
    NotFound, "not_found", 404, "There is no such thing here.", "Check the address, or go back to the list.";
    NotInSubAccount, "not_in_sub_account", 404, "The number is in no sub-account.", "It is in your pool already.";
    NeverStocked, "never_stocked", 404, "Nobody offers this number here.", "Search for one that is in stock.";
    NumberGone, "number_gone", 404, "The number has left your organization.", "Search for another one.";
    LinkInvalid, "link_invalid", 404, "The link was used, has ended, or was never valid.", "Ask for a new one.";
    MethodNotAllowed, "method_not_allowed", 405, "The address exists, but not for this method.", "Use one of the methods in the header Allow.";
    NumberUnavailable, "number_unavailable", 409, "The number cannot be had right now. Nothing was charged.", "Take one of the numbers that are free now.";
    ReservationInvalid, "reservation_invalid", 409, "The hold cannot be used. Nothing was charged.", "Hold the number again.";
    PriceChanged, "price_changed", 409, "The price has changed since you saw it. Nothing was charged.", "Look at the new price and confirm it.";
    HoldLimitReached, "hold_limit_reached", 409, "You hold as many numbers as you may.", "Give one back or buy one, then hold this one.";
    ExtendLimitReached, "extend_limit_reached", 409, "The hold cannot be extended now.", "A hold is extended in its last 30 minutes, at most ten times.";
    HoldCommitted, "hold_committed", 409, "The hold is being bought.", "Wait for the purchase to finish.";
    NumberInUse, "number_in_use", 409, "The number is in use.", "Unassign it or take it back first.";
    NumberInSubAccount, "number_in_sub_account", 409, "The number is in a sub-account.", "Take it back first.";
    DidCoolOffInEffect, "did_cool_off_in_effect", 409, "The cool-off after the last call is still running.", "Wait until it ends; only the operator may force it.";
    NumberLocked, "number_locked", 409, "The number is locked.", "Unlock it first.";
    NumberReleased, "number_released", 409, "The number is released.", "Restore it first.";
    NotReleased, "not_released", 409, "The number is not released.", "There is nothing to restore.";
    RestoreTooLate, "restore_too_late", 409, "The time to undo the release has ended.", "While it ages only you may buy it back.";
    BudgetExceeded, "budget_exceeded", 409, "The monthly number budget does not allow this. Nothing was charged.", "Raise the budget or release a number.";
    PaymentHold, "payment_hold", 409, "A payment was taken back, so buying and holding are paused.", "Top up to settle what is owed.";
    SubAccountInUse, "sub_account_in_use", 409, "The sub-account still has numbers.", "Take them back first.";
    SubAccountDisabled, "sub_account_disabled", 409, "The sub-account is disabled and takes no numbers.", "Enable it first.";
    RouteInUse, "route_in_use", 409, "The route is used by a number.", "Take it off those numbers first.";
    OrderInProgress, "order_in_progress", 409, "The number is being bought right now.", "Wait a moment and look again.";
    PastDue, "past_due", 409, "The rental of the number is not paid.", "Top up the wallet to settle it.";
    RequestInProgress, "request_in_progress", 409, "The same request is still running.", "Wait a moment; repeating it is safe.";
    AnswerLost, "answer_lost", 409, "The request was carried out, but its answer was lost.", "Read what it was about; nothing is done twice.";
    CallConflict, "call_conflict", 409, "This call id was reported with other data.", "Use a new call id.";
    WebhookDisabled, "webhook_disabled", 409, "The webhook is switched off.", "Switch it on first.";
    NameTaken, "name_taken", 409, "The name is already used here.", "Choose another one.";
    Conflict, "conflict", 409, "Somebody changed this in the meantime. Nothing was changed.", "Look at the new state and try again.";
    PayloadTooLarge, "payload_too_large", 413, "The body is larger than 64 KiB.", "Send less at once.";
    UnsupportedMediaType, "unsupported_media_type", 415, "The body is not sent as JSON.", "Send it with Content-Type: application/json.";
    UnknownHost, "unknown_host", 421, "This installation does not answer for that host.", "Use the address that the operator named.";
    Validation, "validation", 422, "Some fields need another value. Nothing was changed.", "Correct the marked fields.";
    ReasonRequired, "reason_required", 422, "A reason of 10 to 500 characters is required.", "Write down why.";
    IdempotencyKeyReused, "idempotency_key_reused", 422, "This Idempotency-Key was used for another request.", "Use a new key for a new request.";
    RateLimited, "rate_limited", 429, "Too many requests.", "Wait a moment and try again.";
    Internal, "internal", 500, "Something went wrong on our side.", "Try again; tell the operator the incident number if it stays.";
    Busy, "busy", 503, "The server is busy. Nothing was changed.", "Try again in a moment; repeating it is safe.";
    CarrierUnavailable, "carrier_unavailable", 503, "The carrier did not answer. Nothing was charged.", "Try again; repeating it is safe.";
    PaymentsNotConfigured, "payments_not_configured", 503, "This installation takes no payments yet.", "Ask the operator.";
}

/// A name that no code has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no code {0}")]
pub struct UnknownCode(String);

impl TryFrom<String> for Code {
    type Error = UnknownCode;

    fn try_from(name: String) -> Result<Self, UnknownCode> {
        Self::ALL.iter().find(|code| code.name() == name).copied().ok_or(UnknownCode(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_are_what_serde_writes() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(code).expect("a code is a string"), format!("\"{}\"", code.name()));
            assert_eq!(Code::try_from(code.name().to_owned()), Ok(*code));
        }
        assert!(Code::try_from(String::from("no_such_code")).is_err());
    }
}
