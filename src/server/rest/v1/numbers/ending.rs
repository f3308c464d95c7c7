//! Releasing a number, what that would mean, undoing it, and a number's history.

use serde::Serialize;
use utoipa::ToSchema;

use super::shape::NumberBody;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Instant, Money, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::releasing::{self, Preview};
use crate::server::services::timeline::{self, Entry};
use crate::server::services::{caller::Caller, numbers};
use crate::server::state::AppState;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/numbers/{id}/release-preview", "previewRelease", preview)
            .scope(Scope::NumbersRead)
            .about("Says what a release would stop and cost, without doing it.")
            .refuses(&[Code::NotFound, Code::NumberGone]),
        Route::delete("/numbers/{id}", "releaseNumber", release)
            .scope(Scope::NumbersWrite)
            .about("Releases a number: its rental ends at once, and for a while it can be restored. Again, nothing happens.")
            .refuses(&[Code::NotFound, Code::NumberGone, Code::NumberInSubAccount, Code::NumberLocked, Code::RoleTooLow]),
        Route::post("/numbers/{id}/restore", "restoreNumber", restore)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about("Undoes a release while that is possible; a month that came due in between is charged.")
            .refuses(&[Code::InsufficientFunds, Code::NotFound, Code::NumberGone, Code::NotReleased, Code::RestoreTooLate]),
        Route::get("/numbers/{id}/events", "listNumberEvents", events)
            .scope(Scope::NumbersRead)
            .about("Lists what happened to a number, the latest first.")
            .refuses(&[Code::NotFound, Code::NumberGone]),
    ]
}

/// What a release would mean.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReleasePreview)]
pub struct PreviewBody {
    /// The number's id.
    pub id: String,
    /// The number.
    pub e164: String,
    /// What stops working, one sentence each.
    pub stops: Vec<String>,
    /// The end of the paid month, which is not refunded.
    #[schema(required)]
    pub paid_until: Option<Instant>,
    /// Until then it could be restored.
    pub recoverable_until: Instant,
    /// From then on anybody could have it; null for a number that was brought along.
    #[schema(required)]
    pub aging_until: Option<Instant>,
    /// The code with which a release would be refused now.
    #[schema(required)]
    pub refused: Option<&'static str>,
}

impl From<Preview> for PreviewBody {
    fn from(preview: Preview) -> Self {
        Self {
            id: preview.number.id,
            e164: preview.number.e164,
            stops: preview.stops,
            paid_until: preview.paid_until.map(Instant),
            recoverable_until: Instant(preview.recoverable_until),
            aging_until: preview.aging_until.map(Instant),
            refused: preview.refusal.map(|refusal| refusal.code().name()),
        }
    }
}

impl Sample for PreviewBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21"),
            e164: String::from("+14155550123"),
            stops: vec![String::from("Front desk no longer answers it.")],
            paid_until: Some(Instant::sample()),
            recoverable_until: Instant::sample(),
            aging_until: Some(Instant::sample()),
            refused: None,
        }
    }
}

/// A number that was released.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReleasedNumber)]
pub struct ReleasedBody {
    /// The number as it is now.
    #[serde(flatten)]
    pub number: NumberBody,
    /// From then on anybody can have it; null for a number that was brought along.
    #[schema(required)]
    pub aging_until: Option<Instant>,
    /// When its rental ended; null where none was due.
    #[schema(required)]
    pub rental_ends_at: Option<Instant>,
}

impl Sample for ReleasedBody {
    fn sample() -> Self {
        let number = NumberBody {
            status: "released",
            default_agent_id: None,
            recoverable_until: Some(Instant::sample()),
            next_billing_at: None,
            ..NumberBody::sample()
        };
        Self { number, aging_until: Some(Instant::sample()), rental_ends_at: Some(Instant::sample()) }
    }
}

