//! JSON bodies, whatever media type they are sent as: with members at the top, or in an envelope of type and attributes. Members that
//! nobody knows are ignored; those that are known must have their type.

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::server::error::Result;

/// Where attributes stand in an envelope.
const ATTRIBUTES: &str = "data.attributes";

/// The members of a body, read one after the other.
#[derive(Debug)]
pub struct Members {
    sent: Map<String, Value>,
    /// What stands before each name in the words of a fault; empty for members at the top.
    at: &'static str,
    faults: Vec<FieldError>,
}

/// A resource that a body names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    pub id: String,
}

fn object(bytes: &Bytes) -> Result<Map<String, Value>> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refusal::field("body", "Send a JSON object.").into()),
        Err(_) => Err(Code::MalformedJson.into()),
    }
}

/// An id as clients send it: a text, or a number.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    }
}

impl Members {
    /// Members at the top, or in an envelope where there is one.
    ///
    /// # Errors
    /// `malformed_json`, `validation` for what is no object.
    pub fn read(bytes: &Bytes, kind: &str) -> Result<Self> {
        let members = object(bytes)?;
        match members.get("data") {
            Some(_) => Self::in_envelope(members, kind),
            None => {
                let mut members = Self { sent: members, at: "", faults: Vec::new() };
                members.is_of(kind, "type");
                Ok(members)
            }
        }
    }

    /// Attributes in an envelope.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn enveloped(bytes: &Bytes, kind: &str) -> Result<Self> {
        Self::in_envelope(object(bytes)?, kind)
    }

    fn in_envelope(mut members: Map<String, Value>, kind: &str) -> Result<Self> {
        let Some(Value::Object(data)) = members.remove("data") else {
            return Err(Refusal::field("data", "Send an object with type and attributes.").into());
        };
        let mut members = Self { sent: data, at: ATTRIBUTES, faults: Vec::new() };
        members.is_of(kind, "data.type");
        members.sent = match members.sent.remove("attributes") {
            Some(Value::Object(attributes)) => attributes,
            None => Map::new(),
            Some(_) => return Err(Refusal::field(ATTRIBUTES, "Send an object.").into()),
        };
        Ok(members)
    }

    /// The type of what is sent, where it is named.
    fn is_of(&mut self, kind: &str, name: &str) {
        if self.sent.get("type").is_some_and(|sent| sent != kind) {
            self.faults.push(FieldError::new(name, format!("This is always {kind} here.")));
        }
    }

    /// Where a member stands in the body, in the words of a fault.
    pub fn place_of(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }

    fn fault(&mut self, name: &str, message: &str) {
        self.faults.push(FieldError::new(self.place_of(name), message));
    }

    /// A text; the empty one for `null`.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.sent.get(name) {
            None => None,
            Some(Value::Null) => Some(String::new()),
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.fault(name, "Send a text.");
                None
            }
        }
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &str) -> String {
        if !self.sent.contains_key(name) {
            self.fault(name, "This is required.");
        }
        self.text(name).unwrap_or_default()
    }

    /// True or false.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.sent.get(name)? {
            Value::Bool(flag) => Some(*flag),
            _ => {
                self.fault(name, "Send true or false.");
                None
            }
        }
    }

    /// A whole number, also as a text; none inside for `null`. The first of these names that was sent counts.
    pub fn number(&mut self, names: &[&str]) -> Option<Option<i64>> {
        let name = names.iter().find(|name| self.sent.contains_key(**name))?;
        match self.sent.get(*name) {
            Some(Value::Null) | None => Some(None),
            Some(value) => match id(value).and_then(|text| text.parse().ok()) {
                Some(number) => Some(Some(number)),
                None => {
                    self.fault(name, "Send a whole number.");
                    None
                }
            },
        }
    }

    /// # Errors
    /// `validation` with every fault.
    pub fn finish(self) -> Result<()> {
        if self.faults.is_empty() { Ok(()) } else { Err(Refusal::Validation { errors: self.faults }.into()) }
    }
}

