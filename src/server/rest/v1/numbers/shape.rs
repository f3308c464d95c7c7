//! An owned number as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::number::Drift;
use crate::domain::number::drift::IDLE_DAYS;
use crate::server::phone;
use crate::server::rest::envelope::{Instant, Money, Sample};
use crate::server::services::numbers::{DriftReport, Drifted, Record};

/// A number that the organization owns.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Number)]
pub struct NumberBody {
    /// Its id; every path that takes one takes the E.164 as well.
    pub id: String,
    /// Who owns it.
    pub organization_id: String,
    /// The number.
    pub e164: String,
    /// For people.
    pub formatted: String,
    /// The public label of its carrier.
    pub provider: String,
    /// `available` without an agent, `assigned` with one, `released` while that can still be undone.
    #[schema(example = "assigned")]
    pub status: &'static str,
    /// `current`, `past_due`, `suspended`, or `none` for imported numbers.
    pub billing_state: &'static str,
    /// `purchased` or `imported`.
    pub source: &'static str,
    /// False for an imported number that the operator has not approved: it does not route.
    pub verified: bool,
    /// The agent that answers it.
    #[schema(required)]
    pub default_agent_id: Option<String>,
    /// The sub-account that it is in; null in the pool.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// Where calls go when no agent answers.
    #[schema(required)]
    pub primary_route_id: Option<String>,
    /// Where they go when the primary route does not connect.
    #[schema(required)]
    pub failover_route_id: Option<String>,
    /// A name for people; empty when it has none.
    pub label: String,
    /// In alphabetical order.
    pub tags: Vec<String>,
    /// It cannot be released, handed over or taken back.
    pub locked: bool,
    /// Callers' names are looked up.
    pub cnam_lookups_enabled: bool,
    /// `local`, `toll_free`, `national` or `mobile`.
    pub number_type: &'static str,
    /// Of `voice`, `sms`, `mms`, `fax`, `emergency`.
    pub features: Vec<&'static str>,
    /// Its city.
    pub locality: String,
    /// Its state or province.
    pub region: String,
    /// Its rate center.
    pub rate_center: String,
    /// What was paid once.
    pub setup_cost: Money,
    /// What is paid each month.
    pub monthly_cost: Money,
    /// The start of its latest call.
    #[schema(required)]
    pub last_call_at: Option<Instant>,
    /// While the cool-off runs: until then it stays in its sub-account.
    #[schema(required)]
    pub cool_off_until: Option<Instant>,
    /// When the next month is charged.
    #[schema(required)]
    pub next_billing_at: Option<Instant>,
    /// Until then a release can be undone.
    #[schema(required)]
    pub recoverable_until: Option<Instant>,
    /// Why calls may not get through: `no_published_version`, `suspended`, `unverified`.
    pub warnings: Vec<&'static str>,
    /// Since when it is owned.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Record> for NumberBody {
    fn from(record: Record) -> Self {
        let number = record.listed.number;
        Self {
            formatted: phone::formatted(&number.e164),
            status: number.status.name(),
            billing_state: number.billing_state.name(),
            source: number.source.name(),
            verified: number.verified,
            default_agent_id: number.agent_id().map(str::to_owned),
            recoverable_until: number.recoverable_until.map(Instant),
            number_type: number.number_type.name(),
            features: number.features.names(),
            id: number.id,
            organization_id: number.organization_id,
            e164: number.e164,
            provider: number.provider,
            sub_account_id: number.sub_account_id,
            primary_route_id: number.primary_route_id,
            failover_route_id: number.failover_route_id,
            label: number.label,
            tags: record.tags,
            locked: number.locked,
            cnam_lookups_enabled: number.cnam_lookups_enabled,
            locality: number.locality,
            region: number.administrative_area,
            rate_center: number.rate_center,
            setup_cost: Money(number.setup),
            monthly_cost: Money(number.monthly),
            last_call_at: number.last_call_at.map(Instant),
            cool_off_until: record.cool_off_until.map(Instant),
            next_billing_at: number.next_billing_at.map(Instant),
            warnings: record.warnings.into_iter().map(|warning| warning.name()).collect(),
            created_at: Instant(number.created_at),
            updated_at: Instant(number.updated_at),
        }
    }
}

