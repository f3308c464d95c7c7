//! Parts of the buy dialog: what it costs, what it leaves, who answers, and topping up. None of them asks the server.

use leptos::prelude::*;

use super::translation::placement;
use crate::domain::money::{MICROS_PER_UNIT, Micros};
use crate::domain::pattern::Pattern;
use crate::rpc::orders::QuoteView;
use crate::rpc::search::Mark;
use crate::rpc::shapes::{AgentChoice, PhoneView};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::Note;
use crate::ui::view::view;
use crate::ui::when::When;

/// Whole units that are offered as top-ups; the first three that suffice are shown.
const TOP_UPS: [i64; 8] = [5, 20, 50, 100, 200, 500, 1_000, 5_000];

/// The letters of a word that a number spells, as marks on its digits: `555-CAFE` marks the last four.
#[must_use]
pub fn marks_of(phone: &PhoneView, vanity: &str) -> Vec<Mark> {
    let digits = if phone.e164.starts_with("+1") { 10 } else { phone.formatted.chars().filter(char::is_ascii_digit).count() };
    let spelled: Vec<char> = vanity.chars().filter(char::is_ascii_alphanumeric).collect();
    let Some(before) = digits.checked_sub(spelled.len()) else { return Vec::new() };
    let mut marks: Vec<Mark> = Vec::new();
    let mut in_word = false;
    for (index, character) in spelled.into_iter().enumerate() {
        let letter = character.is_ascii_alphabetic();
        match marks.last_mut() {
            Some(mark) if letter && in_word => mark.letters.push(character),
            _ if letter => marks.push(Mark { start: u8::try_from(before + index).unwrap_or_default(), letters: character.to_string() }),
            _ => {}
        }
        in_word = letter;
    }
    marks
}

/// The word that was searched for, as a mark on the digits that it was found on: at their end where it stands there. None where no word was.
#[must_use]
pub fn mark_of_asked(phone: &PhoneView, asked: &str, at: &str) -> Option<Mark> {
    let pattern = Pattern::parse(asked, placement(at)).ok().filter(Pattern::is_word)?;
    let letters: String = asked.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase()).collect();
    let digits = phone.e164.strip_prefix("+1")?.as_bytes();
    let ending = digits.len().checked_sub(letters.len()).and_then(|start| pattern.matches_at(digits, start));
    let span = ending.or_else(|| pattern.matches(digits))?;
    Some(Mark { start: u8::try_from(span.start).ok()?, letters })
}

/// What goes with the form and is not to be changed.
#[component]
pub fn HiddenOrder(quote: QuoteView) -> impl IntoView {
    view! {
        <input type="hidden" name="e164" value=quote.phone.e164/>
        <input type="hidden" name="request_key" value=quote.request_key/>
        <input type="hidden" name="max_price" value=quote.max_price/>
    }
}

/// Setup, first month, due now, and what comes after.
#[component]
pub fn PriceLines(quote: QuoteView) -> impl IntoView {
    let currency = use_frame().currency();
    view! {
        <dl class="buy-lines">
            <div class="buy-line">
                <dt>"Setup, once"</dt>
                <dd class="num">{quote.setup.display(&currency)}</dd>
            </div>
            <div class="buy-line">
                <dt>"First month, " {quote.first_from} " to " {quote.first_to}</dt>
                <dd class="num">{quote.monthly.display(&currency)}</dd>
            </div>
            <div class="buy-line buy-line-due">
                <dt>"Due now"</dt>
                <dd class="num">{quote.due_now.display(&currency)}</dd>
            </div>
            <div class="buy-line buy-line-next">
                <dt>"Next charge " <When moment=quote.next_charge style="day"/> ", then every month on the " {quote.charge_day}</dt>
                <dd class="num">{quote.monthly.display(&currency)}</dd>
            </div>
        </dl>
    }
}

/// The full sentence, wherever a number without E911 is bought.
#[component]
pub fn NoEmergency() -> impl IntoView {
    view! {
        <p class="buy-emergency">
            <Icon name="siren" size=18/>
            <span><b>"No emergency calls on this number."</b> " Choose one with E911 if people will dial 911 from it."</span>
        </p>
    }
}

/// The wallet before and after, as amounts and as a bar: what stays is filled, what goes is hatched.
#[component]
pub fn WalletBar(now: Micros, after: Micros) -> impl IntoView {
    let currency = use_frame().currency();
    let percent = i128::from(after.0) * 1_000 / i128::from(now.0.max(1));
    let stays = percent.clamp(0, 1_000);
    let tenths = |value: i128| format!("{}.{}%", value / 10, value % 10);
    view! {
        <div class="buy-wallet">
            <svg class="buy-bar" aria-hidden="true">
                <rect class="buy-bar-goes" width="100%" height="100%" rx="2" fill="url(#hatch-accent)"></rect>
                <rect class="buy-bar-stays" width=tenths(stays) height="100%" rx="2"></rect>
            </svg>
            <div class="buy-wallet-amounts">
                <p><span>"Wallet now"</span> <b class="num">{now.display(&currency)}</b></p>
                <Icon name="arrow-right"/>
                <p><span>"After"</span> <b class="num">{after.display(&currency)}</b></p>
            </div>
        </div>
    }
}

