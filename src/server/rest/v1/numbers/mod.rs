//! `/numbers` and `/orders`: stock, holds, purchases, and what is owned.

mod change;
mod ending;
mod holds;
mod purchase;
mod quote;
mod read;
mod shape;
mod stock;

pub use purchase::OrderBody;
pub use shape::NumberBody;

use crate::server::rest::table::Group;

pub fn group() -> Group {
    let routes =
        [stock::routes(), quote::routes(), holds::routes(), purchase::routes(), read::routes(), change::routes(), ending::routes()];
    Group {
        name: "Numbers",
        text: "Search the stock, hold, buy and import numbers, and do everything that a number goes through until it is released.",
        routes: routes.into_iter().flatten().collect(),
    }
}
