//! The operator's page of cool-offs.

use super::shapes::days;
use crate::rpc::admin::{CoolOffRow, CoolOffsView, OverrideRow};
use crate::rpc::numbers::DayClock;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::server::config::Settings;
use crate::server::services::cool_offs::{CoolOffs, Override, Running};

impl From<Running> for CoolOffRow {
    fn from(running: Running) -> Self {
        let number = running.number;
        Self {
            phone: PhoneView::new(&number.e164),
            last_call: Moment::new(number.last_call_at),
            clock: DayClock::from(running.clock),
            id: number.id,
            organization: number.organization_name,
            sub_account: number.sub_account_name,
            agent: number.agent_name,
            locked: number.locked,
        }
    }
}

impl From<Override> for OverrideRow {
    fn from(done: Override) -> Self {
        Self {
            id: done.id,
            at: Moment::new(done.at),
            phone: PhoneView { e164: done.e164, formatted: done.label },
            actor: done.actor,
            reason: done.reason,
            skipped_s: done.skipped_s,
        }
    }
}

/// The page.
#[must_use]
pub fn overview(cool_offs: CoolOffs, settings: &Settings) -> CoolOffsView {
    CoolOffsView {
        now: cool_offs.now,
        cool_off_days: days(settings.cool_off_days),
        total: u32::try_from(cool_offs.total).unwrap_or_default(),
        rows: cool_offs.running.into_iter().map(CoolOffRow::from).collect(),
        overrides: cool_offs.overrides.into_iter().map(OverrideRow::from).collect(),
    }
}
