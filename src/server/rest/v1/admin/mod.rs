//! `/admin`: what the operator does with keys of the platform. Every write is in the audit log with the actor kind `platform`.

mod accounts;
mod cool_offs;
mod orders;
mod revenue;
mod stock;

use crate::server::rest::table::{Group, Holders};

pub fn group() -> Group {
    let routes = [cool_offs::routes(), stock::routes(), accounts::routes(), orders::routes(), revenue::routes()];
    Group {
        name: "Admin",
        text: "The operator's view over all organizations, with keys of the platform.",
        routes: routes.into_iter().flatten().map(|route| route.holders(Holders::Platform)).collect(),
    }
}
