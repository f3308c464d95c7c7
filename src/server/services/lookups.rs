//! Asking the provider about payments whose end it has not told: a webhook can be lost. What it answers goes the way of any notice, so a
//! webhook that comes after all changes nothing.

use super::payments;
use crate::domain::time::SECONDS_PER_DAY;
use crate::server::error::Result;
use crate::server::payments::PaymentFault;
use crate::server::state::AppState;
use crate::server::store;

/// Payments of one run.
const BATCH: i64 = 20;
/// How long a payment is asked about. A webhook that comes later still counts.
const ASKED_ABOUT_S: i64 = 30 * SECONDS_PER_DAY;

/// Asks about what is due. Answers how many payments had come to an end.
///
/// # Errors
/// Faults of the store. A provider in trouble is logged, and the payment is asked about again later.
pub async fn run(state: &AppState) -> Result<u64> {
    let Some(provider) = state.payments.clone() else { return Ok(0) };
    let now = state.now();
    let open = {
        let mut connection = state.db.read().await?;
        store::payments::to_ask_about(&mut connection, provider.name(), now.plus_seconds(-ASKED_ABOUT_S), now, BATCH).await?
    };
    let mut ended = 0;
    for payment in open {
        let answer = provider.look_up(&payment.reference).await;
        let id = payment.id.clone();
        state.db.write(async move |connection| store::payments::mark_asked(connection, &id, now).await).await?;
        match answer {
            Ok(None) => {}
            Ok(Some(notice)) => match payments::settle(state, provider.name(), notice).await {
                Ok(()) => ended += 1,
                // One that cannot be handled keeps no other from being asked about.
                Err(error) => tracing::error!(payment.id = %payment.id, %error, "what the provider says of a payment cannot be handled"),
            },
            // The others are not asked about either: they are in a minute.
            Err(PaymentFault::Unreachable(why)) => {
                tracing::warn!(payment.id = %payment.id, %why, "a payment is asked about again");
                break;
            }
            Err(PaymentFault::Refused(why)) => tracing::warn!(payment.id = %payment.id, %why, "the provider does not answer for a payment"),
        }
    }
    Ok(ended)
}
