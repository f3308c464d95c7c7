//! A number that somebody else has: what happened, what was not touched, and numbers close to it that are free now.

use leptos::prelude::*;

use super::buy::{Opened, dialog};
use super::row::{HoldPress, place_text};
use super::{query, refused_number, use_search};
use crate::domain::e164::E164;
use crate::domain::refusal::{Refusal, Unavailable};
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::rpc::holds::{LookAlikeView, look_alikes};
use crate::rpc::shapes::PhoneView;
use crate::ui::badge::Badge;
use crate::ui::dialog::Dialog;
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::Note;
use crate::ui::phone::Phone;
use crate::ui::skeleton::SkeletonRows;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::Instant;

/// Why a number cannot be had, as far as it is known. A reloaded page knows the number only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    reason: Option<Unavailable>,
    free_at: Option<Timestamp>,
    owned_by_you: bool,
    restore_until: Option<Timestamp>,
}

impl Facts {
    /// From a refusal; nothing when it is about something else.
    #[must_use]
    pub const fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::NumberUnavailable { reason, free_at, owned_by_you, restore_until, .. } => {
                Some(Self { reason: Some(*reason), free_at: *free_at, owned_by_you: *owned_by_you, restore_until: *restore_until })
            }
            _ => None,
        }
    }

    /// What happened, as the dialog's title.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self { owned_by_you: true, .. } => "This number is yours already",
            Self { restore_until: Some(_), .. } => "You released this number",
            Self { reason: Some(Unavailable::Sold), .. } => "Somebody else just bought this number",
            Self { reason: Some(Unavailable::Held), .. } => "Somebody else holds this number",
            Self { reason: Some(Unavailable::Aging), .. } => "This number rests after a release",
            _ => "This number is not free",
        }
    }

    const fn badge(&self) -> (&'static str, &'static str) {
        match self.reason {
            Some(Unavailable::Held) => ("timer-off", "On hold"),
            Some(Unavailable::Aging) => ("hourglass", "Aging"),
            _ => ("circle-slash", "Sold"),
        }
    }
}

/// The number as people read it, from the one in the URL.
#[must_use]
pub fn phone_of(e164: &str) -> PhoneView {
    let formatted = E164::parse(e164).map_or_else(|_| e164.to_owned(), |number| number.formatted());
    PhoneView { e164: e164.to_owned(), formatted }
}

/// Opens after a press on Hold that somebody else was faster than.
#[component]
pub fn TakenDialog() -> impl IntoView {
    let search = use_search();
    let here = use_here();
    let parameters = leptos_router::hooks::use_query_map();
    let target =
        Memo::new(move |_| parameters.with(|parameters| query::number_param(parameters, "taken")).or_else(|| refused_number(search)));
    let close = load(
        move || target.get(),
        |target| async move {
            match target {
                Some(e164) => look_alikes(e164).await.unwrap_or_default(),
                None => Vec::new(),
            }
        },
    );
    let facts = move |e164: &str| {
        search.hold.value().with_untracked(|value| match value {
            Some(Err(AppError::Refused { refusal })) if refused_number(search).as_deref() == Some(e164) => {
                Facts::of(refusal).unwrap_or_default()
            }
            _ => Facts::default(),
        })
    };
    let close_href = move || {
        let here = here.get_untracked();
        ["taken", "__err", "__path"].into_iter().fold(here, |address, name| with_param(&address, name, None))
    };
    reactive(move || {
        target.get().map(|e164| {
            let facts = untrack(|| facts(&e164));
            let back = close_href();
            view! {
                <Dialog title=facts.title() close_href=back.clone() wide=true>
                    <Transition fallback=|| view! { <SkeletonRows rows=5/> }>
                        {
                            let (e164, back) = (e164.clone(), back.clone());
                            move || {
                                let (e164, back) = (e164.clone(), back.clone());
                                Suspend::new(async move {
                                    let numbers = close.await;
                                    dialog(Opened::Taken { e164, facts, numbers, back }).await
                                })
                            }
                        }
                    </Transition>
                </Dialog>
            }
        })
    })
}

/// The lost number and what was not touched.
#[component]
pub fn TakenHead(e164: String, facts: Facts) -> impl IntoView {
    let frame = use_frame();
    let currency = frame.currency();
    let available = frame.count(|counts| counts.available);
    let (icon, text) = facts.badge();
    let free_at = facts.free_at.map(|at| view! { <span class="muted">"free again " <Instant at/></span> });
    let own = facts.owned_by_you || facts.restore_until.is_some();
    let untouched = move || match available.get() {
        Some(available) => format!("Your wallet still has {} available, and your holds are untouched.", available.display(&currency)),
        None => String::from("Your wallet and your holds are untouched."),
    };
    let open = own.then(|| view! { <a class="link" href=format!("/numbers/{e164}")>"Open the number"</a> });
    view! {
        <p class="taken-number">
            <Phone phone=phone_of(&e164) size="xl" struck=!own/>
            {(!own).then(|| view! { <Badge family="idle" icon text/> })}
            {free_at}
            {open}
        </p>
        {move || view! { <Note family="ok" icon="shield-check" title="Nothing was charged." text=untouched()/> }}
    }
}

/// Up to five free numbers, with why each is close.
#[component]
pub fn LookAlikes(numbers: Vec<LookAlikeView>) -> impl IntoView {
    if numbers.is_empty() {
        return view! { <p class="muted taken-none">"Nothing close to it is free right now."</p> };
    }
    let currency = use_frame().currency();
    let underlined = numbers.iter().any(|number| !number.differing.is_empty());
    let rows = numbers
        .into_iter()
        .enumerate()
        .map(|(index, number)| {
            let LookAlikeView { phone, differing, why, locality, region, vanity, monthly, .. } = number;
            let spells = if vanity.is_empty() { String::new() } else { format!(", spells {vanity}") };
            view! {
                <li class="look-alike">
                    <Phone phone=phone.clone() size="md2" differing/>
                    <span class="look-alike-why"><b>{why}</b><small>{place_text(&locality, &region)}{spells}</small></span>
                    <span class="look-alike-price num"><b>{monthly.display(&currency)}</b>"/month"</span>
                    <HoldPress phone class="btn btn-tonal" first=index == 0/>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="look-alikes-head">
            <h3 id="look-alikes">"Free right now and close to it"</h3>
            {underlined.then(|| view! { <small class="muted">"Differing digits are underlined"</small> })}
        </div>
        <ul class="look-alikes" aria-labelledby="look-alikes">{rows}</ul>
    }
}

/// What a hold is, and the way out.
#[component]
pub fn TakenFoot(back: String) -> impl IntoView {
    view! {
        <div class="taken-foot">
            <p class="muted"><Icon name="timer"/> "A hold is free and keeps a number yours for 30 minutes."</p>
            <a class="btn btn-lg" href=back data-noscroll="">"Back to results"</a>
        </div>
    }
}
