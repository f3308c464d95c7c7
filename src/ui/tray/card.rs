//! One hold in the tray: its clock, the number, and the three things that can be done with it.

use leptos::prelude::*;

use super::use_tray;
use crate::domain::time::Timestamp;
use crate::rpc::holds::HoldView;
use crate::ui::action_form::ActionForm;
use crate::ui::clock::{Countdown, urgency, use_remaining_s};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// A hold's card. `soonest` is the one that the key E extends.
#[component]
pub fn HoldCard(hold: HoldView, now: Timestamp, hold_timeout_s: i64, soonest: bool) -> impl IntoView {
    let end = hold.expires_at.at;
    let committed = hold.committed;
    let left_s = use_remaining_s(end, now);
    let class = move || format!("hold-card {}", if committed { "" } else { urgency(left_s.get()) });
    let time = if committed {
        view! { <span class="badge badge-accent"><Icon name="loader-circle" size=14/> "Buying"</span> }
    } else {
        view! { <Countdown expires_at=end now hold_timeout_s/> }
    };
    let extended = match hold.extensions {
        0 => String::from("Not extended yet"),
        times => format!("Extended {times} of 10"),
    };
    let place = [hold.locality.as_str(), hold.region.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    view! {
        <li class=class>
            <div class="hold-time">{time}</div>
            <div class="hold-what">
                <Phone phone=hold.phone.clone() size="md"/>
                <span class="hold-place">{place}<span class="only-phone">". " {extended}</span></span>
            </div>
            {(!committed).then(|| view! { <HoldActs hold now soonest/> })}
        </li>
    }
}

/// +30 min, give back, Buy.
#[component]
fn HoldActs(hold: HoldView, now: Timestamp, soonest: bool) -> impl IntoView {
    let tray = use_tray();
    let currency = use_frame().currency();
    let here = use_here();
    let HoldView { id, phone, due_now, .. } = hold;
    let giving_back = {
        let id = id.clone();
        move || tray.release.pending().get() && tray.release.input().get().is_some_and(|input| input.id == id)
    };
    // On the search page the dialog opens over the results that are there; elsewhere over a plain search.
    let buy = {
        let e164 = phone.e164.clone();
        move || {
            let here = here.get();
            let search = here == "/" || here.starts_with("/?");
            with_param(if search { here.as_str() } else { "/" }, "buy", Some(&e164))
        }
    };
    let give_back = format!("Give back {}", phone.formatted);
    view! {
        <div class="hold-acts">
            <ExtendForm id=id.clone() number=phone.formatted.clone() extendable_from=hold.extendable_from now key=soonest/>
            <ActionForm action=tray.release>
                <input type="hidden" name="id" value=id/>
                <button type="submit" class="btn btn-quiet btn-sm hold-give-back" aria-label=give_back.clone() title=give_back disabled=giving_back>
                    <Icon name="x"/>
                    <span class="only-phone">"Give back"</span>
                </button>
            </ActionForm>
            <a class="btn btn-primary btn-sm hold-buy num" href=buy data-noscroll="" aria-label=format!("Buy {}: {}", due_now.display(&currency), phone.formatted)>
                {format!("Buy {}", due_now.display(&currency))}
            </a>
        </div>
    }
}

/// The press that keeps a hold 30 minutes longer; it says why when it is off.
#[component]
pub fn ExtendForm(
    id: String,
    /// The number as people read it.
    number: String,
    extendable_from: Option<Timestamp>,
    now: Timestamp,
    /// The key E does the same.
    key: bool,
) -> impl IntoView {
    let tray = use_tray();
    let extending = {
        let id = id.clone();
        move || tray.extend.pending().get() && tray.extend.input().get().is_some_and(|input| input.id == id)
    };
    let closed_s = extendable_from.map(|from| use_remaining_s(from, now));
    let closed = Memo::new(move |_| closed_s.is_none_or(|left_s| left_s.get() > 0));
    let why = move || match (closed.get(), extendable_from) {
        (false, _) => format!("Keep {number} for 30 more minutes"),
        (true, Some(_)) => format!("{number}: 30 more minutes, possible once less than 30 minutes are left"),
        (true, None) => format!("{number}: extended ten times, no more is possible"),
    };
    let spoken = why.clone();
    view! {
        <ActionForm action=tray.extend>
            <input type="hidden" name="id" value=id/>
            <button type="submit" class="btn btn-sm hold-extend" disabled=move || closed.get() || extending() title=why>
                "+30 min" {key.then(|| view! { <kbd class="kbd only-desktop" aria-hidden="true">"E"</kbd> })}
                <span class="sr-only">". " {spoken}</span>
            </button>
        </ActionForm>
    }
}
