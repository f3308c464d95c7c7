//! `/billing`: the wallet, payments into it, transfers, what numbers cost, what is to come, and statements.

mod ledger;
mod statement;
mod wallet;

use crate::domain::money::Micros;
use crate::server::rest::envelope::Money;
use crate::server::rest::table::Group;

pub fn group() -> Group {
    Group {
        name: "Billing",
        text: "The prepaid wallet: what is in it, what moved, and how long it lasts.",
        routes: [wallet::routes(), ledger::routes(), statement::routes()].into_iter().flatten().collect(),
    }
}

/// The twin of an amount under a name that says dollars; none in another currency (R47).
fn usd(currency: &str, amount: Micros) -> Option<Money> {
    (currency == "USD").then_some(Money(amount))
}
