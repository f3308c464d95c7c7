//! Charging rental, settling what was missed, and the ladder of what stays unpaid (R6, R35). When all this runs is the job's business.
//!
//! Everything here works in a transaction that the caller brings, on a bounded number of rentals, so that the writer is never held long.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::recorder::{Change, Recorder};
use super::releasing::aging_end;
use crate::domain::audit::{Action, EventKind};
use crate::domain::money::Micros;
use crate::domain::number::ReleaseCause;
use crate::domain::rental::{Ladder, Rung, period_due, period_text};
use crate::domain::time::{Timestamp, day_text};
use crate::server::config::Settings;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::store;
use crate::server::store::events::NewEvent;
use crate::server::store::ledger::{Charges, Memo, TransferKind};
use crate::server::store::notices::NewNotice;
use crate::server::store::numbers::ReleaseTimes;
use crate::server::store::rentals::{PaidPeriod, PaidUp, Rental};

/// Periods that one credit settles at once; the job settles the rest.
const SETTLED_AT_ONCE: usize = 100;

/// What came of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Batch {
    /// Periods that were charged.
    pub charged: u64,
    /// Rentals that could not be charged and are past due now.
    pub failed: u64,
    /// There may be more that is due.
    pub more: bool,
}

/// The lengths of the ladder as the operator has set them.
#[must_use]
pub const fn ladder(settings: &Settings) -> Ladder {
    Ladder { suspended_after_days: settings.suspended_after_days, released_after_days: settings.released_after_days }
}

/// Charges at most `limit` periods that are due, in the order in which they fell due over all numbers. Numbers that were not paid for
/// months pay month by month, each in its turn. What is not covered becomes past due, and that is announced.
///
/// # Errors
/// Faults of the store.
pub async fn charge_in(connection: &mut AnyConnection, recorder: &Recorder, settings: &Settings, limit: usize) -> Result<Batch> {
    let now = recorder.now();
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let due = store::rentals::due(connection, now, rows).await?;
    let more = due.len() == limit;
    // What was not read is due after the last row: nothing later than that may be charged before it.
    let until = due.last().filter(|_| more).map_or(now, |last| last.due_at);
    let plan = Plan::pay(connection, recorder, &due, until, limit).await?;
    let (charged, uncovered) = (plan.lines.len(), plan.uncovered.clone());
    plan.write(connection, recorder, &due, EventKind::RentalCharged).await?;
    for rental in &uncovered {
        fail(connection, recorder, settings, rental).await?;
    }
    let more = more || charged + uncovered.len() >= limit;
    Ok(Batch { charged: charged as u64, failed: uncovered.len() as u64, more })
}

/// Settles what the organization has missed, the oldest due first, whole numbers only: what is left and does not cover the next number
/// stays in the wallet. Called after whatever makes money available. Answers how many periods were paid.
///
/// # Errors
/// Faults of the store.
pub async fn settle_in(connection: &mut AnyConnection, recorder: &Recorder, organization_id: &str) -> Result<u64> {
    let now = recorder.now();
    let available = store::ledger::balances(connection, organization_id).await?.available();
    let rows = i64::try_from(SETTLED_AT_ONCE).unwrap_or(i64::MAX);
    let unpaid = store::rentals::unpaid(connection, organization_id, available, now, rows).await?;
    if unpaid.is_empty() {
        return Ok(0);
    }
    let until = unpaid.last().filter(|_| unpaid.len() == SETTLED_AT_ONCE).map_or(now, |last| last.due_at);
    let plan = Plan::pay(connection, recorder, &unpaid, until, SETTLED_AT_ONCE).await?;
    let settled = plan.lines.len() as u64;
    plan.write(connection, recorder, &unpaid, EventKind::RentalSettled).await?;
    Ok(settled)
}

/// A period that is being paid.
#[derive(Debug)]
struct Line {
    /// Which rental.
    index: usize,
    period: u32,
    due_at: Timestamp,
    paid_until: Timestamp,
    text: String,
}

/// What is paid of a number of rentals, and what is not covered.
struct Plan<'a> {
    charges: Charges<'a>,
    lines: Vec<Line>,
    /// Up to which period each rental is paid, by its index.
    paid_up: BTreeMap<usize, (u32, Timestamp)>,
    /// As they stand: what is due is the period that is not covered.
    uncovered: Vec<Rental>,
}

