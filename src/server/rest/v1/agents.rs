//! `/agents`: who answers calls, with drafts and published versions.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{ListQuery, PlaceQuery, Query};
use crate::server::rest::table::{Group, Route};
use crate::server::services::agents::{self, Agent, AgentChange, AgentInput, AgentVersion};

/// What an agent can be.
const KINDS: Kind = Kind::Choice(&["ai_voice", "call_centre", "person"]);

pub fn group() -> Group {
    let routes = vec![
        Route::get("/agents", "listAgents", list).scope(Scope::AgentsRead).about("Lists the agents by name."),
        Route::post("/agents", "createAgent", create)
            .scope(Scope::AgentsWrite)
            .about("Makes an agent, as a draft or published at once.")
            .answers(&[201])
            .refuses(&[Code::NotFound]),
        Route::get("/agents/{id}", "getAgent", get).scope(Scope::AgentsRead).about("Reads one agent.").refuses(&[Code::NotFound]),
        Route::patch("/agents/{id}", "editAgent", edit)
            .scope(Scope::AgentsWrite)
            .about("Changes name, kind and draft; calls go on to the published version.")
            .refuses(&[Code::NotFound]),
        Route::delete("/agents/{id}", "deleteAgent", delete)
            .scope(Scope::AgentsWrite)
            .about("Deletes an agent; the numbers that it answered become available.")
            .refuses(&[Code::NotFound]),
        Route::post("/agents/{id}/publish", "publishAgent", publish)
            .scope(Scope::AgentsWrite)
            .about("Publishes the draft as the next version; a draft that is published already changes nothing.")
            .refuses(&[Code::NotFound]),
        Route::get("/agents/{id}/versions", "listAgentVersions", versions)
            .scope(Scope::AgentsRead)
            .about("Lists the published versions, newest first.")
            .refuses(&[Code::NotFound]),
        Route::post("/agents/{id}/rollback", "rollBackAgent", roll_back)
            .scope(Scope::AgentsWrite)
            .about("Lets calls go to a version that was published before; the draft stays.")
            .refuses(&[Code::NotFound]),
    ];
    Group { name: "Agents", text: "An agent answers calls once a version of it is published.", routes }
}

/// An agent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Agent)]
pub struct AgentBody {
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
    /// `ai_voice`, `call_centre` or `person`.
    pub kind: &'static str,
    /// The sub-account that it is in; it answers numbers of its own place only. Null in the pool.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// The draft: where calls go once it is published.
    pub destination: String,
    /// The version that answers; null while there is only a draft.
    #[schema(required)]
    pub published_version: Option<u32>,
    /// Where calls go now.
    #[schema(required)]
    pub published_destination: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Agent> for AgentBody {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            name: agent.name,
            kind: agent.kind.name(),
            sub_account_id: agent.sub_account_id,
            destination: agent.draft_destination,
            published_version: agent.published_version,
            published_destination: agent.published_destination,
            created_at: Instant(agent.created_at),
            updated_at: Instant(agent.updated_at),
        }
    }
}

impl Sample for AgentBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-2000-7ccc-8ddd-0123456789ab"),
            name: String::from("Front desk"),
            kind: "ai_voice",
            sub_account_id: None,
            destination: String::from("sip:desk@voice.example"),
            published_version: Some(1),
            published_destination: Some(String::from("sip:desk@voice.example")),
            created_at: Instant::sample(),
            updated_at: Instant::sample(),
        }
    }
}

/// A published version of an agent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AgentVersion)]
pub struct VersionBody {
    /// Its number, counted from 1.
    pub version: u32,
    /// Where calls go with it.
    pub destination: String,
    /// Calls go there now.
    pub current: bool,
    /// Who published it.
    pub published_by: String,
    /// When it was published.
    pub created_at: Instant,
}

impl VersionBody {
    fn new(version: AgentVersion, current: Option<u32>) -> Self {
        Self {
            current: current == Some(version.version),
            version: version.version,
            destination: version.destination,
            published_by: version.published_by,
            created_at: Instant(version.created_at),
        }
    }
}

