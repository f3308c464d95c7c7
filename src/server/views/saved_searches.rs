//! Saved searches: the search as a text in the database, and back.

use crate::rpc::saved_searches::SavedSearchView;
use crate::rpc::search::SearchInput;
use crate::rpc::shapes::Moment;
use crate::server::services::saved_searches::SavedSearch;

/// What is kept of a search: always the same text for the same search.
#[must_use]
pub fn text(input: &SearchInput) -> String {
    serde_json::to_string(input).unwrap_or_default()
}

/// What each of them asks. A text of another version, which has other parts, is read as far as it goes.
#[must_use]
pub fn asked(saved: &[SavedSearch]) -> Vec<SearchInput> {
    saved.iter().map(|search| serde_json::from_str(&search.asked).unwrap_or_default()).collect()
}

/// The list, with what each asks and how many numbers match.
#[must_use]
pub fn list(saved: Vec<SavedSearch>, asked: Vec<SearchInput>, counts: Vec<Option<u64>>) -> Vec<SavedSearchView> {
    let rows = saved.into_iter().zip(asked).zip(counts);
    rows.map(|((saved, input), count)| SavedSearchView {
        id: saved.id,
        name: saved.name,
        input,
        count,
        created: Moment::new(saved.created_at),
    })
    .collect()
}
