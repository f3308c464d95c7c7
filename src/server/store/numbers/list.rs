//! Lists of owned numbers with what they show beside the row itself: agent, sub-account and routes by name.

use sqlx::AnyConnection;

use super::drift::{has_drifted, in_drift};
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
    /// A cool-off runs where the last call started later than this.
    pub called_after: Timestamp,
    /// Only those with this tag.
    pub tag: Option<String>,
}

/// What a list asks for beside its [`Filter`].
#[derive(Debug, Clone)]
pub struct Choice {
    /// `free`, `agent`, `sub_account`, `cool_off`, `past_due`, `released`; none for all.
    pub chip: Option<&'static str>,
    /// One of [`crate::domain::number::Drift::NAMES`].
    pub drift: Option<&'static str>,
    /// A number whose last call, or else its purchase, is older than this is idle.
    pub idle_before: Timestamp,
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

/// The parameters $1 to $7 of a [`Filter`]: organization, sub-account, the three patterns, the start of calls that count, the tag.
macro_rules! visible {
    () => {
        "WHERE n.organization_id = $1 AND ($2 IS NULL OR n.sub_account_id = $2) \
         AND (n.status IN ('available', 'assigned') OR (n.status = 'released' AND n.disconnect_started_at IS NULL)) \
         AND ($5 IS NULL OR n.e164 LIKE $3 OR n.e164 LIKE $4 OR LOWER(n.label) LIKE $5 ESCAPE '!') \
         AND ($7 IS NULL OR EXISTS (SELECT 1 FROM number_tags t WHERE t.ownership_id = n.id AND t.tag = $7)) "
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

/// The sort as one number that grows: $11 is the name of the order.
macro_rules! sort_key {
    () => {
        "(CASE $11 WHEN 'last_call' THEN -COALESCE(n.last_call_at, 0) WHEN 'renews' THEN COALESCE(n.next_billing_at, 9223372036854775807) \
         WHEN 'monthly' THEN -n.monthly_micros ELSE 0 END)"
    };
}

/// Binds $1 to $7.
macro_rules! bind_filter {
    ($query:expr, $filter:expr) => {
        $query
            .bind(&$filter.organization_id)
            .bind(&$filter.sub_account_id)
            .bind($filter.text.as_ref().and_then(|text| text.digits.clone()))
            .bind($filter.text.as_ref().and_then(|text| text.national.clone()))
            .bind($filter.text.as_ref().map(|text| text.words.clone()))
            .bind($filter.called_after.micros())
            .bind(&$filter.tag)
    };
}
pub(super) use {bind_filter, visible};

/// One page of the list, with the place that each row has in it.
pub async fn list(
    connection: &mut AnyConnection,
    filter: &Filter,
    choice: &Choice,
    window: &Window,
) -> Result<Vec<(SortKey, ListedNumber)>, StoreError> {
    let query = sqlx::query_as(concat!(
        "SELECT ",
        listed_columns!(),
        ", ",
        sort_key!(),
        " AS sort_key",
        " FROM owned_numbers n",
        listed_joins!(),
        visible!(),
        "AND ",
        in_drift!("$8", "$9"),
        " AND CASE WHEN $10 IS NULL THEN 1 WHEN $10 = 'free' AND ",
        in_chip!("free"),
        " THEN 1 WHEN $10 = 'agent' AND ",
        in_chip!("agent"),
        " THEN 1 WHEN $10 = 'sub_account' AND ",
        in_chip!("sub_account"),
        " THEN 1 WHEN $10 = 'cool_off' AND ",
        in_chip!("cool_off"),
        " THEN 1 WHEN $10 = 'past_due' AND ",
        in_chip!("past_due"),
        " THEN 1 WHEN $10 = 'released' AND ",
        in_chip!("released"),
        " THEN 1 ELSE 0 END = 1 AND ($12 IS NULL OR ",
        sort_key!(),
        " > $12 OR (",
        sort_key!(),
        " = $12 AND n.e164 > $13)) ORDER BY sort_key, n.e164 LIMIT $14"
    ));
    let rows: Vec<SortedRow> = bind_filter!(query, filter)
        .bind(choice.drift)
        .bind(choice.idle_before.micros())
        .bind(choice.chip)
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

/// How many numbers each chip would show; the chosen chip does not count.
pub async fn count_chips(connection: &mut AnyConnection, filter: &Filter, choice: &Choice) -> Result<ChipCounts, StoreError> {
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
        " FROM owned_numbers n",
        listed_joins!(),
        visible!(),
        "AND ",
        in_drift!("$8", "$9")
    ));
    Ok(bind_filter!(query, filter).bind(choice.drift).bind(choice.idle_before.micros()).fetch_one(connection).await?)
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
