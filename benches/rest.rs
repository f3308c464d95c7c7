//! Prints how many REST requests a second the release program answers: searches, lists and purchases, over HTTP with connections kept
//! open, on a demo of its own. It asserts nothing but that each answer is a success: machines differ.
//!
//! `DIALYARD_BINARY` names the program. `NUMBERS=10000000` imports so many numbers while the server runs, before anything is measured. The
//! limit of requests a key is switched off by its setting. The clients run on the same machine as the server and take their part of it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on may end")]

#[allow(dead_code, reason = "the comparison of searches uses the rest")]
#[path = "search/inventory.rs"]
mod inventory;

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

const READERS: usize = 32;
const BUYERS: usize = 16;
const READS: usize = 20_000;
const PURCHASES: usize = 2_000;

/// A program of its own, killed at the end.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

#[derive(Clone)]
struct Target {
    address: String,
    key: String,
}

struct Client {
    target: Target,
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    async fn connect(target: &Target) -> Self {
        let stream = tokio::net::TcpStream::connect(&target.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { target: target.clone(), sender }
    }

    async fn ask(&mut self, method: &str, path: &str, body: Option<Value>) -> Value {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", &self.target.address)
            .header("authorization", format!("Bearer {}", self.target.key))
            .header("content-type", "application/json")
            .body(Full::new(body))
            .unwrap();
        self.sender.ready().await.unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap()
    }
}

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(figures());
}

async fn figures() {
    let program = std::env::var("DIALYARD_BINARY").expect("DIALYARD_BINARY names the release program");
    let folder = tempfile::tempdir().unwrap();
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let (server, target) = start(&program, folder.path()).await;
    if let Some(numbers) = std::env::var("NUMBERS").ok().and_then(|numbers| numbers.parse().ok()) {
        import(&program, folder.path(), &target, numbers).await;
    }
    let by_filter = ["", "&areaCode=415", "&administrativeArea=CA&sort=price", "&numberType=toll_free", "&locality=Chicago&sort=number"];
    read("search by filters", &target, &by_filter.map(|query| format!("/numbers/search?limit=20{query}"))).await;
    let by_pattern =
        ["contains=CAFE", "startsWith=1212", "contains=777", "endsWith=00&administrativeArea=CA", "shape=AABB", "endsWith=FLY"];
    read("search by patterns", &target, &by_pattern.map(|query| format!("/numbers/search?limit=20&{query}"))).await;
    // No two alike, so that nothing can be remembered from one to the next.
    let different: Vec<String> = (0..READS).map(|at| format!("/numbers/search?limit=20&contains={:04}", (at * 7_919) % 10_000)).collect();
    read("search, any 4 digits", &target, &different).await;
    let with_counts = by_pattern.map(|query| format!("/numbers/search?limit=20&facets=true&{query}"));
    read("search with counts", &target, &with_counts).await;
    read("GET /numbers", &target, &[String::from("/numbers?limit=20")]).await;
    buy(&target).await;
    println!("memory of the server at its highest: {}", peak_memory(server.0.id()));
}

/// The head of a file of stock.
const CSV_HEAD: &str = "e164,provider,number_type,locality,administrative_area,rate_center,features,setup_cost,monthly_cost\n";

/// A number as a line of such a file.
fn csv_line(row: &dialyard::server::store::inventory::Change) -> String {
    let features = row.features.names().join("|");
    format!(
        "{},{},{},{},{},{},{features},{},{}\n",
        row.e164,
        row.provider,
        row.number_type.name(),
        row.locality,
        row.administrative_area,
        row.rate_center,
        row.setup.decimal(),
        row.monthly.decimal()
    )
}

