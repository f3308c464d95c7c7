//! What the renewals to come leave in the wallet: a drawing, the same in words, and the same as a table. The server has worked out every
//! place in the drawing.

use leptos::prelude::*;

use crate::domain::chart::{Falling, Level, Mark, Tick};
use crate::domain::money::Micros;
use crate::rpc::shapes::Moment;
use crate::rpc::wallet::{ForecastDay, ForecastDrawing, ForecastView};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::view::view;
use crate::ui::when::When;

/// How far ahead one can look.
const DAYS: [u16; 3] = [30, 60, 90];

/// The days ahead. Nothing but renewals is guessed at.
#[component]
pub(super) fn Forecast(
    forecast: ForecastView,
    /// Below this somebody is told.
    low_balance: Option<Micros>,
) -> impl IntoView {
    let words = Words::new(&forecast, low_balance, &use_frame().currency());
    view! {
        <section class="panel wallet-forecast" aria-labelledby="forecast-title">
            <div class="wallet-forecast-head">
                <h2 id="forecast-title">{format!("The next {} days", forecast.ahead)}</h2>
                <DayChips chosen=forecast.ahead/>
            </div>
            <div class="forecast-wide"><Drawing drawing=forecast.wide words=words.clone()/></div>
            <div class="forecast-narrow"><Drawing drawing=forecast.narrow words/></div>
            <InWords runs_out=forecast.runs_out lasts_until=forecast.lasts_until low_from=forecast.low_from low_balance any=!forecast.days.is_empty()/>
            <Days days=forecast.days/>
        </section>
    }
}

#[component]
fn DayChips(chosen: u16) -> impl IntoView {
    let tab = |days: u16| Tab::new(&days.to_string(), &if days == 90 { String::from("90 days") } else { days.to_string() });
    let tabs = move || DAYS.map(tab).to_vec();
    view! { <Tabs label="How far ahead, in days" class="row-1" parameter="days" tabs chosen=move || chosen.to_string()/> }
}

/// What the drawing says in letters.
#[derive(Clone)]
struct Words {
    alert: String,
    runs_out: String,
    unpaid: String,
}

impl Words {
    fn new(forecast: &ForecastView, low_balance: Option<Micros>, currency: &str) -> Self {
        let renewals = if forecast.unpaid == 1 { String::from("1 renewal") } else { format!("{} renewals", forecast.unpaid) };
        Self {
            alert: low_balance.map(|amount| format!("Alert below {}", amount.display(currency))).unwrap_or_default(),
            runs_out: forecast.runs_out.as_ref().map(|moment| format!("Runs out {}", moment.day)).unwrap_or_default(),
            unpaid: format!("{renewals} unpaid by {}", forecast.until.day),
        }
    }
}

/// The line, the amounts beside it and the days below. Hidden from those who hear the page: words and table say the same.
#[component]
fn Drawing(drawing: ForecastDrawing, words: Words) -> impl IntoView {
    let ForecastDrawing { falling, level_names, mark_names } = drawing;
    let (width, zero) = (falling.width, falling.zero_y);
    let levels = falling.levels.iter().zip(level_names).map(|(level, name)| level_view(&falling, level, name)).collect_view();
    let marks = falling.marks.iter().zip(mark_names).map(|(mark, name)| mark_view(&falling, mark, name)).collect_view();
    let ticks = falling.ticks.iter().map(|tick| tick_view(zero, tick)).collect_view();
    let alert = falling.alert_y.map(|y| alert_view(&falling, y, words.alert));
    let end = falling.runs_out_x.map(|x| end_view(&falling, x, words.runs_out, words.unpaid));
    view! {
        <svg class="forecast-drawing" viewBox=format!("0 0 {width} {}", falling.height) aria-hidden="true">
            {levels}
            <polygon class="forecast-area" points=falling.area.clone()></polygon>
            <polyline class="forecast-line" points=falling.line.clone()></polyline>
            {alert}
            {end}
            {ticks}
            {marks}
        </svg>
    }
}

fn level_view(falling: &Falling, level: &Level, name: String) -> impl IntoView + use<> {
    let (left, width, y) = (falling.left, falling.width, level.y);
    view! {
        <line class="forecast-level" x1=left x2=width y1=y y2=y></line>
        <text class="forecast-word" x=left - 8 y=y + 4 text-anchor="end">{name}</text>
    }
}

