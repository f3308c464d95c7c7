//! The wallet: its balance and lines, and topping up. A wallet moves only when a payment has succeeded (R56).

use serde_json::json;

use crate::domain::audit::Action;
use crate::domain::code::Code;
use crate::domain::money::{MAX_AMOUNT, Micros, minor_decimals};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::server::error::{Error, Result};
use crate::server::payments::{Asked, PaymentNotice};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::store::ledger::Balances;
use crate::server::store::payments::NewPayment;
pub use crate::server::store::payments::Payment;
use crate::server::store::statements::Line;
pub use crate::server::store::wallet_settings::Reload;
use crate::server::store::wallet_settings::WalletSettings;

use super::billing::{self, Outlook};
use super::caller::Caller;
use super::moving::parent_only;
use super::organization::{self, Budget};
use super::payments;
use super::recorder::{Change, Object, Recorder};

/// Lines on one page.
const PAGE: i64 = 20;
/// How far ahead the sum of renewals looks.
const RENEWALS_DAYS: i64 = 30;

/// How far ahead the page draws what is left; the first when nothing else is asked for.
const OUTLOOK_DAYS: [i64; 3] = [60, 30, 90];

/// Everything the wallet page shows.
#[derive(Debug, Clone)]
pub struct Overview {
    pub balances: Balances,
    pub settings: WalletSettings,
    pub orders_in_progress: u32,
    pub renewals: Micros,
    pub renewing_numbers: u32,
    pub outlook: Outlook,
    /// How far that looks.
    pub days_ahead: i64,
    pub method_saved: bool,
    pub budget: Budget,
    pub lines: Vec<Line>,
    pub total_lines: u64,
    pub next_cursor: Option<String>,
}

/// Balance, one page of lines after `cursor`, and what renews in the days ahead: all of it the organization's. Other `days` than those
/// that are offered are the first of them.
///
/// # Errors
/// `validation` for a cursor that this list did not give, `role_too_low` for people of a sub-account.
pub async fn overview(state: &AppState, caller: &Caller, kind: Option<&str>, cursor: Option<&str>, days: i64) -> Result<Overview> {
    parent_only(caller)?;
    let [usual, ..] = OUTLOOK_DAYS;
    let days_ahead = OUTLOOK_DAYS.into_iter().find(|offered| *offered == days).unwrap_or(usual);
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
        outlook: billing::outlook(state, caller, days_ahead).await?,
        days_ahead,
        budget: organization::budget(&mut connection, caller).await?,
        method_saved: store::payments::has_method(&mut connection, organization_id).await?,
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

/// A payment that somebody asks for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub amount: Micros,
    /// The payer's word on whether this way of paying may be used again while nobody is there.
    pub save_method: bool,
    /// It is paid on a page of the provider's, where that has one, and not with a form of the caller's.
    pub on_page: bool,
}

impl Wish {
    /// A payment of `amount` and nothing else.
    #[must_use]
    pub const fn of(amount: Micros) -> Self {
        Self { amount, save_method: false, on_page: false }
    }
}

/// Starts a payment of `amount` with a form of the caller's.
///
/// # Errors
/// Those of [`start_payment`].
pub async fn top_up(state: &AppState, caller: &Caller, amount: Micros, request_key: &str) -> Result<TopUp> {
    start_payment(state, caller, Wish::of(amount), request_key).await
}

/// Starts a payment. The same request key gives the same payment. The demo's provider settles it at once.
///
/// # Errors
/// `payments_not_configured`, `carrier_unavailable` when the provider does not answer, `validation` for an amount that is not
/// above zero, above the maximum, or finer than cards can be charged, `role_too_low` for people of a sub-account.
pub async fn start_payment(state: &AppState, caller: &Caller, wish: Wish, request_key: &str) -> Result<TopUp> {
    parent_only(caller)?;
    let provider = state.payments.clone().ok_or(Code::PaymentsNotConfigured)?;
    check_payable(state, "amount", wish.amount)?;
    let organization_id = caller.organization_id.clone();
    let mut connection = state.db.read().await?;
    if let Some(payment) = store::payments::by_request(&mut connection, &organization_id, request_key).await? {
        return same_amount(payment, wish.amount).map(|payment| TopUp { payment, client_secret: None });
    }
    drop(connection);
    let (id, currency) = (state.new_id(), state.settings.currency.clone());
    let back = format!("{}/wallet?pay={id}", state.settings.public_url.trim_end_matches('/'));
    let asked = Asked {
        payment_id: &id,
        organization_id: &organization_id,
        amount: wish.amount,
        currency: &currency,
        save_method: wish.save_method,
        return_to: wish.on_page.then_some(back.as_str()),
    };
    let started = provider.start(asked).await.map_err(|fault| {
        tracing::warn!(%fault, "a payment could not be started");
        Error::from(Code::CarrierUnavailable)
    })?;
    let client_secret = started.client_secret.clone();
    let new = NewPayment {
        id: id.clone(),
        organization_id,
        provider: provider.name(),
        reference: started.reference.clone(),
        page_url: started.page_url.clone(),
        amount: wish.amount,
        request_key: Some(request_key.to_owned()),
        automatic: false,
    };
    let payment = note(state, new, started.notice).await?;
    same_amount(payment, wish.amount).map(|payment| TopUp { payment, client_secret })
}

