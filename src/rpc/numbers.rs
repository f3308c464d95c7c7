//! Owned numbers: the list, one number's page, the board, and everything that is done to a number. What is done to several is in [`bulk`].

pub mod bulk;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::{AgentChoice, Moment, Named, PhoneView};
use crate::domain::money::Micros;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::rpc::wire::Answer;

/// The list's filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct NumbersInput {
    /// Digits, word, pattern or label.
    pub q: String,
    /// `all` (default), `free`, `agent`, `sub_account`, `cool_off`, `past_due`, `released`.
    pub chip: String,
    /// `any`, or the name of one way to drift; empty for all numbers.
    pub drift: String,
    /// A whole tag.
    pub tag: String,
    /// `number`, `last_call` (default), `renews`, `monthly`.
    pub sort: String,
    pub cursor: String,
}

/// A clock in days: cool-off, rental or aging. `remaining_s` is as of the answer's `now`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayClock {
    pub from: Moment,
    pub until: Moment,
    pub length_days: u16,
    pub remaining_s: i64,
}

/// The agent of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerView {
    /// `agent` or `route`.
    pub kind: String,
    pub name: String,
    /// `AI voice agent, v7`, `draft, not published`, `edge1.example`.
    pub detail: String,
    /// It answers now: the lamp is lit.
    pub lit: bool,
}

/// States of tokens.md §6 that apply, least urgent first: `free`, `answered`, `nobody_answers`, `locked`, `imported`,
/// `unverified`, `cool_off`, `past_due`, `suspended`, `released`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedRow {
    pub id: String,
    pub phone: PhoneView,
    pub label: String,
    /// In alphabetical order.
    pub tags: Vec<String>,
    pub locality: String,
    pub region: String,
    pub states: Vec<String>,
    pub answer: Option<AnswerView>,
    pub agent_id: Option<String>,
    pub sub_account: Option<Named>,
    pub locked: bool,
    pub cool_off: Option<DayClock>,
    pub last_call: Option<Moment>,
    pub renews: Option<Moment>,
    pub monthly: Micros,
    /// While a release can be undone.
    pub restore_until: Option<Moment>,
}

/// A chip with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipCount {
    pub value: String,
    pub label: String,
    pub count: u64,
}

/// Numbers that have drifted in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftRow {
    /// `no_route`, `draft_agent`, `lost_target`, `idle`.
    pub kind: String,
    pub count: u64,
    /// The first of them.
    pub first: PhoneView,
    /// What they cost a month together.
    pub monthly: Micros,
}

/// What has drifted of all that is owned, whatever the filter shows. Only ways with numbers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftView {
    pub any: u64,
    pub rows: Vec<DriftRow>,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumbersView {
    pub now: Timestamp,
    pub total: u64,
    pub chips: Vec<ChipCount>,
    /// The commonest tags with their counts.
    pub tags: Vec<ChipCount>,
    pub drift: DriftView,
    pub rows: Vec<OwnedRow>,
    pub next_cursor: Option<String>,
    pub agents: Vec<AgentChoice>,
    pub sub_accounts: Vec<Named>,
}

/// One line of a number's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineRow {
    pub id: String,
    /// Event kind such as `number.purchased`, `call.reported`.
    pub kind: String,
    /// `call`, `money` or `change`.
    pub family: String,
    pub title: String,
    pub detail: String,
    pub at: Moment,
}

/// One jack of the chain of who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLink {
    /// `call_to`, `agent`, `primary`, `failover`.
    pub role: String,
    pub name: String,
    pub detail: String,
    /// The one that answers now.
    pub lit: bool,
    pub set: bool,
}

/// One number, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberView {
    pub now: Timestamp,
    pub row: OwnedRow,
    pub number_type: String,
    pub features: Vec<String>,
    pub emergency: bool,
    pub provider: String,
    pub source: String,
    pub bought_at: Moment,
    pub chain: Vec<ChainLink>,
    /// Set when nobody answers: the reason in words.
    pub nobody_because: Option<String>,
    pub rental: Option<DayClock>,
    pub aging: Option<DayClock>,
    pub aging_days: u16,
    pub cool_off_days: u16,
    /// Calls of each of the last 30 days of 24 hours, the earliest first.
    pub calls_by_day: Vec<u64>,
    pub timeline: Vec<TimelineRow>,
    pub agents: Vec<AgentChoice>,
    pub sub_accounts: Vec<Named>,
    /// Routes of its own place, with where they lead.
    pub routes: Vec<Named>,
    pub primary_route_id: Option<String>,
    pub failover_route_id: Option<String>,
    /// Why the button would refuse; none when it would work.
    pub release_refused: Option<Refusal>,
    pub take_back_refused: Option<Refusal>,
    pub hand_over_refused: Option<Refusal>,
    pub can_force: bool,
}

