//! A request and its answer for every operation, written by hand from Flowroute's documentation, and our answers compared with them by
//! shape. Where the documentation says that replies may have more, the fixture has it and calls it optional.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::body::Body;
use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::flowroute::Flowroute;
use serde::Deserialize;
use serde_json::Value;

use crate::support::contract::Told;
use crate::town::{Town, Who};

/// One file of `fixtures/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    pub operation: String,
    /// What there is before the request.
    pub given: String,
    pub request: Asked,
    pub answer: Told,
}

/// The request, with the parts in braces that differ from run to run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub body: Value,
    /// Sent without credentials.
    #[serde(default)]
    pub anonymous: bool,
}

impl Fixture {
    /// Path and body with what is given in place of the braces.
    pub fn filled(&self, given: &BTreeMap<&'static str, String>) -> (String, Value) {
        let fill = |text: String| given.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        let body = serde_json::from_str(&fill(self.request.body.to_string())).expect("JSON");
        (fill(self.request.path.clone()), body)
    }
}

/// Every fixture by the name of its file.
pub fn fixtures() -> BTreeMap<String, Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flowroute/fixtures");
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let fixture = serde_json::from_slice(&std::fs::read(&path).expect("readable")).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, fixture)
    };
    files.map(read).collect()
}

#[test]
fn every_operation_has_a_fixture() {
    let fixtures = fixtures();
    let written: BTreeSet<&str> =
        fixtures.values().filter(|fixture| fixture.answer.status < 300).map(|fixture| fixture.operation.as_str()).collect();
    let spoken: BTreeSet<&str> = Flowroute.routes().iter().map(|route| route.operation).collect();
    assert_eq!(written, spoken);
    for (name, fixture) in &fixtures {
        let route = Flowroute.routes().into_iter().find(|route| route.operation == fixture.operation);
        let route = route.unwrap_or_else(|| panic!("{name}: no such operation"));
        assert_eq!(route.method.as_str(), fixture.request.method, "{name}");
    }
}

#[tokio::test]
async fn every_answer_has_the_shape_of_the_documentation() {
    // As its documents say, as its SDKs do, and as `curl` does when nobody tells it anything.
    for media_type in [Some("application/vnd.api+json"), Some("application/json"), None] {
        for (name, fixture) in fixtures() {
            let told = format!("{name} as {media_type:?}");
            let town = Town::new().await;
            let (path, body) = fixture.filled(&town.given(&fixture.given).await);
            let who = if fixture.request.anonymous { Who::Nobody } else { Who::Parent };
            let mut request = town.request(&fixture.request.method, &path, who);
            if let Some(media_type) = media_type {
                request = request.header("content-type", media_type).header("accept", media_type);
            }
            let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
            let answer = town.api.send(request.body(body).expect("a request")).await;
            assert_eq!(answer.status.as_u16(), fixture.answer.status, "{told}: {}", answer.text);
            match &fixture.answer.body {
                None => assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", ""), "{told}"),
                Some(_) => {
                    assert_eq!(answer.header("content-type"), media_type.unwrap_or("application/json"), "{told}");
                    let faults = fixture.answer.faults(&answer.json);
                    assert!(faults.is_empty(), "{told}:\n{}\n{}", faults.join("\n"), answer.text);
                }
            }
        }
    }
}

#[test]
fn the_comparison_finds_what_differs() {
    let told: Told = serde_json::from_value(serde_json::json!({
        "status": 200,
        "body": { "a": { "t": "x", "n": 1, "o": true }, "e": "same", "l": [{ "i": 1 }] },
        "optional": ["a.o"],
        "nullable": ["a.n"],
        "equal": ["e"],
    }))
    .expect("JSON");
    let good = serde_json::json!({ "a": { "t": "y", "n": null }, "e": "same", "l": [{ "i": 2 }] });
    assert_eq!(told.faults(&good), Vec::<String>::new());
    let bad = serde_json::json!({ "a": { "t": null, "n": "1", "z": 0 }, "e": "other", "l": [] });
    assert_eq!(told.faults(&bad).len(), 5);
}
