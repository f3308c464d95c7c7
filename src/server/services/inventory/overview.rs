//! The stock as the operator looks through it: counts by state of the number, place and age, and the rows of a filter.

use std::collections::BTreeMap;

use crate::domain::place::find_state;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::services::cursor::{self, Found};
use crate::server::services::numbers::text_filter;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::inventory::overview::{Cell, Shelved, StockFilter};

/// Rows of one page.
const PAGE: usize = 50;
/// Area codes that are counted one by one.
const MOST_AREAS: i64 = 60;
/// The ends of the ages, in days; the last age has none.
const AGE_ENDS: [i64; 3] = [30, 90, 365];

/// The ages in words, the youngest first.
pub const AGES: [&str; AGE_ENDS.len() + 1] = ["Up to 30 days", "31 to 90 days", "91 days to a year", "More than a year"];

/// The states with their words, in order. The first one counts for names that are none.
pub const STATES: [(&str, &str); 5] =
    [("all", "All"), ("available", "In stock"), ("sold", "Sold"), ("aging", "Aging"), ("withdrawn", "Withdrawn")];

/// What is looked at; empty texts look at everything.
#[derive(Debug, Clone, Default)]
pub struct StockWanted {
    /// Digits of the number, or part of a city's name.
    pub text: String,
    /// One of [`STATES`].
    pub state: String,
    /// Two letters of a state or province.
    pub region: String,
    /// Three digits.
    pub area: String,
    pub cursor: String,
}

/// The stock.
#[derive(Debug, Clone)]
pub struct Overview {
    pub now: Timestamp,
    /// When the counts were made; rows are as of now.
    pub counted_at: Timestamp,
    /// In the order of [`STATES`], of the chosen place.
    pub states: [i64; STATES.len()],
    /// By state or province, of the chosen state of stock.
    pub regions: BTreeMap<String, i64>,
    /// In the order of [`AGES`], of the chosen state and place.
    pub ages: [i64; AGES.len()],
    /// Area codes of the chosen place, the fullest first.
    pub areas: Vec<(String, i64)>,
    pub found: Found<Shelved>,
}

/// Counts the stock and reads a page of it, by E.164.
///
/// # Errors
/// `validation` for an area code that is none, and a cursor of another list.
pub async fn overview(state: &AppState, wanted: &StockWanted) -> Result<Overview> {
    let now = state.now();
    let filter = filter(wanted)?;
    let after = cursor::decode::<1>(Some(wanted.cursor.as_str()))?.map(|[e164]| e164);
    let mut connection = state.db.read().await?;
    let counted = state.stock.counted(&mut connection, AGE_ENDS.map(|days| now.plus_days(-days)), now).await?;
    let (states, regions, ages) = summed(&counted.cells, &filter);
    let areas = match &filter.region {
        Some(region) => store::inventory::overview::areas(&mut connection, region, filter.state.as_deref(), MOST_AREAS).await?,
        None => Vec::new(),
    };
    let rows = store::inventory::overview::rows(&mut connection, &filter, after.as_deref(), now, cursor::rows(PAGE)).await?;
    // Without digits or a city the total is a sum of what was counted.
    let total = if filter.text.is_none() && filter.area.is_none() {
        ages.iter().sum()
    } else {
        store::inventory::overview::count_rows(&mut connection, &filter).await?
    };
    let found = Found::new(rows, total, PAGE, |shelved| cursor::encode(&[&shelved.row.e164]));
    Ok(Overview { now, counted_at: counted.at, states, regions, ages, areas, found })
}

fn filter(wanted: &StockWanted) -> Result<StockFilter> {
    let area = wanted.area.trim();
    if !area.is_empty() && (area.len() != 3 || !area.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Refusal::field("area", "An area code has three digits, such as 415.").into());
    }
    let chosen = STATES.iter().skip(1).find(|(name, _)| *name == wanted.state);
    Ok(StockFilter {
        state: chosen.map(|(name, _)| (*name).to_owned()),
        region: find_state(wanted.region.trim()).map(|state| state.code.to_owned()),
        area: Some(area.to_owned()).filter(|area| !area.is_empty()),
        text: text_filter(&wanted.text),
    })
}

type Sums = ([i64; STATES.len()], BTreeMap<String, i64>, [i64; AGES.len()]);

/// Counts by state, region and age. States and regions leave their own choice out, so that another value can be chosen.
fn summed(cells: &[Cell], filter: &StockFilter) -> Sums {
    let in_state = |cell: &Cell| filter.state.as_ref().is_none_or(|state| *state == cell.state);
    let in_place = |cell: &Cell| filter.region.as_ref().is_none_or(|region| *region == cell.region);
    let states = STATES.map(|(name, _)| {
        let counted = cells.iter().filter(|cell| in_place(cell) && (name == "all" || cell.state == name));
        counted.map(|cell| cell.count).sum()
    });
    let mut regions = BTreeMap::new();
    for cell in cells.iter().filter(|cell| in_state(cell) && !cell.region.is_empty()) {
        *regions.entry(cell.region.clone()).or_default() += cell.count;
    }
    let mut ages = [0; AGES.len()];
    for cell in cells.iter().filter(|cell| in_state(cell) && in_place(cell)) {
        if let Some(age) = usize::try_from(cell.age).ok().and_then(|age| ages.get_mut(age)) {
            *age += cell.count;
        }
    }
    (states, regions, ages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(region: &str, state: &str, age: i64, count: i64) -> Cell {
        Cell { region: region.to_owned(), state: state.to_owned(), age, count }
    }

    #[test]
    fn states_and_regions_leave_their_own_choice_out() {
        let cells = [cell("CA", "available", 0, 5), cell("CA", "sold", 1, 2), cell("NV", "available", 3, 1), cell("", "available", 3, 9)];
        let chosen = StockFilter { state: Some(String::from("available")), region: Some(String::from("CA")), ..StockFilter::default() };
        let (states, regions, ages) = summed(&cells, &chosen);
        assert_eq!(states, [7, 5, 2, 0, 0], "of California");
        assert_eq!(regions, BTreeMap::from([(String::from("CA"), 5), (String::from("NV"), 1)]), "of what is available");
        assert_eq!(ages, [5, 0, 0, 0], "of both");
    }

    #[test]
    fn only_an_area_code_is_one() {
        let wanted = |area: &str| StockWanted { area: area.to_owned(), state: String::from("nonsense"), ..StockWanted::default() };
        assert!(filter(&wanted("41")).is_err() && filter(&wanted("4a5")).is_err());
        let read = filter(&wanted("415")).expect("fits");
        assert_eq!((read.area.as_deref(), read.state), (Some("415"), None));
    }
}
