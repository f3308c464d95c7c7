//! Prints figures in one run: first start of the demo, searches beside SQL's LIKE on the same rows,
//! purchases beside the disk's own sync rate, memory. It asserts nothing: machines differ.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on may end")]

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dialyard::domain::account::Role;
use dialyard::domain::audit::{Actor, ActorKind, Channel};
use dialyard::domain::money::Micros;
use dialyard::domain::search::RawFilter;
use dialyard::server::carriers::Carriers;
use dialyard::server::clock::SystemClock;
use dialyard::server::config::Settings;
use dialyard::server::db::Db;
use dialyard::server::demo;
use dialyard::server::ids::Ids;
use dialyard::server::payments::demo::DemoPayments;
use dialyard::server::seal::Seal;
use dialyard::server::search::Stock;
use dialyard::server::services::accounts::{self, SignUpForm};
use dialyard::server::services::caller::Caller;
use dialyard::server::services::purchase::{Buy, buy};
use dialyard::server::services::search::{Query, Seeker, facets, search};
use dialyard::server::services::wallet;
use dialyard::server::state::AppState;

const ROUNDS: usize = 50;
const PURCHASES: usize = 400;

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(figures());
}

async fn figures() {
    let folder = tempfile::tempdir().unwrap();
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    println!("disk {:.0} syncs of 4 KiB a second", sync_rate(folder.path()));
    let state = state(folder.path()).await;
    let begun = Instant::now();
    accounts::check_installation(&state).await.unwrap();
    demo::prepare(&state).await.unwrap();
    println!("first start of the demo, 250,000 numbers: {:.1} s", begun.elapsed().as_secs_f64());
    searches(&state).await;
    purchases(&state).await;
    println!("memory at its highest: {}", peak_memory());
}

async fn state(folder: &Path) -> AppState {
    let ids = Ids::from_system();
    let seal = Seal::open(folder, &ids).unwrap();
    AppState {
        db: Db::open(&Db::sqlite_url(&folder.join("dialyard.db"))).await.unwrap(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(ids),
        settings: Arc::new(Settings { demo: true, data_dir: folder.to_owned(), ..Settings::default() }),
        carriers: Carriers::default(),
        payments: Some(Arc::new(DemoPayments)),
        stock: Arc::new(Stock::new()),
        seal: Arc::new(seal),
    }
}

/// How often a second this disk can put 4 KiB in a file and know that they are there.
fn sync_rate(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("sync")).unwrap();
    let begun = Instant::now();
    for _ in 0..200 {
        file.write_all(&[7; 4_096]).unwrap();
        file.sync_data().unwrap();
    }
    200.0 / begun.elapsed().as_secs_f64()
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    println!("{what:<58} p50 {:>8.2} ms   p99 {:>8.2} ms", at(0.5), at(0.99));
}

async fn searches(state: &AppState) {
    let none = RawFilter::default();
    let filters = [
        ("CAFE anywhere", RawFilter { q: "CAFE", ..none }, "%2233%"),
        ("415", RawFilter { area: "415", ..none }, "+1415%"),
        ("ends 00 in California", RawFilter { q: "00", at: "ends", state: "CA", ..none }, "%00"),
        ("nothing asked", none, "%"),
    ];
    for (what, filter, like) in filters {
        let (mut rows, mut counts, mut by_sql) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let query = Query { filter: filter.clone(), sort: "", cursor: "", limit: None, strict: true };
            let begun = Instant::now();
            let found = search(state, Seeker::new(None, false), &query).await.unwrap();
            rows.push(begun.elapsed());
            let begun = Instant::now();
            facets(state, Seeker::new(None, false), &filter).await.unwrap();
            counts.push(begun.elapsed());
            std::hint::black_box(found.total);
        }
        for _ in 0..10 {
            let begun = Instant::now();
            let mut connection = state.db.read().await.unwrap();
            let sql = "SELECT COUNT(*) FROM inventory WHERE state = 'available' AND e164 LIKE $1";
            let (_count,): (i64,) = sqlx::query_as(sql).bind(like).fetch_one(&mut *connection).await.unwrap();
            by_sql.push(begun.elapsed());
        }
        print(&format!("{what}: total and first rows"), rows);
        print(&format!("{what}: counts behind every filter"), counts);
        print(&format!("{what}: the total alone by SQL LIKE"), by_sql);
    }
}

async fn purchases(state: &AppState) {
    let form = SignUpForm {
        organization: String::from("Bench"),
        name: String::from("Bench"),
        email: String::from("bench@example.com"),
        password: String::from("a long enough secret"),
    };
    let founded = accounts::found(state, form).await.unwrap();
    let caller = Caller {
        organization_id: founded.organization_id,
        sub_account_id: None,
        actor: Actor::new(ActorKind::User, founded.user_id, "Bench"),
        role: Role::Owner,
        may_force: false,
        channel: Channel::Browser,
    };
    wallet::top_up(state, &caller, Micros(1_000_000_000_000), "bench").await.unwrap();
    let numbers = free_numbers(state).await;
    let (one_by_one, together) = numbers.split_at(PURCHASES / 4);
    let mut times = Vec::new();
    for number in one_by_one {
        let begun = Instant::now();
        buy(state, &caller, Buy { e164: number.clone(), ..Buy::default() }).await.unwrap();
        times.push(begun.elapsed());
    }
    print("purchase, one after the other, synchronous=FULL", times);
    let begun = Instant::now();
    let workers: Vec<_> = together
        .chunks(together.len() / 16)
        .map(|numbers| tokio::spawn(buy_all(state.clone(), caller.clone(), numbers.to_vec())))
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.unwrap());
    }
    println!("purchases by 16 at once: {:.0} a second", times.len() as f64 / begun.elapsed().as_secs_f64());
    print("purchase, 16 at once", times);
}

async fn buy_all(state: AppState, caller: Caller, numbers: Vec<String>) -> Vec<Duration> {
    let mut times = Vec::new();
    for number in numbers {
        let begun = Instant::now();
        buy(&state, &caller, Buy { e164: number, ..Buy::default() }).await.unwrap();
        times.push(begun.elapsed());
    }
    times
}

async fn free_numbers(state: &AppState) -> Vec<String> {
    let mut connection = state.db.read().await.unwrap();
    let sql = "SELECT e164 FROM inventory WHERE state = 'available' AND e164 NOT IN (SELECT e164 FROM holds) ORDER BY e164 LIMIT $1";
    let rows: Vec<(String,)> = sqlx::query_as(sql).bind(i64::try_from(PURCHASES).unwrap()).fetch_all(&mut *connection).await.unwrap();
    rows.into_iter().map(|(e164,)| e164).collect()
}

/// The most memory that this process ever had, as the kernel counts it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(|| String::from("unknown here"), |value| value.trim().to_owned())
}
