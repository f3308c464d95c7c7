//! What a success looks like: `{success, data, message?, pagination?}`, and how amounts and instants are written in it.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::services::cursor::Found;

/// Under which every endpoint stands.
pub const BASE: &str = "/api/v1";

/// How a type looks in the examples of the reference.
pub trait Sample {
    /// One that could be answered.
    fn sample() -> Self;
}

impl<T: Sample> Sample for Vec<T> {
    fn sample() -> Self {
        vec![T::sample()]
    }
}

/// An amount as a decimal number, written from its integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money(pub Micros);

impl From<Micros> for Money {
    fn from(amount: Micros) -> Self {
        Self(amount)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.decimal()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Number).description(Some("An amount with at most six decimals.")).into()
    }
}

impl ToSchema for Money {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Money")
    }
}

/// An instant in RFC 3339, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub Timestamp);

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Sample for Instant {
    fn sample() -> Self {
        Self(Timestamp::from_seconds(1_795_348_800))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.rfc3339())
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("An instant in UTC."))
            .into()
    }
}

impl ToSchema for Instant {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Instant")
    }
}

/// Where a page of a list stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// Rows that a page may have.
    pub limit: u64,
    /// Rows on all pages.
    pub total: u64,
    /// What `cursor` is for the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// In a search: rows of this page that only come close.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widened: Option<u64>,
}

impl Pagination {
    /// A page of a list.
    #[must_use]
    pub fn new(limit: usize, total: impl TryInto<u64>, next_cursor: Option<String>) -> Self {
        let limit = u64::try_from(limit).unwrap_or_default();
        Self { limit, total: total.try_into().unwrap_or_default(), next_cursor, widened: None }
    }
}

/// An answer that is ready to be sent and to be stored.
#[derive(Debug, Clone)]
pub struct Rendered {
    pub status: StatusCode,
    pub body: String,
    /// What a repeat is answered instead, where the body shows a secret.
    pub repeat: Option<String>,
    /// Where the object is, as a path.
    pub location: Option<String>,
    /// A media type other than JSON, such as `text/csv`.
    pub media_type: Option<&'static str>,
}

impl Rendered {
    /// An object as JSON.
    ///
    /// # Errors
    /// When it cannot be written, which is a fault of ours.
    pub fn json<T: Serialize>(status: StatusCode, object: &T) -> Result<Self> {
        Ok(Self { status, body: text(object)?, repeat: None, location: None, media_type: None })
    }

    /// Done, and nothing to say.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: String::new(), repeat: None, location: None, media_type: None }
    }
}

/// What handlers answer with.
pub trait Answer: Send + 'static {
    /// Turns it into what is sent.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which is a fault of ours.
    fn render(self) -> Result<Rendered>;

    /// The schema of the whole body.
    fn schema() -> Schema;

    /// Every schema that [`Self::schema`] refers to, by its name.
    fn components(all: &mut Vec<(String, RefOr<Schema>)>);

    /// One as JSON.
    fn sample() -> serde_json::Value;

    /// What else than JSON it can be sent as.
    fn other_media_type() -> Option<&'static str> {
        None
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T, M> {
    success: bool,
    data: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<&'a Pagination>,
    #[serde(flatten)]
    more: Option<&'a M>,
}

pub(super) fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(format!("an answer cannot be written: {error}")))
}

fn json<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// One object.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    status: StatusCode,
    data: T,
    message: Option<String>,
    location: Option<String>,
    repeat: Option<T>,
}

impl<T> Reply<T> {
    /// 200 with the object.
    #[must_use]
    pub const fn of(data: T) -> Self {
        Self { status: StatusCode::OK, data, message: None, location: None, repeat: None }
    }

    /// 201 with the object that was made, and its path below [`BASE`].
    #[must_use]
    pub fn created(path: &str, data: T) -> Self {
        Self { status: StatusCode::CREATED, location: Some(format!("{BASE}{path}")), ..Self::of(data) }
    }

    /// 201 with an object that was made and that is read in a list only.
    #[must_use]
    pub fn made(data: T) -> Self {
        Self { status: StatusCode::CREATED, ..Self::of(data) }
    }

