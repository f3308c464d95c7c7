//! Releasing a number (`?release=1`): what stops, what is lost and until when it can be undone; and the panel that undoes it.

use leptos::prelude::*;

use super::NumberActions;
use crate::domain::account::Role;
use crate::domain::time::{SECONDS_PER_DAY, Timestamp};
use crate::pages::board::{last_call_text, place_text};
use crate::rpc::error::AppError;
use crate::rpc::numbers::{OwnedRow, ReleaseNumber, ReleasePreview, get_number, release_preview};
use crate::rpc::shapes::Moment;
use crate::ui::action_form::ActionForm;
use crate::ui::clock::{Countdown, remaining_text};
use crate::ui::dialog::Dialog;
use crate::ui::form::{LoadRefused, field_error, successes, use_alive, use_text_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{Note, RefusalNote, action_error, refusal_text};
use crate::ui::phone::Phone;
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::view;
use crate::ui::when::When;

/// What the dialog shows: the preview, the number's row, and the server's clock.
type Asked = (ReleasePreview, OwnedRow, Timestamp);

/// Nothing unless the release is asked for and the number is not released already.
async fn asked_release(number: Option<String>) -> Result<Option<Asked>, AppError> {
    let Some(number) = number else { return Ok(None) };
    let view = get_number(number.clone()).await?;
    if view.row.restore_until.is_some() {
        return Ok(None);
    }
    let preview = release_preview(number).await?;
    Ok(Some((preview, view.row, view.now)))
}

/// The dialog; nothing while `?release` is absent. Made beside the page's data, not inside it: what is read inside an
/// answer is not there when a browser takes the page over.
#[component]
pub fn ReleaseDialog(number: Memo<String>, action: ServerAction<ReleaseNumber>) -> impl IntoView {
    let asked = use_text_parameter("release");
    let here = use_here();
    let released = successes(action);
    let preview =
        load(move || ((!asked.with(String::is_empty)).then(|| number.get()), released.get()), |(number, _)| asked_release(number));
    view! {
        <Transition>
            {move || {
                let close = with_param(&here.get(), "release", None);
                Suspend::new(async move {
                    match preview.await {
                        Ok(None) => ().into_any(),
                        Ok(Some((preview, row, now))) => {
                            view! { <Preview preview=preview about=about(&row, now) now=now close=close action=action/> }
                        }
                        Err(error) => view! { <Unreadable error=error close=close/> },
                    }
                })
            }}
        </Transition>
    }
}

/// `Oakland, CA. East Bay flyers. Called 1 h ago.`
fn about(row: &OwnedRow, now: Timestamp) -> String {
    let label = if row.label.is_empty() { String::new() } else { format!(" {}.", row.label) };
    format!("{}.{label} {}.", place_text(row), last_call_text(row, now))
}

#[component]
fn Unreadable(error: AppError, close: String) -> impl IntoView {
    view! {
        <Dialog title="Release this number?" close_href=close><LoadRefused error=error/></Dialog>
    }
}

#[component]
fn Preview(preview: ReleasePreview, about: String, now: Timestamp, close: String, action: ServerAction<ReleaseNumber>) -> impl IntoView {
    let currency = use_frame().currency();
    let refusal = preview.refusal.as_ref().map(|refusal| refusal_text(refusal, &currency));
    let refused = refusal.is_some();
    let form = (!refused).then(|| {
        let (phone, id, confirm) = (preview.phone.formatted.clone(), preview.id.clone(), preview.confirm.clone());
        view! { <Confirm formatted=phone id=id confirm=confirm close=close.clone() action=action/> }
    });
    view! {
        <Dialog title="Release this number?" close_href=close wide=true>
            <div class="release-number">
                <Phone phone=preview.phone.clone() size="xl"/>
                <p class="muted">{about}</p>
            </div>
            {refusal.map(|(title, text)| view! { <Note family="danger" icon="ban" title=title text=text/> })}
            <h3 class="release-heading">"What stops at once"</h3>
            <Stops preview=preview.clone() currency=currency/>
            <h3 class="release-heading">"What happens then"</h3>
            <Then preview=preview now=now/>
            {form}
        </Dialog>
    }
}

#[component]
fn Stops(preview: ReleasePreview, currency: String) -> impl IntoView {
    let stops = preview
        .stops
        .into_iter()
        .map(|text| view! { <li><Icon name="unplug" size=18/><span><strong>{text}</strong></span></li> })
        .collect_view();
    let monthly = preview.monthly.display(&currency);
    let rental = preview.paid_until.map(|until| {
        view! {
            <li>
                <Icon name="wallet" size=18/>
                <span>
                    <strong>"Rental ends, the rest of this month is not refunded"</strong>
                    <span class="muted">"Paid until "<When moment=until style="day"/>{format!(". Each month after that saves {monthly}.")}</span>
                </span>
            </li>
        }
    });
    view! { <ul class="consequences">{stops}{rental}</ul> }
}

/// `24 hours`, `3 days`, else as a clock.
fn window_text(recovery_s: i64) -> String {
    match recovery_s {
        3_600 => String::from("1 hour"),
        _ if recovery_s % SECONDS_PER_DAY == 0 && recovery_s > SECONDS_PER_DAY => format!("{} days", recovery_s / SECONDS_PER_DAY),
        _ if recovery_s % 3_600 == 0 => format!("{} hours", recovery_s / 3_600),
        _ => remaining_text(recovery_s),
    }
}

/// Undo, aging, stock: the three stretches of time after a release.
#[component]
fn Then(preview: ReleasePreview, now: Timestamp) -> impl IntoView {
    let undo = (now < preview.recoverable_until.at && preview.recovery_s > 0).then(|| {
        view! {
            <li class="then then-undo">
                <span class="then-when"><Icon name="undo-2"/>{window_text(preview.recovery_s)}</span>
                <strong>"You can undo it"</strong>
                <span>"until "<When moment=preview.recoverable_until.clone()/>", with agent, routes and label"</span>
            </li>
        }
    });
    let aging = preview.aging_until.clone().map(|until| {
        view! {
            <li class="then">
                <span class="then-when"><Icon name="hourglass"/>{format!("{} days", preview.aging_days)}</span>
                <strong>"Only you can buy it back"</strong>
                <span>"aging until "<When moment=until style="day"/></span>
            </li>
        }
    });
    let after = match preview.aging_until {
        Some(_) => ("Anybody can buy it", "it goes back into stock"),
        None => ("It leaves Dialyard", "it stays with your own carrier"),
    };
    view! {
        <ul class="thens">
            {undo}
            {aging}
            <li class="then">
                <span class="then-when"><Icon name="circle-dashed"/>"After"</span>
                <strong>{after.0}</strong>
                <span>{after.1}</span>
            </li>
        </ul>
    }
}

/// The last four digits, typed into the number itself. In a browser the button waits for them; without one the server checks.
#[component]
fn Confirm(formatted: String, id: String, confirm: String, close: String, action: ServerAction<ReleaseNumber>) -> impl IntoView {
    let alive = use_alive();
    let typed = RwSignal::new(String::new());
    let pending = action.pending();
    let error = action_error(action);
    let wrong = field_error(error, "typed");
    let front = formatted.strip_suffix(&confirm).unwrap_or(&formatted).to_owned();
    let length = confirm.len();
    let asked = if length == 4 {
        String::from("Type the last four digits to confirm")
    } else {
        format!("Type the last {length} digits to confirm")
    };
    let matches = Memo::new(move |_| typed.with(|typed| typed.trim() == confirm));
    let verb = format!("Release {formatted}");
    view! {
        <ActionForm action=action>
            <input type="hidden" name="id" value=id/>
            <label class="release-label" for="typed">{asked}</label>
            <div class="release-typed">
                <span class="phone phone-md2"><span class="phone-area">{front}</span></span>
                <input
                    class="field-input release-input num"
                    id="typed"
                    name="typed"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength=length.to_string()
                    required=true
                    autofocus=true
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    aria-describedby="typed-note"
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                {move || matches.get().then(|| view! { <Icon name="check" size=20/> })}
            </div>
            <p id="typed-note" class="field-error">{move || wrong.get()}</p>
            <RefusalNote error=error/>
            <div class="dialog-actions">
                <a class="btn btn-lg" href=close data-noscroll="">"Keep the number"</a>
                <button
                    type="submit"
                    class="btn btn-danger btn-lg"
                    disabled=move || pending.get() || (alive.get() && !matches.get())
                >
                    {verb}
                </button>
            </div>
        </ActionForm>
    }
}

/// Stands over the page of a released number while the release can be undone.
#[component]
pub fn ReleasedPanel(row: OwnedRow, until: Moment, now: Timestamp, actions: NumberActions) -> impl IntoView {
    let may = use_frame().can(Role::Member);
    let error = action_error(actions.restore);
    let place = place_text(&row);
    view! {
        <section class="released-panel" aria-labelledby="released">
            <Icon name="undo-2" size=20/>
            <div class="released-text">
                <h2 id="released">"Released"</h2>
                <p>
                    {format!("{} ({place}) can be brought back with its agent, routes and label until ", row.phone.formatted)}
                    <When moment=until.clone()/>
                    "."
                </p>
            </div>
            <Countdown expires_at=until.at now=now hold_timeout_s=SECONDS_PER_DAY/>
            {may.then(|| view! {
                <ActionForm action=actions.restore>
                    <input type="hidden" name="id" value=row.id.clone()/>
                    <button type="submit" class="btn btn-primary"><Icon name="undo-2"/>"Undo the release"</button>
                </ActionForm>
            })}
        </section>
        <RefusalNote error=error/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_read_as_people_say_them() {
        assert_eq!(window_text(86_400), "24 hours");
        assert_eq!(window_text(172_800), "2 days");
        assert_eq!(window_text(3_600), "1 hour");
        assert_eq!(window_text(5_400), "1 h 30 min");
    }
}
