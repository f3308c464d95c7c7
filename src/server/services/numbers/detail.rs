//! One number, whole: the chain of who answers, its clocks, its history, and what each button would say.

use super::show::route_destination;
use super::{Clock, Line, agent_detail, line, own};
use crate::domain::code::Code;
use crate::domain::number::TargetSubAccount;
use crate::domain::refusal::Refusal;
use crate::domain::rental::period_due;
use crate::domain::time::Timestamp;
use crate::server::config::Settings;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::services::caller::{Caller, NO_SUB_ACCOUNT};
use crate::server::services::cool_offs;
use crate::server::services::routing::{self, Hop, Routing};
use crate::server::services::timeline::{self, Entry};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::agents::ListedAgent;
use crate::server::store::numbers::{ListedNumber, OwnedNumber, RouteBrief};
use crate::server::store::routes::Route;
use crate::server::store::sub_accounts::SubAccount;

/// Lines of history on the page.
const TIMELINE: i64 = 200;
/// Routes that a number can be given on its page.
const ROUTES: i64 = 100;
/// Days in which calls are counted.
const CALL_DAYS: usize = 30;

/// One jack of the chain of who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `call_to`, `agent`, `primary`, `failover`.
    pub role: &'static str,
    pub name: String,
    pub detail: String,
    /// The one that answers now.
    pub lit: bool,
    pub set: bool,
}

/// Everything on a number's page.
#[derive(Debug, Clone)]
pub struct NumberPage {
    pub now: Timestamp,
    pub line: Line,
    pub chain: Vec<Link>,
    /// Why nobody answers, in words.
    pub nobody_because: Option<&'static str>,
    pub rental: Option<Clock>,
    /// Known as soon as the number is released.
    pub aging: Option<Clock>,
    /// Calls of each of the last [`CALL_DAYS`] days of 24 hours, the earliest first.
    pub calls_by_day: Vec<u64>,
    pub timeline: Vec<Entry>,
    /// Those that the number could be assigned to.
    pub agents: Vec<ListedAgent>,
    /// Those that take numbers.
    pub sub_accounts: Vec<SubAccount>,
    /// Those that it could have, by name.
    pub routes: Vec<Route>,
    pub release_refused: Option<Refusal>,
    pub take_back_refused: Option<Refusal>,
    pub hand_over_refused: Option<Refusal>,
}

/// One number of the caller.
///
/// # Errors
/// `not_found`, and `number_gone` once it has left.
pub async fn page(state: &AppState, caller: &Caller, key: &str) -> Result<NumberPage> {
    let now = state.now();
    let settings = &state.settings;
    let mut connection = state.db.read().await?;
    let number = own(&mut connection, caller, key).await?;
    if number.is_gone() {
        return Err(Code::NumberGone.into());
    }
    let listed = store::numbers::listed(&mut connection, &number.id).await?.ok_or(Code::NotFound)?;
    let calls_by_day = store::calls::by_day(&mut connection, &number.id, now.plus_days(-(CALL_DAYS as i64)), CALL_DAYS).await?;
    let events = store::events::of_ownership(&mut connection, &number.id, TIMELINE).await?;
    let agents = store::agents::list(&mut connection, &caller.organization_id, caller.sub_account_id.as_deref()).await?;
    let after = cool_offs::running_after(now, settings.cool_off_days);
    let sub_accounts = store::sub_accounts::list(&mut connection, &caller.organization_id, caller.sub_account_id.as_deref(), after).await?;
    let tags = store::numbers::tags(&mut connection, &number.id).await?;
    let place = caller.place(Some(number.sub_account_id.as_deref().unwrap_or(NO_SUB_ACCOUNT)));
    let routes = store::routes::page(&mut connection, &place, None, ROUTES).await?;
    let routing = routing::decide(&listed);
    let facts = number.facts();
    let anyone = TargetSubAccount { id: String::new(), disabled: false };
    Ok(NumberPage {
        now,
        chain: chain(&listed, &routing, calls_by_day.iter().sum()),
        nobody_because: routing.silence.map(routing::Silence::text),
        rental: rental(&number, now),
        aging: aging(&number, settings, now),
        calls_by_day,
        timeline: events.iter().map(|event| timeline::entry(event, &settings.currency)).collect(),
        agents: agents.into_iter().filter(|listed| listed.agent.sub_account_id == number.sub_account_id).collect(),
        sub_accounts: sub_accounts.into_iter().map(|listed| listed.sub_account).filter(|sub_account| !sub_account.disabled).collect(),
        routes,
        release_refused: facts.may_release().err(),
        take_back_refused: facts.may_take_back(now, settings.cool_off_days, false).err(),
        hand_over_refused: facts.may_hand_over(Some(&anyone)).err(),
        line: line(listed, tags, settings, now),
    })
}

fn chain(listed: &ListedNumber, routing: &Routing, calls: u64) -> Vec<Link> {
    let first = routing.hops.first();
    let calls = match calls {
        0 => format!("No call in {CALL_DAYS} days"),
        1 => format!("1 call in {CALL_DAYS} days"),
        calls => format!("{calls} calls in {CALL_DAYS} days"),
    };
    let call_to = Link { role: "call_to", name: phone::formatted(&listed.number.e164), detail: calls, lit: false, set: true };
    let agent = match &listed.agent {
        Some(agent) => Link {
            role: "agent",
            name: agent.name.clone(),
            detail: agent_detail(agent),
            lit: matches!(first, Some(Hop::Agent(_))),
            set: true,
        },
        None => unset("agent", "No agent"),
    };
    let answers = |route: &RouteBrief| matches!(first, Some(Hop::Route(hop)) if hop.id == route.id);
    let primary = match &listed.primary {
        Some(route) => jack("primary", route, "if no agent is published", answers(route)),
        None => unset("primary", "Not set"),
    };
    let failover = match &listed.failover {
        Some(route) => jack("failover", route, "if the primary does not connect", answers(route) && listed.primary.is_none()),
        None => unset("failover", "Not set"),
    };
    vec![call_to, agent, primary, failover]
}

fn jack(role: &'static str, route: &RouteBrief, when: &str, lit: bool) -> Link {
    Link { role, name: route_destination(route), detail: format!("{}, {when}", route.kind.text()), lit, set: true }
}

fn unset(role: &'static str, name: &str) -> Link {
    Link { role, name: name.to_owned(), detail: String::new(), lit: false, set: false }
}

/// The paid month. While rental is unpaid it is over, with nothing left.
fn rental(number: &OwnedNumber, now: Timestamp) -> Option<Clock> {
    if number.is_released() {
        return None;
    }
    let (anchor, until) = (number.anchor_at?, number.next_billing_at?);
    let from = period_due(anchor, number.periods_charged.saturating_sub(1));
    Some(clock(from, until, now))
}

/// The aging that a release leads to: from the end of the recovery window.
fn aging(number: &OwnedNumber, settings: &Settings, now: Timestamp) -> Option<Clock> {
    let from = number.recoverable_until.filter(|_| number.is_released())?;
    let bought = number.anchor_at.is_some();
    bought.then(|| clock(from, number.aging_until.unwrap_or_else(|| from.plus_days(settings.aging_days)), now))
}

fn clock(from: Timestamp, until: Timestamp, now: Timestamp) -> Clock {
    let length_days = from.seconds_until(until) / crate::domain::time::SECONDS_PER_DAY;
    Clock { from, until, length_days: u16::try_from(length_days).unwrap_or_default(), remaining_s: now.seconds_until(until).max(0) }
}
