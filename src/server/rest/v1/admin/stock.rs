//! The stock as the operator sees it, and taking a number out of it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::number::StockState;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::rest::envelope::{Instant, Money, Page, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::services::inventory::{self, StockRow};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/inventory", "listInventory", list)
            .scope(Scope::AdminRead)
            .about("Lists the stock in the order of its digits, in whatever state."),
        Route::get("/admin/inventory/{e164}", "getInventory", get)
            .scope(Scope::AdminRead)
            .about("Reads one number of the stock.")
            .refuses(&[Code::NeverStocked]),
        Route::delete("/admin/inventory/{e164}", "withdrawInventory", withdraw)
            .scope(Scope::AdminWrite)
            .about("Takes a number out of the stock; one that is owned stays with its owner and is out after its aging.")
            .refuses(&[Code::NeverStocked, Code::NumberUnavailable, Code::OrderInProgress]),
    ]
}

/// A number of the stock.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StockNumber)]
pub struct StockBody {
    /// The number.
    pub e164: String,
    /// For people.
    pub formatted: String,
    /// `available`, `sold`, `aging` or `withdrawn`.
    pub status: &'static str,
    /// Until then it rests, or may not come back.
    #[schema(required)]
    pub aging_until: Option<Instant>,
    /// It is sold, and will be out after its aging.
    pub withdraw_after_aging: bool,
    /// The public label of its carrier.
    pub provider: String,
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
    /// To be paid once.
    pub setup_cost: Money,
    /// To be paid each month.
    pub monthly_cost: Money,
    /// The organization that owned it last.
    #[schema(required)]
    pub last_owner_organization_id: Option<String>,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<StockRow> for StockBody {
    fn from(row: StockRow) -> Self {
        let aging_until = match row.state {
            StockState::Aging { until } => Some(until),
            StockState::Withdrawn { aging_until } => aging_until,
            StockState::Available | StockState::Sold => None,
        };
        Self {
            formatted: phone::formatted(&row.e164),
            status: row.state.name(),
            aging_until: aging_until.map(Instant),
            withdraw_after_aging: row.withdraw_after_aging,
            provider: row.provider,
            number_type: row.number_type.name(),
            features: row.features.names(),
            locality: row.locality,
            region: row.administrative_area,
            rate_center: row.rate_center,
            setup_cost: Money(row.setup),
            monthly_cost: Money(row.monthly),
            last_owner_organization_id: row.last_owner_organization_id,
            updated_at: Instant(row.updated_at),
            e164: row.e164,
        }
    }
}

impl Sample for StockBody {
    fn sample() -> Self {
        Self {
            e164: String::from("+14153569377"),
            formatted: String::from("(415) 356-9377"),
            status: "available",
            aging_until: None,
            withdraw_after_aging: false,
            provider: String::from("c-1"),
            number_type: "local",
            features: vec!["voice", "sms"],
            locality: String::from("San Francisco"),
            region: String::from("CA"),
            rate_center: String::from("SAN FRNCSC"),
            setup_cost: Money(Micros(1_000_000)),
            monthly_cost: Money(Micros(1_250_000)),
            last_owner_organization_id: None,
            updated_at: Instant::sample(),
        }
    }
}

struct StockQuery {
    status: Option<String>,
    limit: usize,
    cursor: Option<String>,
}

impl FromQuery for StockQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional("status", Kind::Choice(&["available", "sold", "aging", "withdrawn"]), "Only numbers in that state."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        Self { status: values.text("status"), limit: values.limit(), cursor: values.text("cursor") }
    }
}

struct WithdrawQuery {
    cancel_holds: bool,
}

impl FromQuery for WithdrawQuery {
    const PARAMETERS: &'static [Field] =
        &[Field::optional("cancelHolds", Kind::Flag, "Ends a hold on it, with a notice to its holder; else a hold refuses.")];

    fn read(values: &Values) -> Self {
        Self { cancel_holds: values.flag("cancelHolds").unwrap_or_default() }
    }
}

async fn list(call: Call, Query(query): Query<StockQuery>) -> Result<Page<StockBody>> {
    let found = inventory::page(&call.state, query.status.as_deref(), query.limit, query.cursor.as_deref()).await?;
    Ok(Page::of(query.limit, found))
}

async fn get(call: Call) -> Result<Reply<StockBody>> {
    Ok(Reply::of(inventory::find(&call.state, call.path("e164")).await?.into()))
}

async fn withdraw(call: Call, Query(query): Query<WithdrawQuery>) -> Result<Reply<StockBody>> {
    let (state, caller, e164) = (&call.state, &call.caller, call.path("e164"));
    Ok(Reply::of(inventory::withdraw_one(state, &caller.actor, caller.channel, e164, query.cancel_holds).await?.into()))
}
