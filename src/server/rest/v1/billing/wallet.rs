//! The wallet, its settings, and paying into it.

use serde::Serialize;
use utoipa::ToSchema;

use super::usd;
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scope;
use crate::server::error::{Error, Result};
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Money, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::table::{Holders, Route};
use crate::server::services::wallet::{self, Payment, Reload, SettingsChange, Standing, Wish};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/billing/wallet", "getWallet", get)
            .scope(Scope::BillingRead)
            .holders(Holders::Organization)
            .about("Shows what is in the wallet and when the organization is told that it runs low."),
        Route::patch("/billing/wallet", "editWallet", edit)
            .scope(Scope::BillingWrite)
            .holders(Holders::Organization)
            .about("Chooses below which available amount the event `wallet.low` is sent, and when the wallet is topped up by itself."),
        Route::post("/billing/wallet/topup", "topUp", top_up)
            .scope(Scope::BillingWrite)
            .holders(Holders::Organization)
            .answers(&[201])
            .refuses(&[Code::PaymentsNotConfigured, Code::CarrierUnavailable])
            .about("Starts a payment. The wallet moves only when the payment has succeeded."),
        Route::get("/billing/wallet/topup/{id}", "getTopUp", get_top_up)
            .scope(Scope::BillingRead)
            .holders(Holders::Organization)
            .refuses(&[Code::NotFound])
            .about("Reads a payment."),
    ]
}

/// What is in the wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Wallet)]
pub struct WalletBody {
    /// Everything in it, promotional credit included.
    pub balance: Money,
    /// What is promised to purchases under way.
    pub set_aside: Money,
    /// What can be spent: the balance without what is set aside.
    pub available: Money,
    /// Owed after a payment was taken back; buying is paused while this is above zero.
    pub owed: Money,
    /// The currency of all amounts, as ISO 4217 has it.
    pub currency: String,
    /// The balance; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_usd: Option<Money>,
    /// What is set aside; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_aside_usd: Option<Money>,
    /// What can be spent; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_usd: Option<Money>,
    /// Below this the event `wallet.low` is sent, once a crossing; null for never.
    #[schema(required)]
    pub low_balance_threshold: Option<Money>,
    /// The same; only where the currency is USD and a threshold is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_balance_threshold_usd: Option<Money>,
    /// Whether the wallet is topped up by itself.
    pub auto_reload_enabled: bool,
    /// Below this much that can be spent it is; null while it is not.
    #[schema(required)]
    pub auto_reload_threshold: Option<Money>,
    /// The same; only where the currency is USD and it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_reload_threshold_usd: Option<Money>,
    /// With so much; null while it is not.
    #[schema(required)]
    pub auto_reload_amount: Option<Money>,
    /// The same; only where the currency is USD and it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_reload_amount_usd: Option<Money>,
    /// A way of paying is saved, without which nothing is paid by itself: see `saveMethod` of a top-up.
    pub payment_method_saved: bool,
    /// The event was sent, and the wallet has not recovered to 110 % of the threshold since.
    pub low_balance: bool,
}

impl WalletBody {
    fn new(currency: &str, standing: &Standing) -> Self {
        let (balances, settings) = (&standing.balances, &standing.settings);
        Self {
            balance: Money(balances.balance),
            set_aside: Money(balances.set_aside),
            available: Money(balances.available()),
            owed: Money(balances.owed),
            currency: currency.to_owned(),
            balance_usd: usd(currency, balances.balance),
            set_aside_usd: usd(currency, balances.set_aside),
            available_usd: usd(currency, balances.available()),
            low_balance_threshold: settings.low_balance.map(Money),
            low_balance_threshold_usd: settings.low_balance.and_then(|amount| usd(currency, amount)),
            auto_reload_enabled: settings.reload.is_some(),
            auto_reload_threshold: settings.reload.map(|reload| Money(reload.threshold)),
            auto_reload_threshold_usd: settings.reload.and_then(|reload| usd(currency, reload.threshold)),
            auto_reload_amount: settings.reload.map(|reload| Money(reload.amount)),
            auto_reload_amount_usd: settings.reload.and_then(|reload| usd(currency, reload.amount)),
            payment_method_saved: standing.method_saved,
            low_balance: settings.low,
        }
    }
}

impl Sample for WalletBody {
    fn sample() -> Self {
        let (balance, set_aside, threshold) = (Micros(104_500_000), Micros(2_250_000), Micros(20_000_000));
        let available = Micros(balance.0 - set_aside.0);
        Self {
            balance: Money(balance),
            set_aside: Money(set_aside),
            available: Money(available),
            owed: Money(Micros::ZERO),
            currency: String::from("USD"),
            balance_usd: Some(Money(balance)),
            set_aside_usd: Some(Money(set_aside)),
            available_usd: Some(Money(available)),
            low_balance_threshold: Some(Money(threshold)),
            low_balance_threshold_usd: Some(Money(threshold)),
            auto_reload_enabled: true,
            auto_reload_threshold: Some(Money(Micros(10_000_000))),
            auto_reload_threshold_usd: Some(Money(Micros(10_000_000))),
            auto_reload_amount: Some(Money(Micros(50_000_000))),
            auto_reload_amount_usd: Some(Money(Micros(50_000_000))),
            payment_method_saved: true,
            low_balance: false,
        }
    }
}

