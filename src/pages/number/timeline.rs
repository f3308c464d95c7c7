//! Everything that ever happened to a number, newest first, filtered by `?show=`.

use leptos::prelude::*;

use crate::domain::time::Timestamp;
use crate::rpc::numbers::TimelineRow;
use crate::ui::chips::ChipLink;
use crate::ui::form::use_text_parameter;
use crate::ui::icon::Icon;
use crate::ui::urls::{use_here, with_param};
use crate::ui::when::Ago;

/// Value in the URL, word on the chip, family of the events.
const SHOWN: [(&str, &str, &str); 4] = [("", "Everything", ""), ("calls", "Calls", "call"), ("money", "Money", "money"), ("changes", "Changes", "change")];

#[component]
pub fn Timeline(rows: Vec<TimelineRow>, now: Timestamp) -> impl IntoView {
    let show = use_text_parameter("show");
    let here = use_here();
    let rows = StoredValue::new(rows);
    let chips = move || {
        let here = here.get();
        SHOWN
            .into_iter()
            .map(|(value, label, _)| {
                let href = with_param(&here, "show", (!value.is_empty()).then_some(value));
                let chosen = show.with(|show| show == value);
                view! { <ChipLink href=href label=label chosen=chosen/> }
            })
            .collect_view()
    };
    let list = move || {
        let family = SHOWN.into_iter().find(|(value, ..)| show.with(|show| show == value)).map_or("", |(.., family)| family);
        let rows = rows.with_value(|rows| {
            rows.iter().filter(|row| family.is_empty() || row.family == family).cloned().collect::<Vec<_>>()
        });
        if rows.is_empty() {
            return view! { <p class="muted">"Nothing of this kind has happened yet."</p> }.into_any();
        }
        let rows = rows.into_iter().map(|row| view! { <Event row=row now=now/> }).collect_view();
        view! { <ol class="timeline">{rows}</ol> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="timeline">
            <header class="panel-head timeline-head">
                <h2 id="timeline">"Timeline"</h2>
                <nav class="timeline-chips" aria-label="Timeline filter">{chips}</nav>
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

/// Picture and colour family of an event, by what its kind speaks of.
fn sign(row: &TimelineRow) -> (&'static str, &'static str) {
    let speaks_of = |word: &str| row.kind.contains(word);
    match row.family.as_str() {
        "call" => ("phone-incoming", "cool"),
        "money" if speaks_of("past_due") || speaks_of("suspend") => ("triangle-alert", "warn"),
        "money" => ("receipt-text", "idle"),
        _ if speaks_of("purchas") || speaks_of("bought") => ("circle-check", "ok"),
        _ if speaks_of("import") => ("import", "ok"),
        _ if speaks_of("restor") => ("undo-2", "undo"),
        _ if speaks_of("releas") => ("phone-off", "undo"),
        _ if speaks_of("lock") => ("lock", "idle"),
        _ if speaks_of("label") => ("tag", "idle"),
        _ if speaks_of("route") => ("split", "idle"),
        _ if speaks_of("hold") || speaks_of("held") => ("timer", "lamp"),
        _ if speaks_of("forc") || speaks_of("overrid") => ("snowflake", "danger"),
        _ if speaks_of("hand") || speaks_of("sub_account") || speaks_of("back") => ("building-2", "accent"),
        _ if speaks_of("unassign") => ("unplug", "idle"),
        _ if speaks_of("assign") || speaks_of("agent") => ("headphones", "accent"),
        _ => ("history", "idle"),
    }
}
