//! `/wallet`: what is available, the days ahead, the guard rails, and the way into ledger, statements and top-up.
//!
//! Each of them is a file of its own, and so are the statements' pages.

mod change;
mod forecast;
mod guard_rails;
mod ledger;
mod pay;
pub mod statement;
pub mod statements;
mod top_up;

use leptos::prelude::*;

use crate::domain::account::Role;
use crate::domain::money::Micros;
use crate::rpc::error::AppError;
use crate::rpc::statements::LEDGER_TABLE;
use crate::rpc::wallet::{LedgerInput, TopUp, WalletView, wallet};
use crate::ui::form::{LoadRefused, dialog_action, use_text_parameter};
use crate::ui::frame::{PageHead, use_frame};
use crate::ui::guard::SignedIn;
use crate::ui::icon::Icon;
use crate::ui::load::{Load, load};
use crate::ui::message::Note;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::toast::toast;
use crate::ui::urls::{encoded, use_here, with_param};
use crate::ui::view::view;

use change::{ChangeDialog, Changes};
use forecast::Forecast;
use guard_rails::GuardRails;
use ledger::Ledger;
use pay::PayDialog;
use top_up::TopUpDialog;

/// What the page reads.
type WalletResource = Load<Result<WalletView, AppError>>;

/// The wallet of the organization.
#[component]
pub fn WalletPage() -> impl IntoView {
    view! { <SignedIn><WalletContent/></SignedIn> }
}

#[component]
fn WalletContent() -> impl IntoView {
    let (kind, cursor, days) = (use_text_parameter("kind"), use_text_parameter("cursor"), use_text_parameter("days"));
    let action = ServerAction::<TopUp>::new();
    let paid = dialog_action(action, "top_up");
    let changes = Changes::new();
    let frame = use_frame();
    Effect::watch(
        move || paid.get(),
        move |_, _, _| {
            frame.refetch();
            // A payment on a page of the provider's has only begun.
            if action.value().with_untracked(|value| matches!(value, Some(Ok(true)))) {
                toast(String::from("Topped up"), String::from("The new balance and the ledger line are below."));
            }
        },
        false,
    );
    let resource: WalletResource = load(
        move || (kind.get(), cursor.get(), days.get(), paid.get() + changes.made.get()),
        |(kind, cursor, days, _)| wallet(LedgerInput { kind, cursor, days }),
    );
    view! {
        <div class="page wallet">
            <PageHead title="Wallet"><Ways/></PageHead>
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(view) => view! { <WalletBody wallet=view action changes/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
            {frame.can(Role::Admin).then(|| view! { <PayDialog/> })}
        </div>
    }
}

/// Statement, table and top-up.
#[component]
fn Ways() -> impl IntoView {
    let kind = use_text_parameter("kind");
    let table = move || {
        let kind = kind.get();
        if kind.is_empty() { LEDGER_TABLE.to_owned() } else { format!("{LEDGER_TABLE}?kind={}", encoded(&kind)) }
    };
    view! {
        <a class="btn wallet-way" href="/wallet/statements"><Icon name="printer"/><span>"Statements"</span></a>
        <a class="btn wallet-way" href=table download rel="external"><Icon name="download"/><span>"CSV"</span></a>
        {use_frame().can(Role::Admin).then(|| view! { <TopUpLink/> })}
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
fn WalletBody(wallet: WalletView, action: ServerAction<TopUp>, changes: Changes) -> impl IntoView {
    let currency = use_frame().currency();
    let may_top_up = wallet.can_top_up;
    let dialogs = may_top_up.then(|| {
        view! {
            <TopUpDialog action request_key=wallet.request_key.clone() available=wallet.available payments=wallet.payments_configured/>
            <ChangeDialog wallet=wallet.clone() changes/>
        }
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
        <div class="wallet-columns">
            <Forecast forecast=wallet.forecast.clone() low_balance=wallet.low_balance/>
            <GuardRails wallet=wallet.clone()/>
        </div>
        <Ledger wallet/>
        {dialogs}
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
                    " Renewals that cannot be paid follow the steps of the guard rails."
                </span>
            </p>
        }
    })
}