/// A payment into the wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TopUp)]
pub struct TopUpBody {
    /// Its id.
    pub id: String,
    /// `pending`, `succeeded` or `failed`. Only a payment that succeeded is in the wallet.
    pub status: String,
    /// What is paid.
    pub amount: Money,
    /// The currency of the amount.
    pub currency: String,
    /// The same amount; only where the currency is USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_usd: Option<Money>,
    /// For the payment provider's own form, where it has one. Shown once: null afterwards.
    #[schema(required)]
    pub client_secret: Option<String>,
    /// True in the answer to a repeated request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_shown_before: Option<bool>,
    /// When it was started.
    pub created_at: Instant,
    /// When it succeeded or failed.
    #[schema(required)]
    pub settled_at: Option<Instant>,
}

impl TopUpBody {
    fn new(currency: &str, payment: Payment, client_secret: Option<String>) -> Self {
        Self {
            amount: Money(payment.amount),
            amount_usd: usd(currency, payment.amount),
            currency: currency.to_owned(),
            client_secret,
            secret_shown_before: None,
            created_at: Instant(payment.created_at),
            settled_at: payment.settled_at.map(Instant),
            id: payment.id,
            status: payment.status,
        }
    }
}

impl Sample for TopUpBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-8000-7aaa-8ccc-0123456789ab"),
            status: String::from("pending"),
            amount: Money(Micros(50_000_000)),
            currency: String::from("USD"),
            amount_usd: Some(Money(Micros(50_000_000))),
            client_secret: Some(String::from("payment_secret")),
            secret_shown_before: None,
            created_at: Instant::sample(),
            settled_at: None,
        }
    }
}

/// An amount that was sent under its own name or under that of its twin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sent {
    name: &'static str,
    amount: Option<Micros>,
    /// It was sent under both names.
    twice: bool,
}

impl Sent {
    /// None when it was sent under neither name.
    fn read(values: &Values, name: &'static str, twin: &'static str) -> Option<Self> {
        let used = if values.has(twin) { twin } else { name };
        values.has(used).then(|| Self { name: used, amount: values.money(used), twice: values.has(name) && values.has(twin) })
    }

    /// The amount, unless it says dollars where there are none, or was sent twice.
    fn checked(self, currency: &str) -> Result<Option<Micros>> {
        if self.twice {
            return Err(Refusal::field(self.name, "Send the amount once.").into());
        }
        if self.name.ends_with("Usd") && currency != "USD" {
            return Err(Refusal::field(self.name, format!("Amounts are in {currency} here; send the field without Usd.")).into());
        }
        Ok(self.amount)
    }

    /// A refusal of the service under the name that was sent.
    fn renamed(self, error: Error) -> Error {
        match error {
            Error::Refused(Refusal::Validation { mut errors }) => {
                for error in &mut errors {
                    error.field = self.name.to_owned();
                }
                Error::Refused(Refusal::Validation { errors })
            }
            other => other,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct EditBody {
    low_balance: Option<Sent>,
    enabled: Option<bool>,
    threshold: Option<Sent>,
    amount: Option<Sent>,
}

impl FromBody for EditBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("lowBalanceThreshold", Kind::Money, "Below this `wallet.low` is sent; null for never.").or_null().like("20.00"),
        Field::optional("lowBalanceThresholdUsd", Kind::Money, "The same; only where the currency is USD.").or_null(),
        Field::optional("autoReloadEnabled", Kind::Flag, "False for never; true needs both amounts, now or from before.").like("true"),
        Field::optional("autoReloadThreshold", Kind::Money, "Below this the wallet is topped up by itself, at most three times a day.")
            .like("10.00"),
        Field::optional("autoReloadThresholdUsd", Kind::Money, "The same; only where the currency is USD."),
        Field::optional("autoReloadAmount", Kind::Money, "With so much.").like("50.00"),
        Field::optional("autoReloadAmountUsd", Kind::Money, "The same; only where the currency is USD."),
    ];
    const MEMBERS: (usize, Option<usize>) = (0, Some(4));

    fn read(values: &Values) -> Self {
        Self {
            low_balance: Sent::read(values, "lowBalanceThreshold", "lowBalanceThresholdUsd"),
            enabled: values.flag("autoReloadEnabled"),
            threshold: Sent::read(values, "autoReloadThreshold", "autoReloadThresholdUsd"),
            amount: Sent::read(values, "autoReloadAmount", "autoReloadAmountUsd"),
        }
    }
}

impl EditBody {
    /// What is to change, with what was chosen before for an amount that was not sent.
    fn change(self, currency: &str, was: Option<Reload>) -> Result<SettingsChange> {
        let checked = |sent: Option<Sent>| sent.map(|sent| sent.checked(currency)).transpose();
        let (threshold, amount) = (checked(self.threshold)?.flatten(), checked(self.amount)?.flatten());
        let reload = match (self.enabled, threshold.or(was.map(|was| was.threshold)), amount.or(was.map(|was| was.amount))) {
            (Some(false), ..) => Some(None),
            (None, ..) if threshold.is_none() && amount.is_none() => None,
            (_, Some(threshold), Some(amount)) => Some(Some(Reload { threshold, amount })),
            (_, None, _) => return Err(Refusal::field("autoReloadThreshold", "Say below which amount.").into()),
            (_, _, None) => return Err(Refusal::field("autoReloadAmount", "Say with how much.").into()),
        };
        Ok(SettingsChange { low_balance: checked(self.low_balance)?, reload })
    }

