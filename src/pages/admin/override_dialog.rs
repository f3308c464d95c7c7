//! Ending a cool-off by force, while the URL says `?override=<id>`: what is skipped, what happens, why, and the typed digits.
//!
//! The button opens in the browser when both texts are right; the server checks them again.

use leptos::prelude::*;

use crate::domain::time::Timestamp;
use crate::rpc::admin::{CoolOffRow, OverrideCoolOff};
use crate::rpc::error::AppError;
use crate::rpc::shapes::PhoneView;
use crate::ui::action_form::ActionForm;
use crate::ui::clock::{DayCells, remaining_text};
use crate::ui::dialog::Dialog;
use crate::ui::form::{field_error, use_alive, use_parameter};
use crate::ui::icon::Icon;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::reason::{ReasonField, reason_fits};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::When;

/// How many of the last digits are typed.
const TYPED_DIGITS: usize = 4;

/// Shows the dialog while its parameter names one of the rows.
#[component]
pub(super) fn OverrideDialog(
    rows: Vec<CoolOffRow>,
    now: Timestamp,
    cool_off_days: u16,
    action: ServerAction<OverrideCoolOff>,
) -> impl IntoView {
    let chosen = use_parameter("override");
    let here = use_here();
    let rows = StoredValue::new(rows);
    reactive(move || {
        let id = chosen.get()?;
        let row = rows.with_value(|rows| rows.iter().find(|row| row.id == id).cloned())?;
        let close = with_param(&here.get_untracked(), "override", None);
        Some(view! {
            <Dialog title="Override this cool-off?" close_href=close.clone() wide=true>
                <div class="stack-5 override-dialog">
                    <Skipped row=row.clone() now/>
                    {if row.locked {
                        view! { <Locked row/> }
                    } else {
                        view! { <Consequences row=row.clone() cool_off_days/><OverrideForm row action close/> }
                    }}
                </div>
            </Dialog>
        })
    })
}

#[component]
fn Locked(row: CoolOffRow) -> impl IntoView {
    view! {
        <Note
            family="warn"
            icon="lock"
            title="The number is locked."
            text=format!("Also an override leaves a locked number where it is. {} has to unlock it first.", row.organization)
        />
    }
}

