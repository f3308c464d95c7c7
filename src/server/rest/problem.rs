//! Every failure as RFC 9457 `application/problem+json`: the code's own words from `domain::code`, and the typed facts of a refusal.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::dialect::Failure;
use super::envelope::{Instant, Money};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::server::phone;
use crate::server::services::inventory;
use crate::server::services::search::Seeker;

/// The media type of every failure.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// How a request without a key is told what to send. Bearer only: with Basic a browser would ask for a password and send it along from
/// then on.
pub const CHALLENGE: &str = "Bearer realm=\"Dialyard\"";
/// Look-alikes that a refusal offers.
const ALTERNATIVES: usize = 5;

/// One field that needs another value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemField {
    /// The field's or parameter's name.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A number that is free now and close to the one that cannot be had.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Alternative {
    /// The number.
    pub e164: String,
    /// For people.
    pub formatted: String,
    /// What makes it close.
    pub why: String,
    /// Its city.
    pub locality: String,
    /// Its state or province.
    pub region: String,
    /// To be paid once.
    pub setup_cost: Money,
    /// To be paid each month.
    pub monthly_cost: Money,
}

/// A failure. Members beside the first four are there for the codes that carry them.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `/problems/` and the code: what programs decide on.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, as one sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do next.
    pub detail: String,
    /// 422: the fields that need another value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// 402: what it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Money>,
    /// 402: what the wallet has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<Money>,
    /// 402: what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Money>,
    /// `number_unavailable`: sold, held, aging or taken. `reservation_invalid`: expired, released, consumed, other_number, unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// `number_unavailable`: when it will be free, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Instant>,
    /// `number_unavailable`: the caller owns it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by_you: Option<bool>,
    /// `number_unavailable`: the caller released it and may restore it until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_until: Option<Instant>,
    /// `number_unavailable`: numbers that are free now and close to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<Alternative>>,
    /// `price_changed`: the present setup cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_cost: Option<Money>,
    /// `price_changed`: the present monthly cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_cost: Option<Money>,
    /// `price_changed`: what was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_price: Option<Money>,
    /// `hold_limit_reached`: how many there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `extend_limit_reached`: from when on the hold may be extended; missing when it was extended as often as it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extendable_from: Option<Instant>,
    /// `did_cool_off_in_effect`: when it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cool_off_until: Option<Instant>,
    /// `did_cool_off_in_effect`: seconds until then, at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cool_off_remaining_seconds: Option<i64>,
    /// `budget_exceeded`: the budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// `budget_exceeded`: what is committed already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committed: Option<Money>,
    /// `budget_exceeded`: by how much it would be exceeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<Money>,
    /// `sub_account_in_use`: numbers in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned: Option<u32>,
    /// `sub_account_in_use`: released numbers that could be restored into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recoverable: Option<u32>,
    /// `sub_account_in_use`: orders for it that are under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordering: Option<u32>,
    /// `missing_scope`: the scope that the key lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// 500: what the operator finds the cause under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

