//! `/calls` and `/routing`: what the switch reports, and what it asks.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::calls::{self, CallQuery, Direction, ListedCall, Report, Reporter};
use crate::server::services::routing::{self, Hop, Routing};

/// Which way a call went.
const DIRECTIONS: Kind = Kind::Choice(&["inbound", "outbound"]);

pub fn group() -> Group {
    let routes = vec![
        Route::get("/calls", "listCalls", list)
            .scope(Scope::CallsRead)
            .holders(Holders::Any)
            .about("Lists reported calls, the latest start first; a key of the platform sees those of every organization."),
        Route::post("/calls", "reportCall", report)
            .scope(Scope::CallsWrite)
            .holders(Holders::OrganizationOrPlatform)
            .about("Reports a call; it moves the clock of the cool-off. The same call id again answers the same call.")
            .answers(&[200, 201])
            .refuses(&[Code::NotFound, Code::CallConflict]),
        Route::get("/routing/{e164}", "getRouting", route_of)
            .scope(Scope::RoutingRead)
            .holders(Holders::Any)
            .about("Says where a call to a number goes, and why nobody answers.")
            .refuses(&[Code::NotFound]),
    ];
    Group { name: "Calls", text: "A switch reports calls here and asks where they go.", routes }
}

/// A call that was reported.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Call)]
pub struct CallBody {
    /// Its id here.
    pub id: String,
    /// Its id at the switch.
    pub call_id: String,
    /// The number that was called or that called.
    pub e164: String,
    /// Its id.
    pub number_id: String,
    /// `inbound` or `outbound`.
    pub direction: &'static str,
    /// When it began.
    pub started_at: Instant,
    /// When it ended, where that was reported.
    #[schema(required)]
    pub ended_at: Option<Instant>,
    /// When it was reported.
    pub created_at: Instant,
}

impl From<ListedCall> for CallBody {
    fn from(listed: ListedCall) -> Self {
        let call = listed.call;
        Self {
            id: call.id,
            call_id: call.call_id,
            e164: listed.e164,
            number_id: call.ownership_id,
            direction: call.direction.name(),
            started_at: Instant(call.started_at),
            ended_at: call.ended_at.map(Instant),
            created_at: Instant(call.created_at),
        }
    }
}

impl Sample for CallBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-9000-7aaa-8bbb-0123456789ab"),
            call_id: String::from("switch-1-000417"),
            e164: String::from("+14155550123"),
            number_id: String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21"),
            direction: "inbound",
            started_at: Instant::sample(),
            ended_at: Some(Instant::sample()),
            created_at: Instant::sample(),
        }
    }
}

/// Something that a call is sent to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoutingHop)]
pub struct HopBody {
    /// `agent` or `route`.
    #[serde(rename = "type")]
    pub hop: &'static str,
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
    /// The kind of agent or route.
    pub kind: &'static str,
    /// Where to send the call; empty for `sip-reg`.
    pub destination: String,
    /// The published version of an agent.
    #[schema(required)]
    pub version: Option<u32>,
}

impl From<Hop> for HopBody {
    fn from(hop: Hop) -> Self {
        match hop {
            Hop::Agent(agent) => Self {
                hop: "agent",
                id: agent.id,
                name: agent.name,
                kind: agent.kind.name(),
                destination: agent.destination.unwrap_or_default(),
                version: agent.version,
            },
            Hop::Route(route) => Self {
                hop: "route",
                id: route.id,
                name: route.name,
                kind: route.kind.name(),
                destination: route.destination,
                version: None,
            },
        }
    }
}

/// Where a call goes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Routing)]
pub struct RoutingBody {
    /// The number.
    pub e164: String,
    /// The first one answers; the next ones are tried after it. Empty when nobody answers.
    pub hops: Vec<HopBody>,
    /// Why nobody answers: `released`, `suspended`, `unverified`, `no_published_version`, `nothing_set`; null when somebody does.
    #[schema(required)]
    pub reason: Option<&'static str>,
    /// The same for people.
    #[schema(required)]
    pub reason_text: Option<&'static str>,
    /// What is likely not meant: `no_published_version`.
    pub warnings: Vec<&'static str>,
}

