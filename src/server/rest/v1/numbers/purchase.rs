//! Buying and importing, and the orders that purchases are.

use serde::Serialize;
use utoipa::ToSchema;

use super::shape::NumberBody;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::order::OrderState;
use crate::domain::scope::Scope;
use crate::server::error::{Error, Result};
use crate::server::phone;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Money, Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::{Holders, Route};
use crate::server::services::import;
use crate::server::services::numbers;
use crate::server::services::orders::{self, Order, OrderQuery};
use crate::server::services::purchase::{self, Buy};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/numbers/purchase", "buyNumber", buy)
            .scope(Scope::NumbersWrite)
            .about("Buys a number: setup and first month are charged. 202 with the order while the carrier has not answered.")
            .answers(&[201, 202])
            .ordering()
            .refuses(&[
                Code::InsufficientFunds,
                Code::NotFound,
                Code::NeverStocked,
                Code::NumberUnavailable,
                Code::ReservationInvalid,
                Code::PriceChanged,
                Code::BudgetExceeded,
                Code::PaymentHold,
                Code::SubAccountDisabled,
                Code::CarrierUnavailable,
            ]),
        Route::post("/numbers/import", "importNumber", bring)
            .scope(Scope::NumbersWrite)
            .holders(Holders::Organization)
            .about("Brings a number along that stays at its own carrier: nothing is charged. Again, the number is given back.")
            .answers(&[200, 201])
            .refuses(&[Code::NumberUnavailable, Code::NotFound, Code::NumberReleased]),
        Route::get("/orders", "listOrders", list)
            .scope(Scope::NumbersRead)
            .about("Lists the purchases with how they stand, the latest first."),
        Route::get("/orders/{id}", "getOrder", get).scope(Scope::NumbersRead).about("Reads one purchase.").refuses(&[Code::NotFound]),
    ]
}

/// A purchase and how it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Order)]
pub struct OrderBody {
    /// Its id.
    pub id: String,
    /// The number.
    pub e164: String,
    /// For people.
    pub formatted: String,
    /// `created`, `funded`, `ordered`, `completed`, `failed` or `stuck`.
    pub status: &'static str,
    /// Why it failed.
    #[schema(required)]
    pub failure: Option<String>,
    /// To be paid once.
    pub setup_cost: Money,
    /// To be paid each month.
    pub monthly_cost: Money,
    /// The number, once it is bought.
    #[schema(required)]
    pub number_id: Option<String>,
    /// The hold that it uses.
    #[schema(required)]
    pub reservation_id: Option<String>,
    /// The agent that shall answer.
    #[schema(required)]
    pub agent_id: Option<String>,
    /// The sub-account that it is for.
    #[schema(required)]
    pub sub_account_id: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last moved on.
    pub updated_at: Instant,
}

impl From<Order> for OrderBody {
    fn from(order: Order) -> Self {
        Self {
            formatted: phone::formatted(&order.e164),
            status: order.state.name(),
            failure: order.failure,
            setup_cost: Money(order.setup),
            monthly_cost: Money(order.monthly),
            number_id: order.ownership_id,
            reservation_id: order.hold_id,
            agent_id: order.agent_id,
            sub_account_id: order.sub_account_id,
            created_at: Instant(order.created_at),
            updated_at: Instant(order.updated_at),
            id: order.id,
            e164: order.e164,
        }
    }
}

impl Sample for OrderBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-8000-7111-8222-0123456789ab"),
            e164: String::from("+14153569377"),
            formatted: String::from("(415) 356-9377"),
            status: "completed",
            failure: None,
            setup_cost: Money(Micros(1_000_000)),
            monthly_cost: Money(Micros(1_250_000)),
            number_id: Some(String::from("019ab3c0-5d00-7c41-9b3e-2f0a6f1e7d21")),
            reservation_id: None,
            agent_id: None,
            sub_account_id: None,
            created_at: Instant::sample(),
            updated_at: Instant::sample(),
        }
    }
}

/// The number that was bought, or the order while it is under way.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Purchase)]
pub enum PurchaseBody {
    /// Bought.
    Number(Box<NumberBody>),
    /// Under way.
    Order(Box<OrderBody>),
}

