//! Orders of all organizations, and one with its steps.

use crate::domain::order::Step;
use crate::rpc::admin::orders::{OrderRow, OrderView, OrdersView, StepView};
use crate::rpc::numbers::ChipCount;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::server::services::orders::{Everybody, GROUPS, Inspected};
use crate::server::store::orders::{ListedOrder, RecordedStep};

impl From<ListedOrder> for OrderRow {
    fn from(listed: ListedOrder) -> Self {
        let order = listed.order;
        Self {
            phone: PhoneView::new(&order.e164),
            organization: listed.organization_name,
            state: order.state.name().to_owned(),
            setup: order.setup,
            monthly: order.monthly,
            denials: order.denials,
            created_at: Moment::new(order.created_at),
            updated_at: Moment::new(order.updated_at),
            id: order.id,
        }
    }
}

impl From<RecordedStep> for StepView {
    fn from(recorded: RecordedStep) -> Self {
        Self {
            step: recorded.step.name().to_owned(),
            text: words(recorded.step).to_owned(),
            detail: recorded.detail,
            at: Moment::new(recorded.at),
        }
    }
}

/// One page of the list.
#[must_use]
pub fn list(everybody: Everybody) -> OrdersView {
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let chips = GROUPS.iter().zip(everybody.counts).map(|((value, label, _), of)| ChipCount {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
        count: count(of),
    });
    OrdersView {
        now: everybody.now,
        total: count(everybody.found.total),
        chips: chips.collect(),
        rows: everybody.found.rows.into_iter().map(OrderRow::from).collect(),
        next_cursor: everybody.found.next_cursor,
    }
}

/// One order.
#[must_use]
pub fn one(inspected: Inspected) -> OrderView {
    OrderView {
        now: inspected.now,
        row: OrderRow::from(inspected.listed),
        buyer: inspected.buyer.name,
        provider: inspected.provider,
        sub_account: inspected.sub_account,
        agent: inspected.agent,
        steps: inspected.steps.into_iter().map(StepView::from).collect(),
    }
}

const fn words(step: Step) -> &'static str {
    match step {
        Step::Claimed => "The number was claimed for this order",
        Step::Funded => "The money was set aside",
        Step::Sent => "The order left for the carrier",
        Step::Confirmed => "The carrier confirmed",
        Step::Completed => "Paid, and the number handed to its owner",
        Step::Denied => "The carrier did not know our reference",
        Step::Unknown => "The carrier did not say",
        Step::Voided => "The money that was aside is free again",
        Step::Failed => "Ended without the number; nothing was charged",
        Step::Stuck => "Left to the operator after a day",
    }
}
