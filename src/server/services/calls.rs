//! Calls as the switch reports them. A call moves the clock of the cool-off forward, never back; reporting it again changes nothing.

use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::cursor::{self, Found};
use super::recorder::Recorder;
use super::routing::{self, Hop};
use crate::domain::audit::{Actor, Channel, EventKind};
use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::calls::{Call, CallFilter};
pub use crate::server::store::calls::{Direction, ListedCall};
use crate::server::store::numbers::OwnedNumber;

/// Letters of a call id.
const LONGEST_CALL_ID: usize = 128;
/// How far a switch's clock may be ahead of ours.
const CLOCK_SKEW_S: i64 = 60;

/// Who reports.
#[derive(Debug, Clone)]
pub enum Reporter {
    /// The installation's own switch, with a platform key: calls of every number.
    Platform { actor: Actor, channel: Channel },
    /// An organization with a key of its own: calls of its own numbers.
    Organization(Caller),
}

/// A call as it is reported.
#[derive(Debug, Clone)]
pub struct Report {
    pub call_id: String,
    pub e164: String,
    pub direction: Direction,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// What came of a report.
#[derive(Debug, Clone)]
pub struct Reported {
    pub call: Call,
    /// The number.
    pub e164: String,
    /// False when the same call was reported before.
    pub new: bool,
    /// The latest start of a call in this ownership, after this report.
    pub last_call_at: Option<Timestamp>,
}

/// Which calls to list.
#[derive(Debug, Clone, Default)]
pub struct CallQuery {
    pub e164: Option<String>,
    pub direction: Option<Direction>,
    /// Calls that started then or later.
    pub from: Option<Timestamp>,
    /// Calls that started before.
    pub until: Option<Timestamp>,
    pub cursor: Option<String>,
    pub limit: usize,
}

/// A page of calls, the latest start first. A caller of a sub-account sees those of the numbers that are in it; one without an
/// organization, a key of the platform, sees all.
///
/// # Errors
/// `validation` for what is no number, and for a cursor that this list did not give.
pub async fn list(state: &AppState, caller: &Caller, query: &CallQuery) -> Result<Found<ListedCall>> {
    let after = cursor::decode_at(query.cursor.as_deref())?;
    let e164 = match &query.e164 {
        Some(text) => Some(phone::parse(text).map_err(|fault| Refusal::field("e164", fault.to_string()))?.as_str().to_owned()),
        None => None,
    };
    let filter = CallFilter {
        organization_id: Some(caller.organization_id.clone()).filter(|id| !id.is_empty()),
        sub_account_id: caller.sub_account_id.clone(),
        e164,
        direction: query.direction,
        from: query.from,
        until: query.until,
    };
    let mut connection = state.db.read().await?;
    let rows = store::calls::list(&mut connection, &filter, after.as_ref(), cursor::rows(query.limit)).await?;
    let total = store::calls::count(&mut connection, &filter).await?;
    let cursor_of = |row: &ListedCall| cursor::encode(&[&row.call.started_at.micros().to_string(), &row.call.id]);
    Ok(Found::new(rows, total, query.limit, cursor_of))
}

impl Reporter {
    /// Who reports with a key: without an organization it is the installation's own switch.
    #[must_use]
    pub fn of_key(caller: &Caller) -> Self {
        if caller.organization_id.is_empty() {
            Self::Platform { actor: caller.actor.clone(), channel: caller.channel }
        } else {
            Self::Organization(caller.clone())
        }
    }

    /// Call ids are unique among the keys of one owner (R13).
    fn key_owner(&self) -> &str {
        match self {
            Self::Platform { .. } => "platform",
            Self::Organization(caller) => &caller.organization_id,
        }
    }

