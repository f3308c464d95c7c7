//! Owned numbers: one row of theirs, found by id or E.164. Lists are in [`list`], [`records`], `board` and
//! [`cooling`], what has drifted in [`drift`], changes in [`write`].

mod board;
mod cooling;
mod drift;
mod list;
mod records;
mod write;

use sqlx::AnyConnection;

use crate::domain::money::Micros;
use crate::domain::number::{BillingState, Features, NumberType, OwnedFacts, OwnedStatus, Recovery, ReleaseCause, Source};
use crate::domain::time::Timestamp;
use crate::server::error::StoreError;

pub use board::{board, column_cards, column_counts};
pub use cooling::{CoolingOff, cooling_off, count_cooling_off};
pub use drift::{Drifted, Drifts, drifts};
pub use list::{
    AgentBrief, ChipCounts, Choice, Filter, ListedNumber, RouteBrief, Sort, SortKey, TextFilter, Window, count_chips, list, listed,
};
pub use records::{DigitFilter, RecordFilter, count_records, count_tags, records, set_tags, tags, tags_between, tags_of};
pub use write::{
    NewOwnership, Placement, ReleaseTimes, assign, clear_agent, cool_off_told, finish_disconnect, hand_over, insert, insert_period,
    move_clock, release, restore, set_cnam_lookups, set_label, set_locked, set_paid, set_routes, start_disconnect, take_back,
};

/// One ownership of one number: what was bought, where it is, and its clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedNumber {
    pub id: String,
    pub e164: String,
    pub organization_id: String,
    pub sub_account_id: Option<String>,
    pub primary_route_id: Option<String>,
    pub failover_route_id: Option<String>,
    /// With its agent, or with the recovery of a release.
    pub status: OwnedStatus,
    pub billing_state: BillingState,
    pub source: Source,
    pub verified: bool,
    pub label: String,
    pub locked: bool,
    /// The caller's name is looked up for incoming calls.
    pub cnam_lookups_enabled: bool,
    pub number_type: NumberType,
    pub locality: String,
    pub administrative_area: String,
    pub rate_center: String,
    pub features: Features,
    pub provider: String,
    pub setup: Micros,
    pub monthly: Micros,
    /// The day that rental counts from; none where nothing is ever due.
    pub anchor_at: Option<Timestamp>,
    pub periods_charged: u32,
    pub next_billing_at: Option<Timestamp>,
    pub last_call_at: Option<Timestamp>,
    pub released_at: Option<Timestamp>,
    pub recoverable_until: Option<Timestamp>,
    pub gone_at: Option<Timestamp>,
    pub aging_until: Option<Timestamp>,
    /// What a restore brings back.
    pub restore_agent_id: Option<String>,
    pub restore_sub_account_id: Option<String>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl OwnedNumber {
    /// What the domain decides on.
    #[must_use]
    pub fn facts(&self) -> OwnedFacts {
        OwnedFacts {
            status: self.status.clone(),
            sub_account_id: self.sub_account_id.clone(),
            locked: self.locked,
            billing_state: self.billing_state,
            source: self.source,
            last_call_at: self.last_call_at,
            verified: self.verified,
        }
    }

    /// The agent, where one is assigned.
    #[must_use]
    pub fn agent_id(&self) -> Option<&str> {
        self.status.agent_id()
    }

    /// It is released; whether that can still be undone is another question.
    #[must_use]
    pub const fn is_released(&self) -> bool {
        matches!(self.status, OwnedStatus::Released(_))
    }

    /// It has left the organization, or the carrier is being told so.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(
            self.status,
            OwnedStatus::Gone | OwnedStatus::PortedOut | OwnedStatus::Released(Recovery { disconnect_started_at: Some(_), .. })
        )
    }
}

