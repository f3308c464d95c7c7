//! Failures in Vobiz's three shapes: what its gateway says (an integer code), what its number routes say (`error` and `message`), and its
//! general envelope (a code in capitals with details). Which one a refusal gets is decided here, by the operation and nothing else.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::rest::dialect::Failure;
use crate::server::rest::envelope::Money;
use crate::server::rest::problem::retry_after_s;

/// Fields whose only rule is a range.
const RANGES: [&str; 5] = ["page", "per_page", "size", "limit", "offset"];

/// The failure as an answer.
pub fn response(failure: &Failure<'_>) -> Response {
    let operation = failure.route.map_or("", |route| route.operation);
    let special = of_operation(operation, &failure.refusal).or_else(|| of_gateway(&failure.refusal));
    let (status, body) = special.map_or_else(|| general(failure), |(status, body)| (status, body.to_string()));
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(seconds) = retry_after_s(&failure.refusal) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn flat(status: u16, error: &str, message: &str) -> Option<(u16, Value)> {
    Some((status, json!({ "error": error, "message": message })))
}

/// What a route of numbers or sub-accounts says in words of its own.
fn of_operation(operation: &str, refusal: &Refusal) -> Option<(u16, Value)> {
    let code = refusal.code();
    let is_missing = matches!(code, Code::NotFound | Code::NumberGone | Code::NumberReleased | Code::NotInSubAccount);
    match operation {
        "purchaseNumber" => match code {
            Code::NumberUnavailable | Code::NeverStocked | Code::NotFound | Code::ReservationInvalid => {
                flat(404, "not_found", "number not found in inventory")
            }
            _ => None,
        },
        "unrentNumber" if is_missing => flat(403, "forbidden", "account does not own this number"),
        "assignTrunk" | "unassignTrunk" => match (code, refusal) {
            (Code::NumberInUse, _) => flat(400, "invalid request", "This number is already assigned to a trunk."),
            (Code::BadRequest, _) => flat(400, "invalid request", "This is not a telephone number."),
            (Code::Validation, Refusal::Validation { errors }) if errors.iter().any(|error| error.field == "routeId") => {
                Some((404, json!({ "status": "error", "error": { "code": "TRUNK_NOT_FOUND", "message": "Trunk not found" } })))
            }
            _ if is_missing && operation == "assignTrunk" => flat(404, "Number not found", "The account has no such number."),
            _ if is_missing => flat(404, "Number not found", "The account has no such number on a trunk."),
            _ => None,
        },
        "assignSubAccount" if is_missing => flat(404, "not_found", "number or sub-account not found"),
        "unassignSubAccount" => match refusal {
            Refusal::DidCoolOffInEffect { cool_off_until, remaining_s } => Some((
                409,
                json!({
                    "error": code.name(),
                    "cool_off_until": cool_off_until.rfc3339(),
                    "cool_off_remaining_seconds": remaining_s,
                }),
            )),
            _ if code == Code::AdminRequired => flat(403, "forbidden", "force requires an admin account"),
            _ if is_missing => flat(404, "not_found", "number not assigned"),
            _ => None,
        },
        "getSubAccount" | "updateSubAccount" | "deleteSubAccount" if is_missing => flat(404, "not_found", "sub-account not found"),
        "listSubAccounts" | "createSubAccount" if is_missing => flat(404, "not_found", "main account not found"),
        "getBalance" if is_missing => flat(404, "not_found", "the account holds no balance in this currency"),
        _ => None,
    }
}

/// What is refused before a route is reached, whatever it is about.
fn of_gateway(refusal: &Refusal) -> Option<(u16, Value)> {
    let message = match refusal {
        Refusal::MissingScope { scope } => format!("Access denied: the key lacks the scope {scope}"),
        refusal => match refusal.code() {
            Code::Unauthenticated => String::from("Invalid token"),
            Code::WrongKeyKind | Code::RoleTooLow => String::from("Access denied: account ID mismatch"),
            Code::AdminRequired => String::from("Access denied: admin account required"),
            Code::NotFound => String::from("Not found"),
            Code::MethodNotAllowed => String::from("Method not allowed"),
            Code::UnknownHost => String::from("Unknown host"),
            _ => return None,
        },
    };
    let status = refusal.code().status();
    Some((status, json!({ "error": { "code": status, "message": message } })))
}

/// The general envelope.
#[derive(Serialize)]
struct General<'a> {
    status: &'static str,
    error: GeneralError,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(rename = "requestId")]
    request_id: &'a str,
}