fn mark_view(falling: &Falling, mark: &Mark, name: String) -> impl IntoView + use<> {
    let anchor = match mark.x {
        x if x <= falling.left + 8 => "start",
        x if x >= falling.width - 24 => "end",
        _ => "middle",
    };
    view! { <text class="forecast-word" x=mark.x y=falling.height - 8 text-anchor=anchor>{name}</text> }
}

fn tick_view(zero: i64, tick: &Tick) -> impl IntoView + use<> {
    let class = if tick.unpaid { "forecast-tick forecast-tick-unpaid" } else { "forecast-tick" };
    view! { <line class=class x1=tick.x x2=tick.x y1=zero + 4 y2=zero + 4 + tick.length></line> }
}

fn alert_view(falling: &Falling, y: i64, text: String) -> impl IntoView + use<> {
    let dot = falling.alert_from.map(|(x, y)| view! { <circle class="forecast-alert-dot" cx=x cy=y r="4"></circle> });
    // Above the line where there is no room below it.
    let below = y + 16 < falling.zero_y;
    view! {
        <line class="forecast-alert" x1=falling.left x2=falling.width y1=y y2=y></line>
        <text class="forecast-word forecast-alert-word" x=falling.left + 6 y=if below { y + 14 } else { y - 5 }>{text}</text>
        {dot}
    }
}

/// From where the money ends on, nothing is paid: hatched.
fn end_view(falling: &Falling, x: i64, runs_out: String, unpaid: String) -> impl IntoView + use<> {
    let (top, zero) = (falling.top - 28, falling.zero_y);
    let room_on_the_left = x > falling.left + 150;
    let (word_x, anchor) = if room_on_the_left { (x - 6, "end") } else { (x + 6, "start") };
    view! {
        <rect class="forecast-unpaid" x=x y=top width=falling.width - x height=zero - top></rect>
        <line class="forecast-end" x1=x x2=x y1=top y2=zero></line>
        <circle class="forecast-end-dot" cx=x cy=zero r="4"></circle>
        <text class="forecast-end-word" x=word_x y=top + 12 text-anchor=anchor>{runs_out}</text>
        <text class="forecast-word forecast-end-more" x=word_x y=top + 27 text-anchor=anchor>{unpaid}</text>
    }
}

/// What the drawing shows, in sentences.
#[component]
fn InWords(
    runs_out: Option<Moment>,
    lasts_until: Option<String>,
    low_from: Option<Moment>,
    low_balance: Option<Micros>,
    any: bool,
) -> impl IntoView {
    let currency = use_frame().currency();
    let end = match (lasts_until, runs_out) {
        (Some(day), _) => view! { <p>"The wallet covers every renewal until "<strong>{day}</strong>"."</p> },
        (None, Some(at)) => view! {
            <p class="forecast-short">
                <Icon name="triangle-alert" size=18/>
                <span>"Without a top-up a renewal on "<strong><When moment=at style="day"/></strong>" is not covered."</span>
            </p>
        },
        (None, None) => view! { <p class="muted">"The wallet covers every renewal of the next two years."</p> },
    };
    let low = low_from.zip(low_balance).map(|(at, amount)| {
        view! { " Below "{amount.display(&currency)}" from "<When moment=at style="day"/>"." }
    });
    view! {
        {end}
        {any.then(|| view! { <p class="muted">"Each tick under the line is a renewal day; its length is the amount."{low}</p> })}
    }
}

#[component]
fn Days(days: Vec<ForecastDay>) -> impl IntoView {
    let currency = use_frame().currency();
    (!days.is_empty()).then(|| {
        let row = move |day: ForecastDay| {
            let class = if day.after < Micros::ZERO { "amount num forecast-missing" } else { "amount num" };
            view! {
                <tr>
                    <td><When moment=day.day style="day"/></td>
                    <td class="amount num">{day.renewals}</td>
                    <td class="amount num">{day.amount.display(&currency)}</td>
                    <td class=class>{day.after.display(&currency)}</td>
                </tr>
            }
        };
        view! {
            <details class="forecast-days">
                <summary>"Day by day"</summary>
                <div class="table-wrap">
                    <table class="table">
                        <caption class="sr-only">"Days with renewals, and what can be spent after each"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Day"</th>
                                <th scope="col" class="amount">"Renewals"</th>
                                <th scope="col" class="amount">"Cost"</th>
                                <th scope="col" class="amount">"Left"</th>
                            </tr>
                        </thead>
                        <tbody>{days.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}
