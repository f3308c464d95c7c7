//! Holds for the tray.

use crate::domain::hold::HoldState;
use crate::domain::money::Micros;
use crate::rpc::holds::HoldView;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::server::services::holds::Held;

impl From<&Held> for HoldView {
    fn from(held: &Held) -> Self {
        let hold = &held.hold;
        Self {
            id: hold.id.clone(),
            phone: PhoneView::new(&hold.e164),
            locality: held.row.locality.clone(),
            region: held.row.administrative_area.clone(),
            setup: hold.setup,
            monthly: hold.monthly,
            due_now: Micros(hold.setup.0.saturating_add(hold.monthly.0)),
            started_at: hold.created_at,
            expires_at: Moment::new(hold.expires_at),
            extendable_from: held.extendable_from,
            extensions: hold.extensions,
            committed: matches!(hold.state, HoldState::Committed { .. }),
        }
    }
}