/// What a release would stop and cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasePreview {
    pub phone: PhoneView,
    pub id: String,
    pub label: String,
    /// What stops working, one sentence each.
    pub stops: Vec<String>,
    pub monthly: Micros,
    /// The end of the paid month, which is not refunded.
    pub paid_until: Option<Moment>,
    pub recoverable_until: Moment,
    pub recovery_s: i64,
    pub aging_until: Option<Moment>,
    pub aging_days: u16,
    /// The digits to type to confirm: the last four.
    pub confirm: String,
    pub refusal: Option<Refusal>,
}

/// A column of the board: `free`, `agent:<id>` or `sub:<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardColumn {
    pub id: String,
    /// `pool`, `agent` or `sub_account`.
    pub group: String,
    pub name: String,
    pub detail: String,
    pub lit: bool,
    pub disabled: bool,
    pub cards: Vec<OwnedRow>,
    /// All numbers of the column, also those that are not shown.
    pub count: u32,
}

/// What of the board is asked for, as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct BoardInput {
    /// Digits, word or label.
    pub q: String,
    /// A state that cards are filtered by, such as `locked`; empty for all.
    pub only: String,
    /// The column that shows more than its first cards.
    pub open: String,
    /// How many cards that column shows.
    pub cards: u32,
}

/// The whole board. Columns hold their first cards, the opened one more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardView {
    pub now: Timestamp,
    pub total: u32,
    pub columns: Vec<BoardColumn>,
    pub can_force: bool,
    pub can_move: bool,
}

/// What became of one number of a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRow {
    pub id: String,
    pub phone: PhoneView,
    pub refusal: Option<Refusal>,
}

/// What became of a move, number by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveOutcome {
    pub target: String,
    pub moved: u32,
    pub rows: Vec<MoveRow>,
}

#[server(prefix = "/rpc", endpoint = "numbers/list", input = GetUrl, output = Answer)]
pub async fn list_numbers(input: NumbersInput) -> Result<NumbersView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::numbers::{ListInput, list};
    let guarded = guard("numbers/list").await?;
    let wanted = ListInput { q: input.q, chip: input.chip, drift: input.drift, tag: input.tag, sort: input.sort, cursor: input.cursor };
    let page = list(&guarded.state, &guarded.caller()?, &wanted).await.map_err(report)?;
    Ok(crate::server::views::numbers::list(page))
}

/// One number of the caller by E.164 (with or without `+`) or id.
#[server(prefix = "/rpc", endpoint = "numbers/get", input = GetUrl, output = Answer)]
pub async fn get_number(number: String) -> Result<NumberView, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/get").await?;
    let caller = guarded.caller()?;
    let page = crate::server::services::numbers::page(&guarded.state, &caller, &number).await.map_err(report)?;
    Ok(crate::server::views::numbers::page(page, &guarded.state.settings, caller.may_force))
}

#[server(name = ReadReleasePreview, prefix = "/rpc", endpoint = "numbers/release-preview", input = GetUrl, output = Answer)]
pub async fn release_preview(number: String) -> Result<ReleasePreview, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/release-preview").await?;
    let preview = crate::server::services::releasing::preview(&guarded.state, &guarded.caller()?, &number).await.map_err(report)?;
    Ok(crate::server::views::numbers::preview(preview, &guarded.state.settings))
}

#[server(prefix = "/rpc", endpoint = "numbers/board", input = GetUrl, output = Answer)]
pub async fn board(input: BoardInput) -> Result<BoardView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::numbers::BoardWanted;
    let guarded = guard("numbers/board").await?;
    let caller = guarded.caller()?;
    let wanted = BoardWanted { q: input.q, in_state: input.only, open: input.open, cards: i64::from(input.cards) };
    let board = crate::server::services::numbers::board(&guarded.state, &caller, &wanted).await.map_err(report)?;
    Ok(crate::server::views::numbers::board(board, &caller))
}

/// The numbers with these ids (joined by commas) as cards; what is none of the caller's is left out.
#[server(prefix = "/rpc", endpoint = "numbers/cards", input = GetUrl, output = Answer)]
pub async fn cards(ids: String) -> Result<Vec<OwnedRow>, AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/cards").await?;
    let caller = guarded.caller()?;
    let lines = crate::server::services::numbers::cards(&guarded.state, &caller, &bulk::split_ids(&ids)).await.map_err(report)?;
    Ok(crate::server::views::numbers::cards(lines, &caller))
}

