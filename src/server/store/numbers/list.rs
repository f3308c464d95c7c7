//! Lists of owned numbers with what they show beside the row itself: agent, sub-account and routes by name.

use sqlx::AnyConnection;

use super::{OwnedNumber, OwnedRow, owned_columns};
use crate::domain::answering::{AgentKind, RouteKind};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

/// The agent of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentBrief {
    pub id: String,
    pub name: String,
    pub kind: AgentKind,
    /// None while it has only a draft.
    pub version: Option<u32>,
    /// Of the published version.
    pub destination: Option<String>,
}

/// A route of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteBrief {
    pub id: String,
    /// The number that Flowroute's clients know it by.
    pub public_number: i64,
    /// The edge that its calls enter by.
    pub edge_strategy_id: Option<i64>,
    pub name: String,
    pub kind: RouteKind,
    pub destination: String,
}

/// A number as lists and its own page show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNumber {
    pub number: OwnedNumber,
    pub agent: Option<AgentBrief>,
    pub sub_account_name: Option<String>,
    /// Its `SA_` id.
    pub sub_account_auth_id: Option<String>,
    pub primary: Option<RouteBrief>,
    pub failover: Option<RouteBrief>,
}

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

/// LIKE patterns, of which one must fit. `!` escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFilter {
    /// On the E.164.
    pub digits: Option<String>,
    /// On the E.164 too: the same with a country code before it.
    pub national: Option<String>,
    /// On labels and names in lower case.
    pub words: String,
}

/// Which numbers a list shows.
#[derive(Debug, Clone)]
pub struct Filter {
    pub organization_id: String,
    /// Only those of one sub-account.
    pub sub_account_id: Option<String>,
    /// What is asked for in digits or words; none for all numbers.
    pub text: Option<TextFilter>,
    /// `free`, `agent`, `sub_account`, `cool_off`, `past_due`, `released`; none for all.
    pub chip: Option<&'static str>,
    /// A cool-off runs where the last call started later than this.
    pub called_after: Timestamp,
}

/// How a list is ordered; equal ones by their digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By digits alone.
    Number,
    /// Latest call first, never called last.
    #[default]
    LastCall,
    /// Soonest renewal first.
    Renews,
    /// Dearest first.
    Monthly,
}

impl Sort {
    const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::LastCall => "last_call",
            Self::Renews => "renews",
            Self::Monthly => "monthly",
        }
    }
}

/// The place in a list from which the next page starts: the sort key and the digits of the last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    pub key: i64,
    pub e164: String,
}

/// One page: its order, where it starts, and how long it is.
#[derive(Debug, Clone)]
pub struct Window {
    pub sort: Sort,
    pub after: Option<SortKey>,
    pub limit: i64,
}

/// How many numbers each chip of the list would show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct ChipCounts {
    pub all_numbers: i64,
    pub free: i64,
    pub agent: i64,
    pub sub_account: i64,
    pub cool_off: i64,
    pub past_due: i64,
    pub released: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct ListedRow {
    #[sqlx(flatten)]
    number: OwnedRow,
    agent_name: Option<String>,
    agent_kind: Option<String>,
    agent_version: Option<i64>,
    agent_destination: Option<String>,
    sub_account_name: Option<String>,
    sub_account_auth_id: Option<String>,
    primary_number: Option<i64>,
    primary_edge: Option<i64>,
    primary_name: Option<String>,
    primary_kind: Option<String>,
    primary_destination: Option<String>,
    failover_number: Option<i64>,
    failover_edge: Option<i64>,
    failover_name: Option<String>,
    failover_kind: Option<String>,
    failover_destination: Option<String>,
}

#[derive(sqlx::FromRow)]
struct SortedRow {
    #[sqlx(flatten)]
    listed: ListedRow,
    sort_key: i64,
}