impl Sample for PurchaseBody {
    fn sample() -> Self {
        Self::Number(Box::new(NumberBody::sample()))
    }
}

struct BuyBody(Buy);

impl FromBody for BuyBody {
    const FIELDS: &'static [Field] = &[
        Field::required("e164", Kind::Phone, "The number to buy.").like("\"+14153569377\""),
        Field::optional("reservationId", Kind::Text(64), "A hold of yours; without one your live hold on the number is used."),
        Field::optional("maxPrice", Kind::Money, "Setup and first month as you saw them: a higher price is refused.").like("2.25"),
        Field::optional("agentId", Kind::Text(64), "The agent that shall answer."),
        Field::optional("subAccountId", Kind::Text(64), "The sub-account that it is bought for; a sub-account always buys for itself."),
    ];

    fn read(values: &Values) -> Self {
        Self(Buy {
            e164: values.required("e164"),
            hold_id: values.text("reservationId"),
            max_price: values.money("maxPrice"),
            agent_id: values.text("agentId"),
            sub_account_id: values.text("subAccountId"),
            request_key: None,
            request: None,
        })
    }
}

async fn buy(call: Call, Body(BuyBody(wish)): Body<BuyBody>) -> Result<Reply<PurchaseBody>> {
    let order = purchase::buy(&call.state, &call.caller, Buy { request: call.repeat.clone(), ..wish }).await?;
    match (order.state, &order.ownership_id) {
        (OrderState::Completed, Some(id)) => {
            let number = numbers::record(&call.state, &call.caller, id).await?;
            Ok(Reply::created(&format!("/numbers/{id}"), PurchaseBody::Number(Box::new(number.into()))))
        }
        (OrderState::Completed, None) => Err(Error::Internal(format!("order {} is complete and made no number", order.id))),
        _ => Ok(Reply::accepted(&format!("/orders/{}", order.id), PurchaseBody::Order(Box::new(order.into())))),
    }
}

struct ImportBody {
    e164: String,
    agent_id: Option<String>,
}

impl FromBody for ImportBody {
    const FIELDS: &'static [Field] = &[
        Field::required("e164", Kind::Phone, "The number to bring along.").like("\"+14155550147\""),
        Field::optional("agentId", Kind::Text(64), "The agent that shall answer."),
    ];

    fn read(values: &Values) -> Self {
        Self { e164: values.required("e164"), agent_id: values.text("agentId") }
    }
}

async fn bring(call: Call, Body(body): Body<ImportBody>) -> Result<Reply<NumberBody>> {
    let imported = import::import(&call.state, &call.caller, &body.e164, body.agent_id.as_deref()).await?;
    let number: NumberBody = numbers::record(&call.state, &call.caller, &imported.changed.number.id).await?.into();
    Ok(if imported.new { Reply::created(&format!("/numbers/{}", number.id), number) } else { Reply::of(number) })
}

struct ListQuery(OrderQuery);

impl FromQuery for ListQuery {
    const PARAMETERS: &'static [Field] = &[
        Field::optional(
            "status",
            Kind::Choice(&["created", "funded", "ordered", "completed", "failed", "stuck"]),
            "Only orders in that state.",
        ),
        Field::optional("e164", Kind::Phone, "Only orders of that number."),
        LIMIT,
        CURSOR,
    ];

    fn read(values: &Values) -> Self {
        Self(OrderQuery {
            status: values.text("status").and_then(|name| OrderState::from_name(&name)),
            e164: values.text("e164"),
            cursor: values.text("cursor"),
            limit: values.limit(),
        })
    }
}

async fn list(call: Call, Query(ListQuery(query)): Query<ListQuery>) -> Result<Page<OrderBody>> {
    let found = orders::list(&call.state, &call.caller, &query).await?;
    let pagination = Pagination::new(query.limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(OrderBody::from).collect(), pagination))
}

async fn get(call: Call) -> Result<Reply<OrderBody>> {
    Ok(Reply::of(orders::find(&call.state, &call.caller, call.path("id")).await?.into()))
}
