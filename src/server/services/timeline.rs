//! A number's history in words: each event becomes a title and a line of detail; and its pages. Events are written where things happen.

use serde_json::Value;

use super::caller::Caller;
use super::{cursor, numbers};
use crate::domain::audit::EventKind;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::events::Event;

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub kind: EventKind,
    pub title: String,
    pub detail: String,
    pub at: Timestamp,
}

/// One page of a history.
#[derive(Debug, Clone)]
pub struct History {
    pub rows: Vec<(Event, Entry)>,
    pub total: i64,
    pub next_cursor: Option<String>,
}

/// The history of a number of the caller, the latest first.
///
/// # Errors
/// `not_found`, `number_gone`, `validation` for a cursor of another list.
pub async fn history(state: &AppState, caller: &Caller, number: &str, cursor: Option<&str>, limit: usize) -> Result<History> {
    let after = cursor::decode_at(cursor)?;
    let limit = limit.max(1);
    let mut connection = state.db.read().await?;
    let number = numbers::own(&mut connection, caller, number).await?;
    if number.is_gone() {
        return Err(Code::NumberGone.into());
    }
    let after = match after {
        Some((at, sequence)) => Some((at, sequence.parse().map_err(|_| Refusal::field("cursor", "Start again from the first page."))?)),
        None => None,
    };
    let total = store::events::count_of_ownership(&mut connection, &number.id).await?;
    let fetched = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut events = store::events::page_of_ownership(&mut connection, &number.id, after, fetched).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next_cursor =
        events.last().filter(|_| more).map(|last| cursor::encode(&[&last.at.micros().to_string(), &last.sequence.to_string()]));
    let in_words = |event: Event| {
        let entry = entry(&event, &state.settings.currency);
        (event, entry)
    };
    Ok(History { rows: events.into_iter().map(in_words).collect(), total, next_cursor })
}

/// An event in words. What its data lack is left out.
#[must_use]
pub fn entry(event: &Event, currency: &str) -> Entry {
    let title = title(event, currency).unwrap_or_else(|| event.kind.title().to_owned());
    Entry { id: event.id.clone(), kind: event.kind, title, detail: detail(event, currency), at: event.at }
}

fn text<'a>(data: &'a Value, name: &str) -> Option<&'a str> {
    data.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn amount(data: &Value, name: &str, currency: &str) -> Option<String> {
    data.get(name).and_then(Value::as_i64).map(|micros| Micros(micros).display(currency))
}

fn title(event: &Event, currency: &str) -> Option<String> {
    let data = &event.data;
    match event.kind {
        EventKind::NumberAssigned => {
            let agent = agent(data)?;
            Some(match text(data, "previousAgentName") {
                Some(previous) => format!("Agent changed: {previous} to {agent}"),
                None => format!("Assigned to {agent}"),
            })
        }
        EventKind::NumberUnassigned => Some(format!("Unassigned from {}", text(data, "agentName")?)),
        EventKind::NumberHandedOver => Some(format!("Handed to {}", text(data, "subAccountName")?)),
        EventKind::NumberTakenBack => Some(format!("Taken back from {}", text(data, "subAccountName")?)),
        EventKind::NumberLabelled => Some(match text(data, "after") {
            Some(label) => format!("Labelled {label}"),
            None => String::from("Label removed"),
        }),
        EventKind::NumberPurchased => {
            let (setup, monthly) = (data.get("setupMicros")?.as_i64()?, data.get("monthlyMicros")?.as_i64()?);
            Some(format!("Bought for {}", Micros(setup.saturating_add(monthly)).display(currency)))
        }
        EventKind::RentalCharged => Some(format!("Rental charged, {}", amount(data, "amountMicros", currency)?)),
        EventKind::RentalFailed => Some(format!("Rental past due, {}", amount(data, "amountMicros", currency)?)),
        EventKind::RentalSettled => Some(format!("Rental settled, {}", amount(data, "amountMicros", currency)?)),
        EventKind::CallReported => Some(call(data)),
        _ => None,
    }
}

fn agent(data: &Value) -> Option<String> {
    let name = text(data, "agentName")?;
    Some(match data.get("agentVersion").and_then(Value::as_u64) {
        Some(version) => format!("{name} v{version}"),
        None => format!("{name} (draft)"),
    })
}

