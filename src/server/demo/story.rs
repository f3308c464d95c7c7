//! The demo's past, made by the real services under a clock that is moved through it: rentals fall due, and the wallet is topped up
//! when it runs low. What happens when is told by the modules beside this one.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::account::Role;
use crate::domain::audit::{Actor, ActorKind, Channel};
use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::number::{NumberType, StockState};
use crate::domain::rental::period_due;
use crate::domain::time::Timestamp;
use crate::server::clock::{Clock, ManualClock};
use crate::server::error::{Error, Result};
use crate::server::ids::Ids;
use crate::server::jobs::rentals;
use crate::server::services::caller::Caller;
use crate::server::services::calls::{self, Report, Reporter};
use crate::server::services::purchase::{self, Buy};
use crate::server::services::wallet;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::calls::Direction;
use crate::server::store::inventory::bulk::NewStock;

/// What people of the demo top up at once.
const TOP_UP: Micros = Micros(50 * MICROS_PER_UNIT);
/// Below this they top up before they spend.
const LOW: Micros = Micros(5 * MICROS_PER_UNIT);
/// The highest month of a number that is nothing special.
const PLAIN_LOCAL: Micros = Micros(1_500_000);
const PLAIN_TOLL_FREE: Micros = Micros(2_600_000);

/// A number that rental is paid for.
#[derive(Debug, Clone)]
struct Rented {
    caller: Caller,
    ownership_id: String,
    monthly: Micros,
    anchor: Timestamp,
    periods: u32,
}

/// The past as it is being made.
pub struct Story {
    /// The installation with the clock of the story.
    pub state: AppState,
    clock: Arc<ManualClock>,
    present: Timestamp,
    ids: Ids,
    stock: Arc<Vec<NewStock>>,
    used: HashSet<String>,
    rented: Vec<Rented>,
}

impl Story {
    /// A story that begins `ago_s` seconds before now.
    pub fn begin(state: &AppState, stock: Arc<Vec<NewStock>>, seed: u64, ago_s: i64) -> Self {
        let present = state.now();
        let clock = Arc::new(ManualClock::new(present.plus_seconds(-ago_s)));
        let state = AppState { clock: clock.clone(), ..state.clone() };
        Self { state, clock, present, ids: Ids::seeded(seed), stock, used: HashSet::new(), rented: Vec::new() }
    }

    /// A story of other people over the same days, with none of the numbers of this one.
    pub fn beside(self, seed: u64, ago_s: i64) -> Self {
        self.clock.set(self.present.plus_seconds(-ago_s));
        Self { ids: Ids::seeded(seed), rented: Vec::new(), ..self }
    }

    /// Goes on to `ago_s` seconds before now; rentals that fall due until then are paid on their day. The clock never goes back.
    pub async fn at(&mut self, ago_s: i64) -> Result<()> {
        let to = self.present.plus_seconds(-ago_s.max(0)).max(self.clock.now());
        while let Some((index, due)) = self.next_due().filter(|(_, due)| *due <= to) {
            self.clock.set(due);
            self.pay(index).await?;
        }
        self.clock.set(to);
        Ok(())
    }

    /// A number below `bound`, the same in each demo.
    pub fn below(&self, bound: u64) -> i64 {
        i64::try_from(self.ids.below(bound)).unwrap_or_default()
    }

    fn next_due(&self) -> Option<(usize, Timestamp)> {
        let due = |(index, rented): (usize, &Rented)| (index, period_due(rented.anchor, rented.periods));
        self.rented.iter().enumerate().map(due).min_by_key(|(_, due)| *due)
    }

    async fn pay(&mut self, index: usize) -> Result<()> {
        let Some(rented) = self.rented.get(index).cloned() else { return Ok(()) };
        self.keep_above(&rented.caller, rented.monthly).await?;
        rentals::charge(&self.state, 1).await?;
        if let Some(rented) = self.rented.get_mut(index) {
            rented.periods += 1;
        }
        Ok(())
    }

