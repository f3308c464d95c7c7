//! `/admin/revenue`: what the installation earned by month and kind, as bars and as a table. `?from=2026-01&to=2026-12` chooses the months.

use leptos::prelude::*;

use super::OperatorOnly;
use crate::domain::chart::{Bar, Bars};
use crate::domain::money::Micros;
use crate::rpc::admin::revenue::{KindRow, RevenueMonth, RevenueView, revenue};
use crate::rpc::error::AppError;
use crate::ui::field::Field;
use crate::ui::form::{LoadRefused, NoValue, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::load::load;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;

/// How wide the name of a month is in the drawing, with the gap beside it.
const NAME_WIDTH: i64 = 40;

/// The report, for the operator.
#[component]
pub fn RevenuePage() -> impl IntoView {
    view! { <OperatorOnly><Content/></OperatorOnly> }
}

#[component]
fn Content() -> impl IntoView {
    let (from, to) = (use_text_parameter("from"), use_text_parameter("to"));
    let resource = load(move || (from.get(), to.get()), |(from, to)| revenue(from, to));
    view! {
        <div class="page list-page">
            <PageHead title="Revenue" subtitle="What organizations paid for numbers, by month in UTC, and the other money that moved."/>
            <Transition fallback=|| view! { <SkeletonRows rows=6/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <Body view/> },
                        Err(error) => view! {
                            <Span from=from.get_untracked() to=to.get_untracked() refused=error.clone()/>
                            <LoadRefused error/>
                        },
                    }
                })}
            </Transition>
        </div>
    }
}

/// Which months; a plain form that asks for the page again.
#[component]
fn Span(from: String, to: String, #[prop(optional)] refused: Option<AppError>) -> impl IntoView {
    let wrong = |field: &'static str| refused.as_ref().and_then(|error| error.field(field));
    let (from_wrong, to_wrong) = (Signal::stored(wrong("from")), Signal::stored(wrong("to")));
    view! {
        <form class="revenue-span" method="get" action="/admin/revenue">
            <Field label="From" name="from" id="revenue-from" value=from placeholder="2026-01" maxlength=7 autocomplete="off" error=from_wrong/>
            <Field label="To" name="to" id="revenue-to" value=to placeholder="2026-12" maxlength=7 autocomplete="off" error=to_wrong/>
            <button type="submit" class="btn">"Show"</button>
        </form>
    }
}

#[component]
fn Body(view: RevenueView) -> impl IntoView {
    let currency = use_frame().currency();
    let names: Vec<String> = view.months.iter().rev().map(|month| month.short.clone()).collect();
    let rows = view.months.into_iter().map(|month| view! { <Month month/> }).collect_view();
    view! {
        <Span from=view.from to=view.to/>
        <section class="panel revenue-drawing" aria-labelledby="earned-title">
            <div class="panel-head">
                <h2 id="earned-title">"Earned: "<span class="num">{view.earned.display(&currency)}</span></h2>
                <p class="revenue-legend muted">
                    <span class="revenue-key revenue-rental" aria-hidden="true"></span>"Rental"
                    <span class="revenue-key revenue-setup" aria-hidden="true"></span>"Setup fees"
                </p>
            </div>
            <div class="forecast-wide"><Drawing bars=view.wide level_names=view.level_names.clone() names=names.clone()/></div>
            <div class="forecast-narrow"><Drawing bars=view.narrow level_names=view.level_names names/></div>
        </section>
        <section class="panel" aria-label="By month and kind">
            <div class="table-wrap">
                <table class="table revenue-table">
                    <caption class="sr-only">"Transfers between organizations and the installation, by month and kind, the latest month first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Kind"</th>
                            <th scope="col" class="amount">"Lines"</th>
                            <th scope="col" class="amount">"Amount"</th>
                            <th scope="col" class="amount">"Of it promotional"</th>
                        </tr>
                    </thead>
                    {rows}
                </table>
            </div>
        </section>
    }
}

#[component]
fn Month(month: RevenueMonth) -> impl IntoView {
    let currency = use_frame().currency();
    let kinds = if month.kinds.is_empty() {
        view! { <tr><td colspan="4" class="muted">"Nothing moved."</td></tr> }
    } else {
        month.kinds.into_iter().map(|kind| view! { <Kind kind/> }).collect_view().into_any()
    };
    view! {
        <tbody>
            <tr class="revenue-month">
                <th scope="rowgroup" colspan="2">{month.name}</th>
                <td class="amount num"><strong>{month.earned.display(&currency)}</strong></td>
                <td class="amount muted">"earned"</td>
            </tr>
            {kinds}
        </tbody>
    }
}

#[component]
fn Kind(kind: KindRow) -> impl IntoView {
    let currency = use_frame().currency();
    let promotional = match kind.promotional {
        Micros::ZERO => view! { <NoValue/> },
        amount => amount.display(&currency).into_any(),
    };
    view! {
        <tr>
            <th scope="row" class=if kind.is_revenue { "revenue-kind" } else { "revenue-kind muted" }>{kind.what}</th>
            <td class="amount num">{kind.count}</td>
            <td class="amount num">{kind.amount.display(&currency)}</td>
            <td class="amount num">{promotional}</td>
        </tr>
    }
}

/// The bars. Hidden from those who hear the page: the table says the same.
#[component]
fn Drawing(bars: Bars, level_names: Vec<String>, names: Vec<String>) -> impl IntoView {
    let (left, width) = (bars.left, bars.width);
    let levels = bars.levels.iter().zip(level_names).map(|(level, name)| {
        view! {
            <line class="forecast-level" x1=left x2=width y1=level.y y2=level.y></line>
            <text class="forecast-word" x=left - 8 y=level.y + 4 text-anchor="end">{name}</text>
        }
    });
    let levels = levels.collect_view();
    let foot = bars.height - 6;
    // Names that would run into each other are left out.
    let room = usize::try_from(width / NAME_WIDTH).unwrap_or(1).max(1);
    let every = names.len().div_ceil(room).max(1);
    let named = bars.bars.iter().zip(names).enumerate().map(|(index, (bar, name))| {
        let name = (index % every == 0).then_some(name);
        view! { {bar_view(bar)}<text class="forecast-word" x=bar.x + bar.width / 2 y=foot text-anchor="middle">{name}</text> }
    });
    let named = named.collect_view();
    view! {
        <svg class="revenue-bars" viewBox=format!("0 0 {width} {}", bars.height) aria-hidden="true">{levels}{named}</svg>
    }
}

fn bar_view(bar: &Bar) -> impl IntoView + use<> {
    let (x, width) = (bar.x, bar.width);
    let classes = ["revenue-rental", "revenue-setup"];
    let parts = bar.parts.iter().zip(classes).filter(|((_, height), _)| *height > 0);
    parts.map(|((y, height), class)| view! { <rect class=class x=x y=*y width=width height=*height></rect> }).collect_view()
}
