//! The answer: filters that are on, the exact total, the rows, and those that come close. One row is [`super::row`]'s.

use leptos::prelude::*;

use super::ask::{SORTS, or_first};
use super::empty::EmptyAnswer;
use super::row::{HoldRefusal, ResultRowView};
use super::{Answer, FORM, query, use_search};
use crate::domain::count::grouped;
use crate::domain::refusal::FieldError;
use crate::domain::time::Timestamp;
use crate::rpc::search::{ResultRow, SearchInput, SearchView};
use crate::ui::browser;
use crate::ui::chips::FilterChip;
use crate::ui::form::LoadRefused;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::toast::toast;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// Rows on a page; fewer matches than that are filled up with numbers that come close.
const PAGE: usize = 20;

/// The column of results.
#[component]
pub fn Results() -> impl IntoView {
    let search = use_search();
    view! {
        <section class="search-results" aria-label="Results">
            <HoldRefusal/>
            <Transition fallback=|| view! { <SkeletonRows rows=8/> }>
                {move || Suspend::new(async move {
                    match search.answer.await {
                        Ok(answer) => view! { <Answered answer/> },
                        Err(error) => view! { <LoadRefused error/> },
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Answered(answer: Answer) -> impl IntoView {
    let Answer { input, view, drops } = answer;
    let SearchView { now, total, rows, widened, next_cursor, errors, .. } = view;
    let nothing = total == 0 && errors.is_empty();
    let faulty = !errors.is_empty();
    let first_page = input.cursor.is_empty();
    view! {
        <FiltersOn input=input.clone()/>
        {(!nothing && !faulty).then(|| view! { <ResultsHead input=input.clone() total/> })}
        {faulty.then(|| view! { <Faults errors/> })}
        {nothing.then(|| view! { <EmptyAnswer input=input.clone() drops close=widened.first().cloned() close_count=widened.len()/> })}
        {(!rows.is_empty()).then(|| view! { <Rows rows now input=input.clone() label="Numbers that match everything"/> })}
        <Pages input=input.clone() next_cursor/>
        {(first_page && !faulty && !nothing && total < PAGE as u64).then(|| {
            view! { <CloseHead input=input.clone() count=widened.len()/> }
        })}
        {(!widened.is_empty()).then(|| view! { <Rows rows=widened now input label="Numbers that come close"/> })}
    }
}

/// Every filter that is on, as a chip that takes it away.
#[component]
fn FiltersOn(input: SearchInput) -> impl IntoView {
    let on = query::filters_on(&input, &use_frame().currency());
    (!on.is_empty()).then(|| {
        let chips = on
            .into_iter()
            .map(|filter| view! { <li><FilterChip href=filter.href name=filter.kind value=filter.value/></li> })
            .collect_view();
        view! {
            <div class="filters-on">
                <span class="filters-on-word" id="filters-on">"Filters"</span>
                <ul class="filters-on-list" aria-labelledby="filters-on">{chips}</ul>
                <a class="link" href=query::without_filters(&input) data-noscroll="">"Clear all"</a>
            </div>
        }
    })
}

/// How many match, how they are sorted, and the address to pass on.
#[component]
fn ResultsHead(input: SearchInput, total: u64) -> impl IntoView {
    let search = use_search();
    let everything = input.q.is_empty() && query::filters_on(&input, "").is_empty();
    let (number, rest) = match (total, everything) {
        (1, false) => (" number", " matches everything"),
        (_, false) => (" numbers", " match everything"),
        (1, true) => (" number", " in stock"),
        (_, true) => (" numbers", " in stock"),
    };
    let sort = move || or_first(&search.input.read().sort, &SORTS).to_owned();
    let options =
        SORTS.into_iter().map(|(value, name)| view! { <option value=value selected=untrack(sort) == value>{name}</option> }).collect_view();
    view! {
        <div class="results-head">
            <h2 class="results-total" aria-live="polite"><b class="num">{grouped(total)}{number}</b>{rest}</h2>
            <span class="results-tools">
                <label class="results-sort">
                    "Sort"
                    <span class="select">
                        <select
                            name="sort"
                            form=FORM
                            prop:value=sort
                            on:change=move |event| search.edit(false, |next| next.sort = event_target_value(&event))
                        >
                            {options}
                        </select>
                        <Icon name="chevron-down"/>
                    </span>
                </label>
                {(!everything).then(|| view! { <SaveLink input/> })}
                <CopyLink/>
            </span>
        </div>
    }
}

/// Leads to the page that keeps searches, with this one to be named there.
#[component]
pub fn SaveLink(input: SearchInput) -> impl IntoView {
    let asked = query::edited(&input, |_| {});
    let href = with_param("/searches", "new", asked.strip_prefix("/?"));
    view! { <a class="btn btn-quiet btn-sm results-save" href=href><Icon name="bookmark"/>"Save"</a> }
}

/// A link to this very search, which the press puts on the clipboard.
#[component]
fn CopyLink() -> impl IntoView {
    let here = use_here();
    let copy = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Ok(address) = location().href() {
            browser::copy(&address);
            toast(String::from("Link copied"), String::from("It opens this search with all its filters."));
        }
    };
    view! {
        <a class="btn btn-quiet btn-sm" href=move || here.get() data-noscroll="" on:click=copy>
            <Icon name="link"/>
            "Copy link"
        </a>
    }
}

/// Fields that make no sense, each with what would.
#[component]
fn Faults(errors: Vec<FieldError>) -> impl IntoView {
    let lines = errors.into_iter().map(|error| view! { <li>{error.message}</li> }).collect_view();
    view! {
        <div class="note note-danger" role="alert">
            <Icon name="circle-alert" size=20/>
            <div class="note-text">
                <h2 class="note-title">"Nothing was searched: something in the search makes no sense."</h2>
                <ul>{lines}</ul>
            </div>
        </div>
    }
}

/// A list of rows under the names of its columns.
#[component]
fn Rows(rows: Vec<ResultRow>, now: Timestamp, input: SearchInput, label: &'static str) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <ResultRowView row now input=input.clone()/> }).collect_view();
    view! {
        <div class="results-box">
            <div class="result-columns" aria-hidden="true">
                <span>"Number"</span>
                <span>"Spells"</span>
                <span>"Place and features"</span>
                <span class="result-columns-price">"Price"</span>
            </div>
            <ul class="result-list" aria-label=label>{rows}</ul>
        </div>
    }
}

/// The switch for numbers that come close, with what it shows or would show.
#[component]
fn CloseHead(input: SearchInput, count: usize) -> impl IntoView {
    let shown = input.strict != "1";
    let words = match (shown, count) {
        (true, 0) => view! { <span>"No other number comes close."</span> },
        (true, 1) => {
            view! { <span><b>"1 comes close."</b> " Fewer than 20 matched, so one filter at a time was relaxed."</span> }
        }
        (true, _) => {
            view! { <span><b>{count} " come close."</b> " Fewer than 20 matched, so one filter at a time was relaxed."</span> }
        }
        (false, _) => view! { <span><b>"Close matches are switched off."</b></span> },
    };
    view! {
        <div class="close-head">
            <Icon name="unfold-horizontal" size=18/>
            <h2 class="close-words">{words}</h2>
            <CloseSwitch input/>
        </div>
    }
}

/// Shows or hides numbers that come close.
#[component]
pub fn CloseSwitch(input: SearchInput) -> impl IntoView {
    let shown = input.strict != "1";
    let href = query::edited(&input, |next| next.strict = if shown { String::from("1") } else { String::new() });
    view! {
        <a class="switch" class:switch-on=shown href=href data-noscroll="">
            <span class="switch-track" aria-hidden="true"><i></i></span>
            "Show close ones"
            <span class="sr-only">{if shown { ", now shown" } else { ", now hidden" }}</span>
        </a>
    }
}

/// First and next page; nothing when everything is on one page.
#[component]
fn Pages(input: SearchInput, next_cursor: Option<String>) -> impl IntoView {
    let first = (!input.cursor.is_empty()).then(|| query::edited(&input, |_| {}));
    let next = next_cursor.map(|cursor| with_param(&query::edited(&input, |_| {}), "cursor", Some(&cursor)));
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="result-pages" aria-label="Pages of results">
                {first.map(|href| view! { <a class="btn" href=href><Icon name="chevrons-left"/>"First page"</a> })}
                {next.map(|href| view! { <a class="btn" href=href rel="next">"Next 20"<Icon name="chevron-right"/></a> })}
            </nav>
        }
    })
}
