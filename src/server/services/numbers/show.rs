//! One number as every list shows it: which of its states apply, who answers it, and its clocks.

use sqlx::AnyConnection;

use crate::domain::answering::RouteKind;
use crate::domain::number::{BillingState, Source};
use crate::domain::time::Timestamp;
use crate::server::config::Settings;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::services::cool_offs;
use crate::server::services::routing::{self, Hop, Routing};
use crate::server::store;
use crate::server::store::numbers::{AgentBrief, ListedNumber, RouteBrief};

/// A clock in days. `remaining_s` is as of the instant that the answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub from: Timestamp,
    pub until: Timestamp,
    pub length_days: u16,
    pub remaining_s: i64,
}

/// What stands behind an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    Agent,
    Route,
}

/// Who answers, in the words of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub kind: AnswerKind,
    pub name: String,
    pub detail: String,
    /// An agent that answers now.
    pub lit: bool,
}

/// A number as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub listed: ListedNumber,
    /// Names of the states that apply, least urgent first.
    pub states: Vec<&'static str>,
    pub answer: Option<Answer>,
    pub cool_off: Option<Clock>,
    /// In alphabetical order.
    pub tags: Vec<String>,
}

/// Listed numbers as lists show them, with their tags.
pub async fn lines(connection: &mut AnyConnection, listed: Vec<ListedNumber>, settings: &Settings, now: Timestamp) -> Result<Vec<Line>> {
    let ids: Vec<&str> = listed.iter().map(|listed| listed.number.id.as_str()).collect();
    let mut tags = store::numbers::tags_of(connection, &ids).await?;
    let with_tags = |listed: ListedNumber| {
        let tags = tags.remove(&listed.number.id).unwrap_or_default();
        line(listed, tags, settings, now)
    };
    Ok(listed.into_iter().map(with_tags).collect())
}

/// A listed number with its states, its answer and its cool-off.
#[must_use]
pub fn line(listed: ListedNumber, tags: Vec<String>, settings: &Settings, now: Timestamp) -> Line {
    let routing = routing::decide(&listed);
    let number = &listed.number;
    // In the pool the clock stands for nothing: there is no sub-account to leave.
    let cool_off = match number.sub_account_id {
        Some(_) if !number.is_released() => cool_offs::clock(number.last_call_at, settings.cool_off_days, now),
        _ => None,
    };
    let states = states(&listed, &routing, cool_off.is_some());
    let answer = answer(&listed, &routing);
    Line { listed, states, answer, cool_off, tags }
}

fn states(listed: &ListedNumber, routing: &Routing, cooling_off: bool) -> Vec<&'static str> {
    let number = &listed.number;
    let live = !number.is_released();
    let placed = listed.agent.is_some() || number.sub_account_id.is_some();
    let silent_by_setting = matches!(routing.silence, Some(routing::Silence::NoPublishedVersion | routing::Silence::NothingSet));
    [
        (live && !placed && routing.hops.is_empty(), "free"),
        (live && !routing.hops.is_empty(), "answered"),
        (live && placed && silent_by_setting, "nobody_answers"),
        (number.locked, "locked"),
        (number.source == Source::Imported, "imported"),
        (live && !number.verified, "unverified"),
        (cooling_off, "cool_off"),
        (live && number.billing_state == BillingState::PastDue, "past_due"),
        (live && number.billing_state == BillingState::Suspended, "suspended"),
        (!live, "released"),
    ]
    .into_iter()
    .filter_map(|(applies, state)| applies.then_some(state))
    .collect()
}

fn answer(listed: &ListedNumber, routing: &Routing) -> Option<Answer> {
    let number = &listed.number;
    if number.is_released() {
        return None;
    }
    if let Some(agent) = &listed.agent {
        let lit = matches!(routing.hops.first(), Some(Hop::Agent(_)));
        let detail = match agent.version {
            Some(version) => format!("{}, v{version}", agent.kind.text()),
            None => String::from("draft, not published"),
        };
        return Some(Answer { kind: AnswerKind::Agent, name: agent.name.clone(), detail, lit });
    }
    let (name, route) = match (&listed.primary, &listed.failover) {
        (Some(route), _) => ("Primary route", route),
        (None, Some(route)) => ("Failover route", route),
        (None, None) => return None,
    };
    Some(Answer { kind: AnswerKind::Route, name: name.to_owned(), detail: route_destination(route), lit: false })
}

/// An agent in words: `AI voice agent, version 7`, or `Person, draft only`.
#[must_use]
pub fn agent_detail(agent: &AgentBrief) -> String {
    match agent.version {
        Some(version) => format!("{}, version {version}", agent.kind.text()),
        None => format!("{}, draft only", agent.kind.text()),
    }
}

/// Where a route leads, for people.
#[must_use]
pub fn route_destination(route: &RouteBrief) -> String {
    match route.kind {
        RouteKind::Number => phone::formatted(&route.destination),
        RouteKind::SipReg => route.kind.text().to_owned(),
        RouteKind::Host | RouteKind::Uri => route.destination.clone(),
    }
}
