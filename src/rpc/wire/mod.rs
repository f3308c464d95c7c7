//! How answers and errors travel: JSON, written by serde_json and read by a small reader of our own.
//!
//! serde_json's reader is made anew for every type that is read, with all that JSON allows. In the browser's program that was the largest
//! group of code. Here the text is read once into a [`tree`], whatever its type, and types are made of the tree by [`read`]. Docs:
//! docs/decisions/0012.

mod read;
mod tree;

use std::fmt;

use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The encoding of what a server function answers.
pub type Answer = Post<Json>;

/// JSON, read in a way that keeps the browser's program small.
#[derive(Debug, Clone, Copy)]
pub struct Json;

/// A text that is not what was to be read, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable(&'static str);

impl Unreadable {
    const fn new(what: &'static str) -> Self {
        Self(what)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Reads a value from JSON. Numbers are integers: no shape on the wire has another kind.
///
/// # Errors
/// [`Unreadable`].
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    T::deserialize(tree::parse(text)?)
}

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Into::into)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = Unreadable;

    fn decode(text: Bytes) -> Result<T, Unreadable> {
        read(&text)
    }
}
