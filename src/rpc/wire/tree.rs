//! JSON text as a tree. What the tree means is [`super::read`]'s.

use super::Unreadable;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    /// A field of a form: a text that may stand for a number or a truth.
    Field(String),
    List(Vec<Tree>),
    /// In the order of the text.
    Object(Vec<(String, Tree)>),
}

/// How deep lists and objects may nest. The deepest shape on the wire nests six times.
const DEEPEST: u8 = 32;

/// Reads a whole text.
///
/// # Errors
/// [`Unreadable`] for what is no JSON, nests too deeply, or has a number that is no integer of 64 bits.
pub fn parse(text: &[u8]) -> Result<Tree, Unreadable> {
    let mut reader = Reader { text, at: 0 };
    let tree = reader.value(DEEPEST)?;
    reader.space();
    if reader.at == text.len() { Ok(tree) } else { Err(NO_JSON) }
}

/// The fields of a form as an object: `name[]` is an item of a list, `name[part]` a field of an object within.
pub fn of_form(fields: impl Iterator<Item = (String, String)>) -> Tree {
    let mut object: Vec<(String, Tree)> = Vec::new();
    for (name, value) in fields {
        let value = Tree::Field(value);
        let Some((outer, part)) = name.strip_suffix(']').and_then(|name| name.split_once('[')) else {
            object.push((name, value));
            continue;
        };
        match object.iter_mut().find(|(other, _)| other == outer) {
            Some((_, Tree::List(items))) => items.push(value),
            Some((_, Tree::Object(fields))) => fields.push((part.to_owned(), value)),
            _ if part.is_empty() => object.push((outer.to_owned(), Tree::List(vec![value]))),
            _ => object.push((outer.to_owned(), Tree::Object(vec![(part.to_owned(), value)]))),
        }
    }
    Tree::Object(object)
}

const NO_JSON: Unreadable = Unreadable::new("not JSON");

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes `byte` if it is what follows the space.
    fn takes(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn word(&mut self, word: &[u8], meaning: Tree) -> Result<Tree, Unreadable> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(NO_JSON);
        }
        self.at += word.len();
        Ok(meaning)
    }

    fn value(&mut self, depth: u8) -> Result<Tree, Unreadable> {
        self.space();
        match self.peek() {
            Some(b'n') => self.word(b"null", Tree::Null),
            Some(b't') => self.word(b"true", Tree::Bool(true)),
            Some(b'f') => self.word(b"false", Tree::Bool(false)),
            Some(b'"') => self.text().map(Tree::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[') => self.list(depth.checked_sub(1).ok_or(NO_JSON)?),
            Some(b'{') => self.object(depth.checked_sub(1).ok_or(NO_JSON)?),
            _ => Err(NO_JSON),
        }
    }

    fn list(&mut self, depth: u8) -> Result<Tree, Unreadable> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(b']') {
            return Ok(Tree::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.takes(b']') {
                return Ok(Tree::List(items));
            }
            if !self.takes(b',') {
                return Err(NO_JSON);
            }
        }
    }

    fn object(&mut self, depth: u8) -> Result<Tree, Unreadable> {
        self.at += 1;
        let mut fields = Vec::new();
        if self.takes(b'}') {
            return Ok(Tree::Object(fields));
        }
        loop {
            self.space();
            let name = self.text()?;
            if !self.takes(b':') {
                return Err(NO_JSON);
            }
            fields.push((name, self.value(depth)?));
            if self.takes(b'}') {
                return Ok(Tree::Object(fields));
            }
            if !self.takes(b',') {
                return Err(NO_JSON);
            }
        }
    }

    fn number(&mut self) -> Result<Tree, Unreadable> {
        let from = self.at;
        self.at += 1;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
            self.at += 1;
        }
        let digits = self.text.get(from..self.at).and_then(|digits| std::str::from_utf8(digits).ok());
        digits.and_then(|digits| digits.parse().ok()).map(Tree::Number).ok_or(Unreadable::new("a number that is no integer"))
    }

    /// A text in quotes.
    fn text(&mut self) -> Result<String, Unreadable> {
        if self.peek() != Some(b'"') {
            return Err(NO_JSON);
        }
        self.at += 1;
        let mut text = Vec::new();
        loop {
            let byte = self.peek().ok_or(NO_JSON)?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(text).map_err(|_| NO_JSON),
                b'\\' => {
                    let character = self.escaped()?;
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..0x20 => return Err(NO_JSON),
                _ => text.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Unreadable> {
        let byte = self.peek().ok_or(NO_JSON)?;
        self.at += 1;
        let character = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unicode(),
            _ => return Err(NO_JSON),
        };
        Ok(char::from(character))
    }

    /// A character by its number; one beyond 16 bits is written as two.
    fn unicode(&mut self) -> Result<char, Unreadable> {
        let first = self.hexadecimal()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(NO_JSON);
        }
        self.word(b"\\u", Tree::Null)?;
        let second = self.hexadecimal()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(NO_JSON);
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(NO_JSON)
    }

    fn hexadecimal(&mut self) -> Result<u32, Unreadable> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16)).ok_or(NO_JSON)?;
            self.at += 1;
            number = number * 16 + digit;
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// The same value as serde_json has it.
    fn value(tree: Tree) -> Value {
        match tree {
            Tree::Null => Value::Null,
            Tree::Bool(bool) => bool.into(),
            Tree::Number(number) => number.into(),
            Tree::Text(text) | Tree::Field(text) => text.into(),
            Tree::List(items) => items.into_iter().map(value).collect(),
            Tree::Object(fields) => Value::Object(fields.into_iter().map(|(name, tree)| (name, value(tree))).collect()),
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_writes(written in values()) {
            for text in [serde_json::to_vec(&written), serde_json::to_vec_pretty(&written)] {
                let tree = parse(&text.expect("JSON")).expect("a tree");
                prop_assert_eq!(value(tree), written.clone());
            }
        }

        #[test]
        fn whatever_it_reads_serde_json_reads_alike(text in "[\\[\\]{}\",:0-9a-z\\\\ \\-.]{0,24}") {
            if let Ok(tree) = parse(text.as_bytes()) {
                // A few texts are read that strict JSON forbids, such as 007; nothing that it allows is read otherwise.
                if let Ok(other) = serde_json::from_str::<Value>(&text) {
                    prop_assert_eq!(value(tree), other);
                }
            }
        }
    }

    #[test]
    fn escapes_are_read_and_faults_are_refused() {
        let text = |text: &str| parse(text.as_bytes());
        assert_eq!(text(r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#), Ok(Tree::Text("a\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1f600}".into())));
        for fault in [
            "",
            "tru",
            "[1,]",
            "{\"a\"1}",
            "{\"a\":1,}",
            "\"a",
            "\"\\u12\"",
            "\"\\ud83d\"",
            "1.5",
            "1e3",
            "[1] 2",
            "99999999999999999999",
            "{a:1}",
        ] {
            assert!(text(fault).is_err(), "{fault}");
        }
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(text(&deep(32)).is_ok() && text(&deep(33)).is_err());
    }
}