impl Problem {
    /// A code without any facts.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self {
            kind: format!("/problems/{}", code.name()),
            title: title(code).to_owned(),
            status: code.status(),
            detail: detail(code).to_owned(),
            ..Self::default()
        }
    }

    /// A refusal with its facts, but without numbers to take instead: those have to be searched.
    #[must_use]
    pub fn of(refusal: &Refusal) -> Self {
        let problem = Self::plain(refusal.code());
        let money = |amount| Some(Money(amount));
        match refusal.clone() {
            Refusal::Validation { errors } => {
                let errors = errors.into_iter().map(|error| ProblemField { field: error.field, message: error.message });
                Self { errors: errors.collect(), ..problem }
            }
            Refusal::InsufficientFunds { required, available, shortfall } => {
                Self { required: money(required), available: money(available), shortfall: money(shortfall), ..problem }
            }
            Refusal::NumberUnavailable { reason, free_at, owned_by_you, restore_until, .. } => Self {
                reason: Some(reason.name()),
                free_at: free_at.map(Instant),
                owned_by_you: Some(owned_by_you),
                restore_until: restore_until.map(Instant),
                alternatives: Some(Vec::new()),
                ..problem
            },
            Refusal::ReservationInvalid { reason } => Self { reason: Some(reason.name()), ..problem },
            Refusal::PriceChanged { setup, monthly, max_price } => {
                Self { setup_cost: money(setup), monthly_cost: money(monthly), max_price: money(max_price), ..problem }
            }
            Refusal::HoldLimitReached { limit } => Self { limit: Some(limit), ..problem },
            Refusal::ExtendLimitReached { extendable_from } => Self { extendable_from: extendable_from.map(Instant), ..problem },
            Refusal::DidCoolOffInEffect { cool_off_until, remaining_s } => {
                Self { cool_off_until: Some(Instant(cool_off_until)), cool_off_remaining_seconds: Some(remaining_s), ..problem }
            }
            Refusal::BudgetExceeded { budget, committed, over } => {
                Self { budget: money(budget), committed: money(committed), over: money(over), ..problem }
            }
            Refusal::SubAccountInUse { owned, recoverable, ordering } => {
                Self { owned: Some(owned), recoverable: Some(recoverable), ordering: Some(ordering), ..problem }
            }
            Refusal::MissingScope { scope } => Self { scope: Some(scope), ..problem },
            Refusal::RateLimited { .. } | Refusal::Plain { .. } => problem,
        }
    }

    /// As an answer.
    #[must_use]
    pub fn respond(&self, retry_after_s: Option<i64>) -> Response {
        // A problem is plain data; were it ever not to be written, its status still tells what happened.
        let mut response = Response::new(Body::from(serde_json::to_string(self).unwrap_or_default()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == 401 {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        response
    }
}

/// A failure as an answer, with numbers to take instead of one that cannot be had.
pub async fn of(failure: Failure<'_>) -> Response {
    let Failure { refusal, incident, asker, .. } = failure;
    let mut problem = Problem::of(&refusal);
    problem.incident = (refusal.code() == Code::Internal).then(|| incident.to_owned());
    if let (Refusal::NumberUnavailable { e164, .. }, Some((state, caller))) = (&refusal, asker) {
        match inventory::look_alikes(state, Seeker::Caller(caller), e164, ALTERNATIVES).await {
            Ok(alike) => problem.alternatives = Some(alike.into_iter().map(Alternative::from).collect()),
            Err(error) => tracing::warn!(%error, "no alternatives were found"),
        }
    }
    problem.respond(retry_after_s(&refusal))
}

impl From<crate::server::search::alike::Alike> for Alternative {
    fn from(alike: crate::server::search::alike::Alike) -> Self {
        Self {
            formatted: phone::formatted(&alike.row.e164),
            e164: alike.row.e164,
            why: alike.why.to_owned(),
            locality: alike.row.locality,
            region: alike.row.administrative_area,
            setup_cost: Money(alike.row.setup),
            monthly_cost: Money(alike.row.monthly),
        }
    }
}

/// After how many seconds another try is worth it.
#[must_use]
pub fn retry_after_s(refusal: &Refusal) -> Option<i64> {
    match refusal {
        Refusal::RateLimited { retry_after_s } => Some(*retry_after_s),
        refusal => matches!(refusal.code(), Code::Busy | Code::RequestInProgress | Code::OrderInProgress)
            .then_some(1)
            .or_else(|| (refusal.code() == Code::CarrierUnavailable).then_some(30)),
    }
}

const fn title(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => "The request carries no key that is valid.",
        Code::RoleTooLow => "This key does not allow this.",
        code => code.title(),
    }
}

const fn detail(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => "Send a key: Authorization: Bearer dy_sk_…",
        Code::RoleTooLow => "Use a key of the organization itself.",
        code => code.remedy(),
    }
}