/// How much is missing, and that nothing else happened.
#[component]
pub fn ShortNote(quote: QuoteView, held: Signal<bool>) -> impl IntoView {
    let currency = use_frame().currency();
    let title = format!("Your wallet is {} short.", quote.shortfall.display(&currency));
    let needs =
        format!("This number needs {} and {} is available.", quote.due_now.display(&currency), quote.wallet_available.display(&currency));
    let rest = move || if held.get() { " Nothing was charged, and the hold is still yours." } else { " Nothing was charged." };
    view! {
        <Note family="danger" icon="circle-alert" title>
            <p>{needs} {rest}</p>
        </Note>
    }
}

/// Who answers from the first call on. The first published agent is proposed.
#[component]
pub fn AgentSelect(agents: Vec<AgentChoice>) -> impl IntoView {
    let proposed = agents.iter().find(|agent| agent.published).map(|agent| agent.id.clone()).unwrap_or_default();
    let published: Vec<String> = agents.iter().filter(|agent| agent.published).map(|agent| agent.id.clone()).collect();
    let chosen = RwSignal::new(proposed.clone());
    let lit = move || published.contains(&chosen.read());
    let options = agents
        .into_iter()
        .map(|agent| {
            let text = if agent.detail.is_empty() { agent.name } else { format!("{} ({})", agent.name, agent.detail) };
            view! { <option value=agent.id.clone() selected=agent.id == proposed>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="buy-agent">
            <label class="field-label" for="agent_id">"Who answers it" <span class="buy-agent-hint">"can be changed at any time"</span></label>
            <span class="select buy-agent-select">
                <i class="lamp-dot" class:lamp-lit=lit aria-hidden="true"></i>
                <select id="agent_id" name="agent_id" class="field-input" on:change=move |event| chosen.set(event_target_value(&event))>
                    <option value="" selected=proposed.is_empty()>"Nobody yet"</option>
                    {options}
                </select>
                <Icon name="chevron-down"/>
            </span>
        </div>
    }
}

/// How much to add: a few amounts that suffice, or any other.
#[component]
pub fn TopUp(amount: RwSignal<String>, shortfall: Micros, fault: Signal<Option<String>>) -> impl IntoView {
    let currency = StoredValue::new(use_frame().currency());
    let offered = TOP_UPS.into_iter().map(|units| Micros(units * MICROS_PER_UNIT)).filter(move |offer| *offer >= shortfall).take(3);
    let offers = offered
        .map(|offer| {
            let chosen = move || Micros::parse(&amount.read(), 2) == Ok(offer);
            view! {
                <button type="button" class="chip chip-choice num" class:chip-chosen=chosen aria-pressed=move || chosen().to_string() on:click=move |_| amount.set(offer.decimal())>
                    {currency.with_value(|currency| offer.display(currency))}
                </button>
            }
        })
        .collect_view();
    let leaves = move || match Micros::parse(&amount.read(), 2) {
        Ok(added) if added >= shortfall => currency.with_value(|currency| {
            let rest = Micros(added.0.saturating_sub(shortfall.0));
            format!("{} leaves {} after the purchase.", added.display(currency), rest.display(currency))
        }),
        Ok(_) => currency.with_value(|currency| format!("At least {} is needed.", shortfall.display(currency))),
        Err(_) => String::from("Write an amount such as 20.00."),
    };
    let initial = amount.get_untracked();
    view! {
        <fieldset class="top-up">
            <legend>"Top up and buy"</legend>
            <div class="top-up-amounts">
                {offers}
                <label class="sr-only" for="amount">"Amount"</label>
                <input
                    id="amount"
                    name="amount"
                    class="field-input num"
                    inputmode="decimal"
                    autocomplete="off"
                    required=true
                    value=initial
                    prop:value=move || amount.get()
                    aria-describedby="amount-note"
                    aria-invalid=move || fault.read().is_some().then_some("true")
                    on:input=move |event| amount.set(event_target_value(&event))
                />
            </div>
            <p id="amount-note" class=move || if fault.read().is_some() { "field-error" } else { "field-hint" }>
                {move || fault.get().unwrap_or_else(leaves)}
            </p>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_marked_on_its_digits() {
        let phone = PhoneView { e164: "+16285552233".into(), formatted: "(628) 555-2233".into() };
        assert_eq!(marks_of(&phone, "555-CAFE"), [Mark { start: 6, letters: "CAFE".into() }]);
        assert_eq!(marks_of(&phone, "5-CAFE-84"), [Mark { start: 4, letters: "CAFE".into() }]);
        assert_eq!(marks_of(&phone, ""), []);
        let mark = |asked: &str, at: &str| mark_of_asked(&phone, asked, at).map(|mark| (mark.start, mark.letters));
        assert_eq!(mark("cafe", ""), Some((6, "CAFE".into())));
        assert_eq!(mark("JJJ", ""), Some((3, "JJJ".into())));
        assert_eq!([mark("CAFE", "starts"), mark("2233", ""), mark("PIZZA", ""), mark("", "")], [None, None, None, None]);
    }
}