#[derive(sqlx::FromRow)]
struct CardRow {
    #[sqlx(flatten)]
    listed: ListedRow,
    board_column: String,
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

/// What a row says of one of its routes.
struct RouteParts {
    id: Option<String>,
    public_number: Option<i64>,
    edge_strategy_id: Option<i64>,
    name: Option<String>,
    kind: Option<String>,
    destination: Option<String>,
}

impl RouteParts {
    /// The route; none where there is none, and a fault where its kind is unknown.
    fn brief(self) -> Result<Option<RouteBrief>, ()> {
        let (Some(id), Some(public_number), Some(name), Some(kind)) = (self.id, self.public_number, self.name, self.kind) else {
            return Ok(None);
        };
        let kind = RouteKind::from_name(&kind).ok_or(())?;
        let (edge_strategy_id, destination) = (self.edge_strategy_id, self.destination.unwrap_or_default());
        Ok(Some(RouteBrief { id, public_number, edge_strategy_id, name, kind, destination }))
    }
}

impl TryFrom<ListedRow> for ListedNumber {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        let number = OwnedNumber::try_from(row.number)?;
        let broken = |column| StoreError::Inconsistent { table: "owned_numbers", column, id: number.id.clone() };
        let agent = match (number.agent_id(), row.agent_name, row.agent_kind) {
            (Some(id), Some(name), Some(kind)) => Some(AgentBrief {
                id: id.to_owned(),
                name,
                kind: AgentKind::from_name(&kind).ok_or_else(|| broken("agent_id"))?,
                version: row.agent_version.map(u32::try_from).transpose().map_err(|_| broken("agent_id"))?,
                destination: row.agent_destination,
            }),
            _ => None,
        };
        let primary = RouteParts {
            id: number.primary_route_id.clone(),
            public_number: row.primary_number,
            edge_strategy_id: row.primary_edge,
            name: row.primary_name,
            kind: row.primary_kind,
            destination: row.primary_destination,
        };
        let failover = RouteParts {
            id: number.failover_route_id.clone(),
            public_number: row.failover_number,
            edge_strategy_id: row.failover_edge,
            name: row.failover_name,
            kind: row.failover_kind,
            destination: row.failover_destination,
        };
        let primary = primary.brief().map_err(|()| broken("primary_route_id"))?;
        let failover = failover.brief().map_err(|()| broken("failover_route_id"))?;
        let (sub_account_name, sub_account_auth_id) = (row.sub_account_name, row.sub_account_auth_id);
        Ok(Self { agent, sub_account_name, sub_account_auth_id, primary, failover, number })
    }
}

/// The columns of [`ListedRow`].
macro_rules! listed_columns {
    () => {
        concat!(
            owned_columns!(),
            ", a.name AS agent_name, a.kind AS agent_kind, a.published_version AS agent_version, v.destination AS agent_destination, \
             s.name AS sub_account_name, s.auth_id AS sub_account_auth_id, p.public_number AS primary_number, p.edge_strategy_id AS primary_edge, \
             p.name AS primary_name, p.kind AS primary_kind, p.destination AS primary_destination, \
             f.public_number AS failover_number, f.edge_strategy_id AS failover_edge, f.name AS failover_name, f.kind AS failover_kind, f.destination AS failover_destination"
        )
    };
}

/// What [`listed_columns`] need beside the number itself.
macro_rules! listed_joins {
    () => {
        " LEFT JOIN agents a ON a.id = n.agent_id \
         LEFT JOIN agent_versions v ON v.agent_id = a.id AND v.version = a.published_version \
         LEFT JOIN sub_accounts s ON s.id = n.sub_account_id \
         LEFT JOIN routes p ON p.id = n.primary_route_id AND p.deleted_at IS NULL \
         LEFT JOIN routes f ON f.id = n.failover_route_id AND f.deleted_at IS NULL "
    };
}
pub(super) use {listed_columns, listed_joins};

/// The parameters $1 to $5 of a [`Filter`]: organization, sub-account, and the three patterns.
macro_rules! visible {
    () => {
        "WHERE n.organization_id = $1 AND ($2 IS NULL OR n.sub_account_id = $2) \
         AND (n.status IN ('available', 'assigned') OR (n.status = 'released' AND n.disconnect_started_at IS NULL)) \
         AND ($5 IS NULL OR n.e164 LIKE $3 OR n.e164 LIKE $4 OR LOWER(n.label) LIKE $5 ESCAPE '!') "
    };
}

/// Whether a chip shows a row: board columns first (a sub-account's own people see its numbers as free or with an agent), then states.
macro_rules! in_chip {
    ("free") => {
        "(n.status = 'available' AND (n.sub_account_id IS NULL OR $2 IS NOT NULL))"
    };
    ("agent") => {
        "(n.status = 'assigned' AND (n.sub_account_id IS NULL OR $2 IS NOT NULL))"
    };
    ("sub_account") => {
        "(n.status <> 'released' AND n.sub_account_id IS NOT NULL AND $2 IS NULL)"
    };
    ("cool_off") => {
        "(n.status <> 'released' AND n.sub_account_id IS NOT NULL AND n.last_call_at > $6)"
    };
    ("past_due") => {
        "(n.status <> 'released' AND n.billing_state IN ('past_due', 'suspended'))"
    };
    ("released") => {
        "n.status = 'released'"
    };
}

/// The sort as one number that grows: $8 is the name of the order.
macro_rules! sort_key {
    () => {
        "(CASE $8 WHEN 'last_call' THEN -COALESCE(n.last_call_at, 0) WHEN 'renews' THEN COALESCE(n.next_billing_at, 9223372036854775807) \
         WHEN 'monthly' THEN -n.monthly_micros ELSE 0 END)"
    };
}

/// The column of the board that a number stands in (R53).
macro_rules! board_column {
    () => {
        "(CASE WHEN n.sub_account_id IS NOT NULL AND $2 IS NULL THEN 'sub:' || n.sub_account_id \
         WHEN n.agent_id IS NOT NULL THEN 'agent:' || n.agent_id ELSE 'free' END)"
    };
}

