//! JSON bodies, strictly: media type, size and syntax first, then every member by its field. Amounts are read from their own digits
//! and never pass through a float (R47).

use std::collections::BTreeMap;

use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::value::RawValue;

use super::fields::{Field, Kind, Reader, Value, Values, read_integer, read_money, read_text, read_texts};
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;

/// Bytes in a body at the most (R32).
pub const MAX_BODY: usize = 64 * 1_024;

/// The body of an endpoint.
pub trait FromBody: Sized {
    /// Its members.
    const FIELDS: &'static [Field];

    /// How many of them are sent at least, and at the most where that is less than all.
    const MEMBERS: (usize, Option<usize>) = (0, None);

    /// Takes the values, which fit their fields.
    fn read(values: &Values) -> Self;
}

/// The body as an argument of a handler.
#[derive(Debug, Clone)]
pub struct Body<B>(pub B);

/// No body, or an empty object.
#[derive(Debug, Clone, Copy)]
pub struct NoBody;

impl FromBody for NoBody {
    const FIELDS: &'static [Field] = &[];

    fn read(_values: &Values) -> Self {
        Self
    }
}

/// Takes the bytes in, whether or not their number was announced.
///
/// # Errors
/// `payload_too_large`, or `bad_request` when the sender stopped in between.
pub async fn collect(body: HttpBody) -> Result<Bytes, Refusal> {
    to_bytes(body, MAX_BODY).await.map_err(|error| if is_too_long(&error) { Code::PayloadTooLarge } else { Code::BadRequest }.into())
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        // The limiter's own error type is not public; its text is what is left to go by.
        if error.to_string() == "length limit exceeded" {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Reads a body. An empty one counts as an empty object.
///
/// # Errors
/// `unsupported_media_type`, `malformed_json`, and `validation` with every fault.
pub fn read<B: FromBody>(headers: &HeaderMap, bytes: &[u8]) -> Result<B, Refusal> {
    let mut reader = Reader::new(B::FIELDS, "field");
    if !bytes.is_empty() {
        if !is_json(headers) {
            return Err(Code::UnsupportedMediaType.into());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Code::MalformedJson)?;
        let members: BTreeMap<String, Box<RawValue>> = match serde_json::from_str(text) {
            Ok(members) => members,
            Err(error) if error.is_data() => return Err(Refusal::field("body", "Send a JSON object.")),
            Err(_) => return Err(Code::MalformedJson.into()),
        };
        for (name, raw) in members {
            if let Some(field) = reader.field(&name) {
                reader.put(field, one(field, raw.get()));
            }
        }
    }
    Ok(B::read(&reader.finish()?))
}

/// `application/json`, with or without a charset.
fn is_json(headers: &HeaderMap) -> bool {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    named.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("application/json"))
}

fn one(field: &Field, raw: &str) -> Result<Value, String> {
    if raw == "null" {
        return if field.nullable { Ok(Value::Null) } else { Err(String::from("This must not be null.")) };
    }
    match field.kind {
        Kind::Money if raw.starts_with('"') => Err(String::from("Send a number, not a text.")),
        Kind::Money => read_money(raw),
        Kind::Integer(least, most) => read_integer(raw, least, most),
        Kind::Flag => serde_json::from_str(raw).map(Value::Flag).map_err(|_| String::from("true or false.")),
        kind @ (Kind::Choices(_) | Kind::Texts(..)) => match serde_json::from_str::<Vec<String>>(raw) {
            Ok(texts) => read_texts(kind, &texts),
            Err(_) => Err(String::from("Send a list of texts.")),
        },
        kind => match serde_json::from_str::<String>(raw) {
            Ok(text) => read_text(kind, &text),
            Err(_) => Err(String::from("Send a text.")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[derive(Debug)]
    struct Several(Values);

    impl FromBody for Several {
        const FIELDS: &'static [Field] = &[
            Field::required("e164", Kind::Phone, "A number."),
            Field::optional("maxPrice", Kind::Money, "A price."),
            Field::optional("label", Kind::Text(8), "A label.").or_null(),
            Field::optional("tags", Kind::Texts(2, 4), "Tags."),
            Field::optional("locked", Kind::Flag, "A lock."),
        ];

        fn read(values: &Values) -> Self {
            Self(values.clone())
        }
    }

    fn asked(body: &str) -> Result<Several, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        read(&headers, body.as_bytes())
    }

    fn faults(body: &str) -> Vec<String> {
        match asked(body) {
            Err(Refusal::Validation { errors }) => errors.into_iter().map(|error| error.field).collect(),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn money_keeps_its_digits() {
        let read = |digits: &str| asked(&format!(r#"{{"e164":"+1","maxPrice":{digits}}}"#)).map(|body| body.0.money("maxPrice"));
        assert_eq!(read("0.000001").expect("fits").map(|price| price.0), Some(1));
        assert_eq!(read("900719.925474").expect("fits").map(|price| price.0), Some(900_719_925_474));
        for bad in ["1e3", "\"2\"", "1.0000001", "-1", "1000000.01", "true", "null"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn null_clears_and_absence_leaves_alone() {
        let cleared = asked(r#"{"e164":"+1","label":null}"#).expect("fits").0;
        assert_eq!(cleared.change("label"), Some(None));
        assert_eq!(asked(r#"{"e164":"+1"}"#).expect("fits").0.change("label"), None);
    }

    #[test]
    fn each_fault_has_its_status() {
        assert_eq!(faults(r#"{"nonsense":1,"tags":["a","b","c"],"locked":"yes"}"#), ["locked", "nonsense", "tags", "e164"]);
        assert_eq!(faults(""), ["e164"]);
        assert_eq!(faults("[1]"), ["body"]);
        assert_eq!(asked("{").expect_err("cut off").code(), Code::MalformedJson);
        let plain = read::<Several>(&HeaderMap::new(), b"{}").expect_err("no media type");
        assert_eq!(plain.code(), Code::UnsupportedMediaType);
    }
}
