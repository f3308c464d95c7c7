//! What a page reads from the server, and how it comes back out of the document when the browser takes the page over.
//!
//! Answers of server functions are read from bytes. Leptos reads what stands in the document from text, and serde's code for both
//! would double the part of the program that reads answers; here the document is read from bytes too.

use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// JSON, read by the same code as the answers of server functions.
#[derive(Debug)]
pub struct JsonBytes;

impl<T: Serialize> Encoder<T> for JsonBytes {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for JsonBytes {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Something that a page reads and reads again.
pub type Load<T> = Resource<T, JsonBytes>;

/// Reads with what `source` says, now and whenever that changes. Made at the top of a component, never where something is waited for:
/// server and browser number what they read in the order in which it is made.
#[track_caller]
pub fn load<S, T, Answer>(source: impl Fn() -> S + Send + Sync + 'static, read: impl Fn(S) -> Answer + Send + Sync + 'static) -> Load<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, read, false)
}
