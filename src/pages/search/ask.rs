//! The search box: the query, where it looks, and what it means on the keys. Filters live in [`super::filters`].

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use super::translation::{Key, Translation, translate};
use super::{FORM, query, use_search};
use crate::ui::icon::Icon;
use crate::ui::view::{reactive, view};

/// Typing is answered when it pauses for so long.
const PAUSE: Duration = Duration::from_millis(150);
/// Where a query can look: value and name.
const PLACES: [(&str, &str); 4] = [("anywhere", "Anywhere"), ("starts", "Starts"), ("ends", "Ends"), ("pattern", "Exact pattern")];
/// How results can be sorted: value and name.
pub const SORTS: [(&str, &str); 4] =
    [("memorability", "Most memorable"), ("price", "Lowest price"), ("number", "Number"), ("locality", "Place")];

/// The same in one word each, for the row of tools.
const SHORT_SORTS: [(&str, &str); 4] = [("memorability", "Memorable"), ("price", "Price"), ("number", "Number"), ("locality", "Place")];

/// The value of a choice whose first is the default, which the URL leaves out.
pub fn or_first<'a>(value: &'a str, choices: &'a [(&'static str, &'static str)]) -> &'a str {
    if choices.iter().any(|(known, _)| *known == value) { value } else { choices[0].0 }
}

/// The form with everything that has no other place on the page.
#[component]
pub fn Ask() -> impl IntoView {
    let search = use_search();
    let typed = RwSignal::new(search.input.with_untracked(|input| input.q.clone()));
    let meaning = Memo::new(move |_| translate(&typed.get(), &search.input.read().at));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let next = search.input.with_untracked(|input| query::edit_of(input, |next| next.q = typed.get_untracked().trim().to_owned()));
        search.go(query::href(&next), false);
    };
    view! {
        <form id=FORM class="ask" method="get" action="/" role="search" on:submit=submit>
            <QueryBox typed meaning/>
            <PlaceChoice/>
            <button type="submit" class="btn btn-primary btn-lg ask-go">"Search"</button>
            <Unseen/>
        </form>
        <QueryFault meaning/>
        <div class="ask-under" id="ask-meaning">
            {move || match meaning.get() {
                Ok(Some(translation)) => view! { <Meaning translation/> },
                _ => view! { <p class="ask-sentence">"Type digits, a word or a pattern. Letters are the letters on the keys."</p> },
            }}
            <Wildcards/>
        </div>
        <Tools/>
    }
}

/// The query, as the largest text of the page.
#[component]
fn QueryBox(typed: RwSignal<String>, meaning: Memo<Result<Option<Translation>, String>>) -> impl IntoView {
    let search = use_search();
    let node = NodeRef::<html::Input>::new();
    // What this box sent last: the URL that comes back with it must not overwrite what was typed since.
    let sent = StoredValue::new(typed.get_untracked());
    let mut send = debounce(PAUSE, move |()| {
        let text = typed.get_untracked().trim().to_owned();
        if search.input.with_untracked(|input| input.q != text) {
            sent.set_value(text.clone());
            search.edit(true, |next| next.q = text);
        }
    });
    Effect::new(move |first: Option<()>| {
        let asked = search.input.read().q.clone();
        let Some(node) = node.get() else { return };
        if first.is_none() {
            // Typed before the page was alive.
            typed.set(node.value());
        } else if sent.get_value() != asked {
            node.set_value(&asked);
            typed.set(asked.clone());
        }
        sent.set_value(asked);
    });
    let wrong = move || meaning.with(Result::is_err);
    let query = typed.get_untracked();
    view! {
        <div class="ask-box" class:ask-box-wrong=wrong>
            <Icon name="search" size=20/>
            <label class="sr-only" for="q">"Digits, a word or a pattern"</label>
            <input
                id="q"
                name="q"
                class="ask-input"
                type="search"
                value=query
                placeholder="CAFE, 2233 or 415*00"
                maxlength="40"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                enterkeyhint="search"
                aria-describedby="ask-meaning ask-fault"
                aria-invalid=move || wrong().then_some("true")
                node_ref=node
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    send(());
                }
            />
            <ClearQuery typed node/>
            <kbd class="kbd only-desktop" aria-hidden="true">"/"</kbd>
        </div>
    }
}

/// Empties the box; without JavaScript a link to the same search without its query.
#[component]
fn ClearQuery(typed: RwSignal<String>, node: NodeRef<html::Input>) -> impl IntoView {
    let search = use_search();
    let clear = move |_| {
        typed.set(String::new());
        if let Some(node) = node.get_untracked() {
            node.set_value("");
            let _ = node.focus();
        }
    };
    view! {
        <a
            class="ask-clear"
            class:ask-clear-idle=move || typed.read().is_empty()
            href=move || query::edited(&search.input.read(), |next| next.q.clear())
            data-noscroll=""
            aria-label="Clear the search box"
            on:click=clear
        >
            <Icon name="x" size=18/>
        </a>
    }
}

