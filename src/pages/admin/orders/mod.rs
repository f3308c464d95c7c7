//! `/admin/orders`: attempts to buy, in all organizations, the stuck ones a press away. What one of them went through, and the way out of
//! a stuck one, is in [`detail`].

mod detail;

use leptos::prelude::*;

use super::OperatorOnly;
use crate::domain::money::Micros;
use crate::domain::time::Timestamp;
use crate::rpc::admin::orders::{OrderRow, OrdersInput, OrdersView, RepairOrder, all_orders};
use crate::rpc::numbers::ChipCount;
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, dialog_action, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::icon::Icon;
use crate::ui::list_search::ListSearch;
use crate::ui::load::load;
use crate::ui::pager::CursorPager;
use crate::ui::phone::Phone;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::toast::toast;
use crate::ui::urls::{url_text, use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::{Ago, When};

use detail::OrderDialog;

/// Orders of all organizations, for the operator.
#[component]
pub fn OrdersPage() -> impl IntoView {
    view! { <OperatorOnly><OrdersContent/></OperatorOnly> }
}

#[component]
fn OrdersContent() -> impl IntoView {
    let (q, chip, cursor) = (use_text_parameter("q"), use_text_parameter("chip"), use_text_parameter("cursor"));
    let action = ServerAction::<RepairOrder>::new();
    let repaired = dialog_action(action, "order");
    Effect::watch(
        move || repaired.get(),
        move |_, _, _| toast(String::from("The order has ended"), String::from("How and why stands with its steps and in the audit log.")),
        false,
    );
    let resource =
        load(move || (OrdersInput { q: q.get(), chip: chip.get(), cursor: cursor.get() }, repaired.get()), |(input, _)| all_orders(input));
    view! {
        <div class="page list-page">
            <PageHead title="Orders" subtitle="Every attempt to buy, in all organizations, with the steps that were recorded."/>
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <OrdersBody view/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
            <OrderDialog action repaired/>
        </div>
    }
}

#[component]
fn OrdersBody(view: OrdersView) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    let list = if view.rows.is_empty() {
        view! { <NoOrders/> }
    } else {
        view! { <OrderTable rows=view.rows now=view.now/> }
    };
    view! {
        <div class="list-tools">
            <ListSearch
                    action="/admin/orders"
                    label="Search by number, organization or reference"
                    placeholder="Number, organization, reference"
                    keep=&["chip"]
                />
            <Chips chips=view.chips/>
        </div>
        <section class="panel" aria-label="Orders">
            {list}
            <CursorPager cursor next=view.next_cursor things="orders"/>
        </section>
    }
}

#[component]
fn Chips(chips: Vec<ChipCount>) -> impl IntoView {
    let tabs = chips.into_iter().map(Tab::from).collect::<Vec<_>>();
    view! { <Tabs label="Filter by state" class="list-chips" parameter="chip" tabs=move || tabs.clone() chosen=url_text("chip")/> }
}

#[component]
fn NoOrders() -> impl IntoView {
    let (q, chip) = (use_text_parameter("q").get_untracked(), use_text_parameter("chip").get_untracked());
    match (q.is_empty(), chip.as_str()) {
        (true, "stuck") => view! {
            <Empty title="Nothing is stuck" text="An order whose carrier says neither yes nor no for a day comes here. Its money stays aside until you complete or undo it."/>
        },
        (true, "" | "all") => view! {
            <Empty title="Nobody has bought yet" text="Each attempt to buy a number leaves its steps here: claimed, funded, sent, confirmed, completed."/>
        },
        _ => view! {
            <Empty title="No order matches" text="Take a filter away, or search by digits of the number, the organization or the whole reference.">
                <a class="btn btn-primary" href="/admin/orders">"Show all orders"</a>
            </Empty>
        },
    }
}

#[component]
fn OrderTable(rows: Vec<OrderRow>, now: Timestamp) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <OrderLine row now/> }).collect_view();
    view! {
        <div class="table-wrap">
            <table class="table table-folds orders-table">
                <caption class="sr-only">"Orders, the latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Number"</th>
                        <th scope="col">"Organization"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" aria-sort="descending"><span class="sorted">"Begun"<Icon name="arrow-down" size=14/></span></th>
                        <th scope="col">"Last step"</th>
                        <th scope="col" class="num-right">"Due"</th>
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn OrderLine(row: OrderRow, now: Timestamp) -> impl IntoView {
    let here = use_here();
    let due = row.setup.0.saturating_add(row.monthly.0);
    let due = Micros(due).display(&use_frame().currency());
    let stuck = row.state == "stuck";
    let id = StoredValue::new(row.id.clone());
    let href = move || with_param(&here.get(), "order", Some(&id.get_value()));
    let (word, class) = if stuck { ("Repair\u{2026}", "btn btn-sm btn-danger-line") } else { ("Steps", "btn btn-sm") };
    let label = format!("{word}, {}", row.phone.formatted);
    view! {
        <tr>
            <th scope="row" class="order-number"><Phone phone=row.phone.clone()/></th>
            <td class="order-organization">{row.organization.clone()}</td>
            <td class="order-state"><OrderBadge state=row.state.clone() denials=row.denials/></td>
            <td class="order-begun" data-label="Begun"><When moment=row.created_at.clone()/></td>
            <td class="order-last" data-label="Last step"><Ago moment=row.updated_at.clone() now/></td>
            <td class="order-due num num-right">{due}</td>
            <td class="order-actions"><a class=class href=href data-noscroll="" aria-label=label>{word}</a></td>
        </tr>
    }
}

/// The state of an order. One that the carrier has denied once is being asked about.
#[component]
pub(super) fn OrderBadge(#[prop(into)] state: String, denials: u32) -> impl IntoView {
    let (family, icon, text) = badge(&state, denials);
    view! { <Badge family icon text/> }
}

fn badge(state: &str, denials: u32) -> (&'static str, &'static str, &'static str) {
    match state {
        "funded" => ("accent", "wallet", "Funded"),
        "ordered" if denials > 0 => ("warn", "refresh-cw", "Asking the carrier"),
        "ordered" => ("accent", "send", "Ordered"),
        "completed" => ("ok", "circle-check", "Completed"),
        "failed" => ("danger", "circle-x", "Failed, nothing charged"),
        "stuck" => ("danger", "octagon-alert", "Stuck"),
        _ => ("idle", "circle-dashed", "Created"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::OrderState;

    #[test]
    fn every_state_has_a_badge_of_its_own() {
        let texts: std::collections::BTreeSet<_> = OrderState::ALL.map(|state| badge(state.name(), 0).2).into();
        assert_eq!(texts.len(), OrderState::ALL.len());
        assert_eq!(badge("ordered", 1).2, "Asking the carrier");
    }
}
