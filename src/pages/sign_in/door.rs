//! What the pages without a frame share: the keypad panel, the brand, and the password field.

use leptos::html::Input;
use leptos::prelude::*;

use crate::ui::form::use_alive;
use crate::ui::icon::Icon;
use crate::ui::mark::Brand;
use crate::ui::view::view;

/// The keys with their letters. The lit ones spell D I A L; the letter meant is the one at that index.
const KEYS: [(&str, &str, Option<usize>); 12] = [
    ("1", "", None),
    ("2", "ABC", Some(0)),
    ("3", "DEF", Some(0)),
    ("4", "GHI", Some(2)),
    ("5", "JKL", Some(2)),
    ("6", "MNO", None),
    ("7", "PQRS", None),
    ("8", "TUV", None),
    ("9", "WXYZ", None),
    ("*", "", None),
    ("0", "+", None),
    ("#", "", None),
];

/// The keypad panel on the left and the page on the right.
#[component]
pub fn Door(children: Children) -> impl IntoView {
    view! {
        <div class="door">
            <div class="door-panel">
                <Keypad/>
                <p class="door-words">"Search, hold, buy, point "<br/>"and return phone numbers."</p>
            </div>
            <div class="door-main">
                <div class="door-body">
                    <Brand/>
                    {children()}
                </div>
            </div>
        </div>
    }
}

/// Decoration: the mark of Dialyard, large.
#[component]
fn Keypad() -> impl IntoView {
    let keys = KEYS.map(|(digit, letters, lit)| {
        let letters = letters.chars().enumerate().map(|(index, letter)| {
            if lit == Some(index) {
                view! { <b>{letter}</b> }
            } else {
                letter.into_any()
            }
        });
        let digit_class = if digit == "*" { "door-digit door-star" } else { "door-digit" };
        view! {
            <div class=if lit.is_some() { "door-key door-key-lit" } else { "door-key" }>
                <span class=digit_class>{digit}</span>
                <span class="door-letters">{letters.collect_view()}</span>
            </div>
        }
    });
    view! { <div class="door-keypad" aria-hidden="true">{keys.into_iter().collect_view()}</div> }
}

/// A password with a button that shows it, which comes with the browser.
#[component]
pub fn PasswordField(
    #[prop(into)] label: String,
    id: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let alive = use_alive();
    let (shown, set_shown) = signal(false);
    let input = NodeRef::<Input>::new();
    let toggle = move |_| {
        set_shown.update(|shown| *shown = !*shown);
        if let Some(input) = input.get_untracked() {
            // Focus that is refused changes nothing about the field.
            let _ = input.focus();
        }
    };
    let note = move || {
        let (class, text) = match error.get() {
            Some(message) => ("field-error", message),
            None => ("field-hint", String::from(hint)),
        };
        (!text.is_empty()).then(|| view! { <p class=class id=format!("{id}-note")>{text}</p> })
    };
    let described = move || (error.with(Option::is_some) || !hint.is_empty()).then(|| format!("{id}-note"));
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="field-label" for=id>{label}</label>
            <div class="password">
                <input
                    class="field-input"
                    id=id
                    name="password"
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    required
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                    node_ref=input
                />
                {move || alive.get().then(|| view! {
                    <button type="button" class="btn btn-quiet btn-icon password-show" aria-pressed=move || shown.get().to_string() aria-label="Show the password" on:click=toggle>
                        {move || if shown.get() { view! { <Icon name="eye-off" size=18/> } } else { view! { <Icon name="eye" size=18/> } }}
                    </button>
                })}
            </div>
            {note}
        </div>
    }
}
