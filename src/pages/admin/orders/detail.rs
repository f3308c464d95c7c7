//! One order while the URL says `?order=<id>`: what is known of it, its recorded steps, and for a stuck one the two ways out.

use leptos::prelude::*;

use super::OrderBadge;
use crate::domain::money::Micros;
use crate::rpc::admin::orders::{OrderView, RepairOrder, StepView, one_order};
use crate::ui::action_form::ActionForm;
use crate::ui::dialog::Dialog;
use crate::ui::form::{LoadRefused, NoValue, use_alive, use_parameter};
use crate::ui::frame::use_frame;
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{Note, RefusalNote, action_error};
use crate::ui::phone::Phone;
use crate::ui::reason::{ReasonField, reason_fits};
use crate::ui::urls::{use_here, with_param};
use crate::ui::view::{reactive, view};
use crate::ui::when::When;

/// Shows the dialog while its parameter names an order. `repaired` grows with every repair.
#[component]
pub(super) fn OrderDialog(action: ServerAction<RepairOrder>, repaired: Memo<usize>) -> impl IntoView {
    let chosen = use_parameter("order");
    let here = use_here();
    let resource = load(
        move || (chosen.get(), repaired.get()),
        |(chosen, _)| async move {
            match chosen {
                Some(id) => one_order(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    reactive(move || {
        // The address decides whether there is a dialog: an answer may be on its way while it is closed.
        chosen.get().map(|_| {
            view! {
                <Transition>
                    {move || {
                        let close = with_param(&here.get_untracked(), "order", None);
                        Suspend::new(async move {
                            match resource.await {
                                Ok(None) => ().into_any(),
                                Ok(Some(view)) => view! { <OneOrder view close action/> },
                                Err(error) => view! { <Dialog title="Order" close_href=close><LoadRefused error/></Dialog> },
                            }
                        })
                    }}
                </Transition>
            }
        })
    })
}

#[component]
fn OneOrder(view: OrderView, close: String, action: ServerAction<RepairOrder>) -> impl IntoView {
    let title = if view.row.state == "stuck" { "Repair this order" } else { "Order" };
    let (state, denials) = (view.row.state.clone(), view.row.denials);
    let next = next_text(&state);
    let way_out = (state == "stuck").then(|| view! { <WayOut view=view.clone() close=close.clone() action/> });
    view! {
        <Dialog title close_href=close wide=true>
            <div class="stack-5">
                <div class="row-3 spread">
                    <Phone phone=view.row.phone.clone() size="xl"/>
                    <OrderBadge state denials/>
                </div>
                <Facts view=view.clone()/>
                <Steps steps=view.steps/>
                {next.map(|text| view! { <p class="muted">{text}</p> })}
                {way_out}
            </div>
        </Dialog>
    }
}

/// What happens to an order that nobody has to do anything about.
fn next_text(state: &str) -> Option<&'static str> {
    match state {
        "created" | "funded" => Some("It never left for the carrier. If nobody drives it on, it is undone half a minute after it began."),
        "ordered" => Some(
            "The carrier is asked each minute. A yes completes it, two denials a minute apart undo it, and after a day without either it is yours.",
        ),
        _ => None,
    }
}

#[component]
fn Facts(view: OrderView) -> impl IntoView {
    let currency = use_frame().currency();
    let or_none = |text: Option<String>| match text.filter(|text| !text.is_empty()) {
        Some(text) => text.into_any(),
        None => view! { <NoValue/> },
    };
    let organization = match view.sub_account {
        Some(sub_account) => format!("{}, for {sub_account}", view.row.organization),
        None => view.row.organization,
    };
    view! {
        <dl class="facts">
            <div><dt>"Organization"</dt><dd>{organization}</dd></div>
            <div><dt>"Bought by"</dt><dd>{or_none(Some(view.buyer))}</dd></div>
            <div><dt>"Agent"</dt><dd>{or_none(view.agent)}</dd></div>
            <div><dt>"Setup"</dt><dd class="num">{view.row.setup.display(&currency)}</dd></div>
            <div><dt>"First month"</dt><dd class="num">{view.row.monthly.display(&currency)}</dd></div>
            <div><dt>"Carrier"</dt><dd>{or_none(Some(view.provider))}</dd></div>
            <div class="order-reference"><dt>"Our reference with the carrier"</dt><dd>{view.row.id}</dd></div>
        </dl>
    }
}

#[component]
fn Steps(steps: Vec<StepView>) -> impl IntoView {
    if steps.is_empty() {
        return view! { <p class="muted">"No step was recorded."</p> };
    }
    let steps = steps
        .into_iter()
        .map(|step| {
            let (icon, class) = step_icon(&step.step);
            view! {
                <li class=class>
                    <Icon name=icon size=18/>
                    <div class="order-step-text">
                        <strong>{step.text}</strong>
                        {step.detail.map(|detail| view! { <span class="muted small">{detail}</span> })}
                    </div>
                    <When moment=step.at/>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="order-steps" aria-label="Recorded steps">{steps}</ol> }
}

fn step_icon(step: &str) -> (&'static str, &'static str) {
    match step {
        "claimed" => ("target", "order-step"),
        "funded" => ("wallet", "order-step"),
        "sent" => ("send", "order-step"),
        "confirmed" => ("circle-check", "order-step"),
        "completed" => ("check-check", "order-step order-step-ok"),
        "denied" | "unknown" => ("circle-question-mark", "order-step order-step-warn"),
        "voided" => ("undo-2", "order-step"),
        "stuck" => ("octagon-alert", "order-step order-step-danger"),
        _ => ("circle-x", "order-step order-step-danger"),
    }
}

/// Completing or undoing, with what each does to money and number.
#[component]
fn WayOut(view: OrderView, close: String, action: ServerAction<RepairOrder>) -> impl IntoView {
    let error = action_error(action);
    let alive = use_alive();
    let (outcome, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let ready = move || !outcome.with(String::is_empty) && reason.with(|reason| reason_fits(reason));
    let shut = Memo::new(move |_| action.pending().get() || (alive.get() && !ready()));
    let (number, organization) = (view.row.phone.formatted.clone(), view.row.organization.clone());
    let amount = Micros(view.row.setup.0.saturating_add(view.row.monthly.0)).display(&use_frame().currency());
    let verb = {
        let (number, amount) = (number.clone(), amount.clone());
        move || match outcome.get().as_str() {
            "completed" => format!("Complete {number} for {amount}"),
            "failed" => format!("Undo the order of {number}"),
            _ => String::from("End the order"),
        }
    };
    let choices = [
        (
            "completed",
            "The carrier has it: complete",
            format!("{amount} that is aside is charged, and {number} belongs to {organization} from now on."),
        ),
        (
            "failed",
            "The carrier does not have it: undo",
            format!("{amount} is free again, nothing is charged, and {number} goes back to who held it or to the stock."),
        ),
    ];
    let choices = choices.map(|(value, text, hint)| {
        view! {
            <label class="check">
                <input type="radio" name="outcome" value=value required on:change=move |_| outcome.set(String::from(value))/>
                <span>{text}<span class="check-hint">{hint}</span></span>
            </label>
        }
    });
    view! {
        <Note
            family="warn"
            icon="phone-call"
            title="Ask the carrier first."
            text="Whether it has sold the number under our reference decides which of the two is right. Both are final."
        />
        <ActionForm action>
            <div class="stack-4">
                <RefusalNote error/>
                <input type="hidden" name="id" value=view.row.id/>
                <fieldset class="stack-3">
                    <legend class="field-label">"How it ends"</legend>
                    {choices.into_iter().collect_view()}
                </fieldset>
                <ReasonField error reason id="order-reason"/>
                <div class="dialog-actions">
                    <a class="btn btn-lg" href=close data-noscroll="">"Leave it stuck"</a>
                    <button type="submit" class="btn btn-danger btn-lg" disabled=move || shut.get()>{verb}</button>
                </div>
            </div>
        </ActionForm>
    }
}
