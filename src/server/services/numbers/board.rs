//! The board: every live number as a card in one column (R53). Its sub-account's if it is in one, else its agent's, else Free.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::{Line, lines, text_filter};
use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::cool_offs;
use crate::server::services::moving::MOST_AT_ONCE;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::{Filter, ListedNumber};

/// Cards that all columns show together before one of them is opened.
const CARDS: usize = 64;
/// Cards of one column before it is opened: at most, and at least.
const COLUMN_CARDS: (usize, usize) = (8, 3);
/// Cards that an opened column shows first, and at most. Behind them the filter finds the others.
const OPENED_CARDS: (i64, i64) = (24, 600);

/// States that cards can be filtered by.
const STATES: [&str; 6] = ["answered", "nobody_answers", "cool_off", "locked", "imported", "past_due"];

/// What of the board is asked for.
#[derive(Debug, Clone, Default)]
pub struct BoardWanted {
    /// Keeps only cards with those digits, that word or that label.
    pub q: String,
    /// One of [`STATES`]; everything else is no filter.
    pub in_state: String,
    /// The column that shows more than its first cards.
    pub open: String,
    /// How many it shows.
    pub cards: i64,
}

/// The groups of columns, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Pool,
    Agent,
    SubAccount,
}

/// A column with its cards.
#[derive(Debug, Clone)]
pub struct Column {
    /// `free`, `agent:<id>`, `sub:<id>`.
    pub id: String,
    pub kind: ColumnKind,
    pub name: String,
    pub detail: String,
    /// An agent with a published version.
    pub lit: bool,
    /// A sub-account that takes no numbers.
    pub disabled: bool,
    pub cards: Vec<Line>,
    /// All numbers of the column, also those without a card.
    pub count: i64,
}

/// The whole board.
#[derive(Debug, Clone)]
pub struct Board {
    pub now: Timestamp,
    pub total: i64,
    pub columns: Vec<Column>,
    pub can_move: bool,
}

/// The caller's board.
///
/// # Errors
/// Only when the store fails.
pub async fn board(state: &AppState, caller: &Caller, wanted: &BoardWanted) -> Result<Board> {
    let now = state.now();
    let called_after = cool_offs::running_after(now, state.settings.cool_off_days);
    let filter = Filter {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone(),
        text: text_filter(&wanted.q),
        called_after,
        tag: None,
    };
    let in_state = STATES.into_iter().find(|name| *name == wanted.in_state);
    let mut connection = state.db.read().await?;
    let mut columns = columns(&mut connection, caller, called_after).await?;
    let counts: BTreeMap<String, i64> = store::numbers::column_counts(&mut connection, &filter, in_state).await?.into_iter().collect();
    let (most, least) = COLUMN_CARDS;
    let cards = i64::try_from((CARDS / columns.len().max(1)).clamp(least, most)).unwrap_or_default();
    let mut rows = store::numbers::board(&mut connection, &filter, in_state, cards).await?;
    if columns.iter().any(|column| column.id == wanted.open) {
        let (first, last) = OPENED_CARDS;
        let opened =
            store::numbers::column_cards(&mut connection, &filter, in_state, &wanted.open, wanted.cards.clamp(first, last)).await?;
        rows.retain(|(column, _)| *column != wanted.open);
        rows.extend(opened.into_iter().map(|listed| (wanted.open.clone(), listed)));
    }
    let (places, listed): (Vec<String>, Vec<ListedNumber>) = rows.into_iter().unzip();
    let mut cards: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for (place, line) in places.into_iter().zip(lines(&mut connection, listed, &state.settings, now).await?) {
        cards.entry(place).or_default().push(line);
    }
    for column in &mut columns {
        column.cards = cards.remove(&column.id).unwrap_or_default();
        column.count = counts.get(&column.id).copied().unwrap_or_default();
    }
    Ok(Board { now, total: counts.values().sum(), columns, can_move: caller.role >= Role::Member })
}

/// The caller's numbers with these ids, in this order, as cards; what is none of theirs is left out.
///
/// # Errors
/// Only when the store fails.
pub async fn cards(state: &AppState, caller: &Caller, ids: &[String]) -> Result<Vec<Line>> {
    let mut connection = state.db.read().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids.iter().take(MOST_AT_ONCE) {
        let listed = store::numbers::listed(&mut connection, id).await?;
        found.extend(listed.filter(|listed| {
            let number = &listed.number;
            number.organization_id == caller.organization_id && caller.sees(number.sub_account_id.as_deref()) && !number.is_gone()
        }));
    }
    lines(&mut connection, found, &state.settings, state.now()).await
}

/// All columns without their cards. Agents of sub-accounts have none: their numbers stand in the sub-account's, where each card names
/// its agent.
async fn columns(connection: &mut AnyConnection, caller: &Caller, called_after: Timestamp) -> Result<Vec<Column>> {
    let only = caller.sub_account_id.as_deref();
    let agents = store::agents::list(connection, &caller.organization_id, only).await?;
    let mut columns = vec![free(caller)];
    columns.extend(agents.iter().filter(|listed| listed.agent.sub_account_id.as_deref() == only).map(agent));
    if only.is_none() {
        let sub_accounts = store::sub_accounts::list(connection, &caller.organization_id, None, called_after).await?;
        columns.extend(sub_accounts.iter().map(sub_account));
    }
    Ok(columns)
}

fn column(id: String, kind: ColumnKind, name: &str, detail: String) -> Column {
    Column { id, kind, name: name.to_owned(), detail, lit: false, disabled: false, cards: Vec::new(), count: 0 }
}

fn free(caller: &Caller) -> Column {
    let detail = if caller.sub_account_id.is_some() { "No agent" } else { "In the pool, no agent" };
    column(String::from("free"), ColumnKind::Pool, "Free", detail.to_owned())
}

fn agent(listed: &store::agents::ListedAgent) -> Column {
    let agent = &listed.agent;
    let detail = match agent.published_version {
        Some(version) => format!("{}, v{version}", agent.kind.text()),
        None => format!("{}, draft only", agent.kind.text()),
    };
    let lit = agent.published_version.is_some();
    Column { lit, ..column(format!("agent:{}", agent.id), ColumnKind::Agent, &agent.name, detail) }
}

fn sub_account(listed: &store::sub_accounts::ListedSubAccount) -> Column {
    let sub_account = &listed.sub_account;
    let detail = if sub_account.disabled { "Sub-account, disabled" } else { "Sub-account" };
    let made = column(format!("sub:{}", sub_account.id), ColumnKind::SubAccount, &sub_account.name, detail.to_owned());
    Column { disabled: sub_account.disabled, ..made }
}
