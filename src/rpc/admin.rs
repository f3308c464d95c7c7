//! The operator's console: cool-offs with their override, and the audit log (which owners and admins read for their own organization).
//! Its other pages have a file each below this one.

pub mod accounts;
pub mod orders;
pub mod revenue;
pub mod stock;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::numbers::DayClock;
use super::shapes::{Moment, PhoneView};
use crate::domain::time::Timestamp;
use crate::rpc::wire::Answer;

/// A number in cool-off, in any organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoolOffRow {
    pub id: String,
    pub phone: PhoneView,
    pub organization: String,
    pub sub_account: String,
    pub agent: Option<String>,
    pub locked: bool,
    pub last_call: Moment,
    pub clock: DayClock,
}

/// An override that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideRow {
    pub id: String,
    pub at: Moment,
    pub phone: PhoneView,
    pub actor: String,
    pub reason: String,
    pub skipped_s: i64,
}

/// Every cool-off in effect, soonest end first, and the latest overrides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoolOffsView {
    pub now: Timestamp,
    pub cool_off_days: u16,
    pub total: u32,
    pub rows: Vec<CoolOffRow>,
    pub overrides: Vec<OverrideRow>,
}

/// The audit filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditInput {
    /// Number, actor or object name.
    pub q: String,
    pub action: String,
    /// `user`, `key`, `platform`, `system`; empty for all.
    pub actor: String,
    /// First and last day in UTC, as `2026-11-30`.
    pub from: String,
    pub until: String,
    pub cursor: String,
    /// Everybody's rows, for the operator; else those of the chosen organization.
    pub all_organizations: bool,
}

/// One audit row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub id: String,
    pub at: Moment,
    pub organization: Option<String>,
    pub actor: String,
    /// `user`, `key`, `platform`, `system`.
    pub actor_kind: String,
    pub action: String,
    pub action_text: String,
    pub object: String,
    pub reason: Option<String>,
    pub channel: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One page of the audit log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    pub total: u64,
    pub rows: Vec<AuditRow>,
    pub actions: Vec<String>,
    pub next_cursor: Option<String>,
}

#[server(prefix = "/rpc", endpoint = "admin/cool-offs", input = GetUrl, output = Answer)]
pub async fn cool_offs(q: String) -> Result<CoolOffsView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("admin/cool-offs").await?;
    let overview = crate::server::services::cool_offs::overview(&guarded.state, &q).await.map_err(report)?;
    Ok(crate::server::views::cool_offs::overview(overview, &guarded.state.settings))
}

/// Ends a cool-off by force: platform admins only, with a reason and the last four digits typed; audited.
#[server(prefix = "/rpc", endpoint = "admin/override-cool-off", output = Answer)]
pub async fn override_cool_off(id: String, reason: String, typed: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("admin/override-cool-off").await?;
    let operator = guarded.caller()?.actor;
    crate::server::services::cool_offs::force(&guarded.state, &operator, &id, &reason, &typed).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// The operator reads all organizations; owners and admins read their own.
#[server(prefix = "/rpc", endpoint = "admin/audit", input = GetUrl, output = Answer)]
pub async fn audit_log(input: AuditInput) -> Result<AuditView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::audit::{Wanted, list};
    let guarded = guard("admin/audit").await?;
    let AuditInput { q, action, actor, from, until, cursor, all_organizations } = input;
    let wanted = Wanted { text: q, action, actor, from, until, cursor, of_everybody: all_organizations };
    let page = list(&guarded.state, guarded.session()?, &wanted).await.map_err(report)?;
    Ok(crate::server::views::audit::page(page))
}
