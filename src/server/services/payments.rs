//! What a payment provider reports, each event once: the only way by which paid money gets into a wallet, or out of it again (R8, R56).

use serde_json::json;
use sqlx::AnyConnection;

use super::recorder::{Change, Object, Recorder};
use super::rentals;
use crate::domain::audit::{Action, Actor, Channel};
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::server::error::{Error, Result};
use crate::server::payments::{NoticeFault, PaymentChange, PaymentNotice};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::ledger::{Memo, TransferKind};
use crate::server::store::notices::NewNotice;
use crate::server::store::payments::Payment;

/// Reads what came to the webhook of the configured provider, and does what it says. What says nothing about money is taken and forgotten.
///
/// # Errors
/// `payments_not_configured`; `bad_request` for what is not signed or cannot be read; those of [`settle`].
pub async fn receive(state: &AppState, signature: &str, body: &[u8]) -> Result<()> {
    let provider = state.payments.clone().ok_or(Code::PaymentsNotConfigured)?;
    match provider.read_notice(signature, body, state.now()) {
        Ok(Some(notice)) => settle(state, provider.name(), notice).await,
        Ok(None) => Ok(()),
        Err(fault @ (NoticeFault::BadSignature | NoticeFault::Unreadable)) => {
            tracing::warn!(provider = provider.name(), %fault, "a payment notice was refused");
            Err(Code::BadRequest.into())
        }
    }
}

/// Handles a notice of the provider. The same event again changes nothing.
///
/// # Errors
/// `not_found` for a payment of ours that is not here, `conflict` for money that goes back before it came: the provider tries again.
pub async fn settle(state: &AppState, provider: &'static str, notice: PaymentNotice) -> Result<()> {
    let (recorder, currency) = (recorder(state), state.settings.currency.clone());
    state.db.write(async move |connection| settle_in(connection, &recorder, &currency, provider, &notice).await).await
}

/// Who settles: no person, whoever paid.
pub(super) fn recorder(state: &AppState) -> Recorder {
    Recorder::of(state, Actor::system("payments"), Channel::Job)
}

/// [`settle`] inside a transaction.
pub(super) async fn settle_in(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    currency: &str,
    provider: &'static str,
    notice: &PaymentNotice,
) -> Result<()> {
    let now = recorder.now();
    let Some(payment) = find(connection, provider, notice).await? else { return Ok(()) };
    if !store::payments::note_event(connection, provider, &notice.event_id, &payment.id, notice.change.name(), now).await? {
        return Ok(());
    }
    match &notice.change {
        PaymentChange::Succeeded { received, saved } => {
            if *received != payment.amount {
                return Err(Error::Internal(format!("payment {} received another amount than was asked for", payment.id)));
            }
            if let Some(saved) = saved {
                store::payments::save_method(connection, &payment.organization_id, provider, &saved.customer, &saved.method, now).await?;
            }
            succeeded(connection, recorder, &payment).await
        }
        PaymentChange::AttemptFailed if !payment.automatic => Ok(()),
        PaymentChange::AttemptFailed | PaymentChange::Cancelled => {
            store::payments::settle(connection, &payment.id, "failed", now).await?;
            Ok(())
        }
        PaymentChange::Refunded { in_all } => {
            let before = store::transfers::moved_by(connection, &payment.id, TransferKind::Refund).await?;
            let amount = Micros(in_all.0.min(payment.amount.0).saturating_sub(before.0));
            took_back(connection, recorder, currency, &payment, TransferKind::Refund, amount).await
        }
        PaymentChange::Disputed { amount } => took_back(connection, recorder, currency, &payment, TransferKind::Dispute, *amount).await,
        PaymentChange::DisputeReversed { amount } => returned(connection, recorder, currency, &payment, *amount).await,
    }
}

