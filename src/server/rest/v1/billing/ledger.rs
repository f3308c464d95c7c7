//! Transfers, what numbers cost, and what is to come.

use serde::Serialize;
use utoipa::ToSchema;

use super::usd;
use crate::domain::forecast::Day;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Instant, Money, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::billing::{self, Outlook, Transfer, TransferQuery};

/// Kinds of transfers.
const KINDS: &[&str] = &["topup", "promo", "setup_fee", "rental", "refund", "dispute", "dispute_reversal", "adjustment"];
/// Credits in one unit of the currency: a credit is a hundredth.
const CREDITS_PER_UNIT: i64 = 100;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/billing/transfers", "listTransfers", transfers)
            .scope(Scope::BillingRead)
            .about("Lists what moved in the wallet, the newest first; for a sub-account what its own numbers cost."),
        Route::get("/billing/usage/items", "listUsageItems", usage)
            .scope(Scope::BillingRead)
            .about("Lists what numbers cost, item by item, the newest first."),
        Route::get("/billing/forecast", "getForecast", forecast)
            .scope(Scope::BillingRead)
            .holders(Holders::Organization)
            .about("Projects all renewals and the instant at which the wallet no longer covers one."),
    ]
}

/// Money that moved.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Transfer)]
pub struct TransferBody {
    /// Its id.
    pub id: String,
    /// When it moved.
    pub at: Instant,
    /// `topup`, `promo`, `setup_fee`, `rental`, `refund`, `dispute`, `dispute_reversal` or `adjustment`.
    pub kind: String,
    /// Below zero where it left the wallet.
    pub amount: Money,
    /// The same; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_usd: Option<Money>,
    /// What was in the wallet afterwards; null for keys of a sub-account.
    #[schema(required)]
    pub balance_after: Option<Money>,
    /// The same; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_after_usd: Option<Money>,
    /// For people.
    pub description: String,
    /// The number that it was for.
    #[schema(required)]
    pub number_id: Option<String>,
    /// The same number.
    #[schema(required)]
    pub e164: Option<String>,
    /// The purchase that it was for.
    #[schema(required)]
    pub order_id: Option<String>,
}

impl TransferBody {
    /// `whole` says whether the caller sees the wallet itself.
    pub(super) fn new(currency: &str, transfer: Transfer, whole: bool) -> Self {
        let balance_after = Some(transfer.balance_after).filter(|_| whole);
        Self {
            id: transfer.id,
            at: Instant(transfer.at),
            kind: transfer.kind,
            amount: Money(transfer.amount),
            amount_usd: usd(currency, transfer.amount),
            balance_after: balance_after.map(Money),
            balance_after_usd: balance_after.and_then(|amount| usd(currency, amount)),
            description: transfer.description,
            number_id: transfer.number_id,
            e164: transfer.e164,
            order_id: transfer.order_id,
        }
    }
}

impl Sample for TransferBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-9000-7aaa-8ddd-0123456789ab"),
            at: Instant::sample(),
            kind: String::from("rental"),
            amount: Money(Micros(-1_250_000)),
            amount_usd: Some(Money(Micros(-1_250_000))),
            balance_after: Some(Money(Micros(103_250_000))),
            balance_after_usd: Some(Money(Micros(103_250_000))),
            description: String::from("First month"),
            number_id: Some(String::from("019ab3c0-1000-7bbb-8ccc-0123456789ab")),
            e164: Some(String::from("+14153569377")),
            order_id: None,
        }
    }
}

/// One thing that was paid for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UsageItem)]
pub struct UsageBody {
    /// When it was charged.
    pub time: Instant,
    /// `setup_fee` or `rental`.
    pub r#type: String,
    /// Always `number`: calls are not charged here.
    pub channel: &'static str,
    /// How many.
    pub quantity: u32,
    /// What it cost, in hundredths of the currency's unit.
    pub credits: Money,
    /// What it cost, in the currency.
    pub amount: Money,
    /// For people.
    pub description: String,
    /// The agent that answers the number now.
    #[schema(required)]
    pub agent_id: Option<String>,
    /// The number.
    #[schema(required)]
    pub number_id: Option<String>,
    /// The same number.
    #[schema(required)]
    pub e164: Option<String>,
}

impl From<Transfer> for UsageBody {
    fn from(transfer: Transfer) -> Self {
        let cost = Micros(transfer.amount.0.saturating_neg());
        Self {
            time: Instant(transfer.at),
            r#type: transfer.kind,
            channel: "number",
            quantity: 1,
            credits: Money(Micros(cost.0.saturating_mul(CREDITS_PER_UNIT))),
            amount: Money(cost),
            description: transfer.description,
            agent_id: transfer.agent_id,
            number_id: transfer.number_id,
            e164: transfer.e164,
        }
    }
}

impl Sample for UsageBody {
    fn sample() -> Self {
        Self {
            time: Instant::sample(),
            r#type: String::from("rental"),
            channel: "number",
            quantity: 1,
            credits: Money(Micros(125_000_000)),
            amount: Money(Micros(1_250_000)),
            description: String::from("First month"),
            agent_id: None,
            number_id: Some(String::from("019ab3c0-1000-7bbb-8ccc-0123456789ab")),
            e164: Some(String::from("+14153569377")),
        }
    }
}