impl<'a> Plan<'a> {
    /// Takes periods that are due at `until` or earlier in due order, at most `limit` of them, out of what their wallets can spend.
    async fn pay(
        connection: &mut AnyConnection,
        recorder: &Recorder,
        rentals: &'a [Rental],
        until: Timestamp,
        limit: usize,
    ) -> Result<Self> {
        let organizations: BTreeSet<&str> = rentals.iter().map(|rental| rental.organization_id.as_str()).collect();
        let mut plan = Self {
            charges: Charges::open(connection, &organizations).await?,
            lines: Vec::with_capacity(rentals.len()),
            paid_up: BTreeMap::new(),
            uncovered: Vec::new(),
        };
        let new_id = || recorder.new_id();
        let mut queue: BinaryHeap<_> = rentals
            .iter()
            .enumerate()
            .map(|(index, rental)| Reverse((rental.due_at, rental.ownership_id.as_str(), index, rental.periods_charged)))
            .collect();
        while let Some(Reverse((due_at, ownership_id, index, period))) = queue.pop() {
            if due_at > until || plan.lines.len() + plan.uncovered.len() >= limit {
                break;
            }
            let Some(rental) = rentals.get(index) else { continue };
            let next = period.saturating_add(1);
            let paid_until = period_due(rental.anchor_at, next);
            let text = period_text(due_at, paid_until);
            let memo =
                Memo { ownership_id: Some(ownership_id), e164: Some(&rental.e164), description: text.clone().into(), ..Memo::default() };
            if !plan.charges.take(&new_id, &rental.organization_id, TransferKind::Rental, rental.monthly, &memo) {
                plan.uncovered.push(Rental { due_at, periods_charged: period, ..rental.clone() });
                continue;
            }
            plan.lines.push(Line { index, period, due_at, paid_until, text });
            plan.paid_up.insert(index, (next, paid_until));
            queue.push(Reverse((paid_until, ownership_id, index, next)));
        }
        Ok(plan)
    }

    /// Writes transfers, periods, the rentals themselves and their timelines.
    async fn write(self, connection: &mut AnyConnection, recorder: &Recorder, rentals: &[Rental], kind: EventKind) -> Result<()> {
        let now = recorder.now();
        let new_id = || recorder.new_id();
        self.charges.write(connection, &new_id, now).await?;
        let lines: Vec<(&Line, &Rental, String)> =
            self.lines.iter().filter_map(|line| Some((line, rentals.get(line.index)?, recorder.new_id()))).collect();
        let periods: Vec<PaidPeriod<'_>> = lines
            .iter()
            .map(|(line, rental, _)| PaidPeriod {
                ownership_id: &rental.ownership_id,
                period: line.period,
                due_at: line.due_at,
                amount: rental.monthly,
            })
            .collect();
        store::rentals::insert_periods(connection, &periods, now).await?;
        let paid: Vec<PaidUp<'_>> = self
            .paid_up
            .iter()
            .filter_map(|(index, (periods_charged, next_billing_at))| {
                let ownership_id = rentals.get(*index)?.ownership_id.as_str();
                Some(PaidUp { ownership_id, periods_charged: *periods_charged, next_billing_at: *next_billing_at })
            })
            .collect();
        store::rentals::mark_paid(connection, &paid, now).await?;
        let events: Vec<NewEvent<'_>> = lines
            .iter()
            .map(|(line, rental, id)| {
                let data = json!({
                    "amountMicros": rental.monthly.0,
                    "period": line.text,
                    "dueAt": line.due_at.rfc3339(),
                    "paidUntil": line.paid_until.rfc3339(),
                    "subAccountId": rental.sub_account_id,
                });
                event(recorder, rental, kind, id, data)
            })
            .collect();
        Ok(store::events::append_all(connection, &events).await?)
    }
}

fn event<'a>(recorder: &'a Recorder, rental: &'a Rental, kind: EventKind, id: &'a str, data: Value) -> NewEvent<'a> {
    NewEvent {
        id,
        organization_id: &rental.organization_id,
        ownership_id: Some(&rental.ownership_id),
        kind,
        actor: recorder.actor(),
        data,
        at: recorder.now(),
    }
}

/// A sentence to the organization about a rental; a sub-account that has the number is shown it too.
async fn announce(connection: &mut AnyConnection, recorder: &Recorder, rental: &Rental, kind: &str, body: String) -> Result<()> {
    let notice = NewNotice {
        id: &recorder.new_id(),
        organization_id: &rental.organization_id,
        sub_account_id: rental.sub_account_id.as_deref(),
        kind,
        body: &body,
        at: recorder.now(),
    };
    Ok(store::notices::append(connection, &notice).await?)
}

/// The first step: the charge has failed. The number still answers.
async fn fail(connection: &mut AnyConnection, recorder: &Recorder, settings: &Settings, rental: &Rental) -> Result<()> {
    let now = recorder.now();
    store::rentals::mark_past_due(connection, &rental.ownership_id, now).await?;
    let suspends_at = ladder(settings).suspends_at(now, now);
    let data = json!({
        "amountMicros": rental.monthly.0,
        "dueAt": rental.due_at.rfc3339(),
        "suspendsAt": suspends_at.rfc3339(),
        "subAccountId": rental.sub_account_id,
    });
    store::events::append(connection, &event(recorder, rental, EventKind::RentalFailed, &recorder.new_id(), data)).await?;
    let body = format!(
        "The rental of {}, {} due on {}, could not be charged. It still answers; from {} on it will not, unless the wallet is topped up.",
        phone::formatted(&rental.e164),
        rental.monthly.display(&settings.currency),
        day_text(rental.due_at),
        day_text(suspends_at),
    );
    announce(connection, recorder, rental, EventKind::RentalFailed.name(), body).await?;
    if rental.locked { announce_lock(connection, recorder, rental).await } else { Ok(()) }
}