/// Moves numbers (ids joined by commas) to a column: `free`, `agent:<id>` or `sub:<id>`. Each number has its own outcome;
/// one number that is refused is the function's error.
#[server(prefix = "/rpc", endpoint = "numbers/move", output = Answer)]
pub async fn move_numbers(ids: String, target: String) -> Result<MoveOutcome, AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::moving::{self, Target};
    let guarded = guard("numbers/move").await?;
    let ids = bulk::split_ids(&ids);
    let column = Target::parse(&target).map_err(report)?;
    let moved = moving::move_numbers(&guarded.state, &guarded.caller()?, &ids, &column).await.map_err(report)?;
    if let [only] = moved.as_slice()
        && let Some(refusal) = &only.refusal
    {
        return Err(refusal.clone().into());
    }
    close_dialog();
    Ok(crate::server::views::numbers::moved(target, moved))
}

/// The label, and with `with_tags` 1 the tags too, joined by commas: those that are not named go.
#[server(prefix = "/rpc", endpoint = "numbers/label", output = Answer)]
pub async fn set_label(
    id: String,
    label: String,
    #[server(default)] with_tags: u8,
    #[server(default)] tags: String,
) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    use crate::server::services::numbers::{Edit, edit};
    let guarded = guard("numbers/label").await?;
    let change = Edit { label: Some(label), tags: (with_tags != 0).then(|| bulk::split_ids(&tags)), ..Edit::default() };
    edit(&guarded.state, &guarded.caller()?, &id, change).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// Sets both routes of a number; an empty id takes one off.
#[server(prefix = "/rpc", endpoint = "numbers/routes", output = Answer)]
pub async fn set_routes(
    id: String,
    #[server(default)] primary_route_id: String,
    #[server(default)] failover_route_id: String,
) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("numbers/routes").await?;
    let [primary, failover] = [&primary_route_id, &failover_route_id].map(|id| Some(id.as_str()).filter(|id| !id.is_empty()));
    crate::server::services::routes::set_for_number(&guarded.state, &guarded.caller()?, &id, primary, failover).await.map_err(report)?;
    close_dialog();
    Ok(())
}

/// `locked` is `1` or `0`.
#[server(prefix = "/rpc", endpoint = "numbers/lock", output = Answer)]
pub async fn set_locked(id: String, locked: u8) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/lock").await?;
    crate::server::services::numbers::set_locked(&guarded.state, &guarded.caller()?, &id, locked != 0).await.map_err(report)?;
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "numbers/assign", output = Answer)]
pub async fn assign_agent(id: String, agent_id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("numbers/assign").await?;
    crate::server::services::moving::assign(&guarded.state, &guarded.caller()?, &id, &agent_id).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "numbers/unassign", output = Answer)]
pub async fn unassign_agent(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("numbers/unassign").await?;
    crate::server::services::moving::unassign(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "numbers/hand-over", output = Answer)]
pub async fn hand_over(id: String, sub_account_id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/hand-over").await?;
    crate::server::services::moving::hand_over(&guarded.state, &guarded.caller()?, &id, &sub_account_id).await.map_err(report)?;
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "numbers/take-back", output = Answer)]
pub async fn take_back(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/take-back").await?;
    crate::server::services::moving::take_back(&guarded.state, &guarded.caller()?, &id, crate::server::services::moving::Force::No)
        .await
        .map_err(report)?;
    Ok(())
}

/// Releases after the last four digits were typed.
#[server(prefix = "/rpc", endpoint = "numbers/release", output = Answer)]
pub async fn release_number(id: String, typed: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("numbers/release").await?;
    crate::server::services::releasing::release(&guarded.state, &guarded.caller()?, &id, Some(&typed)).await.map_err(report)?;
    close_dialog();
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "numbers/restore", output = Answer)]
pub async fn restore_number(id: String) -> Result<(), AppError> {
    use crate::server::run::context::{guard, report};
    let guarded = guard("numbers/restore").await?;
    crate::server::services::releasing::restore(&guarded.state, &guarded.caller()?, &id).await.map_err(report)?;
    Ok(())
}

/// Imports a number that the organization has at a carrier of its own.
#[server(prefix = "/rpc", endpoint = "numbers/import", output = Answer)]
pub async fn import_number(e164: String, #[server(default)] agent_id: String) -> Result<(), AppError> {
    use crate::server::run::context::{close_dialog, guard, report};
    let guarded = guard("numbers/import").await?;
    let agent_id = Some(agent_id.as_str()).filter(|id| !id.is_empty());
    crate::server::services::import::import(&guarded.state, &guarded.caller()?, &e164, agent_id).await.map_err(report)?;
    close_dialog();
    Ok(())
}
