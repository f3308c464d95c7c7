//! What a page reads from the server, and how it comes back out of the document when the browser takes the page over.
//!
//! Leptos compiles everything around a reading (what waits for it, what follows it, what retries it) anew for each type that is read. Here it
//! is compiled once, for [`Held`]: what was read, whatever its type.

use std::any::Any;
use std::future::pending;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rpc::wire;

/// JSON in the document, read by the same code as the answers of server functions.
#[derive(Debug)]
pub struct JsonBytes;

impl<T: Serialize> Encoder<T> for JsonBytes {
    type Error = wire::Unwritten;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        wire::write(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for JsonBytes {
    type Error = wire::Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, wire::Unreadable> {
        wire::read(text.as_bytes())
    }
}

type Write = fn(&(dyn Any + Send + Sync)) -> Result<String, wire::Unwritten>;

/// What was read: a value, or its text in the document as long as nobody has asked for the value.
#[derive(Clone)]
struct Held(Arc<Content>);

struct Content {
    value: OnceLock<Box<dyn Any + Send + Sync>>,
    /// Empty where the value came first.
    text: String,
    /// Writes the value for the document.
    write: Option<Write>,
}

impl Held {
    fn value<T: Serialize + Send + Sync + 'static>(value: T) -> Self {
        let write: Write = |value| value.downcast_ref::<T>().map_or_else(|| Ok(String::new()), wire::write);
        Self(Arc::new(Content { value: OnceLock::from(Box::new(value) as Box<_>), text: String::new(), write: Some(write) }))
    }

    fn read<T: Clone + DeserializeOwned + Send + Sync + 'static>(&self) -> Option<T> {
        let Content { value, text, .. } = &*self.0;
        if value.get().is_none() {
            let read: T = wire::read(text.as_bytes()).ok()?;
            return value.get_or_init(|| Box::new(read)).downcast_ref().cloned();
        }
        value.get()?.downcast_ref().cloned()
    }
}

/// The text of what is held.
struct Text;

impl Encoder<Held> for Text {
    type Error = wire::Unwritten;
    type Encoded = String;

    fn encode(held: &Held) -> Result<String, Self::Error> {
        match (held.0.write, held.0.value.get()) {
            (Some(write), Some(value)) => write(value.as_ref()),
            _ => Ok(held.0.text.clone()),
        }
    }
}

impl Decoder<Held> for Text {
    type Error = std::convert::Infallible;
    type Encoded = str;

    fn decode(text: &str) -> Result<Held, Self::Error> {
        Ok(Held(Arc::new(Content { value: OnceLock::new(), text: text.to_owned(), write: None })))
    }
}

/// Something that a page reads and reads again.
pub struct Load<T> {
    held: Resource<Held, Text>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T> std::fmt::Debug for Load<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Load").finish_non_exhaustive()
    }
}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> Load<T> {
    /// What was read last, if anything was; tracked.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        self.held.get().and_then(|held| held.read())
    }

    /// Reads again with the same question.
    pub fn refetch(&self) {
        self.held.refetch();
    }

    /// Shows `of` what was read last; tracked.
    pub fn with<U>(&self, of: impl FnOnce(&Option<T>) -> U) -> U {
        of(&self.get())
    }
}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> IntoFuture for Load<T> {
    type Output = T;
    type IntoFuture = Pin<Box<dyn Future<Output = T> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let held = self.held.into_future();
        Box::pin(async move {
            match held.await.read() {
                Some(value) => value,
                // The document is this program's own: only one that was tampered with does not fit, and it is read anew.
                None => {
                    self.held.refetch();
                    pending().await
                }
            }
        })
    }
}

/// Reads with what `source` says, now and whenever that changes. Made at the top of a component, never where something is waited for:
/// server and browser number what they read in the order in which it is made.
#[track_caller]
pub fn load<S, T, Answer>(source: impl Fn() -> S + Send + Sync + 'static, read: impl Fn(S) -> Answer + Send + Sync + 'static) -> Load<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = T> + Send + 'static,
{
    // The source is remembered here, so that what is made for every type stays small: Leptos sees a number that grows with it.
    let asked = ArcMemo::new(move |last: Option<&(u64, S)>| {
        let now = source();
        match last {
            Some((version, before)) if *before == now => (*version, now),
            Some((version, _)) => (version + 1, now),
            None => (0, now),
        }
    });
    let version = {
        let asked = asked.clone();
        move || asked.with(|(version, _)| *version)
    };
    let fetch = move |_| -> Pin<Box<dyn Future<Output = Held> + Send>> {
        let answer = read(asked.with_untracked(|(_, source)| source.clone()));
        Box::pin(async move { Held::value(answer.await) })
    };
    Load { held: resource(Box::new(version), Box::new(fetch)), kind: PhantomData }
}

type Version = Box<dyn Fn() -> u64 + Send + Sync>;
type Fetch = Box<dyn Fn(u64) -> Pin<Box<dyn Future<Output = Held> + Send>> + Send + Sync>;

#[track_caller]
fn resource(version: Version, fetch: Fetch) -> Resource<Held, Text> {
    Resource::new_with_options(version, fetch, false)
}
