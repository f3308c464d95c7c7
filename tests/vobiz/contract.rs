//! A request and its answer for every operation, written by hand from the tables of Vobiz's documentation, and answers of ours compared
//! with them by shape: keys, types, what may be null. A key that the tables do not know fails too: a generated client refuses it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dialyard::server::rest::dialect::Dialect;
use dialyard::server::rest::vobiz::Vobiz;
use serde::Deserialize;
use serde_json::Value;

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

/// The answer, with values of the right types.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    pub status: u16,
    /// Missing for an answer without a body.
    pub body: Option<Value>,
    /// Keys that may be missing.
    #[serde(default)]
    optional: BTreeSet<String>,
    /// Keys that may be null whatever the example has.
    #[serde(default)]
    nullable: BTreeSet<String>,
    /// Keys whose values are to be exactly these.
    #[serde(default)]
    equal: BTreeSet<String>,
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

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What of an answer is not as it was told. `place` is such as `items[].e164`.
fn faults(told: &Told, wanted: &Value, found: &Value, place: &str) -> Vec<String> {
    let inner = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    if told.equal.contains(place) && wanted != found {
        return vec![format!("{place} is {found}, not {wanted}")];
    }
    match (wanted, found) {
        (_, Value::Null) if wanted.is_null() || told.nullable.contains(place) => Vec::new(),
        (Value::Null, _) => vec![format!("{place} is not null: {found}")],
        (Value::Object(wanted), Value::Object(found)) => {
            let missing = wanted.keys().filter(|name| !found.contains_key(*name) && !told.optional.contains(&inner(name)));
            let unknown = found.keys().filter(|name| !wanted.contains_key(*name));
            let both = wanted.iter().filter_map(|(name, value)| Some((name, value, found.get(name)?)));
            missing
                .map(|name| format!("{} is missing", inner(name)))
                .chain(unknown.map(|name| format!("{} is unknown to the tables", inner(name))))
                .chain(both.flat_map(|(name, value, found)| faults(told, value, found, &inner(name))))
                .collect()
        }
        (Value::Array(wanted), Value::Array(found)) => {
            let Some(wanted) = wanted.first() else { return Vec::new() };
            if found.is_empty() {
                return vec![format!("{place} is empty: nothing was compared")];
            }
            found.iter().flat_map(|found| faults(told, wanted, found, &format!("{place}[]"))).collect()
        }
        (wanted, found) if type_name(wanted) == type_name(found) => Vec::new(),
        (wanted, found) => vec![format!("{place} is {}, not {}", type_name(found), type_name(wanted))],
    }
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
            Some(wanted) => {
                assert_eq!(answer.header("content-type"), "application/json", "{name}");
                let faults = faults(&fixture.answer, wanted, &answer.json, "");
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

#[test]
fn the_comparison_finds_what_differs() {
    let told: Told = serde_json::from_value(serde_json::json!({
        "status": 200, "body": null, "optional": ["a.o"], "nullable": ["a.n"], "equal": ["e"],
    }))
    .expect("JSON");
    let wanted = serde_json::json!({ "a": { "t": "x", "n": 1, "o": true }, "e": "same", "l": [{ "i": 1 }] });
    let good = serde_json::json!({ "a": { "t": "y", "n": null }, "e": "same", "l": [{ "i": 2 }] });
    assert_eq!(faults(&told, &wanted, &good, ""), Vec::<String>::new());
    let bad = serde_json::json!({ "a": { "t": null, "n": "1", "z": 0 }, "e": "other", "l": [] });
    assert_eq!(faults(&told, &wanted, &bad, "").len(), 5);
}
