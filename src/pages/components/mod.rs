//! `/dev/components`, in debug builds only: every component in every state it has, to be looked at in both themes and at each width.
//! What stands here is made up; numbers, buttons, fields and choices are in this file, states and lists in the two beside it.

mod lists;
mod states;

use leptos::prelude::*;

use crate::domain::time::Timestamp;
use crate::rpc::search::Mark;
use crate::rpc::shapes::{Moment, PhoneView};
use crate::ui::chips::{ChipLink, FilterChip};
use crate::ui::field::{Field, SelectField, TextAreaField};
use crate::ui::frame::PageHead;
use crate::ui::icon::Icon;
use crate::ui::mark::Brand;
use crate::ui::phone::Phone;
use crate::ui::view::view;

/// The instant that the page pretends it is: 2026-11-22 12:00 UTC.
const NOW: Timestamp = Timestamp::from_seconds(1_795_348_800);

fn phone(formatted: &str) -> PhoneView {
    PhoneView { e164: String::from("+14155550100"), formatted: formatted.to_owned() }
}

fn moment(at: Timestamp, short: &str, day: &str) -> Moment {
    Moment { at, short: short.to_owned(), day: day.to_owned(), full: format!("2026, {short} UTC") }
}

/// All components.
#[component]
pub fn ComponentsPage() -> impl IntoView {
    view! {
        <div class="page stack-5">
            <PageHead title="Components" subtitle="Every component in every state. Debug builds only."/>
            <Part title="Numbers"><Numbers/></Part>
            <Part title="Colour roles"><Colours/></Part>
            <Part title="Buttons"><Buttons/></Part>
            <Part title="Fields"><Fields/></Part>
            <Part title="Choices"><Choices/></Part>
            <Part title="States"><states::States/></Part>
            <Part title="Clocks"><states::Clocks/></Part>
            <Part title="Messages"><states::Messages/></Part>
            <Part title="Combobox, tabs, sparkline"><lists::Small/></Part>
            <Part title="Tile map"><lists::Map/></Part>
            <Part title="Menu"><lists::Menu/></Part>
            <Part title="Skeleton"><lists::Skeleton/></Part>
            <lists::Table/>
            <Part title="Empty state"><lists::EmptyState/></Part>
            <Part title="Dialogs"><lists::Dialogs/></Part>
        </div>
    }
}

#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel" aria-label=title>
            <div class="panel-head"><h2>{title}</h2></div>
            <div class="panel-body stack-4">{children()}</div>
        </section>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    let cafe = |start| vec![Mark { start, letters: String::from("CAFE") }];
    let sizes = ["hero", "xl", "lg", "md2", "md", "tb", "sm", "xs"];
    let plain = sizes.map(|size| view! { <Phone phone=phone("(312) 555-0147") size/> }).collect_view();
    view! {
        <Brand/>
        <div class="row-4">
            <Phone phone=phone("(415) 555-2233") size="hero" marks=cafe(6) spells="555-CAFE"/>
            <Phone phone=phone("(628) 223-3014") size="lg" marks=cafe(3)/>
            <Phone phone=phone("(415) 555-2333") size="md2" differing=vec![7]/>
            <Phone phone=phone("(206) 555-0188") size="md2" struck=true/>
        </div>
        <div class="row-4">{plain}</div>
    }
}

#[component]
fn Colours() -> impl IntoView {
    let roles = [
        "paper",
        "surface",
        "sunken",
        "raised",
        "line",
        "line-2",
        "line-strong",
        "ink",
        "ink-2",
        "ink-3",
        "accent",
        "accent-hover",
        "accent-ink",
        "accent-soft",
        "accent-line",
        "select",
        "hover",
        "lamp",
        "lamp-soft",
        "lamp-line",
        "lamp-ink",
        "mark-bg",
        "ok-ink",
        "ok-soft",
        "cool-ink",
        "cool-soft",
        "cool-fill",
        "warn-ink",
        "warn-soft",
        "warn-fill",
        "danger-ink",
        "danger-soft",
        "danger-fill",
        "undo-ink",
        "undo-soft",
        "idle-ink",
        "idle-soft",
        "bar",
        "tile-1",
        "tile-2",
        "tile-3",
        "tile-4",
        "focus",
    ];
    let swatches = roles
        .map(|role| {
            view! {
                <figure>
                    <svg width="96" height="36" aria-hidden="true">
                        <rect width="96" height="36" rx="5" fill=format!("var(--{role})") stroke="var(--line)"></rect>
                    </svg>
                    <figcaption class="small muted">{role}</figcaption>
                </figure>
            }
        })
        .collect_view();
    view! { <div class="row-3">{swatches}</div> }
}

