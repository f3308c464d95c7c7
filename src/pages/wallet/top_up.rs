//! The top-up dialog, open while the URL says `?top_up=`; a value other than `1` is the suggested amount.

use leptos::html::Input;
use leptos::prelude::*;

use crate::domain::money::Micros;
use crate::rpc::wallet::TopUp;
use crate::ui::action_form::ActionForm;
use crate::ui::dialog::Dialog;
use crate::ui::form::{field_error, use_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};

/// Amounts that one press fills in, in whole units.
const SUGGESTED: [&str; 3] = ["20", "50", "100"];

/// Shows the dialog while its parameter is there.
#[component]
pub fn TopUpDialog(
    action: ServerAction<TopUp>,
    /// One key an attempt, made by the server.
    request_key: String,
    available: Micros,
    /// Whether this installation takes payments at all.
    payments: bool,
) -> impl IntoView {
    let opened = use_parameter("top_up");
    let open = Memo::new(move |_| opened.get().is_some());
    let here = use_here();
    let request_key = StoredValue::new(request_key);
    reactive(move || {
        open.get().then(|| {
            let close = with_param(&here.get_untracked(), "top_up", None);
            view! {
                <Dialog title="Top up the wallet" close_href=close.clone()>
                    {if payments {
                        view! { <TopUpForm action request_key=request_key.get_value() available close/> }
                    } else {
                        view! { <NoPayments/> }
                    }}
                </Dialog>
            }
        })
    })
}

#[component]
fn NoPayments() -> impl IntoView {
    view! { <Note family="warn" icon="triangle-alert" title="This installation takes no payments yet." text="Nothing was charged. Ask the operator to credit your wallet."/> }
}

#[component]
fn TopUpForm(action: ServerAction<TopUp>, request_key: String, available: Micros, close: String) -> impl IntoView {
    let frame = use_frame();
    let error = action_error(action);
    let demo = frame.demo();
    view! {
        <ActionForm action>
            <div class="stack-4">
                <p class="muted">"Available now: "<strong class="num">{available.display(&frame.currency())}</strong></p>
                <RefusalNote error/>
                <input type="hidden" name="request_key" value=request_key/>
                <AmountField error=field_error(error, "amount")/>
                <label class="check">
                    <input type="checkbox" name="save_method" value="true"/>
                    <span>"Save this card for auto-reload"<span class="check-hint">"It is charged only as the guard rails say, and can be forgotten there at any time."</span></span>
                </label>
                {demo.then(|| view! {
                    <Note family="lamp" icon="flask-conical" title="Demo payment: no card is charged." text="It settles at once, on the same way as a real one."/>
                })}
                <div class="dialog-actions">
                    <a class="btn btn-lg" href=close data-noscroll="">"Not now"</a>
                    <button type="submit" class="btn btn-primary btn-lg" disabled=move || action.pending().get()>
                        {move || if action.pending().get() { "Paying\u{2026}" } else { "Top up" }}
                    </button>
                </div>
            </div>
        </ActionForm>
    }
}

/// The amount with its suggestions. The suggestions are links, so that they work before and without JavaScript; in the
/// browser a press fills the field also when the URL already says that amount.
#[component]
fn AmountField(error: Signal<Option<String>>) -> impl IntoView {
    let currency = use_frame().currency();
    let opened = use_parameter("top_up");
    let suggested = Memo::new(move |_| opened.get().filter(|value| value != "1").unwrap_or_default());
    let here = use_here();
    let input = NodeRef::<Input>::new();
    let chips = SUGGESTED.map(|amount| {
        let href = move || with_param(&here.get(), "top_up", Some(amount));
        let fill = move |_| {
            if let Some(input) = input.get_untracked() {
                input.set_value(amount);
            }
        };
        let class = move || if suggested.get() == amount { "chip chip-choice chip-chosen" } else { "chip chip-choice" };
        view! { <a class=class href=href on:click=fill data-noscroll="">{shown(amount, &currency)}</a> }
    });
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="field-label" for="top-up-amount">"Amount"</label>
            <input
                class="field-input top-up-amount"
                id="top-up-amount"
                name="amount"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                required
                maxlength="12"
                placeholder="50.00"
                value=suggested.get_untracked()
                prop:value=move || suggested.get()
                aria-describedby="top-up-amount-note"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                node_ref=input
            />
            {move || match error.get() {
                Some(message) => view! { <p class="field-error" id="top-up-amount-note" role="alert"><Icon name="circle-alert" size=14/>{message}</p> },
                None => view! { <p class="field-hint" id="top-up-amount-note">"At most two decimals, such as 25 or 25.50."</p> },
            }}
            <div class="row-1 top-up-suggested" role="group" aria-label="Suggested amounts">{chips.into_iter().collect_view()}</div>
        </div>
    }
}

/// A suggested amount for people.
fn shown(amount: &str, currency: &str) -> String {
    Micros::parse(amount, 2).map_or_else(|_| String::from(amount), |amount| amount.display(currency))
}
