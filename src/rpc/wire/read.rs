//! Types made of a [`Tree`]. Of each visitor only the one way is called that the type itself asks for, so only that one is compiled. A struct
//! is handed its values in the order of its fields: the way that compares names is several times as long, for every struct.

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Unreadable;
use super::tree::Tree;

const OTHER_KIND: Unreadable = Unreadable::new("a value of another kind");

/// Texts of faults are for developers, and in the browser nobody reads them: they are not put together, so no code for it is needed.
impl de::Error for Unreadable {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self::new("a value that its type refuses")
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        OTHER_KIND
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self::new("a value out of range")
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self::new("a list of another length, or a field that is missing")
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("an unknown name")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("an unknown field")
    }
}

impl Tree {
    fn truth(self) -> Result<bool, Unreadable> {
        match self {
            Self::Bool(value) => Ok(value),
            Self::Field(text) => text.parse().map_err(|_| OTHER_KIND),
            _ => Err(OTHER_KIND),
        }
    }

    fn number(self) -> Result<i64, Unreadable> {
        match self {
            Self::Number(value) => Ok(value),
            Self::Field(text) => text.parse().map_err(|_| OTHER_KIND),
            _ => Err(OTHER_KIND),
        }
    }

    fn text(self) -> Result<String, Unreadable> {
        match self {
            Self::Text(text) | Self::Field(text) => Ok(text),
            _ => Err(OTHER_KIND),
        }
    }

    /// Nothing, or a field of a form that was left empty.
    fn is_none(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Field(text) => text.is_empty(),
            _ => false,
        }
    }
}

