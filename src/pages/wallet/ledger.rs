//! The ledger on the wallet page: its filter, its lines and its pager. Balances come from the server; nothing is summed here.

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::wallet::{LedgerLine, WalletView};
use crate::ui::badge::Badge;
use crate::ui::empty::Empty;
use crate::ui::form::{NoValue, use_text_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::pager::CursorPager;
use crate::ui::phone::Phone;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::urls::url_text;
use crate::ui::view::view;
use crate::ui::when::When;

/// The filter: value in the URL and its label.
const KINDS: [(&str, &str); 5] =
    [("", "All"), ("rental", "Rentals"), ("setup_fee", "Setup fees"), ("topup", "Top-ups"), ("set_aside", "Set aside")];

/// Every line that moved the wallet, newest first.
#[component]
pub fn Ledger(wallet: WalletView) -> impl IntoView {
    let cursor = use_text_parameter("cursor");
    let lines = wallet.lines;
    let total = if wallet.total_lines == 1 { String::from("1 line") } else { format!("{} lines", wallet.total_lines) };
    let table = if lines.is_empty() {
        view! { <NoLines/> }
    } else {
        view! { <LedgerTable lines/> }
    };
    view! {
        <section class="panel ledger" aria-labelledby="ledger-title">
            <div class="panel-head">
                <h2 id="ledger-title">"Ledger"</h2>
                <KindChips/>
                <span class="ledger-total muted num">{total}</span>
            </div>
            {table}
            <CursorPager cursor=cursor.get_untracked() next=wallet.next_cursor things="the ledger"/>
        </section>
    }
}

#[component]
fn KindChips() -> impl IntoView {
    let tabs = || KINDS.map(|(value, label)| Tab::new(value, label)).to_vec();
    view! { <Tabs label="Kinds of lines" class="row-1 ledger-kinds" parameter="kind" tabs chosen=url_text("kind")/> }
}

#[component]
fn NoLines() -> impl IntoView {
    let kind = use_text_parameter("kind");
    let filtered = !matches!(kind.get_untracked().as_str(), "" | "all");
    let (title, text) = if filtered {
        ("No such line yet", "Choose another kind above to see what moved the wallet.")
    } else {
        ("Nothing has moved yet", "Every top-up, setup fee and rental becomes one line here, with the balance after it.")
    };
    view! { <Empty title text/> }
}

#[component]
fn LedgerTable(lines: Vec<LedgerLine>) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table table-folds ledger-table">
                <caption class="sr-only">"Ledger, newest first, with the balance after each line"</caption>
                <thead>
                    <tr>
                        <th scope="col" aria-sort="descending"><span class="sorted">"When"<Icon name="arrow-down" size=14/></span></th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Number"</th>
                        <th scope="col" class="amount">"Amount"</th>
                        <th scope="col" class="amount">"Balance after"</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|line| view! { <Line line/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(line: LedgerLine) -> impl IntoView {
    let currency = use_frame().currency();
    let amount_class = if line.amount > Micros::ZERO { "amount num ledger-amount ledger-in" } else { "amount num ledger-amount" };
    let number = match line.phone {
        Some(phone) => view! { <Phone phone size="xs"/> },
        None => view! { <NoValue/> },
    };
    view! {
        <tr>
            <td class="ledger-when"><When moment=line.at/></td>
            <td class="ledger-what">
                <span class="ledger-name">
                    <strong>{line.what}</strong>
                    {line.pending.then(|| view! { <Badge family="lamp" icon="loader-circle" text="In progress"/> })}
                </span>
                <span class="ledger-detail">{line.detail}</span>
            </td>
            <td class="ledger-number">{number}</td>
            <td class=amount_class>{signed(line.amount, &currency)}</td>
            <td class="amount num ledger-after"><span class="only-phone muted">"Balance "</span>{line.balance_after.display(&currency)}</td>
        </tr>
    }
}

/// An amount with its sign, also when it is positive.
#[must_use]
pub(super) fn signed(amount: Micros, currency: &str) -> String {
    let text = amount.display(currency);
    if amount > Micros::ZERO { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_comes_in_carries_a_plus() {
        assert_eq!(signed(Micros(50_000_000), "USD"), "+$50.00");
        assert_eq!(signed(Micros(-1_350_000), "USD"), "\u{2212}$1.35");
        assert_eq!(signed(Micros::ZERO, "USD"), "$0.00");
    }
}