#[derive(Serialize)]
struct GeneralError {
    code: String,
    message: String,
    #[serde(skip_serializing_if = "Details::is_empty")]
    details: Details,
}

/// The facts of a refusal by their names.
type Details = BTreeMap<&'static str, Detail>;

/// One of them. Amounts keep their digits: they never become a JSON value of the library, which would make floats of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Detail {
    Amount(Money),
    Number(i64),
    Text(String),
    Faults(Vec<FieldFault>),
}

#[derive(Serialize)]
struct FieldFault {
    field: String,
    message: String,
    code: &'static str,
}

impl From<&FieldError> for FieldFault {
    fn from(error: &FieldError) -> Self {
        let code = if RANGES.contains(&error.field.as_str()) { "OUT_OF_RANGE" } else { "INVALID_FORMAT" };
        Self { field: error.field.clone(), message: error.message.clone(), code }
    }
}

fn general(failure: &Failure<'_>) -> (u16, String) {
    let (status, code, mut details) = facts(&failure.refusal);
    if let (Refusal::InsufficientFunds { .. }, Some((state, _))) = (&failure.refusal, failure.asker) {
        details.insert("currency", Detail::Text(state.settings.currency.clone()));
    }
    let body = General {
        status: "error",
        error: GeneralError { code, message: message(&failure.refusal), details },
        timestamp: failure.asker.map(|(state, _)| state.now().rfc3339()),
        request_id: failure.incident,
    };
    (status, serde_json::to_string(&body).unwrap_or_default())
}

fn message(refusal: &Refusal) -> String {
    let code = refusal.code();
    match code {
        Code::MalformedJson | Code::PayloadTooLarge | Code::Internal | Code::Busy => code.title().to_owned(),
        code => format!("{} {}", code.title(), code.remedy()),
    }
}

/// Status, code and details. Where Vobiz has a name for it, that name; else ours in capitals (R44).
fn facts(refusal: &Refusal) -> (u16, String, Details) {
    let code = refusal.code();
    let named = |status: u16, name: &str, details: Vec<(&'static str, Detail)>| (status, name.to_owned(), Details::from_iter(details));
    let own = |status: u16, details| named(status, &code.name().to_uppercase(), details);
    let amount = |amount: &Micros| Detail::Amount(Money(*amount));
    let count = |count: &u32| Detail::Number(i64::from(*count));
    match refusal {
        Refusal::Validation { errors } => {
            named(422, "VALIDATION_ERROR", vec![("errors", Detail::Faults(errors.iter().map(FieldFault::from).collect()))])
        }
        Refusal::InsufficientFunds { required, available, shortfall } => {
            let details = vec![("required", amount(required)), ("available", amount(available)), ("shortfall", amount(shortfall))];
            named(402, "INSUFFICIENT_BALANCE", details)
        }
        // A budget is money that may not be spent: Vobiz's clients know 402 for that (R10).
        Refusal::BudgetExceeded { budget, committed, over } => {
            own(402, vec![("budget", amount(budget)), ("committed", amount(committed)), ("over", amount(over))])
        }
        Refusal::RateLimited { retry_after_s } => {
            let details = vec![("limitType", Detail::Text(String::from("requests"))), ("retryAfter", Detail::Number(*retry_after_s))];
            named(429, "RATE_LIMIT_EXCEEDED", details)
        }
        Refusal::SubAccountInUse { owned, recoverable, ordering } => {
            own(409, vec![("owned", count(owned)), ("recoverable", count(recoverable)), ("ordering", count(ordering))])
        }
        // Vobiz's clients know no purchase that is under way; asked again, they join it (R18).
        _ if code == Code::OrderInProgress => own(503, Vec::new()),
        _ if code == Code::AccountDisabled => named(403, "ACCOUNT_INACTIVE", Vec::new()),
        _ if code == Code::ReasonRequired => {
            let fault = FieldError::new("reason", "Use at most 500 characters.");
            named(422, "VALIDATION_ERROR", vec![("errors", Detail::Faults(vec![FieldFault::from(&fault)]))])
        }
        _ => own(code.status(), Vec::new()),
    }
}
