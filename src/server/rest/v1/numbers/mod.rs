//! `/numbers` and `/orders`: stock, holds, purchases, and what is owned.

mod read;
mod shape;

pub use shape::NumberBody;

use crate::server::rest::table::Group;

pub fn group() -> Group {
    let routes = [read::routes()];
    Group {
        name: "Numbers",
        text: "Search the stock, hold, buy and import numbers, and do everything that a number goes through until it is released.",
        routes: routes.into_iter().flatten().collect(),
    }
}