/// A day on which something renews.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ForecastDay)]
pub struct DayBody {
    /// Its beginning, in UTC.
    pub day: Instant,
    /// How many numbers renew on it.
    pub renewals: u32,
    /// What they cost together.
    pub amount: Money,
    /// What can be spent after it if nothing else happens; below zero is what would be missing.
    pub available_after: Money,
}

impl From<Day> for DayBody {
    fn from(day: Day) -> Self {
        Self { day: Instant(day.starts_at), renewals: day.renewals, amount: Money(day.amount), available_after: Money(day.available_after) }
    }
}

/// What is to come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Forecast)]
pub struct ForecastBody {
    /// From when on it looks.
    pub as_of: Instant,
    /// The currency of all amounts.
    pub currency: String,
    /// What can be spent now.
    pub available: Money,
    /// The same; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_usd: Option<Money>,
    /// How many numbers renew.
    pub renewing_numbers: u64,
    /// What they cost together each month.
    pub monthly_cost: Money,
    /// The days with renewals, in order, as far as was asked for.
    pub days: Vec<DayBody>,
    /// When the first renewal comes due that the wallet does not cover; null when there is none up to `lookedUntil`.
    #[schema(required)]
    pub runs_out_at: Option<Instant>,
    /// How far was looked for that.
    pub looked_until: Instant,
}

impl ForecastBody {
    fn new(currency: &str, outlook: Outlook) -> Self {
        Self {
            as_of: Instant(outlook.as_of),
            currency: currency.to_owned(),
            available: Money(outlook.available),
            available_usd: usd(currency, outlook.available),
            renewing_numbers: u64::try_from(outlook.renewing_numbers).unwrap_or(u64::MAX),
            monthly_cost: Money(outlook.monthly),
            days: outlook.forecast.days.into_iter().map(DayBody::from).collect(),
            runs_out_at: outlook.forecast.runs_out_at.map(Instant),
            looked_until: Instant(outlook.forecast.looked_until),
        }
    }
}

impl Sample for ForecastBody {
    fn sample() -> Self {
        let day =
            DayBody { day: Instant::sample(), renewals: 3, amount: Money(Micros(3_750_000)), available_after: Money(Micros(98_500_000)) };
        Self {
            as_of: Instant::sample(),
            currency: String::from("USD"),
            available: Money(Micros(102_250_000)),
            available_usd: Some(Money(Micros(102_250_000))),
            renewing_numbers: 3,
            monthly_cost: Money(Micros(3_750_000)),
            days: vec![day],
            runs_out_at: None,
            looked_until: Instant::sample(),
        }
    }
}

struct TransfersQuery(TransferQuery);

impl FromQuery for TransfersQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("kind", Kind::Choice(KINDS), "Only transfers of that kind."),
        Field::optional("from", Kind::Time, "Only what moved then or later."),
        Field::optional("to", Kind::Time, "Only what moved before then."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        Self(TransferQuery { kind: values.text("kind"), ..spanned(values) })
    }
}

struct UsageQuery(TransferQuery);

impl FromQuery for UsageQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("from", Kind::Time, "Only what was charged then or later."),
        Field::optional("to", Kind::Time, "Only what was charged before then."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        Self(TransferQuery { charges_only: true, ..spanned(values) })
    }
}

fn spanned(values: &Values) -> TransferQuery {
    TransferQuery {
        from: values.time("from"),
        to: values.time("to"),
        cursor: values.text("cursor"),
        limit: values.limit(),
        ..TransferQuery::default()
    }
}

struct ForecastQuery {
    days: i64,
}

impl FromQuery for ForecastQuery {
    const PARAMETERS: &'static [Field] =
        &[Field::optional("days", Kind::Integer(1, 366), "How many days to list, 90 when it is not given.")];

    fn read(values: &Values) -> Self {
        Self { days: values.integer("days").unwrap_or(90) }
    }
}

async fn transfers(call: Call, Query(TransfersQuery(query)): Query<TransfersQuery>) -> Result<Page<TransferBody>> {
    let found = billing::transfers(&call.state, &call.caller, &query).await?;
    let (currency, whole) = (&call.state.settings.currency, call.caller.sub_account_id.is_none());
    let rows = found.rows.into_iter().map(|transfer| TransferBody::new(currency, transfer, whole)).collect();
    Ok(Page::new(rows, Pagination::new(query.limit, found.total, found.next_cursor)))
}

async fn usage(call: Call, Query(UsageQuery(query)): Query<UsageQuery>) -> Result<Page<UsageBody>> {
    let found = billing::transfers(&call.state, &call.caller, &query).await?;
    let rows = found.rows.into_iter().map(UsageBody::from).collect();
    Ok(Page::new(rows, Pagination::new(query.limit, found.total, found.next_cursor)))
}

async fn forecast(call: Call, Query(query): Query<ForecastQuery>) -> Result<Reply<ForecastBody>> {
    let outlook = billing::outlook(&call.state, &call.caller, query.days).await?;
    Ok(Reply::of(ForecastBody::new(&call.state.settings.currency, outlook)))
}