#[derive(sqlx::FromRow)]
struct OwnedRow {
    id: String,
    e164: String,
    organization_id: String,
    sub_account_id: Option<String>,
    agent_id: Option<String>,
    primary_route_id: Option<String>,
    failover_route_id: Option<String>,
    status: String,
    billing_state: String,
    source: String,
    verified: i64,
    label: String,
    locked: i64,
    cnam_lookups_enabled: i64,
    number_type: String,
    locality: String,
    administrative_area: String,
    rate_center: String,
    features: i64,
    provider: String,
    setup_micros: i64,
    monthly_micros: i64,
    anchor_at: Option<i64>,
    periods_charged: i64,
    next_billing_at: Option<i64>,
    last_call_at: Option<i64>,
    released_at: Option<i64>,
    release_cause: Option<String>,
    recoverable_until: Option<i64>,
    disconnect_started_at: Option<i64>,
    gone_at: Option<i64>,
    aging_until: Option<i64>,
    restore_agent_id: Option<String>,
    restore_sub_account_id: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

/// The columns of [`OwnedRow`], of the table under the alias `n`.
macro_rules! owned_columns {
    () => {
        "n.id AS id, n.e164 AS e164, n.organization_id AS organization_id, n.sub_account_id AS sub_account_id, n.agent_id AS agent_id, \
         n.primary_route_id AS primary_route_id, n.failover_route_id AS failover_route_id, n.status AS status, \
         n.billing_state AS billing_state, n.source AS source, n.verified AS verified, n.label AS label, n.locked AS locked, n.cnam_lookups_enabled AS cnam_lookups_enabled, \
         n.number_type AS number_type, n.locality AS locality, n.administrative_area AS administrative_area, n.rate_center AS rate_center, \
         n.features AS features, n.provider AS provider, n.setup_micros AS setup_micros, n.monthly_micros AS monthly_micros, \
         n.anchor_at AS anchor_at, n.periods_charged AS periods_charged, n.next_billing_at AS next_billing_at, \
         n.last_call_at AS last_call_at, n.released_at AS released_at, n.release_cause AS release_cause, \
         n.recoverable_until AS recoverable_until, n.disconnect_started_at AS disconnect_started_at, n.gone_at AS gone_at, \
         n.aging_until AS aging_until, n.restore_agent_id AS restore_agent_id, n.restore_sub_account_id AS restore_sub_account_id, \
         n.version AS version, n.created_at AS created_at, n.updated_at AS updated_at"
    };
}
use owned_columns;

macro_rules! select_owned {
    ($rest:literal) => {
        concat!("SELECT ", owned_columns!(), " FROM owned_numbers n ", $rest)
    };
}

impl OwnedRow {
    fn recovery(&self) -> Option<Recovery> {
        Some(Recovery {
            recoverable_until: Timestamp::from_micros(self.recoverable_until?),
            disconnect_started_at: self.disconnect_started_at.map(Timestamp::from_micros),
            cause: ReleaseCause::from_name(self.release_cause.as_deref()?)?,
        })
    }
}

impl TryFrom<OwnedRow> for OwnedNumber {
    type Error = StoreError;

    fn try_from(row: OwnedRow) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "owned_numbers", column, id: row.id.clone() };
        let at = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        let features = u8::try_from(row.features).map_err(|_| broken("features"))?;
        Ok(Self {
            status: OwnedStatus::from_name(&row.status, row.agent_id.clone(), row.recovery()).ok_or_else(|| broken("status"))?,
            billing_state: BillingState::from_name(&row.billing_state).ok_or_else(|| broken("billing_state"))?,
            source: Source::from_name(&row.source).ok_or_else(|| broken("source"))?,
            number_type: NumberType::from_name(&row.number_type).ok_or_else(|| broken("number_type"))?,
            periods_charged: u32::try_from(row.periods_charged).map_err(|_| broken("periods_charged"))?,
            features: Features::from_bits(features),
            verified: row.verified != 0,
            locked: row.locked != 0,
            cnam_lookups_enabled: row.cnam_lookups_enabled != 0,
            setup: Micros(row.setup_micros),
            monthly: Micros(row.monthly_micros),
            anchor_at: at(row.anchor_at),
            next_billing_at: at(row.next_billing_at),
            last_call_at: at(row.last_call_at),
            released_at: at(row.released_at),
            recoverable_until: at(row.recoverable_until),
            gone_at: at(row.gone_at),
            aging_until: at(row.aging_until),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            id: row.id,
            e164: row.e164,
            organization_id: row.organization_id,
            sub_account_id: row.sub_account_id,
            primary_route_id: row.primary_route_id,
            failover_route_id: row.failover_route_id,
            label: row.label,
            locality: row.locality,
            administrative_area: row.administrative_area,
            rate_center: row.rate_center,
            provider: row.provider,
            restore_agent_id: row.restore_agent_id,
            restore_sub_account_id: row.restore_sub_account_id,
            version: row.version,
        })
    }
}

/// An ownership by its id, in any organization.
pub async fn find(connection: &mut AnyConnection, id: &str) -> Result<Option<OwnedNumber>, StoreError> {
    let row: Option<OwnedRow> = sqlx::query_as(select_owned!("WHERE n.id = $1")).bind(id).fetch_optional(connection).await?;
    row.map(OwnedNumber::try_from).transpose()
}

/// An ownership of the organization by its id.
pub async fn find_of(connection: &mut AnyConnection, organization_id: &str, id: &str) -> Result<Option<OwnedNumber>, StoreError> {
    Ok(find(connection, id).await?.filter(|number| number.organization_id == organization_id))
}

