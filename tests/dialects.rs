//! Rules do not fork: one story through every dialect leaves the same ledger, audit log, events and rows. What a dialect cannot say is
//! said natively. Ids are compared by where they stand, and the dialect's own name is the only word that may differ.

#[path = "support/mod.rs"]
mod support;

#[path = "rest/client.rs"]
#[allow(dead_code, reason = "the client of the native tests; this crate uses its installation and keys")]
mod client;
#[path = "rest/schema.rs"]
mod schema;

use std::collections::{BTreeMap, HashMap};

use axum::body::Body;
use axum::http::Request;
use client::{Answer, Api};
use serde_json::{Value, json};
use sqlx::{Column, Row};
use support::OWN_STOCK;

/// Why the number is taken back by force.
const REASON: &str = "the customer has left";
/// Everything that the story can have written, in the order in which it was.
const TABLES: [&str; 13] = [
    "ledger_accounts",
    "transfers",
    "set_asides",
    "rental_periods",
    "audit",
    "events",
    "owned_numbers",
    "inventory",
    "holds",
    "orders",
    "order_steps",
    "calls",
    "sub_accounts",
];

/// A step that a dialect can say: method, address and body, and the status of its answer.
type Said = (&'static str, String, Value, u16);

/// How each step is said; what is missing is said natively.
struct Words {
    name: &'static str,
    buy: Option<Said>,
    hand_over: Option<Said>,
    take_back: Option<Said>,
    force: Option<Said>,
    release: Option<Said>,
}

struct Story {
    api: Api,
    e164: String,
}

impl Story {
    async fn new() -> Self {
        let api = Api::new().await;
        let e164 = api.yard.e164();
        api.yard.app.stock(OWN_STOCK, &[&e164]).await;
        Self { api, e164 }
    }

    async fn say(&self, said: &Said) -> Answer {
        let (method, uri, body, status) = said;
        let request = Request::builder().method(*method).uri(uri).header("host", "127.0.0.1:3000");
        let request = request.header("authorization", format!("Bearer {}", self.api.forcing));
        let request = if body.is_null() {
            request.body(Body::empty())
        } else {
            request.header("content-type", "application/json").body(Body::from(body.to_string()))
        };
        let answer = self.api.send(request.expect("a request")).await;
        assert_eq!(answer.status.as_u16(), *status, "{said:?}: {}", answer.text);
        answer
    }

    /// The whole story. An hour passes between the steps, so that what one of them writes has its own time.
    async fn tell(&self, words: &Words) {
        let native = native(&self.e164, &self.api.yard.harbor);
        let told = |word: &Option<Said>, otherwise: &Option<Said>| word.clone().or_else(|| otherwise.clone()).expect("natively at least");
        let report = json!({ "callId": "call-1", "e164": self.e164, "direction": "inbound", "startedAt": "2026-11-22T13:30:00Z" });
        let steps = [
            told(&words.buy, &native.buy),
            told(&words.hand_over, &native.hand_over),
            ("POST", String::from("/api/v1/calls"), report, 201),
            told(&words.take_back, &native.take_back),
            told(&words.force, &native.force),
            told(&words.release, &native.release),
        ];
        for step in &steps {
            self.say(step).await;
            self.api.yard.app.clock.advance_s(3_600);
        }
    }

    /// Every row that the story can have written, as text, with ids as numbers in the order of their first appearance.
    async fn left(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut connection = self.api.yard.app.state.db.read().await.expect("a reader");
        let mut ids = HashMap::new();
        let mut left = BTreeMap::new();
        for table in TABLES {
            let query = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM {table} ORDER BY rowid")));
            let rows = query.fetch_all(&mut *connection).await.expect("rows");
            let texts = rows.iter().map(|row| {
                let columns = row.columns().iter().map(|column| format!("{}={}", column.name(), text(row, column.ordinal())));
                without_names(&columns.collect::<Vec<_>>().join(" | "), &mut ids)
            });
            left.insert(table, texts.collect());
        }
        left
    }
}

fn text(row: &sqlx::any::AnyRow, at: usize) -> String {
    if let Ok(number) = row.try_get::<Option<i64>, _>(at) {
        return number.map_or_else(|| String::from("-"), |number| number.to_string());
    }
    row.try_get::<Option<String>, _>(at).expect("a text").unwrap_or_else(|| String::from("-"))
}

/// UUIDs as numbers, account ids and dialects as words that are the same everywhere.
fn without_names(text: &str, ids: &mut HashMap<String, usize>) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '_';
    let mut plain = String::with_capacity(text.len());
    for word in text.split_inclusive(|character| !is_part(character)) {
        let (word, rest) = match word.char_indices().last() {
            Some((at, last)) if !is_part(last) => word.split_at(at),
            _ => (word, ""),
        };
        if uuid::Uuid::try_parse(word).is_ok() && word.len() == 36 {
            let next = ids.len();
            plain.push_str(&format!("#{}", ids.entry(word.to_owned()).or_insert(next)));
        } else if ["native", "flowroute", "vobiz"].contains(&word) {
            plain.push_str("dialect");
        } else if word.starts_with("SA_") {
            plain.push_str("SA");
        } else {
            plain.push_str(word);
        }
        plain.push_str(rest);
    }
    plain
}