/// `Inbound call, 3 min 12 s`
fn call(data: &Value) -> String {
    let direction = if text(data, "direction") == Some("outbound") { "Outbound call" } else { "Inbound call" };
    match data.get("durationSeconds").and_then(Value::as_i64) {
        Some(seconds) => format!("{direction}, {}", span(seconds)),
        None => direction.to_owned(),
    }
}

/// A span as its two largest units: `11 d 4 h`, `3 min 12 s`.
fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let units = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let Some(first) = units.iter().position(|(count, _)| *count > 0) else { return String::from("0 s") };
    let parts = units.iter().skip(first).take(2).filter(|(count, _)| *count > 0);
    parts.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ")
}

fn detail(event: &Event, currency: &str) -> String {
    let data = &event.data;
    let said = match event.kind {
        EventKind::CallReported => call_detail(data),
        EventKind::NumberPurchased => purchase_detail(data, currency),
        EventKind::RentalCharged | EventKind::RentalSettled => text(data, "period").map(|period| format!("Period {period}")),
        EventKind::CoolOffForced => forced_detail(data),
        EventKind::NumberUnassigned if text(data, "cause") == Some("agent_deleted") => Some(String::from("The agent was deleted")),
        EventKind::NumberRestored => missing(data),
        _ => None,
    };
    match said {
        // A call has no author: the switch reported it.
        Some(said) if event.kind == EventKind::CallReported => said,
        Some(said) => format!("{said}. {}", event.actor),
        None if event.kind == EventKind::CallReported => String::new(),
        None => event.actor.clone(),
    }
}

fn call_detail(data: &Value) -> Option<String> {
    let answered = text(data, "agentName").map(|agent| format!("Answered by {agent}."));
    let clock = data.get("clockMoved").and_then(Value::as_bool).filter(|moved| *moved).map(|_| "Cool-off restarted.");
    let said: Vec<&str> = answered.as_deref().into_iter().chain(clock).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn purchase_detail(data: &Value, currency: &str) -> Option<String> {
    Some(format!("Setup {}, first month {}", amount(data, "setupMicros", currency)?, amount(data, "monthlyMicros", currency)?))
}

fn forced_detail(data: &Value) -> Option<String> {
    let skipped = span(data.get("skippedSeconds")?.as_i64()?);
    Some(match text(data, "reason") {
        Some(reason) => format!("{skipped} skipped: {}", reason.trim_end_matches('.')),
        None => format!("{skipped} skipped"),
    })
}

fn missing(data: &Value) -> Option<String> {
    let names: Vec<&str> = data.get("notRestored")?.as_array()?.iter().filter_map(Value::as_str).collect();
    (!names.is_empty()).then(|| format!("Not restored: {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(kind: EventKind, data: Value) -> (String, String) {
        let event = Event { id: String::from("e"), sequence: 1, kind, actor: String::from("Mara"), data, at: Timestamp::from_seconds(0) };
        let entry = entry(&event, "USD");
        (entry.title, entry.detail)
    }

    fn pair(title: &str, detail: &str) -> (String, String) {
        (title.to_owned(), detail.to_owned())
    }

    #[test]
    fn events_read_as_sentences() {
        let call = json!({ "direction": "inbound", "durationSeconds": 192, "agentName": "Reception", "clockMoved": true });
        assert_eq!(said(EventKind::CallReported, call), pair("Inbound call, 3 min 12 s", "Answered by Reception. Cool-off restarted."));
        let bought = json!({ "setupMicros": 1_000_000, "monthlyMicros": 1_250_000 });
        assert_eq!(said(EventKind::NumberPurchased, bought), pair("Bought for $2.25", "Setup $1.00, first month $1.25. Mara"));
        let assigned = json!({ "agentName": "Reception", "agentVersion": 3, "previousAgentName": "Night line" });
        assert_eq!(said(EventKind::NumberAssigned, assigned), pair("Agent changed: Night line to Reception v3", "Mara"));
        let forced = json!({ "skippedSeconds": 371_700, "reason": "Court order, case 26." });
        assert_eq!(said(EventKind::CoolOffForced, forced), pair("Cool-off ended by force", "4 d 7 h skipped: Court order, case 26. Mara"));
        assert_eq!(said(EventKind::NumberLocked, json!({})), pair("Locked", "Mara"));
    }

    #[test]
    fn events_without_their_data_still_read() {
        for kind in EventKind::ALL {
            assert!(!said(*kind, json!({})).0.is_empty());
        }
    }
}
