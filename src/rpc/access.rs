//! The one table that says what each server function needs (R20). A server function without a row fails the tests, and its guard.

use crate::domain::account::Need::{self, Open, PlatformAdmin, SignedIn};
use crate::domain::account::Role::{Admin, Member, Viewer};

/// Path below `/rpc/` and what it needs.
pub const TABLE: &[(&str, Need)] = &[
    ("session/frame", Open),
    ("session/choose", SignedIn),
    ("search/rows", Open),
    ("search/facets", Open),
    ("search/explain", Open),
    ("holds/tray", Need::Role(Viewer)),
    ("holds/create", Need::Role(Member)),
    ("holds/extend", Need::Role(Member)),
    ("holds/release", Need::Role(Member)),
    ("holds/look-alikes", Open),
    ("orders/quote", Need::Role(Member)),
    ("orders/buy", Need::Role(Member)),
    ("orders/top-up-and-buy", Need::Role(Admin)),
    ("numbers/list", Need::Role(Viewer)),
    ("numbers/get", Need::Role(Viewer)),
    ("numbers/release-preview", Need::Role(Viewer)),
    ("numbers/board", Need::Role(Viewer)),
    ("numbers/move", Need::Role(Member)),
    ("numbers/label", Need::Role(Member)),
    ("numbers/lock", Need::Role(Admin)),
    ("numbers/assign", Need::Role(Member)),
    ("numbers/unassign", Need::Role(Member)),
    ("numbers/hand-over", Need::Role(Member)),
    ("numbers/take-back", Need::Role(Member)),
    ("numbers/release", Need::Role(Member)),
    ("numbers/restore", Need::Role(Member)),
    ("numbers/import", Need::Role(Member)),
    ("agents/list", Need::Role(Viewer)),
    ("agents/create", Need::Role(Member)),
    ("agents/edit", Need::Role(Member)),
    ("agents/publish", Need::Role(Member)),
    ("agents/delete", Need::Role(Admin)),
    ("sub-accounts/list", Need::Role(Viewer)),
    ("sub-accounts/create", Need::Role(Admin)),
    ("sub-accounts/edit", Need::Role(Admin)),
    ("sub-accounts/delete", Need::Role(Admin)),
    ("wallet/get", Need::Role(Viewer)),
    ("wallet/top-up", Need::Role(Admin)),
    ("wallet/low-balance", Need::Role(Admin)),
    ("webhooks/list", Need::Role(Admin)),
    ("webhooks/create", Need::Role(Admin)),
    ("webhooks/edit", Need::Role(Admin)),
    ("webhooks/delete", Need::Role(Admin)),
    ("webhooks/rotate", Need::Role(Admin)),
    ("webhooks/test", Need::Role(Admin)),
    ("webhooks/redeliver", Need::Role(Admin)),
    ("admin/cool-offs", PlatformAdmin),
    ("admin/override-cool-off", PlatformAdmin),
    ("admin/audit", SignedIn),
    ("accounts/sign-in-page", Open),
    ("accounts/sign-in", Open),
    ("accounts/sign-up", Open),
    ("accounts/sign-out", Open),
    ("accounts/link", Open),
    ("accounts/use-link", Open),
    ("accounts/team", Need::Role(Admin)),
    ("accounts/invite", Need::Role(Admin)),
    ("accounts/reset-link", Need::Role(Admin)),
    ("accounts/member-role", Need::Role(Admin)),
];

/// What the server function with that path below `/rpc/` needs.
#[must_use]
pub fn need(path: &str) -> Option<Need> {
    TABLE.iter().find(|(row, _)| *row == path).map(|(_, need)| *need)
}