/// Imports numbers from a file while the server runs, and waits until it finds them.
async fn import(program: &str, folder: &Path, target: &Target, numbers: usize) {
    let path = folder.join("numbers.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    file.write_all(CSV_HEAD.as_bytes()).unwrap();
    for row in inventory::Inventory::new(numbers).changes(1) {
        file.write_all(csv_line(&row).as_bytes()).unwrap();
    }
    drop(file);
    let mut client = Client::connect(target).await;
    let before = found(&mut client).await;
    let begun = Instant::now();
    let ended = Command::new(program).args(["inventory", "import"]).arg(&path).arg("--data-dir").arg(folder).stderr(Stdio::null()).status();
    assert!(ended.unwrap().success(), "the import ends well");
    let took = begun.elapsed();
    // A few of the numbers are in the demo's stock already.
    let mut now = found(&mut client).await;
    while now < before + numbers * 9 / 10 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        now = found(&mut client).await;
    }
    let later = begun.elapsed().saturating_sub(took);
    println!(
        "{numbers} numbers imported in {:.0} s; {:.0} s later the running server finds {now}",
        took.as_secs_f64(),
        later.as_secs_f64()
    );
}

/// How many numbers a search without any filter finds.
async fn found(client: &mut Client) -> usize {
    let page = client.ask("GET", "/numbers/search?country=US,CA&limit=1", None).await;
    page["pagination"]["total"].as_u64().and_then(|total| usize::try_from(total).ok()).unwrap_or_default()
}

async fn start(program: &str, folder: &Path) -> (Server, Target) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let child = Command::new(program)
        .args([
            "serve",
            "--demo",
            "--listen",
            &address,
            "--site-root",
            "target/site",
            "--log",
            "warn",
            "--key-requests-per-second",
            "0",
            "--data-dir",
        ])
        .arg(folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(child);
    while tokio::net::TcpStream::connect(&address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let demo: Value = serde_json::from_slice(&std::fs::read(folder.join("demo.json")).unwrap()).unwrap();
    let key = demo["keys"].as_array().unwrap().iter().find(|key| key["name"] == "other").unwrap();
    (server, Target { address, key: key["token"].as_str().unwrap().to_owned() })
}

fn print(what: &str, connections: usize, took: Duration, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    let rate = times.len() as f64 / took.as_secs_f64();
    println!("{what:<22} {connections:>3} connections   {rate:>7.0} a second   p50 {:>7.2} ms   p99 {:>7.2} ms", at(0.5), at(0.99));
}

/// Sends `READS` requests, the paths in turn, over `READERS` connections.
async fn read(what: &str, target: &Target, paths: &[String]) {
    let paths = Arc::new(paths.to_vec());
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let workers: Vec<_> = (0..READERS)
        .map(|_| {
            let (target, paths, next) = (target.clone(), paths.clone(), next.clone());
            tokio::spawn(async move {
                let mut client = Client::connect(&target).await;
                let mut times = Vec::new();
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    if turn >= READS {
                        return times;
                    }
                    let begun = Instant::now();
                    client.ask("GET", &paths[turn % paths.len()], None).await;
                    times.push(begun.elapsed());
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.unwrap());
    }
    print(what, READERS, begun.elapsed(), times);
}

/// Buys numbers that nobody else buys, over `BUYERS` connections.
async fn buy(target: &Target) {
    let mut client = Client::connect(target).await;
    let mut numbers = Vec::new();
    let mut cursor = String::new();
    while numbers.len() < PURCHASES {
        let page = client.ask("GET", &format!("/numbers/search?numberType=local&limit=50&sort=number{cursor}"), None).await;
        numbers.extend(page["data"].as_array().unwrap().iter().map(|row| row["e164"].as_str().unwrap().to_owned()));
        cursor = format!("&cursor={}", page["pagination"]["nextCursor"].as_str().unwrap());
    }
    numbers.truncate(PURCHASES);
    client.ask("POST", "/billing/wallet/topup", Some(json!({ "amountUsd": 100_000 }))).await;
    let begun = Instant::now();
    let workers: Vec<_> = numbers
        .chunks(PURCHASES.div_ceil(BUYERS))
        .map(|numbers| {
            let (target, numbers) = (target.clone(), numbers.to_vec());
            tokio::spawn(async move {
                let mut client = Client::connect(&target).await;
                let mut times = Vec::new();
                for number in numbers {
                    let begun = Instant::now();
                    client.ask("POST", "/numbers/purchase", Some(json!({ "e164": number }))).await;
                    times.push(begun.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.unwrap());
    }
    print("POST /numbers/purchase", BUYERS, begun.elapsed(), times);
}

/// The most memory that the server ever had, as the kernel counts it.
fn peak_memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(|| String::from("unknown here"), |value| value.trim().to_owned())
}
