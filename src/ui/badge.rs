//! Badges: a state with its colour family, its icon and its word (tokens.md §6). A badge is never a button.

use leptos::prelude::*;

use super::clock::remaining_text;
use super::icon::Icon;
use crate::domain::time::Timestamp;
use crate::rpc::numbers::OwnedRow;
use crate::ui::view::view;

/// One state. Families: `ok lamp idle plain warn danger cool undo accent`.
#[component]
pub fn Badge(family: &'static str, icon: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class=format!("badge badge-{family}")>
            <Icon name=icon size=14/>
            {text}
        </span>
    }
}

/// All states of an owned number side by side, the most urgent last. `now` lets a release say how long it can be undone.
#[component]
pub fn OwnedBadges(row: OwnedRow, #[prop(optional)] now: Option<Timestamp>) -> impl IntoView {
    let mut badges: Vec<(&'static str, &'static str, String)> =
        row.states.iter().filter_map(|state| owned_badge(state, &row, now)).collect();
    if let Some(sub_account) = &row.sub_account {
        let after_who_answers =
            row.states.iter().filter(|state| matches!(state.as_str(), "free" | "answered" | "nobody_answers")).count().min(badges.len());
        badges.insert(after_who_answers, ("plain", "building-2", sub_account.name.clone()));
    }
    let badges = badges.into_iter().map(|(family, icon, text)| view! { <Badge family icon text/> }).collect_view();
    view! { <span class="badges">{badges}</span> }
}

fn owned_badge(state: &str, row: &OwnedRow, now: Option<Timestamp>) -> Option<(&'static str, &'static str, String)> {
    let fixed = |family, icon, text: &str| Some((family, icon, text.to_owned()));
    match state {
        "free" => fixed("plain", "circle-dashed", "Free"),
        "answered" => fixed("ok", "phone-call", "Answered"),
        "nobody_answers" => fixed("warn", "volume-x", "Nobody answers"),
        "locked" => fixed("plain", "lock", "Locked"),
        "imported" => fixed("plain", "import", "Imported"),
        "unverified" => fixed("warn", "shield-question-mark", "Unverified"),
        "past_due" => fixed("warn", "triangle-alert", "Past due"),
        "suspended" => fixed("danger", "circle-pause", "Suspended"),
        "gone" => fixed("idle", "phone-off", "Gone"),
        "ported_out" => fixed("idle", "log-out", "Ported out"),
        "cool_off" => {
            let left = row.cool_off.as_ref().map(|clock| format!(", {}", remaining_text(clock.remaining_s)));
            Some(("cool", "snowflake", format!("Cool-off{}", left.unwrap_or_default())))
        }
        "released" => {
            let left = now.zip(row.restore_until.as_ref()).map(|(now, until)| now.seconds_until(until.at)).filter(|left| *left > 0);
            let undo = left.map(|left| format!(", undo {}", remaining_text(left)));
            Some(("undo", "undo-2", format!("Released{}", undo.unwrap_or_default())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Micros;
    use crate::rpc::shapes::{Moment, PhoneView};

    fn released_row(until: Timestamp) -> OwnedRow {
        let moment = Moment { at: until, short: String::new(), day: String::new(), full: String::new() };
        OwnedRow {
            id: String::new(),
            phone: PhoneView { e164: String::new(), formatted: String::new() },
            label: String::new(),
            tags: Vec::new(),
            locality: String::new(),
            region: String::new(),
            states: vec![],
            answer: None,
            agent_id: None,
            sub_account: None,
            locked: false,
            cool_off: None,
            last_call: None,
            renews: None,
            monthly: Micros::ZERO,
            restore_until: Some(moment),
        }
    }

    #[test]
    fn a_release_says_how_long_it_can_be_undone() {
        let row = released_row(Timestamp::from_seconds(23 * 3600));
        let text = |now| owned_badge("released", &row, now).map(|(_, _, text)| text);
        assert_eq!(text(Some(Timestamp::from_seconds(0))).as_deref(), Some("Released, undo 23 h"));
        assert_eq!(text(None).as_deref(), Some("Released"));
        assert_eq!(text(Some(Timestamp::from_seconds(23 * 3600))).as_deref(), Some("Released"));
        assert_eq!(owned_badge("something_new", &row, None), None);
    }
}
