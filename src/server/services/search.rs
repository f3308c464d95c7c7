//! Searching the stock: rows and total, counts behind each filter, and why an answer is empty. Visitors search too, with limits (R40).

use std::sync::Arc;

use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::search::{Filter, FilterName, RawFilter, Sort};
use crate::domain::time::Timestamp;
use crate::server::config::SearchAccess;
use crate::server::error::{Error, Result};
use crate::server::search::facets::Facets;
use crate::server::search::page::{Ask, Page};
use crate::server::search::{Claims, Cursor, FoundRow, Stock};
use crate::server::state::AppState;

use super::caller::Caller;
use super::holds::buyer;

/// Rows of a page when nobody asks for another number.
pub const DEFAULT_LIMIT: usize = 20;
/// Rows of a page at the most.
pub const MAX_LIMIT: usize = 50;
/// How deep visitors may page.
const VISITOR_DEPTH: u64 = 200;

/// Who searches.
#[derive(Debug, Clone, Copy)]
pub enum Seeker<'a> {
    /// Nobody is signed in.
    Visitor,
    /// Somebody without an organization, such as an operator.
    Person,
    /// On behalf of an organization: its own holds are found too.
    Caller(&'a Caller),
}

impl<'a> Seeker<'a> {
    /// Whoever asks through a page.
    #[must_use]
    pub const fn new(caller: Option<&'a Caller>, signed_in: bool) -> Self {
        match (caller, signed_in) {
            (Some(caller), _) => Self::Caller(caller),
            (None, true) => Self::Person,
            (None, false) => Self::Visitor,
        }
    }

    const fn caller(self) -> Option<&'a Caller> {
        match self {
            Self::Caller(caller) => Some(caller),
            Self::Visitor | Self::Person => None,
        }
    }
}

/// What is asked, as it was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    pub filter: RawFilter<'a>,
    pub sort: &'a str,
    /// Empty for the first page.
    pub cursor: &'a str,
    /// [`DEFAULT_LIMIT`] when it is not given.
    pub limit: Option<usize>,
    /// No numbers that only come close.
    pub strict: bool,
}

/// One page of an answer, exact as of `now`.
#[derive(Debug, Clone)]
pub struct Found {
    pub now: Timestamp,
    pub stock_total: u64,
    pub total: u64,
    pub rows: Vec<FoundRow>,
    pub widened: Vec<FoundRow>,
    pub next_cursor: Option<String>,
    /// Fields that make no sense; then nothing was searched.
    pub errors: Vec<FieldError>,
}

/// What one filter alone keeps away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropOne {
    /// The field's name; one feature of several is `features:fax`.
    pub filter: String,
    /// `City`
    pub kind: &'static str,
    /// `San Francisco`
    pub value: String,
    pub count: u64,
}

/// Rows, total, and numbers that come close.
///
/// # Errors
/// `unauthenticated` where only signed-in people may search; faults of the store. Senseless fields are part of the answer.
pub async fn search(state: &AppState, seeker: Seeker<'_>, query: &Query<'_>) -> Result<Found> {
    let read = read(query);
    let (filter, sort, after, errors) = match read {
        Ok((filter, sort, after)) => (filter, sort, after, Vec::new()),
        Err(errors) => (Filter::default(), Sort::default(), None, errors),
    };
    let ask = Ask {
        filter,
        sort,
        after,
        limit: if errors.is_empty() { query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT) } else { 0 },
        deepest: matches!(seeker, Seeker::Visitor).then_some(VISITOR_DEPTH),
        widen: !query.strict,
    };
    let (now, mut page) = page(state, seeker, ask).await?;
    if matches!(seeker, Seeker::Visitor) {
        for row in page.rows.iter_mut().chain(&mut page.widened) {
            row.provider = None;
        }
    }
    Ok(Found {
        now,
        stock_total: page.stock_total,
        total: if errors.is_empty() { page.total } else { 0 },
        rows: page.rows,
        widened: page.widened,
        next_cursor: page.next,
        errors,
    })
}