/// The payment that a notice is about; none for one that was never ours.
async fn find(connection: &mut AnyConnection, provider: &'static str, notice: &PaymentNotice) -> Result<Option<Payment>> {
    if let Some(payment) = store::payments::by_reference(connection, provider, &notice.reference).await? {
        return Ok(Some(payment));
    }
    match &notice.payment_id {
        // The provider may be faster than our own note of its name for the payment, and what is paid on a page of its own has another name
        // than the page. By this one refunds and disputes will call it.
        Some(id) => {
            let payment = store::payments::of_provider(connection, provider, id).await?.ok_or(Code::NotFound)?;
            store::payments::set_reference(connection, &payment.id, &notice.reference).await?;
            Ok(Some(payment))
        }
        None => Ok(None),
    }
}

async fn succeeded(connection: &mut AnyConnection, recorder: &Recorder, payment: &Payment) -> Result<()> {
    let now = recorder.now();
    if !store::payments::settle(connection, &payment.id, "succeeded", now).await? {
        return Ok(());
    }
    let description = if payment.automatic { "Automatic top-up" } else { "Top-up" };
    let memo = Memo { payment_id: Some(&payment.id), description: description.into(), ..Memo::default() };
    let new_id = || recorder.new_id();
    store::ledger::credit(connection, &new_id, &payment.organization_id, TransferKind::TopUp, payment.amount, &memo, now).await?;
    store::payments::mark_topped_up(connection, &payment.organization_id).await?;
    rentals::settle_in(connection, recorder, &payment.organization_id).await?;
    Ok(())
}

/// Money that goes back to the payer.
async fn took_back(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    currency: &str,
    payment: &Payment,
    kind: TransferKind,
    amount: Micros,
) -> Result<()> {
    if payment.status != "succeeded" {
        return Err(Code::Conflict.into());
    }
    if amount <= Micros::ZERO {
        return Ok(());
    }
    let description = if kind == TransferKind::Refund { "Payment refunded" } else { "Payment taken back by the payer's bank" };
    let memo = Memo { payment_id: Some(&payment.id), description: description.into(), ..Memo::default() };
    let (organization_id, new_id) = (payment.organization_id.as_str(), || recorder.new_id());
    store::ledger::take_back(connection, &new_id, organization_id, kind, amount, &memo, recorder.now()).await?;
    let owed = store::ledger::balances(connection, organization_id).await?.owed;
    let rest = if owed > Micros::ZERO {
        format!(" {} is owed: buying and holding are paused until a top-up settles it.", owed.display(currency))
    } else {
        String::new()
    };
    tell(connection, recorder, payment, kind, format!("{description}: {}.{rest}", amount.display(currency)), amount).await
}

/// Money that the payer's bank returned: what is owed is settled first.
async fn returned(connection: &mut AnyConnection, recorder: &Recorder, currency: &str, payment: &Payment, amount: Micros) -> Result<()> {
    if amount <= Micros::ZERO {
        return Ok(());
    }
    let kind = TransferKind::DisputeReversal;
    let memo = Memo { payment_id: Some(&payment.id), description: "Payment returned by the payer's bank".into(), ..Memo::default() };
    let (organization_id, new_id) = (payment.organization_id.as_str(), || recorder.new_id());
    store::ledger::credit(connection, &new_id, organization_id, kind, amount, &memo, recorder.now()).await?;
    rentals::settle_in(connection, recorder, organization_id).await?;
    tell(connection, recorder, payment, kind, format!("A payment was returned: {}.", amount.display(currency)), amount).await
}

/// The organization reads it in its notices and its audit log.
async fn tell(
    connection: &mut AnyConnection,
    recorder: &Recorder,
    payment: &Payment,
    kind: TransferKind,
    body: String,
    amount: Micros,
) -> Result<()> {
    let id = recorder.new_id();
    let organization_id = payment.organization_id.as_str();
    let notice = NewNotice { id: &id, organization_id, sub_account_id: None, kind: kind.name(), body: &body, at: recorder.now() };
    store::notices::append(connection, &notice).await?;
    let object = Object { organization_id, kind: "payment", id: &payment.id, label: "Payment" };
    let change = Change::to(json!({ "kind": kind.name(), "amountMicros": amount.0 }));
    recorder.audit(connection, object, Action::WalletAdjusted, change).await
}
