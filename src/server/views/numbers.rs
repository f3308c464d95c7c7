//! Owned numbers as lists, the board and their own page show them.

use super::shapes::days;
use crate::domain::number::Features;
use crate::rpc::numbers::bulk::{BulkOutcome, DoneRow, PlanView, PlannedRow};
use crate::rpc::numbers::{
    AnswerView, BoardColumn, BoardView, ChainLink, ChipCount, DayClock, DriftRow, DriftView, MoveOutcome, MoveRow, NumberView, NumbersView,
    OwnedRow, ReleasePreview, TimelineRow,
};
use crate::rpc::shapes::{AgentChoice, Moment, Named, PhoneView};
use crate::server::config::Settings;
use crate::server::services::caller::Caller;
use crate::server::services::moving::Moved;
use crate::server::services::numbers::bulk::Planned;
use crate::server::services::numbers::{
    Answer, AnswerKind, Board, ChipRow, Clock, Column, ColumnKind, DriftReport, Line, Link, NumberList, NumberPage,
};
use crate::server::services::releasing::Preview;
use crate::server::services::timeline::Entry;
use crate::server::store::agents::ListedAgent;
use crate::server::store::numbers::Drifted;
use crate::server::store::routes::Route;
use crate::server::store::sub_accounts::SubAccount;

impl From<Clock> for DayClock {
    fn from(clock: Clock) -> Self {
        Self {
            from: Moment::new(clock.from),
            until: Moment::new(clock.until),
            length_days: clock.length_days,
            remaining_s: clock.remaining_s,
        }
    }
}

impl From<Answer> for AnswerView {
    fn from(answer: Answer) -> Self {
        let kind = match answer.kind {
            AnswerKind::Agent => "agent",
            AnswerKind::Route => "route",
        };
        Self { kind: kind.to_owned(), name: answer.name, detail: answer.detail, lit: answer.lit }
    }
}

impl From<Line> for OwnedRow {
    fn from(line: Line) -> Self {
        let released = line.listed.number.is_released();
        let number = line.listed.number;
        Self {
            phone: PhoneView::new(&number.e164),
            agent_id: number.agent_id().map(str::to_owned),
            tags: line.tags,
            states: line.states.into_iter().map(str::to_owned).collect(),
            answer: line.answer.map(AnswerView::from),
            sub_account: number.sub_account_id.zip(line.listed.sub_account_name).map(|(id, name)| Named { id, name }),
            cool_off: line.cool_off.map(DayClock::from),
            last_call: number.last_call_at.map(Moment::new),
            // A released number pays no rental any more, whatever a restore would bring back.
            renews: number.next_billing_at.filter(|_| !released).map(Moment::new),
            restore_until: number.recoverable_until.filter(|_| released).map(Moment::new),
            id: number.id,
            label: number.label,
            locality: number.locality,
            region: number.administrative_area,
            locked: number.locked,
            monthly: number.monthly,
        }
    }
}

impl From<ListedAgent> for AgentChoice {
    fn from(listed: ListedAgent) -> Self {
        let agent = listed.agent;
        let detail = match agent.published_version {
            Some(version) => format!("{}, version {version}", agent.kind.text()),
            None => format!("{}, draft only", agent.kind.text()),
        };
        Self { detail, published: agent.published_version.is_some(), id: agent.id, name: agent.name, sub_account_id: agent.sub_account_id }
    }
}

impl From<SubAccount> for Named {
    fn from(sub_account: SubAccount) -> Self {
        Self { id: sub_account.id, name: sub_account.name }
    }
}

impl From<Link> for ChainLink {
    fn from(link: Link) -> Self {
        Self { role: link.role.to_owned(), name: link.name, detail: link.detail, lit: link.lit, set: link.set }
    }
}

impl From<Entry> for TimelineRow {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind.name().to_owned(),
            family: entry.kind.family().to_owned(),
            title: entry.title,
            detail: entry.detail,
            at: Moment::new(entry.at),
        }
    }
}

fn chip(row: ChipRow) -> ChipCount {
    ChipCount { value: row.value.to_owned(), label: row.label.to_owned(), count: positive(row.count) }
}

fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

impl From<DriftReport> for DriftView {
    fn from(report: DriftReport) -> Self {
        let row = |drifted: Drifted| {
            let first = PhoneView::new(&drifted.first_e164?);
            Some(DriftRow { kind: drifted.drift.name().to_owned(), count: positive(drifted.count), first, monthly: drifted.monthly })
        };
        Self { any: positive(report.found.any), rows: report.found.kinds.into_iter().filter_map(row).collect() }
    }
}

/// One page of the list.
#[must_use]
pub fn list(list: NumberList) -> NumbersView {
    NumbersView {
        now: list.now,
        total: positive(list.total),
        chips: list.chips.into_iter().map(chip).collect(),
        tags: list.tags.into_iter().map(|(tag, count)| ChipCount { value: tag.clone(), label: tag, count: positive(count) }).collect(),
        drift: list.drift.into(),
        rows: list.lines.into_iter().map(OwnedRow::from).collect(),
        next_cursor: list.next_cursor,
        agents: list.agents.into_iter().map(AgentChoice::from).collect(),
        sub_accounts: list.sub_accounts.into_iter().map(|listed| listed.sub_account.into()).collect(),
    }
}

