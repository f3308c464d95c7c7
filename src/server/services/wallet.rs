//! The wallet: its balance and lines, and topping up. A wallet moves only when a payment has succeeded (R56).

use serde_json::json;
use sqlx::AnyConnection;

use crate::domain::audit::{Action, Actor, Channel};
use crate::domain::code::Code;
use crate::domain::money::{MAX_AMOUNT, Micros, minor_decimals};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::payments::{PaymentNotice, PaymentOutcome};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::ledger::{Balances, Memo, TransferKind};
use crate::server::store::payments::NewPayment;
pub use crate::server::store::payments::Payment;
use crate::server::store::statements::Line;
use crate::server::store::wallet_settings::WalletSettings;

use super::caller::Caller;
use super::moving::parent_only;
use super::recorder::{Change, Object, Recorder};
use super::rentals;

/// Lines on one page.
const PAGE: i64 = 20;
/// How far ahead the sum of renewals looks.
const RENEWALS_DAYS: i64 = 30;

/// Everything the wallet page shows.
#[derive(Debug, Clone)]
pub struct Overview {
    pub balances: Balances,
    pub settings: WalletSettings,
    pub orders_in_progress: u32,
    pub renewals: Micros,
    pub renewing_numbers: u32,
    pub lines: Vec<Line>,
    pub total_lines: u64,
    pub next_cursor: Option<String>,
}

/// Balance, one page of lines after `cursor`, and what renews in the next 30 days: all of it the organization's.
///
/// # Errors
/// `validation` for a cursor that this list did not give, `role_too_low` for people of a sub-account.
pub async fn overview(state: &AppState, caller: &Caller, kind: Option<&str>, cursor: Option<&str>) -> Result<Overview> {
    parent_only(caller)?;
    let after = cursor.map(read_cursor).transpose()?;
    let organization_id = caller.organization_id.as_str();
    let mut connection = state.db.read().await?;
    let mut lines = store::statements::lines(&mut connection, organization_id, kind, after, PAGE + 1).await?;
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let until = state.now().plus_days(RENEWALS_DAYS);
    let (renewals, renewing) = store::statements::renewals(&mut connection, organization_id, until).await?;
    Ok(Overview {
        balances: store::ledger::balances(&mut connection, organization_id).await?,
        settings: store::wallet_settings::find(&mut connection, organization_id).await?,
        orders_in_progress: count(store::statements::orders_in_progress(&mut connection, organization_id).await?),
        renewals,
        renewing_numbers: count(renewing),
        total_lines: u64::from(count(store::statements::count(&mut connection, organization_id, kind).await?)),
        next_cursor: lines.last().filter(|_| more).map(|line| format!("{}~{}~{}", line.sequence, line.at.micros(), line.id)),
        lines,
    })
}

