//! The buy dialog (`?buy=`): everything that is to be known before the press, and the press. Its smaller parts are [`super::buy_parts`]'s.

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::buy_parts::{AgentSelect, HiddenOrder, NoEmergency, PriceLines, ShortNote, TopUp, WalletBar, mark_of_asked, marks_of};
use super::query;
use super::row::{place_text, sign_in_first};
use super::taken::{Facts, LookAlikes, TakenFoot, TakenHead, phone_of};
use crate::domain::code::Code;
use crate::domain::money::Micros;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::rpc::holds::{HoldView, LookAlikeView, look_alikes};
use crate::rpc::orders::{self, Buy, QuoteView, TopUpAndBuy};
use crate::ui::action_form::ActionForm;
use crate::ui::dialog::Dialog;
use crate::ui::form::{LoadRefused, use_text_parameter};
use crate::ui::frame::use_frame;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::tray::{ExtendForm, HeldBadge, use_tray};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// What is asked for, and what is close to it when somebody else has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    quote: QuoteView,
    close: Vec<LookAlikeView>,
}

/// The two ways to press.
#[derive(Clone, Copy)]
pub struct Presses {
    buy: ServerAction<Buy>,
    top_up: ServerAction<TopUpAndBuy>,
}

/// The viewer's hold on the number, with the server's clock when it was read.
pub type Held = Memo<Option<(HoldView, Timestamp)>>;

/// What one of the two dialogs shows.
pub enum Opened {
    Buy { e164: String, offer: Box<Result<Offer, AppError>>, presses: Presses, held: Held, close: String },
    Taken { e164: String, facts: Facts, numbers: Vec<LookAlikeView>, back: String },
}

/// The inside of both dialogs, a part of the program that is fetched when the first one opens: finding a number does not wait for it.
#[lazy]
pub fn dialog(opened: Opened) -> AnyView {
    match opened {
        Opened::Buy { e164, offer, presses, held, close } => view! { <OfferView e164 offer=*offer presses held close/> },
        Opened::Taken { e164, facts, numbers, back } => view! {
            <TakenHead e164 facts/>
            <LookAlikes numbers/>
            <TakenFoot back/>
        },
    }
}

async fn offer(e164: Option<String>) -> Option<Result<Offer, AppError>> {
    let e164 = e164?;
    let quote = match orders::quote(e164.clone()).await {
        Ok(quote) => quote,
        Err(error) => return Some(Err(error)),
    };
    let taken = quote.refusal.as_ref().and_then(Facts::of).is_some();
    let close = if taken { look_alikes(e164).await.unwrap_or_default() } else { Vec::new() };
    Some(Ok(Offer { quote, close }))
}

/// Grows with every refusal after which the offer may be another one. A field that needs another value is no such refusal.
fn refusals<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let (version, value) = (action.version(), action.value());
    Memo::new(move |last: Option<&usize>| {
        let version = version.get();
        let counts = value.with(|value| matches!(value, Some(Err(error)) if error.code() != Code::Validation));
        if counts { version } else { last.copied().unwrap_or_default() }
    })
}

/// The dialog, while the URL names a number to buy.
#[component]
pub fn BuyDialog() -> impl IntoView {
    let tray = use_tray();
    let here = use_here();
    let parameters = use_query_map();
    let target = Memo::new(move |_| parameters.with(|parameters| query::number_param(parameters, "buy")));
    let presses = Presses { buy: ServerAction::new(), top_up: ServerAction::new() };
    let (refused, top_up_refused) = (refusals(presses.buy), refusals(presses.top_up));
    let answer = load(move || (target.get(), refused.get(), top_up_refused.get()), |(target, ..)| offer(target));
    let held: Held = Memo::new(move |_| {
        let target = target.get()?;
        tray.view.with(|view| {
            let view = view.as_ref()?.as_ref().ok()?;
            view.holds.iter().find(|hold| hold.phone.e164 == target).map(|hold| (hold.clone(), view.now))
        })
    });
    // A dialog that opens anew forgets how the last one ended.
    Effect::watch(
        move || target.get(),
        move |_, _, _| {
            presses.buy.clear();
            presses.top_up.clear();
        },
        false,
    );
    let close_href =
        move || ["buy", "__err", "__path"].into_iter().fold(here.get_untracked(), |address, name| with_param(&address, name, None));
    reactive(move || {
        target.get().map(|e164| {
            let close = close_href();
            let waiting = close.clone();
            view! {
                <Transition fallback=move || view! {
                    <Dialog title="Buy this number" close_href=waiting.clone()><SkeletonRows rows=3/></Dialog>
                }>
                    {
                        let (e164, close) = (e164.clone(), close.clone());
                        move || {
                            let (e164, close) = (e164.clone(), close.clone());
                            Suspend::new(async move {
                                // The clock of a hold is the tray's; waiting for it once keeps both renderings alike.
                                let _ = ScopedFuture::new_untracked(tray.view.into_future()).await;
                                match answer.await {
                                    Some(offer) => Some(dialog(Opened::Buy { e164, offer: Box::new(offer), presses, held, close }).await),
                                    None => None,
                                }
                            })
                        }
                    }
                </Transition>
            }
        })
    })
}

