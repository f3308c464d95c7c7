//! Answers compared with what a reference says of them, by shape: keys, types, what may be null. A key that the reference does not know
//! fails too.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

/// An answer as a reference tells it, with values of the right types.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    pub status: u16,
    /// Missing for an answer without a body.
    pub body: Option<Value>,
    /// Places that may be missing, such as `items[].note`.
    #[serde(default)]
    optional: BTreeSet<String>,
    /// Places that may be null whatever the example has.
    #[serde(default)]
    nullable: BTreeSet<String>,
    /// Places whose values are to be exactly these.
    #[serde(default)]
    equal: BTreeSet<String>,
}

impl Told {
    /// What of a body is not as it was told.
    pub fn faults(&self, found: &Value) -> Vec<String> {
        self.body.as_ref().map_or_else(Vec::new, |wanted| self.compare(wanted, found, ""))
    }

    fn compare(&self, wanted: &Value, found: &Value, place: &str) -> Vec<String> {
        let inner = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        if self.equal.contains(place) {
            return if wanted == found { Vec::new() } else { vec![format!("{place} is {found}, not {wanted}")] };
        }
        match (wanted, found) {
            (_, Value::Null) if wanted.is_null() || self.nullable.contains(place) => Vec::new(),
            (Value::Null, _) => vec![format!("{place} is not null: {found}")],
            (Value::Object(wanted), Value::Object(found)) => {
                let missing = wanted.keys().filter(|name| !found.contains_key(*name) && !self.optional.contains(&inner(name)));
                let unknown = found.keys().filter(|name| !wanted.contains_key(*name));
                let both = wanted.iter().filter_map(|(name, value)| Some((name, value, found.get(name)?)));
                missing
                    .map(|name| format!("{} is missing", inner(name)))
                    .chain(unknown.map(|name| format!("{} is unknown to the reference", inner(name))))
                    .chain(both.flat_map(|(name, value, found)| self.compare(value, found, &inner(name))))
                    .collect()
            }
            (Value::Array(wanted), Value::Array(found)) => {
                let Some(wanted) = wanted.first() else { return Vec::new() };
                if found.is_empty() {
                    return vec![format!("{place} is empty: nothing was compared")];
                }
                found.iter().flat_map(|found| self.compare(wanted, found, &format!("{place}[]"))).collect()
            }
            (wanted, found) if type_name(wanted) == type_name(found) => Vec::new(),
            (wanted, found) => vec![format!("{place} is {}, not {}", type_name(found), type_name(wanted))],
        }
    }
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
