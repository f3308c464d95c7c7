//! Owned numbers as programs list them: by every filter of the API, in the order of their digits. Tags live here too.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::drift::{has_drifted, in_drift};
use super::list::{ListedRow, listed_columns, listed_joins};
use super::{ListedNumber, OwnedNumber, owned_columns};
use crate::domain::number::BillingState;
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;
use crate::server::store::many::places;

/// Ids that one statement names.
const CHUNK: usize = 200;

/// LIKE patterns on the E.164: for numbers that begin with +1, and for all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitFilter {
    pub nanp: String,
    pub other: String,
}

/// Which numbers are listed; a missing part does not matter.
#[derive(Debug, Clone)]
pub struct RecordFilter {
    pub organization_id: String,
    /// Only those of one sub-account: for callers of a sub-account.
    pub only_sub_account_id: Option<String>,
    /// `available`, `assigned` or `released`, or `live` for what is not released.
    pub status: Option<String>,
    pub billing_state: Option<BillingState>,
    pub cooling_off: Option<bool>,
    /// A cool-off runs where the last call started later than this.
    pub called_after: Timestamp,
    pub agent_id: Option<String>,
    /// `none` for the pool.
    pub sub_account_id: Option<String>,
    /// A LIKE pattern on the label in lower case; `!` escapes.
    pub label: Option<String>,
    pub contains: Option<DigitFilter>,
    pub starts_with: Option<DigitFilter>,
    pub ends_with: Option<DigitFilter>,
    pub area_code: Option<DigitFilter>,
    /// One of [`crate::domain::number::Drift::NAMES`].
    pub drift: Option<String>,
    /// A number whose last call, or else its purchase, is older than this is idle.
    pub idle_before: Timestamp,
    /// A whole tag.
    pub tag: Option<String>,
}

/// The parameters $1 to $20 of a [`RecordFilter`].
macro_rules! wanted {
    () => {
        concat!(
            "WHERE n.organization_id = $1 AND ($2 IS NULL OR n.sub_account_id = $2) \
         AND (n.status IN ('available', 'assigned') OR (n.status = 'released' AND n.disconnect_started_at IS NULL)) \
         AND ($3 IS NULL OR n.status = $3 OR ($3 = 'live' AND n.status <> 'released')) AND ($4 IS NULL OR n.billing_state = $4) \
         AND ($5 IS NULL OR $5 = CASE WHEN n.status <> 'released' AND n.sub_account_id IS NOT NULL AND n.last_call_at > $6 \
         THEN 1 ELSE 0 END) AND ($7 IS NULL OR n.agent_id = $7) \
         AND ($8 IS NULL OR n.sub_account_id = $8 OR ($8 = 'none' AND n.sub_account_id IS NULL)) \
         AND ($9 IS NULL OR LOWER(n.label) LIKE $9 ESCAPE '!') \
         AND ($10 IS NULL OR n.e164 LIKE $10 OR (n.e164 NOT LIKE '+1%' AND n.e164 LIKE $11)) \
         AND ($12 IS NULL OR n.e164 LIKE $12 OR (n.e164 NOT LIKE '+1%' AND n.e164 LIKE $13)) \
         AND ($14 IS NULL OR n.e164 LIKE $14 OR (n.e164 NOT LIKE '+1%' AND n.e164 LIKE $15)) \
         AND ($16 IS NULL OR n.e164 LIKE $16 OR (n.e164 NOT LIKE '+1%' AND n.e164 LIKE $17)) \
         AND ($20 IS NULL OR EXISTS (SELECT 1 FROM number_tags t WHERE t.ownership_id = n.id AND t.tag = $20)) AND ",
            in_drift!("$18", "$19"),
            " "
        )
    };
}

/// Binds $1 to $20.
macro_rules! bind_wanted {
    ($query:expr, $filter:expr) => {{
        let nanp = |digits: &Option<DigitFilter>| digits.as_ref().map(|digits| digits.nanp.clone());
        let other = |digits: &Option<DigitFilter>| digits.as_ref().map(|digits| digits.other.clone());
        $query
            .bind(&$filter.organization_id)
            .bind(&$filter.only_sub_account_id)
            .bind(&$filter.status)
            .bind($filter.billing_state.map(BillingState::name))
            .bind($filter.cooling_off.map(i64::from))
            .bind($filter.called_after.micros())
            .bind(&$filter.agent_id)
            .bind(&$filter.sub_account_id)
            .bind(&$filter.label)
            .bind(nanp(&$filter.contains))
            .bind(other(&$filter.contains))
            .bind(nanp(&$filter.starts_with))
            .bind(other(&$filter.starts_with))
            .bind(nanp(&$filter.ends_with))
            .bind(other(&$filter.ends_with))
            .bind(nanp(&$filter.area_code))
            .bind(other(&$filter.area_code))
            .bind(&$filter.drift)
            .bind($filter.idle_before.micros())
            .bind(&$filter.tag)
    }};
}

