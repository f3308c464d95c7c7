//! `/admin/cool-offs`: every cool-off in effect, soonest end first, and the latest overrides. The override dialog is a file of its own.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::OperatorOnly;
use super::override_dialog::OverrideDialog;
use crate::domain::time::Timestamp;
use crate::rpc::admin::{CoolOffRow, CoolOffsView, OverrideCoolOff, OverrideRow, cool_offs};
use crate::ui::badge::Badge;
use crate::ui::clock::{DayCells, remaining_text};
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, dialog_action, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::phone::Phone;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::toast::toast;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

/// Cool-offs of all organizations, for the operator.
#[component]
pub fn CoolOffsPage() -> impl IntoView {
    view! { <OperatorOnly><CoolOffsContent/></OperatorOnly> }
}

#[component]
fn CoolOffsContent() -> impl IntoView {
    let q = use_text_parameter("q");
    let action = ServerAction::<OverrideCoolOff>::new();
    let overridden = dialog_action(action, "override");
    let frame = use_frame();
    Effect::watch(
        move || overridden.get(),
        move |_, _, _| {
            frame.refetch();
            toast(
                String::from("Cool-off overridden"),
                String::from("The number is in the pool. The override stands below and in the audit log."),
            );
        },
        false,
    );
    let resource = load(move || (q.get(), overridden.get()), |(q, _)| cool_offs(q));
    view! {
        <div class="page cool-offs">
            <Transition fallback=|| view! { <PageHead title="Cool-offs"/><SkeletonRows rows=9/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <CoolOffsBody view action/> },
                        Err(error) => view! { <PageHead title="Cool-offs"/><LoadRefused error/> },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn CoolOffsBody(view: CoolOffsView, action: ServerAction<OverrideCoolOff>) -> impl IntoView {
    let subtitle = format!(
        "{} in effect, soonest first. A number can leave its sub-account {} days after its last call.",
        view.total, view.cool_off_days
    );
    let (now, cool_off_days) = (view.now, view.cool_off_days);
    let shown = view.rows.len();
    let rest = usize::try_from(view.total).unwrap_or(shown).saturating_sub(shown);
    let list = if view.rows.is_empty() {
        view! { <NothingCools cool_off_days/> }
    } else {
        view! { <CoolOffTable rows=view.rows.clone() now/> }
    };
    view! {
        <PageHead title="Cool-offs" subtitle><SearchForm/></PageHead>
        {list}
        {(shown > 0 && rest > 0).then(|| view! { <p class="muted">{format!("{rest} more are not shown. Search to find one.")}</p> })}
        <Overrides rows=view.overrides/>
        <OverrideDialog rows=view.rows now cool_off_days action/>
    }
}

#[component]
fn SearchForm() -> impl IntoView {
    let q = use_text_parameter("q");
    view! {
        <search class="cool-off-search">
            <Form action="/admin/cool-offs" method="get">
                <label class="search-field">
                    <Icon name="search" size=18/>
                    <span class="sr-only">"Search by number, organization or sub-account"</span>
                    <input type="search" name="q" value=q.get_untracked() prop:value=move || q.get() placeholder="Number, organization, sub-account" autocomplete="off"/>
                </label>
                <button type="submit" class="sr-only-focusable btn btn-sm">"Search"</button>
            </Form>
        </search>
    }
}

#[component]
fn NothingCools(cool_off_days: u16) -> impl IntoView {
    let q = use_text_parameter("q").get_untracked();
    if q.is_empty() {
        view! {
            <Empty
                title="No cool-off is running"
                text=format!("A call starts one: for {cool_off_days} days the number cannot leave its sub-account. The soonest to end will stand here first.")
            />
        }
    } else {
        view! {
            <Empty title=format!("No cool-off matches \u{201c}{q}\u{201d}") text="Search by digits of the number, or by the name of an organization or a sub-account.">
                <a class="btn btn-primary" href="/admin/cool-offs">"Show all"</a>
            </Empty>
        }
    }
}

#[component]
fn CoolOffTable(rows: Vec<CoolOffRow>, now: Timestamp) -> impl IntoView {
    view! {
        <section class="panel" aria-label="Cool-offs in effect">
            <div class="table-wrap">
                <table class="table table-folds cool-offs-table">
                    <caption class="sr-only">"Cool-offs in effect, soonest end first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Number"</th>
                            <th scope="col">"Sub-account"</th>
                            <th scope="col">"Last call"</th>
                            <th scope="col" aria-sort="ascending"><span class="sorted">"Ends"<Icon name="arrow-up" size=14/></span></th>
                            <th scope="col">"Left"</th>
                            <th scope="col"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().map(|row| view! { <CoolOffLine row now/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn CoolOffLine(row: CoolOffRow, now: Timestamp) -> impl IntoView {
    let chosen = use_text_parameter("override");
    let id = StoredValue::new(row.id.clone());
    let left = remaining_text(row.clock.remaining_s);
    let class = move || if chosen.with(|chosen| id.with_value(|id| id == chosen)) { "cool-off-chosen" } else { "" };
    view! {
        <tr class=class>
            <th scope="row" class="cool-off-number"><Phone phone=row.phone.clone()/></th>
            <td class="cool-off-place"><strong>{row.sub_account.clone()}</strong><span>{row.organization.clone()}</span></td>
            <td data-label="Last call"><When moment=row.last_call.clone()/></td>
            <td data-label="Ends"><When moment=row.clock.until.clone()/></td>
            <td class="cool-off-left"><strong class="num">{left}</strong><DayCells clock=row.clock.clone() now/></td>
            <td class="cool-off-action"><OverrideLink row/></td>
        </tr>
    }
}

/// Opens the dialog, or says why that would be of no use.
#[component]
fn OverrideLink(row: CoolOffRow) -> impl IntoView {
    let here = use_here();
    if row.locked {
        view! {
            <span class="cool-off-locked">
                <Badge family="plain" icon="lock" text="Locked"/>
                <span class="muted small">{format!("{} has to unlock it first", row.organization)}</span>
            </span>
        }
    } else {
        let id = row.id;
        view! {
            <a
                class="btn btn-sm"
                href=move || with_param(&here.get(), "override", Some(&id))
                data-noscroll=""
                aria-label=format!("Override the cool-off of {}", row.phone.formatted)
            >
                "Override\u{2026}"
            </a>
        }
    }
}

/// What was overridden lately, on the same page as the button that does it.
#[component]
fn Overrides(rows: Vec<OverrideRow>) -> impl IntoView {
    let body = if rows.is_empty() {
        view! { <p class="panel-body muted">"Nobody has overridden a cool-off yet. Each override will stand here with its reason."</p> }
    } else {
        view! { <OverrideTable rows/> }
    };
    view! {
        <section class="panel overrides" aria-labelledby="overrides-title">
            <div class="panel-head">
                <h2 id="overrides-title">"Latest overrides"</h2>
                <a class="link" href="/admin/audit?action=cool_off.forced">"All in the audit log"</a>
            </div>
            {body}
        </section>
    }
}

#[component]
fn OverrideTable(rows: Vec<OverrideRow>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td class="override-when"><When moment=row.at/></td>
                    <th scope="row" class="override-number"><Phone phone=row.phone size="xs"/></th>
                    <td class="override-actor">{row.actor}</td>
                    <td class="override-reason">{row.reason}</td>
                    <td class="override-skipped amount num">{format!("{} skipped", remaining_text(row.skipped_s))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap">
            <table class="table table-folds overrides-table">
                <caption class="sr-only">"Latest overrides, newest first"</caption>
                <thead class="sr-only">
                    <tr><th scope="col">"When"</th><th scope="col">"Number"</th><th scope="col">"Who"</th><th scope="col">"Reason"</th><th scope="col">"Skipped"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