    fn recorder(&self, state: &AppState) -> Recorder {
        match self {
            Self::Platform { actor, channel } => Recorder::of(state, actor.clone(), *channel),
            Self::Organization(caller) => Recorder::new(state, caller),
        }
    }
}

fn check(report: &Report, now: Timestamp) -> Result<Report> {
    let call_id = report.call_id.trim();
    let id_fits = (1..=LONGEST_CALL_ID).contains(&call_id.chars().count()) && !call_id.chars().any(char::is_control);
    let e164 = phone::parse(&report.e164).map_err(|fault| FieldError::new("e164", fault.to_string()));
    let errors: Vec<FieldError> = [
        (!id_fits).then(|| FieldError::new("callId", format!("A call id has 1 to {LONGEST_CALL_ID} letters."))),
        e164.as_ref().err().cloned(),
        (report.started_at > now.plus_seconds(CLOCK_SKEW_S)).then(|| FieldError::new("startedAt", "The call starts in the future.")),
        report.ended_at.is_some_and(|end| end < report.started_at).then(|| FieldError::new("endedAt", "The call ends before it starts.")),
    ]
    .into_iter()
    .flatten()
    .collect();
    match e164 {
        Ok(e164) if errors.is_empty() => Ok(Report { call_id: call_id.to_owned(), e164: e164.as_str().to_owned(), ..report.clone() }),
        _ => Err(Refusal::Validation { errors }.into()),
    }
}

/// Stores a call. One that started before the ownership is stored and moves no clock.
///
/// # Errors
/// `role_too_low` for a sub-account's keys, `validation`, `not_found` for a number that nobody, or somebody else, owns,
/// `call_conflict` for a call id that was reported with other data.
pub async fn report(state: &AppState, reporter: &Reporter, report: &Report) -> Result<Reported> {
    if let Reporter::Organization(caller) = reporter {
        super::moving::parent_only(caller)?;
    }
    let report = check(report, state.now())?;
    let recorder = reporter.recorder(state);
    let reporter = reporter.clone();
    let id = recorder.new_id();
    state
        .db
        .write(async move |connection| {
            let number = store::numbers::live_of_e164(connection, &report.e164).await?.ok_or(Code::NotFound)?;
            let foreign = matches!(&reporter, Reporter::Organization(caller) if caller.organization_id != number.organization_id);
            if foreign || number.is_gone() {
                return Err(Code::NotFound.into());
            }
            let call = Call {
                id: id.clone(),
                key_owner: reporter.key_owner().to_owned(),
                call_id: report.call_id.clone(),
                ownership_id: number.id.clone(),
                direction: report.direction,
                started_at: report.started_at,
                ended_at: report.ended_at,
                created_at: recorder.now(),
            };
            if let Some(known) = store::calls::find(connection, &call.key_owner, &call.call_id).await? {
                return repeated(known, &call, &number);
            }
            store::calls::insert(connection, &call).await?;
            let moved = call.started_at >= number.created_at && store::numbers::move_clock(connection, &number.id, call.started_at).await?;
            tell(connection, &recorder, &number, &call, moved).await?;
            let last_call_at = if moved { Some(call.started_at) } else { number.last_call_at };
            Ok::<_, Error>(Reported { call, e164: number.e164, new: true, last_call_at })
        })
        .await
}

fn repeated(known: Call, call: &Call, number: &OwnedNumber) -> Result<Reported> {
    let same = Call { id: known.id.clone(), created_at: known.created_at, ..call.clone() } == known;
    if !same {
        return Err(Code::CallConflict.into());
    }
    Ok(Reported { call: known, e164: number.e164.clone(), new: false, last_call_at: number.last_call_at })
}

/// The line of the timeline, at the instant at which the call began.
async fn tell(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber, call: &Call, moved: bool) -> Result<()> {
    let listed = store::numbers::listed(connection, &number.id).await?;
    let answered_by = match listed.map(|listed| routing::decide(&listed)).and_then(|routing| routing.hops.into_iter().next()) {
        Some(Hop::Agent(agent)) if call.direction == Direction::Inbound => Some(agent.name),
        _ => None,
    };
    let data = json!({
        "callId": call.call_id,
        "direction": call.direction.name(),
        "durationSeconds": call.ended_at.map(|end| call.started_at.seconds_until(end)),
        "agentName": answered_by,
        // The clock matters only where the number could be taken back.
        "clockMoved": moved && number.sub_account_id.is_some(),
    });
    recorder.event_at(connection, number, EventKind::CallReported, data, call.started_at).await
}
