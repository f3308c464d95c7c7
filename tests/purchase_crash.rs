//! The power goes out in the middle of a purchase: the process is aborted after each recorded step and in each gap between
//! transactions, started again, and compared with a life that never crashed.

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use dialyard::domain::money::Micros;
use dialyard::server::carriers::{Carrier, Carriers};
use dialyard::server::orders::recovery;
use dialyard::server::services::caller::Caller;
use dialyard::server::services::holds;
use dialyard::server::services::purchase::{Buy, buy};
use support::carrier::ScriptedCarrier;
use support::{OWN_STOCK, SCRIPTED, TestApp};

const NUMBER: &str = "+14155550199";
/// What the log says at each of the nine points: five written steps, and the four gaps around the transactions.
const POINTS: [&str; 9] = [
    "step=\"claimed\"",
    "step=\"funded\"",
    "order is claimed and funded",
    "step=\"sent\"",
    "order is sent",
    "carrier has answered",
    "step=\"confirmed\"",
    "step=\"completed\"",
    "order stands",
];

/// Aborts the process when the log says `point`: nothing is flushed, no destructor runs.
struct Fuse {
    point: String,
}

impl Write for Fuse {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        if String::from_utf8_lossy(line).contains(&self.point) {
            std::process::abort();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn life(folder: &Path, carrier: &str, seed: u64) -> TestApp {
    let sold = folder.join("sold");
    let listed: Arc<dyn Carrier> = Arc::new(ScriptedCarrier::new(SCRIPTED, sold, Vec::new()));
    let carriers = if carrier == SCRIPTED { Carriers::new([listed]) } else { Carriers::default() };
    TestApp::at(folder.to_owned(), carriers, seed, |_| ()).await
}

fn attempt() -> Buy {
    Buy { e164: NUMBER.to_owned(), request_key: Some(String::from("attempt")), ..Buy::default() }
}

/// The life that crashes. It does nothing unless its parent started it.
#[tokio::test]
async fn the_life_that_crashes() {
    let (Ok(folder), Ok(point), Ok(carrier)) =
        (std::env::var("DIALYARD_TEST_FOLDER"), std::env::var("DIALYARD_TEST_POINT"), std::env::var("DIALYARD_TEST_CARRIER"))
    else {
        return;
    };
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || Fuse { point: point.clone() })
        .init();
    let app = life(&PathBuf::from(&folder), &carrier, 7).await;
    app.stock(&carrier, &[NUMBER]).await;
    let ada = app.organization("Ada", 10).await;
    std::fs::write(PathBuf::from(&folder).join("caller"), &ada.organization_id).expect("the caller is noted");
    holds::place(&app.state, &ada, NUMBER).await.expect("held");
    buy(&app.state, &ada, attempt()).await.expect("bought");
    panic!("the fuse did not go off");
}

fn crash(folder: &Path, point: &str, carrier: &str) {
    let status = Command::new(std::env::current_exe().expect("this test program"))
        .args(["--exact", "the_life_that_crashes", "--nocapture"])
        .env("DIALYARD_TEST_FOLDER", folder)
        .env("DIALYARD_TEST_POINT", point)
        .env("DIALYARD_TEST_CARRIER", carrier)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a child process");
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(6), "{point}: the child must abort");
}

/// Everything that must agree, whichever way the order went: no charge without a number, no number without a charge.
async fn consistent(app: &TestApp, carrier: &str, folder: &Path, ada: &Caller, what: &str) -> bool {
    let owned = app.scalar("SELECT COUNT(*) FROM owned_numbers").await;
    let sold = app.scalar("SELECT COUNT(*) FROM inventory WHERE state = 'sold'").await;
    let charged = app.scalar("SELECT COUNT(*) FROM transfers WHERE kind IN ('setup_fee', 'rental')").await;
    let price = if owned == 1 { 2_250_000 } else { 0 };
    assert_eq!((sold, charged), (owned, 2 * owned), "{what}");
    assert_eq!(app.wallet(ada).await, (Micros(10_000_000 - price), Micros::ZERO), "{what}");
    assert_eq!(app.scalar("SELECT COUNT(*) FROM orders WHERE state IN ('created', 'funded', 'ordered', 'stuck')").await, 0, "{what}");
    let hold = app.text("SELECT state FROM holds").await;
    assert_eq!(hold, if owned == 1 { "consumed" } else { "active" }, "{what}");
    if carrier == SCRIPTED {
        let sales = std::fs::read_to_string(folder.join("sold")).unwrap_or_default().lines().count();
        assert_eq!(i64::try_from(sales).expect("few sales"), owned, "{what}: sold at the carrier as often as owned here");
    }
    owned == 1
}

async fn after_the_crash(point: &str, carrier: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    crash(folder.path(), point, carrier);
    let app = life(folder.path(), carrier, 8).await;
    let ada = Caller {
        organization_id: std::fs::read_to_string(folder.path().join("caller")).expect("the caller was noted"),
        ..app.organization("Other", 0).await
    };
    for _ in 0..3 {
        app.clock.advance_s(61);
        recovery::run(&app.state).await.expect("recovery");
    }
    let what = format!("{carrier}, {point}");
    let finished = consistent(&app, carrier, folder.path(), &ada, &what).await;
    let again = buy(&app.state, &ada, attempt()).await;
    assert!(again.is_ok(), "{what}: the same key must answer with the number, finished before ({finished}) or bought now: {again:?}");
    assert!(consistent(&app, carrier, folder.path(), &ada, &what).await, "{what}: owned in the end, as in a life without a crash");
}

#[tokio::test]
async fn a_crash_at_any_point_costs_nobody_a_cent() {
    for point in POINTS {
        after_the_crash(point, SCRIPTED).await;
    }
}

#[tokio::test]
async fn a_crash_with_the_operators_own_stock_costs_nobody_a_cent() {
    // Own stock is not sent anywhere: being sent, confirmed and completed are one transaction.
    for point in POINTS.into_iter().filter(|point| !["order is sent", "carrier has answered"].contains(point)) {
        after_the_crash(point, OWN_STOCK).await;
    }
}