/// The dialog's shape: to buy, gone, or not to be asked for.
#[component]
fn OfferView(e164: String, offer: Result<Offer, AppError>, presses: Presses, held: Held, close: String) -> impl IntoView {
    match offer {
        Ok(Offer { quote, close: numbers }) => match quote.refusal.as_ref().and_then(Facts::of) {
            Some(facts) => view! {
                <Dialog title=facts.title() close_href=close.clone() wide=true>
                    <TakenHead e164 facts/>
                    <LookAlikes numbers/>
                    <TakenFoot back=close/>
                </Dialog>
            },
            None => view! { <BuyThis quote presses held close/> },
        },
        Err(error) => view! { <NoOffer e164 error close/> },
    }
}

/// Why there is nothing to show; a visitor is led to the sign-in page and back.
#[component]
fn NoOffer(e164: String, error: AppError, close: String) -> impl IntoView {
    let visitor = error.code() == Code::Unauthenticated;
    let sign_in = visitor.then(|| {
        let href = sign_in_first(&with_param(&close, "buy", Some(&e164)));
        view! { <a class="btn btn-primary btn-lg" href=href>"Sign in"</a> }
    });
    view! {
        <Dialog title="Buy this number" close_href=close.clone()>
            <p class="buy-number"><Phone phone=phone_of(&e164) size="xl"/></p>
            <LoadRefused error/>
            <div class="dialog-actions">
                <a class="btn btn-lg" href=close data-noscroll="">"Back to results"</a>
                {sign_in}
            </div>
        </Dialog>
    }
}

/// The clock of the hold beside the title, and how to keep it longer where the money has yet to come.
#[component]
fn HeldHead(held: Held, short: bool) -> impl IntoView {
    reactive(move || {
        held.get().map(|(hold, now)| {
            let HoldView { id, phone, extendable_from, expires_at, .. } = hold;
            let extend = short.then(|| view! { <ExtendForm id number=phone.formatted extendable_from now key=false/> });
            view! { <span class="buy-clock"><HeldBadge now expires_at=expires_at.at/> {extend}</span> }
        })
    })
}

/// A number that can be bought, or could with more money.
#[component]
fn BuyThis(quote: QuoteView, presses: Presses, held: Held, close: String) -> impl IntoView {
    let short = quote.shortfall > Micros::ZERO;
    let head = move || view! { <HeldHead held short/> };
    let (asked, at) = (use_text_parameter("q").get_untracked(), use_text_parameter("at").get_untracked());
    let marks = mark_of_asked(&quote.phone, &asked, &at).map_or_else(|| marks_of(&quote.phone, &quote.vanity), |mark| vec![mark]);
    let kind = query::kind_label(&quote.number_type);
    let facts = [place_text(&quote.locality, &quote.region), kind, quote.features.join(", ")].into_iter().filter(|fact| !fact.is_empty());
    let facts = facts.map(|fact| format!("{fact}.")).collect::<Vec<_>>().join(" ");
    let refusal = quote.refusal.clone().map(AppError::from);
    view! {
        <Dialog title="Buy this number" close_href=close.clone() head>
            <p class="buy-number"><Phone phone=quote.phone.clone() size="xl" marks spells=quote.vanity.clone()/></p>
            <p class="buy-facts">{facts}</p>
            {short.then(|| view! { <ShortNote quote=quote.clone() held=Signal::derive(move || held.read().is_some())/> })}
            <Outcome presses/>
            {refusal.clone().map(|error| view! { <LoadRefused error/> })}
            <PriceLines quote=quote.clone()/>
            {(!quote.emergency).then(|| view! { <NoEmergency/> })}
            {(!short).then(|| view! { <WalletBar now=quote.wallet_available after=quote.wallet_after.unwrap_or_default()/> })}
            {match (refusal, short, quote.can_top_up) {
                (Some(_), ..) | (None, true, false) => view! { <WayOutOnly close held short/> },
                (None, true, true) => view! { <TopUpForm quote presses held close/> },
                (None, false, _) => view! { <BuyForm quote presses held close/> },
            }}
        </Dialog>
    }
}