/// Binds $1 to $5.
macro_rules! bind_filter {
    ($query:expr, $filter:expr) => {
        $query
            .bind(&$filter.organization_id)
            .bind(&$filter.sub_account_id)
            .bind($filter.text.as_ref().and_then(|text| text.digits.clone()))
            .bind($filter.text.as_ref().and_then(|text| text.national.clone()))
            .bind($filter.text.as_ref().map(|text| text.words.clone()))
    };
}

/// One page of the list, with the place that each row has in it.
pub async fn list(connection: &mut AnyConnection, filter: &Filter, window: &Window) -> Result<Vec<(SortKey, ListedNumber)>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        listed_columns!(),
        ", ",
        sort_key!(),
        " AS sort_key",
        " FROM owned_numbers n",
        listed_joins!(),
        visible!(),
        "AND CASE WHEN $7 IS NULL THEN 1 WHEN $7 = 'free' AND ",
        in_chip!("free"),
        " THEN 1 WHEN $7 = 'agent' AND ",
        in_chip!("agent"),
        " THEN 1 WHEN $7 = 'sub_account' AND ",
        in_chip!("sub_account"),
        " THEN 1 WHEN $7 = 'cool_off' AND ",
        in_chip!("cool_off"),
        " THEN 1 WHEN $7 = 'past_due' AND ",
        in_chip!("past_due"),
        " THEN 1 WHEN $7 = 'released' AND ",
        in_chip!("released"),
        " THEN 1 ELSE 0 END = 1 AND ($9 IS NULL OR ",
        sort_key!(),
        " > $9 OR (",
        sort_key!(),
        " = $9 AND n.e164 > $10)) ORDER BY sort_key, n.e164 LIMIT $11"
    ));
    let rows: Vec<SortedRow> = bind_filter!(query, filter)
        .bind(filter.called_after.micros())
        .bind(filter.chip)
        .bind(window.sort.name())
        .bind(window.after.as_ref().map(|after| after.key))
        .bind(window.after.as_ref().map(|after| after.e164.clone()))
        .bind(window.limit)
        .fetch_all(connection)
        .await?;
    let placed = |row: SortedRow| {
        let listed = ListedNumber::try_from(row.listed)?;
        Ok((SortKey { key: row.sort_key, e164: listed.number.e164.clone() }, listed))
    };
    rows.into_iter().map(placed).collect()
}

/// How many numbers each chip would show; the filter's own chip does not count.
pub async fn count_chips(connection: &mut AnyConnection, filter: &Filter) -> Result<ChipCounts, StoreError> {
    macro_rules! sum {
        ($chip:tt) => {
            concat!(", CAST(COALESCE(SUM(CASE WHEN ", in_chip!($chip), " THEN 1 ELSE 0 END), 0) AS BIGINT) AS ", $chip)
        };
    }
    let query = sqlx::query_as(concat!(
        "SELECT COUNT(*) AS all_numbers",
        sum!("free"),
        sum!("agent"),
        sum!("sub_account"),
        sum!("cool_off"),
        sum!("past_due"),
        sum!("released"),
        " FROM owned_numbers n ",
        visible!()
    ));
    Ok(bind_filter!(query, filter).bind(filter.called_after.micros()).fetch_one(connection).await?)
}

/// The cards of the board by column, at most `cards` in each, in order of their digits. Released numbers are in no column.
pub async fn board(connection: &mut AnyConnection, filter: &Filter, cards: i64) -> Result<Vec<(String, ListedNumber)>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        listed_columns!(),
        ", b.board_column AS board_column FROM (SELECT n.id AS card_id, ",
        board_column!(),
        " AS board_column, ROW_NUMBER() OVER (PARTITION BY ",
        board_column!(),
        " ORDER BY n.e164) AS place FROM owned_numbers n ",
        visible!(),
        "AND n.status <> 'released') b JOIN owned_numbers n ON n.id = b.card_id",
        listed_joins!(),
        "WHERE b.place <= $6 ORDER BY b.board_column, n.e164"
    ));
    let rows: Vec<CardRow> = bind_filter!(query, filter).bind(cards).fetch_all(connection).await?;
    rows.into_iter().map(|row| Ok((row.board_column, ListedNumber::try_from(row.listed)?))).collect()
}

/// How many numbers stand in each column of the board that has any.
pub async fn column_counts(connection: &mut AnyConnection, filter: &Filter) -> Result<Vec<(String, i64)>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        board_column!(),
        " AS board_column, COUNT(*) AS numbers FROM owned_numbers n ",
        visible!(),
        "AND n.status <> 'released' GROUP BY 1"
    ));
    Ok(bind_filter!(query, filter).fetch_all(connection).await?)
}

/// One number with what its page shows beside it.
pub async fn listed(connection: &mut AnyConnection, id: &str) -> Result<Option<ListedNumber>, StoreError> {
    let row: Option<ListedRow> =
        sqlx::query_as(concat!("SELECT ", listed_columns!(), " FROM owned_numbers n", listed_joins!(), "WHERE n.id = $1"))
            .bind(id)
            .fetch_optional(connection)
            .await?;
    row.map(ListedNumber::try_from).transpose()
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