/// A route as a select offers it.
fn route(route: Route) -> Named {
    let leads = if route.destination.is_empty() { route.kind.text().to_owned() } else { route.destination };
    Named { id: route.id, name: format!("{}: {leads}", route.name) }
}

/// One number, whole.
#[must_use]
pub fn page(page: NumberPage, settings: &Settings, can_force: bool) -> NumberView {
    let number = &page.line.listed.number;
    NumberView {
        now: page.now,
        number_type: number.number_type.name().to_owned(),
        features: number.features.names().into_iter().map(str::to_owned).collect(),
        emergency: number.features.contains(Features::EMERGENCY),
        provider: number.provider.clone(),
        source: number.source.name().to_owned(),
        bought_at: Moment::new(number.created_at),
        chain: page.chain.into_iter().map(ChainLink::from).collect(),
        nobody_because: page.nobody_because.map(str::to_owned),
        rental: page.rental.map(DayClock::from),
        aging: page.aging.map(DayClock::from),
        aging_days: days(settings.aging_days),
        cool_off_days: days(settings.cool_off_days),
        timeline: page.timeline.into_iter().map(TimelineRow::from).collect(),
        agents: page.agents.into_iter().map(AgentChoice::from).collect(),
        sub_accounts: page.sub_accounts.into_iter().map(Named::from).collect(),
        routes: page.routes.into_iter().map(route).collect(),
        primary_route_id: number.primary_route_id.clone(),
        failover_route_id: number.failover_route_id.clone(),
        calls_by_day: page.calls_by_day,
        release_refused: page.release_refused,
        take_back_refused: page.take_back_refused,
        hand_over_refused: page.hand_over_refused,
        can_force,
        row: page.line.into(),
    }
}

/// What a release would mean.
#[must_use]
pub fn preview(preview: Preview, settings: &Settings) -> ReleasePreview {
    ReleasePreview {
        phone: PhoneView::new(&preview.number.e164),
        stops: preview.stops,
        monthly: preview.number.monthly,
        paid_until: preview.paid_until.map(Moment::new),
        recoverable_until: Moment::new(preview.recoverable_until),
        recovery_s: preview.recovery_s,
        aging_until: preview.aging_until.map(Moment::new),
        aging_days: days(settings.aging_days),
        confirm: preview.confirm,
        refusal: preview.refusal,
        id: preview.number.id,
        label: preview.number.label,
    }
}

/// The board of that caller.
#[must_use]
pub fn board(board: Board, caller: &Caller) -> BoardView {
    BoardView {
        now: board.now,
        total: u32::try_from(board.total).unwrap_or_default(),
        columns: board.columns.into_iter().map(|made| column(made, caller)).collect(),
        can_force: caller.may_force,
        can_move: board.can_move,
    }
}

/// A sub-account's own people have its numbers under its agents, so no card stands in a column of the sub-account.
fn card(line: Line, caller: &Caller) -> OwnedRow {
    let row = OwnedRow::from(line);
    if caller.sub_account_id.is_some() { OwnedRow { sub_account: None, ..row } } else { row }
}

/// Numbers as cards.
#[must_use]
pub fn cards(lines: Vec<Line>, caller: &Caller) -> Vec<OwnedRow> {
    lines.into_iter().map(|line| card(line, caller)).collect()
}

fn column(column: Column, caller: &Caller) -> BoardColumn {
    let group = match column.kind {
        ColumnKind::Pool => "pool",
        ColumnKind::Agent => "agent",
        ColumnKind::SubAccount => "sub_account",
    };
    BoardColumn {
        group: group.to_owned(),
        cards: cards(column.cards, caller),
        count: u32::try_from(column.count).unwrap_or_default(),
        id: column.id,
        name: column.name,
        detail: column.detail,
        lit: column.lit,
        disabled: column.disabled,
    }
}

/// What became of a move.
#[must_use]
pub fn moved(target: String, moved: Vec<Moved>) -> MoveOutcome {
    let count = moved.iter().filter(|row| row.refusal.is_none()).count();
    let row = |row: Moved| MoveRow { phone: PhoneView::new(row.e164.as_deref().unwrap_or_default()), id: row.id, refusal: row.refusal };
    MoveOutcome { target, moved: u32::try_from(count).unwrap_or_default(), rows: moved.into_iter().map(row).collect() }
}

/// What a work would do.
#[must_use]
pub fn planned(planned: Vec<Planned>) -> PlanView {
    let row = |row: Planned| {
        let phone = PhoneView::new(row.e164.as_deref().unwrap_or_default());
        let (text, changes, refusal) = match row.plan {
            Ok(effect) => (effect.text, effect.changes, None),
            Err(refusal) => (String::new(), false, Some(refusal)),
        };
        PlannedRow { id: row.id, phone, label: row.label, text, changes, refusal }
    };
    let rows: Vec<PlannedRow> = planned.into_iter().map(row).collect();
    PlanView { changing: rows.iter().filter(|row| row.changes).count(), rows }
}

/// What a work has done.
#[must_use]
pub fn done(job: String, done: Vec<Moved>) -> BulkOutcome {
    let row = |row: Moved| DoneRow { e164: row.e164.unwrap_or_default(), refused: row.refusal.map(|refusal| refusal.code()) };
    BulkOutcome { job, rows: done.into_iter().map(row).collect() }
}