impl From<Routing> for RoutingBody {
    fn from(routing: Routing) -> Self {
        Self {
            e164: routing.e164,
            hops: routing.hops.into_iter().map(HopBody::from).collect(),
            reason: routing.silence.map(|silence| silence.name()),
            reason_text: routing.silence.map(|silence| silence.text()),
            warnings: routing.warnings.into_iter().map(|warning| warning.name()).collect(),
        }
    }
}

impl Sample for RoutingBody {
    fn sample() -> Self {
        let hop = HopBody {
            hop: "agent",
            id: String::from("019ab3c0-2000-7ccc-8ddd-0123456789ab"),
            name: String::from("Front desk"),
            kind: "ai_voice",
            destination: String::from("sip:desk@voice.example"),
            version: Some(1),
        };
        Self { e164: String::from("+14155550123"), hops: vec![hop], reason: None, reason_text: None, warnings: Vec::new() }
    }
}

struct CallsQuery(CallQuery);

impl FromQuery for CallsQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("e164", Kind::Phone, "Only calls of that number."),
        Field::optional("direction", DIRECTIONS, "Only calls that went that way."),
        Field::optional("from", Kind::Time, "Only calls that began then or later."),
        Field::optional("until", Kind::Time, "Only calls that began before."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        Self(CallQuery {
            e164: values.text("e164"),
            direction: values.text("direction").and_then(|name| Direction::from_name(&name)),
            from: values.time("from"),
            until: values.time("until"),
            cursor: values.text("cursor"),
            limit: values.limit(),
        })
    }
}

struct ReportBody(Report);

impl FromBody for ReportBody {
    const FIELDS: &'static [Field] = &[
        Field::required("callId", Kind::Text(128), "The switch's own id of the call, unique among the keys of one owner.")
            .like("\"switch-1-000417\""),
        Field::required("e164", Kind::Phone, "The number that was called or that called.").like("\"+14155550123\""),
        Field::required("direction", DIRECTIONS, "Which way it went.").like("\"inbound\""),
        Field::required("startedAt", Kind::Time, "When it began; at most a minute ahead of our clock.").like("\"2026-11-22T11:30:00Z\""),
        Field::optional("endedAt", Kind::Time, "When it ended.").or_null(),
    ];

    fn read(values: &Values) -> Self {
        Self(Report {
            call_id: values.required("callId"),
            e164: values.required("e164"),
            // Both are required, and the words of the first were checked.
            direction: values.text("direction").and_then(|name| Direction::from_name(&name)).unwrap_or(Direction::Inbound),
            started_at: values.time("startedAt").unwrap_or(Timestamp::from_micros(0)),
            ended_at: values.time("endedAt"),
        })
    }
}

async fn list(call: Call, Query(CallsQuery(query)): Query<CallsQuery>) -> Result<Page<CallBody>> {
    Ok(Page::of(query.limit, calls::list(&call.state, &call.caller, &query).await?))
}

async fn report(call: Call, Body(ReportBody(report)): Body<ReportBody>) -> Result<Reply<CallBody>> {
    let reported = calls::report(&call.state, &Reporter::of_key(&call.caller), &report).await?;
    let body = CallBody::from(ListedCall { call: reported.call, e164: reported.e164 });
    Ok(if reported.new { Reply::made(body) } else { Reply::of(body) })
}

async fn route_of(call: Call) -> Result<Reply<RoutingBody>> {
    let caller = Some(&call.caller).filter(|caller| !caller.organization_id.is_empty());
    Ok(Reply::of(routing::look_up(&call.state, caller, call.path("e164")).await?.into()))
}
