//! Holding a number, extending a hold, giving it back, and the holds that are live.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;
use crate::server::error::Result;
use crate::server::phone;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Money, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::services::cursor;
use crate::server::services::holds::{self, Held};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/numbers/reserve", "listHolds", list)
            .scope(Scope::NumbersRead)
            .about("Lists the live holds, the one that ends first at the top."),
        Route::post("/numbers/reserve", "holdNumber", place)
            .scope(Scope::NumbersWrite)
            .about("Holds a number for a while, free of charge; holding it again gives the same hold back.")
            .answers(&[200, 201])
            .refuses(&[Code::NumberUnavailable, Code::NeverStocked, Code::OrderInProgress, Code::HoldLimitReached, Code::PaymentHold]),
        Route::get("/numbers/reserve/{id}", "getHold", get).scope(Scope::NumbersRead).about("Reads one hold.").refuses(&[Code::NotFound]),
        Route::delete("/numbers/reserve/{id}", "releaseHold", release)
            .scope(Scope::NumbersWrite)
            .about("Gives a hold back; again, or once it has ended, nothing happens.")
            .refuses(&[Code::NotFound, Code::ReservationInvalid, Code::HoldCommitted]),
        Route::post("/numbers/reserve/{id}/extend", "extendHold", extend)
            .scope(Scope::NumbersWrite)
            .about("Adds 30 minutes to a hold in its last 30 minutes, at most ten times.")
            .refuses(&[Code::NotFound, Code::ReservationInvalid, Code::HoldCommitted, Code::ExtendLimitReached]),
    ]
}

/// A hold on a number.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Hold)]
pub struct HoldBody {
    /// Its id: the `reservationId` of a purchase.
    pub id: String,
    /// The number.
    pub e164: String,
    /// For people.
    pub formatted: String,
    /// `active`, `committed` while it is being bought, `consumed`, `released` or `expired`.
    pub status: &'static str,
    /// When it ends.
    pub expires_at: Instant,
    /// From then on it may be extended; null when it may not be any more.
    #[schema(required)]
    pub extendable_from: Option<Instant>,
    /// How often it was extended.
    pub extensions: u8,
    /// Setup and first month together, kept for as long as the hold lives.
    pub price: Money,
    /// To be paid once.
    pub setup_cost: Money,
    /// To be paid each month.
    pub monthly_cost: Money,
    /// The currency of all three.
    pub currency: String,
    /// Its city.
    pub locality: String,
    /// Its state or province.
    pub region: String,
    /// The sub-account that holds it.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// Since when it is held.
    pub created_at: Instant,
}

impl HoldBody {
    fn new(held: Held, currency: &str, now: Timestamp) -> Self {
        let hold = held.hold;
        let lapsed = hold.state.name() == "active" && !hold.state.is_live(now);
        Self {
            formatted: phone::formatted(&hold.e164),
            status: if lapsed { "expired" } else { hold.state.name() },
            expires_at: Instant(hold.expires_at),
            extendable_from: held.extendable_from.filter(|_| !lapsed).map(Instant),
            extensions: hold.extensions,
            price: Money(Micros(hold.setup.0.saturating_add(hold.monthly.0))),
            setup_cost: Money(hold.setup),
            monthly_cost: Money(hold.monthly),
            currency: currency.to_owned(),
            locality: held.row.locality,
            region: held.row.administrative_area,
            sub_account_id: hold.sub_account_id,
            created_at: Instant(hold.created_at),
            id: hold.id,
            e164: hold.e164,
        }
    }
}

impl Sample for HoldBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-7000-7eee-8fff-0123456789ab"),
            e164: String::from("+14153569377"),
            formatted: String::from("(415) 356-9377"),
            status: "active",
            expires_at: Instant::sample(),
            extendable_from: Some(Instant::sample()),
            extensions: 0,
            price: Money(Micros(2_250_000)),
            setup_cost: Money(Micros(1_000_000)),
            monthly_cost: Money(Micros(1_250_000)),
            currency: String::from("USD"),
            locality: String::from("San Francisco"),
            region: String::from("CA"),
            sub_account_id: None,
            created_at: Instant::sample(),
        }
    }
}

struct PlaceBody {
    e164: String,
}

impl FromBody for PlaceBody {
    const FIELDS: &'static [Field] = &[Field::required("e164", Kind::Phone, "The number to hold.").like("\"+14153569377\"")];

    fn read(values: &Values) -> Self {
        Self { e164: values.required("e164") }
    }
}

struct ListQuery {
    cursor: Option<String>,
    limit: usize,
}

impl FromQuery for ListQuery {
    const PARAMETERS: &'static [Field] = &[LIMIT, CURSOR];

    fn read(values: &Values) -> Self {
        Self { cursor: values.text("cursor"), limit: values.limit() }
    }
}

fn shown(call: &Call, held: Held) -> HoldBody {
    HoldBody::new(held, &call.state.settings.currency, call.state.now())
}

/// There are never more live holds than fit into memory: an organization has ten at the most.
async fn list(call: Call, Query(query): Query<ListQuery>) -> Result<Page<HoldBody>> {
    let after = cursor::decode_at(query.cursor.as_deref())?;
    let tray = holds::tray(&call.state, &call.caller).await?;
    let total = tray.len();
    let place = |held: &Held| (held.hold.expires_at.micros(), held.hold.id.clone());
    let mut rows: Vec<Held> = tray.into_iter().filter(|held| after.as_ref().is_none_or(|after| place(held) > *after)).collect();
    rows.sort_by_key(place);
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let next = rows.last().filter(|_| more).map(|held| cursor::encode(&[&held.hold.expires_at.micros().to_string(), &held.hold.id]));
    let rows = rows.into_iter().map(|held| shown(&call, held)).collect();
    Ok(Page::new(rows, Pagination::new(query.limit, u64::try_from(total).unwrap_or_default(), next)))
}

async fn place(call: Call, Body(body): Body<PlaceBody>) -> Result<Reply<HoldBody>> {
    let placed = holds::place(&call.state, &call.caller, &body.e164).await?;
    let new = placed.new;
    let hold = shown(&call, placed.held);
    Ok(if new { Reply::created(&format!("/numbers/reserve/{}", hold.id), hold) } else { Reply::of(hold) })
}

async fn get(call: Call) -> Result<Reply<HoldBody>> {
    let held = holds::find(&call.state, &call.caller, call.path("id")).await?;
    Ok(Reply::of(shown(&call, held)))
}

async fn extend(call: Call) -> Result<Reply<HoldBody>> {
    let held = holds::extend(&call.state, &call.caller, call.path("id")).await?;
    Ok(Reply::of(shown(&call, held)))
}

async fn release(call: Call) -> Result<Reply<HoldBody>> {
    let hold = holds::release(&call.state, &call.caller, call.path("id")).await?;
    let held = holds::find(&call.state, &call.caller, &hold.id).await?;
    Ok(Reply::of(shown(&call, held)))
}
