//! The list of owned numbers: filtered, counted, sorted, one page at a time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::drift::{DriftReport, idle_before, report};
use super::{Line, lines, text_filter};
use crate::domain::number::Drift;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::cool_offs;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::agents::ListedAgent;
use crate::server::store::numbers::{ChipCounts, Choice, Filter, Sort, SortKey, Window};
use crate::server::store::sub_accounts::ListedSubAccount;

/// Rows of one page.
const PAGE: usize = 50;
/// Tags that the list offers as a filter.
const MOST_TAGS: i64 = 24;

/// The chips with their words, in order.
const CHIPS: [(&str, &str); 7] = [
    ("all", "All"),
    ("free", "Free"),
    ("agent", "With an agent"),
    ("sub_account", "Sub-accounts"),
    ("cool_off", "Cool-off"),
    ("past_due", "Past due"),
    ("released", "Released"),
];

/// The filter as it was asked for. Unknown chips and sorts count as the default.
#[derive(Debug, Clone, Default)]
pub struct ListInput {
    pub q: String,
    pub chip: String,
    /// One of [`Drift::NAMES`].
    pub drift: String,
    /// A whole tag.
    pub tag: String,
    pub sort: String,
    pub cursor: String,
}

/// A chip with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipRow {
    pub value: &'static str,
    pub label: &'static str,
    pub count: i64,
}

/// One page of the list, and what its rows can be moved to.
#[derive(Debug, Clone)]
pub struct NumberList {
    pub now: Timestamp,
    /// Numbers that the filter shows, on all pages.
    pub total: i64,
    pub chips: Vec<ChipRow>,
    /// Tags with their counts, the commonest first.
    pub tags: Vec<(String, i64)>,
    /// What has drifted of all that the caller owns, whatever the filter shows.
    pub drift: DriftReport,
    pub lines: Vec<Line>,
    pub next_cursor: Option<String>,
    pub agents: Vec<ListedAgent>,
    pub sub_accounts: Vec<ListedSubAccount>,
}

/// One page of the caller's numbers.
///
/// # Errors
/// `validation` for a cursor that is none of ours.
pub async fn list(state: &AppState, caller: &Caller, input: &ListInput) -> Result<NumberList> {
    let now = state.now();
    let called_after = cool_offs::running_after(now, state.settings.cool_off_days);
    let chip = CHIPS.iter().map(|(value, _)| *value).find(|value| *value == input.chip).filter(|value| *value != "all");
    let filter = Filter {
        organization_id: caller.organization_id.clone(),
        sub_account_id: caller.sub_account_id.clone(),
        text: text_filter(&input.q),
        called_after,
        tag: Some(input.tag.trim().to_owned()).filter(|tag| !tag.is_empty()),
    };
    let drift = Drift::NAMES.into_iter().find(|name| *name == input.drift);
    let choice = Choice { chip, drift, idle_before: idle_before(now) };
    let window = Window { sort: sort(&input.sort), after: cursor(&input.cursor)?, limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX) };
    let only = caller.sub_account_id.as_deref();
    let mut connection = state.db.read().await?;
    let counts = store::numbers::count_chips(&mut connection, &filter, &choice).await?;
    let mut rows = store::numbers::list(&mut connection, &filter, &choice, &window).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next_cursor = rows.last().filter(|_| more).map(|(key, _)| encoded(key));
    let chips: Vec<ChipRow> = CHIPS.iter().map(|(value, label)| ChipRow { value, label, count: count(&counts, value) }).collect();
    Ok(NumberList {
        now,
        total: count(&counts, chip.unwrap_or("all")),
        chips,
        tags: store::numbers::count_tags(&mut connection, &caller.organization_id, only, MOST_TAGS).await?,
        drift: report(&mut connection, caller, now).await?,
        lines: lines(&mut connection, rows.into_iter().map(|(_, listed)| listed).collect(), &state.settings, now).await?,
        next_cursor,
        agents: store::agents::list(&mut connection, &caller.organization_id, only).await?,
        sub_accounts: store::sub_accounts::list(&mut connection, &caller.organization_id, only, called_after).await?,
    })
}

fn sort(name: &str) -> Sort {
    match name {
        "number" => Sort::Number,
        "renews" => Sort::Renews,
        "monthly" => Sort::Monthly,
        _ => Sort::LastCall,
    }
}

const fn count_of(counts: &ChipCounts) -> [i64; 7] {
    [counts.all_numbers, counts.free, counts.agent, counts.sub_account, counts.cool_off, counts.past_due, counts.released]
}

fn count(counts: &ChipCounts, chip: &str) -> i64 {
    CHIPS.iter().zip(count_of(counts)).find(|((value, _), _)| *value == chip).map_or(0, |(_, count)| count)
}

fn encoded(key: &SortKey) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}|{}", key.key, key.e164))
}

fn cursor(text: &str) -> Result<Option<SortKey>> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (key, e164) = text.split_once('|')?;
        Some(SortKey { key: key.parse().ok()?, e164: e164.to_owned() })
    };
    let unknown = || Refusal::field("cursor", "Start again from the first page.");
    Ok(Some(read().ok_or_else(unknown)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back() {
        let key = SortKey { key: -7, e164: String::from("+14155550123") };
        assert_eq!(cursor(&encoded(&key)).expect("ours"), Some(key));
        assert_eq!(cursor("").expect("the first page"), None);
        assert!(cursor("nonsense").is_err());
    }
}