/// The extra announcement for a number whose lock will not keep it (R6).
async fn announce_lock(connection: &mut AnyConnection, recorder: &Recorder, rental: &Rental) -> Result<()> {
    store::rentals::mark_lock_announced(connection, &rental.ownership_id, recorder.now()).await?;
    let body = format!(
        "{} is locked, but a lock does not keep a number whose rental stays unpaid: it will be released all the same. Topping up keeps it.",
        phone::formatted(&rental.e164),
    );
    announce(connection, recorder, rental, "rental.lock", body).await
}

/// Takes the next step of each unpaid rental that has one, at most `limit`. Answers how many steps were taken.
///
/// # Errors
/// Faults of the store.
pub async fn climb_in(connection: &mut AnyConnection, recorder: &Recorder, settings: &Settings, limit: i64) -> Result<u64> {
    let (now, ladder) = (recorder.now(), ladder(settings));
    let mut steps = 0;
    for rental in store::rentals::on_the_ladder(connection, &ladder, now, limit).await? {
        let Some(unpaid) = &rental.unpaid else { continue };
        match ladder.next(unpaid, now) {
            Rung::Stay => continue,
            Rung::AnnounceLock => announce_lock(connection, recorder, &rental).await?,
            Rung::Suspend => suspend(connection, recorder, settings, &rental, ladder.releases_at(unpaid.since, now)).await?,
            Rung::Release => release(connection, recorder, settings, &rental).await?,
        }
        steps += 1;
    }
    Ok(steps)
}

async fn suspend(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    settings: &Settings,
    rental: &Rental,
    releases_at: Timestamp,
) -> Result<()> {
    if !store::rentals::suspend(connection, &rental.ownership_id, recorder.now()).await? {
        return Ok(());
    }
    let data = json!({
        "amountMicros": rental.monthly.0,
        "dueAt": rental.due_at.rfc3339(),
        "releasesAt": releases_at.rfc3339(),
        "subAccountId": rental.sub_account_id,
    });
    store::events::append(connection, &event(recorder, rental, EventKind::NumberSuspended, &recorder.new_id(), data)).await?;
    let body = format!(
        "{} no longer answers: its rental, {} due on {}, is unpaid. It is released on {}; topping up brings it back at once.",
        phone::formatted(&rental.e164),
        rental.monthly.display(&settings.currency),
        day_text(rental.due_at),
        day_text(releases_at),
    );
    announce(connection, recorder, rental, EventKind::NumberSuspended.name(), body).await
}

/// The last step: whatever sub-account, lock or cool-off says (R6). The recovery window starts, and the debt ends.
async fn release(connection: &mut AnyConnection, recorder: &Recorder, settings: &Settings, rental: &Rental) -> Result<()> {
    let now = recorder.now();
    let recoverable_until = now.plus_seconds(settings.recovery_s.max(0));
    let aging_until = aging_end(settings, recoverable_until);
    let times = ReleaseTimes { released_at: now, recoverable_until, aging_until: (settings.recovery_s <= 0).then_some(aging_until) };
    let Some(number) = store::numbers::find(connection, &rental.ownership_id).await? else { return Ok(()) };
    if !store::rentals::release_unpaid(connection, &rental.ownership_id, times).await? {
        return Ok(());
    }
    let agent = match number.agent_id() {
        Some(id) => store::agents::name(connection, id).await?,
        None => None,
    };
    let data = json!({
        "cause": ReleaseCause::Unpaid.name(),
        "recoverableUntil": recoverable_until.rfc3339(),
        "agingUntil": aging_until.rfc3339(),
        "rentalEndsAt": now.rfc3339(),
        "agentName": agent,
        "subAccountId": rental.sub_account_id,
    });
    recorder.event(connection, &number, EventKind::NumberReleased, data.clone()).await?;
    let before = json!({ "status": number.status.name(), "billingState": number.billing_state.name(), "agentName": agent });
    recorder.audit_number(connection, &number, Action::NumberReleased, Change::between(before, data)).await?;
    let body = format!(
        "{} was released, because its rental stayed unpaid. Until {} it can be restored, once the wallet covers {}.",
        phone::formatted(&rental.e164),
        day_text(recoverable_until),
        Micros(rental.monthly.0).display(&settings.currency),
    );
    announce(connection, recorder, rental, EventKind::NumberReleased.name(), body).await
}