impl Sample for VersionBody {
    fn sample() -> Self {
        Self {
            version: 1,
            destination: String::from("sip:desk@voice.example"),
            current: true,
            published_by: String::from("Mara Chen"),
            created_at: Instant::sample(),
        }
    }
}

struct CreateBody {
    input: AgentInput,
    sub_account_id: Option<String>,
    publish: bool,
}

impl FromBody for CreateBody {
    const FIELDS: &'static [Field] = &[
        Field::required("name", Kind::Text(80), "For people.").like("\"Front desk\""),
        Field::required("kind", KINDS, "What answers.").like("\"ai_voice\""),
        Field::required("destination", Kind::Text(256), "A SIP address, a number, or an https webhook.").like("\"sip:desk@voice.example\""),
        Field::optional("subAccountId", Kind::Text(64), "The sub-account that it shall be in; the pool when it is not given.").or_null(),
        Field::optional("publish", Kind::Flag, "Publishes it at once.").like("true"),
    ];

    fn read(values: &Values) -> Self {
        Self {
            input: AgentInput { name: values.required("name"), kind: values.required("kind"), destination: values.required("destination") },
            sub_account_id: values.text("subAccountId"),
            publish: values.flag("publish").unwrap_or_default(),
        }
    }
}

struct EditBody(AgentChange);

impl FromBody for EditBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("name", Kind::Text(80), "For people.").like("\"Front desk\""),
        Field::optional("kind", KINDS, "What answers."),
        Field::optional("destination", Kind::Text(256), "The draft: a SIP address, a number, or an https webhook."),
    ];

    fn read(values: &Values) -> Self {
        Self(AgentChange { name: values.text("name"), kind: values.text("kind"), destination: values.text("destination") })
    }
}

struct RollbackBody {
    version: u32,
}

impl FromBody for RollbackBody {
    const FIELDS: &'static [Field] = &[Field::required("version", Kind::Integer(1, 1_000_000), "The version that shall answer.").like("1")];

    fn read(values: &Values) -> Self {
        Self { version: values.integer("version").and_then(|version| u32::try_from(version).ok()).unwrap_or_default() }
    }
}

async fn list(call: Call, Query(query): Query<PlaceQuery>) -> Result<Page<AgentBody>> {
    let found = agents::page(&call.state, &call.caller, query.sub_account_id.as_deref(), query.limit, query.cursor.as_deref()).await?;
    Ok(Page::of(query.limit, found))
}

async fn create(call: Call, Body(body): Body<CreateBody>) -> Result<Reply<AgentBody>> {
    let agent = agents::create(&call.state, &call.caller, &body.input, body.sub_account_id.as_deref(), body.publish).await?;
    Ok(Reply::created(&format!("/agents/{}", agent.id), agent.into()))
}

async fn get(call: Call) -> Result<Reply<AgentBody>> {
    Ok(Reply::of(agents::get(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn edit(call: Call, Body(EditBody(change)): Body<EditBody>) -> Result<Reply<AgentBody>> {
    Ok(Reply::of(agents::change(&call.state, &call.caller, call.path("id"), &change).await?.into()))
}

async fn delete(call: Call) -> Result<Reply<AgentBody>> {
    let deleted = agents::delete(&call.state, &call.caller, call.path("id")).await?;
    let freed = deleted.freed.len();
    Ok(Reply::of(deleted.agent.into()).saying(format!("Numbers that became available: {freed}.")))
}

async fn publish(call: Call) -> Result<Reply<AgentBody>> {
    Ok(Reply::of(agents::publish(&call.state, &call.caller, call.path("id")).await?.into()))
}

async fn versions(call: Call, Query(query): Query<ListQuery>) -> Result<Page<VersionBody>> {
    let (agent, found) = agents::versions(&call.state, &call.caller, call.path("id"), query.limit, query.cursor.as_deref()).await?;
    let pagination = Pagination::new(query.limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(|version| VersionBody::new(version, agent.published_version)).collect(), pagination))
}

async fn roll_back(call: Call, Body(body): Body<RollbackBody>) -> Result<Reply<AgentBody>> {
    Ok(Reply::of(agents::roll_back(&call.state, &call.caller, call.path("id"), body.version).await?.into()))
}
