//! Changing several things of a number at once: all of them or none.

use serde_json::json;
use sqlx::AnyConnection;

use super::{check_may_lock, checked_label, own, reload, set_label_in, set_locked_in};
use crate::domain::audit::EventKind;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::services::caller::Caller;
use crate::server::services::recorder::Recorder;
use crate::server::services::routes::set_for_number_in;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::OwnedNumber;

/// Tags of one number.
pub const MOST_TAGS: usize = 20;
/// Characters of a tag.
pub const LONGEST_TAG: usize = 32;

/// What changes; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub label: Option<String>,
    /// All of them: those that are not named go.
    pub tags: Option<Vec<String>>,
    pub locked: Option<bool>,
    /// Whether callers' names are looked up.
    pub cnam_lookups_enabled: Option<bool>,
    /// None inside takes the route off.
    pub primary_route_id: Option<Option<String>>,
    pub failover_route_id: Option<Option<String>>,
}

/// Changes a number. What is as it is asked for already is no change.
///
/// # Errors
/// `validation`, `role_too_low` for a lock by anybody who may not lock, `not_found` for a number or route of somebody else,
/// `number_released`, `number_gone`.
pub async fn edit(state: &AppState, caller: &Caller, number: &str, edit: Edit) -> Result<OwnedNumber> {
    let label = edit.label.as_deref().map(checked_label).transpose()?;
    let tags = edit.tags.map(checked_tags).transpose()?;
    if edit.locked.is_some() {
        check_may_lock(caller)?;
    }
    let recorder = Recorder::new(state, caller);
    let (caller, number) = (caller.clone(), number.to_owned());
    let (locked, primary, failover, cnam) = (edit.locked, edit.primary_route_id, edit.failover_route_id, edit.cnam_lookups_enabled);
    state
        .db
        .write(async move |connection| {
            let mut number = own(connection, &caller, &number).await?;
            number.facts().may_unassign()?;
            if let Some(label) = &label {
                number = set_label_in(connection, &recorder, number, label).await?;
            }
            if let Some(tags) = &tags {
                number = set_tags_in(connection, &recorder, number, tags).await?;
            }
            if primary.is_some() || failover.is_some() {
                let primary = primary.clone().unwrap_or_else(|| number.primary_route_id.clone());
                let failover = failover.clone().unwrap_or_else(|| number.failover_route_id.clone());
                number = set_for_number_in(connection, &recorder, &caller, number, primary.as_deref(), failover.as_deref()).await?;
            }
            if let Some(enabled) = cnam {
                number = set_cnam_lookups_in(connection, &recorder, number, enabled).await?;
            }
            if let Some(locked) = locked {
                number = set_locked_in(connection, &recorder, number, locked).await?;
            }
            Ok(number)
        })
        .await
}

/// Adds a tag to a number, or takes it off; the others stay.
///
/// # Errors
/// `validation` for a tag that does not fit or one too many, and those of [`edit`].
pub async fn change_tag(state: &AppState, caller: &Caller, number: &str, tag: &str, add: bool) -> Result<OwnedNumber> {
    let recorder = Recorder::new(state, caller);
    let (caller, number, tag) = (caller.clone(), number.to_owned(), tag.trim().to_owned());
    state
        .db
        .write(async move |connection| {
            let number = own(connection, &caller, &number).await?;
            number.facts().may_unassign()?;
            let mut tags = store::numbers::tags(connection, &number.id).await?;
            tags.retain(|known| *known != tag);
            if add {
                tags.push(tag.clone());
            }
            set_tags_in(connection, &recorder, number, &checked_tags(tags)?).await
        })
        .await
}

/// Tags without spaces around them, each once, in alphabetical order.
fn checked_tags(tags: Vec<String>) -> Result<Vec<String>> {
    let mut checked: Vec<String> = tags.into_iter().map(|tag| tag.trim().to_owned()).collect();
    checked.sort();
    checked.dedup();
    let fits = |tag: &String| {
        (1..=LONGEST_TAG).contains(&tag.chars().count()) && !tag.chars().any(|character| character.is_control() || character == ',')
    };
    if checked.len() > MOST_TAGS || !checked.iter().all(fits) {
        return Err(Refusal::field("tags", format!("At most {MOST_TAGS} tags of 1 to {LONGEST_TAG} characters without commas.")).into());
    }
    Ok(checked)
}

async fn set_tags_in(connection: &mut AnyConnection, recorder: &Recorder, number: OwnedNumber, tags: &[String]) -> Result<OwnedNumber> {
    let before = store::numbers::tags(connection, &number.id).await?;
    if before == tags {
        return Ok(number);
    }
    if !store::numbers::set_tags(connection, &number, tags, recorder.now()).await? {
        return Err(Code::Conflict.into());
    }
    recorder.event(connection, &number, EventKind::NumberTagged, json!({ "before": before, "after": tags })).await?;
    reload(connection, &number.id).await
}

async fn set_cnam_lookups_in(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    number: OwnedNumber,
    enabled: bool,
) -> Result<OwnedNumber> {
    if number.cnam_lookups_enabled == enabled {
        return Ok(number);
    }
    if !store::numbers::set_cnam_lookups(connection, &number, enabled, recorder.now()).await? {
        return Err(Code::Conflict.into());
    }
    recorder.event(connection, &number, EventKind::NumberCnamSwitched, json!({ "enabled": enabled })).await?;
    reload(connection, &number.id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_trimmed_sorted_and_counted() {
        let tags = |tags: &[&str]| checked_tags(tags.iter().map(|tag| (*tag).to_owned()).collect());
        assert_eq!(tags(&[" b ", "a", "b"]).expect("fits"), ["a", "b"]);
        assert!(tags(&[""]).is_err() && tags(&[&"x".repeat(33)]).is_err() && tags(&["a\nb"]).is_err() && tags(&["a,b"]).is_err());
        let many: Vec<String> = (0..21).map(|tag| tag.to_string()).collect();
        assert!(checked_tags(many).is_err());
    }
}
