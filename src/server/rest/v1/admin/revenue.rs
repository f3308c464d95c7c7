//! What the installation earned, by month and kind.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::envelope::{Money, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::services::operator::{self, Earned};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/admin/revenue", "getRevenue", revenue).scope(Scope::AdminRead).about(
        "Reports what moved between organizations and the installation, by month (UTC) and kind of transfer, the latest month first.",
    )]
}

/// What one kind of transfer came to in a month.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Revenue)]
pub struct RevenueBody {
    /// The month, in UTC.
    pub month: String,
    /// The kind of transfer: `setup_fee` and `rental` are revenue; the others are money that came, went back or was given.
    pub kind: String,
    /// How many there were.
    pub count: u64,
    /// What they add up to; above zero where organizations paid, below where they were given or paid back.
    pub amount: Money,
    /// How much of it was paid with promotional credit.
    pub promotional: Money,
}

/// The report.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RevenueReport)]
pub struct ReportBody {
    /// The currency of all amounts.
    pub currency: String,
    /// A row a month and kind.
    pub rows: Vec<RevenueBody>,
}

impl From<Earned> for RevenueBody {
    fn from(earned: Earned) -> Self {
        Self {
            month: earned.month,
            kind: earned.kind,
            count: earned.count,
            amount: Money(earned.amount),
            promotional: Money(earned.promotional),
        }
    }
}

impl Sample for ReportBody {
    fn sample() -> Self {
        let row = RevenueBody {
            month: String::from("2026-11"),
            kind: String::from("rental"),
            count: 480,
            amount: Money(Micros(600_000_000)),
            promotional: Money(Micros(12_500_000)),
        };
        Self { currency: String::from("USD"), rows: vec![row] }
    }
}

struct SpanQuery {
    from: String,
    to: Option<String>,
}

impl FromQuery for SpanQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::required("from", Kind::Text(7), "The first month, such as `2026-01`.").like("\"2026-11\""),
        Field::optional("to", Kind::Text(7), "The last month; the first one when it is not given. At most 60 months."),
    ];

    fn read(values: &Values) -> Self {
        Self { from: values.required("from"), to: values.text("to") }
    }
}

async fn revenue(call: Call, Query(span): Query<SpanQuery>) -> Result<Reply<ReportBody>> {
    let rows = operator::revenue(&call.state, &span.from, span.to.as_deref().unwrap_or(&span.from)).await?;
    let currency = call.state.settings.currency.clone();
    Ok(Reply::of(ReportBody { currency, rows: rows.into_iter().map(RevenueBody::from).collect() }))
}
