//! Orders of all organizations for the operator's page: what is under way, what is stuck, and what one order went through.

use crate::domain::audit::Actor;
use crate::domain::code::Code;
use crate::domain::order::OrderState;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::orders::finish;
use crate::server::services::cursor::{self, Found};
use crate::server::services::numbers::text_filter;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::orders::{Group, ListedOrder, RecordedStep};

/// Rows of one page.
const PAGE: usize = 50;

/// The groups with their words, in order. The first one counts for names that are none.
pub const GROUPS: [(&str, &str, Group); 5] = [
    ("all", "All", Group::All),
    ("stuck", "Stuck", Group::In(OrderState::Stuck)),
    ("under_way", "Under way", Group::UnderWay),
    ("completed", "Completed", Group::In(OrderState::Completed)),
    ("failed", "Failed", Group::In(OrderState::Failed)),
];

/// What the operator looks for; empty texts look for everything.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Digits of the number, part of the organization's name, or the order's reference.
    pub text: String,
    /// One of [`GROUPS`].
    pub group: String,
    pub cursor: String,
}

/// One page of them.
#[derive(Debug, Clone)]
pub struct Everybody {
    pub now: Timestamp,
    pub found: Found<ListedOrder>,
    /// How many are in each of [`GROUPS`], in their order.
    pub counts: [i64; GROUPS.len()],
}

/// One order with everything that is known of it.
#[derive(Debug, Clone)]
pub struct Inspected {
    pub now: Timestamp,
    pub listed: ListedOrder,
    pub buyer: Actor,
    /// Who supplies the number.
    pub provider: String,
    pub sub_account: Option<String>,
    /// Who shall answer it; none too where the agent was deleted since.
    pub agent: Option<String>,
    pub steps: Vec<RecordedStep>,
}

/// A page of the orders of all organizations, the latest first.
///
/// # Errors
/// `validation` for a cursor of another list.
pub async fn everybody(state: &AppState, wanted: &Wanted) -> Result<Everybody> {
    let after = cursor::decode_at(Some(wanted.cursor.as_str()))?;
    let text = text_filter(&wanted.text);
    let chosen = GROUPS.iter().position(|(name, ..)| *name == wanted.group).unwrap_or_default();
    let group = GROUPS.get(chosen).map_or(Group::All, |(_, _, group)| *group);
    let mut connection = state.db.read().await?;
    let by_state = store::orders::count_by_state(&mut connection, text.as_ref()).await?;
    let counts = GROUPS.map(|(_, _, group)| by_state.iter().filter(|(state, _)| holds(group, *state)).map(|(_, count)| count).sum());
    let rows = store::orders::everybody(&mut connection, text.as_ref(), group, after, cursor::rows(PAGE)).await?;
    let total = counts.get(chosen).copied().unwrap_or_default();
    let cursor_of = |row: &ListedOrder| cursor::encode(&[&row.order.created_at.micros().to_string(), &row.order.id]);
    Ok(Everybody { now: state.now(), found: Found::new(rows, total, PAGE, cursor_of), counts })
}

fn holds(group: Group, state: OrderState) -> bool {
    match group {
        Group::All => true,
        Group::UnderWay => state.is_live() && state != OrderState::Stuck,
        Group::In(only) => state == only,
    }
}

/// One order of any organization, with its recorded steps.
///
/// # Errors
/// `not_found`.
pub async fn inspect(state: &AppState, id: &str) -> Result<Inspected> {
    let mut connection = state.db.read().await?;
    let listed = store::orders::find_listed(&mut connection, id).await?.ok_or(Code::NotFound)?;
    let order = &listed.order;
    let stock = store::inventory::find(&mut connection, &order.e164).await?;
    let sub_account = match &order.sub_account_id {
        Some(id) => store::sub_accounts::find(&mut connection, &order.organization_id, id).await?.map(|found| found.name),
        None => None,
    };
    let agent = match &order.agent_id {
        Some(id) => store::agents::find(&mut connection, &order.organization_id, id).await?.map(|found| found.name),
        None => None,
    };
    let steps = store::orders::recorded_steps(&mut connection, id).await?;
    Ok(Inspected {
        now: state.now(),
        buyer: finish::actor(order),
        provider: stock.map(|stock| stock.provider).unwrap_or_default(),
        sub_account,
        agent,
        steps,
        listed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_in_all_and_in_one_group_more() {
        for state in OrderState::ALL {
            let groups = GROUPS.iter().filter(|(_, _, group)| holds(*group, state)).count();
            assert_eq!(groups, 2, "{}", state.name());
        }
    }
}
