//! What keeps the wallet from surprising anybody: auto-reload, the alert, the monthly budget, and what follows an unpaid renewal. The forms
//! that change them are `change`.

use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::wallet::WalletView;
use crate::ui::frame::use_frame;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The rails beside the forecast.
#[component]
pub(super) fn GuardRails(wallet: WalletView) -> impl IntoView {
    let currency = use_frame().currency();
    let show = |amount: Micros| amount.display(&currency);
    let reload = match (wallet.reload, wallet.method_saved) {
        (Some((below, with)), true) => format!("Adds {} when less than {} is available", show(with), show(below)),
        (Some((below, with)), false) => format!("Would add {} below {}, once a card is saved", show(with), show(below)),
        (None, true) => String::from("Off. A card is saved for it."),
        (None, false) => String::from("Off. It needs a saved card."),
    };
    let alert = match wallet.low_balance {
        Some(below) => format!("Below {}, to your webhooks", show(below)),
        None => String::from("Off. Nobody is told when the wallet runs low."),
    };
    let can_change = wallet.can_top_up;
    view! {
        <section class="panel guard-rails" aria-labelledby="rails-title">
            <h2 id="rails-title">"Guard rails"</h2>
            <Rail title="Auto-reload" change="reload" can_change on=Some(wallet.reload.is_some() && wallet.method_saved)><p>{reload}</p></Rail>
            <Rail title="Low-balance alert" change="alert" can_change on=Some(wallet.low_balance.is_some())><p>{alert}</p></Rail>
            <Rail title="Monthly budget" change="budget" can_change on=None><Budget budget=wallet.budget committed=wallet.committed/></Rail>
            <Ladder stops_after=wallet.past_due_after_days released_after=wallet.released_after_days/>
        </section>
    }
}

/// One rail: whether it is on, what it does, and the way to change it.
#[component]
fn Rail(title: &'static str, change: &'static str, can_change: bool, on: Option<bool>, children: Children) -> impl IntoView {
    let here = use_here();
    let state = on.map(|on| {
        let class = if on { "rail-switch rail-switch-on" } else { "rail-switch" };
        let word = if on { "on" } else { "off" };
        view! { <span class=class aria-hidden="true"></span><span class="sr-only">{format!(", {word}")}</span> }
    });
    view! {
        <div class="guard-rail">
            <h3>{title}{state}</h3>
            {children()}
            {can_change.then(|| view! {
                <a class="link" href=move || with_param(&here.get(), "change", Some(change)) data-noscroll="" aria-label=format!("Change: {title}")>"Change"</a>
            })}
        </div>
    }
}

/// How much of the budget is in use, as a bar and in words.
#[component]
fn Budget(budget: Option<Micros>, committed: Micros) -> impl IntoView {
    let currency = use_frame().currency();
    let cost = committed.display(&currency);
    let Some(budget) = budget else {
        return view! { <p>{format!("None. Your numbers cost {cost} a month.")}</p> };
    };
    let filled = if budget <= Micros::ZERO { 100 } else { i128::from(committed.0) * 100 / i128::from(budget.0) };
    let filled = i64::try_from(filled).unwrap_or(100).clamp(0, 100);
    let class = if committed > budget { "rail-budget-used rail-budget-over" } else { "rail-budget-used" };
    let over = committed.checked_sub(budget).filter(|over| *over > Micros::ZERO);
    let more = match over {
        Some(over) => format!(" That is {} above it.", over.display(&currency)),
        None => String::new(),
    };
    view! {
        <svg class="rail-budget" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="rail-budget-all" width="100" height="4"></rect>
            <rect class=class width=filled height="4"></rect>
        </svg>
        <p>{format!("Your numbers cost {cost} of {} a month.{more} A purchase above it is refused, a renewal never.", budget.display(&currency))}</p>
    }
}

/// The three steps that follow an unpaid renewal.
#[component]
fn Ladder(stops_after: u16, released_after: u16) -> impl IntoView {
    view! {
        <div class="guard-rail">
            <h3>"If a rental cannot be paid"</h3>
            <ol class="ladder-steps">
                <li class="ladder-warn"><strong>"At once"</strong><span>"Past due, still answers"</span></li>
                <li class="ladder-danger"><strong>{format!("{stops_after} days")}</strong><span>"Stops answering"</span></li>
                <li class="ladder-end"><strong>{format!("{released_after} days")}</strong><span>"Released, can be restored"</span></li>
            </ol>
            <p>"Topping up undoes the first two; a release is undone by a restore."</p>
        </div>
    }
}
