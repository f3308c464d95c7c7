//! Topping up by itself: what can be spent fell below the threshold, a way of paying is saved, and nothing is under way (R56).
//!
//! The payment's row is written before the provider is asked, under the id that is the provider's idempotency key too: a crash in between
//! repeats the same payment, and money that was taken is found by its id.

use super::payments;
use crate::domain::money::Micros;
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::server::error::{Error, Result};
use crate::server::payments::{Asked, PaymentFault, PaymentProvider, SavedMethod, StartedPayment};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::notices::NewNotice;
use crate::server::store::payments::{NewPayment, Reload};

/// Automatic payments of an organization within a day.
const A_DAY: i64 = 3;
/// Organizations of one run.
const BATCH: i64 = 50;
/// Providers keep an idempotency key for a day; an older payment is not asked for again.
const ASKED_FOR_S: i64 = SECONDS_PER_DAY - 3_600;

/// Starts what is due and asks again for what the provider never answered. Answers how many payments were started.
///
/// # Errors
/// Faults of the store. A provider in trouble is logged, and the payment waits for the next run.
pub async fn run(state: &AppState) -> Result<u64> {
    let Some(provider) = state.payments.clone() else { return Ok(0) };
    let now = state.now();
    let (unanswered, due) = {
        let mut connection = state.db.read().await?;
        let unanswered = store::payments::unanswered(&mut connection, provider.name(), BATCH).await?;
        let since = now.plus_seconds(-SECONDS_PER_DAY);
        (unanswered, store::payments::due_reloads(&mut connection, provider.name(), None, A_DAY, since, BATCH).await?)
    };
    for (payment_id, reload, created_at) in unanswered {
        if created_at < now.plus_seconds(-ASKED_FOR_S) {
            fail(state, &payment_id, &reload, "nobody answered for a day").await?;
        } else {
            ask(state, &*provider, &payment_id, &reload).await?;
        }
    }
    let mut started = 0;
    for reload in due {
        if let Some((payment_id, reload)) = begin(state, &*provider, &reload.organization_id).await? {
            ask(state, &*provider, &payment_id, &reload).await?;
            started += 1;
        }
    }
    Ok(started)
}

/// Writes the pending payment, if it is still due.
async fn begin(state: &AppState, provider: &dyn PaymentProvider, organization_id: &str) -> Result<Option<(String, Reload)>> {
    let (id, now, provider, organization_id) = (state.new_id(), state.now(), provider.name(), organization_id.to_owned());
    let since = now.plus_seconds(-SECONDS_PER_DAY);
    state
        .db
        .write(async move |connection| {
            let due = store::payments::due_reloads(connection, provider, Some(&organization_id), A_DAY, since, 1).await?;
            let Some(reload) = due.into_iter().next() else { return Ok(None) };
            let new = NewPayment {
                id: id.clone(),
                organization_id: organization_id.clone(),
                provider,
                // Until the provider has named it.
                reference: id.clone(),
                page_url: None,
                amount: reload.amount,
                request_key: None,
                automatic: true,
            };
            store::payments::insert(connection, &new, now).await?;
            Ok::<_, Error>(Some((id.clone(), reload)))
        })
        .await
}

async fn ask(state: &AppState, provider: &dyn PaymentProvider, payment_id: &str, reload: &Reload) -> Result<()> {
    let asked = Asked {
        payment_id,
        organization_id: &reload.organization_id,
        amount: reload.amount,
        currency: &state.settings.currency,
        save_method: false,
        return_to: None,
    };
    let method = SavedMethod { customer: reload.customer.clone(), method: reload.method.clone() };
    match provider.charge_saved(asked, &method).await {
        Ok(started) => note(state, provider.name(), payment_id, started).await,
        Err(PaymentFault::Unreachable(why)) => {
            tracing::warn!(payment.id = %payment_id, %why, "an automatic top-up is asked for again");
            Ok(())
        }
        Err(PaymentFault::Refused(why)) => fail(state, payment_id, reload, &why).await,
    }
}

async fn note(state: &AppState, provider: &'static str, payment_id: &str, started: StartedPayment) -> Result<()> {
    let (recorder, currency, id) = (payments::recorder(state), state.settings.currency.clone(), payment_id.to_owned());
    state
        .db
        .write(async move |connection| {
            store::payments::set_reference(connection, &id, &started.reference).await?;
            match &started.notice {
                Some(notice) => payments::settle_in(connection, &recorder, &currency, provider, notice).await,
                None => Ok(()),
            }
        })
        .await
}

/// Ends a payment that will not come. Should the money come all the same, its notice still credits it.
async fn fail(state: &AppState, payment_id: &str, reload: &Reload, why: &str) -> Result<()> {
    tracing::warn!(payment.id = %payment_id, %why, "an automatic top-up failed");
    let (recorder, id, organization_id) = (payments::recorder(state), payment_id.to_owned(), reload.organization_id.clone());
    let body = refused_text(reload.amount, &state.settings.currency, state.now());
    state
        .db
        .write(async move |connection| {
            let now = recorder.now();
            if store::payments::settle(connection, &id, "failed", now).await? {
                let (notice_id, organization_id) = (recorder.new_id(), organization_id.as_str());
                let kind = "wallet.reload_failed";
                let notice = NewNotice { id: &notice_id, organization_id, sub_account_id: None, kind, body: &body, at: now };
                store::notices::append(connection, &notice).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}

fn refused_text(amount: Micros, currency: &str, at: Timestamp) -> String {
    format!(
        "The automatic top-up of {} on {} was refused. Check the way of paying; it is tried again at most three times a day.",
        amount.display(currency),
        crate::domain::time::day_text(at),
    )
}
