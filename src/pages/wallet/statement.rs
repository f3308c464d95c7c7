//! `/wallet/statements/2026-11`: one month with its opening and closing balance, every line and what each kind came to. Made to be printed:
//! its instants are in UTC, as the month is, and stay so in the browser.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::ledger::signed;
use crate::rpc::shapes::Moment;
use crate::rpc::statements::{StatementView, SumRow, statement};
use crate::rpc::wallet::LedgerLine;
use crate::ui::empty::Empty;
use crate::ui::form::{LoadRefused, NoValue};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::Note;
use crate::ui::phone::Phone;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::view::view;

/// One statement.
#[component]
pub fn StatementPage() -> impl IntoView {
    view! { <SignedIn><Content/></SignedIn> }
}

#[component]
fn Content() -> impl IntoView {
    let params = use_params_map();
    let month = Memo::new(move |_| params.with(|params| params.get("month")).unwrap_or_default());
    let resource = load(move || month.get(), statement);
    view! {
        <div class="page list-page statement">
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <Body view/> },
                        Err(error) => view! {
                            <PageHead title="Statement"><a class="btn" href="/wallet/statements">"All statements"</a></PageHead>
                            <LoadRefused error/>
                        },
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Body(view: StatementView) -> impl IntoView {
    let table = format!("/wallet/statements/{}/lines.csv", view.month);
    let currency = use_frame().currency();
    let state = if view.closed { "Closed" } else { "So far: the month still runs" };
    view! {
        <PageHead title=format!("Statement, {}", view.name) subtitle=view.organization>
            <a class="btn" href="/wallet/statements"><Icon name="arrow-left"/>"All statements"</a>
            <a class="btn" href=table download rel="external"><Icon name="download"/>"CSV"</a>
            <button type="button" class="btn btn-primary js-only" on:click=|_| print_page()><Icon name="printer"/>"Print"</button>
        </PageHead>
        <section class="panel statement-sum" aria-label="Summary">
            <dl class="facts">
                <div><dt>"Opening balance"</dt><dd class="num">{view.opening.display(&currency)}</dd></div>
                <div><dt>"Closing balance"</dt><dd class="num"><strong>{view.closing.display(&currency)}</strong></dd></div>
                <div><dt>"From"</dt><dd><Utc moment=view.from/></dd></div>
                <div><dt>"Until"</dt><dd><Utc moment=view.until/></dd></div>
                <div><dt>"State"</dt><dd>{state}</dd></div>
            </dl>
            <Sums sums=view.sums/>
        </section>
        {(view.left_out > 0).then(|| view! {
            <Note
                family="warn"
                icon="triangle-alert"
                title=format!("{} earlier lines of this month are not shown.", view.left_out)
                text="The sums count them. The list of transfers of the API has all of them."
            />
        })}
        <Lines lines=view.lines/>
    }
}

fn print_page() {
    // Where a browser does not print, the button did nothing and the page is still there.
    let _not_printed = window().print();
}

/// An instant of a document: in UTC, whoever reads it.
#[component]
fn Utc(moment: Moment) -> impl IntoView {
    view! { <time class="num" datetime=moment.at.rfc3339()>{moment.full}</time> }
}

#[component]
fn Sums(sums: Vec<SumRow>) -> impl IntoView {
    let currency = use_frame().currency();
    (!sums.is_empty()).then(|| {
        let rows = sums
            .into_iter()
            .map(|sum| {
                view! {
                    <tr>
                        <th scope="row">{sum.what}</th>
                        <td class="amount num">{sum.count}</td>
                        <td class="amount num">{signed(sum.amount, &currency)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <table class="table statement-kinds">
                <caption class="sr-only">"What each kind of line came to"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Kind"</th>
                        <th scope="col" class="amount">"Lines"</th>
                        <th scope="col" class="amount">"Amount"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

#[component]
fn Lines(lines: Vec<LedgerLine>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <Empty title="Nothing moved in this month" text="It closed with what it opened with."/> };
    }
    let rows = lines.into_iter().map(|line| view! { <Line line/> }).collect_view();
    view! {
        <section class="panel" aria-label="Lines">
            <div class="table-wrap">
                <table class="table statement-lines">
                    <caption class="sr-only">"Lines of the month in their order, with the balance after each"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"When (UTC)"</th>
                            <th scope="col">"What"</th>
                            <th scope="col">"Number"</th>
                            <th scope="col" class="amount">"Amount"</th>
                            <th scope="col" class="amount">"Balance after"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Line(line: LedgerLine) -> impl IntoView {
    let currency = use_frame().currency();
    let number = match line.phone {
        Some(phone) => view! { <Phone phone size="xs"/> },
        None => view! { <NoValue/> },
    };
    view! {
        <tr>
            <td><Utc moment=line.at/></td>
            <td><strong>{line.what}</strong><span class="ledger-detail">{line.detail}</span></td>
            <td class="ledger-number">{number}</td>
            <td class="amount num">{signed(line.amount, &currency)}</td>
            <td class="amount num">{line.balance_after.display(&currency)}</td>
        </tr>
    }
}