    /// Tops up until the wallet covers `amount` and a little more.
    pub async fn keep_above(&self, caller: &Caller, amount: Micros) -> Result<()> {
        loop {
            let mut connection = self.state.db.read().await?;
            let available = store::ledger::balances(&mut connection, &caller.organization_id).await?.available();
            drop(connection);
            if available.0 >= amount.0.saturating_add(LOW.0) {
                return Ok(());
            }
            wallet::top_up(&self.state, caller, TOP_UP, &self.state.new_id()).await?;
        }
    }

    /// A number that is nothing special, in that area code and city if there is one.
    pub fn pick(&mut self, area_code: &str, locality: &str) -> Result<String> {
        let stock = Arc::clone(&self.stock);
        let toll_free = area_code.starts_with('8') && locality.is_empty();
        let plain = |row: &&NewStock| {
            row.state == StockState::Available
                && !self.used.contains(&row.e164)
                && row.monthly <= if toll_free { PLAIN_TOLL_FREE } else { PLAIN_LOCAL }
                && (row.number_type == NumberType::TollFree) == toll_free
        };
        let in_area = |row: &&NewStock| row.e164.get(2..5) == Some(area_code);
        let in_city = |row: &&NewStock| row.locality == locality;
        let mut rows: Vec<&NewStock> = stock.iter().filter(plain).filter(in_area).filter(in_city).collect();
        if rows.is_empty() {
            rows = stock.iter().filter(plain).collect();
        }
        let at = usize::try_from(self.ids.below(u64::try_from(rows.len()).unwrap_or(u64::MAX))).unwrap_or_default();
        let row = rows.get(at).ok_or_else(|| Error::Internal(String::from("the demo's stock is too small for its story")))?;
        self.used.insert(row.e164.clone());
        Ok(row.e164.clone())
    }

    /// Buys a number, with a top-up before it where the wallet is low. Answers the id of the ownership.
    pub async fn buy(&mut self, caller: &Caller, e164: &str) -> Result<String> {
        let quote = purchase::quote(&self.state, caller, e164).await?;
        self.keep_above(caller, quote.due_now).await?;
        let wish = Buy { e164: e164.to_owned(), max_price: Some(quote.due_now), request_key: Some(self.state.new_id()), ..Buy::default() };
        let order = purchase::buy(&self.state, caller, wish).await?;
        let ownership_id = order.ownership_id.ok_or_else(|| Error::Internal(String::from("a demo order was not completed")))?;
        self.rented.push(Rented {
            caller: caller.clone(),
            ownership_id: ownership_id.clone(),
            monthly: order.monthly,
            anchor: self.state.now(),
            periods: 1,
        });
        Ok(ownership_id)
    }

    /// Pays no more rental for a number: it was released.
    pub fn stop_rental(&mut self, ownership_id: &str) {
        self.rented.retain(|rented| rented.ownership_id != ownership_id);
    }

    /// The switch reports a call that has just ended.
    pub async fn call(&self, e164: &str, duration_s: i64) -> Result<()> {
        let now = self.state.now();
        let reporter = Reporter::Platform { actor: Actor::system("switch"), channel: Channel::Native };
        let report = Report {
            call_id: self.state.new_id(),
            e164: e164.to_owned(),
            direction: if self.ids.below(5) == 0 { Direction::Outbound } else { Direction::Inbound },
            started_at: now.plus_seconds(-duration_s),
            ended_at: Some(now),
        };
        calls::report(&self.state, &reporter, &report).await.map(|_| ())
    }
}

/// Somebody of the demo, in the browser.
pub fn person(organization_id: &str, sub_account_id: Option<&str>, user_id: &str, name: &str, role: Role) -> Caller {
    Caller {
        organization_id: organization_id.to_owned(),
        sub_account_id: sub_account_id.map(str::to_owned),
        actor: Actor::new(ActorKind::User, user_id, name),
        role,
        may_force: false,
        channel: Channel::Browser,
    }
}