fn count(rows: i64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

fn read_cursor(cursor: &str) -> Result<(i64, Timestamp, String)> {
    let read = cursor.split_once('~').and_then(|(sequence, rest)| {
        let (at, id) = rest.split_once('~')?;
        Some((sequence.parse().ok()?, Timestamp::from_micros(at.parse().ok()?), id.to_owned()))
    });
    read.ok_or_else(|| Refusal::field("cursor", "This page no longer exists; start from the first one.").into())
}

/// A payment that was started, with what the provider's own form needs.
#[derive(Debug, Clone)]
pub struct TopUp {
    pub payment: Payment,
    /// None where the same request had started it before, or the provider has no form.
    pub client_secret: Option<String>,
}

/// Starts a payment of `amount`. The same request key gives the same payment. The demo's provider settles it at once.
///
/// # Errors
/// `payments_not_configured`, `carrier_unavailable` when the provider does not answer, `validation` for an amount that is not
/// above zero, above the maximum, or finer than cards can be charged, `role_too_low` for people of a sub-account.
pub async fn top_up(state: &AppState, caller: &Caller, amount: Micros, request_key: &str) -> Result<TopUp> {
    parent_only(caller)?;
    let provider = state.payments.clone().ok_or(Code::PaymentsNotConfigured)?;
    if amount <= Micros::ZERO || amount > MAX_AMOUNT {
        return Err(Refusal::field("amount", "Write an amount between 0.01 and 1,000,000, for example 50.").into());
    }
    let decimals = minor_decimals(&state.settings.currency);
    if !amount.fits_decimals(decimals) {
        return Err(Refusal::field("amount", format!("A payment has at most {decimals} decimals.")).into());
    }
    let organization_id = caller.organization_id.clone();
    let mut connection = state.db.read().await?;
    if let Some(payment) = store::payments::by_request(&mut connection, &organization_id, request_key).await? {
        return same_amount(payment, amount).map(|payment| TopUp { payment, client_secret: None });
    }
    drop(connection);
    let (now, id, recorder) = (state.now(), state.new_id(), settling(state));
    let started = provider.start(&id, amount).await.map_err(|fault| {
        tracing::warn!(%fault, "a payment could not be started");
        Error::from(Code::CarrierUnavailable)
    })?;
    let new = NewPayment {
        id,
        organization_id,
        provider: provider.name(),
        reference: started.reference,
        amount,
        request_key: request_key.to_owned(),
    };
    let notice = started.notice;
    let payment = state
        .db
        .write(async move |connection| {
            // When two requests with one key meet here, one row is written; the other's payment was never confirmed and moves nothing.
            let inserted = store::payments::insert(connection, &new, now).await?;
            if let (true, Some(notice)) = (inserted, &notice) {
                settle_in(connection, new.provider, notice, &recorder).await?;
            }
            let payment = store::payments::by_request(connection, &new.organization_id, &new.request_key).await?;
            Ok::<_, Error>(payment.ok_or(Code::RequestInProgress)?)
        })
        .await?;
    same_amount(payment, amount).map(|payment| TopUp { payment, client_secret: started.client_secret })
}

/// One payment.
///
/// # Errors
/// `not_found`.
pub async fn payment(state: &AppState, caller: &Caller, id: &str) -> Result<Payment> {
    let mut connection = state.db.read().await?;
    store::payments::find(&mut connection, &caller.organization_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

fn same_amount(payment: Payment, amount: Micros) -> Result<Payment> {
    if payment.amount == amount { Ok(payment) } else { Err(Code::IdempotencyKeyReused.into()) }
}

/// What is in the wallet, and what the organization has chosen for it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub balances: Balances,
    pub settings: WalletSettings,
}

/// The wallet as it stands.
///
/// # Errors
/// Faults of the store.
pub async fn standing(state: &AppState, caller: &Caller) -> Result<Standing> {
    let mut connection = state.db.read().await?;
    Ok(Standing {
        balances: store::ledger::balances(&mut connection, &caller.organization_id).await?,
        settings: store::wallet_settings::find(&mut connection, &caller.organization_id).await?,
    })
}

/// Chooses below which available amount the organization is told (`wallet.low`); none for never. The same choice again changes nothing.
///
/// # Errors
/// `validation` for an amount that is not above zero, `role_too_low` for people of a sub-account.
pub async fn change_settings(state: &AppState, caller: &Caller, low_balance: Option<Micros>) -> Result<WalletSettings> {
    parent_only(caller)?;
    if low_balance.is_some_and(|amount| amount <= Micros::ZERO || amount > MAX_AMOUNT) {
        return Err(Refusal::field("lowBalanceThreshold", "Write an amount between 0.000001 and 1,000,000, or null.").into());
    }
    let recorder = Recorder::new(state, caller);
    let organization_id = caller.organization_id.clone();
    state
        .db
        .write(async move |connection| {
            let was = store::wallet_settings::find(connection, &organization_id).await?;
            if was.low_balance == low_balance {
                return Ok(was);
            }
            let new_id = || recorder.new_id();
            store::wallet_settings::set_low_balance(connection, &organization_id, low_balance, &new_id, recorder.now()).await?;
            let object = Object { organization_id: &organization_id, kind: "wallet", id: &organization_id, label: "Wallet" };
            let change = Change::between(
                json!({ "lowBalanceMicros": was.low_balance.map(|amount| amount.0) }),
                json!({ "lowBalanceMicros": low_balance.map(|amount| amount.0) }),
            );
            recorder.audit(connection, object, Action::SettingChanged, change).await?;
            Ok::<_, Error>(store::wallet_settings::find(connection, &organization_id).await?)
        })
        .await
}

/// Handles a notice of the provider, each event once: the only way by which paid money gets into a wallet.
///
/// # Errors
/// `not_found` for a payment that nobody started here.
pub async fn settle(state: &AppState, provider: &'static str, notice: PaymentNotice) -> Result<()> {
    let recorder = settling(state);
    state.db.write(async move |connection| settle_in(connection, provider, &notice, &recorder).await).await
}

/// Who settles: no person, whoever paid.
fn settling(state: &AppState) -> Recorder {
    Recorder::of(state, Actor::system("payments"), Channel::Job)
}

async fn settle_in(connection: &mut AnyConnection, provider: &'static str, notice: &PaymentNotice, recorder: &Recorder) -> Result<()> {
    let now = recorder.now();
    let payment = store::payments::by_reference(connection, provider, &notice.reference).await?.ok_or(Code::NotFound)?;
    let kind = match notice.outcome {
        PaymentOutcome::Succeeded => "succeeded",
        PaymentOutcome::Failed => "failed",
    };
    if !store::payments::note_event(connection, provider, &notice.event_id, &payment.id, kind, now).await?
        || !store::payments::settle(connection, &payment.id, kind, now).await?
        || notice.outcome == PaymentOutcome::Failed
    {
        return Ok(());
    }
    let memo = Memo { payment_id: Some(&payment.id), description: "Top-up".into(), ..Memo::default() };
    let new_id = || recorder.new_id();
    store::ledger::credit(connection, &new_id, &payment.organization_id, TransferKind::TopUp, payment.amount, &memo, now).await?;
    store::payments::mark_topped_up(connection, &payment.organization_id).await?;
    rentals::settle_in(connection, recorder, &payment.organization_id).await?;
    Ok(())
}
