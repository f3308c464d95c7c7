//! The hold tray, and holding, extending and giving back.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{Moment, PhoneView};
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::rpc::wire::Answer;

/// A live hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldView {
    pub id: String,
    pub phone: PhoneView,
    pub locality: String,
    pub region: String,
    pub setup: Micros,
    pub monthly: Micros,
    pub due_now: Micros,
    pub started_at: Timestamp,
    pub expires_at: Moment,
    /// From then on +30 minutes is possible; none when it was extended ten times.
    pub extendable_from: Option<Timestamp>,
    pub extensions: u8,
    /// It is being bought: the clock does not count.
    pub committed: bool,
}

/// All live holds of the caller, soonest end first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrayView {
    pub now: Timestamp,
    pub limit: u8,
    /// Length of one hold, for the draining bar.
    pub hold_timeout_s: i64,
    pub holds: Vec<HoldView>,
}

/// A free number close to one that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAlikeView {
    pub phone: PhoneView,
    /// Indexes of the national digits that differ.
    pub differing: Vec<u8>,
    /// `One digit off`, `Same last seven`, …
    pub why: String,
    pub locality: String,
    pub region: String,
    pub vanity: String,
    pub monthly: Micros,
    pub setup: Micros,
}

#[server(prefix = "/rpc", endpoint = "holds/tray", input = GetUrl, output = Answer)]
pub async fn tray() -> Result<TrayView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::holds;
    let guarded = guard("holds/tray").await?;
    let caller = guarded.caller()?;
    let held = holds::tray(&guarded.state, &caller).await.map_err(report)?;
    let limit = holds::limit(&guarded.state, &caller).await.map_err(report)?;
    let hold_timeout_s = guarded.state.settings.hold_timeout_s;
    Ok(TrayView { now: guarded.state.now(), limit, hold_timeout_s, holds: held.iter().map(HoldView::from).collect() })
}

/// Holds a number. Holding it again gives the same hold back.
#[server(prefix = "/rpc", endpoint = "holds/create", output = Answer)]
pub async fn hold_number(e164: String) -> Result<HoldView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("holds/create").await?;
    let placed = crate::server::services::holds::place(&guarded.state, &guarded.caller()?, &e164).await.map_err(report)?;
    Ok(HoldView::from(&placed.held))
}

#[server(prefix = "/rpc", endpoint = "holds/extend", output = Answer)]
pub async fn extend_hold(id: String) -> Result<HoldView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("holds/extend").await?;
    let held = crate::server::services::holds::extend(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(HoldView::from(&held))
}

#[server(prefix = "/rpc", endpoint = "holds/release", output = Answer)]
pub async fn release_hold(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("holds/release").await?;
    crate::server::services::holds::release(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(())
}

/// Up to five numbers that are free now and close to `e164`.
#[server(prefix = "/rpc", endpoint = "holds/look-alikes", input = GetUrl, output = Answer)]
pub async fn look_alikes(e164: String) -> Result<Vec<LookAlikeView>, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::{inventory, search::Seeker};
    let guarded = guard("holds/look-alikes").await?;
    let seeker = Seeker::new(guarded.maybe_caller(), guarded.session.is_some());
    let alike = inventory::look_alikes(&guarded.state, seeker, &e164, 5).await.map_err(report)?;
    Ok(alike.into_iter().map(LookAlikeView::from).collect())
}