#[component]
fn Buttons() -> impl IntoView {
    view! {
        <div class="row-2">
            <button type="button" class="btn btn-primary btn-lg">"Buy (415) 555-2233 for $13.50"</button>
            <button type="button" class="btn btn-lg">"Keep on hold"</button>
            <button type="button" class="btn btn-danger btn-lg">"Release (510) 555-0107"</button>
        </div>
        <div class="row-2">
            <button type="button" class="btn btn-primary">"Top up"</button>
            <button type="button" class="btn btn-tonal">"Buy"</button>
            <button type="button" class="btn">"Hold"</button>
            <button type="button" class="btn btn-quiet"><Icon name="link"/>"Copy link"</button>
            <button type="button" class="btn"><Icon name="unplug"/>"Unassign"</button>
            <button type="button" class="btn btn-danger-line">"Release\u{2026}"</button>
            <button type="button" class="btn btn-sm">"+30 min "<kbd class="kbd">"E"</kbd></button>
            <button type="button" class="btn btn-icon" aria-label="Filters"><Icon name="sliders-horizontal" size=18/></button>
            <a class="link" href="/dev/components">"Clear all"</a>
        </div>
        <div class="row-2">
            <button type="button" class="btn btn-primary" disabled>"Buy"</button>
            <button type="button" class="btn" disabled>"Take back"</button>
            <button type="button" class="btn btn-quiet" disabled>"Copy link"</button>
            <button type="button" class="btn btn-primary" aria-busy="true"><Icon name="loader-circle"/>"Buying\u{2026}"</button>
        </div>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let wrong = Signal::stored(Some(String::from("Nine digits. A US number has ten, for example (312) 555-0190.")));
    let agents = [("", "Nobody yet"), ("a", "Front desk, AI voice agent, version 7"), ("b", "Reception, person, draft only")];
    let agents = agents.map(|(value, text)| (value.to_owned(), text.to_owned())).to_vec();
    view! {
        <Field label="Label" name="label" id="dev-label" value="East Bay flyers"/>
        <Field label="Monthly budget" name="budget" id="dev-budget" value="$90.00" hint="Purchases above it are refused before anything is charged."/>
        <Field label="Destination number" name="destination" id="dev-destination" value="(312) 555-019" error=wrong/>
        <SelectField label="Agent" name="agent" id="dev-agent" options=agents value="a" hint="It answers as soon as the number is yours."/>
        <TextAreaField label="Reason" name="reason" id="dev-reason" hint="10 to 500 characters, kept in the audit log." rows=2/>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let check = |label: &'static str, count: u64, checked: bool, disabled: bool| {
        view! {
            <label class="choice">
                <input type="checkbox" checked=checked disabled=disabled/>
                <span class="choice-label">{label}</span>
                <span class="choice-count">{count}</span>
            </label>
        }
    };
    let place = |value: &'static str, checked: bool| {
        view! { <label class="seg-item"><input type="radio" name="dev-place" checked=checked/><span>{value}</span></label> }
    };
    view! {
        <div>{check("Voice", 5, true, false)} {check("MMS", 3, false, false)} {check("Toll-free", 0, false, true)}</div>
        <fieldset class="seg"><legend class="sr-only">"Where"</legend>{place("Anywhere", true)} {place("Starts", false)} {place("Ends", false)}</fieldset>
        <div class="row-4">
            <button type="button" class="switch" role="switch" aria-checked="true" aria-label="On"><span aria-hidden="true"></span></button>
            <button type="button" class="switch" role="switch" aria-checked="false" aria-label="Off"><span aria-hidden="true"></span></button>
            <a class="switch switch-on" href="/dev/components"><span class="switch-track" aria-hidden="true"><i></i></span>"Show close ones"</a>
        </div>
        <div class="row-2">
            <FilterChip href="/dev/components" name="State" value="California"/>
            <FilterChip href="/dev/components" value="Up to $5"/>
            <ChipLink href="/dev/components" label="All" chosen=true/>
            <ChipLink href="/dev/components" label="Cool-off" count=3 chosen=false/>
            <span class="chip chip-still">"CAFE at the end"</span>
        </div>
    }
}
