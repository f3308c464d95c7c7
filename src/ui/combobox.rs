//! A text field with suggestions: the browser's own list, so that it works without scripts and as every reader of screens expects.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::ui::view::view;

/// A value that is suggested, and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub value: String,
    pub label: String,
}

/// What is typed need not be among the suggestions. `value` stands in the field at first, `shown` whenever the page changes it.
#[component]
pub fn Combobox(
    /// For the list too: unique on the page.
    id: &'static str,
    name: &'static str,
    /// Of the form that the field belongs to, if it stands outside of it.
    form: &'static str,
    label: &'static str,
    value: String,
    shown: impl Fn() -> String + Clone + Send + Sync + 'static,
    suggestions: Vec<Suggestion>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] wrong: bool,
    #[prop(default = "text")] inputmode: &'static str,
    #[prop(optional)] maxlength: Option<u16>,
    /// What is in the field when it is left, or when a suggestion is chosen.
    choose: impl Fn(String) + Send + Sync + 'static,
) -> impl IntoView {
    let list = format!("{id}-suggestions");
    let options = suggestions.into_iter().map(|one| view! { <option value=one.value label=one.label></option> }).collect_view();
    view! {
        <input
            id=id
            class=format!("field-input {class}")
            name=name
            form=form
            list=list.clone()
            inputmode=inputmode
            maxlength=maxlength.map(|most| most.to_string())
            autocomplete="off"
            placeholder="Any"
            aria-label=label
            aria-invalid=wrong.then_some("true")
            value=value
            prop:value=shown
            on:change=move |event: Event| choose(event_target_value(&event).trim().to_owned())
        />
        <datalist id=list>{options}</datalist>
    }
}