/// Where the query looks, as radio buttons; the narrow screen has a select for it among its tools.
#[component]
fn PlaceChoice() -> impl IntoView {
    let search = use_search();
    let at = move || or_first(&search.input.read().at, &PLACES).to_owned();
    let choices = PLACES
        .into_iter()
        .map(|(value, name)| {
            view! {
                <label class="seg-item">
                    <input
                        type="radio"
                        name="at"
                        value=value
                        checked=untrack(at) == value
                        prop:checked=move || at() == value
                        on:change=move |_| search.edit(false, |next| next.at = value.to_owned())
                    />
                    <span>{name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="seg ask-places">
            <legend class="sr-only">"Where in the number"</legend>
            {choices}
        </fieldset>
    }
}

/// Parts of the search that have no control, so that sending the form without JavaScript keeps them.
#[component]
fn Unseen() -> impl IntoView {
    let search = use_search();
    reactive(move || {
        let input = search.input.get();
        [("rate_center", input.rate_center), ("max_setup", input.max_setup), ("strict", input.strict)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    })
}

/// What is wrong with the query: found at once in the browser, or by the server.
#[component]
fn QueryFault(meaning: Memo<Result<Option<Translation>, String>>) -> impl IntoView {
    let search = use_search();
    let note = |message: String| view! { <p class="field-error" role="alert"><Icon name="circle-alert" size=14/> {message}</p> };
    view! {
        <div class="ask-fault" id="ask-fault">
            {move || match meaning.get() {
                Err(message) => note(message).into_any(),
                Ok(_) => view! {
                    <Transition>
                        {move || Suspend::new(async move {
                            let errors = search.answer.await.map(|answer| answer.view.errors).unwrap_or_default();
                            errors.into_iter().find(|error| error.field == "q").map(|error| note(error.message))
                        })}
                    </Transition>
                },
            }}
        </div>
    }
}

/// The keys with the typed letters lit, and the sentence.
#[component]
fn Meaning(translation: Translation) -> impl IntoView {
    let Translation { keys, typed, dials, place } = translation;
    let keys = keys
        .into_iter()
        .map(|Key { face, before, lit, after }| {
            view! {
                <span class="key">
                    <b>{face}</b>
                    <small>{before}{(!lit.is_empty()).then(|| view! { <i>{lit}</i> })}{after}</small>
                </span>
            }
        })
        .collect_view();
    let dials = dials.map(|dials| view! { " dials " <b class="num">{dials}</b> });
    view! {
        <span class="keys" aria-hidden="true">{keys}</span>
        <p class="ask-sentence" aria-live="polite"><b>{typed}</b>{dials}", " {place}</p>
    }
}

/// What can be written besides digits and letters.
#[component]
fn Wildcards() -> impl IntoView {
    view! {
        <p class="ask-wildcards only-desktop">
            <span><kbd class="kbd">"?"</kbd>" one digit"</span>
            <span><kbd class="kbd">"*"</kbd>" any run"</span>
            <span><kbd class="kbd">"^ $"</kbd>" start, end"</span>
        </p>
    }
}

/// The row of the narrow screen: filters, place and order. Its selects have no names, because the form has both already; without
/// JavaScript the style sheet shows those instead.
#[component]
fn Tools() -> impl IntoView {
    let search = use_search();
    let count = move || query::filters_on(&search.input.read(), "").len();
    let open = move || crate::ui::urls::with_param(&query::href(&search.input.read()), "filters", Some("1"));
    view! {
        <div class="ask-tools">
            <a class="btn ask-filters" href=open data-noscroll="" id="open-filters">
                <Icon name="sliders-horizontal"/>
                "Filters"
                {move || (count() > 0).then(|| view! { <span class="ask-filters-count">{count()}<span class="sr-only">" on"</span></span> })}
            </a>
            <ToolSelect label="Where in the number" choices=&PLACES value=Signal::derive(move || search.input.read().at.clone()) pick=move |value| {
                search.edit(false, |next| next.at = value);
            }/>
            <ToolSelect label="Sort by" choices=&SHORT_SORTS value=Signal::derive(move || search.input.read().sort.clone()) pick=move |value| {
                search.edit(false, |next| next.sort = value);
            }/>
        </div>
    }
}

#[component]
fn ToolSelect(
    label: &'static str,
    choices: &'static [(&'static str, &'static str)],
    value: Signal<String>,
    pick: impl Fn(String) + 'static,
) -> impl IntoView {
    let chosen = move || or_first(&value.read(), choices).to_owned();
    let options = choices
        .iter()
        .map(|(value, name)| view! { <option value=*value selected=untrack(chosen) == *value>{*name}</option> })
        .collect_view();
    view! {
        <span class="select ask-tool">
            <select aria-label=label prop:value=chosen on:change=move |event| pick(event_target_value(&event))>{options}</select>
            <Icon name="chevron-down"/>
        </span>
    }
}