/// Writes a payment that was started, and what the provider has said of it already.
async fn note(state: &AppState, new: NewPayment, notice: Option<PaymentNotice>) -> Result<Payment> {
    let (now, recorder, currency) = (state.now(), payments::recorder(state), state.settings.currency.clone());
    state
        .db
        .write(async move |connection| {
            // When two requests with one key meet here, one row is written; the other's payment was never confirmed and moves nothing.
            let inserted = store::payments::insert(connection, &new, now).await?;
            if let (true, Some(notice)) = (inserted, &notice) {
                payments::settle_in(connection, &recorder, &currency, new.provider, notice).await?;
            }
            let request_key = new.request_key.as_deref().unwrap_or_default();
            let payment = store::payments::by_request(connection, &new.organization_id, request_key).await?;
            Ok::<_, Error>(payment.ok_or(Code::RequestInProgress)?)
        })
        .await
}

/// Forgets how the organization can be charged while nobody is there. Forgetting nothing is no change.
///
/// # Errors
/// `role_too_low` for people of a sub-account.
pub async fn forget_method(state: &AppState, caller: &Caller) -> Result<()> {
    parent_only(caller)?;
    let recorder = Recorder::new(state, caller);
    let organization_id = caller.organization_id.clone();
    state
        .db
        .write(async move |connection| {
            if store::payments::forget_method(connection, &organization_id).await? {
                let object = Object { organization_id: &organization_id, kind: "wallet", id: &organization_id, label: "Wallet" };
                let change = Change::between(json!({ "methodSaved": true }), json!({ "methodSaved": false }));
                recorder.audit(connection, object, Action::SettingChanged, change).await?;
            }
            Ok::<_, Error>(())
        })
        .await
}

/// An amount that a card can be charged.
fn check_payable(state: &AppState, field: &'static str, amount: Micros) -> Result<()> {
    let most = state.settings.most_top_up;
    if amount <= Micros::ZERO || amount > most {
        let most = most.display(&state.settings.currency);
        return Err(Refusal::field(field, format!("Write an amount between 0.01 and {most}, for example 50.")).into());
    }
    let decimals = minor_decimals(&state.settings.currency);
    if !amount.fits_decimals(decimals) {
        return Err(Refusal::field(field, format!("A payment has at most {decimals} decimals.")).into());
    }
    Ok(())
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
    /// A way of paying is saved, so that the wallet can be topped up by itself.
    pub method_saved: bool,
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
        method_saved: store::payments::has_method(&mut connection, &caller.organization_id).await?,
    })
}

/// What to change of the wallet's settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct SettingsChange {
    /// Below which available amount the organization is told (`wallet.low`); none inside for never.
    pub low_balance: Option<Option<Micros>>,
    /// When the wallet is topped up by itself; none inside for never.
    pub reload: Option<Option<Reload>>,
}

/// Changes the wallet's settings. The same choice again changes nothing.
///
/// # Errors
/// `validation` for an amount that is not above zero or cannot be paid, `role_too_low` for people of a sub-account.
pub async fn change_settings(state: &AppState, caller: &Caller, change: SettingsChange) -> Result<WalletSettings> {
    parent_only(caller)?;
    let out_of_range = |amount: &Micros| *amount <= Micros::ZERO || *amount > MAX_AMOUNT;
    if change.low_balance.flatten().as_ref().is_some_and(out_of_range) {
        return Err(Refusal::field("lowBalanceThreshold", "Write an amount between 0.000001 and 1,000,000, or null.").into());
    }
    if let Some(Some(reload)) = &change.reload {
        if out_of_range(&reload.threshold) {
            return Err(Refusal::field("autoReloadThreshold", "Write an amount between 0.000001 and 1,000,000.").into());
        }
        check_payable(state, "autoReloadAmount", reload.amount)?;
    }
    let recorder = Recorder::new(state, caller);
    let organization_id = caller.organization_id.clone();
    state
        .db
        .write(async move |connection| {
            let was = store::wallet_settings::find(connection, &organization_id).await?;
            let low_balance = change.low_balance.unwrap_or(was.low_balance);
            let reload = change.reload.unwrap_or(was.reload);
            if (was.low_balance, was.reload) == (low_balance, reload) {
                return Ok(was);
            }
            if was.low_balance != low_balance {
                let new_id = || recorder.new_id();
                store::wallet_settings::set_low_balance(connection, &organization_id, low_balance, &new_id, recorder.now()).await?;
            }
            if was.reload != reload {
                store::wallet_settings::set_reload(connection, &organization_id, reload, recorder.now()).await?;
            }
            let object = Object { organization_id: &organization_id, kind: "wallet", id: &organization_id, label: "Wallet" };
            let change = Change::between(told(was.low_balance, was.reload), told(low_balance, reload));
            recorder.audit(connection, object, Action::SettingChanged, change).await?;
            Ok::<_, Error>(store::wallet_settings::find(connection, &organization_id).await?)
        })
        .await
}

/// The settings as the audit log keeps them.
fn told(low_balance: Option<Micros>, reload: Option<Reload>) -> serde_json::Value {
    json!({
        "lowBalanceMicros": low_balance.map(|amount| amount.0),
        "reloadThresholdMicros": reload.map(|reload| reload.threshold.0),
        "reloadAmountMicros": reload.map(|reload| reload.amount.0),
    })
}
