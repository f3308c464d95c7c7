//! docs/api.md: its commands are run in order against the demo, and its tables are those of the code.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use axum::http::StatusCode;
use dialyard::domain::code::Code;
use dialyard::server::clock::{Clock, SystemClock};
use dialyard::server::demo;
use dialyard::server::rest::problem::Problem;
use dialyard::server::rest::table::groups;
use dialyard::server::run::router::router;
use dialyard::server::run::site::Site;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::support::TestApp;

/// Enough for the story that the demo tells.
const STOCK: usize = 12_000;

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/api.md")).expect("docs/api.md")
}

/// A command, and the status and members that the page shows for it.
struct Step {
    command: String,
    status: u16,
    shown: Value,
}

/// The `sh` blocks with the `json` block behind each.
fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut command = None;
    let mut blocks = page.split("\n```").skip(1);
    while let (Some(block), _) = (blocks.next(), blocks.next()) {
        let (kind, text) = block.split_once('\n').unwrap_or((block, ""));
        match kind.split_once(' ').unwrap_or((kind, "")) {
            ("sh", _) => {
                assert!(command.is_none(), "a command without its answer before: {text}");
                command = Some(text.to_owned());
            }
            ("json", status) => steps.push(Step {
                command: command.take().unwrap_or_else(|| panic!("an answer without its command: {text}")),
                status: status.parse().expect("a status behind json"),
                shown: serde_json::from_str(text).expect("the shown answer is JSON"),
            }),
            _ => {}
        }
    }
    steps
}

/// Every member that is shown is there, with the same value where one is shown that says something.
fn compare(shown: &Value, actual: &Value, place: &str) {
    match (shown, actual) {
        (Value::Object(shown), Value::Object(actual)) => {
            for (name, value) in shown {
                let found = actual.get(name).unwrap_or_else(|| panic!("{place}.{name} is shown and not there"));
                compare(value, found, &format!("{place}.{name}"));
            }
        }
        (Value::Array(shown), Value::Array(actual)) => {
            for value in shown {
                compare(value, actual.first().unwrap_or_else(|| panic!("{place} is empty")), place);
            }
        }
        // A text that is shown empty stands for any; so does a number that counts something.
        (Value::String(text), _) if text.is_empty() => {}
        (Value::Number(_), Value::Number(_)) if !place.ends_with("Cost") && !place.ends_with("price") => {}
        (shown, actual) => assert_eq!(shown, actual, "{place}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_the_page_answers_as_it_shows() {
    let app = TestApp::with(dialyard::server::carriers::Carriers::default(), |settings| settings.demo = true).await;
    // The shell writes whole seconds: a call must not seem to be older than the purchase before it.
    app.clock.set(SystemClock.now().plus_seconds(-5));
    let credentials = demo::prepare_sized(&app.state, STOCK).await.expect("a demo");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = router(&app.state, address, &Site::find(None)).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let keys: BTreeMap<&str, &str> = credentials.keys.iter().map(|key| (key.name.as_str(), key.token.as_str())).collect();
    let steps = steps(&page());
    assert!(steps.len() >= 12, "the page tells the whole life of a number");
    let mut variables = String::new();
    for step in steps {
        // Variables that one command sets are there for the next ones, as in one terminal.
        let script = format!("{variables}\n{}", step.command);
        let mut shell = Command::new("bash");
        shell.args(["-euc", &script]).env("API", format!("http://{address}/api/v1"));
        shell.env("KEY", keys["customer"]).env("ADMIN_KEY", keys["admin"]);
        let output = tokio::task::spawn_blocking(move || shell.output()).await.expect("it ran").expect("bash and curl are there");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (body, status) = text.trim_end().rsplit_once('\n').unwrap_or_else(|| panic!("{}: {output:?}", step.command));
        assert_eq!(status.parse::<u16>().ok(), Some(step.status), "{}\n{body}", step.command);
        let actual: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
        compare(&step.shown, &actual, "answer");
        variables.extend(step.command.lines().filter(|line| line.contains("=$(")).map(|line| format!("{line}\n")));
    }
}

#[test]
fn the_page_lists_every_code_with_its_words() {
    let page = page();
    let mut missing = Vec::new();
    for code in Code::ALL {
        let problem = Problem::plain(*code);
        let row = format!("| `{}` | {} | {} | {} |", code.name(), code.status(), problem.title, problem.detail);
        if !page.contains(&row) {
            missing.push(row);
        }
        assert!(StatusCode::from_u16(code.status()).is_ok_and(|status| status.is_client_error() || status.is_server_error()));
    }
    assert!(missing.is_empty(), "these rows are missing:\n{}", missing.join("\n"));
}

#[test]
fn the_page_lists_every_endpoint() {
    let page = page();
    let mut missing = Vec::new();
    for group in groups() {
        for route in group.routes {
            let scope = route.scope.map_or_else(|| String::from("any"), |scope| format!("`{}`", scope.name()));
            let row = format!("| {} | `{}` | {scope} | {} |", route.method, route.path, route.summary);
            if !page.contains(&row) {
                missing.push(format!("{}: {row}", group.name));
            }
        }
    }
    assert!(missing.is_empty(), "these rows are missing:\n{}", missing.join("\n"));
}
