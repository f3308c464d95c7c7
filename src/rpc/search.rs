//! The search page: rows first, counts and explanations from functions of their own, so that they can stream in behind the rows (R28).

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::shapes::PhoneView;
use crate::domain::money::Micros;
use crate::domain::refusal::FieldError;
use crate::domain::time::Timestamp;
use crate::rpc::wire::Answer;

/// The search as it stands in the URL: raw texts, so that a senseless one is answered beside its field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchInput {
    /// Digits, a word or a pattern.
    pub q: String,
    /// Where `q` looks: `anywhere` (default), `starts`, `ends`, `pattern`.
    pub at: String,
    pub country: String,
    pub area: String,
    pub state: String,
    pub city: String,
    pub rate_center: String,
    /// `local`, `toll_free`, `national`, `mobile`, or empty for any.
    pub kind: String,
    /// Feature names joined by commas; all are required.
    pub features: String,
    /// Highest monthly cost as a decimal.
    pub max_monthly: String,
    pub max_setup: String,
    /// `memorability` (default), `price`, `number`, `locality`.
    pub sort: String,
    /// `1` shows strict matches only.
    pub strict: String,
    pub cursor: String,
}

/// A run of national digits that matched, with the letter asked for under each (a space where a digit was asked).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Index of the first matched national digit.
    pub start: u8,
    pub letters: String,
}

/// The caller's own live hold on a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHold {
    pub id: String,
    pub expires_at: Timestamp,
}

/// One number in stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    pub phone: PhoneView,
    pub marks: Vec<Mark>,
    /// The best word it spells, such as `555-CAFE`; empty when it spells none.
    pub vanity: String,
    /// 1 to 5.
    pub bars: u8,
    /// `ends in four equal digits`
    pub reason: String,
    pub locality: String,
    pub region: String,
    pub number_type: String,
    /// In words: `Voice`, `SMS`, `MMS`, `Fax`, `E911`.
    pub features: Vec<String>,
    pub emergency: bool,
    pub setup: Micros,
    pub monthly: Micros,
    pub hold: Option<RowHold>,
    /// For widened rows: `City relaxed, not San Francisco`; empty for strict ones.
    pub relaxed: String,
}

/// One page of results, counted exactly as of `now`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchView {
    pub now: Timestamp,
    /// All numbers that this caller could search.
    pub stock_total: u64,
    pub total: u64,
    pub rows: Vec<ResultRow>,
    pub widened: Vec<ResultRow>,
    pub next_cursor: Option<String>,
    /// Fields that make no sense; then nothing was searched. Names are those of [`SearchInput`].
    pub errors: Vec<FieldError>,
}

/// A value of a filter with how many numbers it would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    pub value: String,
    pub label: String,
    pub count: u64,
}

/// Counts behind every filter. Each filter's counts leave that filter itself out. At most 50 values each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetsView {
    pub countries: Vec<FacetValue>,
    pub states: Vec<FacetValue>,
    pub cities: Vec<FacetValue>,
    pub area_codes: Vec<FacetValue>,
    pub kinds: Vec<FacetValue>,
    pub features: Vec<FacetValue>,
    /// `value` is the decimal for `max_monthly`.
    pub prices: Vec<FacetValue>,
}

/// What dropping one filter alone would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropOption {
    /// The field of [`SearchInput`]; one feature of several is `features:fax`.
    pub filter: String,
    /// What the filter asks for: `San Francisco`, `MAPLE at the end`.
    pub label: String,
    pub count: u64,
}

#[server(prefix = "/rpc", endpoint = "search/rows", input = GetUrl, output = Answer)]
pub async fn search(input: SearchInput) -> Result<SearchView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::search::{Seeker, search};
    let guarded = guard("search/rows").await?;
    guarded.count_search()?;
    let seeker = Seeker::new(guarded.maybe_caller(), guarded.session.is_some());
    let found = search(&guarded.state, seeker, &input.query()).await.map_err(report)?;
    Ok(SearchView::from(found))
}

#[server(prefix = "/rpc", endpoint = "search/facets", input = GetUrl, output = Answer)]
pub async fn facets(input: SearchInput) -> Result<FacetsView, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::search::{Seeker, facets};
    let guarded = guard("search/facets").await?;
    let seeker = Seeker::new(guarded.maybe_caller(), guarded.session.is_some());
    let counts = facets(&guarded.state, seeker, &input.raw()).await.map_err(report)?;
    Ok(FacetsView::from(counts))
}

/// For an empty answer: which single filter, dropped, would give results. Most first.
#[server(prefix = "/rpc", endpoint = "search/explain", input = GetUrl, output = Answer)]
pub async fn explain(input: SearchInput) -> Result<Vec<DropOption>, AppError> {
    use crate::server::run::context::{guard, report};
    use crate::server::services::search::{Seeker, explain};
    let guarded = guard("search/explain").await?;
    let seeker = Seeker::new(guarded.maybe_caller(), guarded.session.is_some());
    let drops = explain(&guarded.state, seeker, &input.raw()).await.map_err(report)?;
    Ok(drops.into_iter().map(DropOption::from).collect())
}