/// What fits strictly is found at once: that takes less than a thread that would do it beside. Only numbers that come close take several
/// looks, and then everything is found by such a thread.
async fn page(state: &AppState, seeker: Seeker<'_>, ask: Ask) -> Result<(Timestamp, Page)> {
    let (now, claims) = current(state, seeker).await?;
    let strict = state.stock.page(&claims, &Ask { widen: false, ..ask.clone() });
    if ask.widen && ask.after.is_none() && strict.rows.len() < ask.limit {
        return on_stock(state, seeker, move |stock, claims| stock.page(claims, &ask)).await;
    }
    Ok((now, strict))
}

/// Reads everything that was typed, and tells every field that makes no sense.
pub(super) fn read(query: &Query<'_>) -> std::result::Result<(Filter, Sort, Option<Cursor>), Vec<FieldError>> {
    let (filter, mut errors) = match Filter::parse(&query.filter) {
        Ok(filter) => (filter, Vec::new()),
        Err(errors) => (Filter::default(), errors),
    };
    let sort = Sort::parse(query.sort).unwrap_or_else(|error| {
        errors.push(error);
        Sort::default()
    });
    let after = Cursor::decode(query.cursor, sort);
    if after.is_none() && !query.cursor.is_empty() {
        errors.push(FieldError::new("cursor", "This page belongs to another search. Start from the first page."));
    }
    if errors.is_empty() { Ok((filter, sort, after)) } else { Err(errors) }
}

/// Counts behind every filter. A search that makes no sense has none.
///
/// # Errors
/// As [`search`].
pub async fn facets(state: &AppState, seeker: Seeker<'_>, filter: &RawFilter<'_>) -> Result<Facets> {
    let Ok(filter) = Filter::parse(filter) else { return Ok(Facets::default()) };
    let currency = state.settings.currency.clone();
    let (_, facets) = on_stock(state, seeker, move |stock, claims| stock.facets(claims, &filter, &currency)).await?;
    Ok(facets)
}

/// For each filter that is on, how many numbers there would be without it. Most first.
///
/// # Errors
/// As [`search`], and `validation` for a search that makes no sense.
pub async fn explain(state: &AppState, seeker: Seeker<'_>, filter: &RawFilter<'_>) -> Result<Vec<DropOne>> {
    let filter = Filter::parse(filter).map_err(|errors| Refusal::Validation { errors })?;
    let currency = state.settings.currency.clone();
    let (_, drops) = on_stock(state, seeker, move |stock, claims| {
        let named = stock.explain(claims, &filter).into_iter().map(|dropped| {
            let (field, value) = match dropped.feature {
                Some(feature) => (format!("features:{}", feature.names().join("")), feature.labels().join("")),
                None => (dropped.filter.name().to_owned(), filter.value_text(dropped.filter, &currency)),
            };
            let kind = if dropped.filter == FilterName::Features { dropped.filter.label() } else { filter.part_label(dropped.filter) };
            DropOne { filter: field, kind, value, count: dropped.count }
        });
        named.collect::<Vec<_>>()
    })
    .await?;
    Ok(drops)
}

/// Brings the stock up to date and asks it, off the threads that serve connections: counting and widening take milliseconds.
pub(super) async fn on_stock<T: Send + 'static>(
    state: &AppState,
    seeker: Seeker<'_>,
    ask: impl FnOnce(&Stock, &Claims) -> T + Send + 'static,
) -> Result<(Timestamp, T)> {
    let (now, claims) = current(state, seeker).await?;
    let stock = Arc::clone(&state.stock);
    let answer = tokio::task::spawn_blocking(move || ask(&stock, &claims)).await;
    Ok((now, answer.map_err(|error| Error::Internal(format!("a search did not end: {error}")))?))
}

/// Brings the stock up to date, and tells what is claimed now as the seeker sees it.
async fn current(state: &AppState, seeker: Seeker<'_>) -> Result<(Timestamp, Claims)> {
    if matches!(seeker, Seeker::Visitor) && state.settings.search_access == SearchAccess::SignedIn {
        return Err(Code::Unauthenticated.into());
    }
    let now = state.now();
    let buyer = seeker.caller().map(buyer);
    Ok((now, state.stock.current(&state.db, buyer.as_ref(), now).await?))
}

/// Reads the stock, so that the first search need not wait for it.
///
/// # Errors
/// Faults of the store.
pub async fn warm(state: &AppState) -> Result<()> {
    let mut connection = state.db.read().await?;
    Ok(state.stock.refresh(&mut connection).await?)
}
