//! The frame around every page.

use crate::rpc::session::{FrameCounts, FrameView, OrganizationChoice, PersonView};
use crate::server::auth::session::Session;
use crate::server::services::frame::Frame;

/// The frame of that session, or of a visitor.
#[must_use]
pub fn frame(frame: Frame, session: Option<&Session>) -> FrameView {
    let count = |count: i64| u32::try_from(count).unwrap_or_default();
    let organizations: Vec<OrganizationChoice> = frame
        .organizations
        .into_iter()
        .map(|membership| OrganizationChoice { id: membership.organization_id, name: membership.organization_name, role: membership.role })
        .collect();
    FrameView {
        now: frame.now,
        demo: frame.demo,
        currency: frame.currency,
        person: session.map(|session| PersonView {
            name: session.name.clone(),
            email: session.email.clone(),
            platform_admin: session.platform_admin,
            organization: session.organization.as_ref().map(|chosen| OrganizationChoice {
                id: chosen.id.clone(),
                name: chosen.name.clone(),
                role: chosen.role,
            }),
            organizations,
        }),
        counts: frame.sums.map(|sums| FrameCounts {
            numbers: count(sums.counts.numbers),
            agents: count(sums.counts.agents),
            sub_accounts: count(sums.counts.sub_accounts),
            available: sums.available,
            cool_offs: count(sums.cool_offs),
        }),
        sign_up_open: frame.sign_up_open,
    }
}
