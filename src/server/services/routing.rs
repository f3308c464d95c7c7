//! Where a call goes (R19): the published agent, else the primary route, then the failover; or why nobody answers.

use crate::domain::number::{BillingState, Warning};
use crate::server::error::Result;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::{AgentBrief, ListedNumber, RouteBrief};

use super::caller::Caller;
use crate::domain::code::Code;

/// Why nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The number is released.
    Released,
    /// The rental is unpaid for too long.
    Suspended,
    /// The import waits for the operator.
    Unverified,
    /// The agent has only a draft, and no route is set.
    NoPublishedVersion,
    /// Neither agent nor route is set.
    NothingSet,
}

impl Silence {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Suspended => "suspended",
            Self::Unverified => "unverified",
            Self::NoPublishedVersion => "no_published_version",
            Self::NothingSet => "nothing_set",
        }
    }

    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Released => "The number is released.",
            Self::Suspended => "Its rental is unpaid, so calls are stopped until the wallet is topped up.",
            Self::Unverified => "The operator has not verified the import yet.",
            Self::NoPublishedVersion => "Its agent has only a draft. Publish it, or set a route.",
            Self::NothingSet => "It has neither an agent nor a route.",
        }
    }
}

/// Something that a call is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hop {
    /// A published agent.
    Agent(AgentBrief),
    /// A route.
    Route(RouteBrief),
}

/// Where a call goes: the first hop answers, the next ones are tried after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    pub e164: String,
    pub hops: Vec<Hop>,
    /// Set when there is no hop.
    pub silence: Option<Silence>,
    pub warnings: Vec<Warning>,
}

/// Decides where calls to a number go.
#[must_use]
pub fn decide(listed: &ListedNumber) -> Routing {
    let number = &listed.number;
    let stopped = if number.is_released() || number.is_gone() {
        Some(Silence::Released)
    } else if number.billing_state == BillingState::Suspended {
        Some(Silence::Suspended)
    } else if !number.verified {
        Some(Silence::Unverified)
    } else {
        None
    };
    let draft_only = listed.agent.as_ref().is_some_and(|agent| agent.version.is_none());
    let warnings = if draft_only { vec![Warning::NoPublishedVersion] } else { Vec::new() };
    if stopped.is_some() {
        return Routing { e164: number.e164.clone(), hops: Vec::new(), silence: stopped, warnings };
    }
    let agent = listed.agent.iter().filter(|agent| agent.version.is_some()).cloned().map(Hop::Agent);
    let routes = listed.primary.iter().chain(&listed.failover).cloned().map(Hop::Route);
    let hops: Vec<Hop> = agent.chain(routes).collect();
    let silence = match (hops.is_empty(), draft_only) {
        (false, _) => None,
        (true, true) => Some(Silence::NoPublishedVersion),
        (true, false) => Some(Silence::NothingSet),
    };
    Routing { e164: number.e164.clone(), hops, silence, warnings }
}

/// Tells the switch where a call goes. Without a caller the installation's own switch asks, about any number.
///
/// # Errors
/// `not_found` for a number that nobody, or somebody else, owns.
pub async fn look_up(state: &AppState, caller: Option<&Caller>, e164: &str) -> Result<Routing> {
    let e164 = phone::parse(e164).map_err(|_| Code::NotFound)?;
    let mut connection = state.db.read().await?;
    let number = store::numbers::live_of_e164(&mut connection, e164.as_str()).await?.ok_or(Code::NotFound)?;
    let foreign =
        caller.is_some_and(|caller| caller.organization_id != number.organization_id || !caller.sees(number.sub_account_id.as_deref()));
    if foreign || number.is_gone() {
        return Err(Code::NotFound.into());
    }
    let listed = store::numbers::listed(&mut connection, &number.id).await?.ok_or(Code::NotFound)?;
    Ok(decide(&listed))
}
