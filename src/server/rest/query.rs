//! Query parameters, strictly: an unknown or repeated one is refused by name. What they may hold is in [`super::fields`].

use std::collections::BTreeMap;

use super::fields::{CURSOR, Field, Kind, LIMIT, Reader, SUB_ACCOUNT, Value, Values, read_integer, read_money, read_text, read_texts};
use crate::domain::refusal::Refusal;

/// Accepted everywhere and ignored: clients of older services send it with every list (R57).
const IGNORED: &str = "page";

/// The parameters of an endpoint.
pub trait FromQuery: Sized {
    /// All of them.
    const PARAMETERS: &'static [Field];

    /// Takes the values, which fit their fields.
    fn read(values: &Values) -> Self;
}

/// The parameters as an argument of a handler.
#[derive(Debug, Clone)]
pub struct Query<Q>(pub Q);

/// No parameters at all.
#[derive(Debug, Clone, Copy)]
pub struct NoQuery;

impl FromQuery for NoQuery {
    const PARAMETERS: &'static [Field] = &[];

    fn read(_values: &Values) -> Self {
        Self
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    pub limit: usize,
    pub cursor: Option<String>,
}

impl FromQuery for ListQuery {
    const PARAMETERS: &'static [Field] = &[LIMIT, CURSOR];

    fn read(values: &Values) -> Self {
        Self { limit: values.limit(), cursor: values.text("cursor") }
    }
}

/// A page of a list that can be narrowed to a sub-account.
#[derive(Debug, Clone)]
pub struct PlaceQuery {
    pub sub_account_id: Option<String>,
    pub limit: usize,
    pub cursor: Option<String>,
}

impl FromQuery for PlaceQuery {
    const PARAMETERS: &'static [Field] = &[SUB_ACCOUNT, LIMIT, CURSOR];

    fn read(values: &Values) -> Self {
        Self { sub_account_id: values.text("subAccountId"), limit: values.limit(), cursor: values.text("cursor") }
    }
}

/// Reads the part of an address behind the question mark.
///
/// # Errors
/// `validation` with every fault.
pub fn read<Q: FromQuery>(query: &str) -> Result<Q, Refusal> {
    let mut reader = Reader::new(Q::PARAMETERS, "parameter");
    let mut lists: BTreeMap<&'static str, (&'static Field, Vec<String>)> = BTreeMap::new();
    for (name, text) in pairs(query) {
        let (Some(name), Some(text)) = (name, text) else {
            reader.fault("query", "Parameters are UTF-8, encoded with per cent signs.");
            continue;
        };
        if name == IGNORED && !Q::PARAMETERS.iter().any(|field| field.name == IGNORED) {
            continue;
        }
        let Some(field) = reader.field(&name) else { continue };
        match field.kind {
            Kind::Choices(_) | Kind::Texts(..) => {
                let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
                lists.entry(field.name).or_insert((field, Vec::new())).1.extend(texts);
            }
            kind => reader.put(field, one(kind, &text)),
        }
    }
    for (field, texts) in lists.into_values() {
        reader.put(field, read_texts(field.kind, &texts));
    }
    Ok(Q::read(&reader.finish()?))
}

fn one(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Money => read_money(text),
        Kind::Integer(least, most) => read_integer(text, least, most),
        Kind::Flag => match text {
            "true" => Ok(Value::Flag(true)),
            "false" => Ok(Value::Flag(false)),
            _ => Err(String::from("true or false.")),
        },
        kind => read_text(kind, text),
    }
}

/// The names and texts of a query, decoded; none for what cannot be.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(split)
}

fn split(pair: &str) -> (Option<String>, Option<String>) {
    let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
    (decoded(name), decoded(text))
}

/// Undoes percent encoding; a plus sign is a space, but for one that begins a telephone number (`+1…`, as people paste it).
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'%' => {
                let digits = text.get(at + 1..at + 3)?;
                plain.push(u8::from_str_radix(digits, 16).ok()?);
                at += 2;
            }
            b'+' if at == 0 && bytes.get(1).is_some_and(u8::is_ascii_digit) => plain.push(b'+'),
            b'+' => plain.push(b' '),
            byte => plain.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Several(Values);

    impl FromQuery for Several {
        const PARAMETERS: &'static [Field] = &[
            Field::optional("label", Kind::Text(5), "A label."),
            Field::optional("limit", Kind::Integer(1, 100), "Rows."),
            Field::optional("features", Kind::Choices(&["voice", "sms"]), "Features."),
            Field::optional("maxPrice", Kind::Money, "A price."),
            Field::optional("facets", Kind::Flag, "Counts."),
        ];

        fn read(values: &Values) -> Self {
            Self(values.clone())
        }
    }

    fn faults(query: &str) -> Vec<String> {
        match read::<Several>(query) {
            Err(Refusal::Validation { errors }) => errors.into_iter().map(|error| error.field).collect(),
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn reads_what_fits() {
        let values =
            read::<Several>("label=a%20b+c&limit=7&features=voice,sms&features=voice&maxPrice=1.5&facets=true&page=3").expect("fits").0;
        assert_eq!(values.text("label").as_deref(), Some("a b c"));
        assert_eq!((values.limit(), values.flag("facets")), (7, Some(true)));
        assert_eq!(values.money("maxPrice").map(|price| price.0), Some(1_500_000));
        assert_eq!(values.texts("features").map(|texts| texts.len()), Some(3));
        assert_eq!(read::<Several>("").expect("nothing").0.limit(), 20);
        assert_eq!(decoded("+14155550123").as_deref(), Some("+14155550123"));
        assert_eq!(decoded("%zz"), None);
    }

    #[test]
    fn every_fault_is_named() {
        assert_eq!(faults("label=abcdef&limit=0&nonsense=1&facets=yes&maxPrice=1e3"), ["label", "limit", "nonsense", "facets", "maxPrice"]);
        assert_eq!(faults("limit=5&limit=6"), ["limit"]);
        assert_eq!(faults("features=voice,carrier-pigeon"), ["features"]);
        assert_eq!(faults("label=%FF"), ["query"]);
    }
}
