//! Routes as their page shows them.

use crate::rpc::routes::{RouteView, RoutesView};
use crate::rpc::shapes::{Moment, Named};
use crate::server::services::routes::{RouteOverview, UsedRoute};

impl From<UsedRoute> for RouteView {
    fn from(used: UsedRoute) -> Self {
        let route = used.route;
        Self {
            id: route.id,
            name: route.name,
            kind: route.kind.name().to_owned(),
            destination: route.destination,
            sub_account: used.sub_account,
            numbers: u32::try_from(used.numbers).unwrap_or_default(),
            updated_at: Moment::new(route.updated_at),
        }
    }
}

/// The page.
#[must_use]
pub fn overview(overview: RouteOverview) -> RoutesView {
    RoutesView {
        routes: overview.found.rows.into_iter().map(RouteView::from).collect(),
        sub_accounts: overview.sub_accounts.into_iter().map(Named::from).collect(),
        can_edit: overview.can_edit,
        can_delete: overview.can_delete,
        next_cursor: overview.found.next_cursor,
    }
}
