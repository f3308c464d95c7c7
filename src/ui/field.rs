//! Form fields: label above, hint below, and an error in place of the hint.

use leptos::prelude::*;

use super::icon::Icon;
use crate::ui::view::{reactive, view};

/// One line of text. `error` replaces the hint and marks the field.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    name: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] inputmode: &'static str,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] maxlength: Option<u16>,
    #[prop(optional)] id: &'static str,
) -> impl IntoView {
    let id = if id.is_empty() { name } else { id };
    let described_by = described_by(id, hint.is_empty(), error);
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="field-label" for=id>{label}</label>
            <input
                class="field-input"
                id=id
                name=name
                type=kind
                value=value
                required=required
                autocomplete=some_text(autocomplete)
                inputmode=some_text(inputmode)
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                maxlength=maxlength
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <FieldFoot id hint error/>
        </div>
    }
}

/// A choice of several values.
#[component]
pub fn SelectField(
    #[prop(into)] label: String,
    name: &'static str,
    /// Value and text of each choice.
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] id: &'static str,
) -> impl IntoView {
    let id = if id.is_empty() { name } else { id };
    let described_by = described_by(id, hint.is_empty(), error);
    let options = options
        .into_iter()
        .map(|(choice, text)| {
            let chosen = choice == value;
            view! { <option value=choice selected=chosen>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="field-label" for=id>{label}</label>
            <span class="select">
                <select
                    class="field-input"
                    id=id
                    name=name
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                >
                    {options}
                </select>
                <Icon name="chevron-down"/>
            </span>
            <FieldFoot id hint error/>
        </div>
    }
}

/// A longer text. `error` replaces the hint and marks the field.
#[component]
pub fn TextAreaField(
    #[prop(into)] label: String,
    name: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u8,
    #[prop(optional)] minlength: Option<u16>,
    #[prop(optional)] maxlength: Option<u16>,
    #[prop(optional)] id: &'static str,
) -> impl IntoView {
    let id = if id.is_empty() { name } else { id };
    let described_by = described_by(id, hint.is_empty(), error);
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="field-label" for=id>{label}</label>
            <textarea
                class="field-input"
                id=id
                name=name
                rows=rows
                required=required
                minlength=minlength
                maxlength=maxlength
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            >
                {value}
            </textarea>
            <FieldFoot id hint error/>
        </div>
    }
}

/// The line under a field: its error, else its hint. Both keep one id, so that the field always points at what is shown.
#[component]
fn FieldFoot(id: &'static str, hint: String, error: Signal<Option<String>>) -> impl IntoView {
    let hint = StoredValue::new(hint);
    reactive(move || match error.get() {
        Some(message) => view! {
            <p class="field-error" id=format!("{id}-note") role="alert">
                <Icon name="circle-alert" size=14/>
                {message}
            </p>
        },
        None => {
            let hint = hint.get_value();
            (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-note")>{hint}</p> }).into_any()
        }
    })
}

fn described_by(id: &'static str, no_hint: bool, error: Signal<Option<String>>) -> impl Fn() -> Option<String> {
    move || (error.with(Option::is_some) || !no_hint).then(|| format!("{id}-note"))
}

fn some_text(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}
