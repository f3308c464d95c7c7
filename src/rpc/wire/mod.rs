//! How answers, errors and forms travel: JSON, written by serde_json and read by a small reader of our own, which also reads the fields of forms.
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

/// Reads a value from the fields of a form, as the server reads the same form where no script runs: an empty field is none where there may be none,
/// `name[]` is an item of a list, and `name[part]` a field of what stands within.
///
/// # Errors
/// [`Unreadable`].
pub fn form<T: DeserializeOwned>(fields: impl Iterator<Item = (String, String)>) -> Result<T, Unreadable> {
    T::deserialize(tree::of_form(fields))
}

/// Why a value was not written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unwritten(String);

/// Writes a value as JSON. Only the server does: the browser never answers, and its program has no code for it.
///
/// # Errors
/// [`Unwritten`] for a map whose keys are no texts, and in the browser.
pub fn write<T: Serialize>(value: &T) -> Result<String, Unwritten> {
    #[cfg(feature = "ssr")]
    let written = serde_json::to_string(value).map_err(|error| Unwritten(error.to_string()));
    #[cfg(not(feature = "ssr"))]
    let written = Err(Unwritten(format!("{} bytes are not written in a browser", size_of_val(value))));
    written
}

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = Unwritten;

    fn encode(value: &T) -> Result<Bytes, Unwritten> {
        write(value).map(Into::into)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = Unreadable;

    fn decode(text: Bytes) -> Result<T, Unreadable> {
        read(&text)
    }
}
