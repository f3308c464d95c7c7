//! What a receiver reads: one JSON object an event, with the same members whatever happened.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

use crate::domain::money::Micros;
use crate::server::store::deliveries::Job;

/// Members of our own data that are amounts end so; on the wire they are decimal numbers without it.
const AMOUNT: &str = "Micros";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    id: &'a str,
    r#type: &'static str,
    timestamp: String,
    /// Orders events of the installation; deliveries may come in another order.
    sequence: i64,
    data: BTreeMap<&'a str, Box<RawValue>>,
}

/// The body of a delivery. It depends on the event alone, so that each attempt sends the same.
///
/// # Errors
/// When an amount is none; that would be a fault of ours.
pub fn body(job: &Job, currency: &str) -> Result<String, serde_json::Error> {
    let mut data = BTreeMap::new();
    for (name, value) in job.data.as_object().into_iter().flatten() {
        let (name, value) = match (name.strip_suffix(AMOUNT), value) {
            (Some(short), Value::Number(micros)) => (short, amount(micros.as_i64().unwrap_or_default())?),
            (Some(short), value) => (short, raw(value)?),
            (None, value) => (name.as_str(), raw(value)?),
        };
        data.insert(name, value);
    }
    if job.data.as_object().is_some_and(|members| members.keys().any(|name| name.ends_with(AMOUNT))) {
        data.insert("currency", raw(&Value::from(currency))?);
    }
    for (name, value) in [("numberId", &job.number_id), ("e164", &job.e164)] {
        if let Some(value) = value {
            data.insert(name, raw(&Value::from(value.as_str()))?);
        }
    }
    let payload = Payload { id: &job.event_id, r#type: job.kind.name(), timestamp: job.at.rfc3339(), sequence: job.sequence, data };
    serde_json::to_string(&payload)
}

fn amount(micros: i64) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(Micros(micros).decimal())
}

fn raw(value: &Value) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::EventKind;
    use crate::domain::time::Timestamp;
    use serde_json::json;

    #[test]
    fn amounts_are_decimals_and_the_number_is_named() {
        let job = Job {
            delivery_id: String::from("e.w"),
            endpoint_id: String::from("w"),
            url: String::from("https://example.com/"),
            secret_sealed: String::new(),
            old_secret_sealed: None,
            old_secret_until: None,
            event_id: String::from("e"),
            sequence: 7,
            kind: EventKind::NumberPurchased,
            data: json!({ "orderId": "o", "setupMicros": 1_000_000, "monthlyMicros": 1_250_001, "holdId": null }),
            at: Timestamp::from_seconds(0),
            number_id: Some(String::from("n")),
            e164: Some(String::from("+14155550123")),
            failures: 0,
            give_up_at: None,
        };
        let expected = r#"{"id":"e","type":"number.purchased","timestamp":"1970-01-01T00:00:00Z","sequence":7,"data":{"currency":"USD","e164":"+14155550123","holdId":null,"monthly":1.250001,"numberId":"n","orderId":"o","setup":1.00}}"#;
        assert_eq!(body(&job, "USD").expect("a body"), expected);
    }
}
