//! Badges of every state, clocks of every urgency, and messages of every family.

use leptos::prelude::*;

use super::{NOW, moment};
use crate::domain::code::Code;
use crate::rpc::error::AppError;
use crate::rpc::numbers::DayClock;
use crate::ui::badge::Badge;
use crate::ui::clock::{Countdown, DayCells};
use crate::ui::message::{Note, RefusalNote};
use crate::ui::toast::ToastView;
use crate::ui::view::view;

/// Family, icon and words.
type State = (&'static str, &'static str, &'static str);

/// What a thing can be in (tokens.md §6).
const STATES: [(&str, &[State]); 5] = [
    (
        "In stock",
        &[
            ("ok", "circle-dot", "In stock"),
            ("lamp", "timer", "On hold for you"),
            ("idle", "timer-off", "On hold"),
            ("idle", "circle-slash", "Sold"),
            ("idle", "hourglass", "Aging, 31 d left"),
            ("idle", "eye-off", "Withdrawn"),
        ],
    ),
    (
        "Owned",
        &[
            ("plain", "circle-dashed", "Free"),
            ("ok", "phone-call", "Answered"),
            ("warn", "volume-x", "Nobody answers"),
            ("plain", "building-2", "Harbor Dental"),
            ("cool", "snowflake", "Cool-off, 4 d 7 h"),
            ("plain", "lock", "Locked"),
            ("plain", "import", "Imported"),
            ("warn", "shield-question-mark", "Unverified"),
            ("undo", "undo-2", "Released, undo 23 h"),
            ("idle", "phone-off", "Gone"),
            ("idle", "log-out", "Ported out"),
        ],
    ),
    (
        "Hold",
        &[
            ("lamp", "timer", "Active, 12:41"),
            ("warn", "alarm-clock", "Ends soon, 04:38"),
            ("danger", "alarm-clock", "Ends, 00:42"),
            ("accent", "loader-circle", "Buying"),
            ("ok", "check", "Used"),
            ("idle", "undo-2", "Given back"),
            ("idle", "timer-off", "Expired"),
        ],
    ),
    (
        "Order",
        &[
            ("idle", "circle-dashed", "Created"),
            ("accent", "wallet", "Funded"),
            ("accent", "send", "Ordered"),
            ("warn", "refresh-cw", "Asking the carrier"),
            ("ok", "circle-check", "Completed"),
            ("danger", "circle-x", "Failed, nothing charged"),
            ("danger", "octagon-alert", "Stuck"),
        ],
    ),
    (
        "Rental",
        &[
            ("ok", "circle-check", "Paid to Dec 4"),
            ("warn", "triangle-alert", "Past due, stops Nov 29"),
            ("danger", "circle-pause", "Suspended, released Dec 22"),
        ],
    ),
];

/// Badges.
#[component]
pub(super) fn States() -> impl IntoView {
    STATES
        .map(|(thing, states)| {
            let badges = states.iter().map(|(family, icon, text)| view! { <Badge family icon text=*text/> }).collect_view();
            view! { <div class="row-2"><strong class="small">{thing}</strong>{badges}</div> }
        })
        .collect_view()
}

/// Holds that tick, and days as cells.
#[component]
pub(super) fn Clocks() -> impl IntoView {
    let holds = [1_446, 278, 42, 0]
        .map(|left_s| view! { <Countdown expires_at=NOW.plus_seconds(left_s) now=NOW hold_timeout_s=1_800/> })
        .collect_view();
    let cells = |length_days: u16, left_days: i64, family: &'static str, skipped: bool| {
        let until = moment(NOW.plus_days(left_days), "Nov 26, 10:14", "Nov 26");
        let clock = DayClock { from: until.clone(), until, length_days, remaining_s: left_days * 86_400 };
        view! { <DayCells clock now=NOW family skipped/> }
    };
    view! {
        <div class="row-6">{holds}</div>
        {cells(15, 4, "cool", false)}
        {cells(15, 4, "cool", true)}
        {cells(30, 12, "accent", false)}
        {cells(45, 31, "idle", false)}
    }
}

/// Toasts, notes and refusals.
#[component]
pub(super) fn Messages() -> impl IntoView {
    let families: [State; 8] = [
        ("ok", "circle-check", "(628) 555-2233 is yours"),
        ("accent", "info", "3 numbers follow their agent"),
        ("lamp", "timer", "Held for you until 14:32"),
        ("cool", "snowflake", "The cool-off runs for 4 d 7 h"),
        ("undo", "undo-2", "(510) 555-0107 released"),
        ("warn", "alarm-clock", "Your hold on (206) 555-0188 ends in 1 minute"),
        ("danger", "circle-alert", "The carrier did not answer"),
        ("idle", "info", "Nothing is charged while you hold it"),
    ];
    let notes = families.map(|(family, icon, title)| view! { <Note family icon title text="What follows from it, and what to do next."/> });
    let refused: AppError = Code::NumberLocked.into();
    view! {
        <ToastView title="(628) 555-2233 is yours" text="$13.50 charged. Front desk answers it now." link=(String::from("/dev/components"), String::from("Open")) close=|| ()/>
        {notes.into_iter().collect_view()}
        <RefusalNote error=Signal::stored(Some(refused))/>
        <RefusalNote error=Signal::stored(Some(AppError::Transport))/>
    }
}