/// One page, from behind `after` on, without the first `offset`.
pub async fn records(
    connection: &mut AnyConnection,
    filter: &RecordFilter,
    after: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<ListedNumber>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        listed_columns!(),
        " FROM owned_numbers n",
        listed_joins!(),
        wanted!(),
        "AND ($21 IS NULL OR n.e164 > $21) ORDER BY n.e164 LIMIT $22 OFFSET $23"
    ));
    let rows: Vec<ListedRow> = bind_wanted!(query, filter).bind(after).bind(limit).bind(offset).fetch_all(connection).await?;
    rows.into_iter().map(ListedNumber::try_from).collect()
}

/// How many there are on all pages.
pub async fn count_records(connection: &mut AnyConnection, filter: &RecordFilter) -> Result<i64, StoreError> {
    let query = sqlx::query_as(concat!("SELECT COUNT(*) FROM owned_numbers n", listed_joins!(), wanted!()));
    let (count,): (i64,) = bind_wanted!(query, filter).fetch_one(connection).await?;
    Ok(count)
}

/// The tags of the organization's numbers between two E.164, both included, by ownership.
pub async fn tags_between(
    connection: &mut AnyConnection,
    organization_id: &str,
    first: &str,
    last: &str,
) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.ownership_id, t.tag FROM number_tags t JOIN owned_numbers n ON n.id = t.ownership_id \
         WHERE n.organization_id = $1 AND n.e164 BETWEEN $2 AND $3 ORDER BY t.ownership_id, t.tag",
    )
    .bind(organization_id)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, tag) in rows {
        tags.entry(id).or_default().push(tag);
    }
    Ok(tags)
}

/// The tags of some ownerships, in alphabetical order, by ownership. Callers name a page of them.
pub async fn tags_of(connection: &mut AnyConnection, ids: &[&str]) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let sql = format!(
            "SELECT ownership_id, tag FROM number_tags WHERE ownership_id IN {} ORDER BY ownership_id, tag",
            places(1, chunk.len())
        );
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for id in chunk {
            query = query.bind(*id);
        }
        let rows: Vec<(String, String)> = query.fetch_all(&mut *connection).await?;
        for (id, tag) in rows {
            tags.entry(id).or_default().push(tag);
        }
    }
    Ok(tags)
}

/// The tags of somebody's live numbers with how many have them, the commonest first.
pub async fn count_tags(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT t.tag, COUNT(*) FROM number_tags t JOIN owned_numbers n ON n.id = t.ownership_id WHERE n.organization_id = $1 \
         AND ($2 IS NULL OR n.sub_account_id = $2) AND (n.status IN ('available', 'assigned') \
         OR (n.status = 'released' AND n.disconnect_started_at IS NULL)) GROUP BY t.tag ORDER BY 2 DESC, 1 LIMIT $3",
    )
    .bind(organization_id)
    .bind(sub_account_id)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// The tags of one ownership, in alphabetical order.
pub async fn tags(connection: &mut AnyConnection, ownership_id: &str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT tag FROM number_tags WHERE ownership_id = $1 ORDER BY tag").bind(ownership_id).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(tag,)| tag).collect())
}

/// Replaces the tags of an ownership and counts its version up. False when somebody changed the number since it was read.
pub async fn set_tags(connection: &mut AnyConnection, number: &OwnedNumber, tags: &[String], now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE owned_numbers SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3")
        .bind(now.micros())
        .bind(&number.id)
        .bind(number.version)
        .execute(&mut *connection)
        .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM number_tags WHERE ownership_id = $1").bind(&number.id).execute(&mut *connection).await?;
    for tag in tags {
        sqlx::query("INSERT INTO number_tags (ownership_id, tag) VALUES ($1, $2)")
            .bind(&number.id)
            .bind(tag)
            .execute(&mut *connection)
            .await?;
    }
    Ok(true)
}
