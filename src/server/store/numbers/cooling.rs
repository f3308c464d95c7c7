//! Numbers whose cool-off runs, in all organizations: the operator's list.

use sqlx::AnyConnection;

use super::TextFilter;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// A number whose cool-off runs, in any organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoolingOff {
    pub id: String,
    pub e164: String,
    pub organization_name: String,
    pub sub_account_name: String,
    pub agent_name: Option<String>,
    pub locked: bool,
    pub last_call_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct CoolingRow {
    id: String,
    e164: String,
    organization_name: String,
    sub_account_name: String,
    agent_name: Option<String>,
    locked: i64,
    last_call_at: i64,
}

/// Where cool-offs are read from: $1 to $3 are the patterns, $4 the start of the oldest call that still counts.
macro_rules! cooling_source {
    () => {
        "FROM owned_numbers n JOIN organizations o ON o.id = n.organization_id JOIN sub_accounts s ON s.id = n.sub_account_id \
         LEFT JOIN agents a ON a.id = n.agent_id WHERE n.status IN ('available', 'assigned') AND n.last_call_at > $4 \
         AND ($3 IS NULL OR n.e164 LIKE $1 OR n.e164 LIKE $2 OR LOWER(o.name) LIKE $3 ESCAPE '!' OR LOWER(s.name) LIKE $3 ESCAPE '!')"
    };
}

/// Numbers in cool-off in all organizations, soonest end first: those in a sub-account whose last call started after
/// `called_after`. The page begins behind the last call and E.164 of `after`.
pub async fn cooling_off(
    connection: &mut AnyConnection,
    text: Option<&TextFilter>,
    called_after: Timestamp,
    after: Option<&(i64, String)>,
    limit: i64,
) -> Result<Vec<CoolingOff>, StoreError> {
    let rows: Vec<CoolingRow> = sqlx::query_as(concat!(
        "SELECT n.id AS id, n.e164 AS e164, o.name AS organization_name, s.name AS sub_account_name, a.name AS agent_name, \
         n.locked AS locked, n.last_call_at AS last_call_at ",
        cooling_source!(),
        " AND ($5 IS NULL OR (n.last_call_at, n.e164) > ($5, $6)) ORDER BY n.last_call_at, n.e164 LIMIT $7"
    ))
    .bind(text.and_then(|text| text.digits.clone()))
    .bind(text.and_then(|text| text.national.clone()))
    .bind(text.map(|text| text.words.clone()))
    .bind(called_after.micros())
    .bind(after.map(|(at, _)| *at))
    .bind(after.map(|(_, e164)| e164.clone()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let cooling = |row: CoolingRow| CoolingOff {
        id: row.id,
        e164: row.e164,
        organization_name: row.organization_name,
        sub_account_name: row.sub_account_name,
        agent_name: row.agent_name,
        locked: row.locked != 0,
        last_call_at: Timestamp::from_micros(row.last_call_at),
    };
    Ok(rows.into_iter().map(cooling).collect())
}

/// How many numbers [`cooling_off`] would find without a limit.
pub async fn count_cooling_off(
    connection: &mut AnyConnection,
    text: Option<&TextFilter>,
    called_after: Timestamp,
) -> Result<i64, StoreError> {
    let (count,): (i64,) = sqlx::query_as(concat!("SELECT COUNT(*) ", cooling_source!()))
        .bind(text.and_then(|text| text.digits.clone()))
        .bind(text.and_then(|text| text.national.clone()))
        .bind(text.map(|text| text.words.clone()))
        .bind(called_after.micros())
        .fetch_one(connection)
        .await?;
    Ok(count)
}
