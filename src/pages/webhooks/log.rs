//! The delivery log: what was told, how the last attempt went, and sending it again.

use leptos::prelude::*;

use crate::rpc::webhooks::{DeliveryView, Redeliver, WebhooksView};
use crate::ui::action_form::ActionForm;
use crate::ui::badge::Badge;
use crate::ui::chips::{ChipLink, FilterChip};
use crate::ui::form::{NoValue, use_text_parameter};
use crate::ui::pager::CursorPager;
use crate::ui::table::{Column, FoldingTable};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

/// The heads of the table.
const COLUMNS: &[Column] = &[
    Column::Text("Event"),
    Column::Text("To"),
    Column::Text("State"),
    Column::Text("Last attempt"),
    Column::Text("Happened"),
    Column::Actions,
];

/// States of a delivery with their words, and the one that shows all.
const STATES: [(&str, &str); 4] = [("", "All"), ("pending", "Waiting"), ("delivered", "Delivered"), ("failed", "Given up")];

/// Filters, lines and pager.
#[component]
pub(super) fn DeliveryLog(view: WebhooksView, redeliver: ServerAction<Redeliver>) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    let next = view.next_cursor.clone();
    let total = if view.total == 1 { String::from("1 delivery") } else { format!("{} deliveries", view.total) };
    let lines = if view.deliveries.is_empty() {
        view! { <p class="panel-body muted">"Nothing was told yet, or nothing fits the filter. A test event shows whether messages arrive."</p> }
    } else {
        view! { <Lines deliveries=view.deliveries.clone() redeliver/> }
    };
    view! {
        <section class="panel" aria-labelledby="deliveries-title">
            <div class="panel-head webhook-log-head">
                <h2 id="deliveries-title">"Delivery log"</h2>
                <span class="muted small">{total}</span>
                <Filters view/>
            </div>
            {lines}
            <CursorPager cursor next things="the delivery log"/>
        </section>
    }
}

/// One state, one endpoint. Both live in the URL; another filter starts at the newest again.
#[component]
fn Filters(view: WebhooksView) -> impl IntoView {
    let here = with_param(&use_here().get_untracked(), "cursor", None);
    let (state, webhook) = (use_text_parameter("state").get_untracked(), use_text_parameter("webhook").get_untracked());
    let states = STATES.map(|(value, label)| {
        let href = with_param(&here, "state", Some(value).filter(|value| !value.is_empty()));
        view! { <ChipLink href label chosen=value == state/> }
    });
    let endpoints = if let Some(chosen) = view.webhooks.iter().find(|endpoint| endpoint.id == webhook) {
        view! { <FilterChip href=with_param(&here, "webhook", None) name="To" value=chosen.url.clone()/> }
    } else if view.webhooks.len() > 1 {
        let links = view.webhooks.iter().map(|endpoint| {
            view! { <ChipLink href=with_param(&here, "webhook", Some(&endpoint.id)) label=format!("To {}", endpoint.url) chosen=false/> }
        });
        links.collect_view().into_any()
    } else {
        ().into_any()
    };
    view! {
        <div class="row-1 webhook-filters" role="group" aria-label="Which deliveries">{states.into_iter().collect_view()}{endpoints}</div>
    }
}

#[component]
fn Lines(deliveries: Vec<DeliveryView>, redeliver: ServerAction<Redeliver>) -> impl IntoView {
    let rows = deliveries.into_iter().map(|delivery| view! { <Line delivery redeliver/> }).collect_view();
    view! {
        <FoldingTable caption="Deliveries, newest first, with their last attempt" class="webhooks-table" columns=COLUMNS>{rows}</FoldingTable>
    }
}

#[component]
fn Line(delivery: DeliveryView, redeliver: ServerAction<Redeliver>) -> impl IntoView {
    let (family, icon, text) = match delivery.state.as_str() {
        "delivered" => ("ok", "circle-check", "Delivered"),
        "failed" => ("danger", "circle-x", "Given up"),
        _ if delivery.attempts > 0 => ("warn", "timer", "Tried again"),
        _ => ("idle", "send", "On its way"),
    };
    let tries = match delivery.attempts {
        0 | 1 => None,
        attempts => Some(format!("{attempts} attempts")),
    };
    let last = if delivery.last.is_empty() {
        view! { <NoValue/> }
    } else {
        view! { <span>{delivery.last}</span> }
    };
    let due = delivery.due_at.map(|due_at| view! { <span class="webhook-due">"Next at "<When moment=due_at/></span> });
    let again_label = format!("Send {} to {} again", delivery.event, delivery.url);
    view! {
        <tr>
            <th scope="row" class="webhook-event">{delivery.event}</th>
            <td class="webhook-to" data-label="To">{delivery.url}</td>
            <td data-label="State"><Badge family icon text/></td>
            <td data-label="Last attempt">{last}{tries.map(|tries| view! { <span class="webhook-due">{tries}</span> })}{due}</td>
            <td data-label="Happened"><When moment=delivery.happened_at/></td>
            <td class="webhook-actions">
                {(!delivery.disabled).then(|| view! {
                    <div class="row-1 row-actions">
                        <ActionForm action=redeliver>
                            <input type="hidden" name="id" value=delivery.id/>
                            <button type="submit" class="btn btn-sm" aria-label=again_label disabled=move || redeliver.pending().get()>"Send again"</button>
                        </ActionForm>
                    </div>
                })}
            </td>
        </tr>
    }
}
