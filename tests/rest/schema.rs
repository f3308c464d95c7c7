//! Whether an answer is what the reference says: as much of JSON Schema as the reference uses.

use std::sync::OnceLock;

use dialyard::server::rest::openapi::document;
use dialyard::server::rest::table::groups;
use serde_json::Value;

/// The reference, made once.
fn reference() -> &'static Value {
    static REFERENCE: OnceLock<Value> = OnceLock::new();
    REFERENCE.get_or_init(|| serde_json::to_value(document(&groups())).expect("JSON"))
}

/// What an answer of that status to an operation does not keep of its schema; nothing when it keeps everything.
pub fn faults(path: &str, method: &str, status: u16, answer: &Value) -> Vec<String> {
    let response = &reference()["paths"][path][method.to_lowercase()]["responses"][status.to_string()];
    let Some(content) = response["content"].as_object().and_then(|content| content.values().next()) else {
        return vec![format!("{status} is not in the reference")];
    };
    let mut faults = Vec::new();
    check(&content["schema"], answer, "answer", true, &mut faults);
    faults
}

/// `whole`: no other part of `allOf` may explain members that this schema does not know.
fn check(schema: &Value, value: &Value, place: &str, whole: bool, faults: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let found = reference().pointer(target.trim_start_matches('#'));
        return check(found.expect("a reference leads somewhere"), value, place, whole, faults);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(part, value, place, false, faults);
    }
    for kind in ["oneOf", "anyOf"] {
        let Some(parts) = schema[kind].as_array() else { continue };
        let fitting = parts.iter().filter(|part| fits(part, value)).count();
        if fitting == 0 || (kind == "oneOf" && fitting > 1) {
            faults.push(format!("{place} fits {fitting} of {kind}: {value}"));
        }
    }
    check_type(schema, value, place, faults);
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        faults.push(format!("{place} is none of {words:?}: {value}"));
    }
    match value {
        Value::Object(members) => {
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    faults.push(format!("{place}.{name} is missing"));
                }
            }
            for (name, member) in members {
                if let Some(property) = schema["properties"].get(name) {
                    check(property, member, &format!("{place}.{name}"), true, faults);
                } else if whole && schema["properties"].is_object() {
                    faults.push(format!("{place}.{name} is not in the reference"));
                }
            }
        }
        Value::Array(rows) if schema["items"].is_object() => {
            for (at, row) in rows.iter().enumerate() {
                check(&schema["items"], row, &format!("{place}[{at}]"), true, faults);
            }
        }
        _ => {}
    }
}

fn fits(schema: &Value, value: &Value) -> bool {
    let mut faults = Vec::new();
    check(schema, value, "", true, &mut faults);
    faults.is_empty()
}

fn check_type(schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    let right = match &schema["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    if !right {
        faults.push(format!("{place} is no {}: {value}", schema["type"]));
    }
}

#[test]
fn the_check_finds_what_does_not_conform() {
    let number = |answer: Value| faults("/numbers/{id}", "GET", 200, &answer).len();
    assert_eq!(faults("/numbers/{id}", "GET", 299, &Value::Null), ["299 is not in the reference"]);
    assert!(number(serde_json::json!({ "success": true, "data": { "id": 7 } })) > 20);
    let sample = dialyard::server::rest::table::routes().into_iter().find(|route| route.operation == "getNumber");
    let mut sample = (sample.expect("a route").described.sample)();
    assert_eq!(faults("/numbers/{id}", "GET", 200, &sample), Vec::<String>::new());
    sample["data"]["colour"] = Value::from("red");
    sample["data"]["locked"] = Value::from("no");
    assert_eq!(number(sample), 2);
}
