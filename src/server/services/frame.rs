//! What the frame around every page shows: who is signed in, counts and money.

use sqlx::AnyConnection;

use super::caller::Caller;
use crate::domain::money::Micros;
use crate::domain::time::{MICROS_PER_SECOND, Timestamp};
use crate::server::auth::session::Session;
use crate::server::config::SignUp;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::accounts::{Counts, Membership};

/// The frame of a visitor or a signed-in person.
#[derive(Debug, Clone)]
pub struct Frame {
    pub now: Timestamp,
    pub demo: bool,
    pub currency: String,
    pub sign_up_open: bool,
    /// The open organizations of the person.
    pub organizations: Vec<Membership>,
    /// For people with an organization, and for operators.
    pub sums: Option<Sums>,
}

/// Counts and money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub counts: Counts,
    pub available: Micros,
    /// Over all organizations, for operators only.
    pub cool_offs: i64,
}

/// Gathers the frame. It always answers, signed in or not.
///
/// # Errors
/// When the store fails.
pub async fn frame(state: &AppState, session: Option<&Session>) -> Result<Frame> {
    let mut frame = Frame {
        now: state.now(),
        demo: state.settings.demo,
        currency: state.settings.currency.clone(),
        sign_up_open: state.settings.sign_up == SignUp::Open,
        organizations: Vec::new(),
        sums: None,
    };
    if let Some(session) = session {
        let mut connection = state.db.read().await?;
        frame.organizations = store::accounts::memberships_of(&mut connection, &session.user_id).await?;
        frame.sums = sums(state, session, session.caller().as_ref(), &mut connection).await?;
    }
    Ok(frame)
}

async fn sums(state: &AppState, session: &Session, caller: Option<&Caller>, connection: &mut AnyConnection) -> Result<Option<Sums>> {
    let mut sums = Sums::default();
    if let Some(caller) = caller {
        sums.counts = store::accounts::counts(connection, &caller.organization_id, caller.sub_account_id.as_deref()).await?;
        // The wallet belongs to the organization; people of a sub-account do not see it (R10).
        if caller.sub_account_id.is_none() {
            sums.available = store::ledger::balances(connection, &caller.organization_id).await?.available();
        }
    }
    if session.platform_admin {
        sums.cool_offs = store::accounts::count_cool_offs(connection, called_after(state)).await?;
    }
    Ok((caller.is_some() || session.platform_admin).then_some(sums))
}

/// A cool-off is rounded up to a whole second (R16), so it runs for calls after the last whole second, less its length.
fn called_after(state: &AppState) -> Timestamp {
    let whole = state.now().micros().div_euclid(MICROS_PER_SECOND);
    Timestamp::from_seconds(whole).plus_days(-state.settings.cool_off_days)
}
