//! Everything that ever happened to a number, newest first, filtered by `?show=`.

use leptos::prelude::*;

use crate::domain::time::Timestamp;
use crate::rpc::numbers::TimelineRow;
use crate::ui::form::use_text_parameter;
use crate::ui::icon::Icon;
use crate::ui::sparkline::Sparkline;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::urls::url_text;
use crate::ui::view::view;
use crate::ui::when::Ago;

/// Value in the URL, word on the chip, family of the events.
const SHOWN: [(&str, &str, &str); 4] =
    [("", "Everything", ""), ("calls", "Calls", "call"), ("money", "Money", "money"), ("changes", "Changes", "change")];

#[component]
pub fn Timeline(rows: Vec<TimelineRow>, calls_by_day: Vec<u64>, now: Timestamp) -> impl IntoView {
    let show = use_text_parameter("show");
    let rows = StoredValue::new(rows);
    let tabs = || SHOWN.map(|(value, label, _)| Tab::new(value, label)).to_vec();
    let calls = calls_by_day.iter().any(|calls| *calls > 0).then(|| {
        let most = calls_by_day.iter().max().copied().unwrap_or_default();
        let title = format!("Calls a day in the last {} days, {most} at the most", calls_by_day.len());
        view! { <span class="timeline-calls"><Sparkline counts=calls_by_day title/><span class="muted small" aria-hidden="true">"calls a day"</span></span> }
    });
    let list = move || {
        let family = SHOWN.into_iter().find(|(value, ..)| show.with(|show| show == value)).map_or("", |(.., family)| family);
        let rows = rows.with_value(|rows| rows.iter().filter(|row| family.is_empty() || row.family == family).cloned().collect::<Vec<_>>());
        if rows.is_empty() {
            return view! { <p class="muted">"Nothing of this kind has happened yet."</p> };
        }
        let rows = rows.into_iter().map(|row| view! { <Event row=row now=now/> }).collect_view();
        view! { <ol class="timeline">{rows}</ol> }
    };
    view! {
        <section class="panel" aria-labelledby="timeline">
            <header class="panel-head timeline-head">
                <h2 id="timeline">"Timeline"</h2>
                {calls}
                <Tabs label="Timeline filter" class="timeline-chips" parameter="show" tabs chosen=url_text("show")/>
            </header>
            <div class="panel-body">{list}</div>
        </section>
    }
}

#[component]
fn Event(row: TimelineRow, now: Timestamp) -> impl IntoView {
    let (icon, family) = sign(&row);
    view! {
        <li class="event">
            <span class=format!("event-sign event-{family}")><Icon name=icon/></span>
            <div class="event-text">
                <strong>{row.title}</strong>
                {(!row.detail.is_empty()).then(|| view! { <span class="muted">{row.detail}</span> })}
            </div>
            <span class="event-when muted"><Ago moment=row.at now=now/></span>
        </li>
    }
}

/// Picture and colour family of an event.
fn sign(row: &TimelineRow) -> (&'static str, &'static str) {
    match row.kind.as_str() {
        "call.reported" => ("phone-incoming", "cool"),
        "number.purchased" | "number.verified" => ("circle-check", "ok"),
        "number.imported" => ("import", "ok"),
        "rental.failed" | "number.suspended" => ("triangle-alert", "warn"),
        "number.assigned" => ("headphones", "accent"),
        "number.unassigned" => ("unplug", "idle"),
        "number.handed_over" => ("building-2", "accent"),
        "number.taken_back" => ("inbox", "accent"),
        "cool_off.forced" => ("snowflake", "danger"),
        "number.released" => ("phone-off", "undo"),
        "number.restored" => ("undo-2", "undo"),
        "number.gone" | "number.ported_out" => ("log-out", "idle"),
        "number.locked" => ("lock", "idle"),
        "number.unlocked" => ("lock-open", "idle"),
        "number.labelled" => ("tag", "idle"),
        "number.routed" => ("split", "idle"),
        "hold.created" | "hold.extended" | "hold.released" | "hold.expired" => ("timer", "lamp"),
        _ if row.family == "money" => ("receipt-text", "idle"),
        _ => ("history", "idle"),
    }
}
