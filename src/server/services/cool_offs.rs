//! Cool-offs of all organizations, for the operator: what runs, what was forced, and forcing one.

use super::caller::Caller;
use super::cursor::{self, Found};
use super::moving::{Forced, check_reason, take_back_in};
use super::numbers::{Clock, reload, text_filter};
use super::recorder::Recorder;
use crate::domain::audit::{Action, Actor, ActorKind, Channel};
use crate::domain::code::Code;
use crate::domain::cool_off;
use crate::domain::refusal::Refusal;
use crate::domain::time::{MICROS_PER_SECOND, Timestamp};
use crate::server::error::Result;
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::audit::{Audit, AuditFilter};
use crate::server::store::numbers::CoolingOff;
pub use crate::server::store::numbers::OwnedNumber;

/// Rows on the operator's page.
const MOST_ROWS: i64 = 200;
/// Overrides on the operator's page; the audit log has all.
const LATEST_OVERRIDES: i64 = 10;

/// A cool-off that runs.
#[derive(Debug, Clone)]
pub struct Running {
    pub number: CoolingOff,
    pub clock: Clock,
}

/// A cool-off that was ended by force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    pub id: String,
    pub at: Timestamp,
    pub e164: String,
    /// The number as people read it.
    pub label: String,
    pub actor: String,
    pub reason: String,
    pub skipped_s: i64,
}

/// What the operator's page shows.
#[derive(Debug, Clone)]
pub struct CoolOffs {
    pub now: Timestamp,
    pub total: i64,
    pub running: Vec<Running>,
    pub overrides: Vec<Override>,
}

/// A cool-off runs exactly where the last call started later than this: the rule of [`cool_off::check`], turned round so that a
/// statement can ask it.
#[must_use]
pub const fn running_after(now: Timestamp, days: i64) -> Timestamp {
    let days = if days < 0 { 0 } else { days };
    Timestamp::from_seconds(now.micros().div_euclid(MICROS_PER_SECOND)).plus_days(-days)
}

/// The clock of a cool-off that runs.
#[must_use]
pub fn clock(last_call_at: Option<Timestamp>, days: i64, now: Timestamp) -> Option<Clock> {
    let (from, until) = (last_call_at?, cool_off::cool_off_until(last_call_at, days)?);
    let remaining_s = cool_off::remaining_s(last_call_at, days, now);
    (remaining_s > 0).then(|| Clock { from, until, length_days: u16::try_from(days).unwrap_or(u16::MAX), remaining_s })
}

/// The cool-offs in effect, soonest end first, and the latest overrides. `q` is a number, a word, or part of a name.
///
/// # Errors
/// Only when the store fails.
pub async fn overview(state: &AppState, q: &str) -> Result<CoolOffs> {
    let (now, days) = (state.now(), state.settings.cool_off_days);
    let after = running_after(now, days);
    let text = text_filter(q);
    let mut connection = state.db.read().await?;
    let total = store::numbers::count_cooling_off(&mut connection, text.as_ref(), after).await?;
    let rows = store::numbers::cooling_off(&mut connection, text.as_ref(), after, None, MOST_ROWS).await?;
    let forced = AuditFilter { action: Some(Action::CoolOffForced.name().to_owned()), ..AuditFilter::default() };
    let overrides = store::audit::list(&mut connection, &forced, None, LATEST_OVERRIDES).await?;
    let running = rows.into_iter().filter_map(|number| Some(Running { clock: clock(Some(number.last_call_at), days, now)?, number }));
    Ok(CoolOffs { now, total, running: running.collect(), overrides: overrides.into_iter().map(overridden).collect() })
}

/// A page of the cool-offs in effect, soonest end first. `q` is a number, a word, or part of a name.
///
/// # Errors
/// `validation` for a cursor that this list did not give.
pub async fn page(state: &AppState, q: &str, limit: usize, cursor: Option<&str>) -> Result<Found<Running>> {
    let (now, days) = (state.now(), state.settings.cool_off_days);
    let (begin, after, text) = (cursor::decode_at(cursor)?, running_after(now, days), text_filter(q));
    let mut connection = state.db.read().await?;
    let total = store::numbers::count_cooling_off(&mut connection, text.as_ref(), after).await?;
    let rows = store::numbers::cooling_off(&mut connection, text.as_ref(), after, begin.as_ref(), cursor::rows(limit)).await?;
    let running = |number: CoolingOff| Some(Running { clock: clock(Some(number.last_call_at), days, now)?, number });
    let cursor_of = |row: &Running| cursor::encode(&[&row.number.last_call_at.micros().to_string(), &row.number.e164]);
    Ok(Found::new(rows.into_iter().filter_map(running).collect(), total, limit, cursor_of))
}