/// A number that was restored.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RestoredNumber)]
pub struct RestoredBody {
    /// The number as it is now.
    #[serde(flatten)]
    pub number: NumberBody,
    /// What no longer exists: `agent`, `primary route`, `failover route`, `sub-account`.
    pub not_restored: Vec<&'static str>,
    /// The month that came due while it was released.
    #[schema(required)]
    pub charged: Option<Money>,
}

impl Sample for RestoredBody {
    fn sample() -> Self {
        Self { number: NumberBody::sample(), not_restored: vec!["failover route"], charged: Some(Money(Micros(1_250_000))) }
    }
}

/// Something that happened to a number.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NumberEvent)]
pub struct EventBody {
    /// Its id.
    pub id: String,
    /// Its place among all events of the installation.
    pub sequence: i64,
    /// What happened, such as `number.assigned`.
    pub kind: &'static str,
    /// The same for people.
    pub title: String,
    /// What is worth knowing besides; may be empty.
    pub detail: String,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Instant,
}

impl Sample for EventBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-9000-7222-8333-0123456789ab"),
            sequence: 42,
            kind: "number.assigned",
            title: String::from("Assigned to Front desk v3"),
            detail: String::new(),
            actor: String::from("Deploy key"),
            at: Instant::sample(),
        }
    }
}

async fn preview(call: Call) -> Result<Reply<PreviewBody>> {
    Ok(Reply::of(releasing::preview(&call.state, &call.caller, call.path("id")).await?.into()))
}

struct ReleaseQuery {
    finally: bool,
}

impl FromQuery for ReleaseQuery {
    const PARAMETERS: &'static [Field] =
        &[Field::optional("final", Kind::Flag, "True skips the time in which it could be restored; only for keys of the organization.")];

    fn read(values: &Values) -> Self {
        Self { finally: values.flag("final") == Some(true) }
    }
}

async fn release(call: Call, Query(query): Query<ReleaseQuery>) -> Result<Reply<ReleasedBody>> {
    let (state, caller, id) = (&call.state, &call.caller, call.path("id"));
    let number = if query.finally {
        releasing::release_finally(state, caller, id, None).await?
    } else {
        releasing::release(state, caller, id, None).await?
    };
    Ok(Reply::of(ReleasedBody {
        aging_until: releasing::aging_of(&state.settings, &number).map(Instant),
        rental_ends_at: number.released_at.filter(|_| number.anchor_at.is_some()).map(Instant),
        number: now(state, caller, &number.id).await?,
    }))
}

async fn now(state: &AppState, caller: &Caller, id: &str) -> Result<NumberBody> {
    Ok(numbers::record(state, caller, id).await?.into())
}

async fn restore(call: Call) -> Result<Reply<RestoredBody>> {
    let restored = releasing::restore(&call.state, &call.caller, call.path("id")).await?;
    Ok(Reply::of(RestoredBody {
        number: now(&call.state, &call.caller, &restored.number.id).await?,
        not_restored: restored.not_restored,
        charged: restored.charged.map(Money),
    }))
}

struct EventQuery {
    cursor: Option<String>,
    limit: usize,
}

impl FromQuery for EventQuery {
    const PARAMETERS: &'static [Field] = &[LIMIT, CURSOR];

    fn read(values: &Values) -> Self {
        Self { cursor: values.text("cursor"), limit: values.limit() }
    }
}

async fn events(call: Call, Query(query): Query<EventQuery>) -> Result<Page<EventBody>> {
    let found = timeline::history(&call.state, &call.caller, call.path("id"), query.cursor.as_deref(), query.limit).await?;
    let shown = |(event, entry): (crate::server::services::timeline::Event, Entry)| EventBody {
        id: event.id,
        sequence: event.sequence,
        kind: event.kind.name(),
        title: entry.title,
        detail: entry.detail,
        actor: event.actor,
        at: Instant(event.at),
    };
    let pagination = Pagination::new(query.limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(shown).collect(), pagination))
}