impl Sample for NumberBody {
    fn sample() -> Self {
        use crate::domain::money::Micros;
        Self {
            id: String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21"),
            organization_id: String::from("019ab3c0-1000-7aaa-8bbb-0123456789ab"),
            e164: String::from("+14155550123"),
            formatted: String::from("(415) 555-0123"),
            provider: String::from("c-1"),
            status: "assigned",
            billing_state: "current",
            source: "purchased",
            verified: true,
            default_agent_id: Some(String::from("019ab3c0-2000-7ccc-8ddd-0123456789ab")),
            sub_account_id: None,
            primary_route_id: None,
            failover_route_id: None,
            label: String::from("Front desk"),
            tags: vec![String::from("support")],
            locked: false,
            cnam_lookups_enabled: false,
            number_type: "local",
            features: vec!["voice", "sms"],
            locality: String::from("San Francisco"),
            region: String::from("CA"),
            rate_center: String::from("SAN FRNCSC"),
            setup_cost: Money(Micros(1_000_000)),
            monthly_cost: Money(Micros(1_250_000)),
            last_call_at: None,
            cool_off_until: None,
            next_billing_at: Some(Instant::sample()),
            recoverable_until: None,
            warnings: Vec::new(),
            created_at: Instant::sample(),
            updated_at: Instant::sample(),
        }
    }
}

/// What has drifted of all numbers that the key sees.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Drift)]
pub struct DriftBody {
    /// Numbers that have drifted; one that has in several ways counts once.
    pub total: u64,
    /// Days without a call after which a number that costs money is idle.
    pub idle_days: i64,
    /// Every way to drift, also those without numbers.
    pub kinds: Vec<DriftKindBody>,
    /// The instant of the count.
    pub as_of: Instant,
}

/// Numbers that have drifted in one way; `GET /numbers?drift=` lists them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DriftKind)]
pub struct DriftKindBody {
    /// `no_route`: neither agent nor route, though it is in a sub-account or people call it. `draft_agent`: its agent was never published.
    /// `lost_target`: its agent or a route of it was deleted. `idle`: it costs money and nobody calls it.
    pub kind: &'static str,
    /// How many.
    pub numbers: u64,
    /// The first of them in the order of digits.
    #[schema(required)]
    pub first: Option<String>,
    /// What they cost a month together.
    pub monthly_cost: Money,
}

impl From<DriftReport> for DriftBody {
    fn from(report: DriftReport) -> Self {
        let positive = |count: i64| u64::try_from(count).unwrap_or_default();
        let kind = |drifted: Drifted| DriftKindBody {
            kind: drifted.drift.name(),
            numbers: positive(drifted.count),
            first: drifted.first_e164,
            monthly_cost: Money(drifted.monthly),
        };
        Self {
            total: positive(report.found.any),
            idle_days: IDLE_DAYS,
            kinds: report.found.kinds.into_iter().map(kind).collect(),
            as_of: Instant(report.now),
        }
    }
}

impl Sample for DriftBody {
    fn sample() -> Self {
        use crate::domain::money::Micros;
        let kind = |drift: Drift, numbers, first: Option<&str>, micros| DriftKindBody {
            kind: drift.name(),
            numbers,
            first: first.map(String::from),
            monthly_cost: Money(Micros(micros)),
        };
        Self {
            total: 2,
            idle_days: IDLE_DAYS,
            kinds: vec![
                kind(Drift::NoRoute, 0, None, 0),
                kind(Drift::DraftAgent, 1, Some("+14155550199"), 1_250_000),
                kind(Drift::LostTarget, 0, None, 0),
                kind(Drift::Idle, 1, Some("+18885550142"), 2_400_000),
            ],
            as_of: Instant::sample(),
        }
    }
}
