//! `/wallet/statements`: the months of the wallet, the latest first, each with its statement to read, to print and to download.

use leptos::prelude::*;

use crate::rpc::statements::{MonthRow, StatementsView, statements};
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::pager::CursorPager;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;

/// The statements of the organization.
#[component]
pub fn StatementsPage() -> impl IntoView {
    view! { <SignedIn><Content/></SignedIn> }
}

#[component]
fn Content() -> impl IntoView {
    let cursor = use_text_parameter("cursor");
    let resource = load(move || cursor.get(), statements);
    view! {
        <div class="page list-page">
            <PageHead title="Statements" subtitle="A month each, in UTC. Every line of the ledger stands in one of them.">
                <a class="btn" href="/wallet"><Icon name="arrow-left"/>"Wallet"</a>
            </PageHead>
            <Transition fallback=|| view! { <SkeletonRows rows=6/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <Months view/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Months(view: StatementsView) -> impl IntoView {
    if view.rows.is_empty() {
        return view! { <Empty title="Nothing has moved yet" text="With the first top-up the month gets a statement, and so does every month after it."/> };
    }
    let cursor = use_text_parameter("cursor").get_untracked();
    let rows = view.rows.into_iter().map(|row| view! { <Line row/> }).collect_view();
    view! {
        <section class="panel" aria-label="Statements">
            <div class="table-wrap">
                <table class="table table-folds statements-table">
                    <caption class="sr-only">"Months, the latest first, with the balance before and after"</caption>
                    <thead>
                        <tr>
                            <th scope="col" aria-sort="descending"><span class="sorted">"Month"<Icon name="arrow-down" size=14/></span></th>
                            <th scope="col" class="amount">"Opening"</th>
                            <th scope="col" class="amount">"In"</th>
                            <th scope="col" class="amount">"Out"</th>
                            <th scope="col" class="amount">"Closing"</th>
                            <th scope="col" class="amount">"Lines"</th>
                            <th scope="col"><span class="sr-only">"Download"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <CursorPager cursor next=view.next_cursor things="months"/>
        </section>
    }
}

#[component]
fn Line(row: MonthRow) -> impl IntoView {
    let currency = use_frame().currency();
    let href = format!("/wallet/statements/{}", row.month);
    let table = format!("{href}/lines.csv");
    view! {
        <tr>
            <th scope="row" class="statement-month">
                <a class="link" href=href>{row.name.clone()}</a>
                {(!row.closed).then(|| view! { <Badge family="idle" icon="timer" text="Running"/> })}
            </th>
            <td class="amount num" data-label="Opening">{row.opening.display(&currency)}</td>
            <td class="amount num" data-label="In">{row.credited.display(&currency)}</td>
            <td class="amount num" data-label="Out">{row.debited.display(&currency)}</td>
            <td class="amount num" data-label="Closing"><strong>{row.closing.display(&currency)}</strong></td>
            <td class="amount num" data-label="Lines">{row.lines}</td>
            <td class="statement-download">
                <a class="btn btn-sm" href=table download rel="external" aria-label=format!("CSV of {}", row.name)><Icon name="download"/>"CSV"</a>
            </td>
        </tr>
    }
}