/// The resource that a relationship shall have; none for `null`, which takes off what is there.
///
/// # Errors
/// `malformed_json`, and `validation` for anything else.
pub fn linked(bytes: &Bytes, kind: &str) -> Result<Option<Linked>> {
    let mut members = object(bytes)?;
    let data = match members.remove("data") {
        Some(Value::Null) => return Ok(None),
        Some(Value::Object(data)) => data,
        _ => return Err(Refusal::field("data", "Send an object with type and id, or null.").into()),
    };
    let mut errors = Vec::new();
    if data.get("type").is_none_or(|sent| sent != kind) {
        errors.push(FieldError::new("data.type", format!("This is always {kind} here.")));
    }
    let id = data.get("id").and_then(id);
    if id.is_none() {
        errors.push(FieldError::new("data.id", "Send an id."));
    }
    match id {
        Some(id) if errors.is_empty() => Ok(Some(Linked { id })),
        _ => Err(Refusal::Validation { errors }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::error::Error;

    fn faults<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
        match result {
            Err(Error::Refused(Refusal::Validation { errors })) => errors.into_iter().map(|error| error.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn members_are_read_with_and_without_an_envelope() {
        for body in [
            r#"{"type":"number","alias":"Desk","cnam_lookups_enabled":true}"#,
            r#"{"data":{"type":"number","attributes":{"alias":"Desk","cnam_lookups_enabled":true}}}"#,
        ] {
            let mut members = Members::read(&Bytes::from_static(body.as_bytes()), "number").expect("an object");
            assert_eq!((members.text("alias").as_deref(), members.flag("cnam_lookups_enabled")), (Some("Desk"), Some(true)));
            assert_eq!(members.text("note"), None);
            members.finish().expect("no faults");
        }
        let mut empty = Members::read(&Bytes::new(), "number").expect("nothing");
        assert_eq!(empty.text("alias"), None);
    }

    #[test]
    fn faults_say_where_they_stand() {
        let mut members = Members::read(&Bytes::from_static(br#"{"type":"route","alias":1}"#), "number").expect("an object");
        members.text("alias");
        assert_eq!(faults(members.finish()), ["type", "alias"]);
        let mut members =
            Members::enveloped(&Bytes::from_static(br#"{"data":{"type":"route","attributes":{"value":[]}}}"#), "route").expect("one");
        members.required("value");
        members.required("alias");
        assert_eq!(faults(members.finish()), ["data.attributes.value", "data.attributes.alias"]);
        assert_eq!(faults(Members::enveloped(&Bytes::new(), "route")), ["data"]);
        assert_eq!(faults(Members::read(&Bytes::from_static(b"[]"), "number")), ["body"]);
        let cut = Members::read(&Bytes::from_static(b"{"), "number").expect_err("cut off");
        assert_eq!(cut.refusal().map(|refusal| refusal.code()), Some(Code::MalformedJson));
    }

    #[test]
    fn edges_are_numbers_or_texts() {
        let number = |body: &'static str| {
            let mut members = Members::enveloped(&Bytes::from_static(body.as_bytes()), "route").expect("an object");
            (members.number(&["edge_strategy_id", "edge_strategy"]), members.finish().is_ok())
        };
        assert_eq!(number(r#"{"data":{"attributes":{"edge_strategy":"1"}}}"#), (Some(Some(1)), true));
        assert_eq!(number(r#"{"data":{"attributes":{"edge_strategy_id":1}}}"#), (Some(Some(1)), true));
        assert_eq!(number(r#"{"data":{"attributes":{"edge_strategy_id":null}}}"#), (Some(None), true));
        assert_eq!(number(r#"{"data":{"attributes":{}}}"#), (None, true));
        assert_eq!(number(r#"{"data":{"attributes":{"edge_strategy":"east"}}}"#), (None, false));
    }

    #[test]
    fn a_relationship_is_a_type_and_an_id() {
        let read = |body: &'static str| linked(&Bytes::from_static(body.as_bytes()), "route");
        assert_eq!(read(r#"{"data":{"type":"route","id":"10001"}}"#).expect("one"), Some(Linked { id: String::from("10001") }));
        assert_eq!(read(r#"{"data":{"type":"route","id":10001}}"#).expect("one"), Some(Linked { id: String::from("10001") }));
        assert_eq!(read(r#"{"data":null}"#).expect("none"), None);
        assert_eq!(faults(read(r#"{"data":{"type":"number"}}"#)), ["data.type", "data.id"]);
        assert_eq!(faults(read("{}")), ["data"]);
        assert_eq!(faults(read("")), ["data"]);
    }
}