    /// 202 with what is under way, and the path below [`BASE`] where it can be followed.
    #[must_use]
    pub fn accepted(path: &str, data: T) -> Self {
        Self { status: StatusCode::ACCEPTED, location: Some(format!("{BASE}{path}")), ..Self::of(data) }
    }

    /// The same with a sentence for people.
    #[must_use]
    pub fn saying(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// What a repeat is answered instead: the object without its secret (R11).
    #[must_use]
    pub fn repeated_as(self, data: T) -> Self {
        Self { repeat: Some(data), ..self }
    }
}

impl<T: Serialize + ToSchema + Sample + Send + 'static> Answer for Reply<T> {
    fn render(self) -> Result<Rendered> {
        let message = self.message.as_deref();
        let body = |data: &T| text(&Envelope { success: true, data, message, pagination: None, more: None::<&()> });
        Ok(Rendered {
            status: self.status,
            body: body(&self.data)?,
            repeat: self.repeat.as_ref().map(body).transpose()?,
            location: self.location.clone(),
            media_type: None,
        })
    }

    fn schema() -> Schema {
        object_schema(reference::<T>())
    }

    fn components(all: &mut Vec<(String, RefOr<Schema>)>) {
        component::<T>(all);
    }

    fn sample() -> serde_json::Value {
        json(&Envelope { success: true, data: &T::sample(), message: None, pagination: None, more: None::<&()> })
    }
}

fn object_schema(data: RefOr<Schema>) -> Schema {
    envelope(data).property("message", ObjectBuilder::new().schema_type(Type::String)).build().into()
}

fn envelope(data: RefOr<Schema>) -> ObjectBuilder {
    ObjectBuilder::new()
        .property("success", ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])))
        .required("success")
        .property("data", data)
        .required("data")
}

fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

fn component<T: ToSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(all);
    all.push((T::name().into_owned(), T::schema()));
}

/// Nothing beside the rows of a page.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Nothing {}

impl Sample for Nothing {
    fn sample() -> Self {
        Self {}
    }
}

/// A page of a list, with members of its own beside `data` where a list has some.
#[derive(Debug, Clone)]
pub struct Page<T, M = Nothing> {
    pub rows: Vec<T>,
    pub pagination: Pagination,
    pub more: M,
}

impl<T> Page<T> {
    /// A page without anything else.
    #[must_use]
    pub const fn new(rows: Vec<T>, pagination: Pagination) -> Self {
        Self { rows, pagination, more: Nothing {} }
    }
}

impl<T> Page<T> {
    /// A page as a service found it.
    #[must_use]
    pub fn of<R: Into<T>>(limit: usize, found: Found<R>) -> Self {
        let pagination = Pagination::new(limit, found.total, found.next_cursor);
        Self::new(found.rows.into_iter().map(R::into).collect(), pagination)
    }
}

impl<T, M> Answer for Page<T, M>
where
    T: Serialize + ToSchema + Sample + Send + 'static,
    M: Serialize + ToSchema + Sample + Send + 'static,
{
    fn render(self) -> Result<Rendered> {
        let page = Envelope { success: true, data: &self.rows, message: None, pagination: Some(&self.pagination), more: Some(&self.more) };
        Ok(Rendered { status: StatusCode::OK, body: text(&page)?, repeat: None, location: None, media_type: None })
    }

    fn schema() -> Schema {
        let rows = utoipa::openapi::ArrayBuilder::new().items(reference::<T>());
        let mut page = envelope(Schema::from(rows.build()).into())
            .property("pagination", Ref::from_schema_name(Pagination::name()))
            .required("pagination")
            .build();
        // Members of its own stand beside `data`: they are members of the same object.
        if let RefOr::T(Schema::Object(more)) = M::schema() {
            page.properties.extend(more.properties);
            page.required.extend(more.required);
        }
        page.into()
    }

    fn components(all: &mut Vec<(String, RefOr<Schema>)>) {
        component::<T>(all);
        component::<Pagination>(all);
        M::schemas(all);
    }

    fn sample() -> serde_json::Value {
        let pagination = Pagination { limit: 20, total: 1, next_cursor: None, widened: None };
        let (rows, more) = (Vec::<T>::sample(), M::sample());
        json(&Envelope { success: true, data: &rows, message: None, pagination: Some(&pagination), more: Some(&more) })
    }
}
