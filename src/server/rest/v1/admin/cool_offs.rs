//! Cool-offs in effect, and ending one by force.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::services::cool_offs::{self, OwnedNumber, Running};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/cool-offs", "listCoolOffs", list)
            .scope(Scope::AdminRead)
            .about("Lists the cool-offs in effect in all organizations, soonest end first."),
        Route::post("/admin/cool-offs/{id}/force", "forceCoolOff", force)
            .scope(Scope::AdminOverride)
            .about("Takes a number back from its sub-account, whatever its cool-off; the lock still holds.")
            .refuses(&[
                Code::NotFound,
                Code::NotInSubAccount,
                Code::NumberGone,
                Code::NumberLocked,
                Code::NumberReleased,
                Code::ReasonRequired,
            ]),
    ]
}

/// A number whose cool-off runs.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CoolOff)]
pub struct CoolOffBody {
    /// The number's id.
    pub id: String,
    /// The number.
    pub e164: String,
    /// The organization that owns it.
    pub organization: String,
    /// The sub-account that it is in.
    pub sub_account: String,
    /// The agent that answers it.
    #[schema(required)]
    pub agent: Option<String>,
    /// It cannot be taken back, by force neither.
    pub locked: bool,
    /// The start of its latest call.
    pub last_call_at: Instant,
    /// When it ends.
    pub cool_off_until: Instant,
    /// Seconds until then.
    pub cool_off_remaining_seconds: i64,
}

impl From<Running> for CoolOffBody {
    fn from(running: Running) -> Self {
        let number = running.number;
        Self {
            id: number.id,
            e164: number.e164,
            organization: number.organization_name,
            sub_account: number.sub_account_name,
            agent: number.agent_name,
            locked: number.locked,
            last_call_at: Instant(number.last_call_at),
            cool_off_until: Instant(running.clock.until),
            cool_off_remaining_seconds: running.clock.remaining_s,
        }
    }
}

impl Sample for CoolOffBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21"),
            e164: String::from("+14155550123"),
            organization: String::from("Brightline"),
            sub_account: String::from("Harbor Dental"),
            agent: Some(String::from("Reception")),
            locked: false,
            last_call_at: Instant::sample(),
            cool_off_until: Instant::sample(),
            cool_off_remaining_seconds: 86_400,
        }
    }
}

/// A number after it was taken back.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TakenBack)]
pub struct TakenBackBody {
    /// Its id.
    pub id: String,
    /// The number.
    pub e164: String,
    /// Who owns it.
    pub organization_id: String,
    /// Null: it is in the pool.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// `available`: it has no agent.
    pub status: &'static str,
}

impl From<OwnedNumber> for TakenBackBody {
    fn from(number: OwnedNumber) -> Self {
        Self {
            status: number.status.name(),
            id: number.id,
            e164: number.e164,
            organization_id: number.organization_id,
            sub_account_id: number.sub_account_id,
        }
    }
}

impl Sample for TakenBackBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21"),
            e164: String::from("+14155550123"),
            organization_id: String::from("019ab3c0-1000-7aaa-8bbb-0123456789ab"),
            sub_account_id: None,
            status: "available",
        }
    }
}

struct CoolOffQuery {
    q: String,
    limit: usize,
    cursor: Option<String>,
}

impl FromQuery for CoolOffQuery {
    const PARAMETERS: &'static [Field] =
        &[Field::optional("q", Kind::Text(100), "A number, or part of the name of an organization or sub-account."), LIMIT, CURSOR];

    fn read(values: &Values) -> Self {
        Self { q: values.required("q"), limit: values.limit(), cursor: values.text("cursor") }
    }
}

struct ForceBody {
    reason: Option<String>,
}

impl FromBody for ForceBody {
    const FIELDS: &'static [Field] =
        &[Field::required("reason", Kind::Reason, "Why, in 10 to 500 characters.").like("\"The customer asked us in writing.\"")];

    fn read(values: &Values) -> Self {
        Self { reason: values.text("reason") }
    }
}

async fn list(call: Call, Query(query): Query<CoolOffQuery>) -> Result<Page<CoolOffBody>> {
    Ok(Page::of(query.limit, cool_offs::page(&call.state, &query.q, query.limit, query.cursor.as_deref()).await?))
}

async fn force(call: Call, Body(body): Body<ForceBody>) -> Result<Reply<TakenBackBody>> {
    let number = cool_offs::force_by_key(&call.state, &call.caller, call.path("id"), body.reason.as_deref()).await?;
    Ok(Reply::of(number.into()))
}
