//! Messages on the page: what was refused and why, and notes of every colour family.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::clock::remaining_text;
use super::frame::use_frame;
use super::icon::Icon;
use super::when::Instant;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::rpc::error::AppError;
use crate::ui::view::{reactive, view};

pub use super::refusal_words::refusal_text;

/// What went wrong: what was not changed and what to do next, with amounts and clocks. Nothing while there is no error.
#[component]
pub fn RefusalNote(#[prop(into)] error: Signal<Option<AppError>>) -> impl IntoView {
    let currency = StoredValue::new(use_frame().currency());
    reactive(move || error.get().map(|error| currency.with_value(|currency| error_view(&error, currency))))
}

fn error_view(error: &AppError, currency: &str) -> AnyView {
    match error {
        AppError::Refused { refusal } => {
            let (title, remedy) = refusal_text(refusal, currency);
            let fact = refusal_fact(refusal);
            view! {
                <div class="note note-danger" role="alert">
                    <Icon name="circle-alert" size=20/>
                    <div class="note-text">
                        <strong class="note-title">{title}</strong>
                        <p>{fact} {remedy}</p>
                    </div>
                </div>
            }
        }
        AppError::Internal { incident_id } => {
            let text = format!("{} The incident number is {incident_id}.", error.code().remedy());
            view! { <Note family="danger" icon="octagon-alert" title=error.code().title() text alert=true/> }
        }
        AppError::Transport => {
            let text = "Check the connection and try again; repeating it is safe.";
            view! { <Note family="danger" icon="unplug" title="No answer arrived, so it is not known whether anything was changed." text alert=true/> }
        }
    }
}

/// The instant that matters to a refusal, in a sentence of its own.
fn refusal_fact(refusal: &Refusal) -> Option<AnyView> {
    let sentence = |before: &'static str, at: Timestamp, after: String| view! { {before} <Instant at/> {after} " " };
    match refusal {
        Refusal::DidCoolOffInEffect { cool_off_until, remaining_s } => {
            Some(sentence("It ends ", *cool_off_until, format!(", in {}.", remaining_text(*remaining_s))))
        }
        Refusal::NumberUnavailable { restore_until: Some(until), .. } => {
            Some(sentence("That is possible until ", *until, String::from(".")))
        }
        Refusal::NumberUnavailable { free_at: Some(at), .. } => Some(sentence("It is free again ", *at, String::from("."))),
        Refusal::ExtendLimitReached { extendable_from: Some(from) } => Some(sentence("It can be extended from ", *from, String::from("."))),
        _ => None,
    }
}

/// A note in the page. Families: `ok lamp idle warn danger cool undo accent`. `alert` makes screen readers say it at once.
#[component]
pub fn Note(
    family: &'static str,
    icon: &'static str,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: String,
    #[prop(optional)] alert: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=format!("note note-{family}") role=alert.then_some("alert")>
            <Icon name=icon size=20/>
            <div class="note-text">
                <strong class="note-title">{title}</strong>
                {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// The error of the last run of an action, for [`RefusalNote`] and for fields. Without JavaScript it comes back in the address.
#[must_use]
pub fn action_error<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().err().cloned())))
}
