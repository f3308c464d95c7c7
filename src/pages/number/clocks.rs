//! The three clocks of a number: cool-off, rental and aging. Each is shown whether it runs or not, so that nobody has to guess.

use leptos::prelude::*;

use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::rpc::numbers::{DayClock, NumberView};
use crate::rpc::shapes::Moment;
use crate::ui::clock::{DayCells, use_remaining_s};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::view::view;
use crate::ui::when::When;

const HOUR_S: i64 = 3_600;
const MINUTE_S: i64 = 60;

#[component]
pub fn Clocks(view: NumberView) -> impl IntoView {
    view! {
        <section class="clocks" aria-label="Clocks">
            <CoolOff view=view.clone()/>
            <Rental view=view.clone()/>
            <Aging view=view/>
        </section>
    }
}

/// Parts of a span as figure and unit: `4 d 7 h 05 min`, `12 d`, `38 min`.
fn figures(remaining_s: i64, to_the_minute: bool) -> Vec<(String, &'static str)> {
    let remaining_s = remaining_s.max(0);
    let days = remaining_s / SECONDS_PER_DAY;
    let hours = remaining_s % SECONDS_PER_DAY / HOUR_S;
    let minutes = remaining_s % HOUR_S / MINUTE_S;
    match (days, hours) {
        (1.., _) if !to_the_minute => vec![(days.to_string(), "d")],
        (1.., _) => vec![(days.to_string(), "d"), (hours.to_string(), "h"), (format!("{minutes:02}"), "min")],
        (0, 1..) => vec![(hours.to_string(), "h"), (format!("{minutes:02}"), "min")],
        _ if minutes > 0 => vec![(minutes.to_string(), "min")],
        _ => vec![(remaining_s.to_string(), "s")],
    }
}

#[component]
fn Left(clock: DayClock, now: Timestamp, #[prop(optional)] to_the_minute: bool) -> impl IntoView {
    let remaining_s = use_remaining_s(clock.until.at, now);
    view! {
        <p class="clock-left">
            {move || {
                figures(remaining_s.get(), to_the_minute)
                    .into_iter()
                    .map(|(figure, unit)| view! { <span class="clock-figure">{figure}</span>" "{unit}" " })
                    .collect_view()
            }}
            "left"
        </p>
    }
}

/// Empty cells of a clock that does not run.
#[component]
fn Resting(days: u16) -> impl IntoView {
    let still = Moment { at: Timestamp::from_micros(0), short: String::new(), day: String::new(), full: String::new() };
    let clock = DayClock { from: still.clone(), until: still, length_days: days, remaining_s: 0 };
    view! {
        <p class="clock-rest">"Not running"</p>
        <DayCells clock=clock now=Timestamp::from_micros(0) family="idle"/>
    }
}

#[component]
fn ClockCard(
    class: &'static str,
    icon: &'static str,
    title: &'static str,
    #[prop(into)] about: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("clock-card {class}")>
            <header class="clock-head">
                <Icon name=icon/>
                <h2>{title}</h2>
                <p>{about}</p>
            </header>
            {children()}
        </section>
    }
}

/// Two facts under the cells, each a caption over a value.
#[component]
fn Ends(left: &'static str, left_value: AnyView, right: &'static str, right_value: AnyView) -> impl IntoView {
    view! {
        <dl class="clock-ends">
            <div><dt>{left}</dt><dd>{left_value}</dd></div>
            <div><dt>{right}</dt><dd>{right_value}</dd></div>
        </dl>
    }
}

fn text(text: &str) -> AnyView {
    text.to_owned().into_any()
}

#[component]
fn CoolOff(view: NumberView) -> impl IntoView {
    let about = format!("{} days after the last call", view.cool_off_days);
    let last_call = match view.row.last_call.clone() {
        Some(call) => view! { <When moment=call/> },
        None => text("Never"),
    };
    let clock = view.row.cool_off.clone().filter(|clock| view.now < clock.until.at);
    match clock {
        Some(clock) => view! {
            <ClockCard class="clock-cool" icon="snowflake" title="Cool-off" about=about>
                <Left clock=clock.clone() now=view.now to_the_minute=true/>
                <DayCells clock=clock.clone() now=view.now/>
                <Ends
                    left="Last call" left_value=last_call
                    right="Can move back from" right_value=view! { <When moment=clock.until/> }
                />
            </ClockCard>
        },
        None => {
            let (caption, may) = if view.row.sub_account.is_some() { ("Can move back", "Now") } else { ("Applies", "In a sub-account") };
            view! {
                <ClockCard class="" icon="snowflake" title="Cool-off" about=about>
                    <Resting days=view.cool_off_days/>
                    <Ends left="Last call" left_value=last_call right=caption right_value=text(may)/>
                </ClockCard>
            }
        }
    }
}

#[component]
fn Rental(view: NumberView) -> impl IntoView {
    let currency = use_frame().currency();
    match view.rental {
        Some(clock) => {
            let about = format!("{} a month, in advance", view.row.monthly.display(&currency));
            let released = view.row.restore_until.is_some();
            view! {
                <ClockCard class="" icon="calendar-clock" title="Rental" about=about>
                    <Left clock=clock.clone() now=view.now/>
                    <DayCells clock=clock.clone() now=view.now family="accent"/>
                    <Ends
                        left="Paid from" left_value=view! { <When moment=clock.from style="day"/> }
                        right=if released { "Ends" } else { "Renews" }
                        right_value=view! { <When moment=clock.until style="day"/> }
                    />
                </ClockCard>
            }
        }
        None => {
            let imported = view.source == "imported";
            let about = if imported { "Imported: your carrier bills it" } else { "No paid month is running" };
            view! {
                <ClockCard class="" icon="calendar-clock" title="Rental" about=about>
                    <Resting days=30/>
                    <Ends
                        left="A month costs" left_value=view.row.monthly.display(&currency).into_any()
                        right="Renews" right_value=text(if imported { "Never" } else { "Ended" })
                    />
                </ClockCard>
            }
        }
    }
}

#[component]
fn Aging(view: NumberView) -> impl IntoView {
    let about = format!("{} days, then back in stock", view.aging_days);
    match view.aging {
        Some(clock) => view! {
            <ClockCard class="" icon="hourglass" title="Aging" about=about>
                <Left clock=clock.clone() now=view.now/>
                <DayCells clock=clock.clone() now=view.now family="idle"/>
                <Ends
                    left="Until" left_value=view! { <When moment=clock.until style="day"/> }
                    right="Who may buy" right_value=text("You")
                />
            </ClockCard>
        },
        None => view! {
            <ClockCard class="" icon="hourglass" title="Aging" about=about>
                <Resting days=view.aging_days/>
                <Ends left="Starts" left_value=text("After release") right="Who may buy" right_value=text("You")/>
            </ClockCard>
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(remaining_s: i64, to_the_minute: bool) -> String {
        figures(remaining_s, to_the_minute).into_iter().map(|(figure, unit)| format!("{figure} {unit}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn spans_show_what_matters() {
        assert_eq!(written(4 * 86_400 + 7 * 3_600 + 5 * 60, true), "4 d 7 h 05 min");
        assert_eq!(written(12 * 86_400 + 3_600, false), "12 d");
        assert_eq!(written(7 * 3_600 + 60, false), "7 h 01 min");
        assert_eq!(written(38 * 60 + 9, true), "38 min");
        assert_eq!(written(9, true), "9 s");
        assert_eq!(written(-5, true), "0 s");
    }
}
