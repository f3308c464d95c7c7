//! Searches that a person keeps under a name, each with how many numbers match it now. They belong to people, not to organizations:
//! what is looked for goes with who looks.

use super::agents::check_name;
use super::search::{Query, Seeker, on_stock, read};
use crate::domain::code::Code;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::search::{Filter, RawFilter};
use crate::server::auth::session::Session;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::saved_searches::NewSavedSearch;
pub use crate::server::store::saved_searches::SavedSearch;

/// Searches that one person may keep.
const MOST: i64 = 50;

/// A person's searches, the latest first.
///
/// # Errors
/// Faults of the store.
pub async fn list(state: &AppState, session: &Session) -> Result<Vec<SavedSearch>> {
    let mut connection = state.db.read().await?;
    Ok(store::saved_searches::of_user(&mut connection, &session.user_id, MOST).await?)
}

/// How many numbers match each filter now; none for one that makes no sense any more.
///
/// # Errors
/// Faults of the store.
pub async fn counts(state: &AppState, session: &Session, filters: &[RawFilter<'_>]) -> Result<Vec<Option<u64>>> {
    let filters: Vec<Option<Filter>> = filters.iter().map(|filter| Filter::parse(filter).ok()).collect();
    let caller = session.caller();
    let (_, counts) = on_stock(state, Seeker::new(caller.as_ref(), true), move |stock, claims| {
        filters.iter().map(|filter| filter.as_ref().map(|filter| stock.total(claims, filter))).collect()
    })
    .await?;
    Ok(counts)
}

/// Keeps a search under a name; one that the person keeps already is renamed. `asked` is the search as it travels, `query` what it means.
///
/// # Errors
/// `validation` for a name that is none, a search that makes no sense, and when the person keeps enough already.
pub async fn save(state: &AppState, session: &Session, name: &str, asked: String, query: &Query<'_>) -> Result<()> {
    let errors: Vec<FieldError> = match (check_name(name), read(query)) {
        (Ok(_), Ok(_)) => Vec::new(),
        (name, query) => name.err().into_iter().chain(query.err().unwrap_or_default()).collect(),
    };
    if !errors.is_empty() {
        return Err(Refusal::Validation { errors }.into());
    }
    let new = NewSavedSearch {
        id: state.new_id(),
        user_id: session.user_id.clone(),
        name: name.trim().to_owned(),
        asked,
        created_at: state.now(),
    };
    let write = state.db.write(async move |connection| {
        if store::saved_searches::count_others(connection, &new.user_id, &new.asked).await? >= MOST {
            return Err(Refusal::field("name", format!("You keep {MOST} searches. Delete one that you no longer need.")).into());
        }
        Ok::<_, Error>(store::saved_searches::insert(connection, &new).await?)
    });
    write.await
}

/// Forgets a search.
///
/// # Errors
/// `not_found` for one that the person does not keep.
pub async fn delete(state: &AppState, session: &Session, id: &str) -> Result<()> {
    let (user_id, id) = (session.user_id.clone(), id.to_owned());
    let gone = state.db.write(async move |connection| store::saved_searches::delete(connection, &user_id, &id).await).await?;
    if gone { Ok(()) } else { Err(Code::NotFound.into()) }
}