fn native(e164: &str, sub_account: &str) -> Words {
    let numbers = format!("/api/v1/numbers/{e164}");
    let force = format!("{numbers}/sub-account?force=true&reason={}", REASON.replace(' ', "%20"));
    Words {
        name: "native",
        buy: Some(("POST", String::from("/api/v1/numbers/purchase"), json!({ "e164": e164 }), 201)),
        hand_over: Some(("POST", format!("{numbers}/sub-account"), json!({ "subAccountId": sub_account }), 200)),
        take_back: Some(("DELETE", format!("{numbers}/sub-account"), Value::Null, 409)),
        force: Some(("DELETE", force, Value::Null, 200)),
        release: Some(("DELETE", numbers, Value::Null, 200)),
    }
}

fn flowroute(e164: &str) -> Words {
    let number = format!("/v2/numbers/{}", e164.trim_start_matches('+'));
    Words {
        name: "flowroute",
        buy: Some(("POST", number.clone(), Value::Null, 201)),
        hand_over: None,
        take_back: None,
        force: None,
        release: Some(("DELETE", number, Value::Null, 204)),
    }
}

fn vobiz(e164: &str, account: &str, sub_account: &str) -> Words {
    let numbers = format!("/api/v1/Account/{account}/numbers");
    let place = format!("{numbers}/{e164}/assign-subaccount");
    Words {
        name: "vobiz",
        buy: Some(("POST", format!("{numbers}/purchase-from-inventory"), json!({ "e164": e164 }), 200)),
        hand_over: Some(("POST", place.clone(), json!({ "sub_account_id": sub_account }), 204)),
        take_back: Some(("DELETE", place.clone(), Value::Null, 409)),
        force: Some(("DELETE", format!("{place}?force=true&reason={}", REASON.replace(' ', "%20")), Value::Null, 204)),
        release: Some(("DELETE", format!("{numbers}/{e164}"), Value::Null, 204)),
    }
}

#[tokio::test]
async fn one_story_leaves_the_same_in_every_dialect() {
    let mut all = Vec::new();
    for tongue in ["native", "flowroute", "vobiz"] {
        let story = Story::new().await;
        let (account, sub_account) = story.api.auth_ids().await;
        let words = match tongue {
            "flowroute" => flowroute(&story.e164),
            "vobiz" => vobiz(&story.e164, &account, &sub_account),
            _ => native(&story.e164, &story.api.yard.harbor),
        };
        story.tell(&words).await;
        all.push((words.name, story.left().await, story));
    }
    let (_, expected, story) = &all[0];
    // The story is the one that was meant: this is what it costs, what happened, and what is kept of the force.
    let app = &story.api.yard.app;
    assert_eq!(app.scalar("SELECT COUNT(*) FROM transfers WHERE kind IN ('setup_fee', 'rental')").await, 2);
    assert_eq!(app.scalar("SELECT SUM(amount_micros) FROM transfers WHERE kind IN ('setup_fee', 'rental')").await, 2_250_000);
    let id = story.api.yard.read(&story.e164).await.id;
    let happened = story.api.yard.events(&id).await;
    for kind in ["number.purchased", "number.handed_over", "call.reported", "cool_off.forced", "number.taken_back", "number.released"] {
        assert_eq!(happened.iter().filter(|event| *event == kind).count(), 1, "{kind} in {happened:?}");
    }
    assert_eq!(app.text("SELECT reason FROM audit WHERE action = 'cool_off.forced'").await, REASON);
    for (name, left, _) in &all[1..] {
        for table in TABLES {
            assert_eq!(left[table], expected[table], "{table} after the story in {name} and natively");
        }
    }
}

#[tokio::test]
async fn each_dialect_is_named_where_its_requests_are_recorded() {
    let story = Story::new().await;
    story.tell(&flowroute(&story.e164)).await;
    let app = &story.api.yard.app;
    let channels = app.text("SELECT group_concat(channel) FROM (SELECT channel FROM audit WHERE actor_kind = 'key' ORDER BY rowid)").await;
    assert!(channels.starts_with("flowroute") && channels.ends_with("flowroute") && channels.contains("native"), "{channels}");
}