/// The ways of reading that take one kind of value and hand it over as it is.
macro_rules! one_kind {
    ($($method:ident, $kind:ident, $visit:ident;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.$visit(self.$kind()?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Unreadable;

    one_kind! {
        deserialize_bool, truth, visit_bool;
        deserialize_i8, number, visit_i64;
        deserialize_i16, number, visit_i64;
        deserialize_i32, number, visit_i64;
        deserialize_i64, number, visit_i64;
        deserialize_u8, number, visit_i64;
        deserialize_u16, number, visit_i64;
        deserialize_u32, number, visit_i64;
        deserialize_u64, number, visit_i64;
        deserialize_string, text, visit_string;
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(&self.text()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.is_none() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self == Self::Null { visitor.visit_unit() } else { Err(OTHER_KIND) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::List(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(OTHER_KIND),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Object(fields) => visitor.visit_map(Fields { rest: fields.into_iter(), value: Self::Null }),
            _ => Err(OTHER_KIND),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Record::of(self, names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Text(name) | Self::Field(name) => visitor.visit_enum(Variant { name, content: Self::Null }),
            Self::Object(fields) => {
                let (name, content) = fields.into_iter().next().ok_or(OTHER_KIND)?;
                visitor.visit_enum(Variant { name, content })
            }
            _ => Err(OTHER_KIND),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(number) => visitor.visit_i64(number),
            Self::Text(text) | Self::Field(text) => visitor.visit_string(text),
            Self::List(_) => self.deserialize_seq(visitor),
            Self::Object(_) => self.deserialize_map(visitor),
        }
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 bytes byte_buf }
}

struct Items(std::vec::IntoIter<Tree>);

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

/// The values of an object in the order of a struct's fields.
struct Record {
    fields: Vec<(String, Tree)>,
    names: std::slice::Iter<'static, &'static str>,
}

impl Record {
    fn of(tree: Tree, names: &'static [&'static str]) -> Result<Self, Unreadable> {
        match tree {
            Tree::Object(fields) => Ok(Self { fields, names: names.iter() }),
            _ => Err(OTHER_KIND),
        }
    }

    /// The value of the next field, if the text names it.
    fn next(&mut self) -> Option<Tree> {
        let name = self.names.next()?;
        let at = self.fields.iter().position(|(other, _)| other == name)?;
        Some(self.fields.swap_remove(at).1)
    }
}

impl<'de> de::SeqAccess<'de> for Record {
    type Error = Unreadable;

    /// A value that is missing is none where there may be none. Else its type takes its default, or refuses.
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let value = self.next();
        let missing = value.is_none();
        match seed.deserialize(value.unwrap_or(Tree::Null)) {
            Err(_) if missing => Ok(None),
            read => read.map(Some),
        }
    }
}

struct Fields {
    rest: std::vec::IntoIter<(String, Tree)>,
    /// The value of the name that was read last.
    value: Tree,
}

impl<'de> de::MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Tree::Text(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(std::mem::replace(&mut self.value, Tree::Null))
    }
}

struct Variant {
    name: String,
    content: Tree,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Tree;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Tree), Unreadable> {
        Ok((seed.deserialize(Tree::Text(self.name))?, self.content))
    }
}

impl<'de> de::VariantAccess<'de> for Tree {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self == Self::Null { Ok(()) } else { Err(OTHER_KIND) }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Record::of(self, names)?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::super::{Unreadable, read};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        One(u8),
        Two(i64, bool),
        Named { text: String },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Inner(u32);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        kinds: Vec<Kind>,
        pair: (char, Option<Inner>),
        none: Option<String>,
        map: BTreeMap<String, i32>,
        unit: (),
        #[serde(default)]
        late: bool,
    }

    #[test]
    fn every_kind_of_shape_comes_back() {
        let outer = Outer {
            kinds: vec![Kind::Plain, Kind::One(200), Kind::Two(-5, true), Kind::Named { text: "\u{e9}\n".into() }],
            pair: ('x', Some(Inner(7))),
            none: None,
            map: [("a".to_owned(), -1), ("b".to_owned(), 2)].into(),
            unit: (),
            late: true,
        };
        let text = serde_json::to_vec(&outer).expect("JSON");
        assert_eq!(read::<Outer>(&text), Ok(outer));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let fault = |text: &str| read::<Outer>(text.as_bytes()).expect_err("a fault").to_string();
        assert_eq!(fault("{}"), "a list of another length, or a field that is missing");
        assert_eq!(fault(r#"{"kinds":1}"#), "a value of another kind");
        assert_eq!(fault(r#"{"kinds":["Plane"]}"#), "an unknown name");
        assert_eq!(fault(r#"{"kinds":[],"pair":["x"]}"#), "a list of another length, or a field that is missing");
        assert_eq!(fault("["), "not JSON");
        assert_eq!(read::<u8>(b"256"), Err(Unreadable::new("a value out of range")));
        assert_eq!(read::<u64>(b"-1"), Err(Unreadable::new("a value out of range")));
    }

    #[test]
    fn fields_that_are_not_known_are_passed_over() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Small {
            a: u8,
        }
        assert_eq!(read(br#"{"b":[{"c":null}],"a":1,"d":"e"}"#), Ok(Small { a: 1 }));
    }

    #[test]
    fn fields_come_in_any_order_and_a_late_one_may_be_missing() {
        let text = r#"{"unit":null,"map":{"a":1},"pair":["x",null],"kinds":[{"Named":{"text":"t"}}]}"#;
        let outer = read::<Outer>(text.as_bytes()).expect("an answer of an older server");
        assert_eq!(outer.kinds, vec![Kind::Named { text: "t".into() }]);
        assert_eq!((outer.pair, outer.none, outer.map.len(), outer.late), (('x', None), None, 1, false));
    }

    #[test]
    fn forms_are_read_as_the_server_reads_them() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Form {
            name: String,
            days: u16,
            limit: Option<i64>,
            role: Option<Role>,
            #[serde(default)]
            keep: bool,
            #[serde(default)]
            scopes: Vec<String>,
            #[serde(default)]
            place: Place,
        }
        #[derive(Debug, Default, PartialEq, Deserialize)]
        #[serde(default)]
        struct Place {
            city: String,
            floor: Option<u8>,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Role {
            PlatformAdmin,
        }
        let form = |text: &str| -> Result<Form, Unreadable> {
            let fields = text.split('&').filter_map(|field| field.split_once('='));
            super::super::form(fields.map(|(name, value)| (name.to_owned(), value.to_owned())))
        };
        let whole =
            form("name=12&days=15&limit=-3&role=platform_admin&keep=true&scopes[]=a&scopes[]=b&place[city]=Reno&place[floor]=3&unknown=x")
                .expect("a form");
        let place = Place { city: "Reno".into(), floor: Some(3) };
        let role = Some(Role::PlatformAdmin);
        assert_eq!(
            whole,
            Form { name: "12".into(), days: 15, limit: Some(-3), role, keep: true, scopes: vec!["a".into(), "b".into()], place }
        );
        let least = form("name=&days=0&limit=&scopes[]=").expect("a form");
        assert_eq!(
            least,
            Form {
                name: String::new(),
                days: 0,
                limit: None,
                role: None,
                keep: false,
                scopes: vec![String::new()],
                place: Place::default()
            }
        );
        for refused in
            ["days=1", "name=x&days=", "name=x&days=x", "name=x&days=70000", "name=x&days=1&keep=maybe", "name=x&days=1&role=owner"]
        {
            assert!(form(refused).is_err(), "{refused}");
        }
    }
}
