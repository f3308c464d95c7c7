//! The board: every live number as a card in one column (R53). Its sub-account's if it is in one, else its agent's, else Free.

use std::collections::BTreeMap;

use super::{Line, line, text_filter};
use crate::domain::account::Role;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::cool_offs;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::Filter;

/// Cards that a column shows.
const CARDS: i64 = 200;

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

/// The caller's board. `q` keeps only cards with those digits, that word or that label.
///
/// # Errors
/// Only when the store fails.
pub async fn board(state: &AppState, caller: &Caller, q: &str) -> Result<Board> {
    let now = state.now();
    let called_after = cool_offs::running_after(now, state.settings.cool_off_days);
    let only = caller.sub_account_id.as_deref();
    let filter = Filter {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone(),
        text: text_filter(q),
        chip: None,
        called_after,
    };
    let mut connection = state.db.read().await?;
    let counts: BTreeMap<String, i64> = store::numbers::column_counts(&mut connection, &filter).await?.into_iter().collect();
    let mut cards: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for (column, listed) in store::numbers::board(&mut connection, &filter, CARDS).await? {
        cards.entry(column).or_default().push(line(listed, &state.settings, now));
    }
    let agents = store::agents::list(&mut connection, &caller.organization_id, only).await?;
    let mut columns = vec![free(caller)];
    // Agents of sub-accounts have no column: their numbers stand in the sub-account's, where each card names its agent.
    columns.extend(agents.iter().filter(|listed| listed.agent.sub_account_id.as_deref() == only).map(agent));
    if only.is_none() {
        let sub_accounts = store::sub_accounts::list(&mut connection, &caller.organization_id, None, called_after).await?;
        columns.extend(sub_accounts.iter().map(sub_account));
    }
    for column in &mut columns {
        column.cards = cards.remove(&column.id).unwrap_or_default();
        column.count = counts.get(&column.id).copied().unwrap_or_default();
    }
    Ok(Board { now, total: counts.values().sum(), columns, can_move: caller.role >= Role::Member })
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
