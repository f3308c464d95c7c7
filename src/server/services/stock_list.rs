//! Listing the stock for clients that page by number: the numbers that can be had, and the area codes and exchanges among them. The
//! search of people and of the native API is [`super::search`].

use super::caller::Caller;
use super::search::{Seeker, on_stock};
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::search::{Filter, RawFilter};
use crate::server::error::Result;
use crate::server::search::window::Window;
use crate::server::state::AppState;

pub use crate::server::search::window::{By, Part, Windowed};

/// What is asked, as it was sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    /// Where no country and no state is named, all countries are looked through.
    pub filter: RawFilter<'a>,
    /// Digits that the whole number begins with, country code included.
    pub e164_start: &'a str,
    pub toll_free: Option<bool>,
    pub by: By,
    pub descending: bool,
    pub offset: usize,
    pub limit: usize,
}

/// Area codes or exchanges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    pub rows: Vec<String>,
    /// More follow.
    pub more: bool,
}

fn filter(raw: &RawFilter<'_>) -> std::result::Result<Filter, Refusal> {
    let mut filter = Filter::parse(raw).map_err(|errors| Refusal::Validation { errors })?;
    if raw.country.trim().is_empty() && raw.state.trim().is_empty() {
        filter.countries.clear();
    }
    Ok(filter)
}

/// The numbers that can be had, exactly as of now.
///
/// # Errors
/// `validation` for what makes no sense, by the names of the search page; faults of the store.
pub async fn numbers(state: &AppState, caller: &Caller, query: &Query<'_>) -> Result<Windowed> {
    if !query.e164_start.bytes().all(|byte| byte.is_ascii_digit()) {
        let errors = vec![FieldError::new("starts_with", "Write digits, such as 206 or +44.")];
        return Err(Refusal::Validation { errors }.into());
    }
    let window = Window {
        filter: filter(&query.filter)?,
        prefix: query.e164_start.to_owned(),
        toll_free: query.toll_free,
        by: query.by,
        descending: query.descending,
        offset: query.offset,
        limit: query.limit,
    };
    let (_, found) = on_stock(state, Seeker::Caller(caller), move |stock, claims| stock.window(claims, &window)).await?;
    Ok(found)
}

/// The area codes or exchanges of the numbers that can be had, in ascending order.
///
/// # Errors
/// As [`numbers`].
pub async fn parts(state: &AppState, caller: &Caller, part: Part, raw: &RawFilter<'_>, offset: usize, limit: usize) -> Result<Parts> {
    let filter = filter(raw)?;
    let (_, all) = on_stock(state, Seeker::Caller(caller), move |stock, claims| stock.parts(claims, &filter, part)).await?;
    let more = all.len() > offset.saturating_add(limit);
    Ok(Parts { rows: all.into_iter().skip(offset).take(limit).collect(), more })
}
