//! Reading the audit log: the operator reads all of it, owners and administrators their organization's.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::caller::Caller;
use super::cursor::{self, Found};
use super::moving::parent_only;
use crate::domain::account::Role;
use crate::domain::audit::ActorKind;
use crate::domain::code::Code;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::auth::session::Session;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
pub use crate::server::store::audit::Audit;
use crate::server::store::audit::AuditFilter;

/// Rows a page.
const PAGE: usize = 50;
/// Longest text to look for.
const MAX_TEXT: usize = 100;

/// What to look for; empty fields look for everything.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A number, an actor or an object's name.
    pub text: String,
    pub action: String,
    /// The name of an [`ActorKind`]; others count as none.
    pub actor: String,
    /// The first and the last day, in UTC: `2026-11-30`.
    pub from: String,
    pub until: String,
    /// Where the page before ended.
    pub cursor: String,
    /// All organizations, for the operator only.
    pub of_everybody: bool,
}

/// One page of the log, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    pub total: u64,
    pub rows: Vec<Audit>,
    /// Actions that occur, for the filter.
    pub actions: Vec<String>,
    pub next_cursor: Option<String>,
    /// All organizations are read, so that each row must name its own.
    pub of_everybody: bool,
}

/// Reads a page of what the person may see.
///
/// # Errors
/// `admin_required` for everybody's by anybody but the operator, `role_too_low` below administrator and for people of a sub-account,
/// `validation` for a day that is none and a cursor that we never gave.
pub async fn list(state: &AppState, session: &Session, wanted: &Wanted) -> Result<Page> {
    let organization_id = match &session.organization {
        _ if wanted.of_everybody && session.platform_admin => None,
        _ if wanted.of_everybody => return Err(Code::AdminRequired.into()),
        Some(organization) if organization.role >= Role::Admin && organization.sub_account_id.is_none() => Some(organization.id.clone()),
        _ => return Err(Code::RoleTooLow.into()),
    };
    let filter = filter(organization_id, wanted)?;
    let found = read(state, &filter, &wanted.cursor, PAGE).await?;
    let mut connection = state.db.read().await?;
    let actions = store::audit::actions(&mut connection, filter.organization_id.as_deref()).await?;
    Ok(Page {
        total: u64::try_from(found.total).unwrap_or_default(),
        rows: found.rows,
        actions,
        next_cursor: found.next_cursor,
        of_everybody: filter.organization_id.is_none(),
    })
}

/// Reads a page of what a key may see: its organization's log, or everybody's for a key of the platform.
///
/// # Errors
/// `role_too_low` for keys of a sub-account, `validation` for a cursor that we never gave.
pub async fn list_by_key(state: &AppState, caller: &Caller, wanted: &Wanted, limit: usize) -> Result<Found<Audit>> {
    parent_only(caller)?;
    let organization_id = Some(caller.organization_id.clone()).filter(|id| !id.is_empty());
    read(state, &filter(organization_id, wanted)?, &wanted.cursor, limit).await
}

async fn read(state: &AppState, filter: &AuditFilter, cursor: &str, limit: usize) -> Result<Found<Audit>> {
    let after = (!cursor.is_empty()).then(|| read_cursor(cursor)).transpose()?;
    let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut connection = state.db.read().await?;
    let rows = store::audit::list(&mut connection, filter, after, cursor::rows(limit)).await?;
    let total = store::audit::count(&mut connection, filter).await?;
    Ok(Found::new(rows, total, limit, |row| format!("{}.{}", row.at.micros(), row.id)))
}

fn filter(organization_id: Option<String>, wanted: &Wanted) -> Result<AuditFilter> {
    let text: String = wanted.text.trim().to_lowercase().chars().take(MAX_TEXT).collect();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // Names of numbers are stored as people write them, without the country's 1 of NANP.
    let national = if text.starts_with("+1") { digits.trim_start_matches('1') } else { digits.as_str() };
    let is_number = national.len() >= 3 && text.chars().all(|character| character.is_ascii_digit() || "+()-. ".contains(character));
    Ok(AuditFilter {
        organization_id,
        text: (!text.is_empty()).then(|| format!("%{}%", escaped(&text))),
        digits: is_number.then(|| format!("%{national}%")),
        action: Some(wanted.action.trim().to_owned()).filter(|action| !action.is_empty()),
        actor_kind: ActorKind::from_name(&wanted.actor).map(|kind| kind.name().to_owned()),
        from: day("from", &wanted.from)?,
        before: day("until", &wanted.until)?.map(|begin| begin.plus_days(1)),
    })
}

/// The beginning of a day in UTC.
fn day(field: &str, text: &str) -> Result<Option<Timestamp>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let begin = text.trim().parse::<Date>().and_then(|date| date.to_zoned(TimeZone::UTC));
    let begin = begin.map_err(|_| Refusal::field(field, "Write a day such as 2026-11-30."))?;
    Ok(Some(Timestamp::from_micros(begin.timestamp().as_microsecond())))
}

/// The text as a part of a LIKE pattern with `!` as its escape.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn read_cursor(cursor: &str) -> Result<(Timestamp, String)> {
    let read = cursor.split_once('.').and_then(|(at, id)| Some((Timestamp::from_micros(at.parse().ok()?), id.to_owned())));
    read.ok_or_else(|| Refusal::field("cursor", "This page is not known. Begin at the first one.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_typed() {
        for text in ["(415) 555-0123", "4155550123", "+14155550123", "415.555.0123"] {
            let wanted = Wanted { text: text.to_owned(), ..Wanted::default() };
            assert_eq!(filter(None, &wanted).expect("fits").digits.as_deref(), Some("%4155550123%"), "{text}");
        }
        let wanted = Wanted { text: String::from("50%_Off!"), ..Wanted::default() };
        let filter = filter(None, &wanted).expect("fits");
        assert_eq!((filter.text.as_deref(), filter.digits), (Some("%50!%!_off!!%"), None));
    }

    #[test]
    fn days_are_whole_and_in_utc() {
        assert_eq!(day("from", "").expect("no day"), None);
        assert_eq!(day("from", " 1970-01-02 ").expect("a day"), Some(Timestamp::from_seconds(86_400)));
        for nonsense in ["yesterday", "2026-02-30", "1"] {
            assert!(day("from", nonsense).is_err(), "{nonsense}");
        }
        let wanted = Wanted { until: String::from("1970-01-01"), actor: String::from("nobody"), ..Wanted::default() };
        let read = filter(None, &wanted).expect("fits");
        assert_eq!((read.before, read.actor_kind), (Some(Timestamp::from_seconds(86_400)), None), "the last day counts whole");
    }
}