/// The organization's ownership of an E.164: the live or released one, else the newest that is gone (R12).
pub async fn find_by_e164(connection: &mut AnyConnection, organization_id: &str, e164: &str) -> Result<Option<OwnedNumber>, StoreError> {
    let row: Option<OwnedRow> = sqlx::query_as(select_owned!(
        "WHERE n.organization_id = $1 AND n.e164 = $2 \
         ORDER BY CASE WHEN n.status IN ('gone', 'ported_out') THEN 1 ELSE 0 END, n.created_at DESC, n.id DESC LIMIT 1"
    ))
    .bind(organization_id)
    .bind(e164)
    .fetch_optional(connection)
    .await?;
    row.map(OwnedNumber::try_from).transpose()
}

/// Whoever owns the E.164 now; a released number is still owned until its recovery window has ended.
pub async fn live_of_e164(connection: &mut AnyConnection, e164: &str) -> Result<Option<OwnedNumber>, StoreError> {
    let row: Option<OwnedRow> = sqlx::query_as(select_owned!("WHERE n.e164 = $1 AND n.status IN ('available', 'assigned', 'released')"))
        .bind(e164)
        .fetch_optional(connection)
        .await?;
    row.map(OwnedNumber::try_from).transpose()
}

/// The newest imported ownership of an E.164 that ended after `since`: for a while only its organization may import it again (R17).
pub async fn imported_and_gone_since(
    connection: &mut AnyConnection,
    e164: &str,
    since: Timestamp,
) -> Result<Option<OwnedNumber>, StoreError> {
    let row: Option<OwnedRow> = sqlx::query_as(select_owned!(
        "WHERE n.e164 = $1 AND n.status = 'gone' AND n.source = 'imported' AND n.gone_at > $2 ORDER BY n.gone_at DESC LIMIT 1"
    ))
    .bind(e164)
    .bind(since.micros())
    .fetch_optional(connection)
    .await?;
    row.map(OwnedNumber::try_from).transpose()
}

/// The numbers that an agent answers, in order of their digits.
pub async fn of_agent(connection: &mut AnyConnection, agent_id: &str) -> Result<Vec<OwnedNumber>, StoreError> {
    let rows: Vec<OwnedRow> = sqlx::query_as(select_owned!("WHERE n.agent_id = $1 AND n.status = 'assigned' ORDER BY n.e164"))
        .bind(agent_id)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(OwnedNumber::try_from).collect()
}

/// Released numbers whose window ended at `ended_before` or earlier: what the disconnect job looks at. Those that the carrier was
/// not told about yet come first, so that a carrier in trouble holds up nobody else's numbers.
pub async fn window_ended(connection: &mut AnyConnection, ended_before: Timestamp, limit: i64) -> Result<Vec<OwnedNumber>, StoreError> {
    let rows: Vec<OwnedRow> = sqlx::query_as(select_owned!(
        "WHERE n.status = 'released' AND n.recoverable_until <= $1 \
         ORDER BY CASE WHEN n.disconnect_started_at IS NULL THEN 0 ELSE 1 END, n.recoverable_until, n.id LIMIT $2"
    ))
    .bind(ended_before.micros())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(OwnedNumber::try_from).collect()
}

/// Numbers of sub-accounts whose last call was at `called_by` or earlier and whose cool-off nobody was told the end of, oldest first.
pub async fn cooled_off(connection: &mut AnyConnection, called_by: Timestamp, limit: i64) -> Result<Vec<OwnedNumber>, StoreError> {
    let rows: Vec<OwnedRow> = sqlx::query_as(select_owned!(
        "WHERE n.sub_account_id IS NOT NULL AND n.status IN ('available', 'assigned') AND n.last_call_at <= $1 \
         AND (n.cool_off_told_for IS NULL OR n.cool_off_told_for < n.last_call_at) ORDER BY n.last_call_at, n.id LIMIT $2"
    ))
    .bind(called_by.micros())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(OwnedNumber::try_from).collect()
}

/// What the live numbers of the organization, or of one sub-account, cost a month (R48).
pub async fn monthly_committed(
    connection: &mut AnyConnection,
    organization_id: &str,
    sub_account_id: Option<&str>,
) -> Result<Micros, StoreError> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(monthly_micros), 0) AS BIGINT) FROM owned_numbers WHERE organization_id = $1 \
         AND ($2 IS NULL OR sub_account_id = $2) AND status IN ('available', 'assigned')",
    )
    .bind(organization_id)
    .bind(sub_account_id)
    .fetch_one(connection)
    .await?;
    Ok(Micros(sum))
}
