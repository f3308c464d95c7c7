//! `/wallet`: what is available, what happens when a rental cannot be paid, and the way into the ledger and the top-up.
//!
//! The ledger's table, the forecast, the settings and the top-up dialog are files of their own.

mod auto_reload;
mod forecast;
mod ledger;
mod low_balance;
mod top_up;

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::error::AppError;
use crate::rpc::wallet::{LedgerInput, SetAutoReload, SetLowBalance, TopUp, WalletView, wallet};
use crate::ui::form::{LoadRefused, dialog_action, successes, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::{Load, load};
use crate::ui::message::Note;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::toast::toast;
use crate::ui::urls::{use_here, with_param};

use auto_reload::AutoReload;
use forecast::Forecast;
use ledger::Ledger;
use low_balance::LowBalance;
use top_up::TopUpDialog;

/// What the page reads, shared by its head and its body.
type WalletResource = Load<Result<WalletView, AppError>>;

/// The wallet of the organization.
#[component]
pub fn WalletPage() -> impl IntoView {
    view! { <SignedIn><WalletContent/></SignedIn> }
}

#[component]
fn WalletContent() -> impl IntoView {
    let kind = use_text_parameter("kind");
    let cursor = use_text_parameter("cursor");
    let action = ServerAction::<TopUp>::new();
    let paid = dialog_action(action, "top_up");
    let threshold = ServerAction::<SetLowBalance>::new();
    let chosen = successes(threshold);
    let reload = ServerAction::<SetAutoReload>::new();
    let reloading = successes(reload);
    let frame = use_frame();
    Effect::watch(
        move || paid.get(),
        move |_, _, _| {
            frame.refetch();
            toast(String::from("Topped up"), String::from("The new balance and the ledger line are below."));
        },
        false,
    );
    Effect::watch(
        move || chosen.get(),
        |_, _, _| toast(String::from("Saved"), String::from("Webhooks are told when the wallet falls below it.")),
        false,
    );
    Effect::watch(
        move || reloading.get(),
        |_, _, _| toast(String::from("Saved"), String::from("The wallet tops up by itself as you chose.")),
        false,
    );
    let resource: WalletResource = load(
        move || (kind.get(), cursor.get(), paid.get(), chosen.get() + reloading.get()),
        |(kind, cursor, ..)| wallet(LedgerInput { kind, cursor }),
    );
    view! {
        <div class="page wallet">
            <PageHead title="Wallet">
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move { resource.await.is_ok_and(|view| view.can_top_up).then(|| view! { <TopUpLink/> }) })}
                </Transition>
            </PageHead>
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <WalletBody wallet=view action threshold reload/> }.into_any(),
                        Err(error) => view! { <LoadRefused error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn TopUpLink() -> impl IntoView {
    let here = use_here();
    view! {
        <a class="btn btn-primary" href=move || with_param(&here.get(), "top_up", Some("1")) data-noscroll="">
            <Icon name="plus"/>
            "Top up"
        </a>
    }
}

#[component]
fn WalletBody(
    wallet: WalletView,
    action: ServerAction<TopUp>,
    threshold: ServerAction<SetLowBalance>,
    reload: ServerAction<SetAutoReload>,
) -> impl IntoView {
    let frame = use_frame();
    let currency = frame.currency();
    let may_top_up = wallet.can_top_up;
    let dialog = may_top_up.then(|| {
        view! { <TopUpDialog action request_key=wallet.request_key.clone() available=wallet.available payments=wallet.payments_configured/> }
    });
    view! {
        {(wallet.owed > Micros::ZERO).then(|| view! {
            <Note
                family="danger"
                icon="octagon-alert"
                title=format!("{} is owed", wallet.owed.display(&currency))
                text="A payment was taken back. Buying and holding are paused until a top-up settles it; numbers that are paid keep answering."
            />
        })}
        <Balance wallet=wallet.clone()/>
        {(!may_top_up).then(|| view! {
            <p class="wallet-who muted">"Owners and administrators of your organization top up. Ask one of them when the wallet runs low."</p>
        })}
        <Forecast forecast=wallet.forecast.clone()/>
        <UnpaidLadder stops_after=wallet.past_due_after_days released_after=wallet.released_after_days/>
        {may_top_up.then(|| view! { <LowBalance action=threshold low_balance=wallet.low_balance/> })}
        {may_top_up.then(|| view! { <AutoReload action=reload reload=wallet.reload method_saved=wallet.method_saved/> })}
        <Ledger wallet/>
        {dialog}
    }
}

/// Available = balance − set aside, and what the next 30 days will take.
#[component]
fn Balance(wallet: WalletView) -> impl IntoView {
    let currency = use_frame().currency();
    let show = |amount: Micros| amount.display(&currency);
    let orders = match wallet.orders_in_progress {
        0 => String::from("no order in progress"),
        1 => String::from("1 order in progress"),
        count => format!("{count} orders in progress"),
    };
    let numbers = if wallet.renewing_numbers == 1 { String::from("1 number") } else { format!("{} numbers", wallet.renewing_numbers) };
    view! {
        <section class="panel wallet-balance" aria-label="Balance">
            <dl class="wallet-sum">
                <div class="wallet-available"><dt>"Available"</dt><dd class="num">{show(wallet.available)}</dd></div>
                <div class="wallet-is"><dt>"Balance"</dt><dd class="num">{show(wallet.balance)}</dd></div>
                <div class="wallet-minus"><dt>"Set aside"</dt><dd class="num">{show(wallet.set_aside)}</dd><dd class="wallet-more">{orders}</dd></div>
                <div class="wallet-renewals"><dt>"30-day renewals"</dt><dd class="num">{show(wallet.renewals)}</dd><dd class="wallet-more">{numbers}</dd></div>
            </dl>
            <Coverage available=wallet.available renewals=wallet.renewals/>
        </section>
    }
}

/// Says in words when the next 30 days cost more than there is; silent otherwise.
#[component]
fn Coverage(available: Micros, renewals: Micros) -> impl IntoView {
    let currency = use_frame().currency();
    renewals.checked_sub(available).filter(|missing| *missing > Micros::ZERO).map(|missing| {
        view! {
            <p class="wallet-short">
                <Icon name="triangle-alert" size=18/>
                <span>
                    <strong>{format!("{} short of the next 30 days.", missing.display(&currency))}</strong>
                    " Renewals that cannot be paid follow the steps below."
                </span>
            </p>
        }
    })
}

/// The three steps that follow an unpaid renewal.
#[component]
fn UnpaidLadder(stops_after: u16, released_after: u16) -> impl IntoView {
    view! {
        <section class="panel wallet-ladder" aria-labelledby="ladder-title">
            <div>
                <h2 id="ladder-title">"If a rental cannot be paid"</h2>
                <p class="muted">"Topping up undoes every step."</p>
            </div>
            <ol class="ladder-steps">
                <li class="ladder-warn"><strong>"At once"</strong><span>"Past due, still answers"</span></li>
                <li class="ladder-danger"><strong>{format!("{stops_after} days")}</strong><span>"Stops answering"</span></li>
                <li class="ladder-end"><strong>{format!("{released_after} days")}</strong><span>"Released, can be restored"</span></li>
            </ol>
        </section>
    }
}
