//! Prints how fast rentals are renewed: 100,000 of them in one catch-up, how long the writer was held at the longest, and how long somebody
//! else who writes meanwhile waits. It asserts nothing: machines differ. `RENTALS` in the environment asks for another number of them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on may end")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dialyard::domain::money::Micros;
use dialyard::domain::number::{Features, NumberType, Source};
use dialyard::domain::time::Timestamp;
use dialyard::server::carriers::Carriers;
use dialyard::server::clock::ManualClock;
use dialyard::server::config::Settings;
use dialyard::server::db::Db;
use dialyard::server::error::{Error, StoreError};
use dialyard::server::ids::Ids;
use dialyard::server::jobs::rentals;
use dialyard::server::payments::demo::DemoPayments;
use dialyard::server::seal::Seal;
use dialyard::server::search::Stock;
use dialyard::server::services::{accounts, operator};
use dialyard::server::state::AppState;
use dialyard::server::store;
use dialyard::server::store::ledger::{Memo, TransferKind};
use dialyard::server::store::numbers::NewOwnership;

const ORGANIZATIONS: usize = 50;
/// 2026-11-22T12:00:00Z
const START: Timestamp = Timestamp::from_seconds(1_795_348_800);

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(figures());
}

async fn figures() {
    let rentals: usize = std::env::var("RENTALS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().unwrap();
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    println!("build {}", if cfg!(debug_assertions) { "without optimisation" } else { "release" });
    let state = state(folder.path()).await;
    accounts::check_installation(&state).await.unwrap();
    let organizations = founded(&state).await;
    owned(&state, &organizations, rentals).await;
    renew(&state, rentals).await;
    let found = operator::verify_ledger(&state).await.unwrap();
    println!("ledger: {} transfers, {} faults", found.transfers, found.faults.len());
}

async fn state(folder: &Path) -> AppState {
    let ids = Ids::from_system();
    let seal = Seal::open(folder, &ids).unwrap();
    AppState {
        db: Db::open(&Db::sqlite_url(&folder.join("dialyard.db"))).await.unwrap(),
        clock: Arc::new(ManualClock::new(START)),
        ids: Arc::new(ids),
        settings: Arc::new(Settings { demo: true, data_dir: folder.to_owned(), ..Settings::default() }),
        carriers: Carriers::default(),
        payments: Some(Arc::new(DemoPayments)),
        stock: Arc::new(Stock::new()),
        seal: Arc::new(seal),
    }
}

/// Organizations whose wallets cover everything.
async fn founded(state: &AppState) -> Vec<String> {
    let mut founded = Vec::new();
    for index in 0..ORGANIZATIONS {
        let form = accounts::SignUpForm {
            organization: format!("Bench {index}"),
            name: String::from("Bench"),
            email: format!("bench-{index}@example.com"),
            password: String::from("a long enough secret"),
        };
        let id = accounts::found(state, form).await.unwrap().organization_id;
        let (ids, organization_id) = (state.ids.clone(), id.clone());
        let work = async move |connection: &mut sqlx::AnyConnection| {
            let (memo, new_id) = (Memo { description: "Bench".into(), ..Memo::default() }, || ids.next(START));
            let amount = Micros(1_000_000_000_000);
            store::ledger::credit(connection, &new_id, &organization_id, TransferKind::Adjustment, amount, &memo, START).await
        };
        state.db.write(work).await.map_err(|error: StoreError| error).unwrap();
        founded.push(id);
    }
    founded
}

/// Numbers that were bought a month ago, spread over a day.
async fn owned(state: &AppState, organizations: &[String], rentals: usize) {
    let begun = Instant::now();
    let all: Vec<usize> = (0..rentals).collect();
    for chunk in all.chunks(500) {
        let rows: Vec<NewOwnership> = chunk.iter().map(|index| ownership(*index, organizations)).collect();
        let work = async move |connection: &mut sqlx::AnyConnection| {
            for row in &rows {
                store::numbers::insert(connection, row).await?;
            }
            Ok::<_, Error>(())
        };
        state.db.write(work).await.unwrap();
    }
    println!("{rentals} numbers of {ORGANIZATIONS} organizations, written in {:.1} s", begun.elapsed().as_secs_f64());
}

fn ownership(index: usize, organizations: &[String]) -> NewOwnership {
    let spread = i64::try_from(index).unwrap() * 86_400 / 100_000;
    let anchor = START.plus_days(-31).plus_seconds(-spread);
    NewOwnership {
        id: format!("number-{index:07}"),
        e164: format!("+1415{index:07}"),
        organization_id: organizations[index % organizations.len()].clone(),
        sub_account_id: None,
        agent_id: None,
        source: Source::Purchased,
        verified: true,
        number_type: NumberType::Local,
        locality: String::from("San Francisco"),
        administrative_area: String::from("CA"),
        rate_center: String::from("SAN FRNCSC"),
        features: Features::VOICE,
        provider: String::from("c-1"),
        setup: Micros::ZERO,
        monthly: Micros(1_250_000),
        anchor_at: Some(anchor),
        next_billing_at: Some(START.plus_seconds(-spread)),
        periods_charged: 1,
        at: anchor,
    }
}

async fn renew(state: &AppState, rentals: usize) {
    let done = Arc::new(AtomicBool::new(false));
    let other = tokio::spawn(somebody_else(state.clone(), done.clone()));
    let (begun, mut charged, mut helds, mut pace) = (Instant::now(), 0, Vec::new(), rentals::Pace::new());
    loop {
        let (batch, held) = rentals::charge(state, pace.rentals()).await.unwrap();
        charged += batch.charged;
        helds.push(held);
        if !batch.more {
            break;
        }
        pace = pace.after(held);
    }
    let seconds = begun.elapsed().as_secs_f64();
    done.store(true, Ordering::SeqCst);
    let mut waits = other.await.unwrap();
    println!("{charged} of {rentals} renewed in {seconds:.1} s: {:.0} a second, {} transactions", charged as f64 / seconds, helds.len());
    println!("the writer was held, commit and whatever was committed along included: {}", spread(&mut helds));
    println!("another writer meanwhile, {} writes: {}", waits.len(), spread(&mut waits));
}

fn spread(times: &mut [Duration]) -> String {
    times.sort();
    let at = |part: usize| times.get(times.len().saturating_sub(1) * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1_000.0);
    format!("p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms", at(50), at(99), at(100))
}

/// Writes a small row every 20 ms and notes how long each took.
async fn somebody_else(state: AppState, done: Arc<AtomicBool>) -> Vec<Duration> {
    let mut waits = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let begun = Instant::now();
        let now = state.clock.now();
        let work = async move |connection: &mut sqlx::AnyConnection| store::settings::set(connection, "bench", "x", now).await;
        state.db.write(work).await.map_err(|error: StoreError| error).unwrap();
        waits.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    waits
}