/// The number, its place, and the days that would be skipped.
#[component]
fn Skipped(row: CoolOffRow, now: Timestamp) -> impl IntoView {
    view! {
        <div class="stack-3">
            <div>
                <Phone phone=row.phone size="xl"/>
                <p class="override-place">{format!("{}, a sub-account of {}", row.sub_account, row.organization)}</p>
            </div>
            <div class="override-cells">
                <DayCells clock=row.clock.clone() now skipped=true/>
                <div class="override-scale">
                    <span>"Last call "<When moment=row.last_call/></span>
                    <span class="override-skip"><Icon name="fast-forward"/><strong>{format!("{} skipped", remaining_text(row.clock.remaining_s))}</strong></span>
                    <span><span class="sr-only">"Would end "</span><When moment=row.clock.until/></span>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Consequences(row: CoolOffRow, cool_off_days: u16) -> impl IntoView {
    let agent = match row.agent {
        Some(agent) => format!("{agent} stops answering. Nobody answers until it is assigned again."),
        None => String::from("No agent is on it. Nobody answers until it is assigned again."),
    };
    view! {
        <ul class="consequences">
            <li>
                <Icon name="inbox" size=18/>
                <div><strong>{format!("It moves to the pool of {} at once", row.organization)}</strong><small>{format!("{} loses it without the {cool_off_days} days", row.sub_account)}</small></div>
            </li>
            <li><Icon name="unplug" size=18/><div><strong>"Its agent and routes are taken off"</strong><small>{agent}</small></div></li>
            <li>
                <Icon name="scroll-text" size=18/>
                <div><strong>"An audit row is written with your name"</strong><small>{format!("{} can read it", row.organization)}</small></div>
            </li>
        </ul>
    }
}

#[component]
fn OverrideForm(row: CoolOffRow, action: ServerAction<OverrideCoolOff>, close: String) -> impl IntoView {
    let error = action_error(action);
    let alive = use_alive();
    let reason = RwSignal::new(String::new());
    let (typed, set_typed) = signal(String::new());
    let (before, wanted) = split_last_digits(&row.phone);
    let matching = {
        let wanted = wanted.clone();
        move || typed.with(|typed| *typed == wanted)
    };
    let ready = move || reason.with(|reason| reason_fits(reason)) && matching();
    let shut = Memo::new(move |_| action.pending().get() || (alive.get() && !ready()));
    let label = format!("Override and take back {}", row.phone.formatted);
    view! {
        <ActionForm action>
            <div class="stack-5">
                <RefusalNote error/>
                <input type="hidden" name="id" value=row.id/>
                <ReasonField error reason id="override-reason"/>
                <TypedField error before wanted typed set_typed/>
                <div>
                    <div class="dialog-actions">
                        <a class="btn btn-lg" href=close data-noscroll="">"Leave it running"</a>
                        <button type="submit" class="btn btn-danger btn-lg override-button" disabled=move || shut.get() aria-describedby="override-note">{label}</button>
                    </div>
                    <p class="field-hint override-note" id="override-note">"The button opens when the reason is long enough and the digits match."</p>
                </div>
            </div>
        </ActionForm>
    }
}

#[component]
fn TypedField(
    error: Signal<Option<AppError>>,
    /// The number up to the digits that are typed.
    before: String,
    wanted: String,
    typed: ReadSignal<String>,
    set_typed: WriteSignal<String>,
) -> impl IntoView {
    let message = field_error(error, "typed");
    let wrong = move || message.with(Option::is_some);
    let progress = move || typed.with(|typed| typed_progress(typed, &wanted));
    view! {
        <div class="field" class:field-wrong=wrong>
            <label class="field-label" for="override-typed">"Type the last four digits to confirm"</label>
            <div class="typed-number">
                <span class="typed-before num" aria-hidden="true">{before}</span>
                <input
                    class="field-input typed-input num"
                    id="override-typed"
                    name="typed"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    required
                    maxlength=TYPED_DIGITS
                    aria-invalid=move || wrong().then_some("true")
                    aria-describedby="override-typed-note"
                    on:input:target=move |event| set_typed.set(event.target().value())
                />
                <span class="field-hint" id="override-typed-note" aria-live="polite">{progress}</span>
            </div>
            {move || message.get().map(|message| view! { <p class="field-error" role="alert"><Icon name="circle-alert" size=14/>{message}</p> })}
        </div>
    }
}

/// How far the typing is.
fn typed_progress(typed: &str, wanted: &str) -> &'static str {
    if typed == wanted {
        return "the digits match";
    }
    if !wanted.starts_with(typed) {
        return "these are not its digits";
    }
    match wanted.len() - typed.len() {
        1 => "one digit to go",
        2 => "two digits to go",
        3 => "three digits to go",
        _ => "four digits to go",
    }
}

/// A formatted number up to its last four digits, and those digits.
fn split_last_digits(phone: &PhoneView) -> (String, String) {
    let digits: Vec<(usize, char)> = phone.formatted.char_indices().filter(|(_, character)| character.is_ascii_digit()).collect();
    let last = digits.get(digits.len().saturating_sub(TYPED_DIGITS)..).unwrap_or_default();
    let start = last.first().map_or(phone.formatted.len(), |(index, _)| *index);
    let before = phone.formatted.get(..start).unwrap_or_default();
    (String::from(before), last.iter().map(|(_, digit)| digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(formatted: &str) -> PhoneView {
        PhoneView { e164: String::new(), formatted: String::from(formatted) }
    }

    #[test]
    fn the_last_four_digits_are_typed_wherever_they_stand() {
        assert_eq!(split_last_digits(&phone("(312) 555-0147")), (String::from("(312) 555-"), String::from("0147")));
        assert_eq!(split_last_digits(&phone("+33 1 23 45 67 89")), (String::from("+33 1 23 45 "), String::from("6789")));
        assert_eq!(split_last_digits(&phone("")), (String::new(), String::new()));
    }

    #[test]
    fn typing_says_how_far_it_is() {
        assert_eq!(typed_progress("", "0147"), "four digits to go");
        assert_eq!(typed_progress("01", "0147"), "two digits to go");
        assert_eq!(typed_progress("0147", "0147"), "the digits match");
        assert_eq!(typed_progress("02", "0147"), "these are not its digits");
    }
}