fn overridden(row: Audit) -> Override {
    let after = row.after.unwrap_or_default();
    Override {
        id: row.id,
        at: row.at,
        e164: after["e164"].as_str().unwrap_or_default().to_owned(),
        label: row.object_label,
        actor: row.actor.name,
        reason: row.reason.unwrap_or_default(),
        skipped_s: after["skippedSeconds"].as_i64().unwrap_or_default(),
    }
}

/// Takes a number of any organization back from its sub-account, whatever its cool-off. The lock still holds.
///
/// `operator` is a platform admin: the caller has checked that.
///
/// # Errors
/// `reason_required`, `validation` for the typed digits, `not_found`, `not_in_sub_account`, `number_locked`, `number_gone`.
pub async fn force(state: &AppState, operator: &Actor, number_id: &str, reason: &str, typed: &str) -> Result<OwnedNumber> {
    force_through(state, operator, Channel::Browser, number_id, reason, Some(typed)).await
}

/// The same with a key of the platform, which types no digits. `number` is an id or an E.164.
///
/// # Errors
/// `admin_required` for a key without `admin:override`, and as [`force`].
pub async fn force_by_key(state: &AppState, caller: &Caller, number: &str, reason: Option<&str>) -> Result<OwnedNumber> {
    if !caller.may_force || caller.actor.kind != ActorKind::Platform {
        return Err(Code::AdminRequired.into());
    }
    let owned = match phone::parse(number) {
        Ok(e164) => {
            let mut connection = state.db.read().await?;
            store::numbers::live_of_e164(&mut connection, e164.as_str()).await?.map(|number| number.id)
        }
        Err(_) => None,
    };
    let id = owned.unwrap_or_else(|| number.to_owned());
    force_through(state, &caller.actor, caller.channel, &id, reason.unwrap_or_default(), None).await
}

async fn force_through(
    state: &AppState,
    operator: &Actor,
    channel: Channel,
    number_id: &str,
    reason: &str,
    typed: Option<&str>,
) -> Result<OwnedNumber> {
    let forced: Forced = check_reason(Some(reason), channel)?;
    let recorder = Recorder::of(state, operator.clone(), channel);
    let days = state.settings.cool_off_days;
    let (id, typed) = (number_id.to_owned(), typed.map(str::to_owned));
    state
        .db
        .write(async move |connection| {
            let number = store::numbers::find(connection, &id).await?.ok_or(Code::NotFound)?;
            if let Some(typed) = &typed {
                check_typed(&number, typed)?;
            }
            take_back_in(connection, &recorder, &number, days, Some(&forced)).await?;
            reload(connection, &number.id).await
        })
        .await
}

/// The last four digits, typed to confirm something that is dangerous.
///
/// # Errors
/// `validation`, naming the field.
pub fn check_typed(number: &OwnedNumber, typed: &str) -> Result<()> {
    if typed.trim() == last_four(&number.e164) {
        return Ok(());
    }
    Err(Refusal::field("typed", "Type the last four digits of this number.").into())
}

/// The digits that are typed to confirm.
#[must_use]
pub fn last_four(e164: &str) -> &str {
    e164.get(e164.len().saturating_sub(4)..).unwrap_or(e164)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_statement_asks_what_the_domain_decides(called in 0..4_000_000_000_000_000_i64, later in -10_i64..3_000_000, micros in 0..MICROS_PER_SECOND, days in 0_i64..60) {
            let called_at = Timestamp::from_micros(called);
            let now = Timestamp::from_micros(called + later * MICROS_PER_SECOND + micros);
            let runs = cool_off::check(Some(called_at), days, now).is_err();
            prop_assert_eq!(called_at > running_after(now, days), runs);
        }
    }

    #[test]
    fn four_digits_confirm() {
        assert_eq!(last_four("+14155550123"), "0123");
        assert_eq!(last_four("+1"), "+1");
    }
}
