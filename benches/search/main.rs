//! One search, several ways, in one run on one machine: this index, SQLite's LIKE, SQLite's FTS5 with trigrams, PostgreSQL's pg_trgm.
//! Every way answers the same questions about the same numbers: the exact total and the first twenty rows. It asserts nothing but that
//! all ways find the same total: machines differ.
//!
//! `make bench-search` runs it at one, five and ten million numbers; `SIZES=1000000 make bench-search` at others, and with `ONLY_INDEX=1`
//! the others are left aside. `QUESTION=CAFE` asks only the questions with that in their name.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on may end")]

mod engines;
mod inventory;
mod postgres;

use std::time::{Duration, Instant};

use dialyard::domain::search::{Filter, RawFilter, Sort};
use dialyard::server::search::page::Ask;
use dialyard::server::search::{Claims, Stock};
use dialyard::server::store::inventory::Change;
use engines::Engine;
use inventory::Inventory;

/// Each question is asked so often of the index.
const ROUNDS: usize = 300;

/// What is asked: its name, the filter, and what a pattern of LIKE would be, where one can say it.
fn questions() -> Vec<(&'static str, RawFilter<'static>, Option<&'static str>)> {
    let all = RawFilter { country: "US,CA", ..RawFilter::default() };
    vec![
        ("CAFE anywhere", RawFilter { q: "CAFE", ..all }, Some("%2233%")),
        ("CAT anywhere", RawFilter { q: "CAT", ..all }, Some("%228%")),
        ("FLOWERS anywhere", RawFilter { q: "FLOWERS", ..all }, Some("%3569377%")),
        ("22 anywhere", RawFilter { q: "22", ..all }, Some("%22%")),
        ("7 anywhere", RawFilter { q: "7", ..all }, Some("%7%")),
        ("2?3*9", RawFilter { q: "2?3*9", ..all }, Some("%2_3%9%")),
        ("1*2*3", RawFilter { q: "1*2*3", ..all }, Some("%1%2%3%")),
        ("=AABB", RawFilter { q: "=AABB", ..all }, None),
        ("=ABCD", RawFilter { q: "=ABCD", ..all }, None),
        ("=ABCDABCD", RawFilter { q: "=ABCDABCD", ..all }, None),
        ("2233 at the end", RawFilter { q: "2233", at: "ends", ..all }, Some("%2233")),
        ("415 at the start", RawFilter { q: "415", at: "starts", ..all }, Some("415%")),
        ("415???2233", RawFilter { q: "415???2233", at: "pattern", ..all }, Some("415___2233")),
        ("area code 415", RawFilter { area: "415", ..all }, None),
        ("2233 in San Francisco", RawFilter { q: "2233", city: "San Francisco", ..all }, None),
        ("California, SMS, up to 2", RawFilter { state: "CA", features: "sms", max_monthly: "2", ..all }, None),
        ("nothing asked", all, None),
    ]
}

fn main() {
    let sizes = std::env::var("SIZES").unwrap_or_else(|_| String::from("1000000,5000000,10000000"));
    let only_index = std::env::var("ONLY_INDEX").is_ok();
    println!("{}", processor());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for size in sizes.split(',').filter_map(|size| size.trim().parse::<usize>().ok()) {
        let rows = Inventory::new(size);
        println!("\n{size} numbers, load {}", load());
        let answers = index(&rows, size);
        if !only_index {
            runtime.block_on(engines(&rows, &answers));
        }
    }
    println!("\nload at the end {}", load());
}

/// What the index said to a question, and its p50.
struct Answered {
    total: u64,
    p50: Duration,
}

/// The index: how long it takes to build, its size, and its answers.
fn index(rows: &Inventory, size: usize) -> Vec<Answered> {
    let begun = Instant::now();
    rows.changes(1).for_each(|row| drop(std::hint::black_box(row)));
    let making = begun.elapsed();
    let stock = Stock::new();
    let begun = Instant::now();
    stock.fill(rows.changes(1));
    let built = begun.elapsed().saturating_sub(making);
    println!("index: built in {:.2} s, {:.1} bytes a number", built.as_secs_f64(), stock.bytes() as f64 / size as f64);
    let claims = Claims::default();
    let mut answers = Vec::new();
    let only = std::env::var("QUESTION").unwrap_or_default();
    for (what, raw, _) in questions().into_iter().filter(|(what, ..)| what.contains(&only)) {
        let filter = Filter::parse(&raw).unwrap();
        let ask = Ask { filter: filter.clone(), sort: Sort::Memorability, after: None, limit: 20, deepest: None, widen: false };
        let total = stock.page(&claims, &ask).total;
        let p50 = print(&format!("index: {what}, total {total} and first rows"), ROUNDS, || stock.page(&claims, &ask));
        print(&format!("index: {what}, counts behind every filter"), ROUNDS / 3, || stock.facets(&claims, &filter, "USD"));
        answers.push(Answered { total, p50 });
    }
    let sold: Vec<Change> = rows.changes(size / 1_000).map(|row| Change { available: false, ..row }).collect();
    let (begun, sales) = (Instant::now(), sold.len());
    sold.into_iter().for_each(|row| stock.apply(row));
    println!("index: one sale applied in {:.1} microseconds", begun.elapsed().as_secs_f64() * 1e6 / sales as f64);
    answers
}

async fn engines(rows: &Inventory, answers: &[Answered]) {
    for engine in Engine::ALL {
        let begun = Instant::now();
        let mut built = match engine.build(rows).await {
            Ok(built) => built,
            Err(reason) => {
                println!("{}: skipped, {reason}", engine.name());
                continue;
            }
        };
        println!("{}: built in {:.1} s; each question is asked {} times", engine.name(), begun.elapsed().as_secs_f64(), engine.rounds());
        let mut ratios = Vec::new();
        let only = std::env::var("QUESTION").unwrap_or_default();
        for ((what, _, like), expected) in questions().into_iter().filter(|(what, ..)| what.contains(&only)).zip(answers) {
            let Some(like) = like else { continue };
            let mut times = Vec::new();
            for _ in 0..engine.rounds() {
                let (total, took) = built.total_and_first_rows(like).await;
                assert_eq!(total, expected.total, "{} finds the same for {what}", engine.name());
                times.push(took);
            }
            let p50 = told(&format!("{}: {what}, total and first rows", engine.name()), times);
            ratios.push((p50.as_secs_f64() / expected.p50.as_secs_f64(), what));
        }
        ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
        let at = |index: usize| ratios.get(index).map_or_else(String::new, |(ratio, what)| format!("{ratio:.0} ({what})"));
        println!("{} takes longer by: least {}, middle {}, most {}", engine.name(), at(0), at(ratios.len() / 2), at(ratios.len() - 1));
    }
}

fn print<T>(what: &str, rounds: usize, ask: impl Fn() -> T) -> Duration {
    let times = (0..rounds).map(|_| {
        let begun = Instant::now();
        std::hint::black_box(ask());
        begun.elapsed()
    });
    told(what, times.collect())
}

/// Prints times, and answers the middle one.
fn told(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    let shown = |part: f64| at(part).as_secs_f64() * 1_000.0;
    println!("{what:<70} least {:>9.3} ms   p50 {:>9.3} ms   p99 {:>9.3} ms", shown(0.0), shown(0.5), shown(0.99));
    at(0.5)
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line =
        |name: &str| text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value);
    let flags: Vec<&str> = line("flags").split(' ').filter(|flag| ["popcnt", "bmi1", "avx2", "avx512f"].contains(flag)).collect();
    format!("{}, {}", line("model name"), flags.join(" "))
}
