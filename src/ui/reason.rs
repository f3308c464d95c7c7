//! The reason that every forced or adjusting act of the operator carries (rules.md R3). The server checks it again.

use leptos::prelude::*;

use super::form::field_error;
use super::icon::Icon;
use crate::rpc::error::AppError;
use crate::ui::view::view;

/// Fewest and most characters of a reason.
const REASON_LENGTH: std::ops::RangeInclusive<usize> = 10..=500;

/// Characters of a reason as the server counts them: without the spaces around it.
fn reason_length(reason: &str) -> usize {
    reason.trim().chars().count()
}

/// Whether a reason is long enough and not too long.
#[must_use]
pub fn reason_fits(reason: &str) -> bool {
    REASON_LENGTH.contains(&reason_length(reason))
}

/// The field, with how long the reason is so far. `aside` says who reads it.
#[component]
pub fn ReasonField(
    error: Signal<Option<AppError>>,
    reason: RwSignal<String>,
    /// The id of the field.
    id: &'static str,
    #[prop(default = "required, kept in the audit log")] aside: &'static str,
) -> impl IntoView {
    let message = field_error(error, "reason");
    let wrong = move || message.with(Option::is_some);
    view! {
        <div class="field" class:field-wrong=wrong>
            <label class="field-label" for=id>"Reason "<span class="field-aside">{aside}</span></label>
            <textarea
                class="field-input"
                id=id
                name="reason"
                rows="2"
                required
                minlength=*REASON_LENGTH.start()
                maxlength=*REASON_LENGTH.end()
                aria-invalid=move || wrong().then_some("true")
                aria-describedby=format!("{id}-note")
                on:input:target=move |event| reason.set(event.target().value())
            ></textarea>
            <div class="reason-foot" id=format!("{id}-note")>
                {move || match message.get() {
                    Some(message) => view! { <span class="field-error" role="alert"><Icon name="circle-alert" size=14/>{message}</span> },
                    None => view! { <span class="field-hint">"10 to 500 characters"</span> },
                }}
                <span class="field-hint num">{move || reason.with(|reason| reason_length(reason))}</span>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_around_a_reason_do_not_count() {
        assert_eq!(reason_length("  ticket 4471 "), 11);
        assert!(!reason_fits("   padded     ") && reason_fits("ten letter") && !reason_fits(&"x".repeat(501)));
    }
}
