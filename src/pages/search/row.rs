//! One number in the results, and the presses that hold it, give it back and buy it.

use leptos::html;
use leptos::prelude::*;

use super::{Viewer, query, use_search};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::rpc::search::{ResultRow, RowHold, SearchInput};
use crate::rpc::shapes::PhoneView;
use crate::ui::action_form::ActionForm;
use crate::ui::browser;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::tray::{HeldBadge, use_tray};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;

/// The sign-in page, which leads back to `address`.
#[must_use]
pub fn sign_in_first(address: &str) -> String {
    with_param("/sign-in", "next", Some(address))
}

/// `San Francisco, CA`, or the part that is known.
#[must_use]
pub fn place_text(locality: &str, region: &str) -> String {
    [locality, region].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A refused press on Hold, unless it opens the dialog with look-alikes.
#[component]
pub fn HoldRefusal() -> impl IntoView {
    let search = use_search();
    let error = action_error(search.hold);
    let shown = Signal::derive(move || {
        error.get().filter(|error| !matches!(error, AppError::Refused { refusal: Refusal::NumberUnavailable { .. } }))
    });
    view! { <RefusalNote error=shown/> }
}

/// A row of the list.
#[component]
pub fn ResultRowView(row: ResultRow, now: Timestamp, input: SearchInput) -> impl IntoView {
    let currency = use_frame().currency();
    let marked = use_search().marked;
    let ResultRow { phone, marks, vanity, bars, reason, locality, region, features, emergency, setup, monthly, hold, relaxed, .. } = row;
    let e164 = phone.e164.clone();
    let is_marked = move || marked.read().as_ref().is_some_and(|mark| mark.ends_with(e164.trim_start_matches('+')));
    let held = hold.as_ref().map(|hold| view! { <HeldBadge now expires_at=hold.expires_at/> });
    view! {
        <li class="result" class:result-marked=is_marked>
            <div class="result-number"><Phone phone=phone.clone() size="lg" marks spells=vanity.clone()/></div>
            <div class="result-spells">
                <Spells vanity bars reason/>
            </div>
            <div class="result-place">
                <b>{place_text(&locality, &region)}</b>
                <Features features emergency/>
                {held}
                {(!relaxed.is_empty()).then(|| view! { <Relaxed text=relaxed/> })}
            </div>
            <div class="result-price num">
                <span><b>{monthly.display(&currency)}</b>"/month"</span>
                <span>{setup.display(&currency)} " setup"</span>
            </div>
            <div class="result-acts">
                <RowActs phone hold input/>
            </div>
        </li>
    }
}

/// The word, five bars of memorability and why.
#[component]
fn Spells(vanity: String, bars: u8, reason: String) -> impl IntoView {
    let lines = (1..=5_u8).map(|bar| view! { <i class:bar-on=bar <= bars></i> }).collect_view();
    view! {
        {(!vanity.is_empty()).then(|| view! { <b class="spells-word" aria-hidden="true">{vanity}</b> })}
        <span class="bars" role="img" aria-label=format!("Memorability {bars} of 5")>{lines}</span>
        <small>{reason}</small>
    }
}

/// Features in words; a number that cannot call 911 says so.
#[component]
pub fn Features(features: Vec<String>, emergency: bool) -> impl IntoView {
    let words = features.join(", ");
    let comma = if words.is_empty() { "" } else { ", " };
    view! {
        <span class="result-features">
            {words}
            {(!emergency).then(|| view! { {comma} <span class="no-emergency">"no 911"</span> })}
        </span>
    }
}

/// Which filter was relaxed for a number that comes close.
#[component]
fn Relaxed(text: String) -> impl IntoView {
    let (what, rest) = match text.split_once(',') {
        Some((what, rest)) => (what.to_owned(), format!(",{rest}")),
        None => (text, String::new()),
    };
    view! { <span class="badge badge-idle result-relaxed"><Icon name="unfold-horizontal" size=14/> <span><b>{what}</b>{rest}</span></span> }
}

/// Hold or Release, and Buy.
#[component]
fn RowActs(phone: PhoneView, hold: Option<RowHold>, input: SearchInput) -> impl IntoView {
    let address = query::href(&input);
    let buy = with_param(&address, "buy", Some(&phone.e164));
    let name = phone.formatted.clone();
    let buy_label = format!("Buy {name}");
    match (Viewer::here(), hold) {
        (Viewer::Visitor, _) => {
            let marked = with_param(&address, "mark", Some(&phone.e164));
            view! {
                <a class="btn" href=sign_in_first(&marked) aria-label=format!("Sign in to hold {name}")>"Hold"</a>
                <a class="btn btn-tonal" href=sign_in_first(&buy) aria-label=format!("Sign in to buy {name}")>"Buy"</a>
            }
        }
        (Viewer::Reader, _) => view! { <small class="muted">"Your role cannot hold or buy."</small> },
        (Viewer::Worker, hold) => view! {
            {match hold {
                Some(hold) => view! { <ReleasePress id=hold.id phone=phone.clone()/> },
                None => view! { <HoldPress phone=phone.clone() class="btn"/> },
            }}
            <a class="btn btn-tonal" href=buy data-noscroll="" aria-label=buy_label>"Buy"</a>
        },
    }
}

/// Moves focus to a button that took the place of the one that was pressed.
fn take_focus(button: NodeRef<html::Button>, e164: String) {
    let search = use_search();
    Effect::new(move |_| {
        let Some(button) = button.get() else { return };
        let pressed = search.touched.with_value(|touched| touched.as_deref() == Some(e164.as_str()));
        if pressed && browser::focus_is_nowhere() {
            search.touched.set_value(None);
            let _ = button.focus();
        }
    });
}

/// Holds a number.
#[component]
pub fn HoldPress(phone: PhoneView, class: &'static str, #[prop(optional)] first: bool) -> impl IntoView {
    let search = use_search();
    let PhoneView { e164, formatted } = phone;
    if Viewer::here() == Viewer::Visitor {
        let here = use_here();
        let href = move || sign_in_first(&with_param(&here.read(), "mark", Some(&e164)));
        return view! { <a class=class href=href aria-label=format!("Sign in to hold {formatted}")>"Hold"</a> };
    }
    if Viewer::here() == Viewer::Reader {
        return ().into_any();
    }
    let node = NodeRef::<html::Button>::new();
    take_focus(node, e164.clone());
    let pending = {
        let e164 = e164.clone();
        move || search.hold.pending().get() && search.hold.input().read().as_ref().is_some_and(|input| input.e164 == e164)
    };
    let touch = {
        let e164 = e164.clone();
        move |_| search.touched.set_value(Some(e164.clone()))
    };
    view! {
        <ActionForm action=search.hold>
            <input type="hidden" name="e164" value=e164/>
            <button type="submit" class=class node_ref=node autofocus=first aria-label=format!("Hold {formatted}") disabled=pending on:click=touch>
                "Hold"
            </button>
        </ActionForm>
    }
}

/// Gives a hold back.
#[component]
fn ReleasePress(id: String, phone: PhoneView) -> impl IntoView {
    let search = use_search();
    let tray = use_tray();
    let PhoneView { e164, formatted } = phone;
    let node = NodeRef::<html::Button>::new();
    take_focus(node, e164.clone());
    let pending = {
        let id = id.clone();
        move || tray.release.pending().get() && tray.release.input().read().as_ref().is_some_and(|input| input.id == id)
    };
    view! {
        <ActionForm action=tray.release>
            <input type="hidden" name="id" value=id/>
            <button
                type="submit"
                class="btn"
                node_ref=node
                aria-label=format!("Release the hold on {formatted}")
                disabled=pending
                on:click=move |_| search.touched.set_value(Some(e164.clone()))
            >
                "Release"
            </button>
        </ActionForm>
    }
}