    /// A refusal of the service under the name that was sent.
    fn renamed(self, error: Error) -> Error {
        let sent = [("lowBalanceThreshold", self.low_balance), ("autoReloadThreshold", self.threshold), ("autoReloadAmount", self.amount)];
        match &error {
            Error::Refused(Refusal::Validation { errors }) => {
                let about = |name: &str| errors.iter().any(|error| error.field == name);
                match sent.into_iter().find(|(name, _)| about(name)).and_then(|(_, sent)| sent) {
                    Some(sent) => sent.renamed(error),
                    None => error,
                }
            }
            _ => error,
        }
    }
}

struct AmountBody {
    sent: Option<Sent>,
    save_method: bool,
}

impl FromBody for AmountBody {
    const FIELDS: &'static [Field] = &[
        Field::optional("amount", Kind::Money, "What to pay, in the currency of the wallet and no finer than its smallest coin.")
            .like("50.00"),
        Field::optional("amountUsd", Kind::Money, "The same; only where the currency is USD. One of the two is required."),
        Field::optional(
            "saveMethod",
            Kind::Flag,
            "The payer agrees that this way of paying is used again when the wallet tops up by itself.",
        ),
    ];
    const MEMBERS: (usize, Option<usize>) = (1, Some(2));

    fn read(values: &Values) -> Self {
        Self { sent: Sent::read(values, "amount", "amountUsd"), save_method: values.flag("saveMethod").unwrap_or(false) }
    }
}

async fn get(call: Call) -> Result<Reply<WalletBody>> {
    let standing = wallet::standing(&call.state, &call.caller).await?;
    Ok(Reply::of(WalletBody::new(&call.state.settings.currency, &standing)))
}

async fn edit(call: Call, Body(body): Body<EditBody>) -> Result<Reply<WalletBody>> {
    let currency = &call.state.settings.currency;
    let was = wallet::standing(&call.state, &call.caller).await?.settings.reload;
    let change = body.change(currency, was)?;
    wallet::change_settings(&call.state, &call.caller, change).await.map_err(|error| body.renamed(error))?;
    let standing = wallet::standing(&call.state, &call.caller).await?;
    Ok(Reply::of(WalletBody::new(currency, &standing)))
}

async fn top_up(call: Call, Body(AmountBody { sent, save_method }): Body<AmountBody>) -> Result<Reply<TopUpBody>> {
    let currency = &call.state.settings.currency;
    let missing = || Refusal::field("amount", "This is required.");
    let sent = sent.ok_or_else(missing)?;
    let amount = sent.checked(currency)?.ok_or_else(missing)?;
    // A repeat is recognised by its Idempotency-Key before it comes here, so each request starts a payment of its own.
    let request_key = call.state.new_id();
    let wish = Wish { save_method, ..Wish::of(amount) };
    let started = wallet::start_payment(&call.state, &call.caller, wish, &request_key).await;
    let started = started.map_err(|error| sent.renamed(error))?;
    let path = format!("/billing/wallet/topup/{}", started.payment.id);
    let body = TopUpBody::new(currency, started.payment, started.client_secret);
    let repeat = TopUpBody { client_secret: None, secret_shown_before: Some(true), ..body.clone() };
    Ok(Reply::created(&path, body).repeated_as(repeat))
}

async fn get_top_up(call: Call) -> Result<Reply<TopUpBody>> {
    let payment = wallet::payment(&call.state, &call.caller, call.path("id")).await?;
    Ok(Reply::of(TopUpBody::new(&call.state.settings.currency, payment, None)))
}
