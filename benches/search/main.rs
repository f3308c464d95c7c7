//! One search, several ways, in one run on one machine: this index, SQLite's LIKE, SQLite's FTS5 with trigrams, PostgreSQL's pg_trgm.
//! Every way answers the same questions about the same numbers: the exact total and the first twenty rows. It asserts nothing but that
//! all ways find the same total: machines differ.
//!
//! `make bench-search` runs it at one and ten million numbers; `SIZES=1000000 make bench-search` at others.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on may end")]

mod engines;
mod inventory;

use std::time::{Duration, Instant};

use dialyard::domain::search::{Filter, RawFilter, Sort};
use dialyard::server::search::page::Ask;
use dialyard::server::search::{Claims, Stock};
use dialyard::server::store::inventory::Change;
use engines::Engine;

/// Each question is asked so often of the index.
const ROUNDS: usize = 300;
/// And so often of the others, which take longer.
const SLOW_ROUNDS: usize = 5;

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
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    println!("{}", processor());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for size in sizes.split(',').filter_map(|size| size.trim().parse::<usize>().ok()) {
        println!("\n{size} numbers");
        let rows = inventory::inventory(size);
        let totals = index(&rows, size);
        // The others are asked at the first and the last size only: they take minutes to build.
        if size != 5_000_000 {
            runtime.block_on(engines(&rows, &totals));
        }
    }
}

/// The index: how long it takes to build, its size, and its answers.
fn index(rows: &[Change], size: usize) -> Vec<u64> {
    let stock = Stock::new();
    let copy = rows.to_vec();
    let begun = Instant::now();
    stock.fill(copy.into_iter());
    println!("index: built in {:.2} s, {:.1} bytes a number", begun.elapsed().as_secs_f64(), stock.bytes() as f64 / size as f64);
    let claims = Claims::default();
    let mut totals = Vec::new();
    for (what, raw, _) in questions() {
        let filter = Filter::parse(&raw).unwrap();
        let ask = |sort, filter: &Filter| Ask { filter: filter.clone(), sort, after: None, limit: 20, deepest: None, widen: false };
        let by_number = ask(Sort::Number, &filter);
        let best_first = ask(Sort::Memorability, &filter);
        totals.push(stock.page(&claims, &by_number).total);
        print(&format!("index: {what}, total and first rows"), ROUNDS, || stock.page(&claims, &best_first));
        print(&format!("index: {what}, counts behind every filter"), ROUNDS / 3, || stock.facets(&claims, &filter, "USD"));
    }
    let sold: Vec<Change> = rows.iter().step_by(rows.len() / 1_000).map(|row| Change { available: false, ..row.clone() }).collect();
    let (begun, sales) = (Instant::now(), sold.len());
    sold.into_iter().for_each(|row| stock.apply(row));
    println!("index: one sale applied in {:.1} microseconds", begun.elapsed().as_secs_f64() * 1e6 / sales as f64);
    totals
}

async fn engines(rows: &[Change], totals: &[u64]) {
    for engine in Engine::ALL {
        let begun = Instant::now();
        let Some(mut built) = engine.build(rows).await else {
            println!("{}: skipped, {}", engine.name(), engine.missing());
            continue;
        };
        println!("{}: built in {:.1} s", engine.name(), begun.elapsed().as_secs_f64());
        for ((what, _, like), expected) in questions().into_iter().zip(totals) {
            let Some(like) = like else { continue };
            let mut times = Vec::new();
            for _ in 0..SLOW_ROUNDS {
                let begun = Instant::now();
                let total = built.total_and_first_rows(like).await;
                times.push(begun.elapsed());
                assert_eq!(total, *expected, "{} finds the same for {what}", engine.name());
            }
            told(&format!("{}: {what}, total and first rows", engine.name()), times);
        }
    }
}

fn print<T>(what: &str, rounds: usize, ask: impl Fn() -> T) {
    let times = (0..rounds).map(|_| {
        let begun = Instant::now();
        std::hint::black_box(ask());
        begun.elapsed()
    });
    told(what, times.collect());
}

fn told(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    println!("{what:<64} least {:>9.3} ms   p50 {:>9.3} ms   p99 {:>9.3} ms", at(0.0), at(0.5), at(0.99));
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line =
        |name: &str| text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value);
    let flags: Vec<&str> = line("flags").split(' ').filter(|flag| ["popcnt", "bmi1", "avx2", "avx512f"].contains(flag)).collect();
    format!("{}, {}", line("model name"), flags.join(" "))
}
