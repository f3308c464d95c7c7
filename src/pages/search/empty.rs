//! What stands in place of rows when nothing matches: the wish drawn as a number, and what dropping each filter would give.

use leptos::prelude::*;

use super::results::{CloseSwitch, SaveLink};
use super::row::place_text;
use super::{query, wish};
use crate::domain::count::grouped;
use crate::rpc::search::{DropOption, ResultRow, SearchInput};
use crate::rpc::shapes::PhoneView;
use crate::ui::icon::Icon;
use crate::ui::phone::Phone;
use crate::ui::view::view;

/// The empty answer. `close` is the first number that comes close.
#[component]
pub fn EmptyAnswer(input: SearchInput, drops: Vec<DropOption>, close: Option<ResultRow>, close_count: usize) -> impl IntoView {
    let drawn = wish::draw(&input).map(|(formatted, marks)| {
        view! {
            <p class="empty-wish" aria-hidden="true">
                <Phone phone=PhoneView { e164: String::new(), formatted } size="hero" marks/>
            </p>
        }
    });
    let count = drops.len();
    let title = match count {
        0 => "Nothing is in stock",
        1 => "No number has this",
        2 => "No number has both",
        3 => "No number has all three",
        4 => "No number has all four",
        5 => "No number has all five",
        _ => "No number has all of it",
    };
    let text = match count {
        0 => "Come back later, or ask the operator to stock numbers.",
        1 => "This is what you would get without it.",
        2 => "Each line shows what you would get by dropping that one filter and keeping the other.",
        _ => "Each line shows what you would get by dropping that one filter and keeping the others.",
    };
    view! {
        <div class="empty-answer">
            {drawn}
            <h2 class="empty-answer-title" aria-live="polite">{title}</h2>
            <p class="muted">{text}</p>
            {(count > 0).then(|| view! { <DropTable input=input.clone() drops/> })}
            <p class="empty-answer-save muted">"Stock changes every day. Keep the search and look again later."<SaveLink input=input.clone()/></p>
            <CloseBox input close close_count/>
        </div>
    }
}

/// One line a filter, most helpful first.
#[component]
fn DropTable(input: SearchInput, drops: Vec<DropOption>) -> impl IntoView {
    let largest = drops.iter().map(|option| option.count).max().unwrap_or(0).max(1);
    let lines = drops
        .into_iter()
        .enumerate()
        .map(|(index, option)| view! { <DropLine input=input.clone() option largest best=index == 0/> })
        .collect_view();
    view! {
        <table class="drops">
            <caption class="sr-only">"What dropping one filter would give"</caption>
            <thead>
                <tr>
                    <th scope="col">"Filter"</th>
                    <th scope="col">"Numbers without it"</th>
                    <th scope="col"><span class="sr-only">"Drop it"</span></th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

/// The same for the query, by what it looks like.
fn query_words(value: &str) -> (&'static str, String) {
    let typed = value.split(' ').next().unwrap_or_default();
    let (kind, drop) = if typed.bytes().all(|byte| byte.is_ascii_digit()) {
        ("Digits", "Drop the digits")
    } else if typed.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        ("Word", "Drop the word")
    } else {
        ("Pattern", "Drop the pattern")
    };
    (kind, String::from(drop))
}

/// What kind of filter a field is, and what dropping it is called.
fn words(field: &str, value: &str) -> (&'static str, String) {
    let drop = || format!("Drop {value}");
    match field {
        "q" => query_words(value),
        "country" => ("Country", String::from("Search all countries")),
        "state" => ("State", String::from("Search all states")),
        "city" => ("City", String::from("Search all cities")),
        "area" => ("Area code", String::from("Search all area codes")),
        "rate_center" => ("Rate center", String::from("Drop it")),
        "kind" => ("Type", drop()),
        "max_monthly" => ("Monthly price", String::from("Any price")),
        "max_setup" => ("Setup price", String::from("Any setup")),
        _ => ("Must have", drop()),
    }
}

#[component]
fn DropLine(input: SearchInput, option: DropOption, largest: u64, best: bool) -> impl IntoView {
    let DropOption { filter, label, count } = option;
    let (kind, drop) = words(&filter, &label);
    let width = format!("{}%", count.saturating_mul(100).div_ceil(largest).min(100));
    let class = if best { "btn btn-tonal" } else { "btn" };
    let act = if count > 0 {
        view! { <a class=class href=query::without_field(&input, &filter) data-noscroll="">{drop}</a> }
    } else {
        view! { <span class="muted">"would not help"</span> }
    };
    view! {
        <tr class="drop-line">
            <th scope="row"><small>{kind}</small><b>{label}</b></th>
            <td class="drop-count">
                <span>
                    <svg class="drop-bar" aria-hidden="true">
                        <rect class="drop-bar-ground" width="100%" height="100%" rx="3"></rect>
                        <rect class="drop-bar-fill" width=width height="100%" rx="3"></rect>
                    </svg>
                    {if count > 0 {
                        view! { <b class="num">{grouped(count)}</b> }
                    } else {
                        view! { <span class="muted">"None"</span> }
                    }}
                </span>
            </td>
            <td class="drop-act">{act}</td>
        </tr>
    }
}

/// Numbers that come close: one switch away, or listed below.
#[component]
fn CloseBox(input: SearchInput, close: Option<ResultRow>, close_count: usize) -> impl IntoView {
    let hidden = input.strict == "1";
    let text = match (hidden, close_count, close) {
        (true, ..) => String::from("Switch them on to see numbers that miss one filter only."),
        (false, 0, _) | (false, _, None) => String::from("No number misses only one of the filters."),
        (false, count, Some(row)) => {
            let place = place_text(&row.locality, &row.region);
            let word = if row.vanity.is_empty() { String::new() } else { format!(", spelling {}", row.vanity) };
            let verb = if count == 1 { "comes" } else { "come" };
            format!("{count} {verb} close, such as {}{word} in {place}. They stand below.", row.phone.formatted)
        }
    };
    let title = if hidden { "Close matches are switched off." } else { "Close matches are switched on." };
    view! {
        <div class="close-box">
            <Icon name="unfold-horizontal" size=20/>
            <p><b>{title}</b> <span>{text}</span></p>
            <CloseSwitch input/>
        </div>
    }
}
