//! Orders of all organizations, and ending one that is stuck.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::code::Code;
use crate::domain::order::OrderState;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Page, Pagination, Reply, Sample};
use crate::server::rest::fields::{CURSOR, Field, Kind, LIMIT, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{FromQuery, Query};
use crate::server::rest::table::Route;
use crate::server::rest::v1::numbers::OrderBody;
use crate::server::services::orders::{self, Order, OrderQuery, Repair};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/orders", "listAllOrders", list)
            .scope(Scope::AdminRead)
            .about("Lists the orders of all organizations, the latest first."),
        Route::post("/admin/orders/{id}/repair", "repairOrder", repair)
            .scope(Scope::AdminWrite)
            .about("Ends an order that is stuck: completes it, or undoes it and frees its money.")
            .refuses(&[Code::NotFound, Code::ReasonRequired]),
    ]
}

/// An order with whose it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnyOrder)]
pub struct AnyOrderBody {
    /// The organization that buys.
    pub organization_id: String,
    /// How often the carrier denied our reference.
    pub denials: u32,
    /// The order.
    #[serde(flatten)]
    pub order: OrderBody,
}

impl From<Order> for AnyOrderBody {
    fn from(order: Order) -> Self {
        Self { organization_id: order.organization_id.clone(), denials: order.denials, order: order.into() }
    }
}

impl Sample for AnyOrderBody {
    fn sample() -> Self {
        Self { organization_id: String::from("019ab3c0-1000-7aaa-8bbb-0123456789ab"), denials: 0, order: OrderBody::sample() }
    }
}

struct AllOrdersQuery(OrderQuery);

impl FromQuery for AllOrdersQuery {
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

struct RepairBody {
    repair: Repair,
    reason: Option<String>,
}

impl FromBody for RepairBody {
    const FIELDS: &'static [Field] = &[
        Field::required("outcome", Kind::Choice(&["completed", "failed"]), "How it ends.").like("\"failed\""),
        Field::required("reason", Kind::Reason, "Why, in 10 to 500 characters.")
            .like("\"The carrier confirmed by phone that it has no order.\""),
    ];

    fn read(values: &Values) -> Self {
        let completed = values.text("outcome").is_some_and(|outcome| outcome == "completed");
        Self { repair: if completed { Repair::Complete } else { Repair::Undo }, reason: values.text("reason") }
    }
}

async fn list(call: Call, Query(AllOrdersQuery(query)): Query<AllOrdersQuery>) -> Result<Page<AnyOrderBody>> {
    let found = orders::list(&call.state, &call.caller, &query).await?;
    let pagination = Pagination::new(query.limit, found.total, found.next_cursor);
    Ok(Page::new(found.rows.into_iter().map(AnyOrderBody::from).collect(), pagination))
}

async fn repair(call: Call, Body(body): Body<RepairBody>) -> Result<Reply<AnyOrderBody>> {
    Ok(Reply::of(orders::repair(&call.state, &call.caller, call.path("id"), body.repair, body.reason.as_deref()).await?.into()))
}
