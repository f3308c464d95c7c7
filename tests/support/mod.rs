//! The server's inside in one process, over a real database file: fixed clock, seeded ids, a scriptable carrier.
//!
//! Each test takes what it needs; what one test file does not use is not dead for the others.
#![allow(dead_code, reason = "every test file is a crate of its own and uses a part of this")]

pub mod carrier;
pub mod contract;
pub mod owned;
pub mod receiver;

use std::path::PathBuf;
use std::sync::Arc;

use dialyard::domain::account::Role;
use dialyard::domain::audit::{Actor, ActorKind, Channel};
use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, NumberType, StockState};
use dialyard::domain::time::Timestamp;
use dialyard::server::carriers::Carriers;
use dialyard::server::clock::ManualClock;
use dialyard::server::config::{ImportPolicy, Settings};
use dialyard::server::db::Db;
use dialyard::server::ids::Ids;
use dialyard::server::payments::demo::DemoPayments;
use dialyard::server::seal::Seal;
use dialyard::server::search::Stock;
use dialyard::server::services::accounts::{self, SignUpForm};
use dialyard::server::services::caller::Caller;
use dialyard::server::services::wallet;
use dialyard::server::state::AppState;
use dialyard::server::store;
use dialyard::server::store::inventory::bulk::{self, NewStock};
use dialyard::server::store::ledger::{Memo, TransferKind};

/// 2026-11-22T12:00:00Z
pub const START: Timestamp = Timestamp::from_seconds(1_795_348_800);
/// The carrier row that [`TestApp::stock`] files numbers under when nothing else is asked.
pub const OWN_STOCK: &str = "carrier-own";
/// The carrier row of a [`carrier::ScriptedCarrier`].
pub const SCRIPTED: &str = "carrier-scripted";

/// One installation.
pub struct TestApp {
    pub state: AppState,
    pub clock: Arc<ManualClock>,
    /// Holds the database file until the test ends; none when the test keeps it itself.
    folder: Option<tempfile::TempDir>,
}

impl TestApp {
    /// A new installation with the operator's own stock as its only carrier.
    pub async fn new() -> Self {
        Self::with(Carriers::default(), |_| ()).await
    }

    /// A new installation with these carriers, after `change` had its say about the settings.
    pub async fn with(carriers: Carriers, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut app = Self::at(folder.path().to_owned(), carriers, 7, change).await;
        app.folder = Some(folder);
        app
    }

    /// An installation in a folder that may hold one already: what a restart does. `seed` keeps ids of two lives apart.
    pub async fn at(folder: PathBuf, carriers: Carriers, seed: u64, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings { data_dir: folder.clone(), import_policy: ImportPolicy::Open, ..Settings::default() };
        change(&mut settings);
        let clock = Arc::new(ManualClock::new(START));
        let ids = Ids::seeded(seed);
        let seal = Seal::open(&folder, &ids).expect("a key");
        let state = AppState {
            db: Db::open(&Db::sqlite_url(&folder.join("dialyard.db"))).await.expect("the database opens"),
            clock: clock.clone(),
            ids: Arc::new(ids),
            settings: Arc::new(settings),
            carriers,
            payments: Some(Arc::new(DemoPayments)),
            stock: Arc::new(Stock::new()),
            seal: Arc::new(seal),
        };
        accounts::check_installation(&state).await.expect("an installation");
        Self { state, clock, folder: None }
    }

    /// An organization with its owner and `funds` whole currency units in its wallet; the owner as a caller.
    pub async fn organization(&self, name: &str, funds: i64) -> Caller {
        let form = SignUpForm {
            organization: name.to_owned(),
            name: format!("{name} Owner"),
            email: format!("owner@{}.example", name.to_lowercase().replace(' ', "-")),
            password: String::from("a long enough secret"),
        };
        let founded = accounts::found(&self.state, form).await.expect("an organization");
        let caller = Caller {
            organization_id: founded.organization_id,
            sub_account_id: None,
            actor: Actor::new(ActorKind::User, founded.user_id, format!("{name} Owner")),
            role: Role::Owner,
            may_force: false,
            channel: Channel::Browser,
        };
        if funds > 0 {
            let amount = Micros(funds * 1_000_000);
            wallet::top_up(&self.state, &caller, amount, &format!("funds-{name}")).await.expect("a top-up");
        }
        caller
    }

    /// Puts numbers on sale: setup 1.00, monthly 1.25.
    pub async fn stock(&self, carrier: &str, e164s: &[&str]) {
        let name = carrier.to_owned();
        let carrier = {
            let (name, now) = (name.clone(), START);
            self.state.db.write(async move |connection| bulk::carrier(connection, &name, &name, now).await).await.expect("a carrier")
        };
        let rows: Vec<NewStock> = e164s.iter().map(|e164| stock_row(e164, &carrier)).collect();
        self.state.db.write(async move |connection| bulk::insert(connection, &rows, START).await).await.expect("stock");
    }

    /// What is in the wallet: balance and what is set aside of it.
    pub async fn wallet(&self, caller: &Caller) -> (Micros, Micros) {
        let mut connection = self.state.db.read().await.expect("a reader");
        let balances = store::ledger::balances(&mut connection, &caller.organization_id).await.expect("balances");
        (balances.balance, balances.set_aside)
    }

    /// Takes money out of a wallet as a dispute does; what is not there is owed from then on.
    pub async fn dispute(&self, organization_id: &str, amount: Micros) {
        let (ids, now, organization_id) = (self.state.ids.clone(), self.state.now(), organization_id.to_owned());
        let write = self.state.db.write(async move |connection| {
            let (memo, new_id) = (Memo { description: "Dispute".into(), ..Memo::default() }, || ids.next(now));
            store::ledger::take_back(connection, &new_id, &organization_id, TransferKind::Dispute, amount, &memo, now).await
        });
        write.await.expect("written");
    }

    /// Leaves so much in a wallet.
    pub async fn drain_to(&self, caller: &Caller, left: Micros) {
        let (balance, _) = self.wallet(caller).await;
        self.dispute(&caller.organization_id, Micros(balance.0 - left.0)).await;
    }

    /// One number out of the database, for what no service tells.
    pub async fn scalar(&self, sql: &'static str) -> i64 {
        let mut connection = self.state.db.read().await.expect("a reader");
        let (value,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *connection).await.expect("a number");
        value
    }

    /// One text out of the database.
    pub async fn text(&self, sql: &'static str) -> String {
        let mut connection = self.state.db.read().await.expect("a reader");
        let (value,): (String,) = sqlx::query_as(sql).fetch_one(&mut *connection).await.expect("a text");
        value
    }
}

/// A San Francisco number at 1.00 setup and 1.25 a month.
pub fn stock_row(e164: &str, carrier: &str) -> NewStock {
    NewStock {
        e164: e164.to_owned(),
        country: "US".into(),
        carrier_id: carrier.into(),
        number_type: NumberType::Local,
        locality: "San Francisco".into(),
        administrative_area: "CA".into(),
        rate_center: "SAN FRNCSC".into(),
        features: Features::from_bits(19),
        setup: Micros(1_000_000),
        monthly: Micros(1_250_000),
        state: StockState::Available,
    }
}
