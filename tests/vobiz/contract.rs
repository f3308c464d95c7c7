//! A request and its answer for every operation, written by hand from the tables of Vobiz's documentation, and answers of ours compared
//! with them by shape: keys, types, what may be null. A key that the tables do not know fails too: a generated client refuses it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::vobiz::Vobiz;
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
    /// Whose credentials it carries.
    #[serde(default = "parent")]
    pub sender: String,
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
}

fn parent() -> String {
    String::from("parent")
}

impl Fixture {
    pub fn sender(&self) -> Who {
        match self.sender.as_str() {
            "parent" => Who::Parent,
            "admin" => Who::Forcing,
            "sub-account" => Who::SubAccount,
            "stranger" => Who::Stranger,
            other => panic!("nobody is called {other}"),
        }
    }

    /// Path and body with what is given in place of the braces.
    pub fn filled(&self, given: &BTreeMap<&'static str, String>) -> (String, Value) {
        let fill = |text: String| given.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        let body = serde_json::from_str(&fill(self.request.body.to_string())).expect("JSON");
        (fill(self.request.path.clone()), body)
    }
}

/// Every fixture by the name of its file.
pub fn fixtures() -> BTreeMap<String, Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vobiz/fixtures");
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let fixture = serde_json::from_slice(&std::fs::read(&path).expect("readable")).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, fixture)
    };
    files.map(read).collect()
}

#[tokio::test]
async fn every_answer_has_the_shape_of_the_tables() {
    for (name, fixture) in fixtures() {
        let town = Town::new().await;
        let (path, body) = fixture.filled(&town.given(&fixture.given).await);
        let answer = town.ask(&fixture.request.method, &path, fixture.sender(), body).await;
        assert_eq!(answer.status.as_u16(), fixture.answer.status, "{name}: {}", answer.text);
        match &fixture.answer.body {
            None => assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", ""), "{name}"),
            Some(_) => {
                assert_eq!(answer.header("content-type"), "application/json", "{name}");
                let faults = fixture.answer.faults(&answer.json);
                assert!(faults.is_empty(), "{name}:\n{}\n{}", faults.join("\n"), answer.text);
            }
        }
    }
}

#[test]
fn every_operation_has_a_fixture_of_its_success() {
    let fixtures = fixtures();
    let shown: BTreeSet<&str> =
        fixtures.values().filter(|fixture| fixture.answer.status < 300).map(|fixture| fixture.operation.as_str()).collect();
    // It is asked with a token and not with a key: account.rs looks at its answer.
    let wanted: BTreeSet<&str> = Vobiz.routes().iter().map(|route| route.operation).filter(|name| *name != "refreshTokens").collect();
    assert_eq!(shown, wanted);
}
