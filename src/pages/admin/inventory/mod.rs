//! `/admin/inventory`: the stock by state, place and age, its numbers taken out and put back, and files of it. The map and its counts are in
//! [`place`], the rows in [`table`], files in [`file`].

mod file;
mod place;
mod table;

use leptos::prelude::*;

use super::OperatorOnly;
use crate::rpc::admin::stock::{Restock, StockInput, StockView, WithdrawStock, stock_overview};
use crate::rpc::numbers::ChipCount;
use crate::ui::chips::FilterChip;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, dialog_action, successes, use_text_parameter};
use crate::ui::frame::PageHead;
use crate::ui::icon::Icon;
use crate::ui::list_search::ListSearch;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::pager::CursorPager;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::urls::{url_text, use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

use file::{LatestFiles, OneFile, UploadDialog};
use place::Places;
use table::{StockTable, WithdrawDialog};

/// The stock, for the operator.
#[component]
pub fn InventoryPage() -> impl IntoView {
    view! { <OperatorOnly><InventoryContent/></OperatorOnly> }
}

/// What the page writes.
#[derive(Clone, Copy)]
struct StockActions {
    withdraw: ServerAction<WithdrawStock>,
    restock: ServerAction<Restock>,
}

#[component]
fn InventoryContent() -> impl IntoView {
    let text = |name| use_text_parameter(name);
    let (q, chip, region, area, cursor) = (text("q"), text("chip"), text("region"), text("area"), text("cursor"));
    let actions = StockActions { withdraw: ServerAction::new(), restock: ServerAction::new() };
    let (withdrawn, restocked) = (dialog_action(actions.withdraw, "withdraw"), successes(actions.restock));
    // A file that has just been imported has changed everything here.
    let imported = RwSignal::new(0_u32);
    let input = move || StockInput { q: q.get(), chip: chip.get(), region: region.get(), area: area.get(), cursor: cursor.get() };
    let resource = load(move || (input(), withdrawn.get(), restocked.get(), imported.get()), |(input, ..)| stock_overview(input));
    let here = use_here();
    view! {
        <div class="page list-page">
            <PageHead title="Inventory" subtitle="Every number that this installation has had, where it is, how old, and in which state.">
                <a class="btn btn-primary" href=move || with_param(&here.get(), "new", Some("1")) data-noscroll="">
                    <Icon name="upload"/>
                    "Import a file\u{2026}"
                </a>
            </PageHead>
            <RefusalNote error=action_error(actions.restock)/>
            <OneFile imported/>
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <InventoryBody view actions/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
            <UploadDialog/>
        </div>
    }
}

#[component]
fn InventoryBody(view: StockView, actions: StockActions) -> impl IntoView {
    let cursor = use_text_parameter("cursor").get_untracked();
    let list = if view.rows.is_empty() {
        view! { <NoRows/> }
    } else {
        view! { <StockTable rows=view.rows.clone() now=view.now restock=actions.restock/> }
    };
    let total = if view.total == 1 { String::from("1 number") } else { format!("{} numbers", view.total) };
    view! {
        <div class="list-tools">
            <ListSearch action="/admin/inventory" label="Search by number or city" placeholder="Number or city" keep=&["chip", "region", "area"]/>
            <Chips chips=view.chips/>
            <Chosen/>
            <span class="muted num stock-total">{total}", counted "<When moment=view.counted_at/></span>
        </div>
        <div class="two-column stock-columns">
            <section class="panel" aria-label="Numbers">
                {list}
                <CursorPager cursor next=view.next_cursor things="the stock"/>
            </section>
            <div class="stack-4">
                <Places regions=view.regions areas=view.areas ages=view.ages/>
                <LatestFiles imports=view.imports/>
            </div>
        </div>
        <WithdrawDialog rows=view.rows action=actions.withdraw/>
    }
}

#[component]
fn Chips(chips: Vec<ChipCount>) -> impl IntoView {
    let tabs = chips.into_iter().map(Tab::from).collect::<Vec<_>>();
    view! { <Tabs label="Filter by state" class="list-chips" parameter="chip" tabs=move || tabs.clone() chosen=url_text("chip")/> }
}

/// The place that is chosen, to be taken away.
#[component]
fn Chosen() -> impl IntoView {
    let here = use_here().get_untracked();
    let without = |name: &str| with_param(&with_param(&here, "cursor", None), name, None);
    let (region, area) = (use_text_parameter("region").get_untracked(), use_text_parameter("area").get_untracked());
    let region = (!region.is_empty()).then(|| {
        let href = with_param(&without("region"), "area", None);
        view! { <FilterChip href name="State" value=region/> }
    });
    let area = (!area.is_empty()).then(|| view! { <FilterChip href=without("area") name="Area code" value=area/> });
    view! { {region}{area} }
}

#[component]
fn NoRows() -> impl IntoView {
    let filtered = ["q", "chip", "region", "area"].into_iter().any(|name| !use_text_parameter(name).get_untracked().is_empty());
    if filtered {
        view! {
            <Empty title="No number matches" text="Take a filter away, or choose another state on the map.">
                <a class="btn btn-primary" href="/admin/inventory">"Show all"</a>
            </Empty>
        }
    } else {
        view! {
            <Empty title="No stock yet" text="Numbers come from a CSV file: one line a number, with its place, what it can do and what it costs. It is checked before anything is written.">
                <a class="btn btn-primary" href="/admin/inventory?new=1"><Icon name="upload"/>"Import a file\u{2026}"</a>
            </Empty>
        }
    }
}
