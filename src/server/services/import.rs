//! Importing a number that the organization has at a carrier of its own (R17): no charge, no rental, no stock row, no carrier call.

use serde_json::json;
use sqlx::AnyConnection;

use super::caller::Caller;
use super::moving::{Changed, assign_in, parent_only};
use super::numbers::reload;
use super::recorder::{Change, Recorder};
use crate::domain::audit::{Action, EventKind};
use crate::domain::e164::{E164, is_toll_free_code};
use crate::domain::money::Micros;
use crate::domain::number::{Features, NumberType, Source};
use crate::domain::refusal::{Refusal, Unavailable};
use crate::server::config::ImportPolicy;
use crate::server::error::{Error, Result};
use crate::server::phone;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::numbers::{NewOwnership, OwnedNumber};

/// What customers read in place of a carrier's label.
const OWN_CARRIER: &str = "Own carrier";

/// What came of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    pub changed: Changed,
    /// False when the organization had imported it before: nothing was made.
    pub new: bool,
}

/// Imports a number, and lets an agent of the pool answer it at once where one is named.
///
/// # Errors
/// `role_too_low` for a sub-account's own people and keys, `validation` (also where the operator takes no imports),
/// `number_unavailable` for a number that anybody here owns or that is stocked, `not_found` for an agent of somebody else.
pub async fn import(state: &AppState, caller: &Caller, e164: &str, agent_id: Option<&str>) -> Result<Imported> {
    parent_only(caller)?;
    if state.settings.import_policy == ImportPolicy::Off {
        return Err(Refusal::field("e164", "This installation takes no numbers from other carriers.").into());
    }
    let e164 = phone::parse(e164).map_err(|fault| Refusal::field("e164", fault.to_string()))?;
    let recorder = Recorder::new(state, caller);
    let ownership = ownership(&recorder, caller, &e164, state.settings.import_policy == ImportPolicy::Open);
    let rests_since = recorder.now().plus_days(-state.settings.aging_days);
    let agent_id = agent_id.map(str::to_owned);
    state
        .db
        .write(async move |connection| {
            let organization = ownership.organization_id.as_str();
            if let Some(number) = store::numbers::live_of_e164(connection, &ownership.e164).await? {
                let mine = number.organization_id == organization;
                if mine && number.source == Source::Imported && !number.is_released() {
                    return Ok(Imported { changed: Changed { number, warnings: Vec::new() }, new: false });
                }
                return Err(taken(&ownership.e164, mine.then_some(&number)).into());
            }
            // A stocked number is never imported, in whatever state it is: it could be sold a second time.
            let stocked = store::inventory::find(connection, &ownership.e164).await?.is_some();
            let resting = store::numbers::imported_and_gone_since(connection, &ownership.e164, rests_since).await?;
            if stocked || resting.is_some_and(|number| number.organization_id != organization) {
                return Err(taken(&ownership.e164, None).into());
            }
            store::numbers::insert(connection, &ownership).await?;
            let number = reload(connection, &ownership.id).await?;
            announce(connection, &recorder, &number).await?;
            let warnings = match &agent_id {
                Some(agent_id) => assign_in(connection, &recorder, &number, agent_id).await?,
                None => Vec::new(),
            };
            Ok::<_, Error>(Imported { changed: Changed { number: reload(connection, &number.id).await?, warnings }, new: true })
        })
        .await
}

fn ownership(recorder: &Recorder, caller: &Caller, e164: &E164, verified: bool) -> NewOwnership {
    let toll_free = e164.area_code().is_some_and(is_toll_free_code);
    NewOwnership {
        id: recorder.new_id(),
        e164: e164.as_str().to_owned(),
        organization_id: caller.organization_id.clone(),
        sub_account_id: None,
        agent_id: None,
        source: Source::Imported,
        verified,
        number_type: match (e164.is_nanp(), toll_free) {
            (true, true) => NumberType::TollFree,
            (true, false) => NumberType::Local,
            (false, _) => NumberType::National,
        },
        locality: String::new(),
        administrative_area: String::new(),
        rate_center: String::new(),
        features: Features::VOICE,
        provider: String::from(OWN_CARRIER),
        setup: Micros::ZERO,
        monthly: Micros::ZERO,
        anchor_at: None,
        next_billing_at: None,
        periods_charged: 0,
        at: recorder.now(),
    }
}

/// The refusal is the same whoever has the number; only its own owner is told more.
fn taken(e164: &str, mine: Option<&OwnedNumber>) -> Refusal {
    Refusal::NumberUnavailable {
        e164: e164.to_owned(),
        reason: Unavailable::Taken,
        free_at: None,
        owned_by_you: mine.is_some_and(|number| !number.is_released()),
        restore_until: mine.and_then(|number| number.recoverable_until).filter(|_| mine.is_some_and(|number| !number.is_gone())),
    }
}

async fn announce(connection: &mut AnyConnection, recorder: &Recorder, number: &OwnedNumber) -> Result<()> {
    let data = json!({ "verified": number.verified });
    recorder.event(connection, number, EventKind::NumberImported, data.clone()).await?;
    recorder.audit_number(connection, number, Action::NumberImported, Change::to(data)).await
}