/// Why the last press was refused, unless the dialog as a whole says it already.
#[component]
fn Outcome(presses: Presses) -> impl IntoView {
    let (bought, topped_up) = (action_error(presses.buy), action_error(presses.top_up));
    let said_elsewhere = |error: &AppError| {
        matches!(error, AppError::Refused { refusal: Refusal::NumberUnavailable { .. } | Refusal::InsufficientFunds { .. } })
            || error.field("amount").is_some()
    };
    let shown = Signal::derive(move || bought.get().or_else(|| topped_up.get()).filter(|error| !said_elsewhere(error)));
    view! { <RefusalNote error=shown/> }
}

/// The link out of the dialog, which keeps a hold.
#[component]
fn WayOut(close: String, held: Held) -> impl IntoView {
    view! { <a class="btn btn-lg" href=close data-noscroll="">{move || if held.read().is_some() { "Keep on hold" } else { "Not now" }}</a> }
}

#[component]
fn WayOutOnly(close: String, held: Held, short: bool) -> impl IntoView {
    view! {
        {short.then(|| view! { <p class="buy-small">"Ask an owner or administrator of your organization to top up the wallet."</p> })}
        <div class="dialog-actions"><WayOut close held/></div>
    }
}

/// Whether a press is under way or has succeeded, so that another one would be too much.
fn busy<S>(action: ServerAction<S>) -> Signal<bool>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let (pending, value) = (action.pending(), action.value());
    Signal::derive(move || pending.get() || value.with(|value| matches!(value, Some(Ok(_)))))
}

#[component]
fn BuyForm(quote: QuoteView, presses: Presses, held: Held, close: String) -> impl IntoView {
    let currency = use_frame().currency();
    let busy = busy(presses.buy);
    let verb = format!("Buy {} for {}", quote.phone.formatted, quote.due_now.display(&currency));
    let small = move || match held.read().is_some() {
        true => "The price is fixed while you hold it. A started month is not refunded.",
        false => "A started month is not refunded.",
    };
    view! {
        <ActionForm action=presses.buy>
            <HiddenOrder quote=quote.clone()/>
            <AgentSelect agents=quote.agents/>
            <div class="dialog-actions">
                <WayOut close held/>
                <button type="submit" class="btn btn-primary btn-lg num" disabled=busy>
                    {move || if busy.get() { String::from("Buying…") } else { verb.clone() }}
                </button>
            </div>
        </ActionForm>
        <p class="buy-small">{small}</p>
    }
}

#[component]
fn TopUpForm(quote: QuoteView, presses: Presses, held: Held, close: String) -> impl IntoView {
    let currency = use_frame().currency();
    let busy = busy(presses.top_up);
    let amount = RwSignal::new(quote.suggested_top_up.clone());
    let error = action_error(presses.top_up);
    let fault = Signal::derive(move || error.read().as_ref().and_then(|error| error.field("amount")));
    let price = quote.due_now;
    let verb = move || match (busy.get(), Micros::parse(&amount.read(), 2)) {
        (true, _) => String::from("Buying…"),
        (false, Ok(amount)) => format!("Top up {} and buy for {}", amount.display(&currency), price.display(&currency)),
        (false, Err(_)) => format!("Top up and buy for {}", price.display(&currency)),
    };
    view! {
        <ActionForm action=presses.top_up>
            <HiddenOrder quote=quote.clone()/>
            <TopUp amount shortfall=quote.shortfall fault/>
            <AgentSelect agents=quote.agents/>
            <div class="dialog-actions">
                <WayOut close held/>
                <button type="submit" class="btn btn-primary btn-lg num" disabled=busy>{verb}</button>
            </div>
        </ActionForm>
        <p class="buy-small">"The top-up and the purchase are separate ledger lines. If the purchase fails, the top-up stays in your wallet."</p>
    }
}
